//! Real SDKs and a real browser against the program itself. `make test` installs what they need; without it these
//! tests fail and say so.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../harness/mod.rs"]
mod harness;

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
