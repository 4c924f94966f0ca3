//! A receiver of webhooks that notes when each came.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Instant;

use crate::harness::PATIENCE;

/// Takes all that comes.
pub(crate) struct Receiver {
    url: String,
    came: Arc<Came>,
}

/// What came, and that something came.
#[derive(Default)]
struct Came {
    bodies: Mutex<Vec<(Instant, String)>>,
    news: Condvar,
}

impl Receiver {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let receiver = Self {
            url: format!("http://{}/hook", listener.local_addr().unwrap()),
            came: Arc::default(),
        };
        let came = receiver.came.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let came = came.clone();
                thread::spawn(move || {
                    while let Some(body) = take(&stream) {
                        came.bodies.lock().unwrap().push((Instant::now(), body));
                        came.news.notify_all();
                    }
                });
            }
        });
        receiver
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// When something came that holds this text.
    pub(crate) fn wait(&self, text: &str) -> Instant {
        let is_missing =
            |came: &mut Vec<(Instant, String)>| !came.iter().any(|(_, body)| body.contains(text));
        let (came, waited) = self
            .came
            .news
            .wait_timeout_while(self.came.bodies.lock().unwrap(), PATIENCE, is_missing)
            .unwrap();
        assert!(!waited.timed_out(), "nobody told of {text}");
        came.iter().find(|(_, body)| body.contains(text)).unwrap().0
    }
}

/// The body of the next request; none when there is none.
fn take(mut stream: &TcpStream) -> Option<String> {
    let mut reader = BufReader::new(stream);
    let mut length = 0;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().to_ascii_lowercase().split_once(": ") {
            Some(("content-length", value)) => length = value.parse().ok()?,
            Some(_) => {}
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        .ok()?;
    String::from_utf8(body).ok()
}
