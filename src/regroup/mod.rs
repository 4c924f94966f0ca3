//! Stored events, grouped anew: why one is where it is, what other rules would do, and that they do it.
//!
//! What rules mean is known to `grouping`, how issues are merged and split to the store. *Now* is always an argument.

mod explain;
mod history;
mod look;
mod near;
mod plan;
mod preview;
mod sample;
mod summary;

use std::sync::Arc;

use tokio::sync::{Mutex, Notify};

pub use explain::{Explanation, Others};
pub use history::Walked;
pub use look::Look;
pub use near::Near;
pub use plan::{Flow, Target};
pub use preview::Preview;
pub use summary::summary;

use crate::grouping::{Rules, Unreadable};
use crate::model::GroupingRules;
use crate::store::{self, Catalog, Grouping, Issues, Store};

/// Why it was not done. The texts are read by people.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such event in the project, or it cannot be read any more.
    #[error("There is no such event.")]
    Missing,
    /// Nothing was applied to history.
    #[error("No rules were applied to the events of this project.")]
    Nothing,
    /// Rules are being applied to history.
    #[error("Rules are being applied to the events of this project: wait until that is done.")]
    Busy,
    /// Rules that cannot be read.
    #[error(transparent)]
    Rules(#[from] Unreadable),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// Looking at events failed.
    #[error("One of the events could not be grouped.")]
    Panicked(#[from] tokio::task::JoinError),
}

/// What this room answers.
pub type Result<T> = std::result::Result<T, Error>;

/// Groups stored events anew. Cheap to clone.
#[derive(Clone)]
pub struct Regroup {
    catalog: Arc<dyn Catalog>,
    issues: Arc<dyn Issues>,
    grouping: Arc<dyn Grouping>,
    /// Held by whoever looks through a project's events.
    turn: Arc<Mutex<()>>,
    /// Told when there is a job.
    wake: Arc<Notify>,
}

impl Regroup {
    /// Looks at the events that `store` keeps.
    pub fn new(store: &Store) -> Self {
        Self {
            catalog: store.catalog.clone(),
            issues: store.issues.clone(),
            grouping: store.grouping.clone(),
            turn: Arc::default(),
            wake: Arc::default(),
        }
    }
}

/// The rules of a project, read.
pub fn read(rules: &GroupingRules) -> Result<Rules> {
    Ok(Rules::parse(&rules.stack, &rules.fingerprint)?)
}
