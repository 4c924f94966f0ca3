//! Sessions as tables: what SDKs send, and what is no session.

use super::*;
use proptest::prelude::*;
use serde_json::json;

fn read(session: Value) -> Result<SessionUpdate, Error> {
    update(session.to_string().as_bytes())
}

/// A session of the shop with some members changed.
fn with(changes: Value) -> Value {
    let mut session = json!({
        "sid": "7908615f4b2d462b9b682d58c49fff3c",
        "started": "2026-11-21T03:07:54.416Z",
        "attrs": {"release": "shop@1.2.3", "environment": "staging"},
    });
    let members = session.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    session
}

#[test]
fn what_is_left_out_has_its_meaning() {
    let session = read(with(json!({}))).unwrap();
    assert_eq!(session.status, SessionStatus::Ok);
    assert_eq!((session.errors, session.sequence), (0, None));
    assert_eq!((session.timestamp, session.user), (None, None));
    assert_eq!(session.attributes.release, "shop@1.2.3");
    assert_eq!(session.attributes.environment.as_deref(), Some("staging"));
}

#[test]
fn identifiers_have_many_spellings() {
    let of = |sid: Value| read(with(json!({"sid": sid}))).unwrap().id;
    let plain = of(json!("7908615f4b2d462b9b682d58c49fff3c"));
    assert_eq!(of(json!("7908615F-4B2D-462B-9B68-2D58C49FFF3C")), plain);
    for none in [
        json!(null),
        json!(""),
        json!(7),
        json!("00000000-0000-0000-0000-000000000000"),
    ] {
        assert_eq!(of(none.clone()), None, "{none}");
    }
    assert_eq!(of(json!("mine")), of(json!(" mine ")));
    assert_ne!(of(json!("mine")), of(json!("yours")));
    let whose = |did: Value| read(with(json!({"did": did}))).unwrap().user;
    for (did, user) in [
        (json!("42"), Some("42")),
        (json!(42), Some("42")),
        (json!("00000000-0000-0000-0000-000000000000"), None),
        (json!("00000000000000000000000000000000"), None),
        (json!(" "), None),
        (json!(null), None),
        (json!({}), None),
    ] {
        assert_eq!(whose(did.clone()).as_deref(), user, "{did}");
    }
    assert_eq!(whose(json!("ü".repeat(900))).unwrap().chars().count(), USER_CHARS);
}

#[test]
fn every_word_for_how_it_stands_is_known() {
    for (word, is_terminal, is_error) in [
        ("ok", false, false),
        ("exited", true, false),
        ("errored", true, true),
        ("unhandled", true, true),
        ("abnormal", true, true),
        ("crashed", true, true),
        ("Crashed", true, true),
    ] {
        let status = read(with(json!({"status": word}))).unwrap().status;
        assert_eq!(
            (status.is_terminal(), status.is_error()),
            (is_terminal, is_error),
            "{word}"
        );
    }
    assert_eq!(
        read(with(json!({"status": null}))).unwrap().status,
        SessionStatus::Ok
    );
    for word in [json!("degraded"), json!(""), json!(3)] {
        assert_eq!(
            read(with(json!({"status": word.clone()}))),
            Err(Error::Status),
            "{word}"
        );
    }
}

#[test]
fn the_first_update_comes_before_all_others() {
    for (changes, sequence) in [
        (json!({"seq": 12}), Some(12)),
        (json!({"init": true, "seq": 12}), Some(0)),
        (json!({"init": true}), Some(0)),
        (json!({"init": false}), None),
        (json!({"seq": -1}), None),
        (json!({"seq": "x"}), None),
    ] {
        assert_eq!(
            read(with(changes.clone())).unwrap().sequence,
            sequence,
            "{changes}"
        );
    }
    assert_eq!(read(with(json!({"seq": u64::MAX}))), Err(Error::NotASession));
}

#[test]
fn what_cannot_be_counted_is_refused_and_what_does_not_matter_is_not() {
    for (changes, error) in [
        (json!({"started": null}), Error::Started),
        (json!({"started": "yesterday"}), Error::Started),
        (json!({"attrs": null}), Error::Release),
        (json!({"attrs": {"environment": "staging"}}), Error::Release),
        (json!({"attrs": {"release": " "}}), Error::Release),
        (json!({"attrs": {"release": "latest"}}), Error::Release),
        (json!({"attrs": {"release": "a/b"}}), Error::Release),
    ] {
        assert_eq!(read(with(changes.clone())), Err(error), "{changes}");
    }
    for changes in [
        json!({"attrs": {"release": 12, "environment": "a/b", "ip_address": "{{auto}}"}}),
        json!({"attrs": {"release": "12", "environment": "none", "ip_address": "nowhere", "user_agent": 7}}),
        json!({"attrs": {"release": "12"}, "timestamp": [], "errors": -7, "duration": "long", "abnormal_mechanism": null}),
    ] {
        let session = read(with(changes.clone())).unwrap();
        assert_eq!(session.attributes.release, "12", "{changes}");
        assert_eq!(
            (session.attributes.environment, session.errors),
            (None, 0),
            "{changes}"
        );
    }
    for payload in [&b""[..], b"[]", b"null", b"no session"] {
        assert_eq!(update(payload), Err(Error::NotASession));
        assert_eq!(groups(payload), Err(Error::NotASession));
    }
}

#[test]
fn groups_count_what_ended() {
    let sessions = json!({
        "aggregates": [
            {"started": "2026-11-21T00:14:00Z", "exited": 5, "errored": 1, "crashed": 2, "did": "42"},
            {"started": "2026-11-21T00:15:00Z", "abnormal": 1, "unhandled": 3, "exited": null, "errored": -4},
            {"exited": 7},
            {"started": "2026-11-21T00:16:00Z", "exited": u64::MAX},
            7,
        ],
        "attrs": {"release": "shop@1.2.3"},
    });
    let (groups, attributes) = groups(sessions.to_string().as_bytes()).unwrap();
    let told: Vec<_> = groups
        .iter()
        .map(|it| (it.exited, it.errored, it.unhandled, it.abnormal, it.crashed))
        .collect();
    assert_eq!(told, [(5, 1, 0, 0, 2), (0, 0, 3, 1, 0), (MAX_COUNT, 0, 0, 0, 0)]);
    assert_eq!(groups[0].user.as_deref(), Some("42"));
    assert_eq!(attributes.environment, None);
    let without = |sessions: Value| super::groups(sessions.to_string().as_bytes());
    let attrs = json!({"release": "1"});
    assert_eq!(
        without(json!({"aggregates": [{}], "attrs": attrs})),
        Err(Error::Started)
    );
    assert_eq!(
        without(json!({"aggregates": {}, "attrs": attrs})),
        Err(Error::NotASession)
    );
    assert_eq!(without(json!({"aggregates": [{}]})), Err(Error::Release));
}

proptest! {
    #[test]
    fn any_payload_is_survived(payload in proptest::collection::vec(any::<u8>(), 0..100)) {
        let _ = update(&payload);
        let _ = groups(&payload);
    }
}
