//! All patterns of a list of rules at once: one pass over each text of a frame finds those that match,
//! and with them the few rules that are worth a look.

use std::collections::HashMap;
use std::sync::Arc;

use quick_cache::sync::Cache;

use super::glob::{Globs, Reading};
use super::judge::Call;
use super::rule::{Family, Field, Rule};

/// Function of a frame that has none.
const UNKNOWN: &str = "<unknown>";

/// The patterns of a list of rules, each with its number.
#[derive(Debug, Default)]
pub(super) struct Patterns {
    list: Vec<(Field, String)>,
    numbers: HashMap<(Field, String), usize>,
}

impl Patterns {
    /// The number of a pattern; equal ones have the same.
    pub(super) fn number(&mut self, field: Field, glob: &str) -> usize {
        let next = self.list.len();
        *self
            .numbers
            .entry((field, glob.to_owned()))
            .or_insert_with_key(|key| {
                self.list.push(key.clone());
                next
            })
    }
}

/// How many texts a column remembers: the same files and functions come again and again.
const REMEMBERED: usize = 2048;

/// Longest text that is remembered, in bytes: so a column takes less than a megabyte, whatever comes.
const LONGEST: usize = 256;

/// The patterns on one text of the frames of one family.
#[derive(Debug)]
struct Column {
    globs: Globs,
    numbers: Vec<usize>,
    /// The patterns that match a text, as was found out before.
    known: Cache<Box<str>, Arc<[usize]>>,
}

impl Column {
    /// The numbers of the patterns that match a text.
    fn matches(&self, text: &str) -> Arc<[usize]> {
        if let Some(found) = self.known.get(text) {
            return found;
        }
        let found: Arc<[usize]> = self
            .globs
            .matches(text)
            .map(|index| self.numbers[index])
            .collect();
        if text.len() <= LONGEST {
            self.known.insert(text.into(), found.clone());
        }
        found
    }
}

/// The compiled patterns, and the rules by the pattern that they cannot do without.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// By family and field; there is none where there are no patterns.
    columns: [[Option<Column>; 4]; 3],
    by_pattern: Vec<Vec<usize>>,
    /// Rules that any frame may match.
    open: Vec<usize>,
}

impl Table {
    pub(super) fn new(rules: &[Rule], patterns: &Patterns) -> Self {
        let mut table = Self {
            by_pattern: vec![Vec::new(); patterns.list.len()],
            ..Self::default()
        };
        for (index, rule) in rules.iter().enumerate() {
            match rule.anchor() {
                Some(number) => table.by_pattern[number].push(index),
                None => table.open.push(index),
            }
        }
        let families = families(rules, patterns.list.len());
        for family in Family::ALL {
            for field in Field::ALL {
                let numbers: Vec<usize> = (0..patterns.list.len())
                    .filter(|&number| {
                        patterns.list[number].0 == field && families[number] & family.bit() != 0
                    })
                    .collect();
                let reading = match field {
                    Field::Path | Field::Package => Reading::Path,
                    Field::Function | Field::Module => Reading::Text,
                };
                if numbers.is_empty() {
                    continue;
                }
                let globs: Vec<&str> = numbers
                    .iter()
                    .map(|&number| patterns.list[number].1.as_str())
                    .collect();
                table.columns[family as usize][field as usize] = Some(Column {
                    globs: Globs::new(&globs, reading),
                    known: Cache::new(REMEMBERED),
                    numbers,
                });
            }
        }
        table
    }

    /// Appends the numbers of the patterns that match a frame.
    pub(super) fn matches(&self, call: &Call<'_>, found: &mut Vec<usize>) {
        let columns = &self.columns[call.family as usize];
        let texts = [
            Some(call.function.unwrap_or(UNKNOWN)),
            call.module,
            call.package,
            call.path,
        ];
        for (column, text) in columns.iter().zip(texts) {
            if let (Some(column), Some(text)) = (column, text) {
                found.extend_from_slice(&column.matches(text));
            }
        }
    }

    /// The rules that cannot do without a pattern.
    pub(super) fn anchored(&self, number: usize) -> &[usize] {
        &self.by_pattern[number]
    }

    /// The rules that any frame may match.
    pub(super) fn open(&self) -> &[usize] {
        &self.open
    }
}

/// For each pattern the families of frames that it may have to be matched against: those of its rules,
/// and all where it is about a caller or a callee.
fn families(rules: &[Rule], patterns: usize) -> Vec<u8> {
    use super::rule::Question::Pattern;
    let mut families = vec![0; patterns];
    for rule in rules {
        let own = rule.frame.iter().map(|matcher| (matcher, rule.families));
        let neighbours = rule.caller.iter().chain(&rule.callee);
        for (matcher, bits) in own.chain(neighbours.map(|matcher| (matcher, 0b111))) {
            if let Pattern(number) = matcher.question {
                families[number] |= bits;
            }
        }
    }
    families
}
