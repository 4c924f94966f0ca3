//! Client reports: what SDKs dropped before sending becomes outcomes of its own kind.

use super::{Digested, Origin};
use crate::model::Outcome;
use crate::protocol::client_report;
use crate::protocol::envelope::Item;

/// Counts what the client discarded, and the report itself as accepted, whatever is in it.
pub(super) fn digest(item: &Item, origin: &Origin<'_>, digested: &mut Digested) {
    digested.count(item, origin, Outcome::Accepted, "");
    for discarded in client_report::read(&item.payload) {
        let outcome = origin.outcome(
            discarded.category,
            Outcome::ClientDiscard,
            discarded.reason,
            discarded.quantity,
        );
        digested.outcomes.push(outcome);
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::digest as digest_entry;
    use super::super::tests::one;
    use super::*;
    use crate::protocol::category::DataCategory;
    use crate::protocol::envelope::ItemType;

    #[test]
    fn what_was_discarded_is_counted_beside_what_arrived() {
        let report = r#"{"discarded_events":[{"reason":"sample_rate","category":"error","quantity":3}]}"#;
        let outcomes = digest_entry(&one(Item::new(ItemType::ClientReport, report)))
            .unwrap()
            .outcomes;
        let discarded = outcomes
            .iter()
            .find(|count| count.outcome == Outcome::ClientDiscard)
            .unwrap();
        assert_eq!(
            (discarded.category, discarded.reason.as_str(), discarded.quantity),
            (DataCategory::Error, "sample_rate", 3)
        );
        assert_eq!(
            outcomes
                .iter()
                .filter(|count| count.outcome.is_received())
                .count(),
            1
        );
    }
}
