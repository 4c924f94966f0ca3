//! Stored events, grouped anew: why one is where it is, what other rules would do, and that they do it.
//!
//! What rules mean is known to `grouping`, how issues are merged and split to the store. *Now* is always an argument.

mod explain;
mod look;
mod summary;

use std::sync::Arc;

pub use explain::Explanation;
pub use look::Look;
pub use summary::summary;

use crate::grouping::{Rules, Unreadable};
use crate::model::GroupingRules;
use crate::store::{self, Issues};

/// Why it was not done. The texts are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such event in the project.
    #[error("There is no such event.")]
    Missing,
    /// Rules that cannot be read.
    #[error(transparent)]
    Rules(#[from] Unreadable),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
}

/// What this room answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Groups stored events anew.
pub struct Regroup {
    issues: Arc<dyn Issues>,
}

impl Regroup {
    /// Looks at the events that `issues` keeps.
    pub fn new(issues: Arc<dyn Issues>) -> Self {
        Self { issues }
    }
}

/// The rules of a project, read.
fn read(rules: &GroupingRules) -> Result<Rules> {
    Ok(Rules::parse(&rules.stack, &rules.fingerprint)?)
}
