//! How fast events are grouped: events a second on one core, and nanoseconds a frame.
//!
//! Grouping alone, with the frames classified before, on stacks of 30 frames. Reads and writes nothing.

use std::hint::black_box;
use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tripline::grouping::{classify, group};
use tripline::protocol::event::Event;

const FRAMES: usize = 30;
const EVENTS: usize = 500;
const TIME: Duration = Duration::from_secs(2);

fn python(event: usize, at: usize) -> Value {
    let (path, is_in_app) = match at % 3 {
        0 => ("/srv/tea/kitchen/pot.py", true),
        1 => ("/venv/lib/python3.12/site-packages/flask/app.py", false),
        _ => (
            "/venv/lib/python3.12/site-packages/django/core/handlers/base.py",
            false,
        ),
    };
    json!({"function": format!("brew_{}", (at + event) % 40), "module": format!("kitchen.pot{at}"), "filename": &path[5..],
        "abs_path": path, "lineno": at + event, "context_line": "        return self.pour(cup, tea=tea)", "in_app": is_in_app})
}

fn javascript(event: usize, at: usize) -> Value {
    let (path, is_in_app) = match at % 3 {
        0 => ("webpack:///./src/components/kitchen/Pot.tsx", true),
        1 => (
            "webpack:///./node_modules/react-dom/cjs/react-dom.production.min.js",
            false,
        ),
        _ => ("https://tea.example/static/js/main.7622a1ce.js", true),
    };
    json!({"function": format!("Object.brew{}", (at + event) % 40), "filename": path, "abs_path": path, "lineno": at + event,
        "colno": 17, "context_line": "    const cup = await pour(tea);", "in_app": is_in_app})
}

fn events(platform: &str, frame: fn(usize, usize) -> Value) -> Vec<Event> {
    let event = |number: usize| {
        let frames: Vec<Value> = (0..FRAMES).map(|at| frame(number, at)).collect();
        let exception = json!({"type": "TeaError", "value": format!("no tea for guest {number}"), "stacktrace": {"frames": frames}});
        let mut event =
            Event::from_value(json!({"platform": platform, "exception": [exception]})).unwrap_or_default();
        classify(&mut event);
        event
    };
    (0..EVENTS).map(event).collect()
}

fn main() -> std::io::Result<()> {
    let mut output = std::io::stdout();
    for (platform, frame) in [
        ("python", python as fn(usize, usize) -> Value),
        ("javascript", javascript),
    ] {
        let events = events(platform, frame);
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < TIME {
            events.iter().for_each(|event| {
                black_box(group(black_box(event)).hashes());
            });
            count += EVENTS as u32;
        }
        let each = start.elapsed().as_secs_f64() / f64::from(count);
        let frame = each * 1e9 / FRAMES as f64;
        writeln!(
            output,
            "{platform}: {:.0} events/s, {frame:.0} ns/frame",
            1.0 / each
        )?;
    }
    Ok(())
}
