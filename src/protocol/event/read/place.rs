//! Where in an event a reader stands, and what it has to say about that.

use serde::Serialize;
use serde_json::{Map, Value};

use super::Object;

/// Most remarks that one event keeps.
const MAX_REMARKS: usize = 100;
/// Longest path of a remark, in bytes.
const MAX_PATH: usize = 250;

/// Something that was changed or lost while an event was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// What happened.
    #[serde(rename = "type")]
    pub kind: RemarkKind,
    /// Where, as in `exception.values.0.type`.
    #[serde(rename = "name")]
    pub path: String,
    /// Why, in a few words.
    #[serde(rename = "reason", skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// How long a value was before it was cut: characters of a text, entries of a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<u64>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What happened to a field.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        pub enum RemarkKind {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)+
        }

        impl RemarkKind {
            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }

            fn from_name(name: &str) -> Self {
                match name {
                    $($name => Self::$variant,)+
                    _ => Self::Unknown,
                }
            }
        }
    };
}

kinds! {
    /// The value made no sense and was removed.
    Invalid = "invalid_data",
    /// The value was too long and was cut.
    Limit = "value_too_long",
    /// The clock of the client was wrong and was corrected.
    ClockDrift = "clock_drift",
    /// The event was older than what is kept.
    PastTimestamp = "past_timestamp",
    /// The event was from the future.
    FutureTimestamp = "future_timestamp",
    /// A remark of an SDK that this version has no name for.
    Unknown = "unknown_error",
}

impl Remark {
    /// Reads a remark that stands in an event.
    pub(crate) fn read(value: Value, _at: &mut Place) -> Option<Self> {
        let text = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default();
        let kind = RemarkKind::from_name(value.get("type")?.as_str()?);
        let length = value.get("length").and_then(Value::as_u64);
        Some(Self {
            kind,
            path: cut_path(text("name")),
            detail: cut_path(text("reason")),
            length,
        })
    }
}

fn cut_path(path: &str) -> String {
    path[..path.floor_char_boundary(MAX_PATH)].to_owned()
}

/// The path from the event to the value that is being read, and the remarks made so far.
#[derive(Debug, Default)]
pub(crate) struct Place {
    path: String,
    remarks: Vec<Remark>,
}

impl Place {
    /// Reads something one step further down.
    pub(crate) fn within<T>(&mut self, step: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(&step[..step.floor_char_boundary(MAX_PATH)]);
        let result = read(self);
        self.path.truncate(length);
        result
    }

    /// Notes that the value here makes no sense. Always `None`, the value that takes its place.
    pub(crate) fn invalid<T>(&mut self, detail: &str) -> Option<T> {
        self.remark(RemarkKind::Invalid, detail, None);
        None
    }

    /// Notes that the value here was cut.
    pub(crate) fn limited(&mut self, length: usize) {
        self.remark(RemarkKind::Limit, "", Some(length));
    }

    /// Adds a remark, unless there are too many already.
    pub(crate) fn remark(&mut self, kind: RemarkKind, detail: &str, length: Option<usize>) {
        if self.remarks.len() < MAX_REMARKS {
            let length = length.map(|length| length as u64);
            self.remarks.push(Remark {
                kind,
                path: cut_path(&self.path),
                detail: detail.to_owned(),
                length,
            });
        }
    }

    /// The members of the object here, if it is one.
    pub(crate) fn object(&mut self, value: Value) -> Option<Object> {
        self.map(value).map(Object::new)
    }

    /// The members of the object here, if it is one.
    pub(crate) fn map(&mut self, value: Value) -> Option<Map<String, Value>> {
        match value {
            Value::Object(map) => Some(map),
            _ => self.invalid("expected an object"),
        }
    }

    /// The remarks of the whole event: those it came with, then those of this reading.
    pub(crate) fn into_remarks(self, mut earlier: Vec<Remark>) -> Vec<Remark> {
        earlier.extend(self.remarks);
        earlier.truncate(MAX_REMARKS);
        earlier
    }
}
