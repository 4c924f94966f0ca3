//! `kill -9` in the middle of a load, again and again: nothing that was acknowledged is lost or counted twice.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use serde_json::json;

use crate::harness::api::Api;
use crate::harness::envelope::{error_event, new_id, with_items};
use crate::harness::program::Place;

const ROUNDS: usize = 20;
const CONNECTIONS: usize = 6;
/// Different errors, so many issues.
const KINDS: usize = 7;
/// At most so many events are acknowledged before a kill.
const MOST_EVENTS: usize = 150;

/// What clients know of what they sent.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) acknowledged: HashSet<String>,
    /// Sent, but the server died before it answered: these may have happened or not.
    pub(crate) unanswered: HashSet<String>,
}

#[test]
fn kills_under_load_lose_nothing_and_count_nothing_twice() {
    let place = Place::new();
    let mut ledger = Ledger::default();
    for round in 0..ROUNDS {
        let program = place.start();
        let (acknowledge, acknowledged) = mpsc::channel();
        let api = program.api.clone();
        let again: Vec<_> = ledger.unanswered.iter().cloned().collect();
        let load = thread::spawn(move || load(&api, &again, &acknowledge));
        // In some rounds the kill comes before anything was said.
        let until = rand::random_range(0..MOST_EVENTS);
        ledger.acknowledged.extend(acknowledged.iter().take(until));
        program.kill();
        // The clients see it and stop; what they heard in the meantime counts.
        ledger.acknowledged.extend(acknowledged.iter());
        ledger.unanswered.extend(load.join().unwrap());
        ledger.unanswered.retain(|id| !ledger.acknowledged.contains(id));
        println!(
            "round {round}: killed after {until}, {} acknowledged so far",
            ledger.acknowledged.len()
        );
    }
    let program = place.start();
    program.api.digested();
    check(&program.api, &ledger);
    let (status, place) = program.stop();
    assert!(status.success(), "{status}");
    assert!(place.maintain("verify").ends_with("clean\n"));
}

#[test]
fn a_stop_under_load_keeps_its_word_too() {
    let place = Place::new();
    let program = place.start();
    let (acknowledge, acknowledged) = mpsc::channel();
    let api = program.api.clone();
    let load = thread::spawn(move || load(&api, &[], &acknowledge));
    let mut ledger = Ledger::default();
    ledger.acknowledged.extend(acknowledged.iter().take(MOST_EVENTS));
    let (status, place) = program.stop();
    assert!(status.success(), "{status}");
    ledger.acknowledged.extend(acknowledged.iter());
    ledger.unanswered.extend(load.join().unwrap());
    let program = place.start();
    program.api.digested();
    check(&program.api, &ledger);
}

/// Sends from several connections until the server is gone, first what got no answer in the last round. Answers what
/// got none in this one.
pub(crate) fn load(api: &Api, again: &[String], acknowledge: &mpsc::Sender<String>) -> Vec<String> {
    let next = AtomicUsize::new(0);
    let client = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            let id = again.get(number).cloned().unwrap_or_else(new_id);
            match api.try_send(&envelope(&id)) {
                Some(answer) if answer.status == 200 => acknowledge.send(id).unwrap_or_default(),
                Some(answer) => panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)),
                None => return id,
            }
        }
    };
    thread::scope(|scope| {
        let clients: Vec<_> = (0..CONNECTIONS).map(|_| scope.spawn(client)).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    })
}

/// An event of one of the kinds, by its id; every fourth one with an attachment.
fn envelope(id: &str) -> Vec<u8> {
    let kind = usize::from_str_radix(&id[..4], 16).unwrap() % KINDS;
    let mut event = error_event(id, &format!("Kind{kind}"), "it was killed");
    event["user"] = json!({"id": id});
    let mut items = vec![("event", json!({}), event.to_string().into_bytes())];
    if has_attachment(id) {
        items.push((
            "attachment",
            json!({"filename": "id.txt"}),
            id.as_bytes().to_vec(),
        ));
    }
    with_items(Some(id), &items)
}

fn has_attachment(id: &str) -> bool {
    id.ends_with(['0', '4', '8', 'c'])
}

pub(crate) fn check(api: &Api, ledger: &Ledger) {
    let issues = api.issues("is:unresolved");
    let mut stored = HashMap::new();
    for issue in &issues {
        let id = issue["id"].as_str().unwrap();
        let events = api.all(&format!("/organizations/default/issues/{id}/events/"));
        assert_eq!(
            issue["count"],
            events.len().to_string(),
            "the count of issue {id} is the number of its events"
        );
        for event in events {
            *stored
                .entry(event["eventID"].as_str().unwrap().to_owned())
                .or_insert(0) += 1;
        }
    }
    assert!(
        issues.len() <= KINDS,
        "{} kinds of errors made {} issues",
        KINDS,
        issues.len()
    );
    for id in &ledger.acknowledged {
        assert_eq!(stored.get(id), Some(&1), "event {id} was acknowledged");
    }
    for (id, times) in &stored {
        assert_eq!(*times, 1, "event {id}");
        assert!(
            ledger.acknowledged.contains(id) || ledger.unanswered.contains(id),
            "nobody sent event {id}"
        );
    }
    let accepted = api
        .ledger()
        .into_iter()
        .find(|(name, _)| name == "error accepted");
    assert_eq!(accepted.map(|(_, quantity)| quantity), Some(stored.len() as u64));
    for id in ledger.acknowledged.iter().filter(|id| has_attachment(id)) {
        let list = api.get(&format!("/projects/default/shop/events/{id}/attachments/"));
        assert_eq!(
            list.as_array().map(Vec::len),
            Some(1),
            "the attachment of event {id}"
        );
    }
}
