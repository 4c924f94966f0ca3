//! No text breaks the parser; what is read is written so that it is read again; and an issue is meant when a plain reading
//! of the expression says so, whatever was left out on the way.

use proptest::prelude::*;

use super::*;
use crate::model::query::Expression;
use crate::model::query::term::{Pattern, Test, Values};

/// Texts that are searches, mostly.
fn searches() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        "[a-z]{1,6}",
        r#"[a-zA-Z*()!:,\[\]<>=#._/-]{1,8}"#,
        r#""[^"\\]{1,8}""#,
        r#""(\\"|\\\\|[a-z ()*]){1,6}""#,
        Just("zero".to_owned()),
        Just("by".to_owned()),
    ];
    let value = prop_oneof![
        word.clone(),
        proptest::collection::vec(word.clone(), 1..4).prop_map(|some| format!("[{}]", some.join(","))),
        Just("error".to_owned()),
        Just("Mobile*".to_owned()),
    ];
    let term = prop_oneof![
        word,
        ("(level|browser|url|release|title|[a-z.]{1,5})", value)
            .prop_map(|(key, value)| format!("{key}:{value}")),
        "is:(unresolved|resolved|new|ongoing|assigned|unassigned|ignored)",
        "(times_seen|users):(>|<|>=|<=|)[0-9]{1,4}",
        "(first_seen|last_seen|age):[-+][0-9]{1,3}[mhdw]",
        "(age:(<|>|<=|>=)[0-9]{1,3}[mhdw]|last_seen:(<|>|<=|>=|)1970-01-0[1-4](T0[0-9]:00:00Z|))",
        "release:(<|>|<=|>=)(shop@|)[0-9]\\.[0-9]",
        "(assigned|bookmarks):(me|\"ada@example.com\")",
        "has:(browser|device)",
    ];
    term.prop_recursive(5, 24, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| format!("!{one}")),
            inner.clone().prop_map(|one| format!("NOT {one}")),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(|some| some.join(" ")),
            proptest::collection::vec(inner.clone(), 1..4)
                .prop_map(|some| format!("({})", some.join(" AND "))),
            proptest::collection::vec(inner, 1..4).prop_map(|some| format!("({})", some.join(" OR "))),
        ]
    })
}

/// What an expression says of an issue, read word by word.
fn plain(expression: &Expression, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
    match expression {
        Expression::Test(test) => test.holds(issue, tag),
        Expression::Not(one) => !plain(one, issue, tag),
        Expression::All(some) => some.iter().all(|it| plain(it, issue, tag)),
        Expression::Any(some) => some.iter().any(|it| plain(it, issue, tag)),
    }
}

fn issues() -> impl Strategy<Value = Issue> {
    let level = prop_oneof![Just(Level::Error), Just(Level::Fatal)];
    let status = prop_oneof![Just(Status::Unresolved), Just(Status::Resolved)];
    (0_u64..2_000, 0_u64..200, level, status, 0_i64..400_000).prop_map(
        |(events, users, level, status, seen)| {
            let mut issue = Issue {
                users,
                status,
                ..issue()
            };
            issue.seen.times_seen = events;
            issue.seen.level = level;
            issue.seen.last_seen = Timestamp::from_second(seen).unwrap();
            issue
        },
    )
}

fn tag(key: &str) -> Vec<String> {
    let known = TAGS.iter().find(|(name, _)| *name == key);
    known.map_or_else(Vec::new, |(_, values)| {
        values.iter().map(|it| (*it).to_owned()).collect()
    })
}

proptest! {
    #[test]
    fn any_text_is_a_search_or_an_error_within_it(text in r#"([a-z:!"\\ /()\[\],*<>=+-]|AND|OR|NOT|\PC){0,60}"#) {
        match text.parse::<Query>() {
            Ok(query) => {
                query.matches(&issue(), &mut |_| Vec::new());
                prop_assert_eq!(query.to_string().parse::<Query>(), Ok(query), "{}", text);
            }
            Err(fault) => prop_assert!((1..=text.chars().count() + 1).contains(&fault.position)),
        }
    }

    #[test]
    fn what_is_written_is_read_as_the_same(text in searches()) {
        if let Ok(query) = text.parse::<Query>() {
            let written = query.to_string();
            prop_assert_eq!(written.parse::<Query>(), Ok(query), "{} as {}", text, written);
        }
    }

    #[test]
    fn an_issue_is_meant_when_a_plain_reading_says_so(text in searches(), issue in issues()) {
        if let Ok(query) = viewed(&text, 2) {
            let is_meant = plain(&query.expression, &issue, &mut tag);
            prop_assert_eq!(query.matches(&issue, &mut tag), is_meant, "{}", text);
            prop_assert!(!is_meant || may_match(&query, &issue), "{} is passed over", text);
        }
    }

    #[test]
    fn a_quoted_value_is_taken_as_it_is(value in r"(//)?[^\\]{1,30}") {
        let text = format!("key:\"{}\"", value.replace('"', "\\\""));
        let query: Query = text.parse().unwrap();
        let values = Values::One(Pattern::Plain(value));
        prop_assert_eq!(query.expression, Expression::Test(Test::Tag { key: "key".to_owned(), values }));
    }
}
