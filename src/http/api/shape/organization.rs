//! The one organisation of an installation and its one team, in the fields that command-line clients insist on.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

/// The organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Always `"1"`.
    pub id: String,
    /// Its name in URLs.
    pub slug: String,
    /// Its name for people.
    pub name: String,
    /// When the installation was set up.
    pub date_created: Timestamp,
    /// Always false.
    pub is_early_adopter: bool,
    /// Always false.
    #[serde(rename = "require2FA")]
    pub require_2fa: bool,
    /// Always false.
    pub require_email_verification: bool,
    /// Always empty.
    pub features: Vec<String>,
    /// Always active.
    pub status: OrganizationStatus,
    /// False while no mail server is set up: nobody is told by e-mail.
    pub sends_mail: bool,
    /// Always a letter.
    pub avatar: Avatar,
    /// Where to find it.
    pub links: OrganizationLinks,
}

/// The state of an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrganizationStatus {
    /// Always `active`.
    pub id: &'static str,
    /// Always `active`.
    pub name: &'static str,
}

/// A picture.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Avatar {
    /// Always `letter_avatar`.
    pub avatar_type: &'static str,
}

/// Addresses of an organisation.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationLinks {
    /// Base URL of the web app.
    pub organization_url: String,
    /// Base URL of the API: clients keep it and talk to nothing else from then on.
    pub region_url: String,
}

/// The team `everyone`, which has all members and all projects.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Team {
    /// Always `"1"`.
    pub id: &'static str,
    /// Always `everyone`.
    pub slug: &'static str,
    /// Always `everyone`.
    pub name: &'static str,
}
