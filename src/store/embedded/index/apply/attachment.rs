//! A file takes its place beside its event.

use super::held::Held;
use super::tally::Tally;
use crate::model::{Attachment, Outcome, OutcomeCount};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::ProjectId;
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows;

/// The most files that an event may have: files may come in envelopes of their own, without end.
const MAX_FILES: usize = 100;

/// Records a file, or counts why not.
pub(super) fn apply(file: &Attachment, overlay: &mut Overlay<'_>, tally: &mut Tally) -> Result<()> {
    if tally.project(file.project, overlay)?.is_none() {
        count(file, Outcome::Invalid, "project_removed", tally);
        return Ok(());
    }
    let prefix = Key::of(Table::Attachment)
        .number(file.project.0)
        .bytes(file.event.as_bytes());
    let rows = overlay.scan(&prefix, MAX_FILES)?;
    let known = rows
        .iter()
        .map(|(_, row)| rows::decode(row))
        .collect::<Result<Vec<Attachment>>>()?;
    // A client that sends an envelope again sends its files again.
    if known
        .iter()
        .any(|one| (&one.name, &one.kind, one.blob) == (&file.name, &file.kind, file.blob))
    {
        count(file, Outcome::Invalid, "duplicate", tally);
    } else if known.len() >= MAX_FILES {
        count(file, Outcome::Invalid, "too_many", tally);
    } else {
        let number = known.last().map_or(1, |last| last.number + 1);
        let file = Attachment {
            number,
            ..file.clone()
        };
        overlay.put(blob_use(&file), &())?;
        tally.held.file(&file);
        overlay.put(prefix.short(number), &file)?;
        count(&file, Outcome::Accepted, "", tally);
    }
    Ok(())
}

/// Removes the files of an event, or of all events of a project. Bytes that nobody names any more are removed later.
pub(super) fn forget(
    project: ProjectId,
    event: Option<&[u8; 16]>,
    held: &mut Held,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let prefix = Key::of(Table::Attachment).number(project.0);
    let prefix = event.map_or(prefix.clone(), |event| prefix.bytes(event));
    for (key, row) in overlay.scan(&prefix, usize::MAX)? {
        let file: Attachment = rows::decode(&row)?;
        overlay.remove(blob_use(&file));
        overlay.remove(Key::of(Table::Attachment).bytes(key.get(1..).unwrap_or_default()));
        held.forget_file(&file);
    }
    Ok(())
}

/// Where it is written that a file's bytes are in a blob.
fn blob_use(file: &Attachment) -> Key {
    let of_blob = Key::of(Table::BlobUse).bytes(&file.blob.0).number(file.project.0);
    of_blob.bytes(file.event.as_bytes()).short(file.number)
}

/// Files are counted twice: in bytes and in pieces.
fn count(file: &Attachment, outcome: Outcome, reason: &str, tally: &mut Tally) {
    for (category, quantity) in [
        (DataCategory::Attachment, file.size),
        (DataCategory::AttachmentItem, 1),
    ] {
        tally.count(&OutcomeCount {
            project: file.project,
            time: file.received,
            category,
            outcome,
            reason: reason.to_owned(),
            quantity,
        });
    }
}
