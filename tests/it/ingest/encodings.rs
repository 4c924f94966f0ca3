//! Bodies as SDKs compress them.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::server::Server;

fn compressed(bytes: &[u8]) -> [(&'static str, Vec<u8>); 8] {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::best());
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::best());
    let mut brotli = Vec::new();
    gzip.write_all(bytes).unwrap();
    zlib.write_all(bytes).unwrap();
    raw.write_all(bytes).unwrap();
    brotli::CompressorReader::new(bytes, 4096, 5, 22)
        .read_to_end(&mut brotli)
        .unwrap();
    let gzip = gzip.finish().unwrap();
    [
        ("gzip", gzip.clone()),
        ("x-gzip", gzip.clone()),
        ("GZIP", gzip),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", raw.finish().unwrap()),
        ("br", brotli),
        ("zstd", zstd::encode_all(bytes, 3).unwrap()),
        ("", bytes.to_vec()),
    ]
}

#[test]
fn every_encoding_brings_the_event() {
    let server = Server::start();
    let mut ids = Vec::new();
    for number in 0..8 {
        let id = new_id();
        let (encoding, body) =
            compressed(&with_event(&error_event(&id, "Kind", "compressed")))[number].clone();
        assert_eq!(
            server.api.send_encoded(&body, encoding).expect(200)["id"],
            id,
            "{encoding}"
        );
        ids.push(id);
    }
    server.api.digested();
    for id in ids {
        assert_eq!(server.api.event(&id)["title"], "Kind: compressed");
    }
}

#[test]
fn what_is_too_large_is_refused() {
    let server = Server::start_with(|config| {
        config.ingest.max_body_bytes = 100_000;
        config.ingest.max_envelope_bytes = 1_000_000;
    });
    let large = with_event(&error_event(&new_id(), "Kind", &"a".repeat(2_000_000)));
    for (encoding, body) in compressed(&large) {
        let answer = server.api.send_encoded(&body, encoding);
        assert_eq!(answer.status, 413, "{encoding}");
        assert!(answer.json()["detail"].is_string(), "{encoding}");
    }
}

#[test]
fn what_is_not_what_it_says_is_refused() {
    let server = Server::start();
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        let answer = server.api.send_encoded(b"{}\n{\"type\":\"event\"}\n{}", encoding);
        assert_eq!(answer.status, 400, "{encoding}: {}", answer.json());
    }
}
