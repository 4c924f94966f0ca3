//! The search box: what is typed, as an expression that an issue is or is not meant by. Pure.
//!
//! ```text
//! is:unresolved (level:[error,fatal] OR users:>100) !url:*/health* age:-7d
//! release:>=2.1 assigned:me has:url browser:"Mobile Safari" "out of memory"
//! ```
//!
//! A word `key:value` asks for a tag or for a field of the issue, any other word for text in title or culprit or in what
//! events say; a short id (`SHOP-12`) for that issue. Quotes hold words together and take all in them as it stands, `\"` is a
//! quote within them.
//! Terms side by side must all hold, as with `AND`, which binds tighter than `OR`; `!` or `NOT` turns what follows around.
//!
//! [`parse`] reads it, [`print`] writes it, [`term`] is what single terms ask, [`text`] those for text, [`sift`] what is known before an issue is read.

mod parse;
mod print;
mod sift;
mod term;
#[cfg(test)]
mod tests;
mod text;

use std::collections::HashSet;
use std::convert::Infallible;

use jiff::Timestamp;

use super::issue::{Issue, IssueId, ShortId};
use super::person::{User, UserId};
use crate::protocol::ids::ProjectId;
pub use text::Wanted;

use term::{Pattern, Test, Values};

/// A parsed search. The empty one means every issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    expression: Expression,
}

/// Who searches and when: what `me` and `new` mean to them.
#[derive(Debug, Clone, Copy)]
pub struct Viewer<'a> {
    /// Who searches.
    pub me: UserId,
    /// Who can be named, by e-mail address.
    pub people: &'a [User],
    /// When.
    pub now: Timestamp,
}

/// Why a text is no search, in words for whoever typed it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (at character {position})")]
pub struct QueryError {
    /// What is wrong.
    pub message: String,
    /// The character at fault, from 1.
    pub position: usize,
}

/// What must hold.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Expression {
    Test(Test),
    Not(Box<Expression>),
    /// All of them; none is everything.
    All(Vec<Expression>),
    /// At least one of them.
    Any(Vec<Expression>),
}

/// What somebody who may know only a part says to a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Perhaps,
}

impl Query {
    /// Reads the names of people and what depends on the time as `viewer` means them: a query itself knows neither.
    /// Refuses names that nobody has.
    pub fn viewed_by(mut self, viewer: &Viewer<'_>) -> Result<Self, QueryError> {
        self.expression.each(&mut |test| match test {
            Test::Stands(_, now) | Test::Seen { now, .. } => {
                *now = Some(viewer.now);
                Ok(())
            }
            Test::AssignedTo(whom) | Test::Bookmarked(whom) => whom.look_up(viewer),
            _ => Ok(()),
        })?;
        Ok(self)
    }

    /// Reads words that look like the short id of an issue (`SHOP-12`, `issue:SHOP-12`) as such, where `project` knows
    /// the slug: a query itself knows no projects.
    pub fn with_short_ids(mut self, project: impl Fn(&str) -> Option<ProjectId>) -> Self {
        // Nothing is refused.
        let _ = self.expression.each::<Infallible>(&mut |test| {
            let (word, text) = match &*test {
                Test::Text(wanted) if wanted.is_exact() => (wanted.text(), Some(wanted.clone())),
                Test::Tag {
                    key,
                    values: Values::One(Pattern::Plain(value)),
                } if key == "issue" => (value.as_str(), None),
                _ => return Ok(()),
            };
            let Ok(ShortId { slug, number }) = word.parse() else {
                return Ok(());
            };
            if let Some(project) = project(&slug) {
                *test = Test::Issue {
                    project,
                    number,
                    text,
                };
            }
            Ok(())
        });
        self
    }

    /// Looks for words in what events say, too: `said_by` gives the issues whose events say one.
    pub fn with_said<E>(
        mut self,
        mut said_by: impl FnMut(&Wanted) -> Result<HashSet<IssueId>, E>,
    ) -> Result<Self, E> {
        self.expression.each(&mut |test| {
            if let Test::Text(wanted)
            | Test::Issue {
                text: Some(wanted), ..
            } = test
            {
                let issues = said_by(wanted)?;
                wanted.is_said_by(issues);
            }
            Ok(())
        })?;
        Ok(self)
    }

    /// Whether `issue` is meant. `tag` gives the issue's values of a tag key: it reads from the store, so it is asked
    /// only when the issue itself does not say.
    pub fn matches(&self, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        let by_itself = self.expression.answer(&mut |test| match test.reads_tags() {
            true => Answer::Perhaps,
            false => test.holds(issue, &mut |_| Vec::new()).into(),
        });
        match by_itself {
            Answer::Yes => true,
            Answer::No => false,
            Answer::Perhaps => {
                let all = self.expression.answer(&mut |test| test.holds(issue, tag).into());
                all == Answer::Yes
            }
        }
    }

    /// Whether any term asks for a tag, which takes a look at rows that are not the issue's own.
    pub fn reads_tags(&self) -> bool {
        self.expression.any(&mut Test::reads_tags)
    }
}

impl Default for Expression {
    fn default() -> Self {
        Self::All(Vec::new())
    }
}

impl Expression {
    /// What follows from what `of` says to the tests; no more of them are asked than are needed.
    fn answer(&self, of: &mut dyn FnMut(&Test) -> Answer) -> Answer {
        match self {
            Self::Test(test) => of(test),
            Self::Not(one) => !one.answer(of),
            Self::All(all) => first(all, Answer::No, of),
            Self::Any(any) => first(any, Answer::Yes, of),
        }
    }

    /// Whether any test `is` so.
    fn any(&self, is: &mut dyn FnMut(&Test) -> bool) -> bool {
        match self {
            Self::Test(test) => is(test),
            Self::Not(one) => one.any(is),
            Self::All(some) | Self::Any(some) => some.iter().any(|it| it.any(is)),
        }
    }

    /// Changes every test.
    fn each<E>(&mut self, change: &mut dyn FnMut(&mut Test) -> Result<(), E>) -> Result<(), E> {
        match self {
            Self::Test(test) => change(test),
            Self::Not(one) => one.each(change),
            Self::All(some) | Self::Any(some) => some.iter_mut().try_for_each(|it| it.each(change)),
        }
    }
}

/// One `decisive` answer decides; otherwise it is the opposite, if all are sure.
fn first(some: &[Expression], decisive: Answer, of: &mut dyn FnMut(&Test) -> Answer) -> Answer {
    let mut all = !decisive;
    for one in some {
        match one.answer(of) {
            answer if answer == decisive => return decisive,
            Answer::Perhaps => all = Answer::Perhaps,
            _ => {}
        }
    }
    all
}

impl std::ops::Not for Answer {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Perhaps => Self::Perhaps,
        }
    }
}

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}
