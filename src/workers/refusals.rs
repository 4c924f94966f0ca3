//! Writes the counts of refused requests, those of a moment together.

use super::Stop;
use crate::ingest::Refusals;

/// Writes what is counted until it is asked to stop, and then the rest.
pub async fn refusals_loop(refusals: Refusals, mut stop: Stop) -> anyhow::Result<()> {
    loop {
        tokio::select! {
            () = refusals.some() => refusals.flush().await?,
            () = stop.asked() => return Ok(refusals.flush().await?),
        }
    }
}
