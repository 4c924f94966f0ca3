//! What is asked about a release and the one before it.

use serde::Deserialize;
use utoipa::IntoParams;

/// With what a release is compared, and where.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(rename_all = "camelCase")]
pub struct Against {
    /// Id or slug of the project; needed when several have such a release.
    #[serde(default)]
    pub project: Vec<String>,
    /// The environment; absent for all.
    pub environment: Option<String>,
    /// The release to compare with; absent for the newest older one that has data enough.
    pub baseline: Option<String>,
    /// The most new issues of a good release; absent, they count by how frequent they are.
    pub max_new: Option<u64>,
}
