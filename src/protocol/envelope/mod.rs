//! Envelopes: the frame in which SDKs send everything.
//!
//! ```text
//! {"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","dsn":"https://…@example.com/7"}
//! {"type":"attachment","length":10,"filename":"hello.txt"}
//! \xef\xbb\xbfHello\r\n
//! {"type":"event"}
//! {"message":"no length: up to the end of the line"}
//! ```
//!
//! Read leniently: blank lines between items, CRLF after headers and bad values of optional headers
//! are forgiven; unknown headers and item types are kept. Payloads are slices of the body and are
//! not looked into.

mod error;
mod headers;
mod item;
mod item_type;
mod reader;
#[cfg(test)]
mod vectors;
mod writer;

use bytes::Bytes;

pub use error::{Error, Reason};
pub use headers::Headers;
pub use item::{Item, ItemHeaders};
pub use item_type::ItemType;

use super::dsn::Dsn;
use super::ids::{ProjectId, PublicKey};

/// Most items in one envelope. SDKs send at most some hundred (sessions, client reports).
pub const MAX_ITEMS: usize = 1000;
/// Most bytes of all header lines of one envelope together. Parsed, a header of many small values takes 80 times its
/// bytes of memory, so that the bound on the body alone would not bound the memory.
pub const MAX_HEADER_BYTES: usize = 256 * 1024;

/// What one request carries.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Envelope {
    /// What holds for all items.
    pub headers: Headers,
    /// The items in the order in which they were sent.
    pub items: Vec<Item>,
}

/// The envelope names another project or key than the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the DSN in the envelope header does not match the request")]
pub struct DsnMismatch;

impl Envelope {
    /// Reads a decompressed body; linear in its length, without copying payloads.
    pub fn parse(body: &Bytes) -> Result<Self, Error> {
        reader::read(body, MAX_HEADER_BYTES)
    }

    /// Reads what [`Envelope::to_bytes`] wrote of an envelope that was parsed before. Its headers may have grown by
    /// the repair of their JSON, which must not cost what was accepted.
    pub fn parse_accepted(body: &Bytes) -> Result<Self, Error> {
        reader::read(body, usize::MAX)
    }

    /// Writes the envelope with an explicit length for every item, so that
    /// [`Envelope::parse_accepted`] reads the same envelope again.
    pub fn to_bytes(&self) -> Vec<u8> {
        writer::write(self)
    }

    /// Whether the DSN in the header, if there is one, is that of the request.
    pub fn check_dsn(&self, project_id: ProjectId, public_key: PublicKey) -> Result<(), DsnMismatch> {
        match self.headers.dsn.as_deref().map(str::parse::<Dsn>) {
            None => Ok(()),
            Some(Ok(dsn))
                if dsn
                    == (Dsn {
                        public_key,
                        project_id,
                    }) =>
            {
                Ok(())
            }
            Some(_) => Err(DsnMismatch),
        }
    }
}
