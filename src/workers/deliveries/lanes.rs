//! Who may be told now: one message at a time to each recipient, few at a time through each share, and only a probe now
//! and then over a lane whose other end is not there. Who does not answer takes a try for as long as we have patience: so
//! mail, recaps, and places by how they fared last have a share of their own each. Pure; sends nothing.

use std::collections::{HashMap, HashSet};
use std::fmt;

use jiff::Timestamp;

use crate::model::alert::delivery::Cargo;
use crate::model::alert::{Channel, Delivery, Destination, DestinationId, Recipient};
use crate::notify::circuit::Circuit;
use crate::notify::policy::Verdict;

/// What shares one other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Lane {
    /// All mail: it goes through one server, to whomever it is.
    Mail,
    /// But for recaps, of which many are due at once: no alert waits behind them.
    Recaps,
    /// A place that was set up.
    Destination(DestinationId),
}

impl Lane {
    /// The lane of a delivery.
    pub(super) fn of(delivery: &Delivery, destinations: &[Destination]) -> Self {
        match delivery.cargo {
            Cargo::Firings(_) | Cargo::Notice(_) => Self::to(&delivery.to, destinations),
            Cargo::Digest { .. } => Self::Recaps,
        }
    }

    /// The lane that leads to a recipient.
    fn to(recipient: &Recipient, destinations: &[Destination]) -> Self {
        let Recipient::Destination(id) = recipient else {
            return Self::Mail;
        };
        let place = destinations.iter().find(|destination| destination.id == *id);
        match place.map(|place| &place.channel) {
            Some(Channel::Email { .. }) => Self::Mail,
            _ => Self::Destination(*id),
        }
    }
}

impl fmt::Display for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mail => f.write_str("the mail server"),
            Self::Recaps => f.write_str("the mail server, asked to take digests,"),
            Self::Destination(id) => write!(f, "destination {}", id.0),
        }
    }
}

/// What changed about the other end of a lane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// It did not take what it was sent: the first time in a row.
    Fails,
    /// It answers again.
    Answers,
}

/// Whose tries are counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Share {
    Mail,
    Recaps,
    /// Places that answered last.
    Well,
    /// Places of which nothing is known yet.
    New,
    /// Places that failed last: however many hang, they hold up each other alone.
    Failing,
}

impl Share {
    /// Tries of it under way at once. Each place's is a thread.
    fn width(self) -> usize {
        match self {
            Self::Well => 32,
            Self::New => 16,
            Self::Mail | Self::Failing => 4,
            Self::Recaps => 1,
        }
    }
}

/// What is under way, and how the other ends fare.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// To whom something is on its way, and over which lane: no alert waits for a recap to the same member.
    under_way: HashMap<(Lane, Recipient), Share>,
    circuits: HashMap<Lane, Circuit>,
    /// The lanes whose other end answered last.
    well: HashSet<Lane>,
}

impl Lanes {
    /// Takes the way of a delivery, if it is free.
    pub(super) fn enter(&mut self, lane: Lane, delivery: &Delivery, now: Timestamp) -> bool {
        let opens = self.circuits.get(&lane).and_then(Circuit::opens);
        let share = self.share(lane, delivery);
        let width = if opens.is_some() && share == Share::Mail {
            1
        } else {
            share.width()
        };
        let beside = self.under_way.values().filter(|it| **it == share).count();
        let way = (lane, delivery.to.clone());
        if opens.is_some_and(|opens| now < opens) || beside >= width || self.under_way.contains_key(&way) {
            return false;
        }
        self.under_way.insert(way, share);
        true
    }

    fn share(&self, lane: Lane, delivery: &Delivery) -> Share {
        match lane {
            Lane::Mail => Share::Mail,
            Lane::Recaps => Share::Recaps,
            _ if self.circuits.contains_key(&lane) => Share::Failing,
            _ if self.well.contains(&lane) => Share::Well,
            // Before a restart it was not taken.
            _ if delivery.tries > 0 => Share::Failing,
            Lane::Destination(_) => Share::New,
        }
    }

    /// Whether the other end of a lane is not there, and nothing is on its way to the recipient.
    pub(super) fn is_shut(&self, lane: Lane, to: &Recipient) -> bool {
        let opens = self.circuits.get(&lane).and_then(Circuit::opens);
        opens.is_some() && !self.under_way.contains_key(&(lane, to.clone()))
    }

    /// Gives it back, with what the other side said; none if it was not asked. Says whether the other end fares otherwise
    /// than before.
    pub(super) fn leave(
        &mut self,
        lane: Lane,
        to: &Recipient,
        verdict: Option<Verdict>,
        now: Timestamp,
    ) -> Option<Turn> {
        self.under_way.remove(&(lane, to.clone()));
        match verdict? {
            Verdict::Later(asked) => {
                self.well.remove(&lane);
                let is_known = self.circuits.contains_key(&lane);
                self.circuits.entry(lane).or_default().failed(now, asked);
                (!is_known).then_some(Turn::Fails)
            }
            Verdict::Taken | Verdict::Never | Verdict::PutOff => {
                self.well.insert(lane);
                self.circuits.remove(&lane).map(|_| Turn::Answers)
            }
            Verdict::Nowhere => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::model::UserId;
    use crate::model::alert::{DeliveryId, DeliveryState};

    const A: Lane = Lane::Destination(DestinationId(1));

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn place(id: u64) -> Recipient {
        Recipient::Destination(DestinationId(id))
    }

    fn first_try(to: &Recipient) -> Delivery {
        Delivery {
            id: DeliveryId(1),
            to: to.clone(),
            cargo: Cargo::Firings(Vec::new()),
            caused: at(0),
            created: at(0),
            state: DeliveryState::Waiting { next: at(0) },
            tries: 0,
            attempts: Vec::new(),
        }
    }

    /// Takes the way of a first try.
    fn enter(lanes: &mut Lanes, lane: Lane, to: &Recipient, second: i64) -> bool {
        lanes.enter(lane, &first_try(to), at(second))
    }

    #[test]
    fn one_at_a_time_to_each_and_few_at_a_time_through_the_mail() {
        let mut lanes = Lanes::default();
        assert!(enter(&mut lanes, A, &place(1), 0));
        assert!(!enter(&mut lanes, A, &place(1), 0));
        assert!(enter(
            &mut lanes,
            Lane::Destination(DestinationId(2)),
            &place(2),
            0
        ));
        let member = |id| Recipient::Member(UserId(id));
        let mails = (0..10)
            .filter(|id| enter(&mut lanes, Lane::Mail, &member(*id), 0))
            .count();
        assert_eq!(mails, Share::Mail.width());
        lanes.leave(Lane::Mail, &member(0), Some(Verdict::Taken), at(0));
        assert!(!enter(&mut lanes, Lane::Mail, &member(1), 0));
        assert!(enter(&mut lanes, Lane::Mail, &member(7), 0));
        lanes.leave(A, &place(1), None, at(0));
        assert!(enter(&mut lanes, A, &place(1), 0));
    }

    #[test]
    fn places_that_failed_last_leave_room_for_all_others() {
        let mut lanes = Lanes::default();
        let lane = |id| Lane::Destination(DestinationId(id));
        let entered = |lanes: &mut Lanes, ids: std::ops::Range<u64>| {
            ids.filter(|id| enter(lanes, lane(*id), &place(*id), 100)).count()
        };
        for id in 0..60 {
            lanes.leave(lane(id), &place(id), Some(Verdict::Later(None)), at(0));
            lanes.leave(lane(100 + id), &place(100 + id), Some(Verdict::Taken), at(0));
        }
        assert_eq!(entered(&mut lanes, 0..60), Share::Failing.width());
        // A first message, and one that was not taken before a restart.
        assert_eq!(entered(&mut lanes, 200..260), Share::New.width());
        let tried = Delivery {
            tries: 1,
            ..first_try(&place(300))
        };
        assert!(!lanes.enter(lane(300), &tried, at(100)));
        assert_eq!(entered(&mut lanes, 100..160), Share::Well.width());
        assert!(enter(&mut lanes, Lane::Mail, &Recipient::Member(UserId(1)), 100));
        // One of them is there again.
        lanes.leave(lane(0), &place(0), Some(Verdict::Taken), at(100));
        lanes.leave(lane(100), &place(100), Some(Verdict::Taken), at(100));
        assert_eq!(entered(&mut lanes, 0..1), 1);
    }

    #[test]
    fn a_recap_on_its_way_keeps_no_alert_from_the_same_member() {
        let (mut lanes, ann) = (Lanes::default(), Recipient::Member(UserId(1)));
        assert!(enter(&mut lanes, Lane::Recaps, &ann, 0));
        assert!(enter(&mut lanes, Lane::Mail, &ann, 0));
        assert!(!enter(&mut lanes, Lane::Mail, &ann, 0));
        lanes.leave(Lane::Mail, &ann, Some(Verdict::Taken), at(0));
        assert!(!enter(&mut lanes, Lane::Recaps, &ann, 0));
    }

    #[test]
    fn mail_is_one_lane_to_whomever() {
        let destination = |id, channel| Destination {
            id: DestinationId(id),
            name: String::new(),
            channel,
            created: at(0),
        };
        let destinations = [
            destination(1, Channel::Teams { url: String::new() }),
            destination(2, Channel::Email { to: Vec::new() }),
        ];
        assert_eq!(Lane::to(&place(1), &destinations), A);
        assert_eq!(Lane::to(&place(2), &destinations), Lane::Mail);
        assert_eq!(
            Lane::to(&place(3), &destinations),
            Lane::Destination(DestinationId(3))
        );
        assert_eq!(Lane::to(&Recipient::Member(UserId(1)), &destinations), Lane::Mail);
    }

    #[test]
    fn whoever_failed_often_or_asked_for_peace_is_left_alone_for_a_while() {
        let mut lanes = Lanes::default();
        let fail = |lanes: &mut Lanes, second, asked: Option<i64>| {
            assert!(enter(lanes, A, &place(1), second));
            let asked = asked.map(SignedDuration::from_secs);
            lanes.leave(A, &place(1), Some(Verdict::Later(asked)), at(second));
        };
        for second in 0..9 {
            // Greylisting: the server is there, and puts off one after the other.
            assert!(enter(&mut lanes, A, &place(1), second));
            lanes.leave(A, &place(1), Some(Verdict::PutOff), at(second));
        }
        fail(&mut lanes, 0, Some(100));
        assert!(!enter(&mut lanes, A, &place(1), 99));
        for second in 100..104 {
            fail(&mut lanes, second, None);
        }
        assert!(!enter(&mut lanes, A, &place(1), 132));
        assert!(enter(&mut lanes, A, &place(1), 133));
        let turn = lanes.leave(A, &place(1), Some(Verdict::Never), at(133));
        assert_eq!(turn, Some(Turn::Answers));
        assert!(enter(&mut lanes, A, &place(1), 133));
    }
}
