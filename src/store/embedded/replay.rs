//! From segments to index: what the index lacks after a crash, or all of it in a rebuild.

use std::fmt;

use tracing::warn;

use super::facts::Fact;
use super::index::apply;
use super::index::keys::Key;
use super::index::overlay::Overlay;
use super::index::rows::{Meta, Place};
use super::index::tree::Tree;
use super::log::Scanned;
use super::segments::Segments;
use crate::store::{Error, Result};

/// What a replay found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Rows that a checkpoint gave, behind which the commits stand; 0 when they are all there were.
    pub rows: u64,
    /// Checkpoints that are damaged, for which an older one or all commits served.
    pub unsound: u64,
    /// Whole commits applied.
    pub commits: u64,
    /// Frames in them.
    pub frames: u64,
    /// Places that are damaged: what they hid is lost.
    pub damaged: u64,
    /// Bytes of an unfinished commit at the end, which nobody was told had happened.
    pub torn_bytes: u64,
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unsound > 0 {
            write!(f, "{} damaged checkpoints were passed over; ", self.unsound)?;
        }
        write!(f, "the index was made anew from ")?;
        if self.rows > 0 {
            write!(f, "a checkpoint of {} rows and ", self.rows)?;
        }
        write!(f, "{} commits with {} frames", self.commits, self.frames)
    }
}

/// Applies what stands in the segments behind `meta.applied`.
pub(super) fn replay(segments: &Segments, meta: &mut Meta, tree: &Tree) -> Result<Replayed> {
    let mut replayed = Replayed::default();
    let from = meta.applied;
    for segment in segments.from(from) {
        let (day, offset) = (segment.begin.day, from.max(segment.begin).offset);
        let mut running: Vec<(Fact, Place)> = Vec::new();
        let mut sound_end = offset;
        let length = segments.walk(segment, offset, |scanned| {
            match scanned {
                Scanned::Frame(frame, range) => match Fact::from_frame(frame, segments.dictionaries()) {
                    Ok(fact) => {
                        let is_commit = matches!(fact, Fact::Commit(_));
                        running.push((
                            fact,
                            Place {
                                day,
                                offset: range.start,
                            },
                        ));
                        if is_commit {
                            meta.applied = Place {
                                day,
                                offset: range.end,
                            };
                            sound_end = range.end;
                            replayed.commits += 1;
                            replayed.frames += running.len() as u64;
                            commit(&std::mem::take(&mut running), meta, tree)?;
                        }
                    }
                    Err(Error::Newer(what)) => {
                        let path = segments.path(segment);
                        let what = format!("{} at byte {}: {what}", path.display(), range.start);
                        return Err(Error::Newer(what));
                    }
                    Err(error) => {
                        warn!(%error, day, at = range.start, "passed over an unreadable frame");
                        replayed.damaged += 1;
                    }
                },
                Scanned::Damaged(range) => {
                    let bytes = range.end - range.start;
                    warn!(day, at = range.start, bytes, "passed over damage in a segment");
                    replayed.damaged += 1;
                }
                Scanned::Torn(_) => {}
            }
            Ok(())
        })?;
        replayed.torn_bytes += length.saturating_sub(sound_end);
    }
    if replayed.torn_bytes > 0 {
        warn!(
            bytes = replayed.torn_bytes,
            "cut off an unfinished commit at the end of the segments"
        );
    }
    Ok(replayed)
}

fn commit(facts: &[(Fact, Place)], meta: &mut Meta, tree: &Tree) -> Result<()> {
    let placed: Vec<_> = facts.iter().map(|(fact, place)| (fact, *place)).collect();
    let mut overlay = Overlay::new(tree);
    let mut after = meta.clone();
    match apply::apply(&placed, &mut after, &mut overlay) {
        Ok(()) => {}
        // Behind damage a fact may speak of what is lost.
        Err(Error::Conflict(_) | Error::Missing(_)) => {
            overlay = Overlay::new(tree);
            after = meta.clone();
            for one in &placed {
                overlay.savepoint();
                let before = after.clone();
                if let Err(error) = apply::apply(std::slice::from_ref(one), &mut after, &mut overlay) {
                    warn!(%error, day = one.1.day, at = one.1.offset, "passed over a fact that does not fit");
                    overlay.roll_back();
                    after = before;
                }
            }
        }
        Err(error) => return Err(error),
    }
    overlay.put(Key::meta(), &after)?;
    tree.apply(overlay.into_changes());
    tree.flush_if_due()?;
    *meta = after;
    Ok(())
}
