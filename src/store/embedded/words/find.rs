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

use super::tokens::{GAP, LONGEST, dotless, runs};
use super::{Slot, Words};
use crate::model::PartId;
use crate::store::{Error, Result};

/// A pattern must have so many letters: with fewer it means nearly everything.
const LEAST_LETTERS: usize = 2;
/// A pattern may have so many asterisks: what it takes grows with them.
const MOST_STARS: usize = 4;
/// So many characters of a word are shown when it cannot be searched for.
const SHOWN: usize = 40;

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
    /// As it stands; none when there is no word in it, which no line says. Fails when nobody could tell which do.
    pub(in crate::store::embedded) fn text(text: &str) -> Result<Option<Self>> {
        Self::read(runs(&dotless(text), char::is_alphanumeric))
    }

    /// With asterisks for any letters of a word, or for any word; none when there is no word in it. Fails when nobody could
    /// tell which lines say it, or nearly all do.
    pub(in crate::store::embedded) fn pattern(pattern: &str) -> Result<Option<Self>> {
        Self::read(runs(&dotless(pattern), |c| c.is_alphanumeric() || c == '*'))
    }

    fn read<'a>(runs: impl Iterator<Item = &'a str>) -> Result<Option<Self>> {
        let mut words: Vec<(usize, Word)> = Vec::new();
        for (position, run) in runs.enumerate() {
            let stars = run.matches('*').count();
            if run.len() > LONGEST {
                return unsearchable(run, "is longer than words are that can be searched for");
            }
            if stars > MOST_STARS && stars < run.len() {
                return unsearchable(run, "has too many asterisks");
            }
            let word = run.to_lowercase();
            match stars {
                0 => words.push((position, Word::Exactly(word))),
                // Any word.
                _ if stars == run.len() => {}
                _ if run.chars().count() - stars < LEAST_LETTERS => {
                    return unsearchable(run, "has too few letters beside its asterisks");
                }
                _ => words.push((position, Word::Like(word))),
            }
        }
        if words.windows(2).any(|pair| pair[1].0 - pair[0].0 > GAP) {
            return unsearchable("*", "stands for too many words in a row");
        }
        Ok((!words.is_empty()).then_some(Self(words)))
    }

    /// The words, for people.
    fn shown(&self) -> String {
        let words = self
            .0
            .iter()
            .map(|(_, Word::Exactly(word) | Word::Like(word))| word.as_str());
        words.collect::<Vec<_>>().join(" ")
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

/// To say that nobody says it would be no answer: whoever asks for all others would get everything.
fn unsearchable<T>(word: &str, why: &str) -> Result<T> {
    let word: String = word.chars().take(SHOWN).collect();
    Err(Error::Unsearchable(format!("\u{201c}{word}\u{201d} {why}.")))
}

impl Words {
    /// The parts that say it. A search that fails has the index looked at.
    pub(in crate::store::embedded) fn parts(&self, sought: &Sought) -> Result<HashSet<PartId>> {
        let Some(opened) = self.opened() else {
            return match self.is_there() {
                true => Err(Error::Unready("the index of words is being opened")),
                false => Ok(HashSet::new()),
            };
        };
        // Of damaged files tantivy believes what they say.
        let found = catch_unwind(AssertUnwindSafe(|| {
            let query = sought.query(opened.text)?;
            opened.reader.searcher().search(&query, &Parts)
        }));
        match found {
            Ok(Ok(parts)) => Ok(parts),
            Ok(Err(TantivyError::InvalidArgument(why))) => {
                debug!(why, "a search means too many words");
                unsearchable(&sought.shown(), "means too many words")
            }
            failed => {
                let why = failed.map_or_else(|_| "it panicked".to_owned(), |it| format!("{:?}", it.err()));
                error!(why, "the index of words could not be searched");
                self.0.is_doubted.store(true, Ordering::Relaxed);
                Err(Error::Unready("the index of words is being mended"))
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
