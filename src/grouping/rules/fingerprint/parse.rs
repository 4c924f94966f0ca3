//! Reading a rule from a line.

use super::Rule;
use super::matcher::Matcher;
use crate::grouping::rules::words;

/// Reads a line.
pub(super) fn rule(line: &str) -> Result<Rule, String> {
    let (before, after) =
        words::around_arrow(line).ok_or("expected `->` between matchers and fingerprint")?;
    let mut matchers = words::split(before)?
        .iter()
        .map(|word| Matcher::parse(word))
        .collect::<Result<Vec<_>, _>>()?;
    // Those about the same item stand together, and what is asked of the event itself comes first.
    matchers.sort_by_key(|matcher| matcher.text.item());
    let mut values = Vec::new();
    let mut title = None;
    for word in words::split_also_at(after, &[','])? {
        match word.strip_prefix("title=") {
            Some(text) => title = Some(text.to_owned()),
            None => values.push(word),
        }
    }
    if matchers.is_empty() {
        return Err("nothing to match".to_owned());
    }
    if values.is_empty() {
        return Err("no fingerprint".to_owned());
    }
    Ok(Rule {
        text: line.to_owned(),
        values,
        title,
        matchers,
    })
}
