//! A client of the HTTP surface: the web API with a token, and the doors that SDKs send to.

use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

use super::{DSN_KEY, PATIENCE, PROJECT_ID, TOKEN, eventually};

const STATS: &str = "/organizations/default/stats_v2/";

/// A server at an address, and who asks it.
#[derive(Clone)]
pub(crate) struct Api {
    /// Its address without a slash at the end.
    pub(crate) url: String,
    token: String,
    agent: Agent,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The body as JSON, `null` when it is not.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A header, empty when it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    /// The body as JSON; panics when the status is another one.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Value {
        assert_eq!(self.status, status, "{}", String::from_utf8_lossy(&self.body));
        self.json()
    }
}

impl Api {
    /// Asks the server at `url` with the token that it was bootstrapped with.
    pub(crate) fn new(url: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE));
        Self {
            url: url.to_owned(),
            token: TOKEN.to_owned(),
            agent: Agent::new_with_config(config.build()),
        }
    }

    /// The DSN of the bootstrapped project.
    pub(crate) fn dsn(&self) -> String {
        format!(
            "{}/{PROJECT_ID}",
            self.url.replacen("://", &format!("://{DSN_KEY}@"), 1)
        )
    }

    /// Asks for anything, with headers and a body; `None` when no answer came.
    pub(crate) fn try_ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Option<Answer> {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut response = self.agent.run(request.body(body).unwrap()).ok()?;
        Some(Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response
                .body_mut()
                .with_config()
                .limit(u64::MAX)
                .read_to_vec()
                .ok()?,
        })
    }

    /// Asks for anything, with headers and a body.
    #[track_caller]
    pub(crate) fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.try_ask(method, path, headers, body)
            .unwrap_or_else(|| panic!("{method} {path} got no answer"))
    }

    /// Asks the web API as the owner; `path` is what stands behind `/api/0`.
    #[track_caller]
    pub(crate) fn call(&self, method: &str, path: &str, body: &Value) -> Answer {
        let bearer = format!("Bearer {}", self.token);
        let headers = [
            ("Authorization", bearer.as_str()),
            ("Content-Type", "application/json"),
        ];
        let body = if body.is_null() {
            Vec::new()
        } else {
            body.to_string().into_bytes()
        };
        self.ask(method, &format!("/api/0{path}"), &headers, &body)
    }

    /// Reads from the web API, which has to have it.
    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Value {
        self.call("GET", path, &Value::Null).expect(200)
    }

    /// All elements of a list of the web API, page by page.
    #[track_caller]
    pub(crate) fn all(&self, path: &str) -> Vec<Value> {
        let (mut elements, mut cursor) = (Vec::new(), String::new());
        let separator = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.call(
                "GET",
                &format!("{path}{separator}per_page=100{cursor}"),
                &Value::Null,
            );
            let next = next_cursor(page.header("link"));
            elements.extend(page.expect(200).as_array().unwrap().clone());
            match next {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return elements,
            }
        }
    }

    /// Sends an envelope to the bootstrapped project like an SDK.
    pub(crate) fn send(&self, envelope: &[u8]) -> Answer {
        self.send_encoded(envelope, "")
    }

    /// Sends an envelope that is already compressed.
    pub(crate) fn send_encoded(&self, body: &[u8], encoding: &str) -> Answer {
        self.ask("POST", &envelope_path(), &send_headers(&auth(), encoding), body)
    }

    /// Sends an envelope; `None` when no answer came.
    pub(crate) fn try_send(&self, envelope: &[u8]) -> Option<Answer> {
        self.try_ask("POST", &envelope_path(), &send_headers(&auth(), ""), envelope)
    }

    /// What became of everything that arrived, once it is digested: quantities by `category outcome reason`, after it
    /// was found to add up.
    #[track_caller]
    pub(crate) fn ledger(&self) -> Vec<(String, u64)> {
        self.digested();
        let stats = self.get(&format!(
            "{STATS}?field=sum(quantity)&groupBy=category&groupBy=outcome&groupBy=reason&statsPeriod=24h"
        ));
        let (mut entries, mut received) = (Vec::new(), 0);
        for group in stats["groups"].as_array().unwrap() {
            let part = |key: &str| group["by"][key].as_str().unwrap_or_default();
            let quantity = group["totals"]["sum(quantity)"].as_u64().unwrap();
            // Attachments are counted in bytes, and their number beside it.
            if part("outcome") != "client_discard" && part("category") != "attachment" {
                received += quantity;
            }
            let name = ["category", "outcome", "reason"].map(part).join(" ");
            entries.push((name.trim().to_owned(), quantity));
        }
        assert_eq!(stats["received"], received, "{entries:?}");
        entries.sort();
        entries
    }

    /// Waits until everything that was accepted is digested.
    #[track_caller]
    pub(crate) fn digested(&self) {
        let path = "/organizations/default/stats_v2/?field=sum(quantity)&groupBy=outcome&statsPeriod=24h";
        eventually("the journal to be digested", || {
            (self.get(path)["pending"] == 0).then_some(())
        });
    }

    /// An event of the bootstrapped project, which has to be digested.
    #[track_caller]
    pub(crate) fn event(&self, id: &str) -> Value {
        self.get(&format!("/projects/default/{PROJECT_ID}/events/{id}/"))
    }

    /// All issues of the organisation that a search finds, newest first.
    #[track_caller]
    pub(crate) fn issues(&self, query: &str) -> Vec<Value> {
        self.all(&format!(
            "/organizations/default/issues/?statsPeriod=90d&query={}",
            escape(query)
        ))
    }
}

fn envelope_path() -> String {
    format!("/api/{PROJECT_ID}/envelope/")
}

fn auth() -> String {
    format!("Sentry sentry_key={DSN_KEY}, sentry_version=7, sentry_client=test/1")
}

fn send_headers<'a>(auth: &'a str, encoding: &'a str) -> [(&'static str, &'a str); 3] {
    [
        ("X-Sentry-Auth", auth),
        ("Content-Type", "application/x-sentry-envelope"),
        ("Content-Encoding", encoding),
    ]
}

/// The cursor of the next page, when there is one, from `<url>; rel="next"; results="true"; cursor="0:25:0"`.
fn next_cursor(link: &str) -> Option<String> {
    let next = link
        .split(", ")
        .find(|part| part.contains("rel=\"next\"") && part.contains("results=\"true\""))?;
    let (_, cursor) = next.split_once("cursor=\"")?;
    Some(escape(cursor.split('"').next()?))
}

/// A text as a part of a query.
pub(crate) fn escape(text: &str) -> String {
    percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
}
