//! What single terms ask of an issue.

use std::cmp::Ordering;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::{QueryError, Viewer, Wanted};
use crate::model::attention::Assignee;
use crate::model::issue::{Issue, Status, Substatus};
use crate::model::person::UserId;
use crate::model::release::version::Version;
use crate::protocol::ids::ProjectId;

/// A question that an issue answers with yes or no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Test {
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
        values: Values,
    },
    /// It was seen in a release that compares so with this one.
    Release(Compare, String),
    Count(Count, Compare, u64),
    /// As of a time, if one is known.
    Seen {
        seen: Seen,
        compare: Compare,
        when: When,
        now: Option<Timestamp>,
    },
    Text(Wanted),
    /// The issue of a short id; one typed as a mere word is looked for as text, too.
    Issue {
        project: ProjectId,
        number: u32,
        text: Option<Wanted>,
    },
}

/// Who is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Whom {
    Nobody,
    Team,
    Person(UserId),
    Named(Name),
}

/// A name, and the character at which it stands, from 1, which makes no other name of it.
#[derive(Debug, Clone, Eq)]
pub(super) struct Name {
    pub(super) text: String,
    pub(super) position: usize,
}

/// What a value may be: this, or one of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    One(Pattern),
    OneOf(Vec<Pattern>),
}

/// What a text may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pattern {
    /// This one.
    Plain(String),
    /// In lower case, where `*` is anything, in upper or lower case.
    Wild(String),
}

/// How something compares with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Less,
    AtMost,
    Equal,
    AtLeast,
    More,
}

/// What is counted of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Count {
    Events,
    Users,
}

/// When an issue was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    First,
    Last,
}

/// A time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum When {
    /// So many of a unit ago.
    Ago(u32, Unit),
    /// A day of UTC; equal to it is all of it.
    Day(Date),
    At(Timestamp),
}

/// A span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Minute,
    Hour,
    Day,
    Week,
}

/// Where an issue may stand, as one asks for it.
pub(super) const STATUSES: [(&str, Status); 3] = [
    ("unresolved", Status::Unresolved),
    ("resolved", Status::Resolved),
    ("archived", Status::Archived),
];

/// Why one may be unresolved.
pub(super) const SUBSTATUSES: [(&str, Substatus); 4] = [
    ("new", Substatus::New),
    ("ongoing", Substatus::Ongoing),
    ("regressed", Substatus::Regressed),
    ("escalating", Substatus::Escalating),
];

impl Test {
    /// Whether it asks for tags, which are not the issue's own.
    pub(super) fn reads_tags(&self) -> bool {
        match self {
            Self::Has(_) | Self::Release(..) => true,
            Self::Tag { key, .. } => field(key).is_none(),
            _ => false,
        }
    }

    /// Whether it holds of `issue`; `tag` gives the issue's values of a tag key.
    pub(super) fn holds(&self, issue: &Issue, tag: &mut dyn FnMut(&str) -> Vec<String>) -> bool {
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
            Self::Tag { key, values } => match field(key) {
                Some(field) => field(issue).into_iter().any(|it| values.are(it)),
                None => tag(key).iter().any(|it| values.are(it)),
            },
            Self::Release(compare, version) => {
                let wanted = Version::parse(version);
                let mut seen_in = tag("release").into_iter();
                seen_in
                    .any(|it| precedence(&Version::parse(&it), &wanted).is_some_and(|it| compare.holds(it)))
            }
            Self::Count(count, compare, number) => {
                compare.holds(count.of(issue.seen.times_seen, issue.users).cmp(number))
            }
            Self::Seen {
                seen,
                compare,
                when,
                now,
            } => {
                let time = seen.of(issue.seen.first_seen, issue.seen.last_seen);
                when.compared(time, *now).is_some_and(|it| compare.holds(it))
            }
            Self::Text(wanted) => wanted.is_in(issue),
            Self::Issue {
                project,
                number,
                text,
            } => {
                let is_named = issue.project == *project && issue.number == *number;
                is_named || text.as_ref().is_some_and(|wanted| wanted.is_in(issue))
            }
        }
    }
}

/// The values of an issue's own.
type Field = fn(&Issue) -> Vec<&str>;

/// The field of the issue that `key` asks for; none when it asks for a tag.
pub(super) fn field(key: &str) -> Option<Field> {
    Some(match key {
        "level" => |issue| vec![issue.seen.level.as_str()],
        "platform" => |issue| vec![issue.seen.platform.as_str()],
        "title" => |issue| vec![issue.seen.title.as_str()],
        "culprit" => |issue| issue.seen.culprit.as_deref().into_iter().collect(),
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

/// Order of releases. One that was typed without a package is compared with those of any.
fn precedence(ours: &Version<'_>, wanted: &Version<'_>) -> Option<Ordering> {
    match wanted.package() {
        Some(_) => ours.precedence(wanted),
        None => Some(ours.rank()?.cmp(wanted.rank()?)),
    }
}

impl Whom {
    pub(super) fn look_up(&mut self, viewer: &Viewer<'_>) -> Result<(), QueryError> {
        let Self::Named(name) = self else {
            return Ok(());
        };
        if name.text == "me" {
            *self = Self::Person(viewer.me);
            return Ok(());
        }
        let known = viewer
            .people
            .iter()
            .find(|it| it.email.eq_ignore_ascii_case(&name.text));
        let Some(person) = known else {
            return Err(QueryError {
                message: format!("there is nobody with the e-mail address \"{}\"", name.text),
                position: name.position,
            });
        };
        *self = Self::Person(person.id);
        Ok(())
    }

    pub(super) fn is(&self, assignee: Option<Assignee>) -> bool {
        match self {
            Self::Nobody => assignee.is_none(),
            Self::Team => assignee == Some(Assignee::Team),
            Self::Person(person) => assignee == Some(Assignee::User(*person)),
            Self::Named(_) => false,
        }
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Values {
    pub(super) fn patterns(&self) -> &[Pattern] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::OneOf(some) => some,
        }
    }

    /// Whether a value is meant.
    pub(super) fn are(&self, value: &str) -> bool {
        self.patterns().iter().any(|pattern| pattern.is(value))
    }
}

impl Pattern {
    /// Whether `text` is it, from beginning to end.
    fn is(&self, text: &str) -> bool {
        match self {
            Self::Plain(plain) => text == plain,
            Self::Wild(wild) => is_wild(wild, &text.to_lowercase()),
        }
    }

    /// Whether it stands in `text`; both in lower case.
    pub(super) fn is_in(&self, text: &str) -> bool {
        match self {
            Self::Plain(plain) => text.contains(plain),
            Self::Wild(wild) => is_wild(&format!("*{wild}*"), text),
        }
    }

    /// What stands in all that it means, in lower case.
    pub(super) fn pieces(&self) -> impl Iterator<Item = String> {
        let (text, at) = match self {
            Self::Plain(plain) => (plain, None),
            Self::Wild(wild) => (wild, Some('*')),
        };
        text.split(move |c| Some(c) == at).map(str::to_lowercase)
    }
}

/// Whether `text` is `wild`, in which `*` is anything. What stands between two of them is looked for where it comes first,
/// which leaves the most to the rest.
fn is_wild(wild: &str, text: &str) -> bool {
    let Some((begin, rest)) = wild.split_once('*') else {
        return wild == text;
    };
    let Some(mut text) = text.strip_prefix(begin) else {
        return false;
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*') {
        match text.find(piece) {
            Some(at) => text = &text[at + piece.len()..],
            None => return false,
        }
    }
    text.ends_with(end)
}

impl Compare {
    pub(super) fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::Equal => order.is_eq(),
            Self::AtLeast => order.is_ge(),
            Self::More => order.is_gt(),
        }
    }
}

impl Count {
    pub(super) fn of(self, events: u64, users: u64) -> u64 {
        match self {
            Self::Events => events,
            Self::Users => users,
        }
    }
}

impl Seen {
    pub(super) fn of(self, first: Timestamp, last: Timestamp) -> Timestamp {
        match self {
            Self::First => first,
            Self::Last => last,
        }
    }
}

impl When {
    /// How `time` compares with it; what is some time ago needs to know from when on.
    pub(super) fn compared(&self, time: Timestamp, now: Option<Timestamp>) -> Option<Ordering> {
        match self {
            Self::Ago(many, unit) => {
                let ago = SignedDuration::from_mins(i64::from(*many) * unit.minutes());
                // Further back than time goes: everything came later.
                Some(
                    now?.checked_sub(ago)
                        .map_or(Ordering::Greater, |then| time.cmp(&then)),
                )
            }
            Self::Day(day) => Some(time.to_zoned(TimeZone::UTC).date().cmp(day)),
            Self::At(then) => Some(time.cmp(then)),
        }
    }
}

impl Unit {
    /// By their letters.
    pub(super) const ALL: [(&str, Self); 4] = [
        ("m", Self::Minute),
        ("h", Self::Hour),
        ("d", Self::Day),
        ("w", Self::Week),
    ];

    fn minutes(self) -> i64 {
        match self {
            Self::Minute => 1,
            Self::Hour => 60,
            Self::Day => 24 * 60,
            Self::Week => 7 * 24 * 60,
        }
    }
}
