//! What is left of a segment: the frames that are still pointed to, and a map from where they were to where they are.
//!
//! ```text
//! file = frame … | map | entries u64 | crc32 of the map u32 | magic "TLS1"
//! map  = (offset of the day u64, offset in the file u64) …, in order
//! ```
//!
//! Integers are big-endian. The map is searched where it is: none of it is kept in memory.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::unix::fs::FileExt;
use std::path::Path;

use crate::store::embedded::log::{Frame, write_frame};

const MAGIC: [u8; 4] = *b"TLS1";
/// Bytes behind the map.
const END: usize = 16;
/// Bytes of an entry.
const ENTRY: u64 = 16;

/// Where a frame was, and where it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// In its day.
    pub(super) offset: u64,
    /// In the file.
    pub(super) at: u64,
}

/// Where the frame is that was at `offset` of its day; none when it is not there.
pub(super) fn find(file: &File, offset: u64) -> io::Result<Option<u64>> {
    let Some((begin, count, _)) = end(file)? else {
        return Ok(None);
    };
    let (mut low, mut high) = (0, count);
    while low < high {
        let middle = low + (high - low) / 2;
        let mut entry = [0; ENTRY as usize];
        file.read_exact_at(&mut entry, begin + middle * ENTRY)?;
        let entry = read(&entry);
        match entry.offset.cmp(&offset) {
            std::cmp::Ordering::Equal => return Ok(Some(entry.at)),
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    Ok(None)
}

/// The whole map; none when it is not what was written.
pub(super) fn map(file: &File) -> io::Result<Option<Vec<Entry>>> {
    let Some((begin, count, crc)) = end(file)? else {
        return Ok(None);
    };
    let mut bytes = vec![0; (count * ENTRY) as usize];
    file.read_exact_at(&mut bytes, begin)?;
    let is_sound = crc32fast::hash(&bytes) == crc;
    Ok(is_sound.then(|| bytes.as_chunks().0.iter().map(read).collect()))
}

/// Where the map begins, how many entries it has, and its checksum.
fn end(file: &File) -> io::Result<Option<(u64, u64, u32)>> {
    let length = file.metadata()?.len();
    let Some(map_end) = length.checked_sub(END as u64) else {
        return Ok(None);
    };
    let mut end = [0; END];
    file.read_exact_at(&mut end, map_end)?;
    let [a, b, c, d, e, f, g, h, i, j, k, l, magic @ ..] = end;
    let count = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
    let begin = count.checked_mul(ENTRY).and_then(|map| map_end.checked_sub(map));
    Ok(begin
        .filter(|_| magic == MAGIC)
        .map(|begin| (begin, count, u32::from_be_bytes([i, j, k, l]))))
}

fn read(entry: &[u8; ENTRY as usize]) -> Entry {
    let [a, b, c, d, e, f, g, h, rest @ ..] = *entry;
    Entry {
        offset: u64::from_be_bytes([a, b, c, d, e, f, g, h]),
        at: u64::from_be_bytes(rest),
    }
}

/// Writes one.
pub(super) struct Writer {
    file: BufWriter<File>,
    at: u64,
    map: Vec<u8>,
    frame: Vec<u8>,
}

impl Writer {
    /// An empty one, in the place of whatever is at `path`.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        Ok(Self {
            file: BufWriter::new(File::create(path)?),
            at: 0,
            map: Vec::new(),
            frame: Vec::new(),
        })
    }

    /// Adds a frame that was at `offset` of its day, behind those before it.
    pub(super) fn add(&mut self, offset: u64, frame: &Frame) -> io::Result<()> {
        self.frame.clear();
        write_frame(frame, &mut self.frame);
        self.file.write_all(&self.frame)?;
        self.map.extend_from_slice(&offset.to_be_bytes());
        self.map.extend_from_slice(&self.at.to_be_bytes());
        self.at += self.frame.len() as u64;
        Ok(())
    }

    /// Whether there is no frame.
    pub(super) fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// Adds the map, and sees that all is on disk. Answers how long the file is.
    pub(super) fn finish(mut self) -> io::Result<u64> {
        let count = self.map.len() as u64 / ENTRY;
        let crc = crc32fast::hash(&self.map);
        self.map.extend_from_slice(&count.to_be_bytes());
        self.map.extend_from_slice(&crc.to_be_bytes());
        self.map.extend_from_slice(&MAGIC);
        self.file.write_all(&self.map)?;
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(self.at + self.map.len() as u64)
    }
}
