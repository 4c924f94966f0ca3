//! The body of the legacy store endpoint: one event, wrapped in one of several ways.
//!
//! JSON as it is; base64 of JSON; base64 of zlib of JSON (raven); any of these as the value
//! `sentry_data` of a form; zlib without base64. This module unwraps. It does not read the event.

use std::borrow::Cow;
use std::io::Read as _;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use flate2::read::ZlibDecoder;
use percent_encoding::percent_decode;

/// Takes base64 with and without its padding.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Why a body could not be unwrapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing was sent.
    #[error("empty request body")]
    Empty,
    /// Neither JSON nor base64.
    #[error("invalid event encoding: not JSON and not base64")]
    Base64,
    /// A zlib stream that is damaged.
    #[error("invalid event encoding: damaged zlib stream")]
    Zlib,
    /// The event is larger than the bound.
    #[error("event too large")]
    TooLarge,
}

/// Unwraps a body until JSON is in sight; never produces more than `limit` bytes.
pub fn decode(body: &[u8], limit: usize) -> Result<Vec<u8>, Error> {
    let body = body.trim_ascii();
    let wrapped = form_field(body).map_or(Cow::Borrowed(body), Cow::Owned);
    let wrapped = wrapped.trim_ascii();
    match wrapped.first() {
        None => Err(Error::Empty),
        Some(b'{') => bounded(wrapped.to_vec(), limit),
        // Every zlib stream that a client makes starts with this byte, and no base64 of one does.
        Some(0x78) if !wrapped.is_ascii() => inflate(wrapped, limit),
        Some(_) => {
            let text: Vec<u8> = wrapped
                .iter()
                .copied()
                .filter(|byte| !byte.is_ascii_whitespace())
                .collect();
            let decoded = BASE64.decode(text).map_err(|_| Error::Base64)?;
            match decoded.trim_ascii_start().first() {
                Some(b'{') => bounded(decoded, limit),
                _ => inflate(&decoded, limit),
            }
        }
    }
}

fn bounded(bytes: Vec<u8>, limit: usize) -> Result<Vec<u8>, Error> {
    if bytes.len() > limit {
        Err(Error::TooLarge)
    } else {
        Ok(bytes)
    }
}

fn inflate(bytes: &[u8], limit: usize) -> Result<Vec<u8>, Error> {
    let mut inflated = Vec::new();
    let bound = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    ZlibDecoder::new(bytes)
        .take(bound)
        .read_to_end(&mut inflated)
        .map_err(|_| Error::Zlib)?;
    bounded(inflated, limit)
}

/// The value of `sentry_data`, if the body is a form (or a query string) that has one.
fn form_field(body: &[u8]) -> Option<Vec<u8>> {
    let value = body
        .split(|byte| *byte == b'&')
        .find_map(|pair| pair.strip_prefix(b"sentry_data="))?;
    // Base64 has plus signs, and old clients did not escape them: they are no spaces here, unless the
    // value is JSON.
    let is_json = value.first() == Some(&b'{') || value.starts_with(b"%7B") || value.starts_with(b"%7b");
    let value: Vec<u8> = value
        .iter()
        .map(|byte| if is_json && *byte == b'+' { b' ' } else { *byte })
        .collect();
    Some(percent_decode(&value).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::ZlibEncoder;
    use proptest::prelude::*;
    use std::io::Write as _;

    const JSON: &[u8] = br#"{"message":"a + b & c > d"}"#;

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn every_wrapping_holds_the_same_event() {
        let plain64 = BASE64.encode(JSON);
        let zlib64 = BASE64.encode(zlib(JSON));
        let escaped = percent_encoding::percent_encode(zlib64.as_bytes(), percent_encoding::NON_ALPHANUMERIC);
        let json_form = percent_encoding::percent_encode(JSON, percent_encoding::NON_ALPHANUMERIC);
        for body in [
            JSON.to_vec(),
            zlib(JSON),
            plain64.clone().into_bytes(),
            plain64.trim_end_matches('=').to_owned().into_bytes(),
            zlib64.clone().into_bytes(),
            format!("{}\r\n{}\n", &zlib64[..20], &zlib64[20..]).into_bytes(),
            format!("sentry_data={escaped}&x=1").into_bytes(),
            format!("x=1&sentry_data={zlib64}").into_bytes(),
            format!("sentry_data={json_form}").into_bytes(),
        ] {
            assert_eq!(
                decode(&body, 1000).as_deref(),
                Ok(JSON),
                "{}",
                String::from_utf8_lossy(&body)
            );
        }
    }

    #[test]
    fn faults_and_bombs_are_refused() {
        assert_eq!(decode(b" ", 10), Err(Error::Empty));
        assert_eq!(decode(b"<html>", 10), Err(Error::Base64));
        assert_eq!(decode(b"aGVsbG8=", 10), Err(Error::Zlib));
        assert_eq!(decode(JSON, 10), Err(Error::TooLarge));
        assert_eq!(
            decode(BASE64.encode(zlib(&[b' '; 1_000_000])).as_bytes(), 1000),
            Err(Error::TooLarge)
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = decode(&bytes, 100);
        }
    }
}
