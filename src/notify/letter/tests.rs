//! What letters say, and that nothing from outside gets out of its place in them.

use jiff::tz::TimeZone;

use super::*;
use crate::model::alert::{Held, HeldBy};
use crate::notify::message::tests::{firing, hostile, message, new};

const ME: Reader<'_> = Reader::Member {
    email: "ann@example.com",
    unsubscribe: "https://errors.example.com/unsubscribe/1.alerts.ab",
    settings: "https://errors.example.com/settings/account",
};

fn header<'a>(letter: &'a Letter, name: &str) -> Option<&'a str> {
    let found = letter.headers.iter().find(|(it, _)| *it == name);
    found.map(|(_, value)| value.as_str())
}

/// A message as it is told of one issue, with all that is known.
pub(crate) fn full() -> crate::notify::Message {
    let mut message = message(firing(vec![new(3)]));
    let told = &mut message.causes[0];
    told.frames = vec![
        "tea/pot.py:7 in brew".to_owned(),
        "tea/<shop>.py:31 in serve".to_owned(),
    ];
    told.hours = vec![
        0, 0, 0, 0, 0, 1, 1, 0, 0, 2, 1, 0, 0, 1, 3, 2, 1, 0, 0, 4, 8, 11, 5, 2,
    ];
    message
}

#[test]
fn a_letter_of_one_issue_says_all_that_is_known() {
    let letter = Letter::alert(&full(), ME).unwrap();
    insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, letter.text));
    for part in [
        "SHOP-3",
        "TeaError: no tea",
        "pot in brew",
        "1,200",
        "shop@2",
        "&lt;shop&gt;.py:31 in serve",
        "?do=archive",
        "edge-fatal",
    ] {
        assert!(letter.html.contains(part), "{part} in {}", letter.html);
    }
    assert_eq!(
        (letter.id.as_str(), letter.thread.as_deref()),
        ("tripline-delivery-5", Some("tripline-issue-103"))
    );
    assert_eq!(header(&letter, "X-Tripline-Issue"), Some("SHOP-3"));
    assert_eq!(header(&letter, "Auto-Submitted"), Some("auto-generated"));
    assert_eq!(
        header(&letter, "List-Unsubscribe"),
        Some("<https://errors.example.com/unsubscribe/1.alerts.ab>")
    );
    assert_eq!(
        header(&letter, "List-Unsubscribe-Post"),
        Some("List-Unsubscribe=One-Click")
    );
}

#[test]
fn a_letter_of_many_lists_them() {
    let mut firing = firing((1..=3).map(new).collect());
    firing.total = 50;
    firing.released = Some(("shop@2".to_owned(), Some("production".to_owned())));
    firing.held = Some(Held {
        since: firing.time,
        until: firing.time,
        by: HeldBy::Enough,
    });
    let letter = Letter::alert(&message(firing), ME).unwrap();
    insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, letter.text));
    assert!(
        letter
            .html
            .contains("Held until 2026-03-01 10:14 UTC, after 3 messages")
    );
    assert!(letter.html.contains("SHOP-2") && letter.html.contains("… and 47 more"));
    assert_eq!(letter.thread.as_deref(), Some("tripline-4-rule-9"));
    assert_eq!(header(&letter, "X-Tripline-Issue"), None);
}

#[test]
fn who_did_not_ask_for_letters_cannot_stop_them_alone() {
    let to = ["a@example.com".to_owned(), "b@example.com".to_owned()];
    let letter = Letter::alert(&full(), Reader::Addresses(&to)).unwrap();
    assert_eq!(letter.to, to);
    assert_eq!(header(&letter, "List-Unsubscribe"), None);
    assert!(!letter.text.contains("No more") && letter.text.contains("sends to this address"));
}

#[test]
fn nothing_from_outside_gets_out_of_its_place() {
    let letter = Letter::alert(&hostile(), ME).unwrap();
    assert!(
        !letter.html.contains("<script>")
            && !letter.html.contains("</b>")
            && letter.html.contains("&lt;script&gt;")
    );
    for (_, value) in &letter.headers {
        assert!(!value.contains(char::is_control), "{value}");
    }
    assert!(!letter.subject.contains(char::is_control) && letter.subject.chars().count() <= 200);
    assert!(!letter.text.contains('\r') && !letter.text.contains("\nBcc:"));
    assert!(letter.html.len() < 200_000 && letter.text.len() < 60_000);
}

pub(crate) fn week() -> Recap {
    let entry = |name: &str, title: &str, events| Entry {
        name: name.to_owned(),
        title: title.to_owned(),
        culprit: Some("tea.pot in brew".to_owned()),
        events,
        url: format!("https://errors.example.com/issues/{events}"),
    };
    let release = |version: &str, sessions, crash_free| ReleaseUse {
        version: version.to_owned(),
        project: "Shop".to_owned(),
        sessions,
        crash_free,
        url: "https://errors.example.com/releases/shop%402".to_owned(),
    };
    Recap {
        since: "2026-02-23T08:00:00Z".parse().unwrap(),
        until: "2026-03-02T08:00:00Z".parse().unwrap(),
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        events: 12_345,
        events_before: 10_000,
        sections: vec![
            Section {
                title: "New",
                total: 12,
                entries: vec![
                    entry("SHOP-3", "TeaError: no <tea>", 1_200),
                    entry("WEB-7", "TypeError: undefined is not a function", 31),
                ],
            },
            Section {
                title: "Came back",
                total: 1,
                entries: vec![entry("SHOP-1", "PotError: the lid is off", 7)],
            },
            Section {
                title: "Loudest",
                total: 1,
                entries: vec![entry("SHOP-2", "TimeoutError: the kettle did not answer", 9_001)],
            },
        ],
        releases: vec![
            release("shop@2.0.0", 12_000, 9_991),
            release("shop@1.9.9", 800, 9_820),
            release("shop@2.1.0-beta", 40, 9_000),
        ],
        url: "https://errors.example.com/issues".to_owned(),
    }
}

#[test]
fn a_recap_sums_up_a_week() {
    let letter = Letter::recap(&week(), "8", ME).unwrap();
    insta::assert_snapshot!(format!("{}\n\n{}", letter.subject, letter.text));
    assert!(letter.html.contains("no &lt;tea&gt;") && letter.html.contains("99.91 % crash-free"));
    assert_eq!((letter.id.as_str(), letter.thread), ("tripline-delivery-8", None));
    assert!(!week().is_empty());
}

#[test]
fn a_recap_of_a_day_says_what_was_before() {
    let day = |events, events_before| {
        let since = "2026-03-01T08:00:00Z".parse().unwrap();
        let recap = Recap {
            since,
            events,
            events_before,
            sections: Vec::new(),
            releases: Vec::new(),
            ..week()
        };
        Letter::recap(&recap, "8", ME).unwrap().text
    };
    for (events, before, said) in [
        (
            10,
            10,
            "Your day: 1 March\n\n10 events, as many as in the day before.",
        ),
        (15, 10, "50 % more than in the day before"),
        (5, 10, "50 % fewer than in the day before"),
        (1, 0, "1 event, there were none in the day before"),
        (u64::MAX, 1, "more than in the day before"),
    ] {
        let text = day(events, before);
        assert!(text.contains(said), "{said} in {text}");
    }
}
