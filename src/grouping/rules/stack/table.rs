//! All patterns of a list of rules at once: one pass over each text of a frame finds those that match,
//! and with them the few rules that are worth a look.

use std::collections::HashMap;

use super::glob::{self, Globs, Reading};
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

/// The patterns on one text of the frames of one family.
#[derive(Debug, Default)]
struct Column {
    globs: Globs,
    numbers: Vec<usize>,
}

/// The compiled patterns, and the rules by the pattern that they cannot do without.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: [[Column; 4]; 3],
    by_pattern: Vec<Vec<usize>>,
    /// Rules that any frame may match.
    open: Vec<usize>,
}

impl Table {
    pub(super) fn new(rules: &[Rule], patterns: &Patterns) -> Result<Self, String> {
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
                let globs = numbers
                    .iter()
                    .map(|&number| (patterns.list[number].1.as_str(), reading));
                let globs = Globs::new(globs)?;
                table.columns[family as usize][field as usize] = Column { globs, numbers };
            }
        }
        Ok(table)
    }

    /// The numbers of the patterns that match a frame.
    pub(super) fn matches(&self, call: &Call<'_>) -> Vec<usize> {
        let columns = &self.columns[call.family as usize];
        let mut found = Vec::new();
        let mut look = |field: Field, text: &str| {
            let column = &columns[field as usize];
            found.extend(column.globs.matches(text).map(|index| column.numbers[index]));
        };
        look(Field::Function, call.function.unwrap_or(UNKNOWN));
        if let Some(module) = call.module {
            look(Field::Module, module);
        }
        for (field, path) in [(Field::Package, call.package), (Field::Path, call.path)] {
            if let Some(path) = path {
                let path = glob::path(path);
                look(field, &path);
                if !path.starts_with('/') {
                    look(field, &format!("/{path}"));
                }
            }
        }
        found
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
