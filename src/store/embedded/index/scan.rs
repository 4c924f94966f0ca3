//! Rows in order, from both ends: sled's or those of runs, those that are on their way there, and those that came since,
//! merged.
//!
//! They are read a few at a time, so that a commit waits for a moment only. What changes meanwhile may or may not be seen;
//! what does not change is.

use std::cmp::Reverse;
use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound::{self, Excluded, Included, Unbounded};

use super::tree::{Row, Tree};
use super::{runs, sled_error};
use crate::store::Result;

/// How many rows are read at first: most look at one or two.
const FIRST: usize = 4;
/// How many rows are read at a time at the most.
const MOST: usize = 256;

/// Rows between two keys that are still to come, from either end.
pub(in crate::store::embedded) struct Scan {
    tree: Tree,
    /// What is not read yet; none when all is.
    gap: Option<Gap>,
    /// Read and before the gap.
    front: VecDeque<Row>,
    /// Read and behind the gap.
    back: VecDeque<Row>,
    /// How many rows are read next.
    step: usize,
}

struct Gap {
    begin: Bound<Vec<u8>>,
    end: Bound<Vec<u8>>,
}

/// The end of a gap at which it is read.
#[derive(Clone, Copy)]
pub(super) enum Side {
    Front,
    Back,
}

impl Scan {
    pub(super) fn of(tree: Tree, begin: Bound<Vec<u8>>, end: Bound<Vec<u8>>) -> Self {
        let gap = Gap { begin, end };
        Self {
            tree,
            gap: (!gap.is_empty()).then_some(gap),
            front: VecDeque::new(),
            back: VecDeque::new(),
            step: FIRST,
        }
    }

    pub(super) fn of_prefix(tree: Tree, prefix: &[u8]) -> Self {
        let end = match prefix.iter().rposition(|&byte| byte < u8::MAX) {
            Some(last) => {
                let mut end = prefix[..=last].to_vec();
                end[last] += 1;
                Excluded(end)
            }
            None => Unbounded,
        };
        Self::of(tree, Included(prefix.to_vec()), end)
    }

    /// What of it lies behind `key`.
    pub(super) fn behind(mut self, key: &[u8]) -> Self {
        self.gap = self.gap.map(|gap| Gap {
            begin: Excluded(key.to_vec()),
            ..gap
        });
        self.gap = self.gap.filter(|gap| !gap.is_empty());
        self
    }

    /// Reads on at one side of the gap until there is a row, or no gap any more.
    fn fill(&mut self, side: Side) -> Result<()> {
        while let Some(gap) = &mut self.gap {
            let (rows, edge) = read(&self.tree, gap, side, self.step)?;
            self.step = (self.step * 4).min(MOST);
            match (edge, side) {
                (None, _) => self.gap = None,
                (Some(edge), Side::Front) => gap.begin = Excluded(edge),
                (Some(edge), Side::Back) => gap.end = Excluded(edge),
            }
            if !rows.is_empty() {
                match side {
                    Side::Front => self.front = rows.into(),
                    Side::Back => self.back = rows.into(),
                }
                break;
            }
        }
        Ok(())
    }

    /// A row, after which nothing comes when it could not be read.
    fn take(&mut self, side: Side) -> Option<Result<Row>> {
        let is_read = match side {
            Side::Front => !self.front.is_empty(),
            Side::Back => !self.back.is_empty(),
        };
        if !is_read && let Err(error) = self.fill(side) {
            self.gap = None;
            return Some(Err(error));
        }
        let row = match side {
            Side::Front => self.front.pop_front().or_else(|| self.back.pop_front()),
            Side::Back => self.back.pop_back().or_else(|| self.front.pop_back()),
        };
        row.map(Ok)
    }
}

impl Iterator for Scan {
    type Item = Result<Row>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take(Side::Front)
    }
}

impl DoubleEndedIterator for Scan {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.take(Side::Back)
    }
}

impl Gap {
    /// Whether its ends are the wrong way round, or leave nothing between them.
    fn is_empty(&self) -> bool {
        match (&self.begin, &self.end) {
            (Included(begin), Included(end)) => begin > end,
            (Included(begin) | Excluded(begin), Included(end) | Excluded(end)) => begin >= end,
            _ => false,
        }
    }

    /// Whether its rows are in runs. No scan goes beyond one table.
    fn is_in_runs(&self) -> bool {
        match &self.begin {
            Included(key) | Excluded(key) => runs::have(key),
            Unbounded => false,
        }
    }
}

/// Up to `most` rows of each source at a side of the gap, merged, in order; and the key up to which that is all there is,
/// when there may be more.
fn read(tree: &Tree, gap: &Gap, side: Side, most: usize) -> Result<(Vec<Row>, Option<Vec<u8>>)> {
    let begin = gap.begin.as_ref().map(Vec::as_slice);
    let end = gap.end.as_ref().map(Vec::as_slice);
    let recent = tree.recent();
    let mut edge = Edge::of(side);
    let mut stored: Vec<Row> = Vec::new();
    let mut changed: BTreeMap<sled::IVec, Option<sled::IVec>> = BTreeMap::new();
    if gap.is_in_runs() {
        for rows in recent.runs.ranges((begin, end), side, most) {
            let rows = rows?;
            edge.note(rows.len() == most, rows.last().map(|(key, _)| key.as_slice()));
            changed.extend(
                rows.into_iter()
                    .map(|(key, value)| (key.as_slice().into(), value)),
            );
        }
    } else {
        let rows = tree.sled().range::<&[u8], _>((begin, end));
        stored = match side {
            Side::Front => rows.take(most).collect::<sled::Result<Vec<Row>>>(),
            Side::Back => rows.rev().take(most).collect(),
        }
        .map_err(sled_error)?;
        edge.note(stored.len() == most, stored.last().map(|(key, _)| key.as_ref()));
    }
    for memtable in [&*recent.frozen, &recent.active] {
        let rows = memtable.range(begin, end);
        let rows: Vec<_> = match side {
            Side::Front => rows.take(most).collect(),
            Side::Back => rows.rev().take(most).collect(),
        };
        edge.note(rows.len() == most, rows.last().map(|(key, _)| *key));
        changed.extend(
            rows.into_iter()
                .map(|(key, value)| (key.into(), value.map(Into::into))),
        );
    }
    drop(recent);
    let mut rows = stored;
    if !changed.is_empty() {
        rows.retain(|(key, _)| !changed.contains_key(key));
        rows.extend(changed.into_iter().filter_map(|(key, value)| Some((key, value?))));
    }
    rows.retain(|(key, _)| edge.has(key));
    rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Ok((rows, edge.key))
}

/// How far all sources were read that were not read to their end.
struct Edge {
    side: Side,
    key: Option<Vec<u8>>,
}

impl Edge {
    fn of(side: Side) -> Self {
        Self { side, key: None }
    }

    /// A source was read as far as `last`; it `goes_on` behind it.
    fn note(&mut self, goes_on: bool, last: Option<&[u8]>) {
        if let Some(last) = last.filter(|last| goes_on && self.has(last)) {
            self.key = Some(last.to_vec());
        }
    }

    /// Whether a key lies before it.
    fn has(&self, key: &[u8]) -> bool {
        let Some(edge) = &self.key else { return true };
        match self.side {
            Side::Front => key <= edge.as_slice(),
            Side::Back => Reverse(key) <= Reverse(edge.as_slice()),
        }
    }
}
