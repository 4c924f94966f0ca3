//! Rules about stack traces: which frames are the program's own, and which count.
//!
//! ```text
//! family:javascript path:**/node_modules/** -app
//! [ category:malloc ] | category:malloc -group
//! function:begin_panic ^-group -group
//! family:native max-frames=3
//! ```
//!
//! Rules are applied in order, in two rounds: the first says of each frame whether it is the program's
//! own and of which category; the second, on what came out of the first, which frames count. Within a
//! round a rule sees what the rules before it did.

mod judge;
mod limits;
mod parse;
mod rule;
mod table;

pub(in crate::grouping) use judge::{Call, Judged, Thrown, Verdict, judge};
pub(in crate::grouping) use limits::Limits;
pub(in crate::grouping) use rule::Family;

use super::{Error, glob, lines};
use rule::Rule;
use table::Table;

/// Rules about stack traces.
#[derive(Debug, Default)]
pub struct StackRules {
    rules: Vec<Rule>,
    table: Table,
}

impl StackRules {
    /// Reads rules, one a line.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut patterns = table::Patterns::default();
        // Reading a rule numbers its patterns, in order.
        let numbering = std::cell::RefCell::new(&mut patterns);
        let rules = lines(text, |line| parse::rule(line, &mut numbering.borrow_mut()))?;
        let table = Table::new(&rules, &patterns);
        Ok(Self { rules, table })
    }
}
