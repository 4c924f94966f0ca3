//! The issues whose events say something: the index of words knows of parts, the rows know whose those are.

use std::collections::HashSet;

use super::Reader;
use crate::model::{IssueFilter, IssueId, Wanted};
use crate::store::embedded::index::apply::sum::part_in;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::words::Sought;
use crate::store::{Result, Searchable};

/// The issues of so many parts are looked up one by one; for more, one walk past the keys of all parts is shorter.
const ONE_BY_ONE: usize = 500;

impl Reader {
    /// The filter, which knows by now whose events say what it looks for.
    pub(super) fn heard(&self, filter: IssueFilter) -> Result<IssueFilter> {
        let query = filter.query.with_said(|wanted| self.issues_that_say(wanted))?;
        Ok(IssueFilter { query, ..filter })
    }

    fn issues_that_say(&self, wanted: &Wanted) -> Result<HashSet<IssueId>> {
        let sought = match wanted.is_exact() {
            true => Sought::text(wanted.text()),
            false => Sought::pattern(wanted.text()),
        };
        let parts = match sought? {
            Some(sought) => self.words.parts(&sought)?,
            None => HashSet::new(),
        };
        if parts.len() <= ONE_BY_ONE {
            let issues = parts.into_iter().map(|part| self.issue_of(part));
            return issues
                .filter_map(|it| it.map(|issue| issue.map(|it| it.id)).transpose())
                .collect();
        }
        let mut issues = HashSet::new();
        for row in self.tree.scan(&Key::of(Table::IssuePart)) {
            let (key, _) = row?;
            if let (Some(issue), Some(part)) = (Pieces::of(&key).number(), part_in(&key))
                && parts.contains(&part)
            {
                issues.insert(IssueId(issue));
            }
        }
        Ok(issues)
    }

    /// How much of what events say can be searched.
    pub(super) fn searchable(&self) -> Result<Searchable> {
        let (documents, fed) = self.words.extent();
        let mut behind = 0;
        for segment in self.segments.from(fed) {
            let read = match segment.begin.day == fed.day {
                true => fed.offset.saturating_sub(segment.begin.offset),
                false => 0,
            };
            behind += self.segments.length(segment)?.saturating_sub(read);
        }
        Ok(Searchable { documents, behind })
    }
}
