//! What rules make of what happens: which of them fire, and who is told.
//!
//! Decides; how a message looks and how it is brought is the business of `notify`, and nothing here asks what time it is.

pub mod backtest;
pub mod book;
pub mod check;
pub mod engine;
pub mod live;
mod notices;
mod recap;
mod received;
mod recount;
pub mod spike;
mod subject;
#[cfg(test)]
mod tests;
mod watch;
