//! An issue in brief: what lists of issues are sorted and sifted by, in a hundred odd bytes, so that an engine can have it
//! of every issue in memory. Pure.
//!
//! Texts and names are in it as bits of Bloom filters only: they say which issues a search *cannot* mean. Of the others
//! the issue itself is asked, which is read anyway when it is shown.

use std::hash::{DefaultHasher, Hash, Hasher};

use jiff::Timestamp;

use super::attention::Assignee;
use super::issue::{Issue, IssueFilter, IssueId, IssueSort, Status, Substatus};
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;

/// What a list knows of an issue before it reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// Which issue.
    pub id: IssueId,
    /// Number within the project.
    pub number: u32,
    /// Severity of the latest event.
    pub level: Level,
    /// Where it stands.
    pub status: Status,
    /// Why, as it was when the status was changed.
    pub substatus: Substatus,
    /// When the status was last changed.
    pub status_changed: Timestamp,
    /// When the earliest event happened.
    pub first_seen: Timestamp,
    /// When the latest event happened.
    pub last_seen: Timestamp,
    /// How many events.
    pub events: u64,
    /// How many users.
    pub users: u64,
    /// Who is to look after it.
    pub assignee: Option<Assignee>,
    environments: Bits<1>,
    bookmarked: Bits<1>,
    texts: Bits<4>,
}

/// An issue's place in a list: what it is sorted by, then its number. Unique, so that a page begins exactly where the one
/// before it ended, even when issues have moved in between.
pub type Rank = (i64, u64);

impl Brief {
    /// What `issue` is in brief.
    pub fn of(issue: &Issue) -> Self {
        let mut brief = Self {
            id: issue.id,
            number: issue.number,
            level: issue.seen.level,
            status: issue.status,
            substatus: issue.substatus,
            status_changed: issue.status_changed,
            first_seen: issue.seen.first_seen,
            last_seen: issue.seen.last_seen,
            events: issue.seen.times_seen,
            users: issue.users,
            assignee: issue.assignee,
            environments: Bits::default(),
            bookmarked: Bits::default(),
            texts: Bits::default(),
        };
        for environment in &issue.seen.environments {
            brief.environments.add(environment);
        }
        for (who, interest) in &issue.interests {
            if interest.is_bookmarked {
                brief.bookmarked.add(who);
            }
        }
        let kinds = [issue.seen.platform.as_str(), issue.seen.event_type.as_str()];
        for text in issue.texts().chain(kinds) {
            trigrams(&text.to_lowercase()).for_each(|it| brief.texts.add(it));
        }
        brief
    }

    /// Why it has its status, as of `now`.
    pub(super) fn substatus_at(&self, now: Timestamp) -> Substatus {
        self.substatus.at(now, self.first_seen, self.status_changed)
    }

    /// Its place in a list.
    pub fn rank(&self, sort: IssueSort) -> Rank {
        let count = |number| i64::try_from(number).unwrap_or(i64::MAX);
        let by = match sort {
            IssueSort::LastSeen => self.last_seen.as_microsecond(),
            IssueSort::FirstSeen => self.first_seen.as_microsecond(),
            IssueSort::Events => count(self.events),
            IssueSort::Users => count(self.users),
            IssueSort::Priority => self.priority(),
        };
        (by, self.id.0)
    }

    /// When it was seen last, put off by hours: 6 each time that its users double and 3 that its events do, a day for what
    /// is new or an error, two for what is fatal, came back or escalates. A sum that does not ask what time it is, so
    /// that the order of a list holds still while nothing happens.
    fn priority(&self) -> i64 {
        let doublings = |number: u64| i64::from(number.saturating_add(1).ilog2());
        let level = match self.level {
            Level::Fatal => 48,
            Level::Error => 24,
            Level::Warning | Level::Info | Level::Debug => 0,
        };
        let state = match self.substatus {
            Substatus::Regressed | Substatus::Escalating => 48,
            Substatus::New => 24,
            _ => 0,
        };
        let hours = 6 * doublings(self.users) + 3 * doublings(self.events) + level + state;
        self.last_seen.as_microsecond() + hours * 3_600_000_000
    }

    /// Whether `filter`, which asks for issues of `project` among others, may mean this one of them. If it does not, the
    /// issue is certainly not meant.
    pub fn may_be_meant(&self, project: ProjectId, filter: &IssueFilter, tags: &TagPrints) -> bool {
        let in_range = filter
            .range
            .is_none_or(|range| self.last_seen >= range.start && self.first_seen < range.end);
        let mut wanted = filter.environments.iter();
        let in_environment =
            filter.environments.is_empty() || wanted.any(|it| self.environments.may_have(it));
        in_range && in_environment && filter.query.may_mean(project, self, tags)
    }

    /// Whether somebody may have marked it.
    pub(super) fn may_be_bookmarked(&self, by: impl Hash) -> bool {
        self.bookmarked.may_have(by)
    }

    /// Whether `text`, in lower case, may stand in what the list shows of it, or be its platform or type.
    pub(super) fn may_say(&self, text: &str) -> bool {
        trigrams(text).all(|it| self.texts.may_have(it))
    }
}

fn trigrams(text: &str) -> impl Iterator<Item = &[u8]> {
    text.as_bytes().windows(3)
}

/// A Bloom filter of 64 · `N` bits.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bits<const N: usize>([u64; N]);

impl<const N: usize> Default for Bits<N> {
    fn default() -> Self {
        Self([0; N])
    }
}

impl<const N: usize> Bits<N> {
    fn add(&mut self, item: impl Hash) {
        let (word, bit) = Self::place(item);
        self.0[word] |= bit;
    }

    fn may_have(&self, item: impl Hash) -> bool {
        let (word, bit) = Self::place(item);
        self.0[word] & bit != 0
    }

    fn place(item: impl Hash) -> (usize, u64) {
        let hash = digest(item);
        ((hash >> 6) as usize % N, 1 << (hash % 64))
    }
}

/// Which tags an issue may have: a print of 16 bits for each tag key and for each value of one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum TagPrints {
    /// Nobody looked so far: it may have any.
    #[default]
    Unread,
    /// These, in order.
    Read(Vec<TagPrint>),
    /// More than are told apart: it may have any.
    TooMany,
}

/// A tag key, or a key and its value, in 16 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TagPrint(u16);

impl TagPrint {
    /// Of a tag key.
    pub fn key(key: &str) -> Self {
        Self(digest(key) as u16)
    }

    /// Of one of its values.
    pub fn value(key: &str, value: &str) -> Self {
        Self(digest((key, value)) as u16)
    }
}

impl TagPrints {
    /// The most that are told apart of an issue.
    const MOST: usize = 512;

    /// Those of tags that were read.
    pub fn of(prints: Vec<TagPrint>) -> Self {
        let mut read = Self::Read(prints);
        read.tidy();
        read
    }

    /// One more, of an issue whose tags were read.
    pub fn add(&mut self, print: TagPrint) {
        if let Self::Read(known) = self
            && let Err(at) = known.binary_search(&print)
        {
            known.insert(at, print);
            self.tidy();
        }
    }

    /// Whether the issue may have it.
    pub fn may_have(&self, print: TagPrint) -> bool {
        match self {
            Self::Read(known) => known.binary_search(&print).is_ok(),
            Self::Unread | Self::TooMany => true,
        }
    }

    /// How many there are in memory.
    pub fn count(&self) -> usize {
        match self {
            Self::Read(known) => known.len(),
            Self::Unread | Self::TooMany => 0,
        }
    }

    fn tidy(&mut self) {
        if let Self::Read(known) = self {
            known.sort_unstable();
            known.dedup();
            if known.len() > Self::MOST {
                *self = Self::TooMany;
            }
        }
    }
}

/// The same in one process, which is all that it has to be.
fn digest(item: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    item.hash(&mut hasher);
    hasher.finish()
}
