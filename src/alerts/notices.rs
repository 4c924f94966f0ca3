//! When owners are told what ails the installation: when it begins, and not again before it was over for a while.

use jiff::{SignedDuration, Timestamp};

use super::engine::Memory;
use super::engine::memory::{Row, key::Key};
use crate::model::UserId;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Notice, Recipient};
use crate::store::NewDelivery;

/// That a trouble goes on is written down this often.
const NOTED: SignedDuration = SignedDuration::from_hours(1);

/// What `owners` are told of `troubles` at `now`.
pub(super) fn due(
    memory: &mut Memory,
    owners: &[UserId],
    troubles: &[Notice],
    now: Timestamp,
) -> Vec<NewDelivery> {
    let mut told = Vec::new();
    for notice in troubles {
        let key = Key::Noticed(notice.kind(), notice.project());
        let known = match memory.get(&key) {
            Some(Row::Time(time)) => Some(now.duration_since(*time)),
            _ => None,
        };
        if known.is_none_or(|since| since >= NOTED) {
            memory.put(key, Row::Time(now));
        }
        if known.is_none_or(|since| since >= notice.pause()) {
            told.extend(owners.iter().map(|owner| NewDelivery {
                to: Recipient::Member(*owner),
                cargo: Cargo::Notice(*notice),
                caused: now,
                created: now,
            }));
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::protocol::ids::ProjectId;

    /// At which of these hours which troubles are told to two owners.
    fn told(troubles: &[(i64, &[Notice])]) -> Vec<(i64, Notice)> {
        let mut memory = Memory::default();
        let mut kept = BTreeMap::new();
        let owners = [UserId(1), UserId(2)];
        let mut all = Vec::new();
        for (hour, troubles) in troubles {
            // Each time after a restart.
            for (key, row) in memory.changes() {
                match row {
                    Some(row) => kept.insert(key, row),
                    None => kept.remove(&key),
                };
            }
            memory = Memory::read(kept.clone());
            let now = Timestamp::from_second(hour * 3_600).unwrap();
            let found = due(&mut memory, &owners, troubles, now);
            assert!(
                found
                    .chunks(2)
                    .all(|it| it[0].cargo == it[1].cargo && it[0].to != it[1].to)
            );
            all.extend(found.iter().step_by(2).map(|it| match it.cargo {
                Cargo::Notice(notice) => (*hour, notice),
                _ => panic!("{it:?}"),
            }));
        }
        all
    }

    #[test]
    fn a_trouble_is_told_when_it_begins() {
        let held = |project| Notice::SpikeHeld {
            project: ProjectId(project),
        };
        let fills = |days| Notice::FillsUp { days };
        let day_after_day: Vec<(i64, &[Notice])> =
            (0..400).map(|hour| (hour, &[Notice::Thinned][..])).collect();
        assert_eq!(told(&day_after_day), [(0, Notice::Thinned)]);
        assert_eq!(
            told(&[
                (0, &[held(1)]),
                (20, &[held(1), held(2)]),
                (40, &[held(1)]),
                (70, &[held(1)])
            ]),
            [(0, held(1)), (20, held(2)), (70, held(1))]
        );
        assert_eq!(
            told(&[
                (0, &[fills(7)]),
                (24, &[fills(6)]),
                (48, &[]),
                (72, &[fills(7)]),
                (96, &[fills(1)])
            ]),
            [(0, fills(7)), (96, fills(1))],
            "a matter of a day is told anew"
        );
    }
}
