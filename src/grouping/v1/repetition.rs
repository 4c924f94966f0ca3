//! Recursion: calls that repeat themselves count once, however deep it went.

use crate::protocol::event::Frame;

/// Longest cycle of functions that call each other.
const LONGEST: usize = 32;

/// Which frames repeat the ones before them: the same call again, or a round of several calls again,
/// also where the last round was not completed.
pub(super) fn repeated(frames: &[Frame]) -> Vec<bool> {
    let mut repeated = vec![false; frames.len()];
    let signs: Vec<u64> = frames.iter().map(sign).collect();
    for at in 1..frames.len() {
        repeated[at] = signs[at - 1] == signs[at] && is_same_call(&frames[at - 1], &frames[at]);
    }
    // Rounds are looked for among what is left, whatever the depth of each call.
    let left: Vec<usize> = (0..frames.len()).filter(|&at| !repeated[at]).collect();
    // For each length of a round, how many calls up to here are the same as so many calls before.
    let mut runs = [0_usize; LONGEST + 1];
    for at in 1..left.len() {
        for length in 2..=at.min(LONGEST) {
            let (before, here) = (left[at - length], left[at]);
            if signs[before] != signs[here] || !is_same_place(&frames[before], &frames[here]) {
                runs[length] = 0;
                continue;
            }
            runs[length] += 1;
            if runs[length] >= length {
                left[at + 1 - length..=at]
                    .iter()
                    .for_each(|&place| repeated[place] = true);
            }
        }
    }
    repeated
}

/// What is the same in all frames of one place, and hardly ever in frames of others: each is compared with many.
fn sign(frame: &Frame) -> u64 {
    let texts = [&frame.function, &frame.module, &frame.filename];
    texts.into_iter().flatten().fold(0, |sign: u64, text| {
        let end = text
            .as_bytes()
            .last_chunk()
            .copied()
            .map_or(0, u64::from_le_bytes);
        sign.rotate_left(21) ^ end ^ text.len() as u64
    })
}

/// Whether two frames are of one function; without a name only the line can tell.
fn is_same_place(a: &Frame, b: &Frame) -> bool {
    a.function == b.function
        && (a.function.is_some() || a.lineno == b.lineno)
        && has_same_line(a, b)
        && a.module == b.module
        && a.filename == b.filename
        && a.abs_path == b.abs_path
        && a.package == b.package
}

/// Frames in the middle of a long stack have lost their source.
fn has_same_line(a: &Frame, b: &Frame) -> bool {
    a.context_line == b.context_line || a.context_line.is_none() || b.context_line.is_none()
}

fn is_same_call(a: &Frame, b: &Frame) -> bool {
    a.lineno == b.lineno && a.colno == b.colno && is_same_place(a, b)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The letters of a stack that are left.
    fn left(stack: &str) -> String {
        let frame = |letter: char| Frame {
            function: Some(letter.to_lowercase().to_string()),
            lineno: Some(u64::from(letter)),
            ..Frame::default()
        };
        let frames: Vec<Frame> = stack.chars().map(frame).collect();
        let letters = stack.chars().zip(repeated(&frames));
        letters
            .filter_map(|(letter, repeated)| (!repeated).then_some(letter))
            .collect()
    }

    #[test]
    fn rounds_count_once() {
        for (stack, expected) in [
            ("mwvwvwv", "mwv"),
            ("mwvwvw", "mwv"),
            ("mwvwvwvx", "mwvx"),
            ("maaab", "mab"),
            ("mabcabcab", "mabc"),
            ("maabbaabbbb", "mab"),
            // The same function from elsewhere in it is another call.
            ("maAb", "maAb"),
            ("mabxab", "mabxab"),
            ("", ""),
        ] {
            assert_eq!(left(stack), expected, "{stack}");
        }
    }
}
