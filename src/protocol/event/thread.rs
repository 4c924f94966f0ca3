//! Threads.

use serde_json::{Map, Value};

use super::Stacktrace;
use super::read::{Place, bag, boolean, interface, scalar, text};

interface! {
    /// One thread of the program.
    pub struct Thread {
        /// Its number or name for the operating system; `thread_id` of an exception refers to it.
        id: Option<String> = "id" => scalar::<64>;
        /// Its name.
        name: Option<String> = "name" => text::<256>;
        /// Whether it is the one that crashed.
        crashed: Option<bool> = "crashed" => boolean;
        /// Whether it is the one that made the event.
        current: Option<bool> = "current" => boolean;
        /// Whether it is the main thread.
        main: Option<bool> = "main" => boolean;
        /// What it was doing, such as `BLOCKED`.
        state: Option<String> = "state" => text::<64>;
        /// The locks that it held.
        held_locks: Map<String, Value> = "held_locks" => bag::<2, 4096>;
        /// Where it was.
        stacktrace: Option<Stacktrace> = "stacktrace" => Stacktrace::read;
    }
}

impl Thread {
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }
}
