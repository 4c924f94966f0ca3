//! The keys of the index: the only place that knows their bytes.
//!
//! One tree; the first byte is the table; integers are big-endian, so that the order of the bytes is the order of the
//! numbers. Times are microseconds since 1970 with the sign bit flipped, days are days since 1970 likewise.
//!
//! | table | key behind it | value |
//! |---|---|---|
//! | `m` | name | [`Meta`](super::rows::Meta): schema, how far the segments are applied, numbers given; `Progress` of alerts; `SigningKey`; the list of runs |
//! | `P` | project | `model::Project` |
//! | `K` | public key 16 | `model::ProjectKey` |
//! | `U` | user | `model::User` |
//! | `T` | token hash 32 | `model::ApiToken` |
//! | `S` | session hash 32 | `model::WebSession` |
//! | `L` | link hash 32 | `model::SignInLink` |
//! | `Z` | project | `model::ProjectLimits`, if somebody set some |
//! | `t` | project, key 16 or nothing | `model::quota::Usage`: what was accepted with the key, or with all |
//! | `p` | project | `model::ProjectActivity` |
//! | `c` | project, day | events by hour |
//! | `O` | project, day | outcomes by hour |
//! | `I` | project, issue | `model::Issue` |
//! | `i` | issue | project |
//! | `n` | project, number | issue: what a short id names |
//! | `k` | issue, part | nothing |
//! | `q` | part | `model::Part`: also whose issue it is |
//! | `j` | issue, issue | nothing: the second was merged into the first |
//! | `J` | issue, issue | nothing: the same, of all those on which, or on one in which, there is a decision |
//! | `a` | issue, activity | `model::Activity` |
//! | `g` | project | `model::Regrouping` |
//! | `H` | project, hash 16 | part: where events with this hash are counted, if the part's own hash is this one; else only which issue they belong to, by way of the part |
//! | `h` | part, hash 16 | nothing |
//! | `C` | part, day | events by hour |
//! | `G` | part, tag key | `model::TagKey`; with an empty key the list of the part's tag keys |
//! | `N` | part | sketch of its users |
//! | `E` | project, event id 16 | [`EventRow`](super::rows::EventRow): part, time, where the payload is |
//! | `e` | part, time, event id 16 | [`TimeRow`](super::rows::TimeRow): where the payload is, environment |
//! | `B` | project | [`Book`](super::release::Book): what is known of its releases as a whole |
//! | `R` | project, version | [`ReleaseRow`](super::release::ReleaseRow) |
//! | `V` | project, release | version |
//! | `y` | project, release, number u32 | a slice of its deploys, oldest first |
//! | `M` | project, release, number u32 | a slice of its commits, latest first |
//! | `v` | part, release | `model::release::Sightings`: where the part was seen in the release |
//! | `Q` | part, release, environment | sketch of the users for whom the part was seen there |
//! | `r` | project, release, part | nothing |
//! | `s` | project, day, release, kind, environment | [how](super::release::HealthKind) the release was used on that day |
//! | `z` | day of its start, project, session id 16 | `model::session::CountedSession` |
//! | `A` | project, event id 16, number u32 | `model::Attachment` |
//! | `W` | journal position | position: what stands between the two is recorded, though not all before it |
//! | `+` | day received, project, event id 16 | nothing: the event was counted, and is not kept |
//! | `&` | blob 32, project, event id 16, number u32 | nothing: the attachment is in the blob |
//! | `%` | project, day | [`KeptRow`](super::rows::KeptRow): payloads and their bytes |
//! | `D` | segment day, offset | why the entry was set aside |
//! | `d` | issue | [`Standing`](super::lifecycle::Standing): what was decided of the issue itself |
//! | `w` | project, issue | [`Watch`](super::lifecycle::Watch): it was resolved |
//! | `u` | issue, number | [`Period`](super::lifecycle::Period): what was counted since the issue was archived |
//! | `l` | time, issue | nothing: the issue is archived until then |
//! | `F` | project, issue, commit | nothing: a release said that the commit mends the issue |
//! | `x` | project, hash 16 | nothing: events with this hash are dropped |
//! | `X` | issue | project: a removed issue whose events are still to be removed |
//! | `0` | happening | `model::alert::Happening` |
//! | `1` | project, time, happening | nothing |
//! | `2` | hour received, project, issue | [`PulseRow`](super::pulse::PulseRow): what was received of the issue; of sessions for the issue 0 |
//! | `3` | name | JSON: what the engine of alerts remembers |
//! | `4` | firing | `model::alert::Firing` without its causes |
//! | `5` | firing, number u32 | `model::alert::firing::Cause` |
//! | `6` | [of what](super::alerts::Concern), number, firing | nothing: the firing concerns it |
//! | `7` | delivery | `model::alert::Delivery` |
//! | `8` | firing, delivery | nothing: the delivery tells of the firing |
//! | `9` | [line](super::alerts::due_key), time, delivery | nothing: the delivery is due then |
//! | `Y` | delivery | nothing: it was given up |
//! | `b` | rule | `model::alert::AlertRule` |
//! | `o` | destination | `model::alert::Destination` |
//! | `$` | destination | `model::alert::Fared`, once something was sent to it |
//! | `f` | user | `model::alert::Preferences` |
//!
//! Rows of `E`, `e` and `+` lie in [runs](super::runs), all others in sled.

use smallvec::SmallVec;

use crate::model::GroupHash;
use crate::protocol::ids::{EventId, ProjectId};

/// A table: the first byte of its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(in crate::store::embedded) enum Table {
    Meta = b'm',
    Project = b'P',
    Key = b'K',
    User = b'U',
    Token = b'T',
    Session = b'S',
    Link = b'L',
    Limits = b'Z',
    Usage = b't',
    Activity = b'p',
    ProjectHours = b'c',
    Outcomes = b'O',
    Issue = b'I',
    IssueProject = b'i',
    IssueNumber = b'n',
    IssuePart = b'k',
    Part = b'q',
    Merged = b'j',
    MergedDecided = b'J',
    Story = b'a',
    Regrouping = b'g',
    Hash = b'H',
    PartHash = b'h',
    PartHours = b'C',
    Tag = b'G',
    Users = b'N',
    Event = b'E',
    EventTime = b'e',
    ReleaseBook = b'B',
    Release = b'R',
    ReleaseVersion = b'V',
    Deploy = b'y',
    Commit = b'M',
    Sighting = b'v',
    SightingUsers = b'Q',
    ReleasePart = b'r',
    Health = b's',
    CountedSession = b'z',
    Attachment = b'A',
    Spent = b'W',
    Counted = b'+',
    BlobUse = b'&',
    Kept = b'%',
    DeadLetter = b'D',
    Standing = b'd',
    Watch = b'w',
    Period = b'u',
    Alarm = b'l',
    Mended = b'F',
    Discarded = b'x',
    Purge = b'X',
    Happening = b'0',
    Happened = b'1',
    Pulse = b'2',
    AlertMemory = b'3',
    Firing = b'4',
    Cause = b'5',
    Concern = b'6',
    Delivery = b'7',
    FiringDelivery = b'8',
    Due = b'9',
    DeadDelivery = b'Y',
    AlertRule = b'b',
    Destination = b'o',
    Fared = b'$',
    Preferences = b'f',
}

/// A key's bytes. Nearly all of them fit where they stand: an ordered map of many is searched without going elsewhere.
pub(in crate::store::embedded) type KeyBytes = SmallVec<[u8; 40]>;

/// Builds a key piece by piece.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store::embedded) struct Key(KeyBytes);

impl Key {
    /// A key of `table` without pieces: also the prefix of all its keys.
    pub(in crate::store::embedded) fn of(table: Table) -> Self {
        Self(SmallVec::from_slice(&[table as u8]))
    }

    /// The row of what was made with [`Key::of`]: all of a store's settings are in one.
    pub(in crate::store::embedded) fn meta() -> Self {
        Self::of(Table::Meta).bytes(b"store")
    }

    /// Adds an unsigned number.
    pub(in crate::store::embedded) fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Adds a short number.
    pub(in crate::store::embedded) fn short(mut self, number: u32) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Adds a signed number, in its order.
    pub(in crate::store::embedded) fn signed(self, number: i64) -> Self {
        self.number(number as u64 ^ SIGN)
    }

    /// Adds bytes. Those of varying length only at the end: there is no terminator.
    pub(in crate::store::embedded) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// The bytes.
    pub(in crate::store::embedded) fn into_bytes(self) -> KeyBytes {
        self.0
    }

    /// The bytes, as the end of a range.
    pub(in crate::store::embedded) fn into_vec(self) -> Vec<u8> {
        self.0.into_vec()
    }
}

impl AsRef<[u8]> for Key {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The row of an event by its id.
pub(in crate::store::embedded) fn event_key(project: ProjectId, event: EventId) -> Key {
    Key::of(Table::Event).number(project.0).bytes(event.as_bytes())
}

/// Days after which no client repeats an event any more, and its id may be forgotten.
pub(in crate::store::embedded) const COUNTED_DAYS: i64 = 2;

/// The row of an event that is not kept, by the day since 1970 on which it was received and its id.
pub(in crate::store::embedded) fn counted_key(day: i64, project: ProjectId, event: EventId) -> Key {
    Key::of(Table::Counted)
        .signed(day)
        .number(project.0)
        .bytes(event.as_bytes())
}

/// The row that says where a hash leads.
pub(in crate::store::embedded) fn hash_key(project: ProjectId, hash: GroupHash) -> Key {
    Key::of(Table::Hash).number(project.0).bytes(&hash.0)
}

const SIGN: u64 = 1 << 63;

/// Takes a key apart, piece by piece, in the order in which it was built.
pub(in crate::store::embedded) struct Pieces<'a>(&'a [u8]);

impl<'a> Pieces<'a> {
    /// The pieces behind the table byte.
    pub(in crate::store::embedded) fn of(key: &'a [u8]) -> Self {
        Self(key.get(1..).unwrap_or_default())
    }

    /// The next number.
    pub(in crate::store::embedded) fn number(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// The next signed number.
    pub(in crate::store::embedded) fn signed(&mut self) -> Option<i64> {
        self.number().map(|number| (number ^ SIGN) as i64)
    }

    /// The next `N` bytes.
    pub(in crate::store::embedded) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (part, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*part)
    }

    /// All that is left.
    pub(in crate::store::embedded) fn rest(self) -> &'a [u8] {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_numbers_keep_their_order_and_come_back() {
        let numbers = [i64::MIN, -1, 0, 1, i64::MAX];
        let keys = numbers.map(|number| Key::of(Table::EventTime).number(9).signed(number).into_vec());
        assert!(keys.is_sorted());
        for (key, number) in keys.iter().zip(numbers) {
            let mut pieces = Pieces::of(key);
            assert_eq!((pieces.number(), pieces.signed()), (Some(9), Some(number)));
        }
    }
}
