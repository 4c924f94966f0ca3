//! People as the API shows them: the caller, members of the organisation, API tokens.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The front page of the API: its version and who is calling.
#[derive(Debug, Serialize, ToSchema)]
pub struct Index {
    /// Always `"0"`.
    pub version: &'static str,
    /// Null when the caller did not authenticate.
    pub auth: Option<IndexAuth>,
    /// Null when the caller did not authenticate.
    pub user: Option<User>,
}

/// What the caller's credentials permit, in Sentry's scope names.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndexAuth {
    /// For example `event:read`.
    pub scopes: Vec<&'static str>,
}

/// A person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct User {
    /// Id of the account.
    pub id: String,
    /// Name, or the e-mail address when none was given.
    pub name: String,
    /// E-mail address, the name to sign in with.
    pub email: String,
    /// The e-mail address once more: clients read either.
    pub username: String,
}

/// The signed-in person.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Name, e-mail address and id.
    #[serde(flatten)]
    pub user: User,
    /// `owner`, `admin` or `member`.
    pub role: &'static str,
    /// False until a password was set: such an account signs in by link only.
    pub has_password: bool,
    /// To be sent as `X-CSRF-Token` with every change; null when a bearer token authenticated.
    pub csrf_token: Option<String>,
}

/// Where the organisation's data lives: here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Regions {
    /// Exactly one.
    pub regions: Vec<Region>,
}

/// One place of data.
#[derive(Debug, Serialize, ToSchema)]
pub struct Region {
    /// A label.
    pub name: String,
    /// Base URL of this installation.
    pub url: String,
}

/// An API token, without the token: only its hash is kept.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// Id of the token.
    pub id: String,
    /// What its owner called it.
    pub name: String,
    /// Its last four characters.
    pub token_preview: String,
    /// When it was made.
    pub date_created: Timestamp,
}

/// A token that was just made: the only time that it is shown.
#[derive(Debug, Serialize, ToSchema)]
pub struct Minted {
    /// What the list shows later.
    #[serde(flatten)]
    pub details: ApiToken,
    /// The token itself, `sntryu_` and 64 hex digits.
    pub token: String,
}

/// A member of the organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// Id of the account.
    pub id: String,
    /// E-mail address.
    pub email: String,
    /// Name, or the e-mail address when none was given.
    pub name: String,
    /// `owner`, `admin` or `member`.
    pub role: &'static str,
    /// When the account was made.
    pub date_created: Timestamp,
    /// True until the member chose a password.
    pub pending: bool,
}

/// A member who was just invited.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewMember {
    /// What the list shows later.
    #[serde(flatten)]
    pub member: Member,
    /// A sign-in link for one use, shown this once.
    pub invite_link: String,
}

/// A sign-in link that was just made for a member.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NewLink {
    /// Good for one use, shown this once.
    pub invite_link: String,
}
