//! Kills, damage, hostile bodies and wrong surroundings, against the program itself.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "../harness/mod.rs"]
mod harness;

mod backup;
mod bombs;
mod damage;
mod discretion;
mod kills;
mod limits;
mod rebuild;
mod repair;
mod surroundings;
mod upgrade;
