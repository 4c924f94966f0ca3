//! Which issues a search cannot mean, by what is known of them in brief.

use super::{Query, Test, Whom};
use crate::model::brief::{Brief, TagPrint, TagPrints};
use crate::model::issue::Status;
use crate::protocol::ids::ProjectId;

/// What the brief says to a test.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    Perhaps,
}

impl From<bool> for Answer {
    fn from(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }
}

/// What a filter says, which knows for certain only what it does not have.
fn perhaps(may_be: bool) -> Answer {
    if may_be { Answer::Perhaps } else { Answer::No }
}

impl Query {
    /// Whether an issue of `project` may be meant. One that is not is certainly not; the others are to be asked themselves
    /// ([`Query::matches`]).
    pub fn may_mean(&self, project: ProjectId, brief: &Brief, tags: &TagPrints) -> bool {
        self.terms.iter().all(|term| {
            let wrong = if term.negated { Answer::Yes } else { Answer::No };
            term.test.of_brief(project, brief, tags) != wrong
        })
    }

    /// Whether any term asks for a tag, which takes a look at rows that are not the issue's own.
    pub fn reads_tags(&self) -> bool {
        self.terms.iter().any(super::Term::reads_tags)
    }
}

impl Test {
    fn of_brief(&self, project: ProjectId, brief: &Brief, tags: &TagPrints) -> Answer {
        match self {
            Self::Is(status) => (brief.status == *status).into(),
            Self::Stands(substatus, now) => {
                let known = now.map_or(brief.substatus, |now| brief.substatus_at(now));
                (brief.status == Status::Unresolved && known == *substatus).into()
            }
            Self::Assigned => brief.assignee.is_some().into(),
            Self::AssignedTo(whom) => whom.is(brief.assignee).into(),
            Self::Bookmarked(Whom::Person(person)) => perhaps(brief.may_be_bookmarked(person)),
            Self::Bookmarked(_) => Answer::No,
            Self::Has(key) => perhaps(tags.may_have(TagPrint::key(key))),
            Self::Text(text) => perhaps(brief.may_say(text)),
            Self::Issue {
                project: its,
                number,
                text,
            } => match text {
                _ if project == *its && brief.number == *number => Answer::Yes,
                Some(text) => perhaps(brief.may_say(text)),
                None => Answer::No,
            },
            Self::Tag { key, value } => match key.as_str() {
                "level" => (brief.level.as_str() == value).into(),
                "platform" | "type" => perhaps(brief.may_say(&value.to_lowercase())),
                _ => perhaps(tags.may_have(TagPrint::value(key, value))),
            },
        }
    }
}
