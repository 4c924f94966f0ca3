//! That a release went out: told when it was first deployed to an environment, or first seen there.

use jiff::Timestamp;

use crate::model::alert::{Happened, Subject};
use crate::model::release::{Deploy, Release};
use crate::store::embedded::index::keys::Table;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::slices_key;
use crate::store::embedded::index::rows;
use crate::store::{NewHappening, Result};

/// That a release went out to `environment`, of which was learned at `time`.
pub(in crate::store::embedded::index::apply) fn released(
    release: &Release,
    environment: Option<String>,
    time: Timestamp,
) -> NewHappening {
    NewHappening {
        time,
        project: release.project,
        issue: None,
        what: Happened::Released {
            version: release.version.clone(),
            environment,
        },
        subject: Subject::default(),
    }
}

/// Whether somebody said that a release was deployed to `environment`.
pub(in crate::store::embedded::index::apply) fn was_deployed(
    release: &Release,
    environment: Option<&str>,
    overlay: &Overlay<'_>,
) -> Result<bool> {
    for (_, row) in overlay.scan(
        &slices_key(Table::Deploy, release.project, release.id),
        usize::MAX,
    )? {
        let deploys: Vec<Deploy> = rows::decode(&row)?;
        if deploys
            .iter()
            .any(|it| Some(it.environment.as_str()) == environment)
        {
            return Ok(true);
        }
    }
    Ok(false)
}
