//! Where SDKs send: `/api/{project_id}/…`.

mod auth;
mod cors;
mod encodings;
mod hostile;
mod replay;
mod security;
mod slow;
mod store;
mod vectors;

use crate::harness::repository;

/// What real SDKs sent: file names and bytes of all recorded envelopes.
fn recorded() -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for sdk in std::fs::read_dir(repository("fixtures/sdk")).unwrap() {
        let sdk = sdk.unwrap().path();
        if !sdk.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(sdk).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|end| end == "env") {
                found.push((file.display().to_string(), std::fs::read(&file).unwrap()));
            }
        }
    }
    found.sort();
    assert!(found.len() > 20, "the fixtures are there");
    found
}
