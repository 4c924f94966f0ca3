//! Real SDKs and a real browser against the program itself. `make test` installs what they need; without it these
//! tests fail and say so.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../harness/mod.rs"]
mod harness;

#[path = "../it/server.rs"]
#[allow(dead_code, reason = "the other tests use the rest of it")]
mod in_process;

mod browser;
mod command_line;
mod look;
mod mail;
mod node;
mod python;
mod release_check;
mod rust;
mod sdk;
mod sessions;
mod web_app;
mod wire;
