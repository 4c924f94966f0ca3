//! Reads envelopes: a cursor over the body.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::{Error, Reason};
use super::headers::Headers;
use super::item::{Item, ItemHeaders};
use super::{Envelope, MAX_ITEMS};
use crate::protocol::json;

/// Reads a whole body whose header lines have at most `header_bytes` together.
pub(super) fn read(body: &Bytes, header_bytes: usize) -> Result<Envelope, Error> {
    let mut cursor = Cursor {
        body,
        offset: 0,
        item: None,
        header_bytes_left: header_bytes,
    };
    cursor.skip_blank();
    if cursor.is_at_end() {
        return Err(cursor.fault(Reason::Empty));
    }
    let headers = Headers::read(cursor.header_line()?.object);
    let mut items = Vec::new();
    loop {
        cursor.skip_blank();
        if cursor.is_at_end() {
            return Ok(Envelope { headers, items });
        }
        cursor.item = Some(items.len());
        if items.len() == MAX_ITEMS {
            return Err(cursor.fault(Reason::TooManyItems));
        }
        items.push(cursor.item()?);
    }
}

struct Cursor<'a> {
    body: &'a Bytes,
    offset: usize,
    item: Option<usize>,
    header_bytes_left: usize,
}

struct HeaderLine {
    object: Map<String, Value>,
    has_carriage_return: bool,
}

impl Cursor<'_> {
    fn rest(&self) -> &[u8] {
        &self.body[self.offset..]
    }

    fn is_at_end(&self) -> bool {
        self.offset == self.body.len()
    }

    fn fault(&self, reason: Reason) -> Error {
        Error {
            item: self.item,
            offset: self.offset,
            reason,
        }
    }

    /// Skips white space before a header, and a byte order mark at the very start.
    fn skip_blank(&mut self) {
        if self.offset == 0 && self.rest().starts_with(b"\xef\xbb\xbf") {
            self.offset = 3;
        }
        self.offset += self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
    }

    /// Takes everything up to the end of the line, and the newline with it.
    fn line(&mut self) -> Bytes {
        let end = self
            .rest()
            .iter()
            .position(|byte| *byte == b'\n')
            .unwrap_or(self.rest().len());
        let line = self.body.slice(self.offset..self.offset + end);
        self.offset = (self.offset + end + 1).min(self.body.len());
        line
    }

    fn header_line(&mut self) -> Result<HeaderLine, Error> {
        let fault = self.fault(Reason::Header);
        let too_long = self.fault(Reason::HeadersTooLong);
        let line = self.line();
        self.header_bytes_left = self.header_bytes_left.checked_sub(line.len()).ok_or(too_long)?;
        match json::read(&line) {
            Ok(Value::Object(object)) => Ok(HeaderLine {
                object,
                has_carriage_return: line.ends_with(b"\r"),
            }),
            _ => Err(fault),
        }
    }

    fn item(&mut self) -> Result<Item, Error> {
        let start = self.offset;
        let line = self.header_line()?;
        let (headers, length) = ItemHeaders::read(line.object).map_err(|reason| Error {
            item: self.item,
            offset: start,
            reason,
        })?;
        let payload = match length {
            Some(length) => self.exact(length)?,
            None => {
                let payload = self.line();
                // Whoever ends header lines with CRLF ends the payload so, too. After a plain newline the
                // carriage return belongs to the payload.
                let extra = usize::from(line.has_carriage_return && payload.ends_with(b"\r"));
                payload.slice(..payload.len() - extra)
            }
        };
        Ok(Item { headers, payload })
    }

    /// Takes a payload of a known length and the line end after it.
    fn exact(&mut self, length: usize) -> Result<Bytes, Error> {
        let available = self.rest().len();
        if length > available {
            return Err(self.fault(Reason::Truncated));
        }
        let payload = self.body.slice(self.offset..self.offset + length);
        self.offset += length;
        match self.rest() {
            [] => {}
            [b'\n', ..] => self.offset += 1,
            [b'\r', b'\n', ..] => self.offset += 2,
            _ => return Err(self.fault(Reason::MissingNewline)),
        }
        Ok(payload)
    }
}
