//! A copy of a server that runs under load is whole, and goes on where it was made.

use crate::harness::clients::Clients;
use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::program::{Place, finish};
use crate::surroundings::refusal;

/// Events that are acknowledged before the first copy.
const BEFORE: usize = 200;

#[test]
fn a_backup_under_load_holds_what_was_acknowledged_before_it() {
    let place = Place::new();
    let mut clients = Clients::default();
    let (ids, ()) = clients.send(place.start(), BEFORE, |program| {
        for (name, since) in [("first", None), ("second", Some("first"))] {
            let since = since.map(|earlier| ["--since", earlier]);
            let (code, output, error) = finish(place.command(&["backup", name]).args(since.iter().flatten()));
            assert_eq!(code, 0, "{output}{error}");
            assert!(
                output.contains("segments") && output.contains("is whole"),
                "{output}"
            );
        }
        program.kill();
    });
    // What was sent since may be in the copy or not.
    clients.doubt(&ids[BEFORE..]);

    for copy in ["first", "second"] {
        let copy = place.file(copy);
        let other = Place::new();
        let (code, output, error) = other.run(&[
            "restore",
            copy.to_str().unwrap(),
            "--data",
            other.data().to_str().unwrap(),
        ]);
        assert_eq!(code, 0, "{output}{error}");
        assert!(output.ends_with("clean\n"), "{output}");
        let program = other.start();
        assert_eq!(clients.broken_promises(&program.api), Vec::<String>::new());
        let id = new_id();
        program
            .api
            .send(&with_event(&error_event(&id, "Kind0", "after the restore")))
            .expect(200);
        program.api.digested();
        assert_eq!(program.api.event(&id)["eventID"], id);
        let (status, other) = program.stop();
        assert!(status.success());
        assert!(other.maintain("verify").ends_with("clean\n"));
        assert!(!other.log().contains("damage"), "{}", other.log());
    }
}

#[test]
fn copies_go_where_nothing_is() {
    let (_, place) = Place::new().start().stop();
    assert_eq!(place.run(&["backup", "copy"]).0, 0);
    let data = place.data();
    let data = data.to_str().unwrap();
    let refusals: [(&[&str], &str); 5] = [
        (&["backup", "copy"], "a backup goes into a new directory"),
        (&["backup", "new", "--data", "nowhere"], "no such data directory"),
        (&["restore", "copy", "--data", data], "it is not empty"),
        (&["restore", "nowhere", "--data", "new"], "no such backup"),
        (&["serve", "--data", "copy"], "is a backup"),
    ];
    for (arguments, why) in refusals {
        let said = refusal(&mut place.command(arguments));
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert!(!place.file("new").exists(), "{arguments:?}");
    }
}
