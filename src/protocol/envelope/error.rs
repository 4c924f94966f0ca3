//! Why a body is no envelope.

/// A fault and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid envelope: {}{reason} (at byte {offset})", place(*item))]
pub struct Error {
    /// Which item, counted from 0; `None` in the header of the envelope.
    pub item: Option<usize>,
    /// Where in the decompressed body, in bytes.
    pub offset: usize,
    /// What is wrong there.
    pub reason: Reason,
}

/// What is wrong with an envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// Nothing but white space.
    #[error("empty request body")]
    Empty,
    /// A header line that is not a JSON object.
    #[error("header is not a JSON object")]
    Header,
    /// An item header without a textual `type`.
    #[error("item header has no type")]
    MissingType,
    /// A `length` that is not a whole number of bytes.
    #[error("item header has an invalid length")]
    Length,
    /// The body ends before the payload does.
    #[error("payload is shorter than its length")]
    Truncated,
    /// Something follows the payload on the same line.
    #[error("payload is longer than its length")]
    MissingNewline,
    /// More than [`super::MAX_ITEMS`] items.
    #[error("too many items")]
    TooManyItems,
    /// Header lines of more than [`super::MAX_HEADER_BYTES`] together.
    #[error("headers are too long")]
    HeadersTooLong,
}

fn place(item: Option<usize>) -> String {
    item.map(|index| format!("item {index}: ")).unwrap_or_default()
}
