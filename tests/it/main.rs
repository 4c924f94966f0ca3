//! Tests against a server inside this process: an own data directory, a free port and a clock that the test moves.
//! Files mirror the URLs; `stories` go across them; `tidy` reads the sources.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../harness/mod.rs"]
mod harness;

mod ingest;
mod operation;
mod releases;
mod server;
mod stories;
mod tidy;
