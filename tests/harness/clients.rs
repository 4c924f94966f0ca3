//! Clients that remember what they were promised, and compare it with what a server knows.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use serde_json::{Value, json};

use super::PROJECT;
use super::api::Api;
use super::envelope::{error_event, new_id, with_items};
use super::program::Program;

const CONNECTIONS: usize = 6;
/// Different errors, so many issues.
const KINDS: usize = 7;

/// What clients know of what they sent. Every event is known by its id.
#[derive(Debug, Default)]
pub(crate) struct Clients {
    /// These were answered 200.
    pub(crate) acknowledged: HashSet<String>,
    /// Sent, but the server died before it answered: these may have happened or not.
    unanswered: HashSet<String>,
}

impl Clients {
    /// Sends from several connections, first what got no answer before. After so many answers the server is brought to its
    /// `end`; what was answered in the meantime counts. Answers the ids that were acknowledged, and what the end came to.
    pub(crate) fn send<T>(
        &mut self,
        program: Program,
        answers: usize,
        end: impl FnOnce(Program) -> T,
    ) -> (Vec<String>, T) {
        let (acknowledge, acknowledged) = mpsc::channel();
        let api = program.api.clone();
        let again: Vec<_> = self.unanswered.iter().cloned().collect();
        let load = thread::spawn(move || load(&api, &again, &acknowledge));
        let mut ids: Vec<String> = acknowledged.iter().take(answers).collect();
        let ended = end(program);
        ids.extend(acknowledged.iter());
        self.acknowledged.extend(ids.iter().cloned());
        self.unanswered.extend(load.join().unwrap());
        self.unanswered.retain(|id| !self.acknowledged.contains(id));
        (ids, ended)
    }

    /// These may be there or not, whatever was answered: they came after a copy was made.
    pub(crate) fn doubt(&mut self, ids: &[String]) {
        for id in ids {
            self.acknowledged.remove(id);
            self.unanswered.insert(id.clone());
        }
    }

    /// What a server says otherwise than it promised: each acknowledged event is there once, with its attachment, and no
    /// other; the counts of the issues and the ledger say as many.
    pub(crate) fn broken_promises(&self, api: &Api) -> Vec<String> {
        api.digested();
        let mut broken = Vec::new();
        let issues = api.issues("is:unresolved");
        let stored = stored(api, &issues, &mut broken);
        if issues.len() > KINDS {
            broken.push(format!("{KINDS} kinds of errors made {} issues", issues.len()));
        }
        let is_lost = |id: &&String| stored.get(*id) != Some(&1);
        let lost = self.acknowledged.iter().filter(is_lost);
        broken.extend(lost.map(|id| {
            format!(
                "event {id} was acknowledged, but is there {:?} times",
                stored.get(id)
            )
        }));
        let is_strange = |id: &&String| !self.acknowledged.contains(*id) && !self.unanswered.contains(*id);
        broken.extend(
            stored
                .keys()
                .filter(is_strange)
                .map(|id| format!("nobody sent event {id}")),
        );
        broken.extend(
            stored
                .iter()
                .filter(|(_, times)| **times != 1)
                .map(|(id, times)| format!("event {id} is there {times} times")),
        );
        let accepted = accepted(api);
        if accepted != stored.len() as u64 {
            broken.push(format!(
                "the ledger says {accepted} events, there are {}",
                stored.len()
            ));
        }
        let with_file = self.acknowledged.iter().filter(|id| has_attachment(id));
        broken.extend(with_file.filter_map(|id| lost_attachment(api, id)));
        broken
    }
}

/// How many errors were accepted; what arrived was found to add up.
pub(crate) fn accepted(api: &Api) -> u64 {
    let ledger = api.ledger();
    let accepted = ledger.iter().find(|(name, _)| name == "error accepted");
    accepted.map_or(0, |(_, quantity)| *quantity)
}

/// How often each event is there; notes issues that do not have as many as they count.
fn stored(api: &Api, issues: &[Value], broken: &mut Vec<String>) -> HashMap<String, u64> {
    let mut stored = HashMap::new();
    for issue in issues {
        let id = issue["id"].as_str().unwrap();
        let events = api.all(&format!("/organizations/default/issues/{id}/events/"));
        if issue["count"].as_str() != Some(&events.len().to_string()) {
            broken.push(format!(
                "issue {id} counts {} events and has {}",
                issue["count"],
                events.len()
            ));
        }
        for event in events {
            *stored
                .entry(event["eventID"].as_str().unwrap().to_owned())
                .or_insert(0) += 1;
        }
    }
    stored
}

fn lost_attachment(api: &Api, id: &str) -> Option<String> {
    let list = api.get(&format!("/projects/default/{PROJECT}/events/{id}/attachments/"));
    let found = list.as_array().map(Vec::len);
    (found != Some(1)).then(|| format!("event {id} has {found:?} attachments"))
}

/// Sends from several connections until the server is gone, first what got no answer in the last round. Answers what
/// got none in this one.
fn load(api: &Api, again: &[String], acknowledge: &mpsc::Sender<String>) -> Vec<String> {
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
pub(crate) fn envelope(id: &str) -> Vec<u8> {
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

/// Whether an event with this id comes with a file.
pub(crate) fn has_attachment(id: &str) -> bool {
    id.ends_with(['0', '4', '8', 'c'])
}
