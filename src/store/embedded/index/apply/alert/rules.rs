//! What people want to be told of, and where.

use crate::model::UserId;
use crate::model::alert::{
    Action, AlertRule, Destination, DestinationId, Fared, Preferences, RuleId, SigningKey, Whom,
};
use crate::protocol::ids::ProjectId;
use crate::store::embedded::index::alerts::{
    destination_key, fared_key, preferences_key, rule_key, signing_key,
};
use crate::store::embedded::index::apply::catalog::{all, delete};
use crate::store::embedded::index::keys::{Key, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::Meta;
use crate::store::{Error, Result};

/// Saves a rule, new or not.
pub(in crate::store::embedded::index::apply) fn save_rule(
    rule: &AlertRule,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let known: Option<AlertRule> = overlay.get(&rule_key(rule.id))?;
    if known.is_some_and(|known| known.created != rule.created) {
        return Err(Error::Conflict("there is an alert rule with this number"));
    }
    if let Some(project) = rule.project
        && !super::is_there(project, overlay)?
    {
        return Err(Error::Missing("project"));
    }
    for action in &rule.actions {
        if let Action::Send { destination } = action
            && !overlay.has(&destination_key(*destination))?
        {
            return Err(Error::Missing("destination"));
        }
    }
    meta.last_id = meta.last_id.max(rule.id.0);
    overlay.put(rule_key(rule.id), rule)
}

/// Deletes a rule.
pub(in crate::store::embedded::index::apply) fn delete_rule(
    id: RuleId,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    delete(rule_key(id), "alert rule", overlay)
}

/// Saves a place that can be told, new or not.
pub(in crate::store::embedded::index::apply) fn save_destination(
    destination: &Destination,
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let key = destination_key(destination.id);
    let known: Option<Destination> = overlay.get(&key)?;
    if known.is_some_and(|known| known.created != destination.created) {
        return Err(Error::Conflict("there is a destination with this number"));
    }
    meta.last_id = meta.last_id.max(destination.id.0);
    // How it is told now has failed nobody yet.
    if let Some(fared) = overlay.get::<Fared>(&fared_key(destination.id))? {
        overlay.put(
            fared_key(destination.id),
            &Fared {
                failing: None,
                ..fared
            },
        )?;
    }
    overlay.put(key, destination)
}

/// Deletes a place that no rule sends to.
pub(in crate::store::embedded::index::apply) fn delete_destination(
    id: DestinationId,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    let sends_there = Action::Send { destination: id };
    let rules = all::<AlertRule>(Table::AlertRule, overlay)?;
    if rules.iter().any(|(_, rule)| rule.actions.contains(&sends_there)) {
        return Err(Error::Conflict("an alert rule sends to this destination"));
    }
    overlay.remove(fared_key(id));
    delete(destination_key(id), "destination", overlay)
}

/// Saves what a member wants to be told of.
pub(in crate::store::embedded::index::apply) fn save_preferences(
    user: UserId,
    preferences: &Preferences,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    if !overlay.has(&Key::of(Table::User).number(user.0))? {
        return Err(Error::Missing("person"));
    }
    overlay.put(preferences_key(user), preferences)
}

/// Sets the key that signs links.
pub(in crate::store::embedded::index::apply) fn set_signing_key(
    key: &SigningKey,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    if overlay.has(&signing_key())? {
        return Err(Error::Conflict("there is a key that signs links"));
    }
    overlay.put(signing_key(), key)
}

/// The rules of a project go with it.
pub(in crate::store::embedded::index::apply) fn forget_project(
    project: ProjectId,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    for (key, rule) in all::<AlertRule>(Table::AlertRule, overlay)? {
        if rule.project == Some(project) {
            overlay.remove(key);
        }
    }
    Ok(())
}

/// What a member wanted goes with them, and rules do not name them any more.
pub(in crate::store::embedded::index::apply) fn forget_user(
    user: UserId,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    overlay.remove(preferences_key(user));
    for (key, before) in all::<AlertRule>(Table::AlertRule, overlay)? {
        let mut rule = before.clone();
        rule.author = rule.author.filter(|author| *author != user);
        for action in &mut rule.actions {
            if let Action::Mail {
                to: Whom::Members(members),
            } = action
            {
                members.retain(|member| *member != user);
            }
        }
        if rule != before {
            overlay.put(key, &rule)?;
        }
    }
    Ok(())
}
