//! What members want to hear of when it is brought.

use super::office::Office;
use super::*;
use crate::model::alert::delivery::Cargo;
use crate::model::alert::{
    AlertRule, DeliveryState, Notice, Preferences, QuietHours, RuleId, SigningKey, WantedAlerts,
};
use crate::model::{Role, User, UserId};
use crate::notify::NO_MAIL;
use crate::notify::message::tests::{BASE, shop};
use crate::protocol::ids::ProjectId;
use crate::workers::deliveries::errand::message;
use crate::workers::deliveries::letters::letter;
use crate::workers::recaps::Recaps;

const ANN: UserId = UserId(7);

/// An office with a member, and a delivery to them.
async fn office() -> (Office, Delivery) {
    let mut office = Office::closed().await;
    let ann = User {
        id: ANN,
        email: "ann@example.com".to_owned(),
        name: "Ann".to_owned(),
        password_hash: None,
        role: Role::Owner,
        created: office.now(),
    };
    office.apply(CatalogChange::CreateUser(ann)).await;
    office
        .apply(CatalogChange::SetSigningKey(SigningKey([1; 32])))
        .await;
    let id = office.post(&[&Recipient::Member(ANN)]).await;
    let delivery = office.store.outbox.delivery(id).await.unwrap().unwrap();
    (office, delivery)
}

#[tokio::test]
async fn who_wants_none_gets_none_whatever_was_put_into_the_outbox_before() {
    let (office, delivery) = office().await;
    for (alerts, is_told) in [
        (WantedAlerts::All, true),
        (WantedAlerts::Mine, false),
        (WantedAlerts::None, false),
    ] {
        let wanted = Preferences {
            alerts,
            ..Preferences::default()
        };
        office.apply(CatalogChange::SavePreferences(ANN, wanted)).await;
        let found = letter(
            &office.store,
            BASE,
            &Recaps::default(),
            &delivery,
            ANN,
            office.now(),
        )
        .await
        .unwrap();
        assert_eq!(found.is_some(), is_told, "{alerts:?}");
        if let Some(letter) = found {
            let letter = letter.unwrap();
            assert_eq!(letter.to, ["ann@example.com"]);
            assert!(
                letter.text.contains(&format!("{BASE}/unsubscribe/7.alerts.")),
                "{}",
                letter.text
            );
        }
    }
    let gone = letter(
        &office.store,
        BASE,
        &Recaps::default(),
        &delivery,
        UserId(8),
        office.now(),
    )
    .await
    .unwrap();
    assert!(gone.is_none());
    office.close().await;
}

#[tokio::test]
async fn owners_are_told_what_ails_the_installation() {
    let (office, delivery) = office().await;
    let told = async |notice| {
        let delivery = Delivery {
            cargo: Cargo::Notice(notice),
            ..delivery.clone()
        };
        let recaps = Recaps::default();
        let found = letter(&office.store, BASE, &recaps, &delivery, ANN, office.now()).await;
        found
            .unwrap()
            .map(|letter| letter.map(|it| (it.subject, it.text)).unwrap())
    };
    for (notice, subject, link) in [
        (
            Notice::FillsUp { days: 5 },
            "[Tripline] Your data reaches its limit in 5 days",
            "/settings/storage",
        ),
        (
            Notice::FillsUp { days: 0 },
            "[Tripline] Your data has reached its limit",
            "/settings/storage",
        ),
        (
            Notice::Thinned,
            "[Tripline] The disk fills: some payloads are no longer kept",
            "/settings/storage",
        ),
        (
            Notice::SpikeHeld { project: shop().id },
            "[Tripline] Shop sends far more than usual",
            "/settings/projects/shop",
        ),
    ] {
        let (found, text) = told(notice).await.unwrap();
        assert_eq!(found, subject);
        assert!(text.contains(&format!("{BASE}{link}\n")), "{text}");
    }
    let gone = Notice::SpikeHeld {
        project: ProjectId(999),
    };
    assert_eq!(told(gone).await, None);
    let member = User {
        role: Role::Member,
        ..office.store.catalog.users().await.unwrap().remove(0)
    };
    let bob = User {
        id: UserId(8),
        email: "bob@example.com".to_owned(),
        role: Role::Owner,
        ..member.clone()
    };
    office.apply(CatalogChange::CreateUser(bob)).await;
    office.apply(CatalogChange::UpdateUser(member)).await;
    assert_eq!(
        told(Notice::Thinned).await,
        None,
        "who owns it no longer need not know"
    );
    office.close().await;
}

#[tokio::test]
async fn without_a_mail_server_the_history_says_so() {
    let (mut office, delivery) = office().await;
    office.work();
    office
        .once(delivery.id, |it| it.state == DeliveryState::Dropped)
        .await;
    let delivery = office.store.outbox.delivery(delivery.id).await.unwrap().unwrap();
    assert_eq!(delivery.attempts[0].answer, NO_MAIL);
    office.close().await;
}

#[tokio::test]
async fn times_are_said_by_the_clock_of_the_member_or_of_the_rule() {
    let (office, delivery) = office().await;
    let wanted = Preferences {
        zone: "Asia/Tokyo".into(),
        ..Preferences::default()
    };
    office.apply(CatalogChange::SavePreferences(ANN, wanted)).await;
    let (store, now, recaps) = (&office.store, office.now(), Recaps::default());
    let letter = letter(store, BASE, &recaps, &delivery, ANN, now).await.unwrap();
    let text = letter.unwrap().unwrap().text;
    assert!(text.contains("2026-03-01 19:00 JST"), "{text}");

    let mut rule = AlertRule::first(RuleId(9), shop().id, now);
    rule.quiet = Some(QuietHours {
        from: 22 * 60,
        until: 7 * 60,
        zone: "Europe/Berlin".into(),
    });
    office.apply(CatalogChange::SaveRule(rule)).await;
    let told = message(store, BASE, &delivery, None, now).await.unwrap().unwrap();
    assert!(
        told.headline.contains("2026-03-01 11:00 CET"),
        "{}",
        told.headline
    );
    office.close().await;
}
