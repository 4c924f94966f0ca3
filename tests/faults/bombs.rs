//! Bodies that are small on the wire and endless when they are decompressed.

use std::fs;
use std::io::{Read, Write};
use std::thread;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};

use crate::harness::program::{Place, Program};

/// What a body may grow to in these tests.
const BOUND: usize = 4 << 20;
/// What the bombs below would grow to.
const BOMB: u64 = 64 << 20;

/// An envelope of one event that says the same for ever.
fn endless() -> impl Read {
    let head = b"{}\n{\"type\":\"event\"}\n{\"message\":\"".as_slice();
    head.chain(std::io::repeat(b'a').take(BOMB))
}

fn bombs() -> [(&'static str, Vec<u8>); 4] {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::copy(&mut endless(), &mut gzip).unwrap();
    let mut deflate = ZlibEncoder::new(Vec::new(), Compression::fast());
    std::io::copy(&mut endless(), &mut deflate).unwrap();
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 1, 22);
    std::io::copy(&mut endless(), &mut brotli).unwrap();
    let mut zstd = zstd::Encoder::new(Vec::new(), 1).unwrap();
    std::io::copy(&mut endless(), &mut zstd).unwrap();
    brotli.flush().unwrap();
    [
        ("gzip", gzip.finish().unwrap()),
        ("deflate", deflate.finish().unwrap()),
        ("br", brotli.into_inner()),
        ("zstd", zstd.finish().unwrap()),
    ]
}

/// The most memory that a process ever had, in bytes.
pub(crate) fn peak_memory(program: &Program) -> usize {
    let status = fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    peak.trim().trim_end_matches(" kB").parse::<usize>().unwrap() << 10
}

#[test]
fn a_bomb_is_defused_at_the_bound() {
    let bound = BOUND.to_string();
    let program = Place::new().start_with(&[
        ("TRIPLINE__INGEST__MAX_ENVELOPE_BYTES", &bound),
        ("TRIPLINE__INGEST__MAX_INFLIGHT_BYTES", "268435456"),
    ]);
    let before = peak_memory(&program);
    let bombs = bombs();
    thread::scope(|scope| {
        for (encoding, bomb) in bombs.iter().chain(&bombs) {
            let api = &program.api;
            scope.spawn(move || {
                let answer = api.send_encoded(bomb, encoding);
                assert_eq!(
                    answer.status,
                    413,
                    "{encoding}: {}",
                    String::from_utf8_lossy(&answer.body)
                );
                assert!(answer.json()["detail"].is_string(), "{encoding}");
            });
        }
    });
    // Eight bodies at the bound, each in a buffer that grows by doubling.
    let grown = peak_memory(&program) - before;
    assert!(grown < 8 * 3 * BOUND, "{} MiB", grown >> 20);
    assert_eq!(
        program.api.ledger(),
        [("unknown invalid too_large".to_owned(), 8)]
    );
}
