//! What is worth telling: that it happened, that rules fired, and what became of telling it.

mod outbox;
mod purge;
mod release;
pub(super) mod rules;
mod step;

use crate::model::alert::{Happening, HappeningId};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::alerts::{happened_key, happening_key};
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{NewHappening, Result};

pub(super) use outbox::tried;
pub(super) use purge::{overdue, purge, purge_project};
pub(super) use release::{released, was_deployed};
pub(super) use step::keep;

/// Writes down that something happened.
pub(super) fn happen(new: NewHappening, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    meta.last_happening += 1;
    let NewHappening {
        time,
        project,
        issue,
        what,
        subject,
    } = new;
    let happening = Happening {
        id: HappeningId(meta.last_happening),
        time,
        project,
        issue,
        what,
        subject,
    };
    overlay.put(happened_key(project, time).number(happening.id.0), &())?;
    overlay.put(happening_key(happening.id), &happening)
}

fn is_there(project: ProjectId, overlay: &Overlay<'_>) -> Result<bool> {
    overlay.has(&Key::of(Table::Project).number(project.0))
}
