//! Tests against a server inside this process: an own data directory, a free port and a clock that the test moves.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod tidy;
