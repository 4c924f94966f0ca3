//! Exceptions and the mechanism that caught them.

use serde_json::{Map, Value};

use super::Stacktrace;
use super::read::{Place, bag, boolean, integer, interface, json_text, scalar, text};

interface! {
    /// One exception of a chain.
    pub struct Exception {
        /// The class, such as `ValueError`.
        ty: Option<String> = "type" => text::<256>;
        /// The message; the JSON of it, if the client sent something else than a text.
        value: Option<String> = "value" => json_text::<8192>;
        /// The module or package of the class.
        module: Option<String> = "module" => text::<256>;
        /// Where it was raised.
        stacktrace: Option<Stacktrace> = "stacktrace" | "sentry.interfaces.Stacktrace" => Stacktrace::read;
        /// The same before the client or a source map changed it.
        raw_stacktrace: Option<Stacktrace> = "raw_stacktrace" => Stacktrace::read;
        /// The thread it was raised on.
        thread_id: Option<String> = "thread_id" => scalar::<64>;
        /// How it was caught.
        mechanism: Option<Mechanism> = "mechanism" => Mechanism::read;
    }
}

impl Exception {
    /// Reads an exception. One that says nothing at all is dropped.
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let mut exception = Self::read_members(value, at)?;
        if exception.ty.as_deref().unwrap_or_default().is_empty()
            && let Some((ty, text)) = exception.value.as_deref().and_then(split_type)
        {
            (exception.ty, exception.value) = (Some(ty), Some(text));
        }
        if exception.ty.is_none() && exception.value.is_none() && exception.stacktrace.is_none() {
            return at.invalid("neither type nor value");
        }
        Some(exception)
    }

    /// Whether the SDK made the exception up to carry a stack trace or a signal.
    pub fn is_synthetic(&self) -> bool {
        self.mechanism.as_ref().and_then(|mechanism| mechanism.synthetic) == Some(true)
    }
}

/// Old clients put the type in front of the value: `ValueError: no tea`.
fn split_type(value: &str) -> Option<(String, String)> {
    let (ty, text) = value.split_once(':')?;
    let is_name = !ty.is_empty()
        && ty.len() <= 256
        && ty.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    (is_name && !text.contains('\n')).then(|| (ty.to_owned(), text.trim().to_owned()))
}

interface! {
    /// How an exception came to the attention of the SDK.
    pub struct Mechanism {
        /// The hook, such as `generic` or `auto.node.onunhandledrejection`.
        ty: Option<String> = "type" => text::<128>;
        /// What the hook is, for people.
        description: Option<String> = "description" => text::<1024>;
        /// Where to read more.
        help_link: Option<String> = "help_link" => text::<1024>;
        /// Whether the program caught it itself.
        handled: Option<bool> = "handled" => boolean;
        /// Whether the exception was made up by the SDK.
        synthetic: Option<bool> = "synthetic" => boolean;
        /// Where in its parent this exception stands, such as `__cause__` or `errors[0]`.
        source: Option<String> = "source" => text::<256>;
        /// Whether the exception is a group of others.
        is_exception_group: Option<bool> = "is_exception_group" => boolean;
        /// The number of the exception in a tree of them; 0 is the root.
        exception_id: Option<u64> = "exception_id" => integer;
        /// The number of the exception that this one is part of.
        parent_id: Option<u64> = "parent_id" => integer;
        /// Attributes of the hook.
        data: Map<String, Value> = "data" => bag::<5, 4096>;
        /// What the operating system says: `errno`, `signal`, `mach_exception`, `ns_error`.
        meta: Map<String, Value> = "meta" => bag::<4, 4096>;
    }
}

impl Mechanism {
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        Self::read_members(value, at)
    }
}
