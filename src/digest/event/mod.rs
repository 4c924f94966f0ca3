//! Errors, messages and security reports: from the payload to a record of the model.
//!
//! expand (read what was sent), normalize (fill in what can be known), group (which issue), record.

mod expand;
mod normalize;
mod record;
mod tags;
#[cfg(test)]
mod tests;

use super::{Digested, Origin};
use crate::model::Outcome;
use crate::protocol::envelope::Item;

/// Digests one event. One that is no event at all is invalid.
pub(super) fn digest(item: &Item, origin: &Origin<'_>, digested: &mut Digested) {
    match expand::expand(item, origin) {
        Err(reason) => digested.count(item, origin, Outcome::Invalid, reason),
        Ok((id, mut event)) => {
            normalize::normalize(&mut event, origin);
            let names = origin.rules.classify_and_group(&mut event).into();
            digested
                .events
                .push(record::record(id, event, names, item.category(), origin.head));
        }
    }
}
