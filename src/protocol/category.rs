//! Data categories: the units in which items are counted, limited and reported.
//!
//! The names are the wire's, used by rate limits, client reports and outcomes alike.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

macro_rules! categories {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)+) => {
        /// What an item counts as.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum DataCategory {
            $($(#[$doc])* $variant,)+
        }

        impl DataCategory {
            /// Every category, in the order in which pages list them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)+
                }
            }
        }
    };
}

categories! {
    /// Errors and messages.
    Error = "error",
    /// Reserved by the protocol; old SDKs report discarded events under it.
    Default = "default",
    /// Browser security reports.
    Security = "security",
    /// Attachments, in bytes.
    Attachment = "attachment",
    /// Attachments, in pieces.
    AttachmentItem = "attachment_item",
    /// Transactions.
    Transaction = "transaction",
    /// Transactions that were examined.
    TransactionProcessed = "transaction_processed",
    /// Transactions that were kept whole.
    TransactionIndexed = "transaction_indexed",
    /// Spans.
    Span = "span",
    /// Spans that were kept whole.
    SpanIndexed = "span_indexed",
    /// Session updates.
    Session = "session",
    /// Profiles of transactions.
    Profile = "profile",
    /// Profiles of transactions that were kept whole.
    ProfileIndexed = "profile_indexed",
    /// Chunks of continuous profiles.
    ProfileChunk = "profile_chunk",
    /// Chunks of continuous profiles of user interfaces.
    ProfileChunkUi = "profile_chunk_ui",
    /// Profiled milliseconds of back ends.
    ProfileBackend = "profile_backend",
    /// Profiled milliseconds of user interfaces.
    ProfileUi = "profile_ui",
    /// Segments of session replays.
    Replay = "replay",
    /// Check-ins of cron monitors.
    Monitor = "monitor",
    /// Cron monitors.
    MonitorSeat = "monitor_seat",
    /// Feedback of users.
    Feedback = "feedback",
    /// Buckets of legacy metrics.
    MetricBucket = "metric_bucket",
    /// Log records, in pieces.
    LogItem = "log_item",
    /// Log records, in bytes.
    LogByte = "log_byte",
    /// Metrics of traces, in pieces.
    TraceMetric = "trace_metric",
    /// Metrics of traces, in bytes.
    TraceMetricByte = "trace_metric_byte",
    /// What the machinery says about itself, such as client reports; never limited by name.
    Internal = "internal",
    /// Anything that this version has no name for.
    Unknown = "unknown",
}

impl DataCategory {
    /// The category that a client means. Never fails: what is not known is [`DataCategory::Unknown`].
    pub fn from_client(name: &str) -> Self {
        name.trim().parse().unwrap_or(Self::Unknown)
    }

    /// Whether its quantities are bytes. Such items are counted once more, in pieces, under a category of their own.
    pub const fn is_bytes(self) -> bool {
        matches!(self, Self::Attachment | Self::LogByte | Self::TraceMetricByte)
    }
}

/// A name that is no category.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("unknown data category")]
pub struct Error;

impl FromStr for DataCategory {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        Self::ALL
            .iter()
            .copied()
            .find(|category| category.as_str() == name)
            .ok_or(Error)
    }
}

impl fmt::Display for DataCategory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl Serialize for DataCategory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for DataCategory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back() {
        for category in DataCategory::ALL {
            assert_eq!(category.as_str().parse(), Ok(*category));
        }
        assert_eq!(DataCategory::from_client("brand_new"), DataCategory::Unknown);
    }
}
