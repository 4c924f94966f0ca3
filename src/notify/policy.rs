//! When a message that was not taken is tried again, and when it is given up. Pure: the time and what came of the try
//! are arguments, and the jitter follows from the delivery's number.

use jiff::fmt::rfc2822::DateTimeParser;
use jiff::{SignedDuration, Timestamp};

use crate::model::alert::{DeliveryId, DeliveryState};

/// The first pause; each further one is twice as long.
const FIRST_PAUSE: SignedDuration = SignedDuration::from_secs(5);
/// The longest pause that we make ourselves.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(1);
/// The longest pause that the other side can ask for.
const LONGEST_ASKED: SignedDuration = SignedDuration::from_hours(24);
/// How long it is tried, from the making of the message on.
const PATIENCE: SignedDuration = SignedDuration::from_hours(24);
/// And at least so often: a message that waited while this machine was off, or is sent again by hand, has a chance.
const FEWEST_TRIES: u32 = 5;

/// What came of a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken.
    Taken,
    /// Not now; perhaps after the time that the other side asked for.
    Later(Option<SignedDuration>),
    /// Not now, but that is a matter of this one message: the other side is there for others.
    PutOff,
    /// Never: what was sent, or where, is wrong.
    Never,
    /// There is nothing that could bring it: the settings name none.
    Nowhere,
}

impl Verdict {
    /// What an HTTP status means. `retry_after` is the header of that name: seconds, or a date.
    pub fn of_status(status: u16, retry_after: Option<&str>, now: Timestamp) -> Self {
        match status {
            200..=299 => Self::Taken,
            408 | 425 | 429 | 500.. | ..=199 => Self::Later(retry_after.and_then(|it| asked(it, now))),
            300..=499 => Self::Never,
        }
    }
}

/// How a delivery stands after its try number `tries` (from 1) that ended at `now`. `created` is when it was made.
pub fn after(
    id: DeliveryId,
    created: Timestamp,
    tries: u32,
    verdict: Verdict,
    now: Timestamp,
) -> DeliveryState {
    let asked = match verdict {
        Verdict::Later(asked) => asked,
        Verdict::PutOff => None,
        Verdict::Taken => return DeliveryState::Delivered,
        Verdict::Never => return DeliveryState::Dead,
        Verdict::Nowhere => return DeliveryState::Dropped,
    };
    if tries >= FEWEST_TRIES && now.duration_since(created) >= PATIENCE {
        return DeliveryState::Dead;
    }
    let pause = backoff(id, tries)
        .max(asked.unwrap_or_default())
        .min(LONGEST_ASKED);
    let next = now.checked_add(pause).unwrap_or(Timestamp::MAX);
    DeliveryState::Waiting { next }
}

/// Whether a message has waited for its turn for longer than it would have been tried: what it tells is old, and who was
/// not there for so long would get all of it at once.
pub fn is_overdue(state: DeliveryState, now: Timestamp) -> bool {
    matches!(state, DeliveryState::Waiting { next } if now.duration_since(next) >= PATIENCE)
}

/// 5 s, 10 s, 20 s … up to an hour, each up to a quarter shorter or longer so that what failed together is not tried
/// together.
fn backoff(id: DeliveryId, tries: u32) -> SignedDuration {
    let doubled = FIRST_PAUSE.as_millis() << tries.saturating_sub(1).min(20);
    let pause = doubled.min(LONGEST_PAUSE.as_millis());
    let spread = pause / 2;
    let jitter = i128::from(scattered(id.0 ^ (u64::from(tries) << 48)) % 1_001) * spread / 1_000;
    let millis = (pause - spread / 2 + jitter).min(LONGEST_PAUSE.as_millis());
    SignedDuration::from_millis(i64::try_from(millis).unwrap_or(i64::MAX))
}

/// A number that has nothing to see with its neighbours': the finish of SplitMix64.
fn scattered(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

/// Reads a `Retry-After`: seconds from now, or a date as HTTP writes it (RFC 9110, 10.2.3). A date that is over asks for
/// nothing.
fn asked(text: &str, now: Timestamp) -> Option<SignedDuration> {
    let text = text.trim();
    let pause = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More seconds than fit are very many.
        SignedDuration::from_secs(text.parse().unwrap_or(i64::MAX))
    } else {
        let date = DateTimeParser::new().parse_timestamp(text).ok()?;
        date.duration_since(now)
    };
    (pause > SignedDuration::ZERO).then(|| pause.min(LONGEST_ASKED))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: DeliveryId = DeliveryId(77);

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_000_000_000 + second).unwrap()
    }

    #[test]
    fn a_status_says_whether_it_is_worth_while_to_try_again() {
        let later = |seconds| Verdict::Later(Some(SignedDuration::from_secs(seconds)));
        for (status, retry_after, verdict) in [
            (200, None, Verdict::Taken),
            (204, Some("9"), Verdict::Taken),
            (301, None, Verdict::Never),
            (308, None, Verdict::Never),
            (400, None, Verdict::Never),
            (404, Some("9"), Verdict::Never),
            (408, None, Verdict::Later(None)),
            (425, None, Verdict::Later(None)),
            (429, Some(" 30 "), later(30)),
            (429, Some("-30"), Verdict::Later(None)),
            (429, Some("99999999999999999999"), later(86_400)),
            (500, None, Verdict::Later(None)),
            (503, Some("soon"), Verdict::Later(None)),
            // 2001-09-09 01:46:40 is `at(0)`.
            (503, Some("Sun, 09 Sep 2001 01:48:40 GMT"), later(120)),
            (503, Some("Sun, 09 Sep 2001 01:46:39 GMT"), Verdict::Later(None)),
            (503, Some("Sun, 09 Sep 2040 01:48:40 GMT"), later(86_400)),
            (503, Some("Mon, 99 Sep 2040 01:48:40 GMT"), Verdict::Later(None)),
            (599, None, Verdict::Later(None)),
        ] {
            assert_eq!(
                Verdict::of_status(status, retry_after, at(0)),
                verdict,
                "{status} {retry_after:?}"
            );
        }
    }

    fn pause(id: u64, tries: u32, asked: Option<i64>) -> f64 {
        let verdict = Verdict::Later(asked.map(SignedDuration::from_secs));
        match after(DeliveryId(id), at(0), tries, verdict, at(100)) {
            DeliveryState::Waiting { next } => next.duration_since(at(100)).as_secs_f64(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn pauses_double_up_to_an_hour_and_differ_a_little() {
        for id in 0..200 {
            for (tries, usual) in [(1, 5.0), (2, 10.0), (3, 20.0), (8, 640.0), (10, 2_560.0)] {
                let pause = pause(id, tries, None);
                assert!(
                    (0.75 * usual..=1.25 * usual).contains(&pause),
                    "{id} {tries} {pause}"
                );
            }
            for tries in [11, 40, u32::MAX] {
                assert!((2_700.0..=3_600.0).contains(&pause(id, tries, None)));
            }
        }
        let firsts: std::collections::BTreeSet<_> =
            (0..50).map(|id| pause(id, 1, None) as u64 * 1_000).collect();
        assert!(firsts.len() > 1);
        assert_eq!(pause(7, 3, None), pause(7, 3, None));
    }

    #[test]
    fn what_the_other_side_asks_for_is_kept_within_a_day() {
        assert_eq!(pause(1, 1, Some(300)), 300.0);
        assert!(pause(1, 8, Some(1)) > 400.0);
        assert_eq!(pause(1, 1, Some(1_000_000)), 86_400.0);
    }

    #[test]
    fn it_is_given_up_after_a_day_and_some_tries_or_at_once_if_it_is_in_vain() {
        let day = 86_400;
        for (tries, second, verdict, dead) in [
            (1, 0, Verdict::Never, true),
            (40, day - 1, Verdict::Later(None), false),
            (40, day, Verdict::Later(None), true),
            (40, day - 1, Verdict::PutOff, false),
            (40, day, Verdict::PutOff, true),
            // It waited while this machine was off, or was sent again by hand.
            (1, 30 * day, Verdict::Later(None), false),
            (5, 30 * day, Verdict::Later(None), true),
        ] {
            let state = after(ID, at(0), tries, verdict, at(second));
            assert_eq!(state == DeliveryState::Dead, dead, "{tries} {second}");
        }
        let waiting = DeliveryState::Waiting { next: at(0) };
        assert!(is_overdue(waiting, at(day)) && !is_overdue(waiting, at(day - 1)));
        assert!(!is_overdue(DeliveryState::Dead, at(day)));
        assert_eq!(
            after(ID, at(0), 9, Verdict::Taken, at(0)),
            DeliveryState::Delivered
        );
    }
}
