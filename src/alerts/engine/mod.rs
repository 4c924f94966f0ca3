//! The engine of alerts: pure steps over what happened and over minutes.
//!
//! ```text
//! happening ─ a rule is pulled ─ its conditions hold ─ it did not just say so ─┐
//! minute ─ counts ─ one is over ─ the conditions hold ─ it did not just say so ┴ waits ─ firing ─ who is told
//! ```
//!
//! Each step takes rules, memory and one thing to judge, and knows no other time than that of the thing. So the same
//! steps over what the store has of the past say what a rule would have done; and whether things are judged one by one
//! as they come or many at once after an outage does not matter.
//!
//! The order is: what waits until a moment is told before what happens at that moment is judged; a minute is judged
//! before what happens from its end on.

mod condition;
mod count;
mod held;
mod judge;
pub(in crate::alerts) mod memory;
mod post;
mod quiet;
mod rules;
mod tell;
#[cfg(test)]
mod tests;

pub use count::{Counted, Counts, Over};
pub use held::held;
pub use judge::{judge_happening, judge_minute};
pub use memory::Memory;
pub use post::Judged;
pub use rules::{People, Rules};
pub use tell::{advance, let_go, waiting};
