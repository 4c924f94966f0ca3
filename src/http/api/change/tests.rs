//! What bodies ask for, and that what cannot be understood names its field.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{Act, read};
use crate::model::lifecycle::archive::{Limit, Until};
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::{Assignee, Role, User, UserId, Wish};

fn now() -> Timestamp {
    "2026-03-01T10:20:00Z".parse().unwrap()
}

fn person(id: u64, email: &str) -> User {
    User {
        id: UserId(id),
        email: email.to_owned(),
        name: String::new(),
        password_hash: None,
        role: Role::Member,
        created: Timestamp::UNIX_EPOCH,
    }
}

fn acts_in(body: Value, environments: &[&str]) -> Result<Vec<Act>, String> {
    let asked = serde_json::from_value(body).map_err(|error| error.to_string())?;
    let environments: Vec<_> = environments.iter().map(|it| (*it).to_owned()).collect();
    let people = [person(1, "ada@example.com"), person(2, "bob@example.com")];
    read(&asked, &environments, &people[0], &people, now()).map_err(|error| error.to_string())
}

fn acts(body: Value) -> Result<Vec<Act>, String> {
    acts_in(body, &[])
}

#[test]
fn a_resolve_says_in_what() {
    for (body, kind) in [
        (json!({"status": "resolved"}), ResolvedIn::Now),
        (
            json!({"status": "resolved", "statusDetails": {}, "substatus": null}),
            ResolvedIn::Now,
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inNextRelease": false}}),
            ResolvedIn::Now,
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inNextRelease": true}}),
            ResolvedIn::NextRelease,
        ),
        (
            json!({"status": "resolvedInNextRelease"}),
            ResolvedIn::NextRelease,
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inRelease": "latest"}}),
            ResolvedIn::CurrentRelease,
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inRelease": " shop@2.3.0 "}}),
            ResolvedIn::Release("shop@2.3.0".to_owned()),
        ),
        (
            json!({"status": "resolved", "statusDetails": {"inCommit": {"commit": "ABC1234", "repository": "shop"}}}),
            ResolvedIn::Commit("abc1234".to_owned()),
        ),
    ] {
        let said = body.to_string();
        for (environments, environment) in [
            (vec![], None),
            (vec![""], None),
            (vec!["production"], Some("production")),
        ] {
            let environment = environment.map(str::to_owned);
            let expected = vec![Act::Decide(Ruling::Resolve {
                kind: kind.clone(),
                environment,
            })];
            assert_eq!(acts_in(body.clone(), &environments), Ok(expected), "{said}");
        }
    }
}

#[test]
fn an_archive_says_until_when() {
    let limit = |count, minutes| Limit { count, minutes };
    let hour = Until::Time("2026-03-01T11:20:00Z".parse().unwrap());
    for (more, until) in [
        (json!({}), Until::Forever),
        (json!({"snoozeDuration": null}), Until::Forever),
        (json!({"substatus": "archived_forever"}), Until::Forever),
        (
            json!({"substatus": "archived_until_escalating", "statusDetails": {}}),
            Until::Escalating,
        ),
        (json!({"snoozeDuration": 60}), hour.clone()),
        (json!({"statusDetails": {"ignoreDuration": 60}}), hour.clone()),
        (
            json!({"statusDetails": {"ignoreDuration": 60}, "substatus": "archived_until_condition_met"}),
            hour.clone(),
        ),
        (
            json!({"statusDetails": {"ignoreUntil": "2026-03-01T11:20:00"}}),
            hour.clone(),
        ),
        (
            json!({"statusDetails": {"ignoreCount": 5}}),
            Until::Events(limit(5, None)),
        ),
        (
            json!({"statusDetails": {"ignoreCount": 5, "ignoreWindow": 60}}),
            Until::Events(limit(5, Some(60))),
        ),
        (
            json!({"statusDetails": {"ignoreUserCount": 1, "ignoreUserWindow": 10}}),
            Until::Users(limit(1, Some(10))),
        ),
    ] {
        for status in ["ignored", "archived"] {
            let mut body = more.clone();
            body["status"] = json!(status);
            assert_eq!(
                acts(body),
                Ok(vec![Act::Decide(Ruling::Archive(until.clone()))]),
                "{more}"
            );
        }
    }
}

#[test]
fn people_and_the_team_are_known_by_their_names() {
    let user = |id| Some(Assignee::User(UserId(id)));
    for (name, assignee) in [
        (json!("user:2"), user(2)),
        (json!("BOB@example.com"), user(2)),
        (json!("2"), user(2)),
        (json!("me"), user(1)),
        (json!("team:everyone"), Some(Assignee::Team)),
        (json!("team:1"), Some(Assignee::Team)),
        (json!("#everyone"), Some(Assignee::Team)),
        (json!(""), None),
        (json!(null), None),
    ] {
        let body = json!({"assignedTo": name});
        assert_eq!(acts(body), Ok(vec![Act::Assign(assignee)]), "{name}");
    }
}

#[test]
fn several_things_are_done_in_one_go_and_what_takes_issues_away_last() {
    let body = json!({
        "discard": true, "merge": 1, "status": "unresolved", "substatus": "ongoing", "isSubscribed": false,
        "isBookmarked": true, "assignedTo": null, "hasSeen": true, "unheardOf": 1,
    });
    let expected = vec![
        Act::Assign(None),
        Act::Want(Wish::Bookmark),
        Act::Want(Wish::Unsubscribe),
        Act::Decide(Ruling::Unresolve),
        Act::Merge,
        Act::Discard,
    ];
    assert_eq!(acts(body), Ok(expected));
}

#[test]
fn what_is_not_understood_names_its_field() {
    let details = |details: Value| json!({"status": "ignored", "statusDetails": details});
    let resolve = |details: Value| json!({"status": "resolved", "statusDetails": details});
    for (body, field) in [
        (json!({}), "Nothing is to be changed"),
        (json!({"merge": 0, "discard": false}), "Nothing is to be changed"),
        (json!({"status": "forgotten"}), "not \"forgotten\""),
        (
            json!({"status": "resolved", "substatus": "regressed"}),
            "substatus \"regressed\"",
        ),
        (
            json!({"status": "unresolved", "substatus": "escalating"}),
            "substatus \"escalating\"",
        ),
        (
            json!({"status": "ignored", "substatus": "for_a_while"}),
            "not \"for_a_while\"",
        ),
        (
            json!({"status": "ignored", "substatus": "archived_until_condition_met"}),
            "needs statusDetails",
        ),
        (
            json!({"substatus": "archived_forever"}),
            "substatus needs a status",
        ),
        (
            json!({"statusDetails": {"ignoreCount": 1}}),
            "statusDetails needs a status",
        ),
        (
            json!({"status": "unresolved", "statusDetails": {"inNextRelease": true}}),
            "status \"unresolved\"",
        ),
        (
            json!({"status": "resolved", "statusDetails": {"ignoreCount": 1}}),
            "status \"resolved\"",
        ),
        (
            resolve(json!({"inNextRelease": true, "inRelease": "latest"})),
            "only one can hold",
        ),
        (resolve(json!({"inRelease": ""})), "statusDetails.inRelease"),
        (resolve(json!({"inRelease": "a/b"})), "statusDetails.inRelease"),
        (
            resolve(json!({"inCommit": {"commit": "no hash"}})),
            "statusDetails.inCommit.commit",
        ),
        (
            details(json!({"ignoreDuration": 0})),
            "statusDetails.ignoreDuration",
        ),
        (
            details(json!({"ignoreDuration": i64::MAX})),
            "statusDetails.ignoreDuration",
        ),
        (
            details(json!({"ignoreUntil": "tomorrow"})),
            "statusDetails.ignoreUntil",
        ),
        (
            details(json!({"ignoreUntil": "2026-03-01"})),
            "statusDetails.ignoreUntil is a time to come",
        ),
        (details(json!({"ignoreCount": -1})), "statusDetails.ignoreCount"),
        (
            details(json!({"ignoreWindow": 5})),
            "statusDetails.ignoreWindow needs",
        ),
        (
            details(json!({"ignoreUserCount": 5, "ignoreUserWindow": 0})),
            "statusDetails.ignoreUserWindow",
        ),
        (
            details(json!({"ignoreUserCount": 5, "ignoreCount": 1})),
            "only one can hold",
        ),
        (
            json!({"status": "ignored", "snoozeDuration": -5}),
            "snoozeDuration",
        ),
        (
            json!({"assignedTo": "carol@example.com"}),
            "assignedTo: there is nobody",
        ),
        (json!({"assignedTo": "user:9"}), "assignedTo: there is nobody"),
        (json!({"assignedTo": "user:x"}), "assignedTo: there is nobody"),
        (
            json!({"assignedTo": "team:backend"}),
            "assignedTo: there is no team",
        ),
    ] {
        let said = body.to_string();
        let fault = acts(body).expect_err(&said);
        assert!(fault.contains(field), "{said}: {fault}");
    }
    let everywhere = acts_in(json!({"status": "resolved"}), &["production", "staging"]);
    assert!(everywhere.is_err_and(|fault| fault.contains("environment")));
    let impossible = acts_in(json!({"status": "resolved"}), &["a/b"]);
    assert!(impossible.is_err_and(|fault| fault.contains("environment")));
}
