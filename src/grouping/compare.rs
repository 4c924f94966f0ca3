//! In what two groupings differ: the near miss, why two events are not one issue. Pure.
//!
//! ```text
//! exception 2 of 2, frame 3 (from the crash), function    brew    pour
//! exception 2 of 2, frame 1 (from the crash)              -       stir, tea/cup.py
//! ```
//!
//! What does not contribute is not looked at; how alike two issues are is not judged.

use serde::Serialize;
use similar::{Algorithm, DiffTag, capture_diff_slices};

use super::component::SHOWN;
use super::{Component, Grouping, Hash, VariantName};

/// Most differences that are told.
const TOLD: usize = 20;

/// Most parts of one list that are compared, the last ones: as many frames as a stack trace that was read can have.
const COMPARED: usize = 250;

/// A part that is on both sides in two forms, or on one side only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Which part, in words, as the first side counts unless only the second has it.
    pub part: String,
    /// What it is on the first side, cut to 160 bytes; none where it is missing.
    pub left: Option<String>,
    /// What it is on the second side.
    pub right: Option<String>,
}

/// All that two groupings differ in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Comparison {
    /// How many differences there are.
    pub total: usize,
    /// The first 20 of them, in the order in which parts count.
    pub differences: Vec<Difference>,
}

/// Compares the most telling variants of two groupings, part by part.
pub fn compare(left: &Grouping<'_>, right: &Grouping<'_>) -> Comparison {
    let mut comparison = Comparison::default();
    let (Some(a), Some(b)) = (left.variants.first(), right.variants.first()) else {
        return comparison;
    };
    if a.name != b.name {
        let (a, b) = (Some(decider(a.name)), Some(decider(b.name)));
        comparison.add("what decides".to_owned(), || a, || b);
    }
    let (a, b) = (top(&a.component), top(&b.component));
    comparison.align("", &numbered(&a), &numbered(&b), &KEYS);
    comparison
}

/// A part that contributes.
struct Part<'c> {
    /// What it is called among the others.
    words: String,
    component: &'c Component<'c>,
    content: Hash,
}

/// By what parts of two lists are recognized: by all that they say, by their names, and as a last resort by their kind.
const KEYS: [fn(&Part<'_>) -> String; 3] = [
    |part| part.content.to_string(),
    |part| format!("{} {}", part.component.id, name(part.component)),
    |part| part.component.id.to_owned(),
];

impl Comparison {
    fn add(
        &mut self,
        part: String,
        left: impl FnOnce() -> Option<String>,
        right: impl FnOnce() -> Option<String>,
    ) {
        self.total += 1;
        if self.differences.len() < TOLD {
            let (left, right) = (left(), right());
            self.differences.push(Difference { part, left, right });
        }
    }

    /// Compares two lists. What is recognized on both sides by the first key is a pair; what stands between pairs is
    /// looked at by the next key; what is left is on one side only.
    fn align(&mut self, path: &str, a: &[Part<'_>], b: &[Part<'_>], keys: &[fn(&Part<'_>) -> String]) {
        let Some((key, others)) = keys.split_first() else {
            for part in a {
                let left = || Some(told(part.component));
                self.add(format!("{path}{}", part.words), left, || None);
            }
            for part in b {
                let right = || Some(told(part.component));
                self.add(format!("{path}{}", part.words), || None, right);
            }
            return;
        };
        let keyed = |parts: &[Part<'_>]| -> Vec<String> { parts.iter().map(key).collect() };
        for operation in capture_diff_slices(Algorithm::Myers, &keyed(a), &keyed(b)) {
            let (tag, in_a, in_b) = operation.as_tag_tuple();
            let (a, b) = (&a[in_a], &b[in_b]);
            if tag != DiffTag::Equal {
                self.align(path, a, b, others);
                continue;
            }
            for (a, b) in a.iter().zip(b).filter(|(a, b)| a.content != b.content) {
                self.pair(path, a, b);
            }
        }
    }

    /// Compares two parts of one kind that differ.
    fn pair(&mut self, path: &str, a: &Part<'_>, b: &Part<'_>) {
        let (left, right) = (a.component, b.component);
        if left.value.is_some() || right.value.is_some() {
            let (left, right) = (|| Some(told(left)), || Some(told(right)));
            return self.add(format!("{path}{}", a.words), left, right);
        }
        let path = match left.id {
            // A frame says well enough where it is.
            "stacktrace" => path.to_owned(),
            _ => format!("{path}{}, ", a.words),
        };
        self.align(&path, &numbered(&left.parts()), &numbered(&right.parts()), &KEYS);
    }
}

/// The parts of a variant: those of a fingerprint and of a chain one by one, as if there were always several.
fn top<'a>(component: &Component<'a>) -> Vec<Component<'a>> {
    match component.id {
        "hybrid-fingerprint" | "chained-exception" | "custom-fingerprint" => {
            component.parts().iter().flat_map(top).collect()
        }
        _ => vec![component.clone()],
    }
}

/// The parts of a list that contribute, each with what it is called there.
fn numbered<'c>(parts: &'c [Component<'c>]) -> Vec<Part<'c>> {
    let heard: Vec<&Component<'c>> = parts.iter().filter(|part| part.contributes).collect();
    let called = |at: usize, component: &Component<'_>| {
        let kind = words(component.id);
        let alike = |list: &[&Component<'_>]| list.iter().filter(|it| it.id == component.id).count();
        match (component.place, alike(&heard)) {
            (Some(place), _) if component.id == "frame" => {
                format!("{kind} {} (from the crash)", parts.len() - usize::from(place))
            }
            (_, 1) => kind.to_owned(),
            (_, count) => format!("{kind} {} of {count}", alike(&heard[..=at])),
        }
    };
    let skipped = heard.len().saturating_sub(COMPARED);
    let compared = heard.iter().enumerate().skip(skipped);
    compared
        .map(|(at, component)| Part {
            words: called(at, component),
            content: component.hash(),
            component,
        })
        .collect()
}

/// The function of a frame, and the type of an exception.
fn name(component: &Component<'_>) -> String {
    let id = match component.id {
        "frame" => "function",
        _ => "type",
    };
    let parts = component.parts();
    let name = parts.iter().find(|part| part.contributes && part.id == id);
    name.and_then(|part| part.value.as_deref())
        .unwrap_or_default()
        .to_owned()
}

/// What a part is, in a line.
fn told(component: &Component<'_>) -> String {
    let parts = component.parts();
    let heard = parts.iter().filter(|part| part.contributes);
    let text = match (&component.value, component.id) {
        (Some(value), _) => value.to_string(),
        (None, "stacktrace") => return format!("frames: {}", heard.count()),
        (None, _) => heard.map(told).collect::<Vec<_>>().join(", "),
    };
    match text.floor_char_boundary(SHOWN) {
        end if end < text.len() => format!("{}…", &text[..end]),
        _ => text,
    }
}

/// What a part is called by people.
fn words(id: &str) -> &str {
    match id {
        "bundle" => "name of the bundle",
        "context-line" => "line of source",
        "csp" => "content security policy",
        "filename" => "file",
        "ns-error" => "error code",
        "stacktrace" => "stack trace",
        "threads" => "thread",
        "value" => "message",
        other => other,
    }
}

/// What an event is grouped by.
fn decider(name: VariantName) -> String {
    let words = match name {
        VariantName::Checksum => "the checksum that the client sent",
        VariantName::CustomFingerprint => "a fingerprint",
        VariantName::App => "the frames of the program",
        VariantName::System => "all frames",
        VariantName::Default => "what it says",
        VariantName::Fallback => "nothing",
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grouping::Rules;
    use crate::protocol::event::Event;
    use serde_json::{Value, json};

    fn compared(left: &Value, right: &Value) -> Comparison {
        let rules = Rules::default();
        let read = |value: &Value| Event::from_value(value.clone()).unwrap();
        let (mut left, mut right) = (read(left), read(right));
        compare(
            &rules.classify_and_group(&mut left),
            &rules.classify_and_group(&mut right),
        )
    }

    /// An exception with frames of the program, the outermost call first.
    fn thrown(ty: &str, functions: &[&str]) -> Value {
        let frame = |name: &&str| json!({"module": "tea.pot", "function": name, "in_app": true});
        let frames: Vec<Value> = functions.iter().map(frame).collect();
        json!({"type": ty, "value": "no tea", "stacktrace": {"frames": frames}})
    }

    fn event(exceptions: &[Value]) -> Value {
        json!({"platform": "python", "exception": exceptions})
    }

    #[test]
    fn what_differs_is_said_in_order() {
        let crash = event(&[thrown("E", &["run", "brew", "pour", "stir"])]);
        let with = |functions: &[&str]| event(&[thrown("E", functions)]);
        let mut printed = crash.clone();
        printed["fingerprint"] = json!(["{{ default }}", "shop"]);
        let mut library = with(&["run", "brew", "pour", "boil"]);
        for frame in library["exception"][0]["stacktrace"]["frames"]
            .as_array_mut()
            .unwrap()
        {
            frame["in_app"] = json!(false);
        }
        let custom = |values: Value| json!({"fingerprint": values});
        for (name, left, right, expected) in [
            ("the same", &crash, &crash, vec![]),
            (
                "a type",
                &crash,
                &event(&[thrown("F", &["run", "brew", "pour", "stir"])]),
                vec!["exception, type: E | F"],
            ),
            (
                "a function",
                &crash,
                &with(&["run", "boil", "pour", "stir"]),
                vec!["exception, frame 3 (from the crash), function: brew | boil"],
            ),
            (
                "a frame more",
                &crash,
                &with(&["run", "brew", "sigh", "pour", "stir"]),
                vec!["exception, frame 3 (from the crash): - | tea.pot, sigh"],
            ),
            (
                "a frame less and another one else",
                &with(&["run", "brew", "sigh", "pour", "stir"]),
                &with(&["walk", "brew", "pour", "stir"]),
                vec![
                    "exception, frame 5 (from the crash), function: run | walk",
                    "exception, frame 3 (from the crash): tea.pot, sigh | -",
                ],
            ),
            (
                "a cause",
                &event(&[thrown("C", &["a", "b"]), thrown("E", &["run", "brew"])]),
                &with(&["run", "brew"]),
                vec!["exception 1 of 2: C, frames: 2 | -"],
            ),
            (
                "in a chain",
                &event(&[thrown("C", &["a", "b"]), thrown("E", &["run", "brew"])]),
                &event(&[thrown("C", &["a", "c"]), thrown("E", &["run", "brew"])]),
                vec!["exception 1 of 2, frame 1 (from the crash), function: b | c"],
            ),
            ("a fingerprint", &crash, &printed, vec!["fingerprint: - | shop"]),
            (
                "values of fingerprints",
                &custom(json!(["a", "b"])),
                &custom(json!(["a", "c"])),
                vec!["fingerprint 2 of 2: b | c"],
            ),
            (
                "whose frames",
                &crash,
                &library,
                vec![
                    "what decides: the frames of the program | all frames",
                    "exception, frame 1 (from the crash), function: stir | boil",
                ],
            ),
            (
                "nothing alike",
                &json!({"message": "no tea"}),
                &json!({"exception": {"type": "E", "value": "no tea"}}),
                vec![
                    "what decides: what it says | the frames of the program",
                    "message: no tea | -",
                    "exception: - | E, no tea",
                ],
            ),
        ] {
            let side = |side: Option<String>| side.unwrap_or_else(|| "-".to_owned());
            let found = compared(left, right).differences;
            let found: Vec<String> = found
                .into_iter()
                .map(|it| format!("{}: {} | {}", it.part, side(it.left), side(it.right)))
                .collect();
            assert_eq!(found, expected, "{name}");
        }
    }

    #[test]
    fn what_is_told_is_bounded() {
        let names = |prefix: char| -> Vec<String> {
            let name = |at: usize| format!("{prefix}{at}{}", "x".repeat(250));
            (0..200).map(name).collect()
        };
        let stack = |prefix| {
            let names = names(prefix);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            event(&[thrown("E", &names)])
        };
        let found = compared(&stack('a'), &stack('b'));
        assert_eq!((found.total, found.differences.len()), (200, TOLD));
        let longest = found
            .differences
            .iter()
            .filter_map(|it| it.left.as_ref())
            .map(String::len)
            .max();
        assert_eq!(longest, Some(SHOWN + "…".len()));
    }
}
