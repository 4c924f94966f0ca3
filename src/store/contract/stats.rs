//! Counts by hour.

use super::{SHOP, at, batch, event, issues, project};
use crate::model::{Attachment, Outcome, OutcomeCount, TimeRange};
use crate::protocol::category::DataCategory;
use crate::store::{DeadLetter, Store};

/// Everything that was recorded is counted, by kind, outcome, reason and hour, and the sums add up.
pub(in crate::store) async fn outcomes_add_up(store: &Store) {
    store.catalog.apply(vec![project(SHOP.0, "shop")]).await.unwrap();
    let blob = store.blobs.put("12345".into()).await.unwrap();
    let file = Attachment {
        project: SHOP,
        event: super::event_id(1),
        number: 0,
        name: "log.txt".into(),
        kind: "event.attachment".into(),
        content_type: None,
        size: 5,
        blob,
        received: at(1),
    };
    let unsupported = OutcomeCount {
        project: SHOP,
        time: at(7_200),
        category: DataCategory::Session,
        outcome: Outcome::Unsupported,
        reason: "session".into(),
        quantity: 3,
    };
    let mut first = batch(1, vec![event(1), event(1), event(2)]);
    first.attachments = vec![file.clone(), file];
    first.outcomes = vec![unsupported];
    store.issues.record(first).await.unwrap();

    let range = TimeRange {
        start: at(0),
        end: at(86_400),
    };
    let rows = store.stats.outcomes(&[SHOP], range).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .map(|row| {
            let quantity: u64 = row.hours.iter().map(|(_, count)| count).sum();
            format!(
                "{} {} {:?} {quantity}",
                row.category.as_str(),
                row.outcome.name(),
                row.reason
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            r#"error accepted "" 2"#,
            r#"error invalid "duplicate" 1"#,
            r#"attachment accepted "" 5"#,
            r#"attachment invalid "duplicate" 5"#,
            r#"attachment_item accepted "" 1"#,
            r#"attachment_item invalid "duplicate" 1"#,
            r#"session unsupported "session" 3"#,
        ]
    );
    let session = rows
        .iter()
        .find(|row| row.category == DataCategory::Session)
        .unwrap();
    assert_eq!(session.hours, [(at(7_200).as_second(), 3)]);
}

/// Issues and projects have a count for each hour in which something happened.
pub(in crate::store) async fn events_are_counted_by_the_hour_they_happened(store: &Store) {
    super::record(store, [1, 2, 3_600, 90_000].map(event).into()).await;
    let issue = issues(store).await[0].id;
    let range = TimeRange {
        start: at(0),
        end: at(86_400),
    };
    let expected = vec![(at(0).as_second(), 2), (at(3_600).as_second(), 1)];
    assert_eq!(
        store.stats.issue_hours(&[issue], range).await.unwrap(),
        std::slice::from_ref(&expected)
    );
    assert_eq!(store.stats.project_hours(SHOP, range).await.unwrap(), expected);
    assert_eq!(store.stats.activity(SHOP).await.unwrap().first_event, Some(at(1)));
}

/// What digest failed on is countable.
pub(in crate::store) async fn dead_letters_are_counted(store: &Store) {
    let mut one = batch(1, Vec::new());
    one.dead = vec![DeadLetter {
        entry: super::entry("poison"),
        reason: "panicked".into(),
    }];
    store.issues.record(one.clone()).await.unwrap();
    store.issues.record(one).await.unwrap();
    assert_eq!(
        store.stats.dead_letters().await.unwrap(),
        1,
        "the same batch counts once"
    );
    store.stats.writable().await.unwrap();
}
