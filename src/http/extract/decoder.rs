//! The content encodings of a request body, behind one writer. Does not bound anything: the sink does.

use std::io::{self, Write};

use brotli::DecompressorWriter;
use flate2::write::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};

use super::body::Sink;

/// Larger windows than 8 MiB are not for HTTP (RFC 9659), and a frame may ask for its window in its first bytes.
const ZSTD_WINDOW_LOG: u32 = 23;
/// Bytes that the Brotli decoder hands on at once.
const BROTLI_BUFFER: usize = 16 * 1024;

/// Decompresses what is written to it into a [`Sink`].
pub(super) enum Decoder {
    Identity(Sink),
    Gzip(MultiGzDecoder<Sink>),
    /// `deflate` before its first byte, which tells zlib from raw deflate.
    Undecided(Sink),
    Zlib(ZlibDecoder<Sink>),
    Deflate(DeflateDecoder<Sink>),
    Brotli(Box<DecompressorWriter<Sink>>),
    Zstd(zstd::stream::write::Decoder<'static, Sink>),
    /// The sink moved on; only between two states.
    Moved,
}

impl Decoder {
    /// Chooses by the value of `Content-Encoding`, in any case. An empty or unknown one is no encoding:
    /// sentry-ruby 5.3 sends the header empty.
    pub(super) fn new(encoding: &str, sink: Sink) -> io::Result<Self> {
        Ok(match encoding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Self::Gzip(MultiGzDecoder::new(sink)),
            "deflate" => Self::Undecided(sink),
            "br" => Self::Brotli(Box::new(DecompressorWriter::new(sink, BROTLI_BUFFER))),
            "zstd" => {
                let mut decoder = zstd::stream::write::Decoder::new(sink)?;
                decoder.window_log_max(ZSTD_WINDOW_LOG)?;
                Self::Zstd(decoder)
            }
            _ => Self::Identity(sink),
        })
    }

    /// Says that no more bytes come. Fails when the stream is cut off.
    pub(super) fn finish(self) -> io::Result<Sink> {
        match self {
            Self::Identity(sink) | Self::Undecided(sink) => Ok(sink),
            Self::Gzip(decoder) => decoder.finish(),
            Self::Zlib(decoder) => decoder.finish(),
            Self::Deflate(decoder) => decoder.finish(),
            Self::Brotli(mut decoder) => {
                decoder.close()?;
                decoder
                    .into_inner()
                    .map_err(|_| io::ErrorKind::UnexpectedEof.into())
            }
            Self::Zstd(decoder) => decoder.finish(),
            Self::Moved => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// The first byte of a zlib stream names method 8 and a window of at most 32 KiB; no raw stream starts so.
    fn decide(&mut self, first: u8) {
        if let Self::Undecided(sink) = std::mem::replace(self, Self::Moved) {
            *self = match first & 0x8f {
                0x08 => Self::Zlib(ZlibDecoder::new(sink)),
                _ => Self::Deflate(DeflateDecoder::new(sink)),
            };
        }
    }
}

impl Write for Decoder {
    fn write(&mut self, chunk: &[u8]) -> io::Result<usize> {
        match self {
            Self::Identity(sink) => sink.write(chunk),
            Self::Gzip(decoder) => decoder.write(chunk),
            Self::Undecided(_) => match chunk.first() {
                Some(first) => {
                    self.decide(*first);
                    self.write(chunk)
                }
                None => Ok(0),
            },
            Self::Zlib(decoder) => decoder.write(chunk),
            Self::Deflate(decoder) => decoder.write(chunk),
            Self::Brotli(decoder) => decoder.write(chunk),
            Self::Zstd(decoder) => decoder.write(chunk),
            Self::Moved => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
