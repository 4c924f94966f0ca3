//! Which of the journal is recorded: all before the mark in `meta`, and a row for each stretch beyond it.

use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::{self, Meta};
use crate::store::{Error, Result, Span};

/// Rows that are looked at together.
const SLICE: usize = 256;

/// Records these stretches. The mark moves on as far as nothing is missing.
pub(in crate::store::embedded) fn apply(
    spans: &[Span],
    meta: &mut Meta,
    overlay: &mut Overlay<'_>,
) -> Result<()> {
    for span in spans {
        if span.begin.0 <= meta.recorded {
            meta.recorded = meta.recorded.max(span.end.0);
        } else {
            overlay.put(key(span.begin.0), &span.end.0)?;
        }
    }
    let damaged = || Error::Damaged("a row of what is recorded has no position".into());
    loop {
        let beyond = overlay.scan(&Key::of(Table::Spent), SLICE)?;
        let mut reached = 0;
        for (begin, end) in &beyond {
            let begin = Pieces::of(begin).number().ok_or_else(damaged)?;
            if begin > meta.recorded {
                return Ok(());
            }
            meta.recorded = meta.recorded.max(rows::decode(end)?);
            overlay.remove(key(begin));
            reached += 1;
        }
        if reached < SLICE {
            return Ok(());
        }
    }
}

fn key(begin: u64) -> Key {
    Key::of(Table::Spent).number(begin)
}
