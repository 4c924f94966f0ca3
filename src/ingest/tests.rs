//! What is left of an envelope, and what is said about the rest.

use bytes::Bytes;

use super::sift::{outcomes, sift};
use super::*;

fn limits() -> config::Ingest {
    let mut limits = config::Config::default().ingest;
    limits.max_event_bytes = 100;
    limits.max_attachments_bytes = 10;
    limits.max_attachments = 2;
    limits
}

/// The types that are left, the outcomes of the rest as `category reason quantity`, the id and the fault.
fn sifted(text: &str) -> (Vec<String>, Vec<String>, Option<EventId>, Option<String>) {
    let mut envelope = Envelope::parse(&Bytes::copy_from_slice(text.as_bytes())).unwrap();
    let sifted = sift(&mut envelope, &limits());
    let kept = envelope.items.iter().map(|item| item.ty().to_string()).collect();
    let refused = outcomes(&sifted.refused, ProjectId(1), Timestamp::UNIX_EPOCH)
        .into_iter()
        .map(|it| format!("{} {} {}", it.category, it.reason, it.quantity))
        .collect();
    (
        kept,
        refused,
        sifted.event_id,
        sifted.fault.map(|fault| fault.to_string()),
    )
}

const EVENT: &str = "{\"type\":\"event\"}\n{\"message\":\"x\"}\n";

#[test]
fn a_plain_event_is_kept_and_gets_an_id() {
    let (kept, refused, id, fault) = sifted(&format!("{{}}\n{EVENT}"));
    assert_eq!((kept, refused.len(), fault), (vec!["event".to_owned()], 0, None));
    assert!(id.is_some());
}

#[test]
fn the_id_of_the_header_wins_over_that_of_the_payload() {
    let payload = "{\"type\":\"event\"}\n{\"event_id\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"}";
    let header = "{\"event_id\":\"aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa\"}";
    assert_eq!(
        sifted(&format!("{{}}\n{payload}")).2.unwrap().to_string(),
        "b".repeat(32)
    );
    assert_eq!(
        sifted(&format!("{header}\n{payload}")).2.unwrap().to_string(),
        "a".repeat(32)
    );
}

#[test]
fn only_the_first_event_is_kept() {
    let (kept, refused, ..) = sifted(&format!("{{}}\n{EVENT}{EVENT}{{\"type\":\"transaction\"}}\n{{}}"));
    assert_eq!(kept, ["event"]);
    assert_eq!(refused, ["error too_many 1", "transaction too_many 1"]);
}

#[test]
fn an_event_that_is_refused_takes_its_attachments_along() {
    let text = "{\"event_id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}\n{\"type\":\"attachment\",\"length\":3}\nabc\n{\"type\":\"event\"}\n{oops\n{\"type\":\"session\"}\n{}\n";
    let (kept, refused, id, fault) = sifted(text);
    assert_eq!(kept, ["session"]);
    assert_eq!(
        refused,
        [
            "error invalid_json 1",
            "attachment no_event 3",
            "attachment_item no_event 1"
        ]
    );
    assert_eq!(id, None);
    assert!(fault.unwrap().contains("line 1"));
}

#[test]
fn attachments_are_bounded_in_number_and_bytes() {
    let attachment = |bytes: usize| {
        format!(
            "{{\"type\":\"attachment\",\"length\":{bytes}}}\n{}\n",
            "x".repeat(bytes)
        )
    };
    let (kept, refused, ..) = sifted(&format!(
        "{{}}\n{EVENT}{}{}{}{}",
        attachment(11),
        attachment(4),
        attachment(6),
        attachment(0)
    ));
    assert_eq!(kept, ["event", "attachment", "attachment"]);
    assert_eq!(
        refused,
        [
            "attachment too_large 11",
            "attachment_item too_large 1",
            "attachment too_many 0",
            "attachment_item too_many 1"
        ]
    );
}

#[test]
fn sizes_are_bounded_and_a_client_report_is_never_a_fault() {
    let (kept, refused, _, fault) = sifted(&format!(
        "{{}}\n{{\"type\":\"event\"}}\n{{\"m\":\"{}\"}}",
        "x".repeat(100)
    ));
    assert_eq!((kept.len(), refused), (0, vec!["error too_large 1".to_owned()]));
    assert_eq!(
        fault.as_deref(),
        Some("the event is too large: at most 100 bytes")
    );
    let report = format!("{{}}\n{{\"type\":\"client_report\"}}\n{}", "x".repeat(200 * 1024));
    let (kept, refused, _, fault) = sifted(&report);
    assert_eq!(
        (kept.len(), refused, fault),
        (0, vec!["internal too_large 1".to_owned()], None)
    );
}

#[test]
fn unknown_items_are_left_to_digest() {
    let (kept, refused, ..) = sifted("{}\n{\"type\":\"brand_new\"}\n???\n{\"type\":\"log\"}\nno json");
    assert_eq!((kept.len(), refused.len()), (2, 0));
}

#[test]
fn the_store_endpoint_sends_transactions_as_events() {
    let (kept, ..) = sifted("{}\n{\"type\":\"event\"}\n{\"type\":\"transaction\"}");
    assert_eq!(kept, ["transaction"]);
}
