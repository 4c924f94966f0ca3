//! What a frame is written in, as far as the rules differ.

use crate::protocol::event::{Event, Frame};

/// What a frame is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::grouping::v1) enum Platform {
    /// Browsers.
    Browser,
    /// Node and its relatives.
    Node,
    /// Compiled to machine code: C, C++, Objective-C, Swift, Rust.
    Native,
    /// Java, Kotlin, Scala, Groovy, Clojure.
    Java,
    /// PHP.
    Php,
    /// Ruby.
    Ruby,
    /// Python.
    Python,
    /// C# and its relatives.
    CSharp,
    /// Go.
    Go,
    /// Everything else.
    Other,
}

impl Platform {
    /// How many there are.
    pub(super) const COUNT: usize = Self::Other as usize + 1;

    /// The platform of a frame: its own, else that of the event.
    pub(in crate::grouping::v1) fn of(event: &Event, frame: &Frame) -> Self {
        let name = frame.platform.as_deref().or(event.platform.as_deref());
        Self::named(name.unwrap_or_default())
    }

    /// The platform with a name.
    pub(in crate::grouping::v1) fn named(name: &str) -> Self {
        match name {
            "javascript" => Self::Browser,
            "node" => Self::Node,
            "native" | "c" | "cpp" | "rust" | "objc" | "cocoa" | "swift" => Self::Native,
            "java" | "kotlin" | "scala" | "groovy" | "clojure" | "android" => Self::Java,
            "php" => Self::Php,
            "ruby" => Self::Ruby,
            "python" => Self::Python,
            "csharp" | "dotnet" => Self::CSharp,
            "go" => Self::Go,
            _ => Self::Other,
        }
    }

    /// Whether it is JavaScript, wherever it runs.
    pub(in crate::grouping::v1) fn is_javascript(self) -> bool {
        matches!(self, Self::Browser | Self::Node)
    }

    /// Whether source comes along with frames, as it was written.
    pub(super) fn has_source(self) -> bool {
        self.is_javascript() || matches!(self, Self::Python | Self::Php | Self::Ruby)
    }
}
