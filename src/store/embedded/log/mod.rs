//! Append-only files of frames: the journal and the segments are made of them.
//!
//! ```text
//! frame   = magic "TLF1" | length u32 | crc32 u32 | mask 8 bytes | content
//! content = kind u8 | project u64 | event id 16 bytes | time i64 µs | body
//! ```
//!
//! Integers are big-endian; `length` is that of the content, `crc32` of mask and content. The content is XORed with the
//! mask, which is chance: whoever sends a payload could otherwise put frames into it, and a search behind a torn write
//! would find them. WebSocket masks for the same reason (RFC 6455, 10.3).
//!
//! A frame says by itself what it is and whose, so that a file is readable without an index. A torn write is cut
//! off at the end of a file; damage in the middle is skipped up to the next sound frame and reported. What the
//! frames mean is not known here.

mod appender;
mod frame;
mod scan;

pub(super) use appender::Appender;
pub(super) use frame::{Frame, HEAD, MAX_BODY, time_of, write_frame, write_parts};
pub(super) use scan::{Scan, Scanned, read_at};
