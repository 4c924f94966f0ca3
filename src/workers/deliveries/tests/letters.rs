//! What members want to hear of when it is brought.

use super::office::Office;
use super::*;
use crate::model::alert::{
    AlertRule, DeliveryState, Preferences, QuietHours, RuleId, SigningKey, WantedAlerts,
};
use crate::model::{Role, User, UserId};
use crate::notify::NO_MAIL;
use crate::notify::message::tests::{BASE, shop};
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
