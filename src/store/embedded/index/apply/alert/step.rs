//! What came of judging: kept whole, once.

use std::collections::BTreeSet;

use super::{happen, is_there, outbox};
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Firing, FiringId, HappeningId};
use crate::store::embedded::index::alerts::{Concern, causes_key, firing_key, memory_key, progress_key};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{AlertStep, Error, NewDelivery, Progress, Result};

/// The most bytes of a name in the engine's memory.
const MAX_NAME: usize = 64;

/// Keeps a step, if it was not kept before.
pub(in crate::store::embedded::index::apply) fn keep(
    step: &AlertStep,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let before: Progress = overlay.get(&progress_key())?.unwrap_or_default();
    if step.progress.steps <= before.steps {
        return Ok(());
    }
    let mut progress = step.progress.clone();
    // An index that is made again over damage may have given out fewer numbers than the step knew.
    progress.happening = progress.happening.min(HappeningId(meta.last_happening));
    overlay.put(progress_key(), &progress)?;
    for (name, value) in &step.memory {
        if name.len() > MAX_NAME {
            return Err(Error::Conflict(
                "a name in the memory of alerts has at most 64 bytes",
            ));
        }
        match value {
            Some(value) => overlay.put(memory_key(name), value)?,
            None => overlay.remove(memory_key(name)),
        }
    }
    for happening in &step.happenings {
        if is_there(happening.project, overlay)? {
            happen(happening.clone(), meta, overlay)?;
        }
    }
    let mut fired = Vec::with_capacity(step.firings.len());
    for firing in &step.firings {
        fired.push(fire(firing, meta, overlay)?);
    }
    for delivery in &step.outbox {
        if let Some(cargo) = load(delivery, &fired) {
            outbox::post(delivery, cargo, meta, overlay)?;
        }
    }
    Ok(())
}

/// What a delivery brings, by the numbers that its firings were given; none if they are not there.
fn load(delivery: &NewDelivery, fired: &[Option<FiringId>]) -> Option<Cargo> {
    let Cargo::Firings(indexes) = &delivery.cargo else {
        return Some(delivery.cargo.clone());
    };
    let number = |index: &FiringId| fired.get(usize::try_from(index.0).ok()?).copied().flatten();
    let firings: Vec<_> = indexes.iter().filter_map(number).collect();
    (!firings.is_empty()).then_some(Cargo::Firings(firings))
}

/// Writes down that a rule fired; nothing of a project that is gone.
fn fire(firing: &Firing, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<Option<FiringId>> {
    if !is_there(firing.project, overlay)? {
        return Ok(None);
    }
    meta.last_firing += 1;
    let id = FiringId(meta.last_firing);
    // A row stays small.
    let mut row = firing.clone();
    row.id = id;
    let causes = std::mem::take(&mut row.causes);
    for (number, cause) in (0..).zip(causes.iter().take(Firing::MAX_CAUSES)) {
        overlay.put(causes_key(id).short(number), cause)?;
    }
    let issues: BTreeSet<_> = causes.iter().filter_map(|cause| cause.issue).collect();
    let issues = issues.into_iter().map(Concern::Issue);
    for concern in issues.chain([Concern::Rule(row.rule), Concern::Project(row.project)]) {
        overlay.put(concern.key().number(id.0), &())?;
    }
    overlay.put(firing_key(id), &row)?;
    Ok(Some(id))
}
