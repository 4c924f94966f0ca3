//! Client reports: what an SDK threw away before it could send it.
//!
//! ```json
//! {"timestamp":1795220040.5,"discarded_events":[{"reason":"sample_rate","category":"error","quantity":3}]}
//! ```
//!
//! Reads; does not count. The number of entries and the words in them are bounded, so that a client
//! cannot make up counters.

use serde_json::Value;

use super::category::DataCategory;
use super::json;

/// Entries read from one report; the rest is ignored.
const MAX_ENTRIES: usize = 200;
/// Most that one entry can count: it would take four billion full reports to overflow their sum.
const MAX_QUANTITY: u64 = 1 << 24;
/// What SDKs are known to give as a reason.
const REASONS: &[&str] = &[
    "backpressure",
    "before_send",
    "buffer_overflow",
    "cache_overflow",
    "event_processor",
    "ignored",
    "insufficient_data",
    "internal_sdk_error",
    "invalid",
    "network_error",
    "no_parent_span",
    "queue_overflow",
    "ratelimit_backoff",
    "sample_rate",
    "send_error",
];
/// Where the entries stand; the last three are written by relays on the way.
const LISTS: &[&str] = &[
    "discarded_events",
    "rate_limited_events",
    "filtered_events",
    "filtered_sampling_events",
];

/// Events that a client did not send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discarded {
    /// One of the known reasons, else `other`.
    pub reason: &'static str,
    /// What was not sent.
    pub category: DataCategory,
    /// How many; never 0.
    pub quantity: u64,
}

/// The entries of a report. A report that makes no sense has none.
pub fn read(payload: &[u8]) -> Vec<Discarded> {
    let Ok(report) = json::read(payload) else {
        return Vec::new();
    };
    let entries = LISTS
        .iter()
        .filter_map(|list| report.get(list))
        .filter_map(Value::as_array)
        .flatten();
    entries.take(MAX_ENTRIES).filter_map(entry).collect()
}

fn entry(entry: &Value) -> Option<Discarded> {
    let quantity = entry.get("quantity")?.as_u64().filter(|quantity| *quantity > 0)?;
    let category = entry
        .get("category")
        .and_then(Value::as_str)
        .map_or(DataCategory::Unknown, DataCategory::from_client);
    let reason = entry.get("reason").and_then(Value::as_str).unwrap_or_default();
    let reason = REASONS
        .iter()
        .find(|known| **known == reason)
        .copied()
        .unwrap_or("other");
    Some(Discarded {
        reason,
        category,
        quantity: quantity.min(MAX_QUANTITY),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_and_the_strange_ones_are_tamed() {
        let read = read(
            br#"{"timestamp":"now","discarded_events":[
                {"reason":"sample_rate","category":"error","quantity":3},
                {"reason":"made up","category":"hats","quantity":1},
                {"reason":"before_send","category":"error","quantity":0},
                {"reason":"before_send","category":"error","quantity":-1},
                7, null],
               "filtered_events":[{"category":"transaction","quantity":18446744073709551615}]}"#,
        );
        let entry = |reason, category, quantity| Discarded {
            reason,
            category,
            quantity,
        };
        assert_eq!(
            read,
            [
                entry("sample_rate", DataCategory::Error, 3),
                entry("other", DataCategory::Unknown, 1),
                entry("other", DataCategory::Transaction, MAX_QUANTITY),
            ]
        );
    }

    #[test]
    fn a_report_that_makes_no_sense_is_empty() {
        for payload in [&b""[..], b"7", b"{}", b"{\"discarded_events\":{}}"] {
            assert_eq!(read(payload), []);
        }
    }
}
