//! What real SDKs sent is taken, digested without a remark of ours, and counted.

use tripline::protocol::envelope::Envelope;

use super::recorded;
use crate::server::Server;

#[test]
fn what_sdks_sent_is_kept_or_counted() {
    let server = Server::start();
    let (mut sent, mut items) = (0, 0);
    for (file, envelope) in recorded() {
        let answer = server.api.send(&envelope);
        assert_eq!(answer.status, 200, "{file}: {}", answer.json());
        sent += u64::from(answer.json()["id"].is_string());
        items += Envelope::parse(&envelope.into()).unwrap().items.len() as u64;
    }
    let outcomes = server.api.ledger();
    let stats = server
        .api
        .get("/organizations/default/stats_v2/?field=sum(quantity)&statsPeriod=24h");
    assert_eq!(
        stats["received"], items,
        "every item has an outcome: {outcomes:?}"
    );
    let accepted = outcomes
        .iter()
        .find(|(name, _)| name == "error accepted")
        .map(|(_, quantity)| *quantity);
    assert_eq!(accepted, Some(sent), "{outcomes:?}");
    assert!(
        outcomes.iter().all(|(name, _)| !name.contains("invalid")),
        "{outcomes:?}"
    );
    let sessions = outcomes.iter().find(|(name, _)| name == "session accepted");
    assert!(sessions.is_some(), "{outcomes:?}");
}

#[test]
fn the_same_again_is_counted_as_a_duplicate() {
    let server = Server::start();
    let (_, envelope) = recorded()
        .into_iter()
        .find(|(file, _)| file.contains("python") && file.contains("handled"))
        .unwrap();
    for _ in 0..3 {
        server.api.send(&envelope).expect(200);
        server.api.digested();
    }
    let issues = server.api.issues("");
    assert_eq!((issues.len(), &issues[0]["count"]), (1, &serde_json::json!("1")));
    let duplicates = server
        .api
        .ledger()
        .into_iter()
        .find(|(name, _)| name == "error invalid duplicate");
    assert_eq!(duplicates.map(|(_, quantity)| quantity), Some(2));
}
