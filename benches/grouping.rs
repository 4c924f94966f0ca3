//! How fast events are grouped: events a second on one core, and nanoseconds a frame.
//!
//! Grouping alone, as a server does it: from a parsed event to its names, with its frames classified, its component
//! trees built, and the allocator of the program. The stream is of 500 events with stacks of 30 frames of which no two
//! are alike; they go through a program with libraries of 300 files and 1,400 functions. Which patterns a file or a
//! function matches is remembered from event to event, up to 2,048 of each, and nothing else is. What is measured is
//! the time that the thread had a processor, and the median round over the stream counts. Reads and writes nothing.

use std::collections::HashSet;
use std::hint::black_box;
use std::io::Write;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};
use tripline::grouping::Rules;
use tripline::protocol::event::Event;

#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

const FRAMES: usize = 30;
const EVENTS: usize = 500;
const FILES: usize = 100;
/// Events that are made before they are grouped, few enough to stay near the processor as those just parsed do.
const BATCH: usize = 10;
const ROUNDS: usize = 200;

fn python(event: usize, at: usize) -> Value {
    let file = (event + at * 7) % FILES;
    let (path, is_in_app) = match at % 3 {
        0 => (format!("/srv/tea/kitchen/pot_{file}.py"), true),
        1 => (
            format!("/venv/lib/python3.12/site-packages/flask/app_{file}.py"),
            false,
        ),
        _ => (
            format!("/venv/lib/python3.12/site-packages/django/core/handlers/base_{file}.py"),
            false,
        ),
    };
    json!({"function": format!("brew_{}", at * 31 + event), "module": format!("kitchen.pot{file}"), "filename": &path[5..],
        "abs_path": path, "lineno": at + event, "context_line": "        return self.pour(cup, tea=tea)", "in_app": is_in_app})
}

fn javascript(event: usize, at: usize) -> Value {
    let file = (event + at * 7) % FILES;
    let (path, is_in_app) = match at % 3 {
        0 => (format!("webpack:///./src/components/kitchen/Pot{file}.tsx"), true),
        1 => (
            format!("webpack:///./node_modules/react-dom/cjs/react-dom-{file}.production.min.js"),
            false,
        ),
        _ => (
            format!("https://tea.example/static/js/main{file}.7622a1ce.js"),
            true,
        ),
    };
    json!({"function": format!("Object.brew{}", at * 31 + event), "filename": path, "abs_path": path, "lineno": at + event,
        "colno": 17, "context_line": "    const cup = await pour(tea);", "in_app": is_in_app})
}

fn events(platform: &str, frame: fn(usize, usize) -> Value) -> Vec<Event> {
    let event = |number: usize| {
        let frames: Vec<Value> = (0..FRAMES).map(|at| frame(number, at)).collect();
        let exception = json!({"type": "TeaError", "value": format!("no tea for guest {number}"), "stacktrace": {"frames": frames}});
        Event::from_value(json!({"platform": platform, "exception": [exception]})).unwrap_or_default()
    };
    (0..EVENTS).map(event).collect()
}

/// The time on the processor that it takes to group all events of the stream.
fn round(events: &[Event], rules: &Rules) -> Duration {
    let mut seen = HashSet::with_capacity(EVENTS);
    let mut time = Duration::ZERO;
    for batch in events.chunks(BATCH) {
        let mut batch = batch.to_vec();
        let start = clock_gettime(ClockId::ThreadCPUTime);
        for event in &mut batch {
            seen.insert(black_box(rules.classify_and_group(black_box(event)).hashes())[0]);
        }
        let end = clock_gettime(ClockId::ThreadCPUTime);
        time += Duration::try_from(end - start).unwrap_or_default();
    }
    assert_eq!(seen.len(), EVENTS, "all stacks differ");
    time
}

fn main() -> std::io::Result<()> {
    let (mut output, rules) = (std::io::stdout(), Rules::default());
    for (platform, frame) in [
        ("python", python as fn(usize, usize) -> Value),
        ("javascript", javascript),
    ] {
        let events = events(platform, frame);
        let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| round(&events, &rules)).collect();
        rounds.sort();
        let each = rounds[ROUNDS / 2].as_secs_f64() / EVENTS as f64;
        let frame = each * 1e9 / FRAMES as f64;
        writeln!(
            output,
            "{platform}: {:.0} events/s, {frame:.0} ns/frame",
            1.0 / each
        )?;
    }
    Ok(())
}
