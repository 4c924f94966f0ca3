//! Files: the name with the directory it is in, without what a build adds to it.

use std::borrow::Cow;

use super::{Platform, bounded, generated, is_url};
use crate::grouping::frames::Leaf;
use crate::protocol::event::Frame;

/// Directories that say where a program is installed, and not what a file is.
const ROOTS: &[&str] = &[
    "app",
    "apps",
    "bin",
    "build",
    "code",
    "current",
    "dist",
    "home",
    "htdocs",
    "html",
    "lib",
    "live",
    "mnt",
    "opt",
    "out",
    "private",
    "project",
    "public",
    "public_html",
    "release",
    "root",
    "site",
    "src",
    "srv",
    "tmp",
    "usr",
    "var",
    "wwwroot",
    "work",
    "workspace",
    "www",
];

/// What counts of the file of a frame.
pub(super) fn leaf<'e>(platform: Platform, frame: &'e Frame, is_minified: bool) -> Option<Leaf<'e>> {
    let filename = name(frame)?;
    // The name of a bundle is not that of a file that somebody wrote.
    let id = if is_minified { "bundle" } else { "filename" };
    let reason = if matches!(filename, "<anonymous>" | "[native code]") {
        Some("no file")
    } else if !is_minified && is_url(frame) {
        Some("comes from a URL")
    } else {
        None
    };
    Some(Leaf::new(id, short(platform, frame, filename)).unless(reason))
}

/// The file of a frame that something else tells apart, as it was sent.
pub(super) fn unused<'e>(frame: &'e Frame, reason: &'static str) -> Option<Leaf<'e>> {
    Some(Leaf::new("filename", name(frame)?).unless(Some(reason)))
}

fn name(frame: &Frame) -> Option<&str> {
    let filename = frame.filename.as_deref();
    filename.filter(|filename| !filename.is_empty()).map(bounded)
}

/// `src/views/Show.erb` is `views/show.erb`: the same name in two directories is two files, while the
/// rest of the path depends on the machine.
fn short<'e>(platform: Platform, frame: &Frame, filename: &'e str) -> Cow<'e, str> {
    let is_end = |byte: u8| platform.is_javascript() && matches!(byte, b'?' | b'#');
    let end = filename.bytes().position(is_end).unwrap_or(filename.len());
    let (directories, name) = split(&filename[..end]);
    let name = generated::file(platform, name);
    // A page on somebody's disk lies anywhere, and a bundle wherever it was deployed to.
    let is_local_page = platform == Platform::Browser
        && (is_url(frame)
            || frame
                .abs_path
                .as_deref()
                .is_some_and(|path| path.starts_with("file:")));
    let directory = directories.filter(|_| !is_local_page);
    match directory.map(|directories| lowered(split(directories).1)) {
        Some(directory) if !ROOTS.contains(&&*directory) && !says_where(&directory) => {
            Cow::Owned([&directory, "/", &lowered(&name)].concat())
        }
        _ if is_lower(&name) => name,
        _ => Cow::Owned(name.to_lowercase()),
    }
}

/// A path up to its last slash of any kind, if it has one, and what comes after that.
fn split(path: &str) -> (Option<&str>, &str) {
    match path.bytes().rposition(|byte| matches!(byte, b'/' | b'\\')) {
        Some(at) => (Some(&path[..at]), &path[at + 1..]),
        None => (None, path),
    }
}

fn is_lower(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

fn lowered(text: &str) -> Cow<'_, str> {
    match is_lower(text) {
        true => Cow::Borrowed(text),
        false => Cow::Owned(text.to_lowercase()),
    }
}

/// Whether a directory is no name but a place: empty, a drive, `..`, a release or a commit.
fn says_where(directory: &str) -> bool {
    let is_number = directory
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'_' | b'v'));
    let has = |test: fn(&u8) -> bool| directory.bytes().any(|byte| test(&byte));
    let is_commit = directory.len() >= 6
        && directory
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && has(u8::is_ascii_digit);
    is_number || is_commit || directory.ends_with(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn short_of(platform: &str, filename: &str, abs_path: &str) -> String {
        let event = json!({"stacktrace": [{"filename": filename, "abs_path": abs_path}]});
        let event = crate::protocol::event::Event::from_value(event).unwrap();
        let frame = &event.stacktrace.as_ref().unwrap().frames[0];
        short(Platform::named(platform), frame, filename).into_owned()
    }

    #[test]
    fn the_place_does_not_count() {
        for (platform, filename, expected) in [
            ("python", "C:\\app\\jobs\\Run.py", "jobs/run.py"),
            ("python", "/srv/releases/20140114151955/tea.py", "tea.py"),
            ("ruby", "/srv/9f1c2ab/app/views/show.erb", "views/show.erb"),
            ("php", "/var/www/html/index.php", "index.php"),
            ("node", "./orders/page.tsx?1a2b", "orders/page.tsx"),
            ("node", "dist/main.7622a1ce.js", "main.js"),
            ("other", "", ""),
        ] {
            assert_eq!(short_of(platform, filename, filename), expected, "{filename}");
        }
        assert_eq!(
            short_of("javascript", "/Users/ann/tea.html", "file:///Users/ann/tea.html"),
            "tea.html"
        );
    }
}
