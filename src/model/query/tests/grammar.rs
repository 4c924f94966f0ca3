//! Operators, wildcards, lists and comparisons, by table; and where what is wrong stands.

use super::*;

/// The issue of these tests: 120 events of 30 users, from the 10th of January 2026 to noon on the 20th.
fn seen() -> Issue {
    let mut issue = issue();
    issue.seen.times_seen = 120;
    issue.users = 30;
    issue.seen.first_seen = "2026-01-10T08:00:00Z".parse().unwrap();
    issue.seen.last_seen = "2026-01-20T12:00:00Z".parse().unwrap();
    issue
}

/// Whether the search means it, at six in the evening of the 20th.
fn means(text: &str) -> bool {
    let viewer = Viewer {
        me: UserId(1),
        people: &[],
        now: "2026-01-20T18:00:00Z".parse().unwrap(),
    };
    let query: Query = text.parse().expect(text);
    let query = query.viewed_by(&viewer).expect(text);
    let tags: [(&str, &[&str]); 4] = [
        ("release", &["shop@2.0.3", "shop@2.1.0", "nightly"]),
        ("browser.name", &["Safari"]),
        ("url", &["https://shop.example/cart"]),
        ("environment", &["production"]),
    ];
    let values = |key: &str| {
        let known = tags.iter().find(|(name, _)| *name == key);
        known.map_or_else(Vec::new, |(_, values)| {
            values.iter().map(|it| (*it).to_owned()).collect()
        })
    };
    let is_meant = query.matches(&seen(), &mut |key| values(key));
    let prints = tags.iter().flat_map(|(key, values)| {
        let values = values.iter().map(|value| TagPrint::value(key, value));
        values.chain([TagPrint::key(key)])
    });
    let tags = TagPrints::of(prints.collect());
    let may_be = query.may_mean(ProjectId(1), &Brief::of(&seen()), &tags);
    assert!(may_be || !is_meant, "{text} is passed over");
    is_meant
}

#[test]
fn an_expression_means_what_it_says() {
    for (text, is_meant) in [
        ("level:error AND is:unresolved", true),
        ("level:fatal OR is:unresolved", true),
        ("level:fatal OR is:resolved", false),
        // AND binds tighter than OR, said or not.
        ("level:error OR level:fatal is:resolved", true),
        ("(level:error OR level:fatal) is:resolved", false),
        ("(level:error OR level:fatal) (is:resolved OR division)", true),
        ("NOT level:fatal", true),
        ("NOT (level:error OR level:fatal)", false),
        ("!(level:fatal is:unresolved)", true),
        ("!!level:error", true),
        ("NOT !level:error", true),
        ("((((zero))))", true),
        ("\"OR\"", true),
        ("\"AND\"", false),
        ("or", true),
        ("level:[error, fatal]", true),
        ("!level:[error,fatal]", false),
        ("level:[warning]", false),
        ("is:[resolved,unresolved]", true),
        ("browser.name:[Firefox,\"Safari\"]", true),
        ("browser.name:Saf*", true),
        ("browser.name:saf*I", true),
        ("browser.name:Saf*o", false),
        ("browser.name:*", true),
        ("browser.version:*", false),
        ("!url:*/health*", true),
        ("!url:*/cart*", false),
        ("url:https://*.example/*", true),
        ("url:[*/health,*/cart]", true),
        ("url:\"*/cart\"", false),
        ("title:Zero*", true),
        ("culprit:\"shop.cart in total\"", true),
        ("culprit:*checkout*", false),
        ("div*zero", true),
        ("zero*div", true),
        ("by*division", false),
        ("has:browser.name !has:device", true),
        ("device:\"\"", true),
        ("url:\"\"", false),
        ("environment:production", true),
    ] {
        assert_eq!(means(text), is_meant, "{text}");
    }
}

#[test]
fn numbers_times_and_releases_are_compared() {
    for (text, is_meant) in [
        ("times_seen:>100", true),
        ("times_seen:>120", false),
        ("times_seen:>=120", true),
        ("timesSeen:120", true),
        ("!times_seen:<120", true),
        ("users:>10", true),
        ("users:<=29", false),
        ("first_seen:-24h", false),
        ("first_seen:+7d", true),
        ("firstSeen:>=2026-01-10", true),
        ("first_seen:2026-01-10", true),
        ("first_seen:2026-01-11", false),
        ("first_seen:<2026-01-10", false),
        ("first_seen:>2026-01-10", false),
        ("first_seen:>2026-01-10T07:59", true),
        ("first_seen:>2026-01-10T10:30:00+02:00", false),
        ("last_seen:-24h", true),
        ("last_seen:-5h", false),
        ("lastSeen:+5h", true),
        ("last_seen:-4000000000w", true),
        ("age:+7d", true),
        ("age:-7d", false),
        ("age:>1w", true),
        ("age:<2w", true),
        ("age:>=2w", false),
        ("release:>=2.1", true),
        ("release:>2.1", false),
        ("release:<2.1", true),
        ("release:<2.0", false),
        ("release:>=shop@2.1.0", true),
        ("release:>=api@1.0", false),
        ("release:nightly", true),
        ("release:shop@2.*", true),
    ] {
        assert_eq!(means(text), is_meant, "{text}");
    }
}

#[test]
fn a_search_is_written_as_it_is_read() {
    for (text, written) in [
        ("", ""),
        ("  a   AND b ", "a b"),
        ("NOT (a OR b) c", "!(a OR b) c"),
        ("a (b c) OR d", "(a (b c)) OR d"),
        ("is:ignored timesSeen:>5", "is:archived times_seen:>5"),
        ("url:\"a b\" Browser:Saf*", "url:\"a b\" Browser:saf*"),
        (r#""C:\new \"x\"""#, r#""c:\\new \"x\"""#),
        (
            "age:-3d age:>2w first_seen:2026-01-02",
            "first_seen:-3d age:>2w first_seen:2026-01-02",
        ),
        ("assigned:[me, none]", "assigned:me OR assigned:none"),
        ("key:\"\"", "!has:key"),
    ] {
        let query: Query = text.parse().expect(text);
        assert_eq!(query.to_string(), written, "{text}");
    }
}

#[test]
fn what_is_wrong_is_pointed_at() {
    for (text, place, part) in [
        ("level:error )", 13, "no parenthesis is open here"),
        ("(a OR b", 1, "this parenthesis is never closed"),
        ("a f(x", 4, "this parenthesis is never closed"),
        ("()", 2, "a term is missing"),
        ("a OR", 5, "a term is missing"),
        ("OR a", 1, "a term is missing"),
        ("AND a", 1, "AND stands between two terms"),
        ("a AND", 3, "AND stands between two terms"),
        ("a NOT", 6, "a word is missing"),
        ("level:[error", 7, "this list is never closed"),
        ("level:[error,]", 14, "a value of this list is missing"),
        ("level:[\"a\" b]", 12, "between commas"),
        ("[a,b]", 1, "a list stands behind a key"),
        (
            "times_seen:many",
            12,
            "expected a number, as in times_seen:>100, not \"many\"",
        ),
        ("users:>", 7, "expected a number"),
        ("first_seen:yesterday", 12, "expected -24h"),
        ("age:7d", 5, "expected -24h"),
        ("last_seen:-2y", 11, "expected -24h"),
        ("last_seen:--2d", 11, "expected -24h"),
        ("release:>=newest", 9, "expected a version"),
        ("browser:>3", 9, "tags are not"),
        ("age:", 5, "a value is missing after \"age:\""),
    ] {
        let fault = text.parse::<Query>().expect_err(text);
        assert!(fault.message.contains(part), "{text}: {fault}");
        assert_eq!(fault.position, place, "{text}: {fault}");
    }
    let deep = format!("{}a", "!".repeat(5_00));
    assert!(deep.parse::<Query>().is_err());
    let deep = format!("{}a{}", "(".repeat(900), ")".repeat(900));
    assert!(deep.parse::<Query>().is_err());
}
