//! Breadcrumbs: what happened before the event.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::fields;
use super::read::{Place, bag, interface, json_text, text, timestamp};
use crate::protocol::level::Level;

interface! {
    /// One thing that happened before the event.
    pub struct Breadcrumb {
        /// When.
        timestamp: Option<Timestamp> = "timestamp" => timestamp;
        /// What kind of thing, such as `http` or `navigation`.
        ty: Option<String> = "type" => text::<128>;
        /// Where it comes from, such as `ui.click`.
        category: Option<String> = "category" => text::<128>;
        /// How bad it was.
        level: Option<Level> = "level" => fields::level;
        /// What happened, for people.
        message: Option<String> = "message" => json_text::<8192>;
        /// Details.
        data: Map<String, Value> = "data" => bag::<5, { 8 * 1024 }>;
    }
}

impl Breadcrumb {
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }
}
