//! Whether the journal is what was written.

use std::fs::File;
use std::path::Path;

use super::{ENTRY, decode, files};
use crate::store::embedded::log::{Scan, Scanned};
use crate::store::{Error, Result};

/// Tells of each place from position `recorded` on that holds no entry. What is cut short at the end never happened.
pub(in super::super) fn check(directory: &Path, recorded: u64, mut tell: impl FnMut(String)) -> Result<()> {
    let begins = files::begins(directory)?;
    for (at, &begin) in begins.iter().enumerate() {
        let next = begins.get(at + 1).copied();
        if next.is_some_and(|next| next <= recorded) {
            continue;
        }
        let path = files::path(directory, begin);
        let failed = |error| Error::Io(path.display().to_string(), error);
        let file = File::open(&path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        let mut scan = Scan::new(&file, recorded.saturating_sub(begin), length);
        while let Some(scanned) = scan.next().map_err(failed)? {
            let (range, what) = match scanned {
                Scanned::Frame(frame, range) => match decode(&frame.body) {
                    Ok(_) if frame.kind == ENTRY => continue,
                    Ok(_) => (range, format!("an entry of the unknown kind {}", frame.kind)),
                    Err(error) => (range, error.to_string()),
                },
                Scanned::Torn(_) if next.is_none() => continue,
                Scanned::Torn(range) | Scanned::Damaged(range) => {
                    let what = format!("{} damaged bytes", range.end - range.start);
                    (range, what)
                }
            };
            tell(format!("{} at byte {}: {what}", path.display(), range.start));
        }
    }
    Ok(())
}
