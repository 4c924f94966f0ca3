//! What is kept and what it takes.

use std::cmp::Reverse;

use jiff::Timestamp;

use crate::http::api::shape::{ProjectStorage, Storage, StorageKinds};
use crate::model::Project;
use crate::model::retention::{Days, KeptDay, Thinning, days_until_full};
use crate::model::timeline::{DAY, at};
use crate::store::DiskUse;

pub(in crate::http::api) fn storage(
    usage: &DiskUse,
    kept: &[KeptDay],
    projects: &[Project],
    days: &Days,
    now: Timestamp,
) -> Storage {
    let today = now.as_second().div_euclid(DAY);
    let oldest = kept.iter().filter(|it| it.events > 0).map(|it| it.day).min();
    let mut shown: Vec<_> = projects.iter().map(|project| of_project(project, kept)).collect();
    shown.sort_by_key(|it| Reverse(it.bytes + it.attachments));
    Storage {
        used: usage.total(),
        limit: usage.limit(),
        budget: (usage.budget > 0).then_some(usage.budget),
        full_in_days: days_until_full(kept, today, |it| days.of(it), usage.total(), usage.limit()),
        is_thinned: kept.iter().any(|it| it.thinning > Thinning::All),
        oldest_event: oldest.map(|day| at(day * DAY)),
        retention_days: days.usual(),
        kinds: StorageKinds {
            journal: usage.journal,
            events: usage.segments,
            attachments: usage.blobs,
            index: usage.index,
            checkpoints: usage.checkpoints,
            other: usage.other,
        },
        projects: shown,
    }
}

fn of_project(project: &Project, kept: &[KeptDay]) -> ProjectStorage {
    let own = || kept.iter().filter(|it| it.project == project.id);
    ProjectStorage {
        id: project.id.to_string(),
        slug: project.slug.clone(),
        name: project.name.clone(),
        events: own().map(|it| it.events).sum(),
        bytes: own().map(|it| it.bytes).sum(),
        attachments: own().map(|it| it.files).sum(),
        retention_days: project.retention_days,
    }
}
