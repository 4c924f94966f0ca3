//! All rows at a standstill, as a checkpoint takes them.

use std::sync::MutexGuard;

use super::Row;
use crate::store::Result;
use crate::store::embedded::index::rows::Meta;
use crate::store::embedded::index::runs::{self, Runs};
use crate::store::embedded::index::sled_error;

/// All rows as they were at one commit: sled's in order, then those of runs in order.
pub(in crate::store::embedded) struct Still<'a> {
    meta: Meta,
    sled: sled::Tree,
    runs: Runs,
    _steady: MutexGuard<'a, ()>,
}

impl<'a> Still<'a> {
    pub(super) fn new(meta: Meta, sled: sled::Tree, runs: Runs, steady: MutexGuard<'a, ()>) -> Self {
        Self {
            meta,
            sled,
            runs,
            _steady: steady,
        }
    }

    /// What the store remembered of itself then.
    pub(in crate::store::embedded) fn meta(&self) -> &Meta {
        &self.meta
    }

    /// About how many of the rows are of runs.
    pub(in crate::store::embedded) fn of_runs(&self) -> u64 {
        self.runs.many()
    }

    /// The rows. Which runs there are is none of them: who reads them makes others; and what is over is none.
    pub(in crate::store::embedded) fn rows(&self) -> impl Iterator<Item = Result<Row>> + '_ {
        let of_sled = self.sled.iter().map(|row| row.map_err(sled_error));
        let of_sled =
            of_sled.filter(|row| !matches!(row, Ok((key, _)) if *key == *runs::list_key().as_ref()));
        let is_over = |row: &Result<Row>| matches!(row, Ok((key, _)) if self.meta.is_over(key));
        of_sled.chain(self.runs.rows().filter(move |row| !is_over(row)))
    }
}
