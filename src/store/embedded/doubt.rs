//! What is done when the index fails a server that runs: the server ends, and the index is made anew when it is started
//! again.
//!
//! What was acknowledged is in the segments and in the journal, so nothing is lost meanwhile. An index that is damaged
//! again less than a day after it was made anew is not made anew once more by itself: something else is wrong, and a
//! server that still reads and accepts is better than one that goes in circles. It says so, and is not ready.

use std::path::PathBuf;

use tokio::sync::watch;
use tracing::error;

use super::directory::{Directory, write_durably};
use crate::store::{Error, Result};

/// Hears of errors of the index; cheap to share.
pub(super) struct Doubt {
    mark: PathBuf,
    repairs: Repairs,
    told: watch::Sender<Option<String>>,
}

/// Whether an index may be made anew without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repairs {
    /// It may.
    Allowed,
    /// It was, less than a day ago.
    Spent,
}

impl Doubt {
    pub(super) fn new(directory: &Directory, repairs: Repairs) -> Self {
        Self {
            mark: directory.index_aside("doubted"),
            repairs,
            told: watch::channel(None).0,
        }
    }

    /// What a read of the index came to: damage ends the server.
    pub(super) fn hear<T>(&self, read: Result<T>) -> Result<T> {
        if let Err(error @ Error::BadIndex(_)) = &read {
            self.raise(error);
        }
        read
    }

    /// The index cannot be used any more.
    pub(super) fn raise(&self, error: &Error) {
        if self.told.borrow().is_some() {
            return;
        }
        if self.repairs == Repairs::Spent {
            error!(
                %error,
                "the index failed again, less than a day after it was made anew: nothing is repaired by itself any more"
            );
            return;
        }
        if let Error::BadIndex(why) = error
            && let Err(error) = write_durably(&self.mark, why)
        {
            error!(%error, "the doubt in the index could not be noted");
        }
        error!(%error, "the index failed: the server ends, to be mended when it is started again");
        self.told.send_replace(Some(error.to_string()));
    }

    /// Returns why, once the server should end.
    pub(super) async fn raised(&self) -> String {
        let mut told = self.told.subscribe();
        let why = told.wait_for(Option::is_some).await;
        // The sender is ours, so it does not go away.
        why.map_or_else(|_| String::new(), |why| why.clone().unwrap_or_default())
    }
}
