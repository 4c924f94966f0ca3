//! Events as a busy shop sends them: 200 kinds of errors, 1,000 users, a new id each; gzipped.

use flate2::{Compress, Compression, FlushCompress};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

const ISSUES: usize = 200;
const USERS: usize = 1_000;
/// Different events: enough that nothing gains from having seen one before.
const EVENTS: usize = 2_000;

/// Events that are ready to be sent, but for their ids.
pub(crate) struct Pool {
    events: Vec<Ready>,
}

/// An event without its id.
struct Ready {
    /// Item header and payload.
    plain: Vec<u8>,
    /// The same, deflated on its own.
    packed: Vec<u8>,
    sum: crc32fast::Hasher,
}

impl Pool {
    /// Events of about `size` bytes.
    pub(crate) fn new(size: usize) -> Self {
        let mut chance = SmallRng::seed_from_u64(size as u64);
        let events = (0..EVENTS)
            .map(|number| Ready::new(&event(number, size, &mut chance)))
            .collect();
        Self { events }
    }

    /// The body of a request with event number `number`, which has an id of its own.
    pub(crate) fn body(&self, number: u64) -> Vec<u8> {
        let id = uuid::Uuid::new_v4().simple();
        let head = format!("{{\"event_id\":\"{id}\"}}\n");
        self.events[number as usize % self.events.len()].gzip(head.as_bytes())
    }

    /// The payloads as they are, for the limit.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = Vec<u8>> {
        (0..self.events.len() as u64).map(|number| self.body(number))
    }
}

impl Ready {
    fn new(payload: &Value) -> Self {
        let payload = payload.to_string();
        let plain = format!("{{\"type\":\"event\",\"length\":{}}}\n{payload}\n", payload.len()).into_bytes();
        let mut packed = Vec::with_capacity(plain.len() + 1_000);
        Compress::new(Compression::default(), false)
            .compress_vec(&plain, &mut packed, FlushCompress::Finish)
            .unwrap();
        let mut sum = crc32fast::Hasher::new();
        sum.update(&plain);
        Self { plain, packed, sum }
    }

    /// One gzip stream: `head` stored as it is, then what was deflated before. So that an id costs the generator a
    /// microsecond and not a compression (RFC 1951, 3.2.4; RFC 1952, 2.3).
    fn gzip(&self, head: &[u8]) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.packed.len() + head.len() + 32);
        body.extend_from_slice(&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
        let length = head.len() as u16;
        body.push(0);
        body.extend_from_slice(&length.to_le_bytes());
        body.extend_from_slice(&(!length).to_le_bytes());
        body.extend_from_slice(head);
        body.extend_from_slice(&self.packed);
        let mut sum = crc32fast::Hasher::new();
        sum.update(head);
        sum.combine(&self.sum);
        body.extend_from_slice(&sum.finalize().to_le_bytes());
        body.extend_from_slice(&((head.len() + self.plain.len()) as u32).to_le_bytes());
        body
    }
}

/// An error of a Python shop, filled up with breadcrumbs to about `size` bytes.
fn event(number: usize, size: usize, chance: &mut SmallRng) -> Value {
    let issue = number % ISSUES;
    let frames = (size / 700).clamp(4, 40);
    let frames: Vec<_> = (0..frames).map(|at| frame(issue, at, chance)).collect();
    let mut event = json!({
        "platform": "python", "level": "error", "logger": "shop", "server_name": format!("web-{}", number % 8),
        "release": format!("shop@2.{}.0", number % 5), "environment": "production",
        "exception": {"values": [{
            "type": format!("Error{issue}"), "value": format!("cannot serve order {}", words(6, chance)),
            "mechanism": {"type": "django", "handled": false}, "stacktrace": {"frames": frames}}]},
        "user": {"id": chance.random_range(0..USERS).to_string()},
        "request": {"url": format!("https://shop.example/cart/{}", number % 300), "method": "POST",
            "headers": {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}},
        "tags": {"region": format!("eu-{}", number % 4), "tenant": format!("t{}", number % 50)},
        "contexts": {"runtime": {"name": "CPython", "version": "3.12.4"}, "trace": {
            "trace_id": uuid::Uuid::new_v4().simple().to_string(), "span_id": "b0e6f15b45c36b12"}},
        "sdk": {"name": "sentry.python.django", "version": "2.75.0"},
        "breadcrumbs": {"values": []},
    });
    let mut length = event.to_string().len();
    while length + 100 < size {
        let crumb = json!({"timestamp": 1_760_000_000 + chance.random_range(0..100_000), "category": "query", "type": "default",
            "message": format!("SELECT {} FROM {}", words(5, chance), words(3, chance)), "level": "info"});
        length += crumb.to_string().len() + 1;
        event["breadcrumbs"]["values"].as_array_mut().unwrap().push(crumb);
    }
    event
}

fn frame(issue: usize, at: usize, chance: &mut SmallRng) -> Value {
    let line = |chance: &mut SmallRng| format!("        {}({})", words(2, chance), words(3, chance));
    json!({"filename": format!("shop/part{at}.py"), "abs_path": format!("/srv/shop/part{at}.py"), "module": format!("shop.part{at}"),
        "function": format!("serve_{issue}_{at}"), "lineno": at * 13 + issue, "in_app": at.is_multiple_of(3),
        "pre_context": [line(chance), line(chance)], "context_line": line(chance), "post_context": [line(chance)],
        "vars": {"order": words(4, chance), "self": "<Cart object>"}})
}

/// Some words that do not compress away.
fn words(count: usize, chance: &mut SmallRng) -> String {
    let word = |_| {
        let letters = chance.random_range(3..9);
        (0..letters)
            .map(|_| char::from(b'a' + chance.random_range(0..20u8)))
            .collect::<String>()
    };
    (0..count).map(word).collect::<Vec<_>>().join("_")
}
