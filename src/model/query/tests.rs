//! What searches mean, and that no text whatever breaks the parser.

mod grammar;
mod property;

use jiff::Timestamp;

use super::{Query, QueryError, Viewer, Wanted};
use crate::model::issue::{Issue, IssueId, Metadata, Status, Substatus};
use crate::model::{Assignee, Brief, Role, Seen, TagPrint, TagPrints, User, UserId, Wish};
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
            bare: 0,
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

const TAGS: [(&str, &[&str]); 3] = [
    ("release", &["shop@1.0", "shop@1.1"]),
    ("browser", &["Mobile Safari"]),
    ("url", &["http://example.com/?a=\"b\""]),
];

/// Whether the search means the issue. What it means is never passed over by what is known of it in brief.
fn matches(text: &str) -> bool {
    let query: Query = text.parse().expect(text);
    let is_meant = query.matches(&issue(), &mut |key| {
        let tag = TAGS.iter().find(|(known, _)| *known == key);
        tag.map_or_else(Vec::new, |(_, values)| {
            values.iter().map(|it| (*it).to_owned()).collect()
        })
    });
    assert!(!is_meant || may_match(&query, &issue()), "{text}");
    is_meant
}

fn may_match(query: &Query, issue: &Issue) -> bool {
    let prints = TAGS.iter().flat_map(|(key, values)| {
        let values = values.iter().map(|value| TagPrint::value(key, value));
        values.chain([TagPrint::key(key)])
    });
    query.may_mean(issue.project, &Brief::of(issue), &TagPrints::of(prints.collect()))
}

#[test]
fn most_issues_that_are_not_meant_need_not_be_read() {
    for text in [
        "is:resolved",
        "!is:unresolved",
        "is:regressed",
        "level:fatal",
        "!level:error",
        "platform:javascript",
        "type:TypeError",
        "is:assigned",
        "has:server_name",
        "browser:Firefox",
        "release:shop@1.2",
        "nullpointer",
        "zero*nullpointer",
        "\"division by one\"",
    ] {
        let query: Query = text.parse().expect(text);
        assert!(!may_match(&query, &issue()), "{text}");
    }
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
        "Zero*Error:*zero !zero*zero*zero cart*total *",
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
        r#""Zero*Error""#,
        "!Zero*Error",
        "zero*division*zero*by",
        "https://example.com",
    ] {
        assert!(!matches(text), "{text}");
    }
}

#[test]
fn issues_are_found_by_what_their_events_say() {
    let known = |slug: &str| (slug == "my-shop").then_some(ProjectId(1));
    for (text, found) in [
        ("teapot", true),
        ("TEAPOT zero", true),
        ("!teapot", false),
        ("teapot nullpointer", false),
        ("!nullpointer", true),
        ("my-shop-3", true),
    ] {
        let said = |wanted: &Wanted| match wanted.text() {
            "teapot" | "my-shop-3" => Ok([issue().id].into()),
            _ => Ok([IssueId(7)].into()),
        };
        let query = text.parse::<Query>().unwrap().with_short_ids(known);
        let query = query.with_said::<()>(said).unwrap();
        assert_eq!(query.matches(&issue(), &mut |_| Vec::new()), found, "{text}");
        assert!(!found || may_match(&query, &issue()), "{text}");
    }
    let query: Query = "a !b".parse().unwrap();
    assert_eq!(query.with_said(|_| Err("no luck")), Err("no luck"));
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

/// As Ada, who is person 1, sees it on that day after the first of 1970.
fn viewed(text: &str, day: i64) -> Result<Query, QueryError> {
    let people = [person(1, "ada@example.com"), person(2, "bob@example.com")];
    let viewer = Viewer {
        me: UserId(1),
        people: &people,
        now: Timestamp::from_second(day * 86_400).unwrap(),
    };
    text.parse::<Query>()?.viewed_by(&viewer)
}

#[test]
fn issues_are_found_by_whose_they_are() {
    let user = |id| Some(Assignee::User(UserId(id)));
    for (assignee, found, others) in [
        (
            None,
            vec!["is:unassigned", "assigned:none", "!is:assigned"],
            vec!["is:assigned", "assigned:me"],
        ),
        (
            user(1),
            vec![
                "assigned:me",
                "is:assigned",
                "assigned:Ada@example.com",
                "assigned_or_suggested:me",
            ],
            vec![
                "assigned:none",
                "assigned:bob@example.com",
                "assigned:#everyone",
                "!assigned:me",
            ],
        ),
        (
            user(2),
            vec!["assigned:bob@example.com", "!assigned:me"],
            vec!["assigned:me", "is:unassigned"],
        ),
        (
            Some(Assignee::Team),
            vec!["assigned:#everyone", "is:assigned"],
            vec!["assigned:me", "assigned:none"],
        ),
    ] {
        let owned = Issue { assignee, ..issue() };
        for (texts, is_found) in [(found, true), (others, false)] {
            for text in texts {
                let query = viewed(text, 0).unwrap();
                assert_eq!(
                    query.matches(&owned, &mut |_| Vec::new()),
                    is_found,
                    "{text} {assignee:?}"
                );
            }
        }
    }
}

#[test]
fn issues_are_found_by_bookmarks() {
    let mut marked = issue();
    marked.interest(UserId(1), |it| it.with(Wish::Bookmark));
    marked.interest(UserId(2), |it| it.with(Wish::Subscribe));
    for (text, found) in [
        ("bookmarks:me", true),
        ("bookmarks:ada@example.com", true),
        ("!bookmarks:me", false),
        ("bookmarks:bob@example.com", false),
    ] {
        let query = viewed(text, 0).unwrap();
        assert_eq!(query.matches(&marked, &mut |_| Vec::new()), found, "{text}");
        assert_eq!(
            query.matches(&issue(), &mut |_| Vec::new()),
            text == "!bookmarks:me",
            "{text}"
        );
    }
    for (text, place) in [("assigned:carol@example.com", 10), ("a bookmarks:x", 13)] {
        assert_eq!(viewed(text, 0).unwrap_err().position, place, "{text}");
    }
}

#[test]
fn open_issues_are_found_by_why_they_are_open() {
    use Substatus::{Escalating, New, Ongoing, Regressed};
    for (substatus, day, word) in [
        (New, 1, "new"),
        (New, 8, "ongoing"),
        (Ongoing, 1, "ongoing"),
        (Regressed, 1, "regressed"),
        (Escalating, 1, "escalating"),
    ] {
        let open = Issue { substatus, ..issue() };
        for other in ["new", "ongoing", "regressed", "escalating"] {
            let query = viewed(&format!("is:{other}"), day).unwrap();
            assert_eq!(
                query.matches(&open, &mut |_| Vec::new()),
                other == word,
                "{substatus:?} on day {day} is {other}"
            );
        }
        let resolved = Issue {
            status: Status::Resolved,
            ..open
        };
        let query = viewed(&format!("is:{word}"), day).unwrap();
        assert!(!query.matches(&resolved, &mut |_| Vec::new()), "{word}");
    }
}

#[test]
fn what_cannot_be_understood_is_explained() {
    let fault = |text: &str| text.parse::<Query>().expect_err(text).to_string();
    assert_eq!(fault(r#"a "b c"#), "this quote is never closed (at character 3)");
    assert_eq!(
        fault("is:linked"),
        "\"is:\" knows unresolved, resolved, archived, new, ongoing, regressed, escalating, assigned and unassigned, \
         not \"linked\" (at character 4)"
    );
    assert_eq!(
        fault("level:error is:"),
        "a value is missing after \"is:\" (at character 16)"
    );
    assert_eq!(
        fault("assigned:"),
        "a value is missing after \"assigned:\" (at character 10)"
    );
    assert_eq!(
        fault("!assigned:#backend"),
        "there is no team \"backend\", only #everyone (at character 11)"
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
}

#[test]
fn tags_are_read_only_when_the_rest_holds() {
    let query: Query = "release:a is:resolved".parse().unwrap();
    assert!(!query.matches(&issue(), &mut |key| panic!("read {key}")));
}
