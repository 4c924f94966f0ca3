//! What people do, from end to end.

mod at_once;
mod decisions;
mod regression;
mod rules;
