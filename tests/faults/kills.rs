//! `kill -9` in the middle of a load, again and again: nothing that was acknowledged is lost or counted twice.
//! `cargo bench --bench faults` does this longer, at more moments.

use crate::harness::clients::Clients;
use crate::harness::program::{Place, Program};

const ROUNDS: usize = 20;
/// At most so many events are acknowledged before a kill.
const MOST_EVENTS: usize = 150;

#[test]
fn kills_under_load_lose_nothing_and_count_nothing_twice() {
    let place = Place::new();
    let mut clients = Clients::default();
    for round in 0..ROUNDS {
        // In some rounds the kill comes before anything was said.
        let until = rand::random_range(0..MOST_EVENTS);
        clients.send(place.start(), until, Program::kill);
        println!(
            "round {round}: killed after {until}, {} acknowledged so far",
            clients.acknowledged.len()
        );
    }
    let program = place.start();
    assert_eq!(clients.broken_promises(&program.api), Vec::<String>::new());
    let (status, place) = program.stop();
    assert!(status.success(), "{status}");
    assert!(place.maintain("verify").ends_with("clean\n"));
}

#[test]
fn a_stop_under_load_keeps_its_word_too() {
    let mut clients = Clients::default();
    let (_, (status, place)) = clients.send(Place::new().start(), MOST_EVENTS, Program::stop);
    assert!(status.success(), "{status}");
    let program = place.start();
    assert_eq!(clients.broken_promises(&program.api), Vec::<String>::new());
}
