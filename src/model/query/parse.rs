//! From text to an expression. Any text gives a query or an error that says where; nothing is looked up.
//!
//! ```text
//! any   = all { "OR" all }
//! all   = one { [ "AND" ] one }
//! one   = ( "!" | "NOT" ) one | "(" any ")" | [ key ":" ] value
//! value = word | '"' text '"' | "[" value { "," value } "]"
//! ```

mod compared;

use std::str::FromStr;

use super::term::{Name, Pattern, STATUSES, SUBSTATUSES, Test, Values, Whom};
use super::{Expression, Query, QueryError, Wanted};

/// The most characters of a search.
const MAX_CHARS: usize = 2_000;
/// The most terms of one: each may cost a look at the store for every issue.
const MAX_TERMS: usize = 30;
/// How deep parentheses and negations may be nested.
const MAX_DEPTH: usize = 20;

impl FromStr for Query {
    type Err = QueryError;

    fn from_str(text: &str) -> Result<Self, QueryError> {
        let mut reader = Reader {
            chars: text.chars().take(MAX_CHARS + 1).collect(),
            at: 0,
            terms: 0,
            depth: 0,
        };
        if reader.chars.len() > MAX_CHARS {
            return Err(reader.fault("a search has at most 2000 characters"));
        }
        if !reader.skip_spaces() {
            return Ok(Self::default());
        }
        let expression = reader.any()?;
        match reader.skip_spaces() {
            // Nothing else ends an expression.
            true => Err(reader.fault("no parenthesis is open here; quote it to search for it")),
            false => Ok(Self { expression }),
        }
    }
}

/// What stands behind a key.
enum Value {
    Word(String),
    Quoted(String),
    List(Vec<Pattern>),
}

struct Reader {
    chars: Vec<char>,
    at: usize,
    terms: usize,
    depth: usize,
}

impl Reader {
    fn any(&mut self) -> Result<Expression, QueryError> {
        let mut some = vec![self.all()?];
        while self.take_word("OR") {
            some.push(self.all()?);
        }
        Ok(one_or(some, Expression::Any))
    }

    /// At least one term.
    fn all(&mut self) -> Result<Expression, QueryError> {
        let mut some = Vec::new();
        while self.skip_spaces() && self.peek() != Some(')') && !self.is_word("OR") {
            let at = self.at;
            if self.take_word("AND") && (some.is_empty() || !self.skip_spaces()) {
                return Err(self.fault_at(
                    at,
                    "AND stands between two terms; quote it to search for the word",
                ));
            }
            some.push(self.one()?);
        }
        match some.is_empty() {
            true => Err(self.fault("a term is missing here")),
            false => Ok(one_or(some, Expression::All)),
        }
    }

    fn one(&mut self) -> Result<Expression, QueryError> {
        let at = self.at;
        let is_negated = self.take('!') || self.take_word("NOT");
        if !is_negated && self.peek() != Some('(') {
            return self.term();
        }
        if self.depth == MAX_DEPTH {
            return Err(self.fault_at(at, "parentheses and negations are nested at most 20 deep"));
        }
        self.depth += 1;
        let read = if is_negated {
            let one = self.one()?;
            Expression::Not(Box::new(one))
        } else {
            self.at += 1;
            let inner = self.any()?;
            if !self.take(')') {
                return Err(self.fault_at(at, NEVER_CLOSED));
            }
            inner
        };
        self.depth -= 1;
        Ok(read)
    }

    fn term(&mut self) -> Result<Expression, QueryError> {
        if self.terms == MAX_TERMS {
            return Err(self.fault("a search has at most 30 terms"));
        }
        self.terms += 1;
        let start = self.at;
        if let Some(key) = self.key() {
            let value_at = self.at;
            let value = self.value()?;
            // `TypeError: x` is a title that somebody pasted, and `http://…` an address.
            let is_text = matches!(&value, Value::Word(word) if word.is_empty() || word.starts_with("//"));
            if !is_text {
                return tested(key, value, value_at + 1).map_err(|message| self.fault_at(value_at, message));
            }
            if KEYS.contains(&key.as_str()) {
                return Err(self.fault_at(value_at, format!("a value is missing after \"{key}:\"")));
            }
            self.at = start;
        }
        match self.value()? {
            Value::Word(text) | Value::Quoted(text) if text.is_empty() => {
                Err(self.fault_at(start, "a word is missing"))
            }
            Value::Word(text) => Ok(Expression::Test(Test::Text(Wanted::new(pattern(text))))),
            Value::Quoted(text) => Ok(Expression::Test(Test::Text(Wanted::new(Pattern::Plain(text))))),
            Value::List(_) => {
                Err(self.fault_at(start, "a list stands behind a key; quote it to search for it"))
            }
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

    fn value(&mut self) -> Result<Value, QueryError> {
        match self.peek() {
            Some('"') => self.quoted().map(Value::Quoted),
            Some('[') => self.list().map(Value::List),
            _ => self.word().map(Value::Word),
        }
    }

    /// Up to the next space, or a parenthesis that ends a group.
    fn word(&mut self) -> Result<String, QueryError> {
        let (mut word, mut open) = (String::new(), Vec::new());
        while let Some(c) = self.peek().filter(|c| !c.is_whitespace()) {
            match c {
                '(' => open.push(self.at),
                ')' if open.pop().is_none() => break,
                _ => {}
            }
            word.push(c);
            self.at += 1;
        }
        match open.first() {
            Some(at) => Err(self.fault_at(*at, NEVER_CLOSED)),
            None => Ok(word),
        }
    }

    /// What stands in quotes.
    fn quoted(&mut self) -> Result<String, QueryError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            let next = self.chars.get(self.at + 1).copied();
            match self.peek() {
                None => return Err(self.fault_at(start, "this quote is never closed")),
                Some('"') => break,
                Some('\\') if matches!(next, Some('"' | '\\')) => {
                    text.extend(next);
                    self.at += 1;
                }
                Some(c) => text.push(c),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(text)
    }

    fn list(&mut self) -> Result<Vec<Pattern>, QueryError> {
        let start = self.at;
        self.at += 1;
        let mut some = Vec::new();
        loop {
            self.skip_spaces();
            let item_at = self.at;
            some.push(match self.peek() {
                Some('"') => Pattern::Plain(self.quoted()?),
                _ => {
                    let rest = self.chars[self.at..].iter();
                    let item: String = rest.take_while(|c| !matches!(c, ',' | ']')).collect();
                    self.at += item.chars().count();
                    pattern(item.trim_end().to_owned())
                }
            });
            self.skip_spaces();
            if self.at == self.chars.len() {
                return Err(self.fault_at(
                    start,
                    "this list is never closed; quote the value to search for it as it stands",
                ));
            }
            if some.last() == Some(&Pattern::Plain(String::new())) {
                return Err(self.fault_at(item_at, "a value of this list is missing"));
            }
            if self.take(']') {
                return Ok(some);
            }
            if !self.take(',') {
                return Err(self.fault("the values of a list stand between commas"));
            }
        }
    }

    /// Whether anything is left behind the spaces.
    fn skip_spaces(&mut self) -> bool {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
        self.at < self.chars.len()
    }

    /// Whether a word that joins terms comes next.
    fn is_word(&self, word: &str) -> bool {
        let mut rest = self.chars[self.at..].iter();
        let is_word = word.chars().all(|c| rest.next() == Some(&c));
        is_word
            && rest
                .next()
                .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | ')'))
    }

    fn take_word(&mut self, word: &str) -> bool {
        self.skip_spaces();
        let is_next = self.is_word(word);
        if is_next {
            self.at += word.len();
            self.skip_spaces();
        }
        is_next
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

const NEVER_CLOSED: &str = "this parenthesis is never closed; quote it to search for it";

/// Keys that are no tags: nothing is found by searching for them as text.
const KEYS: [&str; 13] = [
    "is",
    "has",
    "assigned",
    "assigned_or_suggested",
    "bookmarks",
    "times_seen",
    "timesSeen",
    "users",
    "first_seen",
    "firstSeen",
    "last_seen",
    "lastSeen",
    "age",
];

fn one_or(mut some: Vec<Expression>, join: fn(Vec<Expression>) -> Expression) -> Expression {
    match some.len() {
        1 => some.remove(0),
        _ => join(some),
    }
}

/// What a word means that stands in no quotes.
fn pattern(word: String) -> Pattern {
    match word.contains('*') {
        true => Pattern::Wild(word.to_lowercase()),
        false => Pattern::Plain(word),
    }
}

/// What a `key:value` asks for; the value stands at the character `position`, from 1.
fn tested(key: String, value: Value, position: usize) -> Result<Expression, String> {
    let is_special = KEYS.contains(&key.as_str());
    let values = match value {
        // Nothing is looked for.
        Value::Quoted(value) if value.is_empty() && !is_special => {
            return Ok(Expression::Not(Box::new(Expression::Test(Test::Has(key)))));
        }
        Value::Word(value) | Value::Quoted(value) if is_special => {
            return special(&key, value, position).map(Expression::Test);
        }
        Value::List(some) if is_special => {
            let tests = some.into_iter().map(|one| {
                let (Pattern::Plain(value) | Pattern::Wild(value)) = one;
                special(&key, value, position).map(Expression::Test)
            });
            return Ok(one_or(tests.collect::<Result<_, _>>()?, Expression::Any));
        }
        Value::Word(word) if word.starts_with(['>', '<']) => {
            return compared::release(&key, &word).map(Expression::Test);
        }
        Value::Word(word) => Values::One(pattern(word)),
        Value::Quoted(text) => Values::One(Pattern::Plain(text)),
        Value::List(some) => Values::OneOf(some),
    };
    Ok(Expression::Test(Test::Tag { key, values }))
}

/// What one of the [`KEYS`] asks for.
fn special(key: &str, value: String, position: usize) -> Result<Test, String> {
    match key {
        "is" => is(&value),
        "has" => Ok(Test::Has(value)),
        // The longer name is what Sentry's own pages ask for.
        "assigned" | "assigned_or_suggested" => assigned(value, position).map(Test::AssignedTo),
        "bookmarks" => Ok(Test::Bookmarked(named(value, position))),
        _ => compared::read(key, &value),
    }
}

fn is(value: &str) -> Result<Test, String> {
    // `ignored` is the older name, still spoken on the wire.
    let value = if value == "ignored" { "archived" } else { value };
    if let Some((_, status)) = STATUSES.iter().find(|(word, _)| *word == value) {
        return Ok(Test::Is(*status));
    }
    if let Some((_, substatus)) = SUBSTATUSES.iter().find(|(word, _)| *word == value) {
        return Ok(Test::Stands(*substatus, None));
    }
    match value {
        "assigned" => Ok(Test::Assigned),
        "unassigned" => Ok(Test::AssignedTo(Whom::Nobody)),
        _ => Err(format!(
            "\"is:\" knows unresolved, resolved, archived, new, ongoing, regressed, escalating, assigned and \
             unassigned, not \"{value}\""
        )),
    }
}

fn assigned(value: String, position: usize) -> Result<Whom, String> {
    match value.strip_prefix('#') {
        Some("everyone") => Ok(Whom::Team),
        Some(team) => Err(format!("there is no team \"{team}\", only #everyone")),
        None if value == "none" => Ok(Whom::Nobody),
        None => Ok(named(value, position)),
    }
}

fn named(text: String, position: usize) -> Whom {
    Whom::Named(Name { text, position })
}
