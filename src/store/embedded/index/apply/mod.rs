//! What a fact does to the index. Nothing here reads a clock, a file or chance: the same facts in the same order make
//! the same index, which is what makes a rebuild possible.

mod alert;
mod attachment;
mod catalog;
mod counted;
mod event;
mod evict;
mod held;
mod lifecycle;
mod purge;
mod regroup;
mod release;
mod session;
mod spent;
mod story;
pub(super) mod sum;
mod tally;
mod triage;
mod usage;

use super::keys::{Key, Table};
use super::overlay::Overlay;
use super::rows::{Meta, Place};
use crate::store::Result;
use crate::store::embedded::facts::Fact;
use crate::store::embedded::log::HEAD;
use crate::store::embedded::pack::PackedEvent;
use event::{Framed, Kept};
use tally::Tally;

pub(in crate::store::embedded) use purge::next_doomed;
pub(in crate::store::embedded) use spent::apply as spend;

/// Applies the facts of one command, each with the place of its frame. On an error the caller rolls the overlay back.
pub(in crate::store::embedded) fn apply(
    facts: &[(&Fact, Place)],
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let mut tally = Tally::default();
    let mut kind = Work::Arrival;
    for (fact, place) in facts {
        // Two commands that were applied one after the other may be one commit, which is replayed in one go.
        if std::mem::replace(&mut kind, Work::of(fact)) != kind {
            std::mem::take(&mut tally).write(meta, overlay)?;
        }
        match fact {
            Fact::Event(event) => {
                let kept = Kept::At(framed(event, *place));
                event::apply(&event.record, kept, meta, overlay, &mut tally)?;
            }
            Fact::Latest(event) => {
                let kept = Kept::AsLatest(framed(event, *place));
                event::apply(&event.record, kept, meta, overlay, &mut tally)?;
            }
            Fact::Counted(events) => events
                .iter()
                .try_for_each(|event| event::apply(event, Kept::No, meta, overlay, &mut tally))?,
            Fact::Attachment(attachment) => attachment::apply(attachment, overlay, &mut tally)?,
            Fact::Sessions(reports) => reports
                .iter()
                .try_for_each(|report| session::apply(report, meta, overlay, &mut tally))?,
            Fact::Outcomes(counts) => counts.iter().for_each(|count| tally.count(count)),
            Fact::Dead(letter) => {
                let key = Key::of(Table::DeadLetter)
                    .signed(place.day.into())
                    .number(place.offset);
                overlay.put(key, &letter.reason)?;
                meta.dead += 1;
            }
            Fact::Charged(charges) => usage::charge(charges, overlay)?,
            Fact::Regroup(event) => regroup::count(&event.record, *place, meta, overlay, &mut tally)?,
            Fact::Regrouping(how_far) => regroup::keep(how_far, overlay)?,
            Fact::Tried(tries) => tries
                .iter()
                .try_for_each(|tried| alert::tried(tried, meta, overlay))?,
            // What these do must not be undone by rows that the tally still holds.
            Fact::Catalog(_)
            | Fact::Triage(_)
            | Fact::Release(_)
            | Fact::Remake(..)
            | Fact::Purge(_)
            | Fact::Evict(_)
            | Fact::AlertStep(_) => {
                std::mem::take(&mut tally).write(meta, overlay)?;
                match fact {
                    Fact::Catalog(changes) => {
                        changes
                            .iter()
                            .try_for_each(|change| catalog::apply(change, meta, overlay))?;
                    }
                    Fact::Release(command) => release::apply(command, meta, overlay)?,
                    Fact::Triage(triaged) => triage::apply(triaged, meta, overlay)?,
                    Fact::Remake(project, part) => regroup::remake(*project, *part, meta, overlay)?,
                    Fact::Purge(doomed) => purge::apply(*doomed, meta, overlay)?,
                    Fact::Evict(eviction) => evict::apply(eviction, meta, overlay)?,
                    Fact::AlertStep(step) => alert::keep(step, meta, overlay)?,
                    _ => {}
                }
            }
            Fact::Commit(mark) => {
                meta.recorded = meta.recorded.max(mark.recorded);
                spent::apply(&mark.spans, meta, overlay)?;
            }
        }
    }
    tally.write(meta, overlay)
}

fn framed(event: &PackedEvent, place: Place) -> Framed {
    let bytes = (HEAD + event.body.len()) as u32;
    Framed { place, bytes }
}

/// What a fact belongs to, of those that are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Work {
    /// Something came.
    Arrival,
    /// History is grouped anew.
    Regrouping,
}

impl Work {
    fn of(fact: &Fact) -> Self {
        match fact {
            Fact::Regroup(_) | Fact::Regrouping(_) | Fact::Remake(..) => Self::Regrouping,
            _ => Self::Arrival,
        }
    }
}
