//! This run of the program: since when, and what went wrong.

use jiff::Timestamp;

use crate::model::Failures;

/// What is known of it beyond what the store says.
#[derive(Debug, Clone)]
pub struct Run {
    /// When it began.
    pub started: Timestamp,
    /// When the index was last found damaged, and made anew.
    pub repaired: Option<Timestamp>,
    /// How often its loops failed.
    pub failures: Failures,
}
