//! Which issues a search cannot mean, by what is known of them in brief.

use super::term::{Pattern, Test, Whom};
use super::{Answer, Query, Wanted};
use crate::model::brief::{Brief, TagPrint, TagPrints};
use crate::model::issue::Status;
use crate::protocol::ids::ProjectId;

/// What a filter says, which knows for certain only what it does not have.
fn perhaps(may_be: bool) -> Answer {
    if may_be { Answer::Perhaps } else { Answer::No }
}

impl Query {
    /// Whether an issue of `project` may be meant. One that is not is certainly not; the others are to be asked themselves
    /// ([`Query::matches`]).
    pub fn may_mean(&self, project: ProjectId, brief: &Brief, tags: &TagPrints) -> bool {
        let answer = self
            .expression
            .answer(&mut |test| test.of_brief(project, brief, tags));
        answer != Answer::No
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
            Self::Release(..) => perhaps(tags.may_have(TagPrint::key("release"))),
            Self::Count(count, compare, number) => compare
                .holds(count.of(brief.events, brief.users).cmp(number))
                .into(),
            Self::Seen {
                seen,
                compare,
                when,
                now,
            } => {
                let order = when.compared(seen.of(brief.first_seen, brief.last_seen), *now);
                order.is_some_and(|order| compare.holds(order)).into()
            }
            Self::Text(wanted) => wanted.of_brief(brief),
            Self::Issue {
                project: its,
                number,
                text,
            } => match text {
                _ if project == *its && brief.number == *number => Answer::Yes,
                Some(wanted) => wanted.of_brief(brief),
                None => Answer::No,
            },
            Self::Tag { key, values } => match key.as_str() {
                "level" => values.are(brief.level.as_str()).into(),
                "platform" | "type" | "title" | "culprit" => {
                    perhaps(values.patterns().iter().any(|it| brief.may_say_all(it)))
                }
                _ => perhaps(values.patterns().iter().any(|it| match it {
                    Pattern::Plain(value) => tags.may_have(TagPrint::value(key, value)),
                    Pattern::Wild(_) => tags.may_have(TagPrint::key(key)),
                })),
            },
        }
    }
}

impl Wanted {
    fn of_brief(&self, brief: &Brief) -> Answer {
        match self.is_said_in(brief.id) {
            true => Answer::Yes,
            false => perhaps(brief.may_say_all(self.pattern())),
        }
    }
}

impl Brief {
    fn may_say_all(&self, pattern: &Pattern) -> bool {
        pattern.pieces().all(|piece| self.may_say(&piece))
    }
}
