//! The body of every answer that is not a success.

use serde::Serialize;
use utoipa::ToSchema;

/// Why a request failed, in words for a person.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// One sentence.
    pub detail: String,
    /// What led to it, outermost first; absent when there is nothing to add.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub causes: Vec<String>,
}
