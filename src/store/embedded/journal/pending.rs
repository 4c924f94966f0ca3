//! What waits to be digested, by project: who has how much, and whose turn it is.
//!
//! An entry is not listed by itself: entries of one project that stand behind one another are a run, so that a backlog of
//! one project is one number however long it is. All runs together, and what is recorded, tile the journal: bytes that
//! are no entry belong to the run behind them.

use std::collections::{BTreeMap, HashMap, VecDeque};

use super::recorded::Recorded;
use crate::store::{Position, Span};

/// The most runs: many projects whose entries alternate, or a flood. At 24 bytes each they take 12 MB.
pub(super) const MAX_RUNS: usize = 1 << 19;
/// When so many stretches are recorded out of turn, the oldest entries come first: the index has a row for each.
const MAX_AHEAD: usize = 50_000;

/// Entries of one project, one behind another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) begin: u64,
    pub(super) end: u64,
    pub(super) entries: u32,
    pub(super) items: u32,
}

/// A run to be read, or the first part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    pub(super) project: u64,
    pub(super) run: Run,
    /// How much of it is wanted: at least one entry, then as long as there are fewer entries and bytes.
    pub(super) entries: usize,
    pub(super) bytes: u64,
}

/// What waits.
#[derive(Debug, Default)]
pub(super) struct Pending {
    queues: HashMap<u64, Queue>,
    /// The projects that have something, the next one first.
    turn: VecDeque<u64>,
    /// What is being digested, by its beginning.
    handed: BTreeMap<u64, (u64, Run)>,
    runs: usize,
    end: u64,
}

/// The runs of one project, in order, and what they add up to.
#[derive(Debug, Default)]
struct Queue {
    runs: VecDeque<Run>,
    entries: u64,
    bytes: u64,
}

impl Run {
    fn bytes(&self) -> u64 {
        self.end - self.begin
    }
}

impl Pending {
    /// Nothing, up to `end`.
    pub(super) fn from(end: u64) -> Self {
        Self {
            end,
            ..Self::default()
        }
    }

    /// The position behind everything.
    pub(super) fn end(&self) -> u64 {
        self.end
    }

    /// Whether there is room for `more` entries, however they alternate.
    pub(super) fn has_room(&self, more: usize) -> bool {
        self.runs + more <= MAX_RUNS
    }

    /// Adds an entry that ends at `end`.
    pub(super) fn push(&mut self, project: u64, end: u64, items: u32) {
        let run = Run {
            begin: self.end,
            end,
            entries: 1,
            items,
        };
        self.end = end;
        self.insert(project, run, Place::Back, Place::Back);
    }

    /// Passes over what is recorded, up to `end`.
    pub(super) fn skip(&mut self, end: u64) {
        self.end = self.end.max(end);
    }

    /// Takes out what is to be digested next: of every project an equal share, of one with less than that all it has.
    pub(super) fn take(&mut self, max_entries: usize, max_bytes: usize, recorded: &Recorded) -> Vec<Slice> {
        if recorded.ahead() >= MAX_AHEAD {
            return self.oldest(max_entries, max_bytes as u64);
        }
        let projects: Vec<u64> = self.turn.drain(..self.turn.len().min(max_entries)).collect();
        let has = |of: fn(&Queue) -> u64| projects.iter().map(|it| of(&self.queues[it])).collect();
        let entries = shares(max_entries as u64, has(|queue| queue.entries));
        let bytes = shares(max_bytes as u64, has(|queue| queue.bytes));
        let mut slices = Vec::new();
        for (project, (entries, bytes)) in projects.into_iter().zip(entries.into_iter().zip(bytes)) {
            self.take_of(project, entries, bytes, &mut slices);
        }
        slices
    }

    /// The runs that stand first in the journal.
    fn oldest(&mut self, max_entries: usize, max_bytes: u64) -> Vec<Slice> {
        let first = |(project, queue): (&u64, &Queue)| queue.runs.front().map(|run| (run.begin, *project));
        let mut slices = Vec::new();
        if let Some((_, project)) = self.queues.iter().filter_map(first).min() {
            self.turn.retain(|other| *other != project);
            self.take_of(project, max_entries as u64, max_bytes, &mut slices);
        }
        slices
    }

    /// Takes up to so much of one project, and puts it at the end of the turn if it has more.
    fn take_of(&mut self, project: u64, entries: u64, bytes: u64, slices: &mut Vec<Slice>) {
        let Some(queue) = self.queues.get_mut(&project) else {
            return;
        };
        let (mut entries, mut bytes) = (entries, bytes);
        while entries > 0
            && bytes > 0
            && let Some(run) = queue.pop()
        {
            self.runs -= 1;
            self.handed.insert(run.begin, (project, run));
            slices.push(Slice {
                project,
                run,
                entries: entries as usize,
                bytes,
            });
            entries = entries.saturating_sub(run.entries.into());
            bytes = bytes.saturating_sub(run.bytes());
        }
        if queue.runs.is_empty() {
            self.queues.remove(&project);
        } else {
            self.turn.push_back(project);
        }
    }

    /// Says what was read of the slices, of each its first part or all of it: the rest waits on.
    pub(super) fn settle(&mut self, slices: &[Slice], read: &[Run]) {
        // The latest first, since each rest goes to the front.
        for (slice, read) in slices.iter().zip(read).rev() {
            let run = slice.run;
            self.handed.remove(&run.begin);
            if read.end > run.begin {
                self.handed.insert(run.begin, (slice.project, *read));
            }
            if read.end < run.end {
                let rest = Run {
                    begin: read.end,
                    end: run.end,
                    entries: run.entries.saturating_sub(read.entries).max(1),
                    items: run.items.saturating_sub(read.items),
                };
                // Who got something has had their turn.
                let turn = if read.end > run.begin {
                    Place::Back
                } else {
                    Place::Front
                };
                self.insert(slice.project, rest, Place::Front, turn);
            }
        }
    }

    /// Forgets what was handed out and is recorded.
    pub(super) fn forget(&mut self, recorded: &Recorded) {
        self.handed.retain(|begin, _| !recorded.has(*begin));
    }

    /// Lets what was handed out and is not recorded wait again.
    pub(super) fn rewind(&mut self, recorded: &Recorded) {
        self.forget(recorded);
        // The latest first, since each goes to the front.
        for (_, (project, run)) in std::mem::take(&mut self.handed).into_iter().rev() {
            self.insert(project, run, Place::Front, Place::Front);
        }
    }

    /// How many bytes of a project wait for their turn.
    pub(super) fn bytes_of(&self, project: u64) -> u64 {
        self.queues.get(&project).map_or(0, |queue| queue.bytes)
    }

    /// Entries, items and bytes that are not recorded.
    pub(super) fn sums(&self, recorded: &Recorded) -> (u64, u64, u64) {
        let waiting = self.queues.values().flat_map(|queue| &queue.runs);
        let handed = self.handed.values().map(|(_, run)| run);
        let handed = handed.filter(|run| !recorded.has(run.begin));
        waiting
            .chain(handed)
            .fold((0, 0, 0), |(entries, items, bytes), run| {
                let (more, of_them) = (u64::from(run.entries), u64::from(run.items));
                (entries + more, items + of_them, bytes + run.bytes())
            })
    }

    /// Puts a run into the queue of its project; one that had nothing gets its place in the turn.
    fn insert(&mut self, project: u64, run: Run, place: Place, turn: Place) {
        let queue = self.queues.entry(project).or_default();
        if queue.runs.is_empty() {
            match turn {
                Place::Back => self.turn.push_back(project),
                Place::Front => self.turn.push_front(project),
            }
        }
        self.runs += queue.add(run, place);
    }
}

/// Where in a queue.
#[derive(Clone, Copy)]
enum Place {
    Front,
    Back,
}

impl Queue {
    /// Adds a run, to the last one if it goes on there; says how many runs more there are.
    fn add(&mut self, run: Run, place: Place) -> usize {
        self.entries += u64::from(run.entries);
        self.bytes += run.bytes();
        match (place, self.runs.back_mut()) {
            (Place::Back, Some(last)) if last.end == run.begin => {
                last.end = run.end;
                last.entries += run.entries;
                last.items = last.items.saturating_add(run.items);
                return 0;
            }
            (Place::Back, _) => self.runs.push_back(run),
            (Place::Front, _) => self.runs.push_front(run),
        }
        1
    }

    fn pop(&mut self) -> Option<Run> {
        let run = self.runs.pop_front()?;
        self.entries -= u64::from(run.entries);
        self.bytes -= run.bytes();
        Some(run)
    }
}

/// Where these runs stand, in order; runs one behind another are one.
pub(super) fn spans(runs: &[Run]) -> Vec<Span> {
    let mut runs: Vec<_> = runs.iter().filter(|run| run.end > run.begin).collect();
    runs.sort_by_key(|run| run.begin);
    let mut spans: Vec<Span> = Vec::new();
    for run in runs {
        let (begin, end) = (Position(run.begin), Position(run.end));
        match spans.last_mut() {
            Some(last) if last.end == begin => last.end = end,
            _ => spans.push(Span { begin, end }),
        }
    }
    spans
}

/// Divides `total` among those who have `wants`: nobody gets more than they want, what they leave goes to the others in
/// equal parts, and everybody gets something.
fn shares(total: u64, wants: Vec<u64>) -> Vec<u64> {
    let mut order: Vec<usize> = (0..wants.len()).collect();
    order.sort_by_key(|&at| wants[at]);
    let (mut left, mut others) = (total, wants.len() as u64);
    let mut shares = wants;
    for at in order {
        shares[at] = shares[at].min(left / others).max(1);
        left = left.saturating_sub(shares[at]);
        others -= 1;
    }
    shares
}
