//! Minified JavaScript: what a bundle without a source map says changes with every deploy.

use crate::protocol::event::Frame;

/// Columns that nobody writes.
const FAR: u64 = 500;
/// Lines of this length have spaces in them if people wrote them.
const LONG: usize = 64;
/// Longest name that a minifier gives.
const SHORT: usize = 2;
/// The same in a file that is minified for sure.
const SHORT_IN_BUNDLE: usize = 3;

/// Whether a frame of JavaScript is minified. One that a source map has been applied to is not.
pub(super) fn is_minified(frame: &Frame) -> bool {
    if super::has_source_map(frame) {
        return false;
    }
    // People give short names, too, but then there is source to be read.
    is_bundle(frame) || has_short_name(frame) && (is_served(frame) || frame.context_line.is_none())
}

/// Whether a name may be one that a minifier gave, in a frame that is minified.
pub(super) fn is_short(name: &str) -> bool {
    name.len() <= SHORT_IN_BUNDLE
}

fn has_short_name(frame: &Frame) -> bool {
    let name = frame.function.as_deref().unwrap_or_default();
    let name = name.rsplit('.').next().unwrap_or(name);
    !name.is_empty() && name.len() <= SHORT
}

/// Whether the file came over the network or in the package of an app.
fn is_served(frame: &Frame) -> bool {
    let path = frame.abs_path.as_deref().unwrap_or_default();
    super::is_url(frame) || path.starts_with("app://") || path.starts_with("capacitor://")
}

/// Whether the frame cannot be of source as it was written: parts of the line were cut out or it has no
/// spaces, the column is far out, or the file says so.
fn is_bundle(frame: &Frame) -> bool {
    let line = frame.context_line.as_deref().unwrap_or_default().trim();
    let file = frame
        .filename
        .as_deref()
        .or(frame.abs_path.as_deref())
        .unwrap_or_default();
    let spaces = || line.bytes().filter(|byte| *byte == b' ').count();
    let is_dense = line.len() >= LONG && spaces() * 16 < line.len();
    is_dense
        || frame.colno.is_some_and(|column| column > FAR)
        || file.contains(".min.")
        || line.contains("{snip}")
}
