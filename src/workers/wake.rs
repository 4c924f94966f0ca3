//! Brings archived issues back when the time has come until which they were archived.
//!
//! Says only that it has: what that means for an issue is decided where all facts are applied.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use super::Stop;
use crate::store::{self, Clock, Decisions, TriageChange, Triaged};

/// How late an issue may be back.
const PERIOD: Duration = Duration::from_secs(30);

/// Looks for issues whose time has come, until it is asked to stop.
pub async fn wake_loop(decisions: Arc<dyn Decisions>, clock: Clock, mut stop: Stop) -> anyhow::Result<()> {
    let mut ticks = tokio::time::interval(PERIOD);
    loop {
        tokio::select! {
            _ = ticks.tick() => wake(decisions.as_ref(), clock()).await?,
            () = stop.asked() => return Ok(()),
        }
    }
}

/// Brings back all that is due at `now`.
async fn wake(decisions: &dyn Decisions, now: Timestamp) -> store::Result<()> {
    let mut before = Vec::new();
    loop {
        let issues = decisions.due(now).await?;
        if issues.is_empty() || issues == before {
            return Ok(());
        }
        before.clone_from(&issues);
        let woken = Triaged {
            who: None,
            time: now,
            change: TriageChange::Wake { issues },
        };
        decisions.triage(woken).await?;
    }
}
