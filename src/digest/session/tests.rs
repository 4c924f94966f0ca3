//! Sessions as they arrive, and what is recorded of them.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::super::tests::{digest, entry, one};
use crate::digest::Digested;
use crate::model::session::{SessionReport, Sessions};
use crate::model::timeline::at;
use crate::protocol::envelope::{Envelope, Item, ItemType};
use crate::protocol::session::SessionStatus;

fn session(payload: &Value) -> Result<SessionReport, String> {
    fate(digest(&one(Item::new(ItemType::Session, payload.to_string()))).unwrap())
}

fn fate(mut digested: Digested) -> Result<SessionReport, String> {
    digested.sessions.pop().ok_or_else(|| {
        assert_eq!(digested.outcomes.len(), 1, "exactly one outcome");
        digested.outcomes[0].reason.clone()
    })
}

#[test]
fn times_out_of_range_are_refused() {
    // Received at 10:00 on 21 November.
    for (started, timestamp, expected) in [
        ("2026-11-21T09:59:00Z", "2026-11-21T10:00:00Z", Ok(())),
        ("2026-11-16T10:00:00Z", "2026-11-21T10:00:00Z", Ok(())),
        ("2026-11-21T10:00:59Z", "2026-11-21T10:00:59Z", Ok(())),
        (
            "2026-11-16T09:59:59Z",
            "2026-11-21T10:00:00Z",
            Err("timestamp_out_of_range"),
        ),
        (
            "2026-11-21T10:01:01Z",
            "2026-11-21T10:00:00Z",
            Err("timestamp_out_of_range"),
        ),
        (
            "2026-11-21T09:00:00Z",
            "2026-11-21T10:01:01Z",
            Err("timestamp_out_of_range"),
        ),
    ] {
        let payload = json!({"started": started, "timestamp": timestamp, "attrs": {"release": "1"}});
        let fate = session(&payload).map(|_| ());
        assert_eq!(fate, expected.map_err(str::to_owned), "{started} {timestamp}");
    }
}

#[test]
fn a_wrong_clock_is_corrected() {
    let envelope = concat!(
        r#"{"sent_at":"2026-11-20T08:00:00Z"}"#,
        "\n",
        r#"{"type":"session"}"#,
        "\n",
        r#"{"started":"2026-11-20T07:30:00Z","timestamp":"2026-11-20T08:00:00Z","attrs":{"release":"1"}}"#,
    );
    let report = fate(digest(&entry(envelope)).unwrap()).unwrap();
    let Sessions::One(update) = report.sessions else {
        panic!("one session")
    };
    assert_eq!(update.started.to_string(), "2026-11-21T09:30:00Z");
    assert_eq!(
        update.standing.sequence, 1_795_161_600_000,
        "by the client's own clock"
    );
}

#[test]
fn a_session_without_an_identifier_is_itself() {
    let id = |payload: &Value| match session(payload).unwrap().sessions {
        Sessions::One(update) => update.id,
        Sessions::Many(_) => panic!("one session"),
    };
    let payload =
        |errors| json!({"started": "2026-11-21T09:59:00Z", "errors": errors, "attrs": {"release": "1"}});
    assert_eq!(id(&payload(1)), id(&payload(1)), "digested again");
    assert_ne!(id(&payload(1)), id(&payload(2)));
}

#[test]
fn groups_of_one_hour_are_one() {
    let payload = json!({
        "aggregates": [
            {"started": "2026-11-21T08:59:00Z", "exited": 1, "crashed": 2, "unhandled": 4, "abnormal": 1},
            {"started": "2026-11-21T08:01:00Z", "exited": 3, "errored": 1},
            {"started": "2026-11-21T09:00:00Z", "exited": 7},
            {"started": "2026-11-21T09:00:00Z", "exited": 1, "did": "42"},
            {"started": "2026-11-01T09:00:00Z", "exited": 9},
        ],
        "attrs": {"release": "1", "environment": "none"},
    });
    let report = fate(digest(&one(Item::new(ItemType::Sessions, payload.to_string()))).unwrap()).unwrap();
    assert_eq!(report.environment, None);
    let Sessions::Many(groups) = report.sessions else {
        panic!("many sessions")
    };
    let told: Vec<_> = groups
        .iter()
        .map(|it| {
            (
                it.started,
                it.user.as_deref(),
                it.counts.started,
                it.counts.errored,
                it.counts.crashed,
            )
        })
        .collect();
    let hour = 1_795_248_000;
    assert_eq!(
        told,
        [
            (at(hour + 60), None, 12, 8, 2),
            (at(hour + 3_600), None, 7, 0, 0),
            (at(hour + 3_600), Some("42"), 1, 0, 0),
        ]
    );
}

/// Every session that a real SDK sent is taken, each with the release that the SDK was given.
#[test]
fn what_real_sdks_send_is_taken() {
    let sdks = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/sdk");
    let mut statuses = Vec::new();
    let mut groups = 0;
    for file in fs::read_dir(sdks)
        .unwrap()
        .flat_map(|sdk| fs::read_dir(sdk.unwrap().path()).into_iter().flatten())
    {
        let path = file.unwrap().path();
        if path.extension().is_none_or(|kind| kind != "env") {
            continue;
        }
        let bytes = fs::read(&path).unwrap();
        let items = Envelope::parse_accepted(&bytes.into()).unwrap().items;
        for item in items
            .into_iter()
            .filter(|it| matches!(it.ty(), ItemType::Session | ItemType::Sessions))
        {
            let report =
                fate(digest(&one(item)).unwrap()).unwrap_or_else(|reason| panic!("{path:?}: {reason}"));
            assert_eq!(report.release, "shop@1.2.3", "{path:?}");
            match report.sessions {
                Sessions::One(update) => statuses.push(update.standing.status),
                Sessions::Many(_) => groups += 1,
            }
        }
    }
    statuses.sort();
    statuses.dedup();
    assert_eq!(
        statuses,
        [
            SessionStatus::Ok,
            SessionStatus::Exited,
            SessionStatus::Unhandled,
            SessionStatus::Crashed
        ]
    );
    assert!(groups > 0);
}
