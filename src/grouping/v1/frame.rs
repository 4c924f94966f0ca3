//! Frames: module or file, function, and for some languages the line of source.
//!
//! Line numbers, addresses, packages and variables never count: they change with every build.

use super::function;
use crate::grouping::Component;
use crate::protocol::event::{Event, Frame};

/// Longest line of source that counts: longer ones are minified.
const MAX_LINE: usize = 120;

/// What language a frame is in, as far as the rules differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    /// Browsers and Node.
    JavaScript,
    /// Compiled to machine code.
    Native,
    /// Java, Kotlin, Scala.
    Java,
    /// PHP.
    Php,
    /// Ruby.
    Ruby,
    /// Python.
    Python,
    /// C# and its relatives.
    CSharp,
    /// Everything else.
    Other,
}

impl Family {
    fn of(event: &Event, frame: &Frame) -> Self {
        match frame
            .platform
            .as_deref()
            .or(event.platform.as_deref())
            .unwrap_or_default()
        {
            "javascript" | "node" => Self::JavaScript,
            "native" | "c" | "cpp" | "rust" | "objc" | "cocoa" | "swift" => Self::Native,
            "java" | "kotlin" | "scala" | "groovy" => Self::Java,
            "php" => Self::Php,
            "ruby" => Self::Ruby,
            "python" => Self::Python,
            "csharp" | "dotnet" => Self::CSharp,
            _ => Self::Other,
        }
    }

    fn has_stable_source(self) -> bool {
        matches!(self, Self::JavaScript | Self::Python | Self::Php | Self::Ruby)
    }
}

/// What counts of one frame.
pub(super) fn component(event: &Event, frame: &Frame) -> Component {
    let family = Family::of(event, frame);
    let module = module(family, frame);
    let has_module = module.as_ref().is_some_and(|module| module.contributes);
    let filename = filename(frame).map(|filename| {
        if has_module {
            filename.ignored("module takes precedence")
        } else {
            filename
        }
    });
    let function = function::component(family, frame);
    let line = context_line(family, frame);
    let component = Component::branch(
        "frame",
        [module, filename, function, line].into_iter().flatten().collect(),
    );
    match frame.abs_path.as_deref() {
        Some("[native code]" | "native code" | "eval code" | "<anonymous>")
            if family == Family::JavaScript =>
        {
            component.ignored("code of the engine")
        }
        _ => component,
    }
}

fn module(family: Family, frame: &Frame) -> Option<Component> {
    let name = frame.module.as_deref().filter(|module| !module.is_empty())?;
    let is_url_tail =
        || name.contains('/') && frame.abs_path.as_deref().is_some_and(|path| path.ends_with(name));
    let module = Component::leaf("module", name);
    Some(match family {
        Family::JavaScript if is_url_tail() => module.ignored("the end of a URL"),
        Family::Java if name.contains("$$Lambda$") => module.ignored("generated"),
        _ => module,
    })
}

fn filename(frame: &Frame) -> Option<Component> {
    let filename = frame
        .filename
        .as_deref()
        .filter(|filename| !filename.is_empty())?;
    let base = filename
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(filename)
        .to_lowercase();
    let component = Component::leaf("filename", base);
    if matches!(filename, "<anonymous>" | "[native code]") {
        return Some(component.ignored("no file"));
    }
    Some(if is_url(frame) {
        component.ignored("comes from a URL")
    } else {
        component
    })
}

fn is_url(frame: &Frame) -> bool {
    let schemes = ["http:", "https:", "applewebdata:", "blob:"];
    frame
        .abs_path
        .as_deref()
        .is_some_and(|path| schemes.iter().any(|scheme| path.starts_with(scheme)))
}

fn context_line(family: Family, frame: &Frame) -> Option<Component> {
    let line = frame
        .context_line
        .as_deref()
        .filter(|line| family.has_stable_source() && !line.trim().is_empty())?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let component = Component::leaf("context-line", words.join(" "));
    if line.len() > MAX_LINE || line.contains("{snip}") {
        return Some(component.ignored("minified"));
    }
    let is_loose_script = family == Family::JavaScript && frame.function.is_none() && is_url(frame);
    Some(if is_loose_script {
        component.ignored("neither function nor file")
    } else {
        component
    })
}
