//! What searches mean, and that no text whatever breaks the parser.

use jiff::Timestamp;
use proptest::prelude::*;

use super::{Query, Test};
use crate::model::Seen;
use crate::model::issue::{Issue, IssueId, Metadata, Status, Substatus};
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;

fn issue() -> Issue {
    Issue {
        id: IssueId(1),
        project: ProjectId(1),
        number: 1,
        seen: Seen {
            title: "ZeroDivisionError: division by zero".to_owned(),
            culprit: Some("shop.cart in total".to_owned()),
            metadata: Metadata {
                kind: Some("ZeroDivisionError".to_owned()),
                value: Some("division by zero".to_owned()),
                ..Metadata::default()
            },
            level: Level::Error,
            platform: "python".to_owned(),
            event_type: "error".to_owned(),
            logger: None,
            unhandled: true,
            first_seen: Timestamp::UNIX_EPOCH,
            last_seen: Timestamp::UNIX_EPOCH,
            times_seen: 1,
            first_release: None,
            last_release: None,
            environments: Vec::new(),
        },
        users: 0,
        status: Status::Unresolved,
        substatus: Substatus::New,
        status_changed: Timestamp::UNIX_EPOCH,
        decision: None,
        decided: None,
        why: None,
        assignee: None,
        interests: std::collections::BTreeMap::new(),
        comments: 0,
        merged_into: None,
    }
}

fn matches(text: &str) -> bool {
    let query: Query = text.parse().expect(text);
    query.matches(&issue(), &mut |key| match key {
        "release" => vec!["shop@1.0".to_owned(), "shop@1.1".to_owned()],
        "browser" => vec!["Mobile Safari".to_owned()],
        "url" => vec!["http://example.com/?a=\"b\"".to_owned()],
        _ => Vec::new(),
    })
}

#[test]
fn issues_are_found_by_what_they_are() {
    for text in [
        "",
        "  ",
        "is:unresolved",
        "!is:resolved !is:ignored !is:archived",
        "level:error platform:python type:error type:ZeroDivisionError",
        "release:shop@1.1 !release:shop@2.0",
        r#"browser:"Mobile Safari""#,
        r#"url:"http://example.com/?a=\"b\"""#,
        "has:browser !has:server_name",
        "ZERODIVISION cart",
        r#""division by zero""#,
        "!nullpointer",
        "ZeroDivisionError: division",
        r#"is:unresolved "shop.cart in""#,
    ] {
        assert!(matches(text), "{text}");
    }
}

#[test]
fn other_issues_are_not() {
    for text in [
        "is:resolved",
        "is:ignored",
        "!is:unresolved",
        "level:warning",
        "!level:error",
        "release:shop@2.0",
        "!release:shop@1.0",
        "browser:mobile",
        "!has:browser",
        "nullpointer",
        r#""zero division""#,
        "!zero",
        "https://example.com",
    ] {
        assert!(!matches(text), "{text}");
    }
}

#[test]
fn a_short_id_means_its_issue() {
    let known = |slug: &str| (slug == "my-shop").then_some(ProjectId(1));
    for (text, found) in [
        ("MY-SHOP-1", true),
        ("my-shop-1 is:unresolved", true),
        ("issue:My-Shop-1", true),
        ("!MY-SHOP-2", true),
        ("!MY-SHOP-1", false),
        ("MY-SHOP-2", false),
        ("issue:MY-SHOP-2", false),
        ("OTHER-1", false),
    ] {
        let query = text.parse::<Query>().unwrap().with_short_ids(known);
        assert_eq!(query.matches(&issue(), &mut |_| Vec::new()), found, "{text}");
    }
    let mut titled = issue();
    titled.seen.title = "SHOP-2 is out of stock".to_owned();
    let query = "SHOP-2".parse::<Query>().unwrap();
    let query = query.with_short_ids(|_| Some(ProjectId(1)));
    assert!(query.matches(&titled, &mut |_| Vec::new()), "it is text, too");
}

#[test]
fn what_cannot_be_understood_is_explained() {
    let fault = |text: &str| text.parse::<Query>().expect_err(text).to_string();
    assert_eq!(fault(r#"a "b c"#), "this quote is never closed (at character 3)");
    assert_eq!(
        fault("is:assigned"),
        "\"is:\" knows unresolved, resolved and archived, not \"assigned\" (at character 4)"
    );
    assert_eq!(
        fault("level:error is:"),
        "a value is missing after \"is:\" (at character 16)"
    );
    assert_eq!(fault("a !"), "a word is missing (at character 4)");
    assert_eq!(
        fault(&"a ".repeat(31)),
        "a search has at most 30 terms (at character 61)"
    );
    assert_eq!(
        fault(&"ü".repeat(2_001)),
        "a search has at most 2000 characters (at character 1)"
    );
    for (text, place) in [
        ("level:error times_seen:>1", 24),
        ("level:[error,fatal]", 7),
        ("browser:Mobile*", 9),
        ("a OR b", 3),
    ] {
        let fault = fault(text);
        assert!(
            fault.contains("not known") && fault.ends_with(&format!("(at character {place})")),
            "{fault}"
        );
    }
    assert!(
        r#"version:">1" a:"[b]" c:"*" "OR""#.parse::<Query>().is_ok(),
        "quoted they are text"
    );
}

#[test]
fn tags_are_read_only_when_the_rest_holds() {
    let query: Query = "release:a is:resolved".parse().unwrap();
    assert!(!query.matches(&issue(), &mut |key| panic!("read {key}")));
}

proptest! {
    #[test]
    fn any_text_is_a_search_or_an_error_within_it(text in r#"([a-z:!"\\ /]|\PC){0,60}"#) {
        match text.parse::<Query>() {
            Ok(query) => { query.matches(&issue(), &mut |_| Vec::new()); }
            Err(fault) => prop_assert!((1..=text.chars().count() + 1).contains(&fault.position)),
        }
    }

    #[test]
    fn a_quoted_value_is_taken_as_it_is(value in r"(//)?[^\\]{1,30}") {
        let text = format!("key:\"{}\"", value.replace('"', "\\\""));
        let query: Query = text.parse().unwrap();
        prop_assert_eq!(&query.terms[0].test, &Test::Tag { key: "key".to_owned(), value });
    }
}
