//! The index is damaged: the server makes it anew by itself, and says so.

use std::fs;

use crate::rebuild::{answers, assert_same, lived_in};

#[test]
fn a_server_starts_on_a_damaged_index() {
    let program = lived_in();
    let before = answers(&program.api);
    let (_, place) = program.stop();
    let index = place.data().join("index");
    fs::write(index.join("conf"), "not what sled wrote").unwrap();
    let verified = place.run(&["verify", "--data", place.data().to_str().unwrap()]);
    assert!(
        verified.0 == 1 && verified.2.contains("the index is damaged"),
        "{verified:?}"
    );

    let program = place.start();
    assert_same(&before, &answers(&program.api));
    assert!(
        place.log().contains("the index is damaged: it is made anew"),
        "{}",
        place.log()
    );
    let metrics = program.api.ask("GET", "/metrics", &[], b"");
    let metrics = String::from_utf8(metrics.body).unwrap();
    assert!(
        metrics.contains("tripline_index_repaired_timestamp_seconds"),
        "{metrics}"
    );
    let (_, place) = program.stop();
    assert!(place.maintain("verify").ends_with("clean\n"));
}
