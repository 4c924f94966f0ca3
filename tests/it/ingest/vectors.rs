//! The edges of the envelope grammar, over HTTP: what the parser refuses is 400, everything else is taken.

use serde_json::Value;

use crate::harness::repository;
use crate::server::Server;

#[test]
fn envelopes_at_the_edges_are_taken_or_refused() {
    let server = Server::start();
    let directory = repository("fixtures/envelopes");
    let index: Value = serde_json::from_slice(&std::fs::read(directory.join("index.json")).unwrap()).unwrap();
    for expected in index.as_array().unwrap() {
        let name = expected["file"].as_str().unwrap();
        let envelope = std::fs::read(directory.join(name)).unwrap();
        let answer = server.api.send(&envelope);
        let is_taken = expected["items"].is_array();
        assert_eq!(
            answer.status,
            if is_taken { 200 } else { 400 },
            "{name}: {}",
            answer.json()
        );
        assert!(is_taken || answer.json()["detail"].is_string(), "{name}");
    }
}
