//! The wire between an SDK and the program: passes everything on, and remembers what an SDK sent.

use std::fs;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

use actix_web::http::StatusCode;
use actix_web::web::{self, Bytes, Data, PayloadConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, rt};

use crate::harness::api::Api;
use crate::harness::repository;

/// A wire that ends at a program.
pub(crate) struct Wire {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<Sent>>>,
}

/// A request of an SDK.
#[derive(Clone)]
pub(crate) struct Sent {
    /// The path with its query.
    pub(crate) path: String,
    /// The header `Content-Encoding`, empty when there was none.
    pub(crate) encoding: String,
    body: Bytes,
}

impl Sent {
    /// The body, decompressed.
    pub(crate) fn plain(&self) -> Vec<u8> {
        let mut plain = Vec::new();
        match self.encoding.as_str() {
            "br" => brotli::Decompressor::new(&*self.body, 4096)
                .read_to_end(&mut plain)
                .unwrap(),
            "gzip" => flate2::read::GzDecoder::new(&*self.body)
                .read_to_end(&mut plain)
                .unwrap(),
            _ => (&*self.body).read_to_end(&mut plain).unwrap(),
        };
        plain
    }
}

impl Wire {
    /// A wire to the server that `api` asks.
    pub(crate) fn to(api: &Api) -> Self {
        let sent = Arc::new(Mutex::new(Vec::new()));
        let (remembered, api) = (Data::new(sent.clone()), Data::new(api.clone()));
        let app = move || {
            App::new()
                .app_data(PayloadConfig::new(64 << 20))
                .app_data(remembered.clone())
                .app_data(api.clone())
                .default_service(web::to(pass_on))
        };
        let (bound, address) = mpsc::channel();
        // Ends with the test's process.
        thread::spawn(move || {
            let server = HttpServer::new(app)
                .workers(1)
                .disable_signals()
                .bind(("127.0.0.1", 0))
                .unwrap();
            bound.send(server.addrs()[0]).unwrap();
            rt::System::new().block_on(server.run())
        });
        let address = address.recv().unwrap();
        Self { address, sent }
    }

    /// The DSN of the bootstrapped project through this wire.
    pub(crate) fn dsn(&self) -> String {
        Api::new(&format!("http://{}", self.address)).dsn()
    }

    /// What passed so far.
    pub(crate) fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap().clone()
    }

    /// Writes what passed to `fixtures/sdk/<name>/`, when the fixtures are recorded anew.
    pub(crate) fn record(&self, name: &str, scenario: &str) {
        if std::env::var_os("TRIPLINE_RECORD").is_none() {
            return;
        }
        let directory = repository("fixtures/sdk").join(name);
        fs::create_dir_all(&directory).unwrap();
        for (index, sent) in self.sent().iter().enumerate() {
            let end = if sent.path.contains("/envelope/") {
                "env"
            } else {
                "json"
            };
            let file = directory.join(format!("{scenario}-{}.{end}", index + 1));
            fs::write(file, anonymous(&sent.plain())).unwrap();
        }
    }
}

async fn pass_on(
    request: HttpRequest,
    body: Bytes,
    sent: Data<Arc<Mutex<Vec<Sent>>>>,
    api: Data<Api>,
) -> HttpResponse {
    let header = |name: &str| {
        let value = request.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    let (method, path) = (request.method().to_string(), request.uri().to_string());
    let names = [
        "content-encoding",
        "content-type",
        "x-sentry-auth",
        "user-agent",
        "origin",
        "referer",
    ];
    let headers: Vec<_> = names
        .iter()
        .map(|name| (*name, header(name)))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    sent.lock().unwrap().push(Sent {
        path: path.clone(),
        encoding: header("content-encoding"),
        body: body.clone(),
    });
    let answer = web::block(move || {
        let headers: Vec<_> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        api.ask(&method, &path, &headers, &body)
    });
    let answer = answer.await.unwrap();
    let mut response = HttpResponse::build(StatusCode::from_u16(answer.status).unwrap());
    for (name, value) in &answer.headers {
        if name.as_str().starts_with("access-control-") || name == "content-type" {
            response.insert_header((name.as_str(), value.as_bytes()));
        }
    }
    response.body(answer.body)
}

/// The bytes without this machine's paths. Others of the same length take their place, because envelopes count bytes.
fn anonymous(bytes: &[u8]) -> Vec<u8> {
    let mut text = bytes.to_vec();
    let home = std::env::home_dir().unwrap_or_default();
    for (path, instead) in [(repository(""), "/srv/shop"), (home, "/home/somebody")] {
        let path = path.to_string_lossy().trim_end_matches('/').to_owned();
        let instead: String = instead
            .chars()
            .chain(std::iter::repeat('_'))
            .take(path.len())
            .collect();
        if path.len() > 1 {
            text = replace(&text, path.as_bytes(), instead.as_bytes());
        }
    }
    text
}

fn replace(text: &[u8], what: &[u8], with: &[u8]) -> Vec<u8> {
    let mut replaced = text.to_vec();
    for at in 0..text.len().saturating_sub(what.len() - 1) {
        if text[at..].starts_with(what) {
            replaced[at..at + with.len()].copy_from_slice(with);
        }
    }
    replaced
}
