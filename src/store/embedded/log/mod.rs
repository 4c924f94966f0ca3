//! Append-only files of frames: the journal and the segments are made of them.
//!
//! ```text
//! frame = magic "TLF1" | length u32 | crc32 u32 | kind u8 | project u64 | event id 16 bytes | time i64 µs | body
//!                        `length` and `crc32` are of all that follows them; integers are big-endian
//! ```
//!
//! A frame says by itself what it is and whose, so that a file is readable without an index. A torn write is cut
//! off at the end of a file; damage in the middle is skipped up to the next sound frame and reported. What the
//! frames mean is not known here.

mod appender;
mod frame;
mod scan;

pub(super) use appender::Appender;
pub(super) use frame::{Frame, HEAD, MAX_BODY, write_frame};
pub(super) use scan::{Scan, Scanned, read_at};
