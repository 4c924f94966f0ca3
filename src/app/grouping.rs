//! Grouping without a server: events in, the names that they go by out. Reads and keeps nothing else.
//!
//! ```json
//! {"name":"tea-1","event":{"platform":"python","message":"no tea for guest 7"}}
//! {"name":"tea-1","hashes":["4f1c…"],"variant":"default","component":"message","message":"no tea for guest <int>"}
//! ```
//!
//! An event may bring the rules of its project along, as text in `_grouping.enhancements` and
//! `_grouping.fingerprinting`. A server does not look there.

use std::io::{BufRead, Write};

use anyhow::Context;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::grouping::{self, Grouping, Rules};
use crate::protocol::event::Event;

/// What is written about an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// A line of JSON.
    Line,
    /// The component tree, for people.
    Tree,
}

#[derive(Deserialize)]
struct Input {
    #[serde(default)]
    name: Value,
    event: Value,
}

#[derive(Serialize)]
struct Output<'a> {
    name: &'a Value,
    hashes: Vec<grouping::Hash>,
    variant: &'a str,
    component: String,
    message: Option<String>,
}

/// Groups the events of standard input, onto standard output.
pub fn group_stdin(answer: Answer) -> anyhow::Result<()> {
    group(std::io::stdin().lock(), &mut std::io::stdout().lock(), answer)
}

/// Groups the events of `input`, a line of JSON each, and writes an answer for each.
///
/// Fails at the first line that is no event, or brings rules that cannot be read, and says which.
fn group(input: impl BufRead, output: &mut impl Write, answer: Answer) -> anyhow::Result<()> {
    for (number, line) in input.lines().enumerate() {
        let line = line?;
        if !line.trim().is_empty() {
            one(&line, output, answer).with_context(|| format!("line {}", number + 1))?;
        }
    }
    Ok(output.flush()?)
}

fn one(line: &str, output: &mut impl Write, answer: Answer) -> anyhow::Result<()> {
    let Input { name, event } = serde_json::from_str(line)?;
    let rules = rules(&event)?;
    let mut event = Event::from_value(event)?;
    let message = grouping::message(&event);
    let found = rules.classify_and_group(&mut event);
    match answer {
        Answer::Line => {
            serde_json::to_writer(&mut *output, &line_of(&name, &found, message))?;
            writeln!(output)?;
        }
        Answer::Tree => writeln!(output, "{}\n{found}", name.as_str().unwrap_or_default())?,
    }
    Ok(())
}

fn line_of<'a>(name: &'a Value, found: &'a Grouping<'_>, message: Option<String>) -> Output<'a> {
    Output {
        name,
        hashes: found.hashes(),
        variant: found.family(),
        component: found.label(),
        message,
    }
}

fn rules(event: &Value) -> anyhow::Result<Rules> {
    let text = |key: &str| {
        let text = event.get("_grouping").and_then(|rules| rules.get(key));
        text.and_then(Value::as_str).unwrap_or_default()
    };
    Ok(Rules::parse(text("enhancements"), text("fingerprinting"))?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(lines: &str, answer: Answer) -> anyhow::Result<String> {
        let mut output = Vec::new();
        group(lines.as_bytes(), &mut output, answer)?;
        Ok(String::from_utf8(output)?)
    }

    #[test]
    fn every_event_is_answered_with_its_names() {
        let lines = "{\"name\":\"a\",\"event\":{\"message\":\"no tea for guest 7\"}}\n\n{\"event\":{}}\n";
        let answers = answer(lines, Answer::Line).unwrap();
        let answers: Vec<Value> = answers
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(answers.len(), 2);
        assert_eq!(answers[0]["name"], "a");
        assert_eq!(answers[0]["message"], "no tea for guest <int>");
        assert_eq!(answers[0]["component"], "message");
        assert_eq!(answers[0]["hashes"][0].as_str().unwrap().len(), 32);
        assert_eq!(answers[1]["component"], "fallback");
        let tree = answer(lines, Answer::Tree).unwrap();
        assert!(tree.contains("no tea for guest <int>"), "{tree}");
    }

    #[test]
    fn an_event_may_bring_the_rules_of_its_project() {
        let line = r#"{"event":{"message":"tea","_grouping":{"fingerprinting":"message:tea -> brewing"}}}"#;
        let answers = answer(line, Answer::Line).unwrap();
        assert!(answers.contains("custom-fingerprint"), "{answers}");
        let broken = r#"{"event":{"_grouping":{"enhancements":"function:x"}}}"#;
        let error = answer(broken, Answer::Line).unwrap_err();
        assert!(format!("{error:#}").starts_with("line 1: "), "{error:#}");
    }
}
