//! Events and rules that mean harm: whatever comes, there is an answer, and it is no larger than the event.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Component, Rules, compare};
use crate::protocol::event::{Event, Frame, Stacktrace};

const PLATFORMS: [&str; 10] = [
    "native",
    "javascript",
    "node",
    "python",
    "java",
    "php",
    "ruby",
    "csharp",
    "go",
    "else",
];

/// Bytes of text in what a hash is made of.
fn size(component: &Component<'_>) -> usize {
    let own = component.value.as_deref().map_or(0, str::len);
    own + component.parts().iter().map(size).sum::<usize>()
}

/// Groups an event, and answers how much text the largest of its trees has.
fn grouped(event: &mut Event) -> usize {
    let rules = Rules::default();
    let grouping = rules.classify_and_group(event);
    assert!(!grouping.hashes().is_empty());
    grouping
        .variants
        .iter()
        .map(|variant| size(&variant.component))
        .max()
        .unwrap()
}

fn with_frames(platform: &str, frames: Vec<Frame>) -> Event {
    let mut event =
        Event::from_value(json!({"platform": platform, "exception": [{"type": "T", "value": "v"}]})).unwrap();
    event.exception[0].stacktrace = Some(Stacktrace {
        frames,
        ..Stacktrace::default()
    });
    event
}

fn frame(function: &str, line: u64) -> Frame {
    Frame {
        function: Some(function.to_owned()),
        filename: Some(function.to_owned()),
        context_line: Some(function.to_owned()),
        lineno: Some(line),
        ..Frame::default()
    }
}

#[test]
fn long_texts_have_short_answers() {
    for piece in [
        "Foo<",
        "<A as ",
        "{lambda(",
        "Key (name)=(",
        "a.",
        "$1",
        "\"",
        "=\"",
        "\n",
        "::h",
        "1,",
        "in ((",
    ] {
        let text = piece.repeat(1_000_000 / piece.len());
        for platform in ["native", "javascript", "java"] {
            let mut event = with_frames(platform, vec![frame(&text, 1)]);
            event.exception[0].value = Some(text.clone());
            assert!(grouped(&mut event) <= 16 * text.len(), "{piece} in {platform}");
        }
    }
}

#[test]
fn long_stacks_have_answers_of_their_size() {
    for rounds in [1, 2, 7, 40] {
        for platform in ["native", "node", "python"] {
            let names: Vec<String> = (0..rounds).map(|round| format!("call_{round}")).collect();
            let frames = (0..10_000)
                .map(|at| frame(&names[at % rounds], at as u64))
                .collect();
            let size = grouped(&mut with_frames(platform, frames));
            assert!(size <= 10_000 * 64, "{rounds} in {platform}: {size}");
        }
    }
}

fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[a-z<>(){}$@:./\\\\ 0-9_-]{0,40}",
        Just("C:\\x\\y.js".to_owned()),
        Just("https://x.example/a.min.js".to_owned()),
        Just("{{ default }}".to_owned()),
        Just("{{ tags.x }}{{".to_owned()),
    ]
}

fn frames() -> impl Strategy<Value = Value> {
    let members = (
        "function|module|filename|abs_path|context_line|package|platform|raw_function",
        texts(),
    );
    let frame = prop::collection::vec(members, 0..6).prop_map(|members| {
        let mut frame = serde_json::Map::from_iter(members.into_iter().map(|(key, text)| (key, json!(text))));
        frame.insert("in_app".into(), json!(frame.len() % 2 == 0));
        Value::Object(frame)
    });
    prop::collection::vec(frame, 0..8).prop_map(Value::from)
}

fn exceptions() -> impl Strategy<Value = Value> {
    (texts(), texts(), frames(), 0..4_u64, 0..4_u64, any::<bool>()).prop_map(
        |(ty, value, frames, id, parent, is_group)| {
            json!({"type": ty, "value": value, "stacktrace": {"frames": frames},
                "mechanism": {"exception_id": id, "parent_id": parent, "is_exception_group": is_group}})
        },
    )
}

fn events() -> impl Strategy<Value = Event> {
    (
        prop::sample::select(PLATFORMS.to_vec()),
        prop::collection::vec(exceptions(), 0..4),
        frames(),
        texts(),
        prop::collection::vec(texts(), 0..3),
    )
        .prop_map(|(platform, exceptions, frames, message, fingerprint)| {
            let value = json!({"platform": platform, "exception": exceptions, "threads": [{"stacktrace": {"frames": frames}}],
                "message": message, "fingerprint": fingerprint});
            Event::from_value(value).unwrap()
        })
}

#[test]
fn rules_that_are_hard_to_match_take_no_longer_than_others() {
    let line = |number: usize| format!("path:**a*b**c*{number:x}?*a** function:*{number:x}*a -app -group\n");
    let rules: String = (0..1_000).map(line).collect();
    let rules = Rules::parse(&rules, "").unwrap();
    let frame = |at: usize| frame(&format!("{at:x}{}", "abc/".repeat(250)), 1);
    let mut event = with_frames("python", (0..100).map(frame).collect());
    rules.classify_and_group(&mut event);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_event_is_grouped_twice_alike(event in events()) {
        let rules = Rules::default();
        let mut kept = event.clone();
        let (fresh, kept) = (rules.group(&event), rules.classify_and_group(&mut kept));
        prop_assert_eq!(fresh.hashes(), kept.hashes());
        prop_assert_eq!(kept.to_string(), rules.group(&event).to_string());
    }

    #[test]
    fn any_two_events_differ_in_something_or_are_one_issue(a in events(), b in events()) {
        let rules = Rules::default();
        let (a, b) = (rules.group(&a), rules.group(&b));
        prop_assert_eq!(compare(&a, &a).total, 0);
        let found = compare(&a, &b);
        prop_assert_eq!(found.total == 0, a.hashes()[0] == b.hashes()[0]);
        prop_assert!(found.differences.len() <= found.total);
    }

    #[test]
    fn any_rules_are_read_or_refused(
        stack in "((family:|path:|function:|!|\\[|\\]|\\||\\^|v|[+]app|-group|category=|\\*|\"|\\\\| |\n|x){0,3} ){0,8}",
        prints in "((type:|tags\\.|->|\\{\\{|\\}\\}|title=|,|\"| |\n|x){0,3} ){0,8}",
        any in any::<String>(),
    ) {
        let mut event = with_frames("python", vec![frame("x", 1)]);
        for (stack, prints) in [(&stack, &prints), (&any, &any)] {
            if let Ok(rules) = Rules::parse(stack, "") {
                rules.classify(&mut event);
                rules.group(&event);
            }
            if let Ok(rules) = Rules::parse("", prints) {
                rules.group(&event);
            }
        }
    }
}
