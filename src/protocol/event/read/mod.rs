//! How JSON becomes an event without ever failing.
//!
//! A reader is a function `fn(Value, &mut Place) -> Option<T>`. When the value makes no sense it
//! leaves a [`Remark`] at the [`Place`] where it is and answers `None`, so that one bad field is lost
//! and nothing else. When a value is too large it is cut, with a remark, too.
//!
//! What is read is written back by `Serialize`, and reading that again changes nothing.

mod bag;
mod interface;
mod list;
mod place;
mod scalar;

pub(crate) use bag::{any, bag};
pub(crate) use interface::{Field, Object, collection_field, interface};
pub use list::Values;
pub(crate) use list::{list, values};
pub(crate) use place::Place;
pub use place::{Remark, RemarkKind};
pub(crate) use scalar::{address, boolean, cut, integer, json_text, scalar, scalar_text, text, timestamp};
