//! Pages of a list: an opaque cursor, so that an engine may put in it what it needs.

/// Where the next page begins. Opaque to everybody but the engine that made it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub String);

/// Which part of a list is asked for.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// The cursor of an earlier page; none asks for the first one.
    pub cursor: Option<Cursor>,
    /// How many items at the most.
    pub limit: usize,
}

impl PageRequest {
    /// The first `limit` items.
    pub fn first(limit: usize) -> Self {
        Self { cursor: None, limit }
    }
}

/// One page of a list.
#[derive(Debug, Clone)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the page before this one begins, when there is one.
    pub previous: Option<Cursor>,
    /// Where the page after this one begins, when there is one.
    pub next: Option<Cursor>,
}

impl<T> Page<T> {
    /// The same page with each item changed by `f`.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            previous: self.previous,
            next: self.next,
        }
    }
}
