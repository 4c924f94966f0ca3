//! Who may be told now: one message at a time to each recipient, few at a time over each lane, and only a probe now and
//! then over a lane whose other end is not there. Alerts and recaps go different ways. Pure; sends nothing.

use std::collections::{HashMap, HashSet};

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
    /// Mails under way at once: a server that hangs must not hold up everything else.
    const MAILS: usize = 4;

    /// The lane of a delivery.
    pub(super) fn of(delivery: &Delivery, destinations: &[Destination]) -> Self {
        match delivery.cargo {
            Cargo::Firings(_) => Self::to(&delivery.to, destinations),
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

    fn width(self) -> usize {
        match self {
            Self::Mail => Self::MAILS,
            Self::Recaps | Self::Destination(_) => 1,
        }
    }
}

/// What is under way, and how the other ends fare.
#[derive(Debug, Default)]
pub(super) struct Lanes {
    /// To whom something is on its way, and over which lane: no alert waits for a recap to the same member.
    recipients: HashSet<(Lane, Recipient)>,
    under_way: HashMap<Lane, usize>,
    circuits: HashMap<Lane, Circuit>,
}

impl Lanes {
    /// Takes the way to a recipient, if it is free.
    pub(super) fn enter(&mut self, lane: Lane, to: &Recipient, now: Timestamp) -> bool {
        let opens = self.circuits.get(&lane).and_then(Circuit::opens);
        let width = if opens.is_some() { 1 } else { lane.width() };
        let under_way = self.under_way.get(&lane).copied().unwrap_or_default();
        let taken = (lane, to.clone());
        if opens.is_some_and(|opens| now < opens) || under_way >= width || self.recipients.contains(&taken) {
            return false;
        }
        self.recipients.insert(taken);
        self.under_way.insert(lane, under_way + 1);
        true
    }

    /// Whether the other end of a lane is not there, and nothing is on its way to the recipient.
    pub(super) fn is_shut(&self, lane: Lane, to: &Recipient) -> bool {
        let opens = self.circuits.get(&lane).and_then(Circuit::opens);
        opens.is_some() && !self.recipients.contains(&(lane, to.clone()))
    }

    /// Gives it back, with what the other side said; none if it was not asked.
    pub(super) fn leave(&mut self, lane: Lane, to: &Recipient, verdict: Option<Verdict>, now: Timestamp) {
        self.recipients.remove(&(lane, to.clone()));
        match self.under_way.get(&lane) {
            Some(2..) => *self.under_way.entry(lane).or_default() -= 1,
            _ => drop(self.under_way.remove(&lane)),
        }
        match verdict {
            Some(Verdict::Later(asked)) => self.circuits.entry(lane).or_default().failed(now, asked),
            Some(Verdict::Taken | Verdict::Never | Verdict::PutOff) => drop(self.circuits.remove(&lane)),
            Some(Verdict::Nowhere) | None => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::model::UserId;

    const A: Lane = Lane::Destination(DestinationId(1));

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn place(id: u64) -> Recipient {
        Recipient::Destination(DestinationId(id))
    }

    #[test]
    fn one_at_a_time_to_each_and_few_at_a_time_through_the_mail() {
        let mut lanes = Lanes::default();
        assert!(lanes.enter(A, &place(1), at(0)));
        assert!(!lanes.enter(A, &place(1), at(0)));
        assert!(lanes.enter(Lane::Destination(DestinationId(2)), &place(2), at(0)));
        let member = |id| Recipient::Member(UserId(id));
        let mails = (0..10)
            .filter(|id| lanes.enter(Lane::Mail, &member(*id), at(0)))
            .count();
        assert_eq!(mails, Lane::MAILS);
        lanes.leave(Lane::Mail, &member(0), Some(Verdict::Taken), at(0));
        assert!(!lanes.enter(Lane::Mail, &member(1), at(0)));
        assert!(lanes.enter(Lane::Mail, &member(7), at(0)));
        lanes.leave(A, &place(1), None, at(0));
        assert!(lanes.enter(A, &place(1), at(0)));
    }

    #[test]
    fn a_recap_on_its_way_keeps_no_alert_from_the_same_member() {
        let (mut lanes, ann) = (Lanes::default(), Recipient::Member(UserId(1)));
        assert!(lanes.enter(Lane::Recaps, &ann, at(0)));
        assert!(lanes.enter(Lane::Mail, &ann, at(0)));
        assert!(!lanes.enter(Lane::Mail, &ann, at(0)));
        lanes.leave(Lane::Mail, &ann, Some(Verdict::Taken), at(0));
        assert!(!lanes.enter(Lane::Recaps, &ann, at(0)));
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
            assert!(lanes.enter(A, &place(1), at(second)));
            let asked = asked.map(SignedDuration::from_secs);
            lanes.leave(A, &place(1), Some(Verdict::Later(asked)), at(second));
        };
        for second in 0..9 {
            // Greylisting: the server is there, and puts off one after the other.
            assert!(lanes.enter(A, &place(1), at(second)));
            lanes.leave(A, &place(1), Some(Verdict::PutOff), at(second));
        }
        fail(&mut lanes, 0, Some(100));
        assert!(!lanes.enter(A, &place(1), at(99)));
        for second in 100..104 {
            fail(&mut lanes, second, None);
        }
        assert!(!lanes.enter(A, &place(1), at(132)));
        assert!(lanes.enter(A, &place(1), at(133)));
        lanes.leave(A, &place(1), Some(Verdict::Never), at(133));
        assert!(lanes.enter(A, &place(1), at(133)));
    }
}
