//! What people do, from end to end.

mod alerts;
mod at_once;
mod changes;
mod decisions;
mod flood;
mod limits;
mod regression;
mod rules;
mod words;
