//! What ails the installation now, as those who look after it found it: its owners are told with the next minute.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::model::alert::Notice;

/// What ails it.
#[derive(Clone, Default)]
pub struct Troubles(Arc<Mutex<Found>>);

#[derive(Default)]
struct Found {
    space: Vec<Notice>,
    spikes: Vec<Notice>,
}

impl Troubles {
    /// All of it.
    pub(super) fn all(&self) -> Vec<Notice> {
        let found = self.lock();
        [found.space.as_slice(), found.spikes.as_slice()].concat()
    }

    /// What is wrong with the space, as of now.
    pub(super) fn of_space(&self, space: Vec<Notice>) {
        self.lock().space = space;
    }

    /// Which spikes are held, as of now.
    pub(super) fn of_spikes(&self, spikes: Vec<Notice>) {
        self.lock().spikes = spikes;
    }

    fn lock(&self) -> MutexGuard<'_, Found> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
