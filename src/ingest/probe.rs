//! A first look at an event: is it a JSON object, which id does it give itself, and is it a transaction.
//!
//! Strict JSON is skimmed without building a tree; text that needs repairs is read whole.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use crate::protocol::ids::EventId;
use crate::protocol::json;

/// What was seen.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Probe {
    /// The event's id, when it has a good one.
    pub(super) event_id: Option<EventId>,
    /// Whether `type` says that this is a transaction: the store endpoint takes both.
    pub(super) is_transaction: bool,
}

/// Looks at an event. The error says where it stops being JSON.
pub(super) fn probe(payload: &[u8]) -> Result<Probe, String> {
    match json::strict(payload) {
        Ok(probe) => Ok(probe),
        Err(_) => match json::read(payload) {
            Ok(Value::Object(event)) => {
                let mut probe = Probe::default();
                event.into_iter().for_each(|(key, value)| probe.see(&key, &value));
                Ok(probe)
            }
            Ok(_) => Err("expected a JSON object".to_owned()),
            Err(error) => Err(error.to_string()),
        },
    }
}

impl Probe {
    fn see(&mut self, key: &str, value: &Value) {
        match key {
            "event_id" => self.event_id = value.as_str().and_then(|id| id.parse().ok()),
            "type" => self.is_transaction = value == "transaction",
            _ => {}
        }
    }
}

impl<'de> Deserialize<'de> for Probe {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Skim;

        impl<'de> Visitor<'de> for Skim {
            type Value = Probe;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Probe, A::Error> {
                let mut probe = Probe::default();
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "event_id" | "type" => probe.see(&key, &map.next_value()?),
                        _ => map.next_value::<Skipped>().map(drop)?,
                    }
                }
                Ok(probe)
            }
        }

        deserializer.deserialize_map(Skim)
    }
}

/// A value that is read and forgotten. serde's own `IgnoredAny` lets numbers and nesting pass that reading for good
/// refuses: what is accepted here must be readable later.
struct Skipped;

impl<'de> Deserialize<'de> for Skipped {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Skipped {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        while map.next_entry::<Self, Self>()?.is_some() {}
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_good_and_in_repairable_json() {
        let id = "9ec79c33ec9942ab8353589fcb2e04dc";
        for text in [
            format!(r#"{{"extra":{{"event_id":"no"}},"event_id":"{id}"}}"#),
            r#"{"value":NaN,"event_id":"9EC79C33-ec99-42ab-8353-589fcb2e04dc"}"#.to_owned(),
        ] {
            assert_eq!(
                probe(text.as_bytes()).unwrap().event_id.unwrap().to_string(),
                id,
                "{text}"
            );
        }
        assert_eq!(probe(br#"{"event_id":[1]}"#), Ok(Probe::default()));
        assert!(probe(br#" {"type":"transaction"} "#).unwrap().is_transaction);
    }

    #[test]
    fn what_passes_can_be_read_for_good() {
        let nested = |depth: usize| format!("{{\"extra\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
        let numbers = |number: &str| format!("{{\"extra\":[{number},-1,0.5,true,null,\"a\",{{\"b\":1}}]}}");
        for (text, passes) in [
            (nested(100), true),
            (nested(200), false),
            (numbers("1e400"), true),
            (numbers(&"7".repeat(400)), true),
            (numbers("7-"), false),
        ] {
            assert_eq!(probe(text.as_bytes()).is_ok(), passes, "{text}");
            assert_eq!(json::read(text.as_bytes()).is_ok(), passes, "{text}");
        }
    }

    #[test]
    fn what_is_no_object_says_where() {
        assert!(probe(b"{\"a\":1,\n\"b\":}").unwrap_err().contains("line 2"));
        assert!(probe(b"").is_err());
        assert_eq!(probe(b"[1]").unwrap_err(), "expected a JSON object");
    }
}
