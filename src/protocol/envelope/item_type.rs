//! The kinds of items.

use std::fmt;

macro_rules! item_types {
    ($($(#[$doc:meta])* $variant:ident = $name:literal $(| $alias:literal)*,)+) => {
        /// What an item is.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ItemType {
            $($(#[$doc])* $variant,)+
            /// A type that this version does not know; skipped, never refused.
            Unknown(String),
        }

        impl ItemType {
            /// The type with this name; cannot fail.
            pub fn from_name(name: &str) -> Self {
                match name {
                    $($name $(| $alias)* => Self::$variant,)+
                    other => Self::Unknown(other.to_owned()),
                }
            }

            /// The name on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $name,)+
                    Self::Unknown(name) => name,
                }
            }
        }
    };
}

item_types! {
    /// An error or a message.
    Event = "event",
    /// A transaction with its spans.
    Transaction = "transaction",
    /// Bytes that belong to an event.
    Attachment = "attachment",
    /// One session update.
    Session = "session",
    /// Aggregated sessions.
    Sessions = "sessions",
    /// Feedback of a user, as an event.
    Feedback = "feedback",
    /// Feedback of a user to an earlier event; the old form.
    UserReport = "user_report",
    /// What the client discarded.
    ClientReport = "client_report",
    /// A check-in of a cron monitor.
    CheckIn = "check_in",
    /// Log records.
    Log = "log",
    /// Metrics of traces.
    TraceMetric = "trace_metric",
    /// Spans without a transaction.
    Span = "span",
    /// A profile of a transaction.
    Profile = "profile",
    /// A chunk of a continuous profile.
    ProfileChunk = "profile_chunk" | "profile_chunk_ui",
    /// What a replay segment is about.
    ReplayEvent = "replay_event",
    /// The recording of a replay segment.
    ReplayRecording = "replay_recording",
    /// The video of a replay segment.
    ReplayVideo = "replay_video",
    /// A security report as the browser sent it.
    RawSecurity = "raw_security",
    /// A security report that is an event already.
    Security = "security",
    /// A network error logging report.
    Nel = "nel",
    /// Legacy metrics as lines of text.
    Statsd = "statsd",
    /// Legacy metrics in buckets.
    MetricBuckets = "metric_buckets",
    /// Descriptions of legacy metrics.
    MetricMeta = "metric_meta",
}

impl ItemType {
    /// Whether the item is the one thing that its envelope is about. An envelope has at most one such
    /// item, and the attachments beside it are its own.
    pub fn is_event_like(&self) -> bool {
        matches!(
            self,
            Self::Event
                | Self::Transaction
                | Self::Security
                | Self::RawSecurity
                | Self::Feedback
                | Self::ReplayEvent
        )
    }
}

impl fmt::Display for ItemType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
