//! Finds the parts whose events say something.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::Ordering;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::query::{PhraseQuery, Query, RegexPhraseQuery, RegexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader, TantivyError, Term};
use tracing::{debug, error};

use super::tokens::{GAP, LONGEST, runs};
use super::{Slot, Words};
use crate::model::PartId;

/// A pattern must have so many letters: with fewer it means nearly everything.
const LEAST_LETTERS: usize = 2;
/// A pattern may have so many asterisks: what it takes grows with them.
const MOST_STARS: usize = 4;

/// What is searched for: words that stand side by side in one line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::store::embedded) struct Sought(Vec<(usize, Word)>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    Exactly(String),
    /// With asterisks.
    Like(String),
}

impl Sought {
    /// As it stands; none when that can stand in no line.
    pub(in crate::store::embedded) fn text(text: &str) -> Option<Self> {
        Self::read(runs(text, char::is_alphanumeric))
    }

    /// With asterisks for any letters of a word, or for any word; none when that can stand in no line, or nearly anywhere.
    pub(in crate::store::embedded) fn pattern(pattern: &str) -> Option<Self> {
        Self::read(runs(pattern, |c| c.is_alphanumeric() || c == '*'))
    }

    fn read<'a>(runs: impl Iterator<Item = &'a str>) -> Option<Self> {
        let mut words: Vec<(usize, Word)> = Vec::new();
        for (position, run) in runs.enumerate() {
            let stars = run.matches('*').count();
            if run.len() > LONGEST || stars > MOST_STARS && stars < run.len() {
                return None;
            }
            let word = run.to_lowercase();
            match stars {
                0 => words.push((position, Word::Exactly(word))),
                // Any word.
                _ if stars == run.len() => {}
                _ if run.chars().count() - stars < LEAST_LETTERS => return None,
                _ => words.push((position, Word::Like(word))),
            }
        }
        let may_leave_line = words.windows(2).any(|pair| pair[1].0 - pair[0].0 > GAP);
        (!words.is_empty() && !may_leave_line).then_some(Self(words))
    }

    fn query(&self, field: Field) -> tantivy::Result<Box<dyn Query>> {
        let like = |word: &str| regex::escape(word).replace("\\*", ".*");
        if let [(_, word)] = self.0.as_slice() {
            return Ok(match word {
                Word::Exactly(word) => {
                    let term = Term::from_field_text(field, word);
                    Box::new(TermQuery::new(term, IndexRecordOption::Basic))
                }
                Word::Like(word) => Box::new(RegexQuery::from_pattern(&like(word), field)?),
            });
        }
        let exactly = self.0.iter().map(|(at, word)| match word {
            Word::Exactly(word) => Some((*at, Term::from_field_text(field, word))),
            Word::Like(_) => None,
        });
        Ok(match exactly.collect() {
            Some(terms) => Box::new(PhraseQuery::new_with_offset(terms)),
            None => {
                let patterns = self.0.iter().map(|(at, word)| match word {
                    Word::Exactly(word) => (*at, regex::escape(word)),
                    Word::Like(word) => (*at, like(word)),
                });
                Box::new(RegexPhraseQuery::new_with_offset(field, patterns.collect()))
            }
        })
    }
}

impl Words {
    /// The parts that say it. A search that fails finds nothing, and has the index looked at.
    pub(in crate::store::embedded) fn parts(&self, sought: &Sought) -> HashSet<PartId> {
        let Some(opened) = self.opened() else {
            return HashSet::new();
        };
        // Of damaged files tantivy believes what they say.
        let found = catch_unwind(AssertUnwindSafe(|| {
            let query = sought.query(opened.text)?;
            opened.reader.searcher().search(&query, &Parts)
        }));
        match found {
            Ok(Ok(parts)) => parts,
            Ok(Err(TantivyError::InvalidArgument(why))) => {
                debug!(why, "a search means too many words");
                HashSet::new()
            }
            failed => {
                let why = failed.map_or_else(|_| "it panicked".to_owned(), |it| format!("{:?}", it.err()));
                error!(why, "the index of words could not be searched");
                self.0.is_doubted.store(true, Ordering::Relaxed);
                HashSet::new()
            }
        }
    }
}

/// Collects the parts of all documents that are found.
struct Parts;

struct PartsOfSegment {
    slots: Column<u64>,
    found: HashSet<PartId>,
}

impl Collector for Parts {
    type Fruit = HashSet<PartId>;
    type Child = PartsOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, segment: &SegmentReader) -> tantivy::Result<PartsOfSegment> {
        Ok(PartsOfSegment {
            slots: segment.fast_fields().u64("slot")?,
            found: HashSet::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<HashSet<PartId>>) -> tantivy::Result<HashSet<PartId>> {
        Ok(fruits.into_iter().flatten().collect())
    }
}

impl SegmentCollector for PartsOfSegment {
    type Fruit = HashSet<PartId>;

    fn collect(&mut self, document: DocId, _: Score) {
        self.found
            .extend(self.slots.first(document).map(|slot| Slot(slot).part()));
    }

    fn harvest(self) -> HashSet<PartId> {
        self.found
    }
}
