//! A newer version takes data over, and gives it back.

use std::fs;

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::program::Place;
use crate::surroundings::refusal;

#[test]
fn an_upgrade_is_taken_back_unless_the_older_version_would_not_understand() {
    let (_, place) = Place::new().start().stop();
    let data = place.data();
    let rollback = ["rollback", "--data", data.to_str().unwrap()];
    assert!(refusal(&mut place.command(&rollback)).contains("nothing to go back to"));
    let schema = data.join("schema");
    let ours = fs::read_to_string(&schema).unwrap();
    // What an older version left.
    fs::write(&schema, "1\n").unwrap();

    let program = place.start();
    assert!(
        place.log().contains("`tripline rollback` goes back"),
        "{}",
        place.log()
    );
    assert_eq!(fs::read_to_string(&schema).unwrap(), ours);
    assert!(refusal(&mut place.command(&rollback)).contains("in use by another process"));
    program.kill();
    assert!(place.maintain("rollback").contains("schema 1"));
    assert_eq!(fs::read_to_string(&schema).unwrap(), "1\n");

    let program = place.start();
    let id = new_id();
    let event = error_event(&id, "Kind0", "held against limits, which came with schema 2");
    program.api.send(&with_event(&event)).expect(200);
    program.api.digested();
    program.kill();
    let said = refusal(&mut place.command(&rollback));
    assert!(
        said.contains("would not understand") && said.contains("Go back with a backup"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(&schema).unwrap(), ours);
    assert_eq!(place.start().api.event(&id)["eventID"], id);
}
