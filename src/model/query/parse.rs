//! From text to terms. Any text gives a query or an error that says where; nothing is looked up.

use std::str::FromStr;

use super::{Query, QueryError, Term, Test, Whom};
use crate::model::issue::{Status, Substatus};

/// The most characters of a search.
const MAX_CHARS: usize = 2_000;
/// The most terms of one: each may cost a look at the store for every issue.
const MAX_TERMS: usize = 30;

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let mut reader = Reader {
            chars: text.chars().take(MAX_CHARS + 1).collect(),
            at: 0,
        };
        if reader.chars.len() > MAX_CHARS {
            return Err(reader.fault("a search has at most 2000 characters"));
        }
        let mut terms = Vec::new();
        while reader.skip_spaces() {
            if terms.len() == MAX_TERMS {
                return Err(reader.fault("a search has at most 30 terms"));
            }
            terms.push(reader.term()?);
        }
        Ok(Self { terms })
    }
}

struct Reader {
    chars: Vec<char>,
    at: usize,
}

impl Reader {
    /// Whether anything is left behind the spaces.
    fn skip_spaces(&mut self) -> bool {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        self.at < self.chars.len()
    }

    fn term(&mut self) -> Result<Term, QueryError> {
        let negated = self.take('!');
        let start = self.at;
        if let Some(key) = self.key() {
            let value_at = self.at;
            let is_quoted = self.peek() == Some('"');
            let value = self.word()?;
            // `TypeError: x` is a title that somebody pasted, and `http://…` an address.
            if !value.is_empty() && (is_quoted || !value.starts_with("//")) {
                if let Some(unknown) = unknown_syntax(&value).filter(|_| !is_quoted) {
                    return Err(self.fault_at(value_at, unknown));
                }
                let test =
                    test(key, value, value_at + 1).map_err(|message| self.fault_at(value_at, message))?;
                return Ok(Term { negated, test });
            }
            if matches!(key.as_str(), "is" | "has" | "assigned" | "bookmarks") {
                return Err(self.fault_at(value_at, format!("a value is missing after \"{key}:\"")));
            }
            self.at = start;
        }
        match self.word()? {
            text if text.is_empty() => Err(self.fault_at(start, "a word is missing")),
            text if matches!(text.as_str(), "AND" | "OR") && self.chars[start] != '"' => {
                let message =
                    format!("{text} is not known: all terms must hold; quote it to search for the word");
                Err(self.fault_at(start, message))
            }
            text => Ok(Term {
                negated,
                test: Test::Text(text.to_lowercase()),
            }),
        }
    }

    /// The key of a `key:value`, if one begins here.
    fn key(&mut self) -> Option<String> {
        let is_key = |c: &&char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let key: String = self.chars[self.at..].iter().take_while(is_key).collect();
        let end = self.at + key.chars().count();
        if key.is_empty() || self.chars.get(end) != Some(&':') {
            return None;
        }
        self.at = end + 1;
        Some(key)
    }

    /// Up to the next space, or what stands in quotes.
    fn word(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        if !self.take('"') {
            let word: String = self.chars[start..]
                .iter()
                .take_while(|c| !c.is_whitespace())
                .collect();
            self.at += word.chars().count();
            return Ok(word);
        }
        let mut word = String::new();
        loop {
            let quoted = self.take('\\') && self.peek() == Some('"');
            match self.peek() {
                None => return Err(self.fault_at(start, "this quote is never closed")),
                Some('"') if !quoted => break,
                Some(c) => word.push(c),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(word)
    }

    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let is_next = self.peek() == Some(c);
        self.at += usize::from(is_next);
        is_next
    }

    fn fault(&self, message: impl Into<String>) -> QueryError {
        self.fault_at(self.at, message)
    }

    fn fault_at(&self, at: usize, message: impl Into<String>) -> QueryError {
        QueryError {
            message: message.into(),
            position: at + 1,
        }
    }
}

/// What a value asks for that a search does not know: to find nothing would be taken for an answer.
fn unknown_syntax(value: &str) -> Option<&'static str> {
    if value.starts_with(['>', '<']) {
        Some("comparisons are not known; quote the value to search for it as it stands")
    } else if value.starts_with('[') && value.ends_with(']') {
        Some("lists are not known; quote the value to search for it as it stands")
    } else if value.contains('*') {
        Some("wildcards are not known; quote the value to search for it as it stands")
    } else {
        None
    }
}

/// What a `key:value` asks for; the value stands at the character `position`, from 1.
fn test(key: String, value: String, position: usize) -> Result<Test, String> {
    match key.as_str() {
        "is" => is(&value),
        "has" => Ok(Test::Has(value)),
        // The longer name is what Sentry's own pages ask for.
        "assigned" | "assigned_or_suggested" => assigned(value, position).map(Test::AssignedTo),
        "bookmarks" => Ok(Test::Bookmarked(Whom::Named(value, position))),
        _ => Ok(Test::Tag { key, value }),
    }
}

fn is(value: &str) -> Result<Test, String> {
    Ok(match value {
        "unresolved" => Test::Is(Status::Unresolved),
        "resolved" => Test::Is(Status::Resolved),
        // `ignored` is the older name, still spoken on the wire.
        "archived" | "ignored" => Test::Is(Status::Archived),
        "new" => Test::Stands(Substatus::New, None),
        "ongoing" => Test::Stands(Substatus::Ongoing, None),
        "regressed" => Test::Stands(Substatus::Regressed, None),
        "escalating" => Test::Stands(Substatus::Escalating, None),
        "assigned" => Test::Assigned,
        "unassigned" => Test::AssignedTo(Whom::Nobody),
        _ => {
            return Err(format!(
                "\"is:\" knows unresolved, resolved, archived, new, ongoing, regressed, escalating, assigned and \
                 unassigned, not \"{value}\""
            ));
        }
    })
}

fn assigned(value: String, position: usize) -> Result<Whom, String> {
    match value.strip_prefix('#') {
        Some("everyone") => Ok(Whom::Team),
        Some(team) => Err(format!("there is no team \"{team}\", only #everyone")),
        None if value == "none" => Ok(Whom::Nobody),
        None => Ok(Whom::Named(value, position)),
    }
}
