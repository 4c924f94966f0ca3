//! Sessions and their aggregates: from the payload to a report of the model.
//!
//! expand (read what was sent), normalize (by our clock, and refuse what cannot be), record.

mod expand;
mod normalize;
mod record;
#[cfg(test)]
mod tests;

use super::{Digested, Origin};
use crate::model::Outcome;
use crate::protocol::envelope::Item;

/// Digests one item. One that says nothing that could be counted is invalid.
pub(super) fn digest(item: &Item, origin: &Origin<'_>, digested: &mut Digested) {
    let expanded = expand::expand(item).and_then(|sent| normalize::normalize(sent, origin));
    match expanded {
        Err(reason) => digested.count(item, origin, Outcome::Invalid, reason),
        Ok(sent) => digested.sessions.push(record::record(sent, item, origin.head)),
    }
}
