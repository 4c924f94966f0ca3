//! What people do, from end to end.

mod at_once;
mod regression;
mod rules;
