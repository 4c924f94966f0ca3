//! Slows down guessing: counts the failed sign-ins of each account from each address, and of each address.
//!
//! An account is never locked as such, or anybody could lock anybody out. Counts live in memory only, in a table of
//! fixed size that forgets who was quiet first.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use quick_cache::unsync::Cache;

use super::{Error, Result};

/// How long failures are remembered after the first of them.
const WINDOW: SignedDuration = SignedDuration::from_mins(15);
/// Failures of one account from one address within the window.
const PER_ACCOUNT: u32 = 5;
/// Failures from one address, whatever the account. Many people may share one.
const PER_ADDRESS: u32 = 50;
/// Accounts and addresses remembered: about 1 MB.
const REMEMBERED: usize = 20_000;

/// Failed attempts, by account and address.
pub(super) struct Throttle(Mutex<Cache<Key, Failures>>);

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The account as a hash: what is typed may be long.
    Account(u64, Option<IpAddr>),
    Address(IpAddr),
}

#[derive(Clone, Copy)]
struct Failures {
    count: u32,
    since: Timestamp,
}

impl Default for Throttle {
    fn default() -> Self {
        Self(Mutex::new(Cache::new(REMEMBERED)))
    }
}

impl Throttle {
    /// Counts an attempt as failed before it is looked at, so that a hundred at once are not all let through.
    /// Fails when there were too many.
    pub(super) fn attempt(&self, account: &str, address: Option<IpAddr>, now: Timestamp) -> Result<()> {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(account, address);
        for (key, limit) in &keys {
            if let Some(known) = failures.get(key).filter(|known| known.is_recent(now))
                && known.count >= *limit
            {
                let left = known
                    .since
                    .saturating_add(WINDOW)
                    .map_or(WINDOW, |end| end.duration_since(now));
                return Err(Error::Throttled {
                    retry_after: left.try_into().unwrap_or(Duration::from_secs(60)),
                });
            }
        }
        for (key, _) in keys {
            let known = failures.get(&key).filter(|known| known.is_recent(now));
            let (count, since) = known.map_or((0, now), |known| (known.count, known.since));
            failures.insert(
                key,
                Failures {
                    count: count + 1,
                    since,
                },
            );
        }
        Ok(())
    }

    /// Takes the attempt back: it was right. What the account failed before is forgotten.
    pub(super) fn succeeded(&self, account: &str, address: Option<IpAddr>) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in keys(account, address) {
            match key {
                Key::Account(..) => drop(failures.remove(&key)),
                Key::Address(_) => {
                    if let Some(mut known) = failures.get_mut(&key) {
                        known.count = known.count.saturating_sub(1);
                    }
                }
            }
        }
    }
}

impl Failures {
    fn is_recent(&self, now: Timestamp) -> bool {
        now.duration_since(self.since) < WINDOW
    }
}

fn keys(account: &str, address: Option<IpAddr>) -> Vec<(Key, u32)> {
    let mut hasher = DefaultHasher::new();
    account.hash(&mut hasher);
    let address = address.map(network);
    let mut keys = vec![(Key::Account(hasher.finish(), address), PER_ACCOUNT)];
    keys.extend(address.map(|address| (Key::Address(address), PER_ADDRESS)));
    keys
}

/// An IPv6 customer has 2^64 addresses: they count as one.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) >> 64 << 64).into()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(minute * 60).unwrap()
    }

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn the_sixth_failure_has_to_wait_for_the_rest_of_the_window() {
        let throttle = Throttle::default();
        for _ in 0..PER_ACCOUNT {
            throttle.attempt("ann", ip("10.0.0.1"), at(0)).unwrap();
        }
        let Err(Error::Throttled { retry_after }) = throttle.attempt("ann", ip("10.0.0.1"), at(5)) else {
            panic!("let through");
        };
        assert_eq!(retry_after, Duration::from_secs(600));
        throttle
            .attempt("ann", ip("10.0.0.2"), at(5))
            .expect("the owner elsewhere is not locked out");
        throttle
            .attempt("bob", ip("10.0.0.1"), at(5))
            .expect("nor is the neighbour");
        throttle
            .attempt("ann", ip("10.0.0.1"), at(15))
            .expect("nor anybody when the window is over");
    }

    #[test]
    fn success_clears_the_account_but_not_what_its_address_failed_elsewhere() {
        let throttle = Throttle::default();
        for n in 0..PER_ADDRESS {
            throttle
                .attempt(&format!("user {n}"), ip("2001:db8::1"), at(0))
                .unwrap();
        }
        throttle.succeeded("user 0", ip("2001:db8::2"));
        throttle
            .attempt("user 0", ip("2001:db8::3"), at(0))
            .expect("one attempt was taken back");
        assert!(
            throttle.attempt("user 0", ip("2001:db8::4"), at(0)).is_err(),
            "one network, one count"
        );
        throttle
            .attempt("user 0", ip("2001:db8:0:1::1"), at(0))
            .expect("another network");
    }

    #[test]
    fn memory_is_bounded() {
        let throttle = Throttle::default();
        for n in 0..3 * REMEMBERED {
            throttle.attempt(&n.to_string(), None, at(0)).unwrap();
        }
        assert!(throttle.0.lock().unwrap().len() <= REMEMBERED);
    }
}
