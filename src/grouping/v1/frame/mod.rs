//! Frames: module or file, function, and for some languages the line of source.
//!
//! Line numbers, addresses, packages and variables never count: they change with every build.

mod asset;
mod file;
mod function;
mod generated;
mod minified;
mod native;
mod platform;

use std::borrow::Cow;

pub(super) use platform::Platform;

use crate::grouping::Component;
use crate::protocol::event::Frame;

/// Longest line of source that counts, in characters: longer ones are minified.
const MAX_LINE: usize = 120;

/// Longest name, path or line of which all counts, in bytes.
const MAX_BYTES: usize = 1024;

/// Paths of code that belongs to the engine and not to a file.
const ENGINE: &[&str] = &["[native code]", "native code", "eval code", "<anonymous>"];

/// What counts of one frame.
pub(super) struct Look<'e> {
    /// The frame and its parts.
    pub(super) component: Component<'e>,
    /// Whether it is from a bundle without a source map: its names say nothing.
    pub(super) is_minified: bool,
}

impl Look<'_> {
    /// Whether the frame tells a place in the program from others: it has a name that somebody gave it,
    /// and is not just where errors are reported from.
    pub(super) fn is_telling(&self) -> bool {
        let has = |id| self.component.has(id);
        self.component.contributes
            && (has("function") || !self.is_minified && (has("module") || has("context-line")))
            && !self
                .component
                .parts
                .iter()
                .any(|part| part.id == "function" && part.value.as_deref().is_some_and(function::is_reporter))
    }
}

/// Looks at a frame.
pub(super) fn look<'e>(platform: Platform, frame: &'e Frame) -> Look<'e> {
    let is_minified = platform.is_javascript() && minified::is_minified(frame);
    let module = module(platform, frame);
    let has_module = module.as_ref().is_some_and(|module| module.contributes);
    let filename = match has_module {
        true => file::unused(frame, "the module says it"),
        false => file::component(platform, frame, is_minified),
    };
    let line = context_line(platform, frame, is_minified);
    let has_line = line.as_ref().is_some_and(|line| line.contributes);
    let function = function::component(platform, frame).map(|function| {
        let reason = if is_minified && minified::is_short(function.value.as_deref().unwrap_or_default()) {
            Some("minified")
        } else if has_line && platform.is_javascript() && has_source_map(frame) {
            Some("the line of source says it")
        } else {
            None
        };
        // A name that has no meaning already says why.
        if function.contributes {
            function.unless(reason)
        } else {
            function
        }
    });
    let parts = [module, filename, function, line].into_iter().flatten().collect();
    let component = Component::branch("frame", parts);
    let component = if platform.is_javascript() && is_of_engine(frame) {
        component.ignored("code of the engine")
    } else {
        component
    };
    Look {
        component,
        is_minified,
    }
}

/// What counts of a text at most.
pub(super) fn bounded(text: &str) -> &str {
    &text[..text.floor_char_boundary(MAX_BYTES)]
}

/// Whether the frame comes from an address on the web.
fn is_url(frame: &Frame) -> bool {
    const SCHEMES: &[&str] = &["http:", "https:", "applewebdata:", "blob:"];
    let path = frame.abs_path.as_deref().unwrap_or_default();
    SCHEMES.iter().any(|scheme| path.starts_with(scheme))
}

/// Whether a source map said what the frame is.
pub(super) fn has_source_map(frame: &Frame) -> bool {
    let data = frame.data.as_ref();
    data.and_then(|data| data.get("sourcemap"))
        .is_some_and(|map| !map.is_null())
}

/// Whether the frame has neither a function nor an address: engines make it up.
pub(super) fn is_nowhere(frame: &Frame) -> bool {
    let path = frame.abs_path.as_deref().unwrap_or_default();
    frame.function.is_none() && !is_url(frame) && !path.starts_with("file:")
}

fn is_of_engine(frame: &Frame) -> bool {
    frame.function.as_deref() == Some("eval")
        || frame
            .abs_path
            .as_deref()
            .is_some_and(|path| ENGINE.contains(&path))
}

fn module<'e>(platform: Platform, frame: &'e Frame) -> Option<Component<'e>> {
    let name = bounded(frame.module.as_deref().filter(|module| !module.is_empty())?);
    let is_url_tail =
        || name.contains('/') && frame.abs_path.as_deref().is_some_and(|path| path.ends_with(name));
    let module = Component::leaf("module", generated::module(platform, name));
    let reason = (platform.is_javascript() && is_url_tail()).then_some("the end of a URL");
    Some(module.unless(reason))
}

fn context_line<'e>(platform: Platform, frame: &'e Frame, is_minified: bool) -> Option<Component<'e>> {
    let raw = frame
        .context_line
        .as_deref()
        .filter(|line| platform.has_source() && !line.trim().is_empty())?;
    let is_url = is_url(frame)
        || frame
            .abs_path
            .as_deref()
            .is_some_and(|path| path.starts_with("file:"));
    let reason = if is_minified {
        Some("minified")
    } else if bounded(raw).chars().count() > MAX_LINE {
        Some("too long for source")
    } else if platform.is_javascript() && frame.function.is_none() && is_url {
        Some("neither function nor file")
    } else {
        None
    };
    Some(Component::leaf("context-line", line(bounded(raw))).unless(reason))
}

/// A line of source without indentation. The command lines of Python's worker processes are full of
/// numbers that differ from start to start.
fn line(raw: &str) -> Cow<'_, str> {
    let trimmed = raw.trim();
    let is_even = !trimmed.contains("  ") && !trimmed.contains(['\t', '\n', '\r']);
    let line = if is_even {
        Cow::Borrowed(trimmed)
    } else {
        Cow::Owned(trimmed.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    if line.contains("spawn_main(") {
        return Cow::Owned(generated::without_numbers(&line));
    }
    line
}
