//! Rows in a file: a checkpoint's, and those that are on their way to sled.
//!
//! ```text
//! rows = row … 0 u32
//! row  = length of the key u32, not 0 | length of the value u32, or u32::MAX for none | key | value
//! ```
//!
//! Integers are big-endian.

use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

/// The length of a value that is not there.
const NONE: u32 = u32::MAX;
/// What stands behind the last row.
pub(in crate::store::embedded) const END: [u8; 4] = [0; 4];

/// Adds a row to `out`.
pub(in crate::store::embedded) fn add(out: &mut Vec<u8>, key: &[u8], value: Option<&[u8]>) {
    let length = value.map_or(NONE, |value| value.len() as u32);
    out.extend_from_slice(&(key.len() as u32).to_be_bytes());
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(key);
    out.extend_from_slice(value.unwrap_or_default());
}

/// A key and its value, if there is one.
pub(in crate::store::embedded) type FileRow = (Vec<u8>, Option<Vec<u8>>);

/// The next row; none behind the last one.
pub(in crate::store::embedded) fn next(rows: &mut impl Read) -> io::Result<Option<FileRow>> {
    let key = number(rows)?;
    if key == 0 {
        return Ok(None);
    }
    let value = number(rows)?;
    let key = bytes(rows, key)?;
    let value = (value != NONE).then(|| bytes(rows, value)).transpose()?;
    Ok(Some((key, value)))
}

fn number(rows: &mut impl Read) -> io::Result<u32> {
    let mut bytes = [0; 4];
    rows.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}

fn bytes(rows: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length as usize];
    rows.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A file that ends with the checksum of what was written to it.
pub(in crate::store::embedded) struct Summed {
    file: BufWriter<File>,
    crc: crc32fast::Hasher,
}

impl Summed {
    pub(in crate::store::embedded) fn new(file: File) -> Self {
        Self {
            file: BufWriter::new(file),
            crc: crc32fast::Hasher::new(),
        }
    }

    /// Adds the checksum, and sees that all is on disk.
    pub(in crate::store::embedded) fn finish(mut self) -> io::Result<()> {
        self.file.write_all(&self.crc.finalize().to_be_bytes())?;
        self.file
            .into_inner()
            .map_err(io::IntoInnerError::into_error)?
            .sync_all()
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.crc.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
