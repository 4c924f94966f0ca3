//! The parts of an event that people read, in the order in which pages show them.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::http::api::shape::{
    Breadcrumb, Breadcrumbs, Entry, Exceptions, Frame, Message, Request, StackTrace, Thread, Threads, Thrown,
};
use crate::protocol::event;
use crate::protocol::level::Level;

/// The parts that the event has.
pub(super) fn entries(event: &event::Event) -> Vec<Entry> {
    let object = |map: &Map<String, Value>| (!map.is_empty()).then(|| Value::Object(map.clone()));
    [
        event
            .logentry
            .as_ref()
            .map(|entry| Entry::Message(message(entry))),
        (!event.exception.is_empty()).then(|| Entry::Exception(exceptions(&event.exception))),
        event
            .stacktrace
            .as_ref()
            .map(|trace| Entry::Stacktrace(stack_trace(trace))),
        (!event.threads.is_empty()).then(|| Entry::Threads(threads(&event.threads))),
        object(&event.template).map(Entry::Template),
        event.csp.as_ref().map(|csp| Entry::Csp(json(csp))),
        object(&event.hpkp).map(Entry::Hpkp),
        object(&event.expectct).map(Entry::Expectct),
        object(&event.expectstaple).map(Entry::Expectstaple),
        (!event.breadcrumbs.is_empty()).then(|| Entry::Breadcrumbs(breadcrumbs(&event.breadcrumbs))),
        event.request.as_ref().map(|it| Entry::Request(request(it))),
        event.debug_meta.as_ref().map(|meta| Entry::Debugmeta(json(meta))),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn message(entry: &event::LogEntry) -> Message {
    Message {
        formatted: entry.text().to_owned(),
        message: Some(entry.template().to_owned()),
        params: entry.params.clone(),
    }
}

fn exceptions(values: &[event::Exception]) -> Exceptions {
    let values: Vec<_> = values.iter().map(thrown).collect();
    let has_system_frames = values
        .iter()
        .filter_map(|it| it.stacktrace.as_ref())
        .any(|it| it.has_system_frames);
    Exceptions {
        values,
        has_system_frames,
        exc_omitted: None,
    }
}

fn thrown(exception: &event::Exception) -> Thrown {
    Thrown {
        kind: exception.ty.clone(),
        value: exception.value.clone(),
        module: exception.module.clone(),
        mechanism: exception.mechanism.as_ref().map(json),
        thread_id: exception.thread_id.clone(),
        stacktrace: exception.stacktrace.as_ref().map(stack_trace),
        raw_stacktrace: exception.raw_stacktrace.as_ref().map(stack_trace),
    }
}

fn stack_trace(trace: &event::Stacktrace) -> StackTrace {
    StackTrace {
        frames: trace.frames.iter().map(frame).collect(),
        frames_omitted: None,
        registers: filled(&trace.registers),
        has_system_frames: trace.frames.iter().any(|frame| frame.in_app != Some(true)),
    }
}

fn frame(frame: &event::Frame) -> Frame {
    Frame {
        filename: frame.filename.clone(),
        abs_path: frame.abs_path.clone(),
        function: frame.function.clone(),
        raw_function: frame.raw_function.clone(),
        module: frame.module.clone(),
        package: frame.package.clone(),
        platform: frame.platform.clone(),
        line_no: frame.lineno,
        col_no: frame.colno,
        in_app: frame.in_app == Some(true),
        context: context(frame),
        vars: filled(&frame.vars),
        instruction_addr: frame.instruction_addr.clone(),
        symbol_addr: frame.symbol_addr.clone(),
        data: frame.data.clone(),
    }
}

/// Source lines with their numbers: those before the call end just above it.
fn context(frame: &event::Frame) -> Vec<(u64, String)> {
    let (Some(line), Some(text)) = (frame.lineno, &frame.context_line) else {
        return Vec::new();
    };
    let first = line.saturating_sub(frame.pre_context.len() as u64);
    let before = (first..line).zip(&frame.pre_context);
    let after = (line.saturating_add(1)..).zip(&frame.post_context);
    before
        .chain([(line, text)])
        .chain(after)
        .map(|(number, text)| (number, text.clone()))
        .collect()
}

fn threads(values: &[event::Thread]) -> Threads {
    let thread = |thread: &event::Thread| Thread {
        id: thread.id.clone(),
        name: thread.name.clone(),
        crashed: thread.crashed,
        current: thread.current,
        state: thread.state.clone(),
        stacktrace: thread.stacktrace.as_ref().map(stack_trace),
    };
    Threads {
        values: values.iter().map(thread).collect(),
    }
}

fn request(request: &event::Request) -> Request {
    let pairs = |pairs: &event::Pairs| {
        pairs
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect::<Vec<_>>()
    };
    Request {
        url: request.url.clone(),
        method: request.method.clone(),
        query: pairs(&request.query_string),
        data: request.data.clone(),
        headers: pairs(&request.headers),
        cookies: pairs(&request.cookies),
        env: filled(&request.env),
        fragment: request.fragment.clone(),
        inferred_content_type: request.inferred_content_type.clone(),
    }
}

fn breadcrumbs(values: &[event::Breadcrumb]) -> Breadcrumbs {
    let breadcrumb = |crumb: &event::Breadcrumb| Breadcrumb {
        timestamp: crumb.timestamp,
        kind: crumb.ty.clone().unwrap_or_else(|| "default".to_owned()),
        category: crumb.category.clone(),
        level: crumb.level.map_or("info", Level::as_str),
        message: crumb.message.clone(),
        data: filled(&crumb.data),
        event_id: crumb
            .other
            .get("event_id")
            .and_then(Value::as_str)
            .map(str::to_owned),
    };
    Breadcrumbs {
        values: values.iter().map(breadcrumb).collect(),
    }
}

fn filled(map: &Map<String, Value>) -> Option<Value> {
    (!map.is_empty()).then(|| Value::Object(map.clone()))
}

/// Whatever is kept of it under its names on the wire. Its keys are texts, so that this cannot fail.
fn json(part: &impl Serialize) -> Value {
    serde_json::to_value(part).unwrap_or_default()
}
