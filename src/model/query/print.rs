//! From an expression to the text that means it.

use std::fmt::{self, Display, Formatter, Write};

use super::term::{Compare, Count, Pattern, STATUSES, SUBSTATUSES, Seen, Test, Unit, Values, When, Whom};
use super::{Expression, Query};

/// The text, which parses to the same query; with names and short ids as they were typed, so not of one that was
/// [`viewed_by`](Query::viewed_by) somebody.
impl Display for Query {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match &self.expression {
            Expression::Any(some) => joined(some, " OR ", out),
            Expression::All(some) => joined(some, " ", out),
            one => one.fmt(out),
        }
    }
}

/// As a part of others.
impl Display for Expression {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Test(test) => test.fmt(out),
            Self::Not(one) => write!(out, "!{one}"),
            Self::All(some) => {
                out.write_char('(')?;
                joined(some, " ", out)?;
                out.write_char(')')
            }
            Self::Any(some) => {
                out.write_char('(')?;
                joined(some, " OR ", out)?;
                out.write_char(')')
            }
        }
    }
}

fn joined(some: &[impl Display], between: &str, out: &mut Formatter<'_>) -> fmt::Result {
    for (number, one) in some.iter().enumerate() {
        if number > 0 {
            out.write_str(between)?;
        }
        one.fmt(out)?;
    }
    Ok(())
}

impl Display for Test {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(status) => write!(out, "is:{}", word(&STATUSES, status)),
            Self::Stands(substatus, _) => write!(out, "is:{}", word(&SUBSTATUSES, substatus)),
            Self::Assigned => out.write_str("is:assigned"),
            Self::AssignedTo(whom) => write!(out, "assigned:{whom}"),
            Self::Bookmarked(whom) => write!(out, "bookmarks:{whom}"),
            Self::Has(key) => write!(out, "has:{}", Quoted(key)),
            Self::Tag { key, values } => write!(out, "{key}:{values}"),
            Self::Release(compare, version) => write!(out, "release:{compare}{version}"),
            Self::Count(Count::Events, compare, number) => write!(out, "times_seen:{compare}{number}"),
            Self::Count(Count::Users, compare, number) => write!(out, "users:{compare}{number}"),
            Self::Seen {
                seen, compare, when, ..
            } => {
                let key = match seen {
                    Seen::First => "first_seen",
                    Seen::Last => "last_seen",
                };
                match (compare, when) {
                    (Compare::AtLeast, When::Ago(..)) => write!(out, "{key}:-{when}"),
                    (Compare::AtMost, When::Ago(..)) => write!(out, "{key}:+{when}"),
                    // Only of an age, which is the other way round.
                    (Compare::Less, When::Ago(..)) => write!(out, "age:>{when}"),
                    (_, When::Ago(..)) => write!(out, "age:<{when}"),
                    _ => write!(out, "{key}:{compare}{when}"),
                }
            }
            Self::Text(wanted)
            | Self::Issue {
                text: Some(wanted), ..
            } => wanted.pattern().fmt(out),
            Self::Issue { number, .. } => write!(out, "issue:{number}"),
        }
    }
}

impl Display for Whom {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nobody => out.write_str("none"),
            Self::Team => out.write_str("#everyone"),
            Self::Person(person) => person.0.fmt(out),
            Self::Named(name) => Quoted(&name.text).fmt(out),
        }
    }
}

impl Display for Values {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(one) => one.fmt(out),
            Self::OneOf(some) => {
                out.write_char('[')?;
                joined(some, ", ", out)?;
                out.write_char(']')
            }
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain(text) => Quoted(text).fmt(out),
            Self::Wild(text) => out.write_str(text),
        }
    }
}

impl Display for Compare {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::Equal => "",
            Self::AtLeast => ">=",
            Self::More => ">",
        })
    }
}

impl Display for When {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ago(many, unit) => {
                write!(out, "{many}{}", word(&Unit::ALL, unit))
            }
            Self::Day(day) => day.fmt(out),
            Self::At(time) => time.fmt(out),
        }
    }
}

/// What is said for `meant`.
fn word<'a, T: PartialEq>(words: &[(&'a str, T)], meant: &T) -> &'a str {
    let said = words.iter().find(|(_, it)| it == meant);
    said.map_or("", |(word, _)| word)
}

/// A text in quotes, unless it means the same without.
struct Quoted<'a>(&'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Self(text) = self;
        let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '@');
        let is_word = matches!(*text, "AND" | "OR" | "NOT" | "");
        if !is_word && text.chars().all(is_plain) {
            return out.write_str(text);
        }
        write!(out, "\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
    }
}
