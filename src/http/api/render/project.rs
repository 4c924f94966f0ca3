//! Projects and keys.

use sha2::{Digest, Sha256};

use super::{organization, team};
use crate::http::api::Site;
use crate::http::api::shape::{Dsn, Key, Project, ProjectQuotas, Quota, RateLimit};
use crate::model::quota::Limit;
use crate::model::{self, ProjectActivity, ProjectKey, ProjectLimits};

pub(in crate::http::api) fn project(project: &model::Project, activity: ProjectActivity) -> Project {
    Project {
        id: project.id.to_string(),
        slug: project.slug.clone(),
        name: project.name.clone(),
        platform: project.platform.clone(),
        date_created: project.created,
        first_event: activity.first_event,
        is_bookmarked: false,
        is_member: true,
        has_access: true,
        environments: activity.environments,
        features: Vec::new(),
        status: "active",
        team: team(),
        teams: vec![team()],
        organization: None,
        grouping_enhancements: None,
        fingerprinting_rules: None,
        retention_days: None,
        stats: None,
        unresolved_count: None,
    }
}

/// The project with everything that a single one has over one in a list.
pub(in crate::http::api) fn whole_project(
    shown: &model::Project,
    activity: ProjectActivity,
    site: &Site,
) -> Project {
    Project {
        organization: Some(organization(site)),
        grouping_enhancements: Some(shown.grouping.stack.clone()),
        fingerprinting_rules: Some(shown.grouping.fingerprint.clone()),
        retention_days: Some(shown.retention_days),
        ..project(shown, activity)
    }
}

pub(in crate::http::api) fn key(key: &ProjectKey, limits: &ProjectLimits, site: &Site) -> Key {
    let limits = limits.of_key(key.public);
    let public = key.public.to_string();
    let secret = secret(&public);
    let ingest = |end: &str| format!("{}/api/{}/{end}/?sentry_key={public}", site.url, key.project);
    Key {
        id: public.clone(),
        name: key.label.clone(),
        label: key.label.clone(),
        project_id: key.project.0,
        is_active: key.active,
        dsn: Dsn {
            public: site.dsn(key),
            secret: site.dsn_of(&format!("{public}:{secret}"), key),
            csp: ingest("csp-report"),
            security: ingest("security"),
            minidump: ingest("minidump"),
            cdn: format!("{}/js-sdk-loader/{public}.min.js", site.url),
        },
        date_created: key.created,
        rate_limit: limits
            .iter()
            .find(|limit| limit.categories.is_empty())
            .map(rate_limit),
        quotas: quotas(limits),
        public,
        secret,
    }
}

/// What the keys of a project may send together.
pub(in crate::http::api) fn project_quotas(limits: &ProjectLimits) -> ProjectQuotas {
    ProjectQuotas {
        quotas: quotas(&limits.project),
        spike_protection: limits.spike_protection,
    }
}

fn quotas(limits: &[Limit]) -> Vec<Quota> {
    let quota = |limit: &Limit| Quota {
        categories: limit.categories.iter().map(|it| it.as_str()).collect(),
        window: limit.window.name(),
        count: limit.count,
    };
    limits.iter().map(quota).collect()
}

fn rate_limit(limit: &Limit) -> RateLimit {
    RateLimit {
        window: limit.window.seconds(),
        count: limit.count,
    }
}

/// Old SDKs insist on a secret, and nobody checks it: always the same one will do.
fn secret(public: &str) -> String {
    hex::encode(&Sha256::digest(format!("secret of {public}"))[..16])
}
