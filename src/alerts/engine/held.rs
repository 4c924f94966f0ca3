//! What is held at the moment: firings to come, as the memory that the store keeps has them.

use std::collections::BTreeMap;

use super::memory::Memory;
use super::memory::Row;
use super::memory::key::{Key, Pile};
use crate::model::alert::{AlertRule, Firing, Held};

/// What these rules hold, what is told next first. Its time is that of the last thing that is kept of it.
pub fn held(kept: BTreeMap<String, String>, rules: &[AlertRule]) -> Vec<Firing> {
    // All else is not read: there may be much of it.
    let waits = |key: &str| key.starts_with("pile/") || key.starts_with("cause/");
    let memory = Memory::read(kept.into_iter().filter(|(key, _)| waits(key)).collect());
    let mut held: Vec<_> = memory
        .piles()
        .filter(|(_, _, pile, _)| *pile == Pile::Held)
        .filter_map(|(_, project, _, id)| {
            let rule = rules.iter().find(|rule| rule.id == id && rule.enabled)?;
            let (until, by) = memory.held(project, id)?;
            let cause = |n| match memory.get(&Key::Cause(project, Pile::Held, id, n)) {
                Some(Row::Cause(time, cause)) => Some((*time, cause.as_ref().clone())),
                _ => None,
            };
            let causes: Vec<_> = (0..Firing::MAX_CAUSES as u64).filter_map(cause).collect();
            let times = || causes.iter().map(|(time, _)| *time);
            let held = times().min().map(|since| Held { since, until, by })?;
            Some(Firing {
                id: Default::default(),
                rule: id,
                rule_name: rule.name.clone(),
                time: times().max()?,
                project,
                total: memory.waiting(project, id),
                causes: causes.into_iter().map(|(_, cause)| cause).collect(),
                released: None,
                silent: None,
                held: Some(held),
            })
        })
        .collect();
    held.sort_by_key(|firing| firing.held.map(|held| held.until));
    held
}
