//! One item of an envelope: its header line and its payload.
//!
//! Says how an item counts; does not look into the payload.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::error::Reason;
use super::item_type::ItemType;
use crate::protocol::category::DataCategory;

/// One thing that was sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What the payload is.
    pub headers: ItemHeaders,
    /// The bytes of the payload, a slice of the body.
    pub payload: Bytes,
}

/// What the header line of an item says.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemHeaders {
    /// What the item is.
    pub ty: ItemType,
    /// The media type of the payload.
    pub content_type: Option<String>,
    /// The name of an attached file.
    pub filename: Option<String>,
    /// What an attachment is, such as `event.view_hierarchy`; absent for a plain one.
    pub attachment_type: Option<String>,
    /// How many records a container of logs, metrics or spans says that it holds.
    pub item_count: Option<u64>,
    /// Every other header.
    pub other: Map<String, Value>,
}

impl Item {
    /// An item of the given type without further headers.
    pub fn new(ty: ItemType, payload: impl Into<Bytes>) -> Self {
        let headers = ItemHeaders {
            ty,
            content_type: None,
            filename: None,
            attachment_type: None,
            item_count: None,
            other: Map::new(),
        };
        Self {
            headers,
            payload: payload.into(),
        }
    }

    /// The type of the item.
    pub fn ty(&self) -> &ItemType {
        &self.headers.ty
    }

    /// The category that decides over the item: what is limited when the item is.
    pub fn category(&self) -> DataCategory {
        match self.ty() {
            ItemType::Event => DataCategory::Error,
            ItemType::Transaction => DataCategory::Transaction,
            ItemType::Attachment => DataCategory::Attachment,
            ItemType::Session | ItemType::Sessions => DataCategory::Session,
            ItemType::Feedback | ItemType::UserReport => DataCategory::Feedback,
            ItemType::ClientReport => DataCategory::Internal,
            ItemType::CheckIn => DataCategory::Monitor,
            ItemType::Log => DataCategory::LogItem,
            ItemType::TraceMetric => DataCategory::TraceMetric,
            ItemType::Span => DataCategory::Span,
            ItemType::Profile => DataCategory::Profile,
            ItemType::ProfileChunk => DataCategory::ProfileChunk,
            ItemType::ReplayEvent | ItemType::ReplayRecording | ItemType::ReplayVideo => DataCategory::Replay,
            ItemType::RawSecurity | ItemType::Security => DataCategory::Security,
            ItemType::Nel => DataCategory::Error,
            ItemType::Statsd | ItemType::MetricBuckets | ItemType::MetricMeta => DataCategory::MetricBucket,
            ItemType::Unknown(_) => DataCategory::Unknown,
        }
    }

    /// What the item counts as, the deciding category first. Attachments and containers count both in
    /// pieces and in bytes.
    pub fn quantities(&self) -> Vec<(DataCategory, u64)> {
        let bytes = self.payload.len() as u64;
        match self.ty() {
            ItemType::Attachment => vec![
                (DataCategory::Attachment, bytes),
                (DataCategory::AttachmentItem, 1),
            ],
            ItemType::Log => vec![
                (DataCategory::LogItem, self.records()),
                (DataCategory::LogByte, bytes),
            ],
            ItemType::TraceMetric => {
                vec![
                    (DataCategory::TraceMetric, self.records()),
                    (DataCategory::TraceMetricByte, bytes),
                ]
            }
            ItemType::Span => vec![(DataCategory::Span, self.records())],
            _ => vec![(self.category(), 1)],
        }
    }

    /// How many records a container holds, as far as its header can be believed: a record takes more
    /// than a byte.
    fn records(&self) -> u64 {
        self.headers
            .item_count
            .unwrap_or(1)
            .min(self.payload.len() as u64)
            .max(1)
    }
}

impl ItemHeaders {
    /// Sorts the members of a header object. Returns the `length` beside them.
    pub(super) fn read(mut object: Map<String, Value>) -> Result<(Self, Option<usize>), Reason> {
        let length = match object.remove("length") {
            None | Some(Value::Null) => None,
            Some(value) => Some(length(&value).ok_or(Reason::Length)?),
        };
        let mut text = |key: &str| match object.remove(key) {
            Some(Value::String(text)) => Some(text),
            _ => None,
        };
        let ty = ItemType::from_name(&text("type").ok_or(Reason::MissingType)?);
        let (content_type, filename, attachment_type) =
            (text("content_type"), text("filename"), text("attachment_type"));
        let item_count = object.remove("item_count").and_then(|value| value.as_u64());
        Ok((
            Self {
                ty,
                content_type,
                filename,
                attachment_type,
                item_count,
                other: object,
            },
            length,
        ))
    }

    /// The header object, with the length of the payload.
    pub(super) fn write(&self, length: usize) -> Map<String, Value> {
        let mut object = self.other.clone();
        let mut put = |key: &str, value: Option<Value>| {
            if let Some(value) = value {
                object.insert(key.to_owned(), value);
            }
        };
        put("type", Some(self.ty.as_str().into()));
        put("length", Some(length.into()));
        put("content_type", self.content_type.clone().map(Value::from));
        put("filename", self.filename.clone().map(Value::from));
        put("attachment_type", self.attachment_type.clone().map(Value::from));
        put("item_count", self.item_count.map(Value::from));
        object
    }
}

fn length(value: &Value) -> Option<usize> {
    let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
    usize::try_from(number).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_count_their_records_but_never_more_than_they_can_hold() {
        let mut logs = Item::new(ItemType::Log, "0123456789");
        assert_eq!(
            logs.quantities(),
            [(DataCategory::LogItem, 1), (DataCategory::LogByte, 10)]
        );
        logs.headers.item_count = Some(4);
        assert_eq!(logs.quantities()[0], (DataCategory::LogItem, 4));
        logs.headers.item_count = Some(u64::MAX);
        assert_eq!(logs.quantities()[0], (DataCategory::LogItem, 10));
    }

    #[test]
    fn the_deciding_category_comes_first() {
        for name in [
            "event",
            "attachment",
            "log",
            "trace_metric",
            "span",
            "raw_security",
            "new_in_2030",
        ] {
            let item = Item::new(ItemType::from_name(name), "{}");
            assert_eq!(item.quantities()[0].0, item.category(), "{name}");
        }
    }
}
