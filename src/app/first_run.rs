//! What a new installation needs before it is of use, and what its owner has to know.

use std::fmt;

use jiff::Timestamp;

use crate::accounts::Accounts;
use crate::config;
use crate::model::ProjectKey;
use crate::model::alert::SigningKey;
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::{self, CatalogChange, Store};

/// Slug of the first project, when nobody named one.
const FIRST_PROJECT: &str = "my-app";

/// Who and what is there at the start.
pub(super) struct FirstRun {
    /// When the owner came in, and the installation into use with them.
    pub(super) since: Timestamp,
    key: ProjectKey,
    /// Token of a sign-in link, while the owner has no password.
    link: Option<String>,
}

/// What to tell whoever started the server. Printed once, on standard output; never logged.
pub struct Welcome {
    url: String,
    link: Option<String>,
    dsn: String,
}

/// Creates what the settings name, and an owner and a project in any case. Changes nothing that is there.
pub(super) async fn create(
    accounts: &Accounts,
    store: &Store,
    wanted: &config::Bootstrap,
    now: Timestamp,
) -> anyhow::Result<FirstRun> {
    let key = match (&wanted.project, first_key(store).await?) {
        (None, Some(key)) => key,
        (slug, _) => {
            let slug = slug.as_deref().unwrap_or(FIRST_PROJECT);
            let public = wanted
                .dsn_key
                .as_deref()
                .map(str::parse::<PublicKey>)
                .transpose()?;
            accounts
                .ensure_project(slug, wanted.project_id.map(ProjectId), public, now)
                .await?
                .1
        }
    };
    signing_key(store).await?;
    let password = wanted.password.as_ref().map(config::Secret::expose);
    let owner = accounts
        .ensure_owner(wanted.email.as_deref(), password, now)
        .await?;
    if let Some(token) = &wanted.api_token {
        accounts.ensure_token(owner.id, token.expose(), now).await?;
    }
    let link = accounts.first_link(owner.id).await?;
    Ok(FirstRun {
        since: owner.created,
        key,
        link,
    })
}

/// Draws the key that signs links, once.
async fn signing_key(store: &Store) -> store::Result<()> {
    if store.alerting.signing_key().await?.is_some() {
        return Ok(());
    }
    let key = SigningKey(rand::random());
    store.catalog.apply(vec![CatalogChange::SetSigningKey(key)]).await
}

/// The first key of the oldest project.
async fn first_key(store: &Store) -> anyhow::Result<Option<ProjectKey>> {
    let oldest = store
        .catalog
        .projects()
        .await?
        .into_iter()
        .min_by_key(|project| project.created);
    Ok(match oldest {
        Some(project) => store.catalog.keys(project.id).await?.into_iter().next(),
        None => None,
    })
}

impl FirstRun {
    /// The same in words, now that the server's `url` is known.
    pub(super) fn welcome(self, url: String) -> Welcome {
        let address = url.replacen("://", &format!("://{}@", self.key.public), 1);
        Welcome {
            dsn: format!("{address}/{}", self.key.project),
            link: self.link.map(|token| format!("{url}/sign-in/link#{token}")),
            url,
        }
    }
}

impl Welcome {
    /// The data source name to give to an SDK.
    pub fn dsn(&self) -> &str {
        &self.dsn
    }

    /// The one-time link that signs the owner in, while they have no password.
    pub fn link(&self) -> Option<&str> {
        self.link.as_deref()
    }
}

impl fmt::Display for Welcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Tripline listens on {}\n", self.url)?;
        if let Some(link) = &self.link {
            writeln!(f, "Sign in (works once):  {link}")?;
        }
        writeln!(f, "DSN of your project:   {}\n", self.dsn)?;
        writeln!(f, "Try it:\n")?;
        writeln!(f, "    pip install sentry-sdk")?;
        writeln!(f, "    python - <<'END'")?;
        writeln!(f, "    import sentry_sdk")?;
        writeln!(f, "    sentry_sdk.init(\"{}\")", self.dsn)?;
        writeln!(f, "    1 / 0")?;
        writeln!(f, "    END")
    }
}
