//! In a line, what an event is grouped by. Pure.

use crate::grouping::{Component, Grouping, VariantName};

/// What decides, such as `the app stack trace: 4 of 31 frames`; goes on from *grouped by*.
pub fn summary(grouping: &Grouping<'_>) -> String {
    let Some(variant) = grouping.variants.first() else {
        return "nothing".to_owned();
    };
    let tally = Tally::of(&variant.component);
    let fingerprint = || match grouping.rule {
        Some(_) => "the fingerprint of a rule",
        None => "the fingerprint that the client sent",
    };
    match variant.name {
        VariantName::Checksum => "the checksum that the client sent".to_owned(),
        VariantName::CustomFingerprint => fingerprint().to_owned(),
        VariantName::Fallback => "nothing: it says nothing that could be told from other events".to_owned(),
        VariantName::App | VariantName::System | VariantName::Default => {
            let contents = contents(variant.name, &variant.component, &tally);
            match tally.has("fingerprint") {
                true => format!("{}, and {contents}", fingerprint()),
                false => contents,
            }
        }
    }
}

fn contents(name: VariantName, component: &Component<'_>, tally: &Tally) -> String {
    let Tally { counted, frames, .. } = tally;
    let words = if *counted > 0 {
        let which = match name {
            VariantName::App => "app",
            _ => "whole",
        };
        let and = if tally.has("value") {
            " and the message"
        } else {
            ""
        };
        return format!(
            "the {which} stack trace{and}: {counted} of {}",
            count(*frames, "frame")
        );
    } else if tally.has("ns-error") {
        "the error's domain and code"
    } else {
        match (tally.has("type"), tally.has("value")) {
            (true, true) => "the exception's type and message",
            (true, false) => "the exception's type",
            (false, true) => "the exception's message",
            (false, false) => match component.id {
                "message" => "the message",
                "template" => "the template",
                _ => "the report of the browser",
            },
        }
    };
    words.to_owned()
}

fn count(number: usize, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{number} {thing}s"),
    }
}

/// What contributes to a tree.
#[derive(Default)]
struct Tally {
    /// Frames that do.
    counted: usize,
    /// All frames beside them.
    frames: usize,
    kinds: Vec<&'static str>,
}

impl Tally {
    fn of(component: &Component<'_>) -> Self {
        let mut tally = Self::default();
        tally.add(component);
        tally
    }

    fn add(&mut self, component: &Component<'_>) {
        if component.id == "frame" {
            self.frames += 1;
            self.counted += usize::from(component.contributes);
            return;
        }
        if component.contributes && !self.kinds.contains(&component.id) {
            self.kinds.push(component.id);
        }
        component.parts().iter().for_each(|part| self.add(part));
    }

    fn has(&self, kind: &str) -> bool {
        self.kinds.contains(&kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grouping::Rules;
    use crate::protocol::event::Event;
    use serde_json::{Value, json};

    fn frame(name: &str, is_in_app: bool) -> Value {
        json!({"module": "shop", "function": name, "in_app": is_in_app})
    }

    #[test]
    fn what_decides_is_said_in_a_line() {
        let thrown = |frames: Value| json!({"platform": "python", "exception": {"type": "E", "value": "no", "stacktrace": {"frames": frames}}});
        let full = json!([frame("a", true), frame("b", true), frame("c", false)]);
        let mut hybrid = thrown(full.clone());
        hybrid["fingerprint"] = json!(["{{ default }}", "x"]);
        for (event, rule, expected) in [
            (thrown(full), "", "the app stack trace: 2 of 3 frames"),
            (
                hybrid,
                "",
                "the fingerprint that the client sent, and the app stack trace: 2 of 3 frames",
            ),
            (
                thrown(json!([frame("a", true)])),
                "",
                "the app stack trace and the message: 1 of 1 frame",
            ),
            (
                thrown(json!([frame("a", false), frame("b", false)])),
                "",
                "the whole stack trace: 2 of 2 frames",
            ),
            (thrown(json!([])), "", "the exception's type and message"),
            (thrown(json!([])), "type:E -> x", "the fingerprint of a rule"),
            (
                json!({"fingerprint": ["x"]}),
                "",
                "the fingerprint that the client sent",
            ),
            (json!({"checksum": "x"}), "", "the checksum that the client sent"),
            (json!({"message": "x"}), "", "the message"),
            (
                json!({}),
                "",
                "nothing: it says nothing that could be told from other events",
            ),
        ] {
            let rules = Rules::parse("", rule).unwrap();
            let mut event = Event::from_value(event).unwrap();
            rules.classify(&mut event);
            let grouping = rules.group(&event);
            assert_eq!(summary(&grouping), expected, "{grouping}");
        }
    }
}
