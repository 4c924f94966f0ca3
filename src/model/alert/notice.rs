//! What ails the installation itself: its owners are told.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::protocol::ids::ProjectId;

/// Something that its owners should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// The data reaches its limit soon.
    FillsUp {
        /// In so many days, as it goes on; 0 when it is there.
        days: u64,
    },
    /// The disk fills: payloads that matter least are no longer kept.
    Thinned,
    /// A project sends far more than it usually does, and the rest is refused.
    SpikeHeld {
        /// Which.
        project: ProjectId,
    },
}

impl Notice {
    /// So many days before the data reaches its limit, it is told.
    pub const DAYS: u64 = 7;

    /// The project that it is about.
    pub fn project(self) -> Option<ProjectId> {
        match self {
            Self::SpikeHeld { project } => Some(project),
            Self::FillsUp { .. } | Self::Thinned => None,
        }
    }

    /// The number of its kind: what is of one kind is one trouble. That it is a matter of a day is another one.
    pub fn kind(self) -> u64 {
        match self {
            Self::FillsUp { days: 2.. } => 0,
            Self::FillsUp { .. } => 1,
            Self::Thinned => 2,
            Self::SpikeHeld { .. } => 3,
        }
    }

    /// It is told again only when it was over for so long.
    pub fn pause(self) -> SignedDuration {
        match self {
            Self::FillsUp { .. } | Self::Thinned => Self::LONGEST_PAUSE,
            Self::SpikeHeld { .. } => SignedDuration::from_hours(24),
        }
    }

    /// The longest of them.
    pub const LONGEST_PAUSE: SignedDuration = SignedDuration::from_hours(7 * 24);
}
