//! Reading a file of frames, sound or not.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;

use super::frame::{Frame, MAGIC, PREFIX, content_length, read_frame};

/// How much is searched at a time for the next frame behind damage.
const SEARCH: usize = 64 << 10;

/// What stands at a place of a file.
#[derive(Debug)]
pub(in super::super) enum Scanned {
    /// A sound frame, and where it stands.
    Frame(Frame, Range<u64>),
    /// Bytes that are no frame, up to the next sound one.
    Damaged(Range<u64>),
    /// Bytes that are no frame, up to the end: a write that was cut short.
    Torn(Range<u64>),
}

/// Walks through a file from a place to `end`.
pub(in super::super) struct Scan<'a> {
    file: &'a File,
    at: u64,
    end: u64,
}

impl<'a> Scan<'a> {
    /// From `at` to the byte before `end`.
    pub(in super::super) fn new(file: &'a File, at: u64, end: u64) -> Self {
        Self { file, at, end }
    }

    /// The next thing; none at the end.
    pub(in super::super) fn next(&mut self) -> io::Result<Option<Scanned>> {
        let begin = self.at;
        if begin >= self.end {
            return Ok(None);
        }
        if let Some((frame, next)) = read_at(self.file, begin, self.end)? {
            self.at = next;
            return Ok(Some(Scanned::Frame(frame, begin..next)));
        }
        let sound = self.search(begin + 1)?;
        self.at = sound.unwrap_or(self.end);
        let range = begin..self.at;
        Ok(Some(if sound.is_some() {
            Scanned::Damaged(range)
        } else {
            Scanned::Torn(range)
        }))
    }

    /// Where the first sound frame at or after `from` begins.
    fn search(&self, mut from: u64) -> io::Result<Option<u64>> {
        let mut window = vec![0; SEARCH];
        while from + MAGIC.len() as u64 <= self.end {
            let length = SEARCH.min((self.end - from) as usize);
            self.file.read_exact_at(&mut window[..length], from)?;
            for at in 0..=length - MAGIC.len() {
                let place = from + at as u64;
                if window[at..at + MAGIC.len()] == MAGIC && read_at(self.file, place, self.end)?.is_some() {
                    return Ok(Some(place));
                }
            }
            // The windows overlap, so that a magic across their border is found.
            from += (length - MAGIC.len() + 1) as u64;
        }
        Ok(None)
    }
}

/// The frame that begins at `at`, and where the next one would; none when no sound frame does.
pub(in super::super) fn read_at(file: &File, at: u64, end: u64) -> io::Result<Option<(Frame, u64)>> {
    let content_begin = at + PREFIX as u64;
    if content_begin > end {
        return Ok(None);
    }
    let mut prefix = [0; PREFIX];
    file.read_exact_at(&mut prefix, at)?;
    let Some(length) = content_length(&prefix) else {
        return Ok(None);
    };
    let next = content_begin + length as u64;
    if next > end {
        return Ok(None);
    }
    let mut content = vec![0; length];
    file.read_exact_at(&mut content, content_begin)?;
    Ok(read_frame(&prefix, content).map(|frame| (frame, next)))
}

#[cfg(test)]
mod tests {
    use super::super::write_frame;
    use super::*;
    use bytes::Bytes;
    use std::io::Write;

    fn frame(body: &str) -> Frame {
        Frame {
            kind: 1,
            project: 7,
            event: [3; 16],
            time: -5,
            body: Bytes::copy_from_slice(body.as_bytes()),
        }
    }

    fn file_of(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(bytes).unwrap();
        file
    }

    /// Bodies of sound frames, `!` for damage, `~` for a torn end.
    fn story(bytes: &[u8]) -> Vec<String> {
        let file = file_of(bytes);
        let mut scan = Scan::new(&file, 0, bytes.len() as u64);
        let mut told = Vec::new();
        while let Some(scanned) = scan.next().unwrap() {
            told.push(match scanned {
                Scanned::Frame(frame, _) => String::from_utf8(frame.body.to_vec()).unwrap(),
                Scanned::Damaged(_) => "!".into(),
                Scanned::Torn(_) => "~".into(),
            });
        }
        told
    }

    fn three() -> Vec<u8> {
        let mut bytes = Vec::new();
        for body in ["one", "", "three"] {
            write_frame(&frame(body), &mut bytes);
        }
        bytes
    }

    #[test]
    fn frames_are_read_as_they_were_written() {
        let file = file_of(&three());
        assert_eq!(read_at(&file, 0, 1_000).unwrap().unwrap().0, frame("one"));
        assert_eq!(story(&three()), ["one", "", "three"]);
    }

    #[test]
    fn the_time_of_a_frame_is_read_without_its_body() {
        let bytes = three();
        let head = |at: usize| *bytes[at..].first_chunk().unwrap();
        assert_eq!(
            [0, 56].map(|at| super::super::time_of(&head(at))),
            [Some(-5), Some(-5)]
        );
        assert_eq!(super::super::time_of(&head(1)), None);
    }

    #[test]
    fn every_cut_leaves_the_whole_frames_and_a_torn_end() {
        let whole = three();
        let ends = [56, 109, 167];
        for cut in 0..whole.len() {
            let sound = ends.iter().filter(|&&end| end <= cut).count();
            let mut expected: Vec<&str> = ["one", "", "three"][..sound].to_vec();
            if cut > 0 && !ends.contains(&cut) {
                expected.push("~");
            }
            assert_eq!(story(&whole[..cut]), expected, "cut at {cut}");
        }
    }

    #[test]
    fn any_flipped_byte_costs_its_frame_and_no_other() {
        for at in 56..109 {
            let mut bytes = three();
            bytes[at] ^= 0x40;
            assert_eq!(story(&bytes), ["one", "!", "three"], "byte {at}");
        }
    }

    #[test]
    fn a_payload_brings_no_frames_of_its_own() {
        let mut body = Vec::new();
        write_frame(&frame("forged"), &mut body);
        body.extend_from_slice(&b"TLF1\x0f\xff\xff\xff".repeat(10_000));
        let mut bytes = three();
        let bringing = Frame {
            body: body.into(),
            ..frame("")
        };
        write_frame(&bringing, &mut bytes);
        assert_eq!(
            read_at(&file_of(&bytes), 167, bytes.len() as u64)
                .unwrap()
                .unwrap()
                .0,
            bringing
        );
        bytes.pop();
        assert_eq!(story(&bytes), ["one", "", "three", "~"]);
    }

    #[test]
    fn an_absurd_length_is_damage_and_allocates_nothing() {
        let mut bytes = three();
        bytes[4..8].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(story(&bytes), ["!", "", "three"]);
    }
}
