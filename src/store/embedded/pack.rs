//! Events as their frames hold them: record and payload, compressed. Does not know what a frame is.

use bytes::Bytes;
use zstd::bulk::{Compressor, Decompressor};
use zstd::zstd_safe;

use super::dictionaries::{Dictionaries, Encoder};
use super::facts::{from_json, to_microsecond};
use super::log::MAX_BODY;
use crate::model::event::{EventRecord, NewEvent};
use crate::store::{Error, Result};

/// zstd's level: 3 is where its speed and size are best for payloads of a few KB.
pub(super) const LEVEL: i32 = 3;
/// Buffers larger than this are not kept for the next event.
const KEPT: usize = 1 << 20;

/// An event with its payload packed.
#[derive(Debug, Clone)]
pub(super) struct PackedEvent {
    /// What the index needs of it.
    pub record: EventRecord,
    /// Record and payload, compressed.
    pub body: Bytes,
}

impl PackedEvent {
    /// Record and payload of an event's frame.
    pub(super) fn unpack(body: &[u8], dictionaries: &Dictionaries) -> Result<NewEvent> {
        let plain = decompress(body, dictionaries)?;
        let (record, payload) =
            split(&plain).ok_or_else(|| Error::Damaged("an event's frame is cut short".into()))?;
        Ok(NewEvent {
            record: from_json(&record)?,
            payload,
        })
    }
}

/// Packs one event after the other: the costly part of recording, not for the writer's thread. Its context and buffers
/// are used again.
pub(super) struct Packer<'a> {
    zstd: Compressor<'a>,
    /// The dictionary in use; 0 for none.
    dictionary: u32,
    plain: Vec<u8>,
    packed: Vec<u8>,
}

impl<'a> Packer<'a> {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            zstd: Compressor::new(LEVEL).map_err(failed)?,
            dictionary: 0,
            plain: Vec::new(),
            packed: Vec::new(),
        })
    }

    /// Packs an event.
    pub(super) fn pack(&mut self, event: NewEvent, encoder: Option<&'a Encoder>) -> Result<PackedEvent> {
        let NewEvent { mut record, payload } = event;
        // As a frame says it: what is applied now must be what is applied when the frame is read again.
        record.timestamp = to_microsecond(record.timestamp);
        record.received = to_microsecond(record.received);
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        plain.extend_from_slice(&[0; 4]);
        serde_json::to_writer(&mut plain, &record)
            .map_err(|error| Error::Damaged(format!("a frame: {error}")))?;
        let length = (plain.len() - 4) as u32;
        plain[..4].copy_from_slice(&length.to_be_bytes());
        plain.extend_from_slice(&payload);
        let body = self.compress(&plain, encoder);
        plain.shrink_to(KEPT);
        self.plain = plain;
        Ok(PackedEvent { record, body: body? })
    }

    /// Compresses bytes; what comes out says their size and the dictionary.
    pub(super) fn compress(&mut self, plain: &[u8], encoder: Option<&'a Encoder>) -> Result<Bytes> {
        let dictionary = encoder.map_or(0, |it| it.id);
        if std::mem::replace(&mut self.dictionary, dictionary) != dictionary {
            match encoder {
                Some(encoder) => self.zstd.set_prepared_dictionary(&encoder.zstd),
                None => self.zstd.set_compression_level(LEVEL),
            }
            .map_err(failed)?;
        }
        self.packed.clear();
        self.packed.reserve(zstd_safe::compress_bound(plain.len()));
        self.zstd
            .compress_to_buffer(plain, &mut self.packed)
            .map_err(failed)?;
        // A copy of the right size: many of them wait for one commit.
        let body = Bytes::copy_from_slice(&self.packed);
        self.packed.shrink_to(KEPT);
        Ok(body)
    }
}

fn failed(error: std::io::Error) -> Error {
    Error::Io("compressing a frame".into(), error)
}

/// How many bytes a packed event was.
pub(super) fn plain_size(body: &[u8]) -> Option<usize> {
    let size = zstd_safe::get_frame_content_size(body).ok().flatten();
    size.and_then(|size| usize::try_from(size).ok())
        .filter(|&size| size <= MAX_BODY)
}

/// What was compressed.
pub(super) fn decompress(body: &[u8], dictionaries: &Dictionaries) -> Result<Bytes> {
    let size = plain_size(body).ok_or_else(|| Error::Damaged("a frame does not say its size".into()))?;
    let plain = match zstd_safe::get_dict_id_from_frame(body) {
        Some(id) => {
            let dictionary = dictionaries.decoder(id.get())?;
            Decompressor::with_prepared_dictionary(&dictionary).and_then(|mut it| it.decompress(body, size))
        }
        None => zstd::bulk::decompress(body, size),
    };
    plain
        .map(Bytes::from)
        .map_err(|error| Error::Damaged(format!("a frame: {error}")))
}

/// Two texts in one, of which the length of the first is said.
pub(super) fn join(first: &[u8], second: &[u8]) -> Bytes {
    let mut joined = Vec::with_capacity(4 + first.len() + second.len());
    joined.extend_from_slice(&(first.len() as u32).to_be_bytes());
    joined.extend_from_slice(first);
    joined.extend_from_slice(second);
    joined.into()
}

/// What was joined.
pub(super) fn split(joined: &Bytes) -> Option<(Bytes, Bytes)> {
    let (length, _) = joined.split_first_chunk()?;
    let end = 4 + u32::from_be_bytes(*length) as usize;
    (end <= joined.len()).then(|| (joined.slice(4..end), joined.slice(end..)))
}
