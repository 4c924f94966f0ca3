//! What was accepted, window by window.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Limit, Window};
use crate::protocol::category::DataCategory;
use crate::protocol::ids::{ProjectId, PublicKey};

/// How many windows of a kind are known: the one that is open and its neighbours, since what comes at the border of two
/// does not come in order.
const KEPT: usize = 3;

/// What was accepted with a key in a minute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Whose key.
    pub project: ProjectId,
    /// The key.
    pub key: PublicKey,
    /// A moment of the minute.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub time: Timestamp,
    /// How much, by category.
    pub amounts: Vec<(DataCategory, u64)>,
}

/// The same as fewer charges: one for a key and minute. The order in which they came stays.
pub fn coalesced(charges: impl IntoIterator<Item = Charge>) -> Vec<Charge> {
    let mut few: Vec<Charge> = Vec::new();
    for charge in charges {
        let minute = Window::Minute.number(charge.time);
        let is_same = |known: &&mut Charge| {
            known.key == charge.key
                && known.project == charge.project
                && Window::Minute.number(known.time) == minute
        };
        match few.iter_mut().rev().find(is_same) {
            Some(known) => charge
                .amounts
                .iter()
                .for_each(|amount| add(&mut known.amounts, *amount)),
            None => few.push(charge),
        }
    }
    few
}

/// What was accepted of one key, or of one project, in the windows that may still matter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage(Vec<Counted>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    window: Window,
    number: i64,
    amounts: Vec<(DataCategory, u64)>,
}

impl Usage {
    /// Adds what was accepted at `time`.
    pub fn add(&mut self, time: Timestamp, amounts: &[(DataCategory, u64)]) {
        for window in Window::ALL {
            let number = window.number(time);
            let counted = self.open(window, number);
            amounts
                .iter()
                .for_each(|amount| add(&mut counted.amounts, *amount));
        }
    }

    /// Takes away what was added and then not accepted after all.
    pub fn take_back(&mut self, time: Timestamp, amounts: &[(DataCategory, u64)]) {
        for counted in &mut self.0 {
            if counted.number != counted.window.number(time) {
                continue;
            }
            for (category, amount) in amounts {
                let known = counted.amounts.iter_mut().find(|(known, _)| known == category);
                if let Some((_, sum)) = known {
                    *sum = sum.saturating_sub(*amount);
                }
            }
        }
    }

    /// How much of what `limit` counts was accepted in its window at `time`.
    pub fn of(&self, limit: &Limit, time: Timestamp) -> u64 {
        let number = limit.window.number(time);
        let is_open = |it: &&Counted| it.window == limit.window && it.number == number;
        self.0
            .iter()
            .find(is_open)
            .map_or(0, |it| limit.measure(&it.amounts))
    }

    /// The count of a window. When there are too many of a kind, the one goes that is farthest from it: a clock that was
    /// set back finds room.
    fn open(&mut self, window: Window, number: i64) -> &mut Counted {
        let known = self
            .0
            .iter()
            .position(|it| it.window == window && it.number == number);
        let at = known.unwrap_or_else(|| {
            let mut others: Vec<_> = (0..self.0.len())
                .filter(|&at| self.0[at].window == window)
                .collect();
            others.sort_by_key(|&at| number.abs_diff(self.0[at].number));
            let new = Counted {
                window,
                number,
                amounts: Vec::new(),
            };
            match others.get(KEPT - 1) {
                Some(&farthest) => {
                    self.0[farthest] = new;
                    farthest
                }
                None => {
                    self.0.push(new);
                    self.0.len() - 1
                }
            }
        });
        &mut self.0[at]
    }
}

fn add(amounts: &mut Vec<(DataCategory, u64)>, (category, more): (DataCategory, u64)) {
    match amounts.iter_mut().find(|(known, _)| *known == category) {
        Some((_, sum)) => *sum = sum.saturating_add(more),
        None => amounts.push((category, more)),
    }
}
