//! Changes of projects, keys and people, with the rules that must hold whoever asks at the same time.

use jiff::Timestamp;
use serde::Serialize;

use super::alert::rules;
use super::event::lead;
use super::{purge, sum, usage};
use crate::model::{
    ApiToken, GroupHash, IssueId, Project, ProjectKey, ProjectLimits, Role, SecretHash, SignInLink, User,
    UserId, WebSession,
};
use crate::protocol::ids::{ProjectId, PublicKey};
use crate::store::embedded::facts::Doomed;
use crate::store::embedded::index::keys::{Key, Table, hash_key};
use crate::store::embedded::index::lifecycle::discarded_key;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{self, Meta};
use crate::store::{CatalogChange, Error, Result};

/// Applies one change, or says which rule it would break.
pub(super) fn apply(change: &CatalogChange, meta: &mut Meta, overlay: &mut Overlay<'_>) -> Result<()> {
    match change {
        CatalogChange::CreateProject(project, key) => {
            // What is still to be cleared away of a former project with this number would be taken from this one.
            if overlay.has(&purge::mark(Doomed::Project(project.id)))? {
                return Err(Error::Conflict(
                    "a project with this number is still being removed",
                ));
            }
            create(
                project_key(project.id.0),
                project,
                "there is a project with this number",
                overlay,
            )?;
            slug_is_free(project, overlay)?;
            meta.last_id = meta.last_id.max(project.id.0);
            create_key(key, overlay)
        }
        CatalogChange::UpdateProject(project) => {
            slug_is_free(project, overlay)?;
            update(project_key(project.id.0), project, "project", overlay)
        }
        CatalogChange::DeleteProject(id) => {
            delete(project_key(id.0), "project", overlay)?;
            remove_where(Table::Key, overlay, |key: &ProjectKey| key.project == *id)?;
            rules::forget_project(*id, overlay)?;
            overlay.remove(limits_key(*id));
            purge::doom(Doomed::Project(*id), overlay)
        }
        CatalogChange::ClaimHashes { project, claims } => claim(*project, claims, overlay),
        CatalogChange::CreateKey(key) => create_key(key, overlay),
        CatalogChange::UpdateKey(key) => update(public_key(key), key, "key", overlay),
        CatalogChange::DeleteKey(public) => forget_key(*public, overlay),
        CatalogChange::SetLimits(project, limits) => {
            if !overlay.has(&project_key(project.0))? {
                return Err(Error::Missing("project"));
            }
            overlay.put(limits_key(*project), limits)
        }
        CatalogChange::CreateUser(user) => {
            email_is_free(user, overlay)?;
            create(
                user_key(user.id),
                user,
                "there is a person with this number",
                overlay,
            )?;
            meta.last_id = meta.last_id.max(user.id.0);
            Ok(())
        }
        CatalogChange::UpdateUser(user) => {
            email_is_free(user, overlay)?;
            keeping_an_owner(overlay, |overlay| {
                update(user_key(user.id), user, "person", overlay)
            })
        }
        CatalogChange::DeleteUser(id) => {
            keeping_an_owner(overlay, |overlay| delete(user_key(*id), "person", overlay))?;
            remove_where(Table::Token, overlay, |token: &ApiToken| token.user == *id)?;
            rules::forget_user(*id, overlay)?;
            sign_out(*id, overlay)
        }
        CatalogChange::CreateToken(token) => {
            token_number_is_free(token, overlay)?;
            create(
                secret_key(Table::Token, token.hash),
                token,
                "there is such a token",
                overlay,
            )?;
            meta.last_id = meta.last_id.max(token.id);
            Ok(())
        }
        CatalogChange::DeleteToken(hash) => delete(secret_key(Table::Token, *hash), "token", overlay),
        CatalogChange::CreateSession(session) => create(
            secret_key(Table::Session, session.hash),
            session,
            "there is such a session",
            overlay,
        ),
        CatalogChange::DeleteSession(hash) => delete(secret_key(Table::Session, *hash), "session", overlay),
        CatalogChange::CreateLink(link) => create(
            secret_key(Table::Link, link.hash),
            link,
            "there is such a link",
            overlay,
        ),
        CatalogChange::DeleteLink(hash) => delete(secret_key(Table::Link, *hash), "sign-in link", overlay),
        CatalogChange::SignOut(id) => sign_out(*id, overlay),
        CatalogChange::ForgetEnded(now) => {
            remove_where(Table::Session, overlay, |it: &WebSession| it.expires <= *now)?;
            remove_where(Table::Link, overlay, |it: &SignInLink| it.expires <= *now)
        }
        CatalogChange::ForgetEndlessLinks => remove_where(Table::Link, overlay, |it: &SignInLink| {
            it.expires == Timestamp::MAX
        }),
        CatalogChange::SaveRule(rule) => rules::save_rule(rule, meta, overlay),
        CatalogChange::DeleteRule(id) => rules::delete_rule(*id, overlay),
        CatalogChange::SaveDestination(destination) => rules::save_destination(destination, meta, overlay),
        CatalogChange::DeleteDestination(id) => rules::delete_destination(*id, overlay),
        CatalogChange::SavePreferences(user, preferences) => {
            rules::save_preferences(*user, preferences, overlay)
        }
        CatalogChange::SetSigningKey(key) => rules::set_signing_key(key, overlay),
    }
}

/// Lets hashes that lead nowhere lead to a part of the issue that claims them: events that go by one begin a part there.
/// What nobody wants to hear of is not claimed.
fn claim(project: ProjectId, claims: &[(GroupHash, IssueId)], overlay: &mut Overlay<'_>) -> Result<()> {
    for &(hash, issue) in claims {
        let issue = sum::find(issue, overlay)?.filter(|issue| issue.project == project);
        let Some(issue) = issue else { continue };
        let part = sum::parts_of(issue.id, overlay)?.pop();
        if let Some(part) = part
            && !overlay.has(&hash_key(project, hash))?
            && !overlay.has(&discarded_key(project, hash))?
        {
            lead(project, hash, part, overlay)?;
        }
    }
    Ok(())
}

/// Removes a key, and what was set and counted for it.
fn forget_key(public: PublicKey, overlay: &mut Overlay<'_>) -> Result<()> {
    let row = Key::of(Table::Key).bytes(public.as_bytes());
    let key: Option<ProjectKey> = overlay.get(&row)?;
    delete(row, "key", overlay)?;
    let Some(project) = key.map(|key| key.project) else {
        return Ok(());
    };
    overlay.remove(usage::key_of(project, public));
    if let Some(mut limits) = overlay.get::<ProjectLimits>(&limits_key(project))? {
        limits.set_key(public, Vec::new());
        overlay.put(limits_key(project), &limits)?;
    }
    Ok(())
}

fn limits_key(project: ProjectId) -> Key {
    Key::of(Table::Limits).number(project.0)
}

fn project_key(id: u64) -> Key {
    Key::of(Table::Project).number(id)
}

fn user_key(id: UserId) -> Key {
    Key::of(Table::User).number(id.0)
}

fn public_key(key: &ProjectKey) -> Key {
    Key::of(Table::Key).bytes(key.public.as_bytes())
}

fn secret_key(table: Table, hash: SecretHash) -> Key {
    Key::of(table).bytes(&hash.0)
}

fn create_key(key: &ProjectKey, overlay: &mut Overlay<'_>) -> Result<()> {
    if !overlay.has(&project_key(key.project.0))? {
        return Err(Error::Missing("project"));
    }
    create(public_key(key), key, "there is such a key", overlay)
}

fn create<T: Serialize>(key: Key, value: &T, taken: &'static str, overlay: &mut Overlay<'_>) -> Result<()> {
    if overlay.has(&key)? {
        Err(Error::Conflict(taken))
    } else {
        overlay.put(key, value)
    }
}

fn update<T: Serialize>(key: Key, value: &T, what: &'static str, overlay: &mut Overlay<'_>) -> Result<()> {
    if overlay.has(&key)? {
        overlay.put(key, value)
    } else {
        Err(Error::Missing(what))
    }
}

/// Removes a row that is there.
pub(super) fn delete(key: Key, what: &'static str, overlay: &mut Overlay<'_>) -> Result<()> {
    if !overlay.has(&key)? {
        return Err(Error::Missing(what));
    }
    overlay.remove(key);
    Ok(())
}

/// All rows of a small table, with their keys.
pub(super) fn all<T: serde::de::DeserializeOwned>(
    table: Table,
    overlay: &Overlay<'_>,
) -> Result<Vec<(Key, T)>> {
    let rows = overlay.scan(&Key::of(table), usize::MAX)?;
    rows.into_iter()
        .map(|(key, row)| {
            Ok((
                Key::of(table).bytes(key.get(1..).unwrap_or_default()),
                rows::decode(&row)?,
            ))
        })
        .collect()
}

fn remove_where<T: serde::de::DeserializeOwned>(
    table: Table,
    overlay: &mut Overlay<'_>,
    gone: impl Fn(&T) -> bool,
) -> Result<()> {
    for (key, row) in all::<T>(table, overlay)? {
        if gone(&row) {
            overlay.remove(key);
        }
    }
    Ok(())
}

fn sign_out(id: UserId, overlay: &mut Overlay<'_>) -> Result<()> {
    remove_where(Table::Session, overlay, |it: &WebSession| it.user == id)?;
    remove_where(Table::Link, overlay, |it: &SignInLink| it.user == id)
}

fn slug_is_free(project: &Project, overlay: &Overlay<'_>) -> Result<()> {
    let taken = all::<Project>(Table::Project, overlay)?
        .iter()
        .any(|(_, other)| other.slug == project.slug && other.id != project.id);
    if taken {
        Err(Error::Conflict("there is a project with this slug"))
    } else {
        Ok(())
    }
}

fn email_is_free(user: &User, overlay: &Overlay<'_>) -> Result<()> {
    let taken = all::<User>(Table::User, overlay)?
        .iter()
        .any(|(_, other)| other.email == user.email && other.id != user.id);
    if taken {
        Err(Error::Conflict("there is a person with this e-mail address"))
    } else {
        Ok(())
    }
}

/// A token is kept under its hash but shown and revoked by its number.
fn token_number_is_free(token: &ApiToken, overlay: &Overlay<'_>) -> Result<()> {
    let taken = all::<ApiToken>(Table::Token, overlay)?
        .iter()
        .any(|(_, other)| other.id == token.id);
    if taken {
        Err(Error::Conflict("there is a token with this number"))
    } else {
        Ok(())
    }
}

/// Does `change` unless it leaves no owner, or only invited ones where there was one who can sign in: nobody could
/// ever make one again. Whoever stays an owner is not lost, even if their password is taken for a new one.
fn keeping_an_owner(
    overlay: &mut Overlay<'_>,
    change: impl FnOnce(&mut Overlay<'_>) -> Result<()>,
) -> Result<()> {
    let before = owners(overlay)?;
    change(overlay)?;
    let after = owners(overlay)?;
    let can_sign_in = |owners: &[User]| owners.iter().any(|it| it.password_hash.is_some());
    if after.is_empty() {
        Err(Error::Conflict("the last owner must stay one"))
    } else if after.len() < before.len() && can_sign_in(&before) && !can_sign_in(&after) {
        Err(Error::Conflict(
            "the last owner with a password must stay one: the others were only invited",
        ))
    } else {
        Ok(())
    }
}

fn owners(overlay: &Overlay<'_>) -> Result<Vec<User>> {
    let users = all::<User>(Table::User, overlay)?.into_iter();
    Ok(users
        .map(|(_, user)| user)
        .filter(|it| it.role == Role::Owner)
        .collect())
}
