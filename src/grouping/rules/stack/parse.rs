//! Reading a rule from a line.

use super::glob::{Glob, Reading};
use super::rule::{
    Action, ExceptionField, ExceptionMatcher, Family, Field, FrameMatcher, Question, Range, Rule,
};
use super::table::Patterns;
use crate::grouping::rules::words;

/// Reads a line, and gives the patterns in it their numbers.
pub(super) fn rule(line: &str, patterns: &mut Patterns) -> Result<Rule, String> {
    let mut rule = Rule {
        text: line.to_owned(),
        families: 0b111,
        exception: Vec::new(),
        frame: Vec::new(),
        caller: Vec::new(),
        callee: Vec::new(),
        actions: Vec::new(),
    };
    let words = words::split(line)?;
    let mut words = words.iter().map(String::as_str).peekable();
    if words.peek() == Some(&"[") {
        words.next();
        rule.caller = neighbour(&mut words, patterns)?;
        if words.next() != Some("|") {
            return Err("expected `|` after the caller".to_owned());
        }
    }
    while let Some(word) = words.next() {
        if word == "|" {
            if words.next() != Some("[") {
                return Err("expected `[` before the callee".to_owned());
            }
            rule.callee = neighbour(&mut words, patterns)?;
        } else if let Some(action) = action(word)? {
            rule.actions.extend(action);
        } else {
            matcher(word, &mut rule, patterns)?;
        }
    }
    let has_matchers = rule.families != 0b111 || !rule.frame.is_empty() || !rule.exception.is_empty();
    match (has_matchers, rule.actions.is_empty()) {
        (false, _) => Err("nothing to match".to_owned()),
        (true, true) => Err("nothing to do".to_owned()),
        (true, false) => Ok(rule),
    }
}

/// What is asked of the caller or the callee, up to the closing bracket.
fn neighbour<'a>(
    words: &mut impl Iterator<Item = &'a str>,
    patterns: &mut Patterns,
) -> Result<Vec<FrameMatcher>, String> {
    let mut matchers = Vec::new();
    for word in words {
        if word == "]" {
            return Ok(matchers);
        }
        let (is_negated, name, value) = parts(word)?;
        let question =
            question(name, value, patterns)?.ok_or_else(|| format!("`{name}` asks nothing of a frame"))?;
        matchers.push(FrameMatcher { question, is_negated });
    }
    Err("a bracket is not closed".to_owned())
}

fn parts(word: &str) -> Result<(bool, &str, &str), String> {
    let (is_negated, plain) = match word.strip_prefix('!') {
        Some(plain) => (true, plain),
        None => (false, word),
    };
    let (name, value) = plain
        .split_once(':')
        .ok_or_else(|| format!("`{word}` is neither a matcher nor an action"))?;
    Ok((is_negated, name, value))
}

fn matcher(word: &str, rule: &mut Rule, patterns: &mut Patterns) -> Result<(), String> {
    let (is_negated, name, value) = parts(word)?;
    let exception = match name {
        "type" | "error.type" => Some((ExceptionField::Type, Reading::Text)),
        "value" | "error.value" => Some((ExceptionField::Value, Reading::Folded)),
        "mechanism" | "error.mechanism" => Some((ExceptionField::Mechanism, Reading::Text)),
        _ => None,
    };
    if let Some((field, reading)) = exception {
        rule.exception.push(ExceptionMatcher {
            field,
            glob: Glob::new(value, reading),
            is_negated,
        });
    } else if name == "family" {
        let families = families(value)?;
        rule.families &= if is_negated { !families } else { families };
    } else {
        let question = question(name, value, patterns)?.ok_or_else(|| format!("`{name}` is no matcher"))?;
        rule.frame.push(FrameMatcher { question, is_negated });
    }
    Ok(())
}

fn families(value: &str) -> Result<u8, String> {
    value.split(',').try_fold(0, |bits, name| {
        Ok(bits
            | match name.trim() {
                "native" => Family::Native.bit(),
                "javascript" => Family::JavaScript.bit(),
                "other" => Family::Other.bit(),
                "all" => 0b111,
                unknown => return Err(format!("`{unknown}` is no family")),
            })
    })
}

fn question(name: &str, value: &str, patterns: &mut Patterns) -> Result<Option<Question>, String> {
    let pattern = |patterns: &mut Patterns, field| Some(Question::Pattern(patterns.number(field, value)));
    Ok(match name {
        "function" | "stack.function" => pattern(patterns, Field::Function),
        "module" | "stack.module" => pattern(patterns, Field::Module),
        "package" | "stack.package" => pattern(patterns, Field::Package),
        "path" | "stack.abs_path" => pattern(patterns, Field::Path),
        "category" => Some(Question::Category(value.to_owned())),
        "app" | "in_app" | "stack.app" => Some(Question::InApp(match value {
            "1" | "yes" | "true" => true,
            "0" | "no" | "false" => false,
            other => return Err(format!("`{other}` is neither yes nor no")),
        })),
        _ => None,
    })
}

/// The action that a word stands for; `Some(None)` for one that has no effect any more.
#[expect(
    clippy::option_option,
    reason = "a word is no action, one without effect, or one with"
)]
fn action(word: &str) -> Result<Option<Option<Action>>, String> {
    let (range, rest) = match word.chars().next() {
        Some('^') => (Range::Above, &word[1..]),
        Some('v') if word[1..].starts_with(['+', '-']) => (Range::Below, &word[1..]),
        _ => (Range::Itself, word),
    };
    if let Some((name, value)) = word.split_once('=')
        && !name.contains(':')
    {
        return setting(name, value).map(Some);
    }
    let flag = match rest.as_bytes().first() {
        Some(b'+') => true,
        Some(b'-') => false,
        _ => return Ok(None),
    };
    match &rest[1..] {
        "app" => Ok(Some(Some(Action::InApp(range, flag)))),
        "group" => Ok(Some(Some(Action::Group(range, flag)))),
        other => Err(format!("`{other}` cannot be switched")),
    }
}

fn setting(name: &str, value: &str) -> Result<Option<Action>, String> {
    let number = || {
        value
            .parse()
            .map_err(|_| format!("`{name}` wants a number, not `{value}`"))
    };
    match name {
        "category" => Ok(Some(Action::Category(value.to_owned()))),
        "max-frames" => number().map(|most| Some(Action::MaxFrames(most))),
        "min-frames" => number().map(|least| Some(Action::MinFrames(least))),
        // Stacks were once turned around by this.
        "invert-stacktrace" => Ok(None),
        _ => Err(format!("`{name}` is no setting")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<Rule, String> {
        rule(line, &mut Patterns::default())
    }

    #[test]
    fn rules_are_read() {
        let rule = read("[ category:a ] | !path:x family:native,other app:no | [ function:b ] ^-group v+app category=z max-frames=3").unwrap();
        assert_eq!(rule.families, 0b101);
        assert_eq!(
            (rule.caller.len(), rule.frame.len(), rule.callee.len()),
            (1, 2, 1)
        );
        assert!(rule.frame[0].is_negated);
        assert_eq!(
            rule.actions,
            [
                Action::Group(Range::Above, false),
                Action::InApp(Range::Below, true),
                Action::Category("z".into()),
                Action::MaxFrames(3)
            ]
        );
        assert!(read("type:A !value:*x* mechanism:m invert-stacktrace=1 -app").is_ok());
        assert!(read("stack.function:value_of=x -app").is_ok());
    }

    #[test]
    fn what_is_no_rule_is_said() {
        for line in [
            "function:a",
            "+app",
            "family:cobol -app",
            "app:maybe -app",
            "function:a +color",
            "function:a max-frames=many",
            "[ function:a -group",
            "function:a | function:b -group",
            "[ type:a ] | function:b -group",
            "nonsense",
            "v",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
    }
}
