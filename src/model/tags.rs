//! Tag distributions: for each tag key of an issue its most frequent values.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One value of a tag, and how often it came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagValue {
    /// The value.
    pub value: String,
    /// Events that had it.
    pub count: u64,
    /// The earliest of them.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub first_seen: Timestamp,
    /// The latest of them.
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub last_seen: Timestamp,
}

/// The values of one tag key in one issue.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TagKey {
    /// Events that had the tag at all: exact.
    pub total: u64,
    /// The values, most frequent first; at most [`TagKey::MAX_VALUES`] and [`TagKey::MAX_BYTES`].
    pub values: Vec<TagValue>,
    /// Events whose value is not among `values`: exact.
    pub others: u64,
}

/// The most tag keys that are counted together, and the most bytes of them: they are one row. A client that makes new ones
/// up must not grow the index without bound; the tags stay on their events.
const MAX_KEYS: usize = 100;
const MAX_KEY_BYTES: usize = 3_000;

/// Whether `key` is counted where `known` ones are: when it is known, or there is room for it.
pub fn is_counted(key: &str, known: &[String]) -> bool {
    let has_room = || {
        let bytes: usize = known.iter().map(String::len).sum();
        known.len() < MAX_KEYS && bytes + key.len() <= MAX_KEY_BYTES
    };
    known.iter().any(|known| known == key) || has_room()
}

impl TagKey {
    /// The most values that are told apart.
    pub const MAX_VALUES: usize = 40;
    /// The most bytes that the values may take together, so that a row stays under the store's 4 KB.
    pub const MAX_BYTES: usize = 2_400;

    /// Counts an event that had `value`.
    ///
    /// When there is no room for another value it counts among the `others`: the counts that are shown are
    /// exact from the first event on, which a scheme that evicts (space-saving) could not promise.
    pub fn add(&mut self, value: &str, time: Timestamp) {
        self.total += 1;
        if let Some(at) = self.values.iter().position(|known| known.value == value) {
            self.values[at].count += 1;
            self.values[at].first_seen = self.values[at].first_seen.min(time);
            self.values[at].last_seen = self.values[at].last_seen.max(time);
            self.move_up(at);
        } else if self.has_room(value) {
            self.values.push(TagValue {
                value: value.to_owned(),
                count: 1,
                first_seen: time,
                last_seen: time,
            });
        } else {
            self.others += 1;
        }
    }

    /// Adds up the values of `other`. Those for which there is no room count among the `others`.
    pub fn join(&mut self, other: Self) {
        self.total += other.total;
        self.others += other.others;
        for more in other.values {
            if let Some(known) = self.values.iter_mut().find(|known| known.value == more.value) {
                known.count += more.count;
                known.first_seen = known.first_seen.min(more.first_seen);
                known.last_seen = known.last_seen.max(more.last_seen);
            } else {
                self.values.push(more);
            }
        }
        self.values.sort_by_key(|value| std::cmp::Reverse(value.count));
        let dropped = self.values.split_off(self.values.len().min(Self::MAX_VALUES));
        self.others += dropped.iter().map(|value| value.count).sum::<u64>();
    }

    /// Whether `value` would be counted for the first time.
    pub fn lacks(&self, value: &str) -> bool {
        !self.values.iter().any(|known| known.value == value) && self.has_room(value)
    }

    fn has_room(&self, value: &str) -> bool {
        // 24 bytes: what a value's count, times and framing take in a row.
        let used: usize = self.values.iter().map(|known| known.value.len() + 24).sum();
        self.values.len() < Self::MAX_VALUES && used + value.len() + 24 <= Self::MAX_BYTES
    }

    fn move_up(&mut self, mut at: usize) {
        while at > 0 && self.values[at - 1].count < self.values[at].count {
            self.values.swap(at - 1, at);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_most_frequent_value_comes_first() {
        let mut tag = TagKey::default();
        for (value, second) in [("chrome", 5), ("safari", 6), ("safari", 2)] {
            tag.add(value, at(second));
        }
        assert_eq!(tag.total, 3);
        assert_eq!(tag.values[0].value, "safari");
        assert_eq!(
            (tag.values[0].first_seen, tag.values[0].last_seen),
            (at(2), at(6))
        );
    }

    #[test]
    fn sums_add_up_with_the_most_frequent_value_first() {
        let count = |values: &[(&str, i64)]| {
            let mut tag = TagKey::default();
            values
                .iter()
                .for_each(|(value, second)| tag.add(value, at(*second)));
            tag
        };
        let mut sum = count(&[("chrome", 5), ("chrome", 6), ("safari", 7)]);
        sum.join(count(&[("safari", 2), ("safari", 9), ("firefox", 1)]));
        let values: Vec<_> = sum
            .values
            .iter()
            .map(|it| (it.value.as_str(), it.count))
            .collect();
        assert_eq!(values, [("safari", 3), ("chrome", 2), ("firefox", 1)]);
        assert_eq!(
            (sum.values[0].first_seen, sum.values[0].last_seen),
            (at(2), at(9))
        );

        let many = |prefix: char| {
            let mut tag = TagKey::default();
            (0..TagKey::MAX_VALUES).for_each(|n| tag.add(&format!("{prefix}{n}"), at(0)));
            tag
        };
        let mut sum = many('a');
        sum.join(many('b'));
        assert_eq!((sum.values.len(), sum.others, sum.total), (40, 40, 80));
    }

    #[test]
    fn a_flood_of_values_is_bounded_and_still_adds_up() {
        let mut tag = TagKey::default();
        for i in 0..10_000 {
            tag.add(&format!("value-{i}-{}", "x".repeat(i % 190)), at(i as i64));
        }
        let kept: u64 = tag.values.iter().map(|v| v.count).sum();
        assert_eq!((kept + tag.others, tag.total), (10_000, 10_000));
        assert!(tag.values.len() <= TagKey::MAX_VALUES);
    }
}
