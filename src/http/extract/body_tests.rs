//! Bodies in every encoding, whole, cut, corrupt and far too large.

use actix_web::FromRequest;
use actix_web::test::TestRequest;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};

use super::*;

const TEXT: &[u8] = b"{}\n{\"type\":\"event\"}\n{\"message\":\"hello\"}\n";

fn limits(sent: usize, decoded: usize, memory: usize) -> BodyLimits {
    BodyLimits {
        sent,
        decoded,
        idle: Duration::from_secs(5),
        memory: Arc::new(Semaphore::new(memory)),
    }
}

fn roomy() -> BodyLimits {
    limits(1 << 20, 1 << 20, 1 << 22)
}

async fn read(encoding: &str, body: Vec<u8>, limits: &BodyLimits) -> Result<Body, ApiError> {
    let request = TestRequest::default()
        .insert_header((CONTENT_ENCODING, encoding))
        .set_payload(body);
    let (request, mut payload) = request.to_http_parts();
    let payload = Payload::from_request(&request, &mut payload).await.unwrap();
    Body::read(request.headers(), payload, limits).await
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    brotli::CompressorWriter::new(&mut encoded, 4096, 5, 22)
        .write_all(bytes)
        .unwrap();
    encoded
}

fn encoded(bytes: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(bytes).unwrap();
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
    raw.write_all(bytes).unwrap();
    vec![
        ("gzip", gzip(bytes)),
        ("X-GZip", gzip(bytes)),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", raw.finish().unwrap()),
        ("BR", brotli(bytes)),
        ("zstd", zstd::encode_all(bytes, 3).unwrap()),
        ("", bytes.to_vec()),
        ("identity", bytes.to_vec()),
        ("something-new", bytes.to_vec()),
    ]
}

#[actix_web::test]
async fn every_encoding_is_read() {
    for (encoding, body) in encoded(TEXT) {
        let read = read(encoding, body, &roomy()).await.unwrap();
        assert_eq!(read.bytes, TEXT, "{encoding}");
    }
}

#[test]
fn bytes_may_come_one_by_one() {
    for (encoding, body) in encoded(TEXT) {
        let mut decoder = Decoder::new(encoding, Sink::new(&roomy(), None)).unwrap();
        body.chunks(1).for_each(|byte| decoder.write_all(byte).unwrap());
        assert_eq!(decoder.finish().unwrap().bytes, TEXT, "{encoding}");
    }
}

#[actix_web::test]
async fn rubbish_and_cut_bodies_are_refused() {
    for encoding in ["gzip", "deflate", "br", "zstd"] {
        let error = read(encoding, vec![0xff; 100], &roomy()).await.unwrap_err();
        assert!(
            matches!(error, ApiError::BadRequest { .. }),
            "{encoding}: {error:?}"
        );
    }
    for (encoding, mut body) in [
        ("gzip", gzip(TEXT)),
        ("br", brotli(TEXT)),
        ("zstd", zstd::encode_all(TEXT, 3).unwrap()),
    ] {
        body.truncate(body.len() / 2);
        let error = read(encoding, body, &roomy()).await.unwrap_err();
        assert!(
            matches!(error, ApiError::BadRequest { .. }),
            "{encoding}: {error:?}"
        );
    }
}

#[actix_web::test]
async fn bombs_stop_at_the_bound() {
    let limits = limits(1 << 20, 100_000, 1 << 22);
    for (encoding, body) in encoded(&vec![0; 1 << 20]) {
        let error = read(encoding, body, &limits).await.unwrap_err();
        assert!(matches!(error, ApiError::TooLarge(_)), "{encoding}: {error:?}");
    }
    assert_eq!(
        limits.memory.available_permits(),
        1 << 22,
        "a refused body keeps no memory"
    );
}

#[actix_web::test]
async fn a_zstd_window_may_not_ask_for_much_memory() {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(TEXT).unwrap();
    assert!(read("zstd", encoder.finish().unwrap(), &roomy()).await.is_err());
}

#[actix_web::test]
async fn the_bytes_sent_are_bounded_too() {
    let error = read("", vec![b' '; 101], &limits(100, 1000, 1000))
        .await
        .unwrap_err();
    assert!(matches!(error, ApiError::TooLarge(_)), "{error:?}");
    assert_eq!(
        read("", vec![b' '; 100], &limits(100, 100, 100))
            .await
            .unwrap()
            .bytes
            .len(),
        100
    );
}

#[actix_web::test]
async fn all_bodies_together_share_a_budget() {
    let limits = limits(100, 100, 150);
    let first = read("", vec![b' '; 100], &limits).await.unwrap();
    let error = read("", vec![b' '; 100], &limits).await.unwrap_err();
    assert!(matches!(error, ApiError::Unavailable(_)), "{error:?}");
    drop(first);
    assert!(read("", vec![b' '; 100], &limits).await.is_ok());
}

#[actix_web::test]
async fn what_says_that_it_is_too_much_is_not_read() {
    for (declared, memory, is_too_large) in [("2000", 1 << 20, true), ("600", 500, false)] {
        let limits = limits(1_000, 1 << 20, memory);
        let request = TestRequest::default().insert_header((CONTENT_LENGTH, declared));
        let (request, _) = request.to_http_parts();
        let endless = futures_util::stream::pending().boxed_local();
        let mut payload = actix_web::dev::Payload::Stream { payload: endless };
        let payload = Payload::from_request(&request, &mut payload).await.unwrap();
        let error = Body::read(request.headers(), payload, &limits).await.unwrap_err();
        assert_eq!(matches!(error, ApiError::TooLarge(_)), is_too_large, "{error:?}");
        assert_eq!(
            matches!(error, ApiError::Unavailable(_)),
            !is_too_large,
            "{error:?}"
        );
    }
}
