//! Somebody who is told: a server on a free port that answers as the test says.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::model::alert::Channel;

/// What is answered.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reply {
    /// With this status and these headers.
    Status(u16, &'static str),
    /// By hanging up.
    HangUp,
    /// Never, while the connection stays.
    Silence,
}

/// What was received.
#[derive(Debug)]
pub(super) struct Received {
    /// The idempotency key.
    pub(super) delivery: String,
    /// What was told.
    pub(super) body: serde_json::Value,
}

/// Who receives, until it is dropped.
pub(super) struct Receiver {
    received: mpsc::UnboundedReceiver<Received>,
    port: u16,
    _server: JoinSet<()>,
}

impl Receiver {
    /// One that gives the first answers in order and then the last one for ever.
    pub(super) async fn start(replies: &'static [Reply]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (sender, received) = mpsc::unbounded_channel();
        let mut server = JoinSet::new();
        server.spawn(async move {
            let mut connections = JoinSet::new();
            for count in 0.. {
                let (socket, _) = listener.accept().await.unwrap();
                let reply = replies[count.min(replies.len() - 1)];
                connections.spawn(answer(socket, reply, sender.clone()));
            }
        });
        Self {
            received,
            port,
            _server: server,
        }
    }

    /// Where to tell it.
    pub(super) fn channel(&self) -> Channel {
        Channel::Webhook {
            url: format!("http://127.0.0.1:{}/", self.port),
            secret: "s".to_owned(),
        }
    }

    /// What it is told next.
    pub(super) async fn next(&mut self) -> Received {
        self.received.recv().await.unwrap()
    }

    /// How often it was told something that nobody looked at yet.
    pub(super) fn waiting(&self) -> usize {
        self.received.len()
    }
}

async fn answer(mut socket: TcpStream, reply: Reply, told: mpsc::UnboundedSender<Received>) {
    let Some((head, body)) = read(&mut socket).await else {
        return;
    };
    let line = head
        .lines()
        .find_map(|line| line.strip_prefix("x-tripline-delivery: "));
    let delivery = line.unwrap_or_default().to_owned();
    let _ = told.send(Received {
        delivery,
        body: serde_json::from_str(&body).unwrap(),
    });
    match reply {
        Reply::Status(status, headers) => {
            let answer = format!("HTTP/1.1 {status} Said\r\n{headers}Content-Length: 4\r\n\r\nsaid");
            let _ = socket.write_all(answer.as_bytes()).await;
        }
        Reply::HangUp => {}
        Reply::Silence => std::future::pending().await,
    }
}

/// Head and body of a request; none if it breaks off.
async fn read(socket: &mut TcpStream) -> Option<(String, String)> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))?;
            if body.len() >= length.parse::<usize>().ok()? {
                let body = String::from_utf8_lossy(&read)
                    .split_once("\r\n\r\n")?
                    .1
                    .to_owned();
                return Some((head.to_owned(), body));
            }
        }
        if socket.read_buf(&mut read).await.ok()? == 0 {
            return None;
        }
    }
}
