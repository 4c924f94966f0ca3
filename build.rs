//! Finds or builds the web app that is embedded in the binary.
//!
//! `WEB_DIST` names a prebuilt one. Otherwise the release profile builds it with npm into `OUT_DIR`, and every other
//! profile embeds a placeholder page, so that check, clippy and test never need Node.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// What the build of the web app depends on, below `web/`.
const SOURCES: &str =
    "src static package.json package-lock.json svelte.config.js vite.config.js tsconfig.json";

const PLACEHOLDER: &str = "<!doctype html>\n<title>Tripline</title>\n\
    <p>This is a debug build: the web app is embedded in the release build.</p>\n";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=WEB_DIST");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("web");
    let embedded = match env::var_os("WEB_DIST") {
        Some(prebuilt) => {
            let prebuilt = fs::canonicalize(prebuilt).expect("WEB_DIST names a directory");
            println!("cargo:rerun-if-changed={}", prebuilt.display());
            prebuilt
        }
        None if env::var_os("PROFILE").is_some_and(|profile| profile == "release") => build(out),
        None => placeholder(out),
    };
    println!("cargo:rustc-env=TRIPLINE_WEB={}", embedded.display());
}

fn placeholder(out: PathBuf) -> PathBuf {
    fs::create_dir_all(&out).expect("OUT_DIR can be written");
    fs::write(out.join("index.html"), PLACEHOLDER).expect("OUT_DIR can be written");
    out
}

fn build(out: PathBuf) -> PathBuf {
    let web = Path::new("web");
    // A path that is not there would make cargo run this script each time.
    for source in SOURCES
        .split(' ')
        .map(|name| web.join(name))
        .filter(|path| path.exists())
    {
        println!("cargo:rerun-if-changed={}", source.display());
    }
    install(web);
    let _ = fs::remove_dir_all(&out);
    npm(Command::new("npm")
        .args(["run", "build"])
        .env("WEB_OUT", &out)
        .current_dir(web));
    out
}

/// Installs the packages when the lock file is not the one that was installed last.
fn install(web: &Path) {
    let lock = fs::read(web.join("package-lock.json")).expect("web/package-lock.json is part of the source");
    let installed = web.join("node_modules/.installed-lock.json");
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        npm(Command::new("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            .current_dir(web));
        fs::write(installed, lock).expect("web/node_modules can be written");
    }
}

fn npm(command: &mut Command) {
    match command.status() {
        Ok(status) if status.success() => {}
        Ok(status) => panic!("{command:?} failed: {status}"),
        Err(error) => panic!("the web app needs Node 20 and npm ({error}); or set WEB_DIST to a built one"),
    }
}
