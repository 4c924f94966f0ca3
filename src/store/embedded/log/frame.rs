//! One frame as bytes.

use bytes::Bytes;

/// What every frame begins with. The digit is the format's version.
pub(super) const MAGIC: [u8; 4] = *b"TLF1";
/// Bytes of magic, length and checksum.
const CHECKED_FROM: usize = 12;
/// Bytes before those that `length` speaks of and `mask` hides.
pub(super) const PREFIX: usize = CHECKED_FROM + 8;
/// Bytes of kind, project, event id and time.
const LABEL: usize = 33;
/// Bytes before the body.
pub(in super::super) const HEAD: usize = PREFIX + LABEL;
/// The largest body: an envelope may have 200 MiB. A `length` beyond it is damage, not a reason to allocate.
pub(in super::super) const MAX_BODY: usize = 256 << 20;

/// One entry of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Frame {
    /// What the body is.
    pub kind: u8,
    /// Whose it is; 0 for nobody's.
    pub project: u64,
    /// Which event it belongs to; nil for none.
    pub event: [u8; 16],
    /// When it was written, or received: microseconds since 1970.
    pub time: i64,
    /// The rest.
    pub body: Bytes,
}

/// Adds `frame` to `out`.
pub(in super::super) fn write_frame(frame: &Frame, out: &mut Vec<u8>) {
    write_parts(frame, &[&frame.body], out);
}

/// Adds `frame` to `out`, with a body in parts: a large one need not be put together before.
pub(in super::super) fn write_parts(frame: &Frame, body: &[&[u8]], out: &mut Vec<u8>) {
    let begin = out.len();
    let length = LABEL + body.iter().map(|part| part.len()).sum::<usize>();
    let mask = rand::random::<[u8; 8]>();
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&(length as u32).to_be_bytes());
    out.extend_from_slice(&[0; 4]);
    out.extend_from_slice(&mask);
    out.push(frame.kind);
    out.extend_from_slice(&frame.project.to_be_bytes());
    out.extend_from_slice(&frame.event);
    out.extend_from_slice(&frame.time.to_be_bytes());
    body.iter().for_each(|part| out.extend_from_slice(part));
    apply_mask(mask, &mut out[begin + PREFIX..]);
    let crc = crc32fast::hash(&out[begin + CHECKED_FROM..]);
    out[begin + 8..begin + CHECKED_FROM].copy_from_slice(&crc.to_be_bytes());
}

/// The length of what follows a prefix; none when these bytes are not a frame's prefix.
pub(super) fn content_length(prefix: &[u8; PREFIX]) -> Option<usize> {
    let length = u32::from_be_bytes([prefix[4], prefix[5], prefix[6], prefix[7]]) as usize;
    (prefix[..4] == MAGIC && (LABEL..=LABEL + MAX_BODY).contains(&length)).then_some(length)
}

/// The time of the frame that begins so. Its checksum is not looked at: who wants to know how old a huge one is need not
/// read it.
pub(in super::super) fn time_of(head: &[u8; HEAD]) -> Option<i64> {
    let (prefix, label) = head.split_first_chunk()?;
    content_length(prefix)?;
    let (_, mask) = prefix.split_last_chunk()?;
    let mut label = label.to_vec();
    apply_mask(*mask, &mut label);
    let (_, time) = label.split_last_chunk()?;
    Some(i64::from_be_bytes(*time))
}

/// The frame whose prefix and content these are; none when the checksum does not hold.
pub(super) fn read_frame(prefix: &[u8; PREFIX], mut content: Vec<u8>) -> Option<Frame> {
    let crc = u32::from_be_bytes([prefix[8], prefix[9], prefix[10], prefix[11]]);
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&prefix[CHECKED_FROM..]);
    hasher.update(&content);
    if hasher.finalize() != crc {
        return None;
    }
    let (_, mask) = prefix.split_last_chunk()?;
    apply_mask(*mask, &mut content);
    let (kind, rest) = content.split_first()?;
    let (project, rest) = rest.split_first_chunk()?;
    let (event, rest) = rest.split_first_chunk()?;
    let (time, _) = rest.split_first_chunk()?;
    Some(Frame {
        kind: *kind,
        project: u64::from_be_bytes(*project),
        event: *event,
        time: i64::from_be_bytes(*time),
        body: Bytes::from(content).slice(LABEL..),
    })
}

/// Hides `bytes`, or shows them again.
fn apply_mask(mask: [u8; 8], bytes: &mut [u8]) {
    let mut chunks = bytes.chunks_exact_mut(mask.len());
    for chunk in &mut chunks {
        chunk.iter_mut().zip(mask).for_each(|(byte, key)| *byte ^= key);
    }
    chunks
        .into_remainder()
        .iter_mut()
        .zip(mask)
        .for_each(|(byte, key)| *byte ^= key);
}
