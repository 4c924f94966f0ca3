//! A connection that is kept. Says and understands what it takes to send an event and no more: the generator shares the
//! cores with the program, and a client made for people takes as long as the server.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::events::Pool;
use crate::harness::program::Program;
use crate::harness::{DSN_KEY, PROJECT_ID};

/// Sends events, one after the other's answer.
pub(crate) struct Connection {
    stream: TcpStream,
    head: String,
    request: Vec<u8>,
    answer: Vec<u8>,
}

impl Connection {
    /// To the first project of a program.
    pub(crate) fn new(program: &Program) -> Self {
        let address = program.api.url.trim_start_matches("http://");
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        let head = format!(
            "POST /api/{PROJECT_ID}/envelope/ HTTP/1.1\r\nHost: {address}\r\nContent-Encoding: gzip\r\n\
             X-Sentry-Auth: Sentry sentry_version=7, sentry_client=load/1, sentry_key={DSN_KEY}\r\n"
        );
        Self {
            stream,
            head,
            request: Vec::new(),
            answer: vec![0; 16 << 10],
        }
    }

    /// Sends an event under an id and answers the status; none when the server is gone.
    pub(crate) fn send(&mut self, pool: &Pool, number: u64, id: u128) -> Option<u16> {
        self.request.clear();
        self.request.extend_from_slice(self.head.as_bytes());
        pool.write(number, id, &mut self.request);
        self.stream.write_all(&self.request).ok()?;
        let mut filled = 0;
        loop {
            filled += self
                .stream
                .read(&mut self.answer[filled..])
                .ok()
                .filter(|more| *more > 0)?;
            if let Some(status) = status(&self.answer[..filled]) {
                return Some(status);
            }
        }
    }
}

/// The status of an answer that is complete.
fn status(answer: &[u8]) -> Option<u16> {
    let answer = std::str::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let length = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length: usize = length.unwrap().1.parse().unwrap();
    (body.len() >= length).then(|| head.split(' ').nth(1).unwrap().parse().unwrap())
}
