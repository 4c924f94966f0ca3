//! A page that stays open hears of changes, and holds nobody up.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::{PATIENCE, TOKEN};
use crate::server::Server;

/// So much less than a stopping server would wait for an answer under way.
const SOON: Duration = Duration::from_secs(20);

/// Connects, and reads the answer up to the greeting.
fn listen(server: &Server) -> BufReader<TcpStream> {
    let address = server.api.url.trim_start_matches("http://");
    let mut connection = TcpStream::connect(address).unwrap();
    connection.set_read_timeout(Some(PATIENCE)).unwrap();
    write!(
        connection,
        "GET /api/0/organizations/default/changes/ HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {TOKEN}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut stream = BufReader::new(connection);
    assert_eq!(next(&mut stream, "HTTP/"), "HTTP/1.1 200 OK");
    next(&mut stream, "retry:");
    stream
}

/// The next line that begins so.
fn next(stream: &mut impl BufRead, begin: &str) -> String {
    let mut lines = stream.lines().map(|line| line.unwrap());
    lines.find(|line| line.starts_with(begin)).expect(begin)
}

#[test]
fn an_event_and_a_decision_are_told() {
    let server = Server::start();
    let mut stream = listen(&server);
    let event = error_event(&new_id(), "Kind", "seen by two");
    server.api.send(&with_event(&event)).expect(200);
    next(&mut stream, "event: issues");
    server.api.digested();
    let id = server.api.issues("")[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/organizations/default/issues/{id}/");
    let resolved = json!({"status": "resolved"});
    server.api.call("PUT", &path, &resolved).expect(200);
    next(&mut stream, "event: issues");
}

#[test]
fn a_server_that_stops_waits_for_no_open_page() {
    let server = Server::start_with(|config| config.server.shutdown_seconds = 60);
    let mut stream = listen(&server);
    let begun = Instant::now();
    drop(server);
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
}

#[test]
fn a_stranger_hears_nothing() {
    let server = Server::start();
    let answer = server
        .api
        .ask("GET", "/api/0/organizations/default/changes/", &[], b"");
    answer.expect(401);
}
