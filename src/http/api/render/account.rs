//! People, their tokens and their organisation.

use crate::accounts::{Credential, Identity, role_name};
use crate::http::api::Site;
use crate::http::api::shape::{
    ApiToken, Avatar, Me, Member, Organization, OrganizationLinks, OrganizationStatus, Team, User,
};
use crate::model;

pub(in crate::http::api) fn user(user: &model::User) -> User {
    User {
        id: user.id.0.to_string(),
        name: user.name.clone(),
        email: user.email.clone(),
        username: user.email.clone(),
    }
}

pub(in crate::http::api) fn me(identity: &Identity) -> Me {
    let csrf_token = match &identity.credential {
        Credential::Token => None,
        Credential::Session(session) => Some(session.csrf_token.clone()),
    };
    Me {
        user: user(&identity.user),
        role: role_name(identity.user.role),
        has_password: identity.user.password_hash.is_some(),
        csrf_token,
    }
}

pub(in crate::http::api) fn member(user: &model::User) -> Member {
    Member {
        id: user.id.0.to_string(),
        email: user.email.clone(),
        name: user.name.clone(),
        role: role_name(user.role),
        date_created: user.created,
        pending: user.password_hash.is_none(),
    }
}

pub(in crate::http::api) fn api_token(token: &model::ApiToken) -> ApiToken {
    ApiToken {
        id: token.id.to_string(),
        name: token.name.clone(),
        token_preview: token.preview.clone(),
        date_created: token.created,
    }
}

pub(in crate::http::api) fn organization(site: &Site) -> Organization {
    Organization {
        id: "1".to_owned(),
        slug: site.slug.clone(),
        name: site.name.clone(),
        date_created: site.created,
        is_early_adopter: false,
        require_2fa: false,
        require_email_verification: false,
        features: Vec::new(),
        status: OrganizationStatus {
            id: "active",
            name: "active",
        },
        sends_mail: site.sends_mail,
        avatar: Avatar {
            avatar_type: "letter_avatar",
        },
        links: OrganizationLinks {
            organization_url: site.url.clone(),
            region_url: site.url.clone(),
        },
    }
}

/// The one team.
pub(in crate::http::api) fn team() -> Team {
    Team {
        id: "1",
        slug: "everyone",
        name: "everyone",
    }
}
