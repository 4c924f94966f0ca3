//! Applies rules to history, one project after the other, beside everything else that goes on.
//!
//! How far a job is, stands in the store: after a crash it goes on there.

use super::Stop;
use crate::model::{RegroupEnd, Regrouping};
use crate::regroup::{Error, Regroup, Walked};
use crate::store::{self, Clock};

/// Carries out the jobs of `regroup` as they come, until it is asked to stop.
pub async fn regroup_loop(regroup: Regroup, clock: Clock, mut stop: Stop) -> anyhow::Result<()> {
    loop {
        for job in regroup.unfinished().await? {
            carry_out(&regroup, job, &clock, &stop).await?;
        }
        if stop.is_asked() {
            return Ok(());
        }
        tokio::select! {
            () = regroup.woken() => {}
            () = stop.asked() => return Ok(()),
        }
    }
}

async fn carry_out(regroup: &Regroup, job: Regrouping, clock: &Clock, stop: &Stop) -> anyhow::Result<()> {
    let project = job.project;
    tracing::info!(
        project.id = project.0,
        "rules are applied to the events of project {project}"
    );
    let (job, failure) = match regroup.walk(job.clone(), || stop.is_asked()).await {
        Ok(Walked::UntilStopped) => return Ok(()),
        Ok(Walked::ToTheEnd(job)) => (*job, None),
        // Nobody is waiting for it any more.
        Err(Error::Store(store::Error::Missing(_))) => return Ok(()),
        // Trying again would come to the same, and hold up the jobs of all others.
        Err(error @ (Error::Rules(_) | Error::Panicked(_))) => (job, Some(error.to_string())),
        Err(error) => return Err(error.into()),
    };
    tracing::info!(
        project.id = project.0,
        "rules were applied to the events of project {project}: {} of {} changed",
        job.moved,
        job.looked
    );
    Ok(regroup
        .finish(
            job,
            RegroupEnd {
                time: clock(),
                failure,
            },
        )
        .await?)
}
