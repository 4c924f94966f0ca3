//! Which frames belong to the program itself, when the SDK did not say.
//!
//! What an SDK said is never changed. Data, not code: add a line to the table.

use crate::protocol::event::{Event, Frame};

/// What of a frame a line of the table looks at.
#[derive(Clone, Copy)]
enum Part {
    /// The path or file name, with `/` between its segments, contains the text.
    Path,
    /// The path or file name begins with the text.
    PathStart,
    /// The module begins with the text.
    Module,
    /// The function begins with the text.
    Function,
    /// The library begins with the text.
    Package,
}

/// Code that is not the user's own.
const LIBRARIES: &[(Part, &str)] = &[
    // Python
    (Part::Path, "/site-packages/"),
    (Part::Path, "/dist-packages/"),
    (Part::Path, "/lib/python"),
    (Part::PathStart, "<frozen "),
    // JavaScript
    (Part::Path, "node_modules/"),
    (Part::PathStart, "node:"),
    (Part::PathStart, "internal/"),
    (Part::PathStart, "<anonymous>"),
    (Part::PathStart, "[native code]"),
    (Part::Path, "://unpkg.com/"),
    (Part::Path, "://cdnjs.cloudflare.com/"),
    (Part::Path, "://cdn.jsdelivr.net/"),
    // Ruby, PHP, Go
    (Part::Path, "/vendor/"),
    (Part::PathStart, "vendor/"),
    (Part::Path, "/gems/"),
    (Part::Path, "/pkg/mod/"),
    (Part::Path, "/usr/local/go/src/"),
    (Part::Module, "runtime."),
    // Rust and C++
    (Part::Path, "/.cargo/registry/"),
    (Part::PathStart, "/rustc/"),
    (Part::Function, "std::"),
    (Part::Function, "core::"),
    (Part::Function, "alloc::"),
    (Part::Function, "<core::"),
    (Part::Function, "<alloc::"),
    (Part::Function, "<std::"),
    (Part::Function, "__rust_"),
    (Part::Function, "rust_begin_unwind"),
    (Part::Function, "__libc_start"),
    (Part::Function, "_start"),
    // Java, Kotlin, Scala
    (Part::Module, "java."),
    (Part::Module, "javax."),
    (Part::Module, "jdk."),
    (Part::Module, "sun."),
    (Part::Module, "com.sun."),
    (Part::Module, "kotlin."),
    (Part::Module, "kotlinx."),
    (Part::Module, "scala."),
    (Part::Module, "akka."),
    (Part::Module, "android."),
    (Part::Module, "androidx."),
    (Part::Module, "com.android."),
    (Part::Module, "dalvik."),
    (Part::Module, "io.netty."),
    (Part::Module, "io.sentry."),
    (Part::Module, "org.apache."),
    (Part::Module, "org.springframework."),
    (Part::Module, "org.jboss."),
    (Part::Module, "org.eclipse.jetty."),
    (Part::Module, "com.fasterxml."),
    (Part::Module, "reactor.core."),
    // .NET
    (Part::Module, "System."),
    (Part::Module, "Microsoft."),
    (Part::Function, "System."),
    (Part::Function, "Microsoft."),
    // Everything that an operating system installs
    (Part::PathStart, "/usr/lib"),
    (Part::PathStart, "/usr/local/lib"),
    (Part::PathStart, "/lib/"),
    (Part::PathStart, "/System/Library/"),
    (Part::PathStart, "C:/Windows/"),
    (Part::Package, "/usr/lib"),
    (Part::Package, "/lib/"),
    (Part::Package, "/System/Library/"),
    (Part::Package, "/apex/"),
    (Part::Package, "/system/"),
    (Part::Package, "C:\\Windows\\"),
];

/// Says of every frame whether it belongs to the program itself, unless the SDK did.
pub fn classify(event: &mut Event) {
    let exceptions = event
        .exception
        .iter_mut()
        .map(|exception| &mut exception.stacktrace);
    let threads = event.threads.iter_mut().map(|thread| &mut thread.stacktrace);
    for stacktrace in exceptions.chain(threads).chain([&mut event.stacktrace]).flatten() {
        for frame in &mut stacktrace.frames {
            if frame.in_app.is_none() {
                frame.in_app = Some(!is_library(frame));
            }
        }
    }
}

fn is_library(frame: &Frame) -> bool {
    let slashes = |path: &Option<String>| path.as_deref().unwrap_or_default().replace('\\', "/");
    let paths = [slashes(&frame.abs_path), slashes(&frame.filename)];
    let starts =
        |text: &Option<String>, start: &str| text.as_deref().is_some_and(|text| text.starts_with(start));
    LIBRARIES.iter().any(|&(part, text)| match part {
        Part::Path => paths.iter().any(|path| path.contains(text)),
        Part::PathStart => paths.iter().any(|path| path.starts_with(text)),
        Part::Module => starts(&frame.module, text),
        Part::Function => starts(&frame.function, text),
        Part::Package => starts(&frame.package, text),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn in_app(frame: serde_json::Value) -> bool {
        let mut event = Event::from_value(json!({"stacktrace": [frame]})).unwrap();
        classify(&mut event);
        event.stacktrace.unwrap().frames[0].in_app.unwrap()
    }

    #[test]
    fn libraries_are_not_the_program() {
        for frame in [
            json!({"filename": "flask/app.py", "abs_path": "/venv/lib/python3.12/site-packages/flask/app.py"}),
            json!({"filename": "node:internal/timers"}),
            json!({"filename": "C:\\app\\node_modules\\x\\index.js"}),
            json!({"function": "core::panicking::panic_fmt"}),
            json!({"module": "java.util.concurrent.FutureTask", "function": "run"}),
            json!({"function": "abort", "package": "/usr/lib/libc.so.6"}),
        ] {
            assert!(!in_app(frame.clone()), "{frame}");
        }
    }

    #[test]
    fn the_rest_is_unless_the_client_says_otherwise() {
        for frame in [
            json!({"filename": "tea/pot.py"}),
            json!({"module": "com.example.Tea", "function": "brew"}),
            json!({"filename": "node:fs", "in_app": true}),
        ] {
            assert!(in_app(frame.clone()), "{frame}");
        }
        assert!(!in_app(json!({"filename": "tea/pot.py", "in_app": false})));
    }
}
