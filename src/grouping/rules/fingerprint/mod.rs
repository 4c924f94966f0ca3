//! Rules about fingerprints: which events are one issue whatever their stack traces are.
//!
//! ```text
//! type:DatabaseUnavailable -> database-down title="Database {{ tags.db }} is away"
//! logger:shop.* level:error -> {{ default }}, {{ logger }}
//! ```
//!
//! The first rule that matches wins, also over what the client wants. What the variables stand for is
//! not known here.

mod event;
mod matcher;
mod parse;

use super::{Error, lines};
use crate::protocol::event::Event;
use matcher::Matcher;

/// Rules about fingerprints.
#[derive(Debug, Default)]
pub struct FingerprintRules {
    rules: Vec<Rule>,
}

/// A line.
#[derive(Debug)]
pub(in crate::grouping) struct Rule {
    /// As it was written.
    pub(in crate::grouping) text: String,
    /// The fingerprint, with variables in double braces.
    pub(in crate::grouping) values: Vec<String>,
    /// The title of the issue, with variables.
    pub(in crate::grouping) title: Option<String>,
    matchers: Vec<Matcher>,
}

impl FingerprintRules {
    /// Reads rules, one a line.
    pub fn parse(text: &str) -> Result<Self, Error> {
        Ok(Self {
            rules: lines(text, parse::rule)?,
        })
    }

    /// The first rule that matches an event.
    pub(in crate::grouping) fn find(&self, event: &Event) -> Option<&Rule> {
        self.rules
            .iter()
            .find(|rule| event::matches(&rule.matchers, event))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn event() -> Event {
        let event: Value = json!({
            "platform": "javascript", "logger": "shop.cart", "level": "error", "release": "shop@1.2",
            "tags": {"browser": "Firefox"}, "sdk": {"name": "sentry.javascript.react", "version": "9"},
            "logentry": {"formatted": "Cart is empty"},
            "exception": [
                {"type": "TeaError", "value": "no tea"},
                {"type": "CupError", "value": "no cup", "stacktrace": {"frames": [
                    {"function": "fill", "filename": "src/Cup.js", "module": "cup", "in_app": true},
                    {"function": "call", "filename": "node_modules/x.js", "in_app": false},
                ]}},
            ],
        });
        Event::from_value(event).unwrap()
    }

    #[test]
    fn all_questions_must_be_answered() {
        for (matchers, expected) in [
            ("type:TeaError", true),
            ("error.type:Tea*", true),
            ("error.type:tea*", false),
            ("type:TeaError value:\"NO TEA\"", true),
            // Type and value are asked of the same exception.
            ("type:TeaError value:\"no cup\"", false),
            ("message:\"cart is *\"", true),
            ("message:\"no cup\"", true),
            ("!message:*", false),
            ("stack.function:fill app:yes", true),
            ("stack.function:fill app:no", false),
            ("function:fill module:cup path:**/cup.js", true),
            ("path:cup.js", false),
            ("logger:shop.* level:ERROR", true),
            ("level:info", false),
            ("tags.browser:Fire*", true),
            ("!tags.browser:Fire*", false),
            ("tags.os:*", false),
            ("sdk:javascript", false),
            ("release:shop@*", true),
            ("sdk:sentry.javascript.* family:javascript", true),
            ("family:native,other", false),
        ] {
            let rules = FingerprintRules::parse(&format!("{matchers} -> x")).unwrap();
            assert_eq!(rules.find(&event()).is_some(), expected, "{matchers}");
        }
    }

    #[test]
    fn the_first_rule_wins() {
        let rules = "# why\ntype:X -> no\ntype:T* -> tea, {{ type }} {{default}} title=\"No {{ value }}\"\ntype:* -> other";
        let rules = FingerprintRules::parse(rules).unwrap();
        let rule = rules.find(&event()).unwrap();
        assert_eq!(rule.values, ["tea", "{{ type }}", "{{default}}"]);
        assert_eq!(rule.title.as_deref(), Some("No {{ value }}"));
    }

    #[test]
    fn what_is_no_rule_is_said() {
        for line in [
            "type:X",
            "-> x",
            "type:X ->",
            "colour:red -> x",
            "app:perhaps -> x",
            "x -> y",
            "family:cobol -> x",
        ] {
            let error = FingerprintRules::parse(&format!("type:A -> b\n{line}")).unwrap_err();
            assert!(error.to_string().starts_with("line 2: "), "{line}: {error}");
        }
    }
}
