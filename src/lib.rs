//! # The path of an event
//!
//! An SDK posts an **envelope**. [`http`] authenticates the project key and decodes the body as a stream, within bounds.
//! [`ingest`] takes the envelope apart as [`protocol`] reads it, refuses what is beyond a limit, item by item, and
//! appends the rest as one entry to the **journal** of the [`store`]. The entry is on disk before the 200 is sent.
//!
//! [`workers`] read the journal in batches and have [`digest`] work on each entry: expand the envelope into items,
//! normalize the event, group it by [`grouping`]. What comes out is recorded as one unit: the event finds its issue, or
//! begins one, by the rules of [`model`]; issue, counts, tags, outcomes and the journal position are one commit, and so is
//! that something happened: [`alerts`] judge by that who is told, [`notify`] tells them.
//!
//! People see it through the API and the web app, again [`http`]; they sign in by [`accounts`], change issues by
//! [`triage`] and how events are grouped by [`regroup`]. [`app`] puts it all together from the [`config`], and takes it apart in the reverse order.
//!
//! The modules stand in reading order, floor by floor from the bottom. What a floor may import is said in
//! `ARCHITECTURE.md`, and tested.

pub mod config;
pub mod protocol;

pub mod grouping;
pub mod model;

pub mod notify;
pub mod store;

pub mod accounts;
pub mod alerts;
pub mod digest;
pub mod ingest;
pub mod regroup;
pub mod rollout;
pub mod shipping;
pub mod triage;

pub mod http;
pub mod workers;

pub mod app;
pub mod telemetry;
