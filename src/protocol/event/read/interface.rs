//! Structures whose definition is also the table by which they are read.
//!
//! ```text
//! interface! {
//!     /// One call on a stack.
//!     pub struct Frame {
//!         /// The line, counted from 1.
//!         lineno: Option<u64> = "lineno" | "line" => integer;
//!     }
//! }
//! ```
//!
//! Each line names the field, its key on the wire with older names of it, and its reader. Members
//! without a line end up in `other`.

use serde_json::{Map, Value};

use super::{Place, bag};

/// Depth and size of everything in one structure that no line of its table names.
const OTHER_DEPTH: usize = 5;
const OTHER_BYTES: usize = 16 * 1024;

/// A type that a member of an object can be read into, and that may be absent.
pub(crate) trait Field {
    /// What the reader of the member gives.
    type Read;
    /// The field, from what was read.
    fn fill(read: Option<Self::Read>) -> Self;
    /// Whether there is nothing to write.
    fn is_absent(&self) -> bool;
}

impl<T> Field for Option<T> {
    type Read = T;

    fn fill(read: Option<T>) -> Self {
        read
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}

/// Collections need no `Option` around them: absent is the same as empty.
macro_rules! collection_field {
    ($([$($generic:tt)*] $ty:ty),+ $(,)?) => {
        $(impl $($generic)* $crate::protocol::event::read::Field for $ty {
            type Read = Self;

            fn fill(read: Option<Self>) -> Self {
                read.unwrap_or_default()
            }

            fn is_absent(&self) -> bool {
                self.is_empty()
            }
        })+
    };
}

collection_field!([<T>] Vec<T>, [] Map<String, Value>, [<T>] super::Values<T>);
pub(crate) use collection_field;

/// The members of an object that have not been read yet.
pub(crate) struct Object(Map<String, Value>);

impl Object {
    pub(super) fn new(map: Map<String, Value>) -> Self {
        Self(map)
    }

    /// Reads a member under the first of its names that has a value. All its names are used up.
    pub(crate) fn take<F: Field>(
        &mut self,
        names: &[&str],
        at: &mut Place,
        read: impl FnOnce(Value, &mut Place) -> Option<F::Read>,
    ) -> F {
        let mut found = None;
        for name in names {
            let value = self.0.remove(*name).filter(|value| !value.is_null());
            found = found.or(value.map(|value| (name, value)));
        }
        F::fill(found.and_then(|(name, value)| at.within(name, |at| read(value, at))))
    }

    /// Everything that has not been read.
    pub(crate) fn rest(self, at: &mut Place) -> Map<String, Value> {
        let known = self.0.into_iter().filter(|(_, value)| !value.is_null()).collect();
        bag::<OTHER_DEPTH, OTHER_BYTES>(Value::Object(known), at).unwrap_or_default()
    }
}

/// Defines a structure, `read` and `Serialize` from one table; see the module.
macro_rules! interface {
    ($(#[$meta:meta])* pub struct $name:ident {
        $($(#[$doc:meta])* $field:ident: $ty:ty = $key:literal $(| $alias:literal)* => $read:expr;)*
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Default, serde::Serialize)]
        pub struct $name {
            $(
                $(#[$doc])*
                #[serde(rename = $key, skip_serializing_if = "crate::protocol::event::read::Field::is_absent")]
                pub $field: $ty,
            )*
            /// Members that have no field of their own.
            #[serde(flatten)]
            pub other: serde_json::Map<String, serde_json::Value>,
        }

        impl $name {
            /// Reads the members of an object; what makes no sense is absent, with a remark.
            fn read_members(
                value: serde_json::Value,
                at: &mut $crate::protocol::event::read::Place,
            ) -> Option<Self> {
                let mut object = at.object(value)?;
                Some(Self {
                    $($field: object.take(&[$key $(, $alias)*], at, $read),)*
                    other: object.rest(at),
                })
            }
        }
    };
}

pub(crate) use interface;
