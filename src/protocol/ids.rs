//! Identifiers as SDKs write them: event ids, project ids and public keys.
//!
//! Parsing only: nothing here makes a new identifier up, since that takes randomness.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use uuid::Uuid;

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a UUID in any of its spellings, or the nil UUID.
    #[error("invalid event id")]
    EventId,
    /// Not a decimal number of at most 64 bits.
    #[error("invalid project id")]
    ProjectId,
    /// Not 32 hexadecimal digits.
    #[error("invalid public key")]
    PublicKey,
}

/// The identifier of an event: 128 bits, never all zero, written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId([u8; 16]);

impl EventId {
    /// The id with these bytes, big end first. `None` for the nil UUID, which old SDKs send for "none".
    pub fn from_bytes(bytes: [u8; 16]) -> Option<Self> {
        (bytes != [0; 16]).then_some(Self(bytes))
    }

    /// The 16 bytes, big end first: their order is the order of the written form.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The hyphenated form, which some old endpoints answer with.
    pub fn hyphenated(&self) -> String {
        Uuid::from_bytes(self.0).hyphenated().to_string()
    }
}

impl FromStr for EventId {
    type Err = Error;

    /// Reads any spelling of a UUID: plain, hyphenated (sentry-rust, sentry-cli), braced, URN; any case.
    fn from_str(text: &str) -> Result<Self, Error> {
        let uuid = Uuid::try_parse(text.trim()).map_err(|_| Error::EventId)?;
        Self::from_bytes(uuid.into_bytes()).ok_or(Error::EventId)
    }
}

impl From<Uuid> for EventId {
    /// Takes a freshly made UUID; a nil one becomes the id `…01`, so that the type keeps its promise.
    fn from(uuid: Uuid) -> Self {
        Self::from_bytes(uuid.into_bytes()).unwrap_or(Self(1_u128.to_be_bytes()))
    }
}

/// The identifier of a project: a number, because old SDKs and command line tools parse it as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProjectId(pub u64);

impl FromStr for ProjectId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // `u64::from_str` would also take a leading plus sign.
        if !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::ProjectId);
        }
        text.parse().map(Self).map_err(|_| Error::ProjectId)
    }
}

impl fmt::Display for ProjectId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// The public half of a project key: 128 bits, written as 32 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 16]);

impl PublicKey {
    /// The key with these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes of the key.
    pub fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; 16];
        hex::decode_to_slice(text, &mut bytes).map_err(|_| Error::PublicKey)?;
        Ok(Self(bytes))
    }
}

/// Writes a 16-byte identifier as hex and reads it back through its `FromStr`.
macro_rules! hex_text {
    ($id:ident) => {
        impl fmt::Display for $id {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $id {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(formatter, concat!(stringify!($id), "({})"), self)
            }
        }

        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?
                    .parse()
                    .map_err(de::Error::custom)
            }
        }
    };
}

hex_text!(EventId);
hex_text!(PublicKey);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_event_id_is_the_same_id() {
        let plain: EventId = "9ec79c33ec9942ab8353589fcb2e04dc".parse().unwrap();
        for text in [
            "9ec79c33-ec99-42ab-8353-589fcb2e04dc",
            "9EC79C33EC9942AB8353589FCB2E04DC",
            "{9ec79c33-ec99-42ab-8353-589fcb2e04dc}",
            "urn:uuid:9ec79c33-ec99-42ab-8353-589fcb2e04dc",
            " 9ec79c33ec9942ab8353589fcb2e04dc ",
        ] {
            assert_eq!(text.parse(), Ok(plain), "{text}");
        }
        assert_eq!(plain.to_string(), "9ec79c33ec9942ab8353589fcb2e04dc");
        assert_eq!(plain.hyphenated(), "9ec79c33-ec99-42ab-8353-589fcb2e04dc");
        assert_eq!(
            serde_json::to_string(&plain).unwrap(),
            "\"9ec79c33ec9942ab8353589fcb2e04dc\""
        );
    }

    #[test]
    fn what_is_no_identifier_is_refused() {
        for text in [
            "",
            "abc",
            "00000000000000000000000000000000",
            "9ec79c33ec9942ab8353589fcb2e04dg",
            "ü",
        ] {
            assert_eq!(text.parse::<EventId>(), Err(Error::EventId), "{text}");
        }
        for text in ["", "+1", "-1", "1.0", "a", "18446744073709551616"] {
            assert_eq!(text.parse::<ProjectId>(), Err(Error::ProjectId), "{text}");
        }
        for text in ["", "abc", "9ec79c33-ec99-42ab-8353-589fcb2e04dc"] {
            assert_eq!(text.parse::<PublicKey>(), Err(Error::PublicKey), "{text}");
        }
    }
}
