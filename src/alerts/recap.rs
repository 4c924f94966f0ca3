//! When a member's daily or weekly recap is due. What stands in it is gathered when it is sent.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::model::UserId;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{DigestEvery, Minute, Preferences, Recipient};
use crate::store::{Alerting, NewDelivery, Result};

/// Hours begin at quarters of an hour, wherever one is.
const QUARTER: i64 = 15 * 60;

/// The recaps of `members` that are due at the end of `minute`.
pub(super) async fn recaps(
    alerting: &dyn Alerting,
    members: &[UserId],
    minute: Minute,
) -> Result<Vec<NewDelivery>> {
    let mut wanted = Vec::new();
    if minute.end().as_second() % QUARTER == 0 {
        for user in members {
            wanted.push((*user, alerting.preferences(*user).await?));
        }
    }
    Ok(due(&wanted, minute))
}

/// The recaps that are due at the end of `minute`, which is each once: at the hour that the member chose, where they are.
/// On a day that has no such hour it is the next one; on one that has it twice, the first.
fn due(members: &[(UserId, Preferences)], minute: Minute) -> Vec<NewDelivery> {
    let now = minute.end();
    let delivery = |(user, wanted): &(UserId, Preferences)| {
        let since = span(wanted, now)?;
        Some(NewDelivery {
            to: Recipient::Member(*user),
            cargo: Cargo::Digest { since, until: now },
            caused: now,
            created: now,
        })
    };
    members.iter().filter_map(delivery).collect()
}

/// Since when a recap tells that is due at `now`; none unless one is.
fn span(wanted: &Preferences, now: Timestamp) -> Option<Timestamp> {
    let days = match wanted.digest {
        DigestEvery::Off => return None,
        DigestEvery::Daily => 1,
        DigestEvery::Weekly => 7,
    };
    let zone = TimeZone::get(&wanted.zone).unwrap_or(TimeZone::UTC);
    let today = now.to_zoned(zone.clone()).date();
    if wanted.digest == DigestEvery::Weekly && today.weekday() != Weekday::Monday {
        return None;
    }
    let hour = i8::try_from(wanted.hour).ok()?;
    let at = |date: jiff::civil::Date| zone.to_timestamp(date.at(hour, 0, 0, 0)).ok();
    if hour > 23 || at(today)? != now {
        return None;
    }
    at(today.checked_sub(days.days()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wants(digest: DigestEvery, hour: u8, zone: &str) -> Preferences {
        Preferences {
            digest,
            hour,
            zone: zone.to_owned(),
            ..Preferences::default()
        }
    }

    /// When recaps were due in the span, and since when each tells.
    fn all(wanted: Preferences, from: &str, days: i64) -> Vec<(String, String)> {
        let first = Minute::of(from.parse().unwrap()).0;
        let members = [(UserId(1), wanted)];
        let minutes = first..first + days * 24 * 60;
        let due = minutes.flat_map(|minute| due(&members, Minute(minute)));
        due.map(|it| match it.cargo {
            Cargo::Digest { since, until } => (since.to_string(), until.to_string()),
            _ => panic!("{it:?}"),
        })
        .collect()
    }

    fn times(found: &[(String, String)]) -> Vec<&str> {
        found.iter().map(|(_, until)| until.as_str()).collect()
    }

    #[test]
    fn a_daily_one_is_due_every_day_at_its_hour_and_continues_where_the_last_one_ended() {
        let found = all(
            wants(DigestEvery::Daily, 9, "Europe/Berlin"),
            "2026-03-27T00:00:00Z",
            4,
        );
        // Summer time began on the 29th.
        assert_eq!(
            times(&found),
            [
                "2026-03-27T08:00:00Z",
                "2026-03-28T08:00:00Z",
                "2026-03-29T07:00:00Z",
                "2026-03-30T07:00:00Z"
            ]
        );
        assert!(found.windows(2).all(|it| it[0].1 == it[1].0), "{found:?}");
    }

    #[test]
    fn an_hour_that_a_day_does_not_have_or_has_twice_is_due_once() {
        let night = |from| all(wants(DigestEvery::Daily, 2, "Europe/Berlin"), from, 3);
        assert_eq!(
            times(&night("2026-03-27T12:00:00Z")),
            [
                "2026-03-28T01:00:00Z",
                "2026-03-29T01:00:00Z",
                "2026-03-30T00:00:00Z"
            ]
        );
        assert_eq!(
            times(&night("2026-10-23T12:00:00Z")),
            [
                "2026-10-24T00:00:00Z",
                "2026-10-25T00:00:00Z",
                "2026-10-26T01:00:00Z"
            ]
        );
        let midnight = all(
            wants(DigestEvery::Daily, 0, "Asia/Kolkata"),
            "2026-03-01T00:00:00Z",
            2,
        );
        assert_eq!(times(&midnight), ["2026-03-01T18:30:00Z", "2026-03-02T18:30:00Z"]);
    }

    #[test]
    fn a_weekly_one_is_due_on_mondays_where_the_member_is() {
        let found = all(
            wants(DigestEvery::Weekly, 8, "Pacific/Auckland"),
            "2026-03-01T00:00:00Z",
            14,
        );
        assert_eq!(
            found,
            [
                ("2026-02-22T19:00:00Z", "2026-03-01T19:00:00Z"),
                ("2026-03-01T19:00:00Z", "2026-03-08T19:00:00Z")
            ]
            .map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }

    #[test]
    fn who_wants_none_gets_none_and_an_unknown_zone_is_utc() {
        assert!(all(wants(DigestEvery::Off, 9, "UTC"), "2026-03-01T00:00:00Z", 8).is_empty());
        assert!(all(wants(DigestEvery::Daily, 24, "UTC"), "2026-03-01T00:00:00Z", 8).is_empty());
        assert_eq!(
            times(&all(
                wants(DigestEvery::Daily, 9, "Mars/Olympus"),
                "2026-03-01T00:00:00Z",
                1
            )),
            ["2026-03-01T09:00:00Z"]
        );
    }
}
