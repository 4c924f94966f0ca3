//! Events as a busy shop sends them, a new id each; gzipped.

use flate2::{Compress, Compression, FlushCompress};
use jiff::{SignedDuration, Timestamp};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::{Value, json};

const USERS: usize = 1_000;
/// One gzip stream with one stored block in front: what a body is longer than its id's line and its deflated rest.
const FRAMING: usize = 10 + 5 + 8;

/// What events are to be like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shop {
    /// About how many bytes one has.
    pub(crate) size: usize,
    /// How many kinds of errors there are.
    pub(crate) issues: usize,
    /// How many different events: enough that nothing gains from having seen one before.
    pub(crate) events: usize,
    /// When they happened, evenly spread; none means as they are received.
    pub(crate) during: Option<(Timestamp, SignedDuration)>,
}

impl Shop {
    /// 200 kinds of errors that happen now.
    pub(crate) fn busy(size: usize) -> Self {
        Self {
            size,
            issues: 200,
            events: 2_000,
            during: None,
        }
    }
}

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
    /// The events of a shop.
    pub(crate) fn new(shop: Shop) -> Self {
        let events = (0..shop.events).into_par_iter();
        Self {
            events: events.map(|number| Ready::new(&event(number, &shop))).collect(),
        }
    }

    /// Appends a body with event number `number` to a request, behind the last line of its head, which says how long it is.
    pub(crate) fn write(&self, number: u64, id: u128, request: &mut Vec<u8>) {
        let ready = &self.events[number as usize % self.events.len()];
        let head = format!("{{\"event_id\":\"{id:032x}\"}}\n");
        let length = FRAMING + head.len() + ready.packed.len();
        request.extend_from_slice(format!("Content-Length: {length}\r\n\r\n").as_bytes());
        ready.gzip(head.as_bytes(), request);
    }

    /// Bodies with each of the events, for the limit.
    pub(crate) fn bodies(&self) -> Vec<Vec<u8>> {
        let head = format!("{{\"event_id\":\"{:032x}\"}}\n", 1);
        let body = |ready: &Ready| {
            let mut body = Vec::new();
            ready.gzip(head.as_bytes(), &mut body);
            body
        };
        self.events.iter().map(body).collect()
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
        packed.shrink_to_fit();
        let mut sum = crc32fast::Hasher::new();
        sum.update(&plain);
        Self { plain, packed, sum }
    }

    /// One gzip stream: `head` stored as it is, then what was deflated before. So that an id costs the generator a
    /// microsecond and not a compression (RFC 1951, 3.2.4; RFC 1952, 2.3).
    fn gzip(&self, head: &[u8], body: &mut Vec<u8>) {
        body.reserve(FRAMING + head.len() + self.packed.len());
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
    }
}

/// An error of a Python shop, filled up with breadcrumbs to about the size that is wanted.
fn event(number: usize, shop: &Shop) -> Value {
    // The same events in each run, and others on each day.
    let day = shop
        .during
        .map_or(0, |(begin, _)| begin.as_second() as u64 / 86_400 % 14);
    let mut chance = SmallRng::seed_from_u64((shop.size as u64 * 14 + day) * 1_000_003 + number as u64);
    let chance = &mut chance;
    let issue = number % shop.issues;
    let frames = (shop.size / 700).clamp(4, 40);
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
        "tags": {"region": format!("eu-{}", chance.random_range(0..4)), "tenant": format!("t{}", chance.random_range(0..50))},
        "contexts": {"runtime": {"name": "CPython", "version": "3.12.4"}, "trace": {
            "trace_id": format!("{:032x}", chance.random::<u128>()), "span_id": "b0e6f15b45c36b12"}},
        "sdk": {"name": "sentry.python.django", "version": "2.75.0"},
        "breadcrumbs": {"values": []},
    });
    if let Some((begin, length)) = shop.during {
        let share = number as f64 / shop.events as f64;
        let time = begin + SignedDuration::from_secs_f64(length.as_secs_f64() * share);
        event["timestamp"] = json!(time);
    }
    fill(&mut event, shop.size, chance);
    event
}

fn fill(event: &mut Value, size: usize, chance: &mut SmallRng) {
    let mut length = event.to_string().len();
    while length + 100 < size {
        let crumb = json!({"timestamp": 1_760_000_000 + chance.random_range(0..100_000), "category": "query", "type": "default",
            "message": format!("SELECT {} FROM {}", words(5, chance), words(3, chance)), "level": "info"});
        length += crumb.to_string().len() + 1;
        event["breadcrumbs"]["values"].as_array_mut().unwrap().push(crumb);
    }
}

fn frame(issue: usize, at: usize, chance: &mut SmallRng) -> Value {
    let line = |chance: &mut SmallRng| format!("        {}({})", words(2, chance), words(3, chance));
    // Events are grouped by it: where it was thrown is the same each time.
    let thrown = &mut SmallRng::seed_from_u64((issue * 100 + at) as u64);
    json!({"filename": format!("shop/part{at}.py"), "abs_path": format!("/srv/shop/part{at}.py"), "module": format!("shop.part{at}"),
        "function": format!("serve_{issue}_{at}"), "lineno": at * 13 + issue, "in_app": at.is_multiple_of(3),
        "pre_context": [line(chance), line(chance)], "context_line": line(thrown), "post_context": [line(chance)],
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
