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

use crate::grouping::frames::{Leaf, Look};
use crate::protocol::event::Frame;

/// Longest line of source that counts, in characters: longer ones are minified.
const MAX_LINE: usize = 120;

/// Longest name, path or line of which all counts, in bytes.
const MAX_BYTES: usize = 1024;

/// Paths of code that belongs to the engine and not to a file.
const ENGINE: &[&str] = &["[native code]", "native code", "eval code", "<anonymous>"];

/// Looks at a frame.
pub(super) fn look<'e>(platform: Platform, frame: &'e Frame) -> Look<'e> {
    let is_minified = platform.is_javascript() && minified::is_minified(frame);
    let module = module(platform, frame);
    let filename = match module.as_ref().is_some_and(Leaf::contributes) {
        true => file::unused(frame, "the module says it"),
        false => file::leaf(platform, frame, is_minified),
    };
    let line = context_line(platform, frame, is_minified);
    let has_line = line.as_ref().is_some_and(Leaf::contributes);
    let function = function::leaf(platform, frame).map(|function| {
        let reason = if is_minified && minified::is_short(&function.value) {
            Some("minified")
        } else if has_line && platform.is_javascript() && has_source_map(frame) {
            Some("the line of source says it")
        } else {
            None
        };
        function.unless(reason)
    });
    let is_of_engine = platform.is_javascript() && is_of_engine(frame);
    Look {
        leaves: [module, filename, function, line],
        left_out: is_of_engine.then_some("code of the engine".into()),
        is_in_app: false,
        is_minified,
    }
}

/// Whether a frame tells the place in the program from others: it has a name that somebody gave it, and is not just
/// where errors are reported from.
pub(super) fn is_telling(look: &Look<'_>) -> bool {
    let has = |id| look.heard().any(|leaf| leaf.id == id);
    let is_reporter = |leaf: &Leaf<'_>| leaf.id == "function" && function::is_reporter(&leaf.value);
    look.contributes()
        && (has("function") || !look.is_minified && (has("module") || has("context-line")))
        && !look.leaves.iter().flatten().any(is_reporter)
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

fn module<'e>(platform: Platform, frame: &'e Frame) -> Option<Leaf<'e>> {
    let name = bounded(frame.module.as_deref().filter(|module| !module.is_empty())?);
    let is_url_tail =
        || name.contains('/') && frame.abs_path.as_deref().is_some_and(|path| path.ends_with(name));
    let module = Leaf::new("module", generated::module(platform, name));
    let reason = (platform.is_javascript() && is_url_tail()).then_some("the end of a URL");
    Some(module.unless(reason))
}

fn context_line<'e>(platform: Platform, frame: &'e Frame, is_minified: bool) -> Option<Leaf<'e>> {
    let raw = frame
        .context_line
        .as_deref()
        .filter(|line| platform.has_source() && !line.trim_start().is_empty())?;
    let is_url = || {
        let path = frame.abs_path.as_deref();
        is_url(frame) || path.is_some_and(|path| path.starts_with("file:"))
    };
    let reason = if is_minified {
        Some("minified")
    } else if raw.len() > MAX_LINE && bounded(raw).chars().count() > MAX_LINE {
        Some("too long for source")
    } else if platform.is_javascript() && frame.function.is_none() && is_url() {
        Some("neither function nor file")
    } else {
        None
    };
    Some(Leaf::new("context-line", even(bounded(raw).trim())).unless(reason))
}

/// A line of source without indentation. The command lines of Python's worker processes are full of
/// numbers that differ from start to start.
fn even(line: &str) -> Cow<'_, str> {
    let is_odd = |pair: &[u8]| pair == b"  " || matches!(pair[0], b'\t' | b'\n' | b'\r');
    let line = match line.as_bytes().windows(2).any(is_odd) {
        true => Cow::Owned(line.split_whitespace().collect::<Vec<_>>().join(" ")),
        false => Cow::Borrowed(line),
    };
    if line.contains("spawn_main(") {
        return Cow::Owned(generated::without_numbers(&line));
    }
    line
}
