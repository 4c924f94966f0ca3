//! Function names, without what compilers, engines and SDKs add to them.

use std::borrow::Cow;

use super::{Platform, bounded, generated, native};
use crate::grouping::frames::Leaf;
use crate::protocol::event::Frame;

/// Names that engines give to what has none.
const NAMELESS: &[&str] = &[
    "",
    "?",
    "(anonymous)",
    "<anonymous function>",
    "<anonymous>",
    "Anonymous function",
    "anonymous",
    "eval code",
    "global code",
    "module code",
];

/// Functions from which errors are reported: that one is on the stack says nothing about the error.
const REPORTERS: &[&str] = &[
    "assert",
    "captureError",
    "captureException",
    "captureMessage",
    "capture_exception",
    "capture_message",
    "console.error",
    "fail",
    "handleError",
    "handle_error",
    "invariant",
    "logError",
    "log_error",
    "logException",
    "raise_error",
    "raiseError",
    "reportError",
    "report_error",
    "stripped_application_code",
    "<stripped application code>",
    "throwError",
    "throw_error",
];

/// Whether errors are reported from a function.
pub(super) fn is_reporter(name: &str) -> bool {
    REPORTERS.contains(&name)
}

/// What counts of the name of a function.
pub(super) fn leaf<'e>(platform: Platform, frame: &'e Frame) -> Option<Leaf<'e>> {
    let names = match platform {
        Platform::CSharp => [&frame.raw_function, &frame.function],
        _ => [&frame.function, &frame.raw_function],
    };
    let name = bounded(names.into_iter().flatten().find(|name| !name.is_empty())?);
    let short = match platform {
        Platform::Browser | Platform::Node => Cow::Borrowed(javascript(name)),
        Platform::Ruby if name.starts_with("block ") => Cow::Borrowed("block"),
        Platform::Php => Cow::Borrowed(php(name)),
        Platform::CSharp => Cow::Borrowed(name.split(" (").next().unwrap_or(name)),
        Platform::Native => native::trimmed(name),
        _ => Cow::Borrowed(name),
    };
    let short = match short {
        Cow::Borrowed(short) => generated::function(platform, short),
        Cow::Owned(short) => Cow::Owned(generated::function(platform, &short).into_owned()),
    };
    let reason = is_nameless(platform, &short).then_some("has no name");
    Some(Leaf::new("function", short).unless(reason))
}

fn is_nameless(platform: Platform, short: &str) -> bool {
    match platform {
        Platform::Browser | Platform::Node => {
            // Bundlers number the functions around modules.
            NAMELESS.contains(&short)
                || short.ends_with("/<")
                || short.bytes().all(|byte| byte.is_ascii_digit())
        }
        Platform::Php => is_anonymous_php(short),
        Platform::Native => matches!(short, "<redacted>" | "<unknown>"),
        _ => false,
    }
}

/// `Object.persist`, `new persist`, `async persist` and `persist [as save]` are one function in the words
/// of several engines.
fn javascript(name: &str) -> &str {
    let name = match name.contains('[') {
        true => name.split(" [as ").next().unwrap_or(name),
        false => name,
    };
    let name = name.strip_prefix("async*").unwrap_or(name);
    let name = name.rsplit('.').next().unwrap_or(name);
    let bare = ["async ", "new ", "get ", "set "]
        .iter()
        .find_map(|word| name.strip_prefix(word));
    bare.unwrap_or(name)
}

fn php(name: &str) -> &str {
    let method = name.rsplit_once("::").filter(|_| is_anonymous_php(name));
    method.map_or(name, |(_, method)| method)
}

fn is_anonymous_php(name: &str) -> bool {
    name.starts_with("[Anonymous") || name.starts_with("class@anonymous")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_say_the_same() {
        for (name, short) in [
            ("HTMLButtonElement.onSave", "onSave"),
            ("new Pot", "Pot"),
            ("async Tea.brew", "brew"),
            ("Hub.mock [as capture]", "mock"),
            ("brew", "brew"),
        ] {
            assert_eq!(javascript(name), short, "{name}");
        }
        for name in ["test/<", "?", "12345", "<anonymous>"] {
            assert!(is_nameless(Platform::Browser, javascript(name)), "{name}");
        }
    }

    #[test]
    fn anonymous_classes_go_by_their_method() {
        assert_eq!(php("class@anonymous\0/var/www/tea.php0x7190::run"), "run");
        assert_eq!(php("Tea\\Pot::brew"), "Tea\\Pot::brew");
        assert!(is_nameless(Platform::Php, php("class@anonymous\0/x")));
    }
}
