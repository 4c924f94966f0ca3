//! What was received of an issue in an hour, minute by minute: a row that stays small however much comes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::keys::{Key, Table};
use crate::model::alert::{Minute, Pulse};
use crate::model::event::EventRecord;
use crate::model::session::SessionCounts;
use crate::model::{IssueId, timeline};
use crate::protocol::ids::{EventId, ProjectId};

/// The most environments of a row that are told apart; what comes after is counted as if it named none.
const MAX_ENVIRONMENTS: usize = 32;
/// The most users of a row that are kept: when there are more, every second one stands for two, and so on.
const MAX_USERS: usize = 300;
/// Minutes of a row.
const MINUTES: i64 = 60;

/// What was received of an issue in an hour; of the project's sessions for [`PulseRow::SESSIONS`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::store::embedded) struct PulseRow {
    /// In order of first appearance.
    environments: Vec<String>,
    /// Users are kept whose hash has so many zeros at its end.
    sampling: u32,
    /// In order of their first event.
    slots: Vec<Slot>,
}

/// One minute in one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Slot {
    /// Of the hour.
    minute: u8,
    /// Its number in the row, from 1; 0 for none.
    environment: u8,
    events: u64,
    /// The last event that was recorded.
    latest: Option<u128>,
    /// Hashes of users, in order.
    users: Vec<u32>,
    sessions: u64,
    errored: u64,
    crashed: u64,
}

impl PulseRow {
    /// Where sessions are counted: no issue has this number.
    pub(in crate::store::embedded) const SESSIONS: IssueId = IssueId(0);

    /// Counts an event in a minute of the row's hour.
    pub(in crate::store::embedded) fn event(&mut self, minute: Minute, event: &EventRecord) {
        let sampling = self.sampling;
        let slot = self.slot(minute, event.environment.as_deref());
        slot.events += 1;
        slot.latest = Some(u128::from_be_bytes(*event.id.as_bytes()));
        let Some(user) = event
            .user
            .as_deref()
            .map(hash)
            .filter(|user| is_kept(*user, sampling))
        else {
            return;
        };
        if let Err(place) = slot.users.binary_search(&user) {
            slot.users.insert(place, user);
            self.thin_out();
        }
    }

    /// Counts what was learned of sessions in a minute of the row's hour.
    pub(in crate::store::embedded) fn sessions(
        &mut self,
        minute: Minute,
        environment: Option<&str>,
        learned: &SessionCounts,
    ) {
        let slot = self.slot(minute, environment);
        slot.sessions += learned.started;
        slot.errored += learned.errored;
        slot.crashed += learned.crashed;
    }

    fn slot(&mut self, minute: Minute, environment: Option<&str>) -> &mut Slot {
        let environment = environment.map_or(0, |name| self.place(name));
        let minute = minute.0.rem_euclid(MINUTES) as u8;
        // The latest stand at the end.
        let known = self
            .slots
            .iter()
            .rposition(|slot| (slot.minute, slot.environment) == (minute, environment));
        let place = known.unwrap_or_else(|| {
            self.slots.push(Slot {
                minute,
                environment,
                ..Slot::default()
            });
            self.slots.len() - 1
        });
        &mut self.slots[place]
    }

    fn place(&mut self, environment: &str) -> u8 {
        let known = self.environments.iter().position(|name| name == environment);
        match known {
            Some(place) => place as u8 + 1,
            None if self.environments.len() < MAX_ENVIRONMENTS => {
                self.environments.push(environment.to_owned());
                self.environments.len() as u8
            }
            None => 0,
        }
    }

    fn thin_out(&mut self) {
        while self.sampling < u32::BITS
            && self.slots.iter().map(|slot| slot.users.len()).sum::<usize>() > MAX_USERS
        {
            self.sampling += 1;
            let sampling = self.sampling;
            for slot in &mut self.slots {
                slot.users.retain(|user| is_kept(*user, sampling));
            }
        }
    }

    /// What the row says, if it is the one of `issue` and the hour with this number.
    pub(in crate::store::embedded) fn pulses(self, hour: i64, issue: IssueId) -> impl Iterator<Item = Pulse> {
        let Self {
            environments,
            sampling,
            slots,
        } = self;
        slots.into_iter().map(move |slot| Pulse {
            minute: Minute(hour * MINUTES + i64::from(slot.minute)),
            issue: Some(issue).filter(|issue| *issue != Self::SESSIONS),
            environment: usize::from(slot.environment)
                .checked_sub(1)
                .and_then(|place| environments.get(place).cloned()),
            events: slot.events,
            latest: slot.latest.and_then(|id| EventId::from_bytes(id.to_be_bytes())),
            users: slot.users,
            users_weight: 1_u32.checked_shl(sampling).unwrap_or(u32::MAX),
            sessions: slot.sessions,
            errored: slot.errored,
            crashed: slot.crashed,
        })
    }
}

fn is_kept(user: u32, sampling: u32) -> bool {
    user.trailing_zeros() >= sampling
}

fn hash(user: &str) -> u32 {
    let hash = Sha256::digest(user.as_bytes());
    hash.first_chunk().map_or(0, |hash| u32::from_be_bytes(*hash))
}

/// The hour in which a minute lies, counted from 1970.
pub(in crate::store::embedded) fn hour_of(minute: Minute) -> i64 {
    minute.0.div_euclid(MINUTES)
}

/// The first moment behind an hour.
pub(in crate::store::embedded) fn end_of(hour: i64) -> Timestamp {
    timeline::at(hour.saturating_add(1).saturating_mul(timeline::HOUR))
}

/// The rows of an hour: project and issue follow.
pub(in crate::store::embedded) fn hour_key(hour: i64) -> Key {
    Key::of(Table::Pulse).signed(hour)
}

/// The rows of a project in an hour: the issue follows.
pub(in crate::store::embedded) fn pulse_key(hour: i64, project: ProjectId) -> Key {
    hour_key(hour).number(project.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::contract;
    use crate::store::embedded::index::rows;

    fn event(n: u64, received: i64, environment: Option<&str>, user: Option<&str>) -> EventRecord {
        let mut event = contract::event(n).record;
        event.received = timeline::at(received);
        event.environment = environment.map(str::to_owned);
        event.user = user.map(str::to_owned);
        event
    }

    fn count(row: &mut PulseRow, event: EventRecord) {
        row.event(Minute::of(event.received), &event);
    }

    #[test]
    fn a_row_says_what_it_was_told() {
        let mut row = PulseRow::default();
        count(&mut row, event(1, 3_600, None, Some("id:1")));
        count(&mut row, event(2, 3_659, None, Some("id:1")));
        count(&mut row, event(3, 3_660, Some("production"), None));
        count(&mut row, event(4, 3_661, None, Some("id:2")));
        let row: PulseRow = rows::decode(&rows::encode(&row).unwrap()).unwrap();
        let pulses: Vec<_> = row.pulses(1, IssueId(7)).collect();
        let said: Vec<_> = pulses
            .iter()
            .map(|it| {
                (
                    it.minute.0,
                    it.environment.as_deref(),
                    it.events,
                    it.latest,
                    it.users.len(),
                )
            })
            .collect();
        let id = |n| Some(contract::event_id(n));
        assert_eq!(
            said,
            [
                (60, None, 2, id(2), 1),
                (61, Some("production"), 1, id(3), 0),
                (61, None, 1, id(4), 1)
            ]
        );
        assert!(
            pulses
                .iter()
                .all(|it| it.issue == Some(IssueId(7)) && it.users_weight == 1)
        );
    }

    #[test]
    fn many_users_are_sampled_and_a_row_stays_small() {
        let mut row = PulseRow::default();
        for n in 1..60_000 {
            let (environment, user) = (format!("environment-{}", n % 99), format!("id:{n}"));
            count(
                &mut row,
                event(n, n as i64 % 3_600, Some(&environment), Some(&user)),
            );
        }
        assert!(rows::encode(&row).unwrap().len() < 200_000);
        let pulses: Vec<_> = row.pulses(0, IssueId(1)).collect();
        assert_eq!(pulses.iter().map(|it| it.events).sum::<u64>(), 59_999);
        let kept: usize = pulses.iter().map(|it| it.users.len()).sum();
        let estimate = kept as f64 * f64::from(pulses[0].users_weight);
        assert!(
            kept <= MAX_USERS && (45_000.0..75_000.0).contains(&estimate),
            "{estimate}"
        );
    }

    #[test]
    fn many_environments_leave_room_for_one_more() {
        let mut row = PulseRow::default();
        for n in 1..MAX_ENVIRONMENTS as u64 {
            let review = format!("pr-{n}");
            count(&mut row, event(n + 1, 60, Some(&review), None));
        }
        count(&mut row, event(99, 60, Some("production"), None));
        let last = row.pulses(0, IssueId(1)).last().unwrap();
        assert_eq!(last.environment.as_deref(), Some("production"));
    }
}
