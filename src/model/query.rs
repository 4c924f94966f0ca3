//! The search box: what is typed, as a list of terms that all must hold. Pure.
//!
//! ```text
//! is:unresolved level:error !release:shop@1.0 has:url browser:"Mobile Safari" "out of memory"
//! is:regressed assigned:me !bookmarks:ann@example.com
//! ```
//!
//! A word `key:value` asks for a tag or for a field of the issue, any other word for text in title or culprit; a short id
//! (`SHOP-12`) for that issue. Quotes hold words together, `\"` is a quote within them, `!` turns a term around. Wildcards,
//! comparisons, lists and `OR` are refused in words.

mod parse;
mod sift;
#[cfg(test)]
mod tests;

use jiff::Timestamp;

use super::attention::Assignee;
use super::issue::{Issue, ShortId, Status, Substatus};
use super::person::{User, UserId};
use crate::protocol::ids::ProjectId;

/// A parsed search. The empty one means every issue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    terms: Vec<Term>,
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

#[derive(Debug, Clone, PartialEq, Eq)]
struct Term {
    negated: bool,
    test: Test,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    Is(Status),
    /// Unresolved, and why: as of a time, if one is known.
    Stands(Substatus, Option<Timestamp>),
    /// Somebody looks after it.
    Assigned,
    AssignedTo(Whom),
    Bookmarked(Whom),
    Has(String),
    Tag {
        key: String,
        value: String,
    },
    /// In lower case.
    Text(String),
    /// The issue of a short id; one typed as a mere word is looked for as text, too.
    Issue {
        project: ProjectId,
        number: u32,
        text: Option<String>,
    },
}

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Whom {
    Nobody,
    Team,
    Person(UserId),
    /// Whoever has this name, which stands at this character, from 1.
    Named(String, usize),
}

impl Query {
    /// Reads the names of people and what depends on the time as `viewer` means them: a query itself knows neither.
    /// Refuses names that nobody has.
    pub fn viewed_by(mut self, viewer: &Viewer<'_>) -> Result<Self, QueryError> {
        for term in &mut self.terms {
            match &mut term.test {
                Test::Stands(_, now) => *now = Some(viewer.now),
                Test::AssignedTo(whom) | Test::Bookmarked(whom) => whom.look_up(viewer)?,
                _ => {}
            }
        }
        Ok(self)
    }

    /// Reads words that look like the short id of an issue (`SHOP-12`, `issue:SHOP-12`) as such, where `project` knows
    /// the slug: a query itself knows no projects.
    pub fn with_short_ids(mut self, project: impl Fn(&str) -> Option<ProjectId>) -> Self {
        for term in &mut self.terms {
            let (word, text) = match &term.test {
                Test::Text(text) => (text, Some(text.clone())),
                Test::Tag { key, value } if key == "issue" => (value, None),
                _ => continue,
            };
            let Ok(id) = word.parse::<ShortId>() else { continue };
            if let Some(project) = project(&id.slug) {
                let number = id.number;
                term.test = Test::Issue {
                    project,
                    number,
                    text,
                };
            }
        }
        self
    }

    /// Whether `issue` is meant. `tag` gives the issue's values of a tag key: it reads from the store, so it is asked
    /// only when everything else holds.
    pub fn matches(&self, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        let (slow, quick): (Vec<_>, Vec<_>) = self.terms.iter().partition(|term| term.reads_tags());
        quick
            .into_iter()
            .chain(slow)
            .all(|term| term.test.holds(issue, tag) != term.negated)
    }
}

impl Term {
    fn reads_tags(&self) -> bool {
        match &self.test {
            Test::Is(_) | Test::Stands(..) | Test::Text(_) | Test::Issue { .. } => false,
            Test::Assigned | Test::AssignedTo(_) | Test::Bookmarked(_) => false,
            Test::Has(_) => true,
            Test::Tag { key, .. } => fields(key).is_none(),
        }
    }
}

impl Whom {
    fn look_up(&mut self, viewer: &Viewer<'_>) -> Result<(), QueryError> {
        let Self::Named(name, position) = self else {
            return Ok(());
        };
        if name == "me" {
            *self = Self::Person(viewer.me);
            return Ok(());
        }
        let known = viewer
            .people
            .iter()
            .find(|it| it.email.eq_ignore_ascii_case(name));
        let Some(person) = known else {
            return Err(QueryError {
                message: format!("there is nobody with the e-mail address \"{name}\""),
                position: *position,
            });
        };
        *self = Self::Person(person.id);
        Ok(())
    }

    fn is(&self, assignee: Option<Assignee>) -> bool {
        match self {
            Self::Nobody => assignee.is_none(),
            Self::Team => assignee == Some(Assignee::Team),
            Self::Person(person) => assignee == Some(Assignee::User(*person)),
            Self::Named(..) => false,
        }
    }
}

impl Test {
    fn holds(&self, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
        match self {
            Self::Is(status) => issue.status == *status,
            Self::Stands(substatus, now) => {
                let known = now.map_or(issue.substatus, |now| issue.substatus_at(now));
                issue.status == Status::Unresolved && known == *substatus
            }
            Self::Assigned => issue.assignee.is_some(),
            Self::AssignedTo(whom) => whom.is(issue.assignee),
            Self::Bookmarked(Whom::Person(person)) => {
                issue.interests.get(person).is_some_and(|it| it.is_bookmarked)
            }
            Self::Bookmarked(_) => false,
            Self::Has(key) => !tag(key).is_empty(),
            Self::Text(text) => says(issue, text),
            Self::Issue {
                project,
                number,
                text,
            } => {
                let is_named = issue.project == *project && issue.number == *number;
                is_named || text.as_deref().is_some_and(|text| says(issue, text))
            }
            Self::Tag { key, value } => match fields(key) {
                Some(values) => values(issue).contains(&value.as_str()),
                None => tag(key).contains(value),
            },
        }
    }
}

/// The fields of the issue that `key` asks for; none when it asks for a tag.
fn fields(key: &str) -> Option<fn(&Issue) -> Vec<&str>> {
    Some(match key {
        "level" => |issue| vec![issue.seen.level.as_str()],
        "platform" => |issue| vec![issue.seen.platform.as_str()],
        "type" => |issue| {
            let exception = issue.seen.metadata.kind.as_deref();
            exception
                .into_iter()
                .chain([issue.seen.event_type.as_str()])
                .collect()
        },
        _ => return None,
    })
}

/// Whether `text`, in lower case, stands anywhere in what the list shows of `issue`.
fn says(issue: &Issue, text: &str) -> bool {
    issue.texts().any(|it| it.to_lowercase().contains(text))
}
