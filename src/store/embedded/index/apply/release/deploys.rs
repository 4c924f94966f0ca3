//! Deploys of a release: in slices, because a row stays small.

use jiff::Timestamp;

use crate::model::release::{Deploy, Release};
use crate::protocol::name;
use crate::store::embedded::index::apply::alert;
use crate::store::embedded::index::keys::Table;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::release::slices_key;
use crate::store::embedded::index::rows::{self, Meta};
use crate::store::{Error, ReleaseUpdate, Result};

/// How many deploys a row holds.
const SLICE: usize = 8;
/// The most bytes of a deploy's name.
const MAX_NAME: usize = 64;

/// Adds a deploy, of which somebody told at `time`, to those of the release; the same one said again changes nothing.
pub(super) fn add(
    release: &Release,
    deploy: &Deploy,
    time: Timestamp,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    if name::environment(&deploy.environment) != Ok(Some(&deploy.environment)) {
        return Err(Error::Conflict("this cannot be the name of an environment"));
    }
    if deploy.name.as_ref().is_some_and(|name| name.len() > MAX_NAME) {
        return Err(Error::Conflict("the name of a deploy has at most 64 bytes"));
    }
    if deploy
        .url
        .as_ref()
        .is_some_and(|url| url.len() > ReleaseUpdate::MAX_URL)
    {
        return Err(Error::Conflict("the address of a deploy has at most 300 bytes"));
    }
    let prefix = slices_key(Table::Deploy, release.project, release.id);
    let mut all = release.clone();
    for (_, row) in overlay.scan(&prefix, usize::MAX)? {
        all.deploys.extend(rows::decode::<Vec<Deploy>>(&row)?);
    }
    let said = |it: &Deploy| (it.environment.clone(), it.name.clone(), it.started, it.finished);
    if all.deploys.iter().any(|known| said(known) == said(deploy)) {
        return Ok(());
    }
    let environment = Some(deploy.environment.clone());
    let is_out = release.seen.0.iter().any(|it| it.environment == environment)
        || all.deploys.iter().any(|it| it.environment == deploy.environment);
    if !is_out {
        alert::happen(alert::released(release, environment, time), meta, overlay)?;
    }
    meta.last_deploy += 1;
    all.deploy(Deploy {
        id: meta.last_deploy,
        ..deploy.clone()
    });
    for (number, slice) in (0..).zip(all.deploys.chunks(SLICE)) {
        overlay.put(prefix.clone().short(number), &slice)?;
    }
    Ok(())
}
