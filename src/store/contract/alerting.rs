//! What people want to be told of, and where.

use super::catalog::user;
use super::{SHOP, at, project};
use crate::model::alert::{
    Action, AlertRule, Channel, Condition, Destination, DestinationId, DigestEvery, Preferences, QuietHours,
    RuleId, SigningKey, Test, WantedAlerts, When, Whom,
};
use crate::model::{Assignee, Role, UserId};
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;
use crate::store::{CatalogChange, Error, Store};

/// A rule with one of every kind of trigger, condition and action.
pub(in crate::store) fn rule(id: u64, of: Option<ProjectId>) -> AlertRule {
    let (count, minutes) = (5, 60);
    let when = vec![
        When::NewIssue,
        When::Events { count, minutes },
        When::Users { count, minutes },
        When::ErrorRate {
            above: 500,
            minutes,
            sessions: 10,
        },
        When::Silence { minutes },
    ];
    let pattern = || "*Error".to_owned();
    let names = || vec!["production".to_owned()];
    let tests = [
        Test::Environment { names: names() },
        Test::Level { least: Level::Error },
        Test::Release { pattern: pattern() },
        Test::Tag {
            key: "browser".into(),
            pattern: pattern(),
        },
        Test::Platform { names: names() },
        Test::Assignee {
            to: Some(Assignee::User(UserId(7))),
        },
        Test::Assignee { to: None },
        Test::Title { pattern: pattern() },
        Test::Type { pattern: pattern() },
        Test::Younger { minutes },
    ];
    let mail = |to| Action::Mail { to };
    AlertRule {
        id: RuleId(id),
        name: "Everything".into(),
        project: of,
        enabled: true,
        when,
        conditions: tests
            .into_iter()
            .map(|test| Condition { test, negated: true })
            .collect(),
        actions: vec![
            mail(Whom::Everyone),
            mail(Whom::Assignee),
            mail(Whom::Members(vec![UserId(7), UserId(8)])),
            Action::Send {
                destination: DestinationId(50),
            },
        ],
        at_most_every: 30,
        quiet: Some(QuietHours {
            from: 1_320,
            until: 360,
            zone: "Europe/Berlin".into(),
        }),
        muted_until: Some(at(3)),
        created: at(1),
        author: Some(UserId(7)),
    }
}

/// A place that can be told.
pub(in crate::store) fn destination(id: u64) -> Destination {
    Destination {
        id: DestinationId(id),
        name: "on call".into(),
        channel: Channel::Ntfy {
            url: "https://ntfy.sh".into(),
            topic: "shop".into(),
            token: None,
        },
        created: at(0),
    }
}

async fn refused(store: &Store, change: CatalogChange) -> Option<String> {
    match store.catalog.apply(vec![change]).await {
        Err(error @ (Error::Conflict(_) | Error::Missing(_))) => Some(error.to_string()),
        _ => None,
    }
}

/// Rules name what is there: they are refused otherwise, and what they name stays or goes with them.
pub(in crate::store) async fn rules_and_destinations_hold_together(store: &Store) {
    store.catalog.apply(vec![project(1, "shop")]).await.unwrap();
    let save = |rule| CatalogChange::SaveRule(rule);
    let nowhere = refused(store, save(rule(60, None))).await;
    assert_eq!(nowhere.as_deref(), Some("there is no such destination"));
    let place = CatalogChange::SaveDestination(destination(50));
    store.catalog.apply(vec![place.clone(), place]).await.unwrap();
    assert_eq!(store.alerting.destinations().await.unwrap(), [destination(50)]);
    let elsewhere = refused(store, save(rule(60, Some(ProjectId(9))))).await;
    assert_eq!(elsewhere.as_deref(), Some("there is no such project"));
    let (all, own) = (rule(60, None), rule(61, Some(SHOP)));
    store
        .catalog
        .apply(vec![save(own.clone()), save(all.clone())])
        .await
        .unwrap();
    assert_eq!(store.alerting.rules().await.unwrap(), [all.clone(), own]);
    assert_eq!(store.catalog.next_id().await.unwrap(), 62);

    let mut renamed = all.clone();
    renamed.name = "All".into();
    store.catalog.apply(vec![save(renamed.clone())]).await.unwrap();
    let mut second = all;
    second.created = at(2);
    assert!(
        refused(store, save(second)).await.is_some(),
        "two people took one number"
    );
    let gone = CatalogChange::DeleteDestination(DestinationId(50));
    assert_eq!(
        refused(store, gone.clone()).await.as_deref(),
        Some("an alert rule sends to this destination")
    );
    store
        .catalog
        .apply(vec![CatalogChange::DeleteProject(SHOP)])
        .await
        .unwrap();
    assert_eq!(store.alerting.rules().await.unwrap(), [renamed]);
    let delete = CatalogChange::DeleteRule(RuleId(60));
    store
        .catalog
        .apply(vec![delete.clone(), gone.clone()])
        .await
        .unwrap();
    assert!(store.alerting.rules().await.unwrap().is_empty());
    assert!(refused(store, delete).await.is_some() && refused(store, gone).await.is_some());
}

/// What a member wants goes with them, and rules do not name them any more.
pub(in crate::store) async fn preferences_are_a_members_own(store: &Store) {
    let people =
        [7, 8].map(|id| CatalogChange::CreateUser(user(id, &format!("{id}@example.com"), Role::Owner)));
    store.catalog.apply(people.to_vec()).await.unwrap();
    let preferences = Preferences {
        alerts: WantedAlerts::Mine,
        digest: DigestEvery::Daily,
        hour: 7,
        zone: "Europe/Berlin".into(),
    };
    let wants = |who: u64| CatalogChange::SavePreferences(UserId(who), preferences.clone());
    let place = CatalogChange::SaveDestination(destination(50));
    let changes = vec![wants(7), place, CatalogChange::SaveRule(rule(60, None))];
    store.catalog.apply(changes).await.unwrap();
    assert!(refused(store, wants(9)).await.is_some());
    let of = async |who| store.alerting.preferences(UserId(who)).await.unwrap();
    assert_eq!(
        (of(7).await, of(8).await),
        (preferences.clone(), Preferences::default())
    );
    store
        .catalog
        .apply(vec![CatalogChange::DeleteUser(UserId(7))])
        .await
        .unwrap();
    assert_eq!(of(7).await, Preferences::default());
    let rule = store.alerting.rules().await.unwrap().remove(0);
    let left = Action::Mail {
        to: Whom::Members(vec![UserId(8)]),
    };
    assert!(rule.actions.contains(&left) && rule.author.is_none());
}

/// The key that signs links is set once.
pub(in crate::store) async fn links_are_signed_with_one_key(store: &Store) {
    assert_eq!(store.alerting.signing_key().await.unwrap(), None);
    let key = SigningKey([7; 32]);
    store
        .catalog
        .apply(vec![CatalogChange::SetSigningKey(key)])
        .await
        .unwrap();
    let other = CatalogChange::SetSigningKey(SigningKey([8; 32]));
    assert!(refused(store, other).await.is_some());
    assert_eq!(store.alerting.signing_key().await.unwrap(), Some(key));
}
