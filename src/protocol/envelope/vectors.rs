//! The envelope grammar, held against `fixtures/envelopes` and against arbitrary bytes.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use proptest::prelude::*;
use serde::Deserialize;

use super::{DsnMismatch, Envelope, Headers, Item, ItemType, MAX_HEADER_BYTES, MAX_ITEMS, Reason};
use crate::protocol::ids::{ProjectId, PublicKey};

#[derive(Deserialize)]
struct Vector {
    file: String,
    items: Option<Vec<(String, usize)>>,
    reject: Option<String>,
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/envelopes")
}

fn vectors() -> Vec<(Vector, Bytes)> {
    let index = fs::read(folder().join("index.json")).unwrap();
    let vectors: Vec<Vector> = serde_json::from_slice(&index).unwrap();
    vectors
        .into_iter()
        .map(|vector| {
            let body = fs::read(folder().join(&vector.file)).unwrap();
            (vector, Bytes::from(body))
        })
        .collect()
}

#[test]
fn every_vector_comes_out_as_the_index_says() {
    let vectors = vectors();
    assert!(vectors.len() > 30);
    for (vector, body) in vectors {
        let parsed = Envelope::parse(&body);
        if let Some(reason) = vector.reject {
            assert_eq!(
                format!("{:?}", parsed.unwrap_err().reason),
                reason,
                "{}",
                vector.file
            );
            continue;
        }
        let envelope = parsed.unwrap_or_else(|error| panic!("{}: {error}", vector.file));
        let items: Vec<(String, usize)> = envelope
            .items
            .iter()
            .map(|item| (item.ty().to_string(), item.payload.len()))
            .collect();
        assert_eq!(Some(items), vector.items, "{}", vector.file);
        assert_eq!(
            Envelope::parse_accepted(&envelope.to_bytes().into()),
            Ok(envelope),
            "{}",
            vector.file
        );
    }
}

#[test]
fn an_error_says_where_it_is() {
    let body = Bytes::from_static(b"{}\n{\"type\":\"event\"}\n{}\n{\"length\":2}\n{}");
    let error = Envelope::parse(&body).unwrap_err();
    assert_eq!(
        (error.item, error.offset, error.reason),
        (Some(1), 23, Reason::MissingType)
    );
    assert_eq!(
        error.to_string(),
        "invalid envelope: item 1: item header has no type (at byte 23)"
    );
}

#[test]
fn the_number_of_items_is_bounded() {
    let body = |items: usize| Bytes::from(format!("{{}}\n{}", "{\"type\":\"session\"}\n{}\n".repeat(items)));
    assert_eq!(Envelope::parse(&body(MAX_ITEMS)).unwrap().items.len(), MAX_ITEMS);
    assert_eq!(
        Envelope::parse(&body(MAX_ITEMS + 1)).unwrap_err().reason,
        Reason::TooManyItems
    );
}

#[test]
fn headers_are_bounded_together() {
    let padding = "x".repeat(MAX_HEADER_BYTES / 4);
    let item = format!("{{\"type\":\"session\",\"padding\":\"{padding}\"}}\n{{}}\n");
    let body = |items: usize| Bytes::from(format!("{{}}\n{}", item.repeat(items)));
    assert!(Envelope::parse(&body(3)).is_ok());
    let error = Envelope::parse(&body(4)).unwrap_err();
    assert_eq!((error.item, error.reason), (Some(3), Reason::HeadersTooLong));
}

#[test]
fn headers_that_grew_when_they_were_repaired_are_still_read() {
    let padding = "\u{1}".repeat(MAX_HEADER_BYTES / 2);
    let envelope = Envelope::parse(&format!("{{\"padding\":\"{padding}\"}}\n").into()).unwrap();
    let written = envelope.to_bytes().into();
    assert_eq!(Envelope::parse_accepted(&written), Ok(envelope));
}

#[test]
fn the_dsn_in_the_header_must_be_that_of_the_request() {
    let key: PublicKey = "0123456789abcdef0123456789abcdef".parse().unwrap();
    for (dsn, expected) in [
        (None, Ok(())),
        (
            Some("http://0123456789abcdef0123456789abcdef:secret@elsewhere/prefix/7"),
            Ok(()),
        ),
        (
            Some("http://0123456789abcdef0123456789abcdef@127.0.0.1/8"),
            Err(DsnMismatch),
        ),
        (
            Some("http://1123456789abcdef0123456789abcdef@127.0.0.1/7"),
            Err(DsnMismatch),
        ),
        (Some("nonsense"), Err(DsnMismatch)),
    ] {
        let headers = Headers {
            dsn: dsn.map(str::to_owned),
            ..Headers::default()
        };
        let envelope = Envelope {
            headers,
            items: vec![],
        };
        assert_eq!(envelope.check_dsn(ProjectId(7), key), expected, "{dsn:?}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(body in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Envelope::parse(&body.into());
    }

    #[test]
    fn any_change_of_a_good_envelope_is_survived(
        which in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3), 1..8),
    ) {
        let vectors = vectors();
        let mut body = which.get(&vectors).1.to_vec();
        for (at, byte, change) in changes {
            if body.is_empty() {
                break;
            }
            let at = at.index(body.len());
            match change {
                0 => body[at] = byte,
                1 => body.insert(at, byte),
                _ => drop(body.remove(at)),
            }
        }
        if let Ok(envelope) = Envelope::parse(&body.into()) {
            prop_assert_eq!(Envelope::parse_accepted(&envelope.to_bytes().into()), Ok(envelope));
        }
    }

    #[test]
    fn any_payload_survives_the_journal(payloads in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..50), 0..5)) {
        let items = payloads.into_iter().map(|payload| Item::new(ItemType::Attachment, payload)).collect();
        let envelope = Envelope { headers: Headers::default(), items };
        prop_assert_eq!(Envelope::parse_accepted(&envelope.to_bytes().into()), Ok(envelope));
    }
}
