//! Any mutation of a real envelope gets a 2xx, or a 4xx that says why: never a 5xx, a panic or a hang.

use std::io::Write;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{Config, TestRunner};

use super::recorded;
use crate::harness::envelope::{new_id, with_items};
use crate::harness::eventually;
use crate::server::Server;

/// No request may take longer, on a slow machine either.
const LONGEST: Duration = Duration::from_secs(20);

static RECORDED: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(recorded);

/// Something that goes wrong on the way, at places given as parts of the whole.
#[derive(Debug, Clone)]
enum Mutation {
    Flip(Index, u8),
    Remove(Index, Index),
    Repeat(Index, Index),
    Insert(Index, Vec<u8>),
    Replace(Index, &'static [u8], &'static [u8]),
    Cut(Index),
    Splice(Index, Index, Index),
}

/// Values that JSON allows and nobody expects, in place of values that every envelope has.
const REPLACED: [&[u8]; 6] = [b"\"", b"{", b"[", b"true", b":", b"1"];
const REPLACING: [&[u8]; 12] = [
    b"null",
    b"[]",
    b"{}",
    b"\"\"",
    b"-1",
    b"1e999",
    b"\"\\ud800\"",
    b"\xff",
    b"\0",
    b"99999999999999999999",
    b"[[[[[[[[",
    b"\n",
];

fn mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Mutation::Flip(at, byte)),
        (at(), at()).prop_map(|(from, length)| Mutation::Remove(from, length)),
        (at(), at()).prop_map(|(from, length)| Mutation::Repeat(from, length)),
        (at(), prop::collection::vec(any::<u8>(), 1..64)).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (
            at(),
            prop::sample::select(&REPLACED[..]),
            prop::sample::select(&REPLACING[..])
        )
            .prop_map(|(at, what, with)| Mutation::Replace(at, what, with)),
        at().prop_map(Mutation::Cut),
        (at(), at(), at()).prop_map(|(at, file, from)| Mutation::Splice(at, file, from)),
    ]
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let size = bytes.len() + 1;
        let range = |from: &Index, length: &Index| {
            let from = from.index(size);
            from..(from + length.index(200)).min(size - 1)
        };
        match self {
            Self::Flip(at, byte) if !bytes.is_empty() => {
                let at = at.index(bytes.len());
                bytes[at] ^= byte;
            }
            Self::Flip(..) => {}
            Self::Remove(from, length) => drop(bytes.drain(range(from, length))),
            Self::Repeat(from, length) => {
                let range = range(from, length);
                let again = bytes[range.clone()].repeat(3);
                bytes.splice(range.start..range.start, again);
            }
            Self::Insert(at, inserted) => {
                let at = at.index(size);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Self::Replace(at, what, with) => {
                let places: Vec<_> = (0..bytes.len())
                    .filter(|at| bytes[*at..].starts_with(what))
                    .collect();
                if !places.is_empty() {
                    let at = *at.get(&places);
                    bytes.splice(at..at + what.len(), with.iter().copied());
                }
            }
            Self::Cut(at) => bytes.truncate(at.index(size)),
            Self::Splice(at, file, from) => {
                let (_, other) = file.get(&RECORDED);
                bytes.truncate(at.index(size));
                bytes.extend_from_slice(&other[from.index(other.len())..]);
            }
        }
    }
}

fn encoded(bytes: &[u8], encoding: &str) -> Vec<u8> {
    match encoding {
        "gzip" => {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(bytes).unwrap();
            encoder.finish().unwrap()
        }
        "zstd" => zstd::encode_all(bytes, 1).unwrap(),
        _ => bytes.to_vec(),
    }
}

#[track_caller]
fn assert_answered(server: &Server, body: &[u8], encoding: &str) {
    let asked = Instant::now();
    let answer = server.api.send_encoded(body, encoding);
    assert!(asked.elapsed() < LONGEST, "took {:?}", asked.elapsed());
    let said = String::from_utf8_lossy(&answer.body);
    match answer.status {
        200..300 => {}
        400..500 => assert!(answer.json()["detail"].is_string(), "{}: {said}", answer.status),
        status => panic!("{status}: {said}"),
    }
}

#[test]
fn no_mutation_of_a_real_envelope_does_harm() {
    let server = Server::start();
    let mut runner = TestRunner::new(Config {
        cases: 1_500,
        failure_persistence: None,
        ..Config::default()
    });
    let mutated = (
        any::<Index>(),
        prop::collection::vec(mutation(), 1..6),
        prop::sample::select(&["", "gzip", "zstd"][..]),
        any::<bool>(),
    );
    let result = runner.run(&mutated, |(file, mutations, encoding, is_inside)| {
        let mut bytes = file.get(&RECORDED).1.clone();
        let mut body = if is_inside {
            Vec::new()
        } else {
            encoded(&bytes, encoding)
        };
        let changed = if is_inside { &mut bytes } else { &mut body };
        mutations.iter().for_each(|mutation| mutation.apply(changed));
        if is_inside {
            body = encoded(&bytes, encoding);
        }
        assert_answered(&server, &body, encoding);
        Ok(())
    });
    result.unwrap();
    // Nothing was set aside because digest panicked, and nothing was lost.
    let outcomes = server.api.ledger();
    assert!(
        outcomes.iter().all(|(name, _)| !name.contains("dead_letter")),
        "{outcomes:?}"
    );
}

#[test]
fn a_request_of_which_nothing_can_be_taken_is_counted() {
    let server = Server::start_with(|config| config.ingest.max_body_bytes = 1_000);
    assert_eq!(server.api.send(b"no envelope").status, 400);
    assert_eq!(server.api.send_encoded(b"no gzip", "gzip").status, 400);
    assert_eq!(server.api.send(&[b' '; 1_001]).status, 413);
    let counted = [
        ("unknown invalid invalid_envelope".to_owned(), 2),
        ("unknown invalid too_large".to_owned(), 1),
    ];
    eventually("the refusals to be counted", || {
        (server.api.ledger() == counted).then_some(())
    });
}

#[test]
fn any_json_may_stand_where_an_event_should() {
    let server = Server::start();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let wide = format!("{{{}\"a\":1}}", "\"a\":{\"b\":[1,2,3]},".repeat(20_000));
    let long = format!("{{\"message\":\"{}\"}}", "\\u0000".repeat(100_000));
    for payload in [
        "",
        "null",
        "1",
        "\"text\"",
        "[]",
        "{}",
        "{",
        "{\"event_id\": 7}",
        &deep,
        &wide,
        &long,
    ] {
        for kind in [
            "event",
            "attachment",
            "client_report",
            "raw_security",
            "session",
            "transaction",
            "nonsense",
        ] {
            let envelope = with_items(
                Some(&new_id()),
                &[(kind, serde_json::json!({}), payload.as_bytes().to_vec())],
            );
            assert_answered(&server, &envelope, "");
        }
    }
    let outcomes = server.api.ledger();
    assert!(
        outcomes.iter().all(|(name, _)| !name.contains("dead_letter")),
        "{outcomes:?}"
    );
}
