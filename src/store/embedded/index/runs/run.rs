//! One run: rows in order, in blocks, that never change.

use std::ops::Bound::{self, Excluded, Included, Unbounded};

use serde::{Deserialize, Serialize};

use super::block::{self, Packer};
use super::filter::{self, Filter};
use crate::store::Result;
use crate::store::embedded::index::keys::{Key, KeyBytes, Table};
use crate::store::embedded::index::scan::Side;
use crate::store::embedded::index::sled_error;

/// A row, or that it was removed.
pub(in crate::store::embedded::index) type RunRow = (KeyBytes, Option<sled::IVec>);

/// What the index's list of runs says of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Info {
    /// Its number, which no other run has had.
    pub(super) number: u64,
    /// How many rows it has, removed ones as well.
    pub(super) rows: u64,
    /// How many rows its filter has room for.
    room: u64,
    /// Bytes of its blocks.
    pub(super) bytes: u64,
}

/// A run, and what is in memory of it.
pub(super) struct Run {
    pub(super) info: Info,
    filter: Filter,
}

impl Run {
    /// Writes a run of rows that come in order, about so `many`. It is none before it is on the list.
    pub(super) fn write<V: AsRef<[u8]>>(
        sled: &sled::Tree,
        number: u64,
        many: u64,
        rows: impl Iterator<Item = Result<(KeyBytes, Option<V>)>>,
    ) -> Result<Self> {
        let mut info = Info {
            number,
            rows: 0,
            room: many,
            bytes: 0,
        };
        let mut put = |(first, block): (KeyBytes, Vec<u8>)| {
            info.bytes += block.len() as u64;
            let key = prefix(number).bytes(&first);
            sled.insert(key, block).map(drop).map_err(sled_error)
        };
        let (mut filter, mut packer) = (Filter::of(many), Packer::default());
        let mut count = 0;
        for row in rows {
            let (key, value) = row?;
            filter.add(&key);
            packer
                .add(&key, value.as_ref().map(AsRef::as_ref))
                .map_or(Ok(()), &mut put)?;
            count += 1;
        }
        packer.take().map_or(Ok(()), put)?;
        filter.write(sled, number)?;
        info.rows = count;
        Ok(Self { info, filter })
    }

    /// A run that is on the list.
    pub(super) fn read(sled: &sled::Tree, info: Info) -> Result<Self> {
        let filter = Filter::read(sled, info.number, info.room)?;
        Ok(Self { info, filter })
    }

    /// Takes a run away that is not on the list.
    pub(super) fn remove(sled: &sled::Tree, number: u64) -> Result<()> {
        for prefix in [prefix(number), filter::prefix(number)] {
            for key in sled.scan_prefix(prefix).keys() {
                sled.remove(key.map_err(sled_error)?).map_err(sled_error)?;
            }
        }
        Ok(())
    }

    /// What it knows of the row at `key`, which filters know by its `print`: nothing, or its value, or that it was removed.
    pub(super) fn row(
        &self,
        sled: &sled::Tree,
        key: &[u8],
        print: u64,
    ) -> Result<Option<Option<sled::IVec>>> {
        if !self.filter.may_have(print) {
            return Ok(None);
        }
        let Some((_, block)) = self.block_of(sled, key)? else {
            return Ok(None);
        };
        for row in block::rows(&block)? {
            let (found, value) = row?;
            if found.as_slice() >= key {
                return Ok((found.as_slice() == key).then(|| value.map(Into::into)));
            }
        }
        Ok(None)
    }

    /// Up to `most` rows at a side of what lies between two ends, from there on.
    pub(super) fn range(
        &self,
        sled: &sled::Tree,
        begin: Bound<&[u8]>,
        end: Bound<&[u8]>,
        side: Side,
        most: usize,
    ) -> Result<Vec<RunRow>> {
        let prefix = prefix(self.info.number);
        let at = |key: &[u8]| prefix.clone().bytes(key).into_vec();
        // The first block with such rows begins before them, or with the first of them.
        let first = match begin {
            Included(key) | Excluded(key) => self.block_of(sled, key)?.map(|(key, _)| key.to_vec()),
            Unbounded => None,
        };
        let first = Included(first.unwrap_or_else(|| at(&[])));
        let last = match end {
            Included(key) => Included(at(key)),
            Excluded(key) => Excluded(at(key)),
            Unbounded => Excluded(self::prefix(self.info.number + 1).into_vec()),
        };
        let is_meant = |key: &[u8]| {
            let behind = match begin {
                Included(begin) => key >= begin,
                Excluded(begin) => key > begin,
                Unbounded => true,
            };
            behind
                && match end {
                    Included(end) => key <= end,
                    Excluded(end) => key < end,
                    Unbounded => true,
                }
        };
        let mut blocks = sled.range::<Vec<u8>, _>((first, last)).values();
        let mut found = Vec::new();
        while found.len() < most {
            let block = match side {
                Side::Front => blocks.next(),
                Side::Back => blocks.next_back(),
            };
            let Some(block) = block.transpose().map_err(sled_error)? else {
                break;
            };
            let mut rows = Vec::new();
            for row in block::rows(&block)? {
                let (key, value) = row?;
                if is_meant(&key) {
                    rows.push((key, value.map(Into::into)));
                }
            }
            if matches!(side, Side::Back) {
                rows.reverse();
            }
            found.extend(rows);
        }
        found.truncate(most);
        Ok(found)
    }

    /// All its rows, in order.
    pub(super) fn rows(&self, sled: &sled::Tree) -> impl Iterator<Item = Result<RunRow>> + use<> {
        let blocks = sled.scan_prefix(prefix(self.info.number)).values();
        blocks.flat_map(|block| {
            let rows = block.map_err(sled_error).and_then(|block| {
                block::rows(&block)?
                    .map(|row| row.map(|(key, value)| (key, value.map(sled::IVec::from))))
                    .collect::<Result<Vec<_>>>()
            });
            match rows {
                Ok(rows) => rows.into_iter().map(Ok).collect(),
                Err(error) => vec![Err(error)],
            }
        })
    }

    /// The block in which the row at `key` would be; none when it would be before all.
    fn block_of(&self, sled: &sled::Tree, key: &[u8]) -> Result<Option<(sled::IVec, sled::IVec)>> {
        let prefix = prefix(self.info.number);
        let upto = prefix.clone().bytes(key).into_vec();
        let block = sled.range(prefix.into_vec()..=upto).next_back();
        block.transpose().map_err(sled_error)
    }
}

/// The rows of a run.
fn prefix(run: u64) -> Key {
    Key::of(Table::Run).number(run)
}
