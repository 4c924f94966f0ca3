//! The parts of an event that people read: exceptions, threads, message, request, breadcrumbs.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// One part of an event.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "type", content = "data", rename_all = "lowercase")]
pub enum Entry {
    /// What was thrown, the cause of all first.
    Exception(Exceptions),
    /// A stack trace without an exception.
    Stacktrace(StackTrace),
    /// All threads at that moment.
    Threads(Threads),
    /// A log message.
    Message(Message),
    /// The HTTP request that was being served.
    Request(Request),
    /// What happened before, oldest first.
    Breadcrumbs(Breadcrumbs),
    /// A violated content security policy, as the browser reported it.
    Csp(Value),
    /// Violated public key pinning.
    Hpkp(Value),
    /// Violated certificate transparency.
    Expectct(Value),
    /// Violated certificate stapling.
    Expectstaple(Value),
    /// The template that failed to render.
    Template(Value),
    /// Images and source maps that were loaded.
    Debugmeta(Value),
}

/// A chain of exceptions.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Exceptions {
    /// The cause of all first, the outermost last.
    pub values: Vec<Thrown>,
    /// Whether any frame is not the program's own.
    pub has_system_frames: bool,
    /// First and last index of exceptions that were cut out.
    pub exc_omitted: Option<(u64, u64)>,
}

/// One exception.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Thrown {
    /// Its class.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Its message.
    pub value: Option<String>,
    /// Module of its class.
    pub module: Option<String>,
    /// How it was caught, and where it stands in the chain.
    pub mechanism: Option<Value>,
    /// The thread it was thrown in.
    pub thread_id: Option<String>,
    /// Where it was thrown.
    pub stacktrace: Option<StackTrace>,
    /// The same as the machine saw it, before names were looked up.
    pub raw_stacktrace: Option<StackTrace>,
}

/// Calls, the outermost first.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StackTrace {
    /// The outermost call first, where it happened last.
    pub frames: Vec<Frame>,
    /// First and last index of frames that were cut out.
    pub frames_omitted: Option<(u64, u64)>,
    /// Values of processor registers.
    pub registers: Option<Value>,
    /// Whether any frame is not the program's own.
    pub has_system_frames: bool,
}

/// One call.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    /// File, relative to the program.
    pub filename: Option<String>,
    /// File, complete.
    pub abs_path: Option<String>,
    /// Function.
    pub function: Option<String>,
    /// Function before demangling.
    pub raw_function: Option<String>,
    /// Module.
    pub module: Option<String>,
    /// Library or package.
    pub package: Option<String>,
    /// Platform when it differs from the event's.
    pub platform: Option<String>,
    /// Line, from 1.
    pub line_no: Option<u64>,
    /// Column, from 1.
    pub col_no: Option<u64>,
    /// Whether it is the program's own code.
    pub in_app: bool,
    /// Numbered source lines around the call.
    pub context: Vec<(u64, String)>,
    /// Local variables.
    pub vars: Option<Value>,
    /// Address of the instruction, hex.
    pub instruction_addr: Option<String>,
    /// Address of the symbol, hex.
    pub symbol_addr: Option<String>,
    /// What symbolication found out.
    pub data: Option<Value>,
}

/// Threads at the moment of the event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Threads {
    /// In the SDK's order.
    pub values: Vec<Thread>,
}

/// One thread.
#[derive(Debug, Serialize, ToSchema)]
pub struct Thread {
    /// As the operating system numbers it.
    pub id: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// Whether it is the one that crashed.
    pub crashed: Option<bool>,
    /// Whether it was running.
    pub current: Option<bool>,
    /// What it was doing.
    pub state: Option<String>,
    /// Where it was.
    pub stacktrace: Option<StackTrace>,
}

/// A log message.
#[derive(Debug, Serialize, ToSchema)]
pub struct Message {
    /// With its parameters filled in.
    pub formatted: String,
    /// Before that.
    pub message: Option<String>,
    /// The parameters.
    pub params: Option<Value>,
}

/// An HTTP request.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// Without query and fragment.
    pub url: Option<String>,
    /// Verb.
    pub method: Option<String>,
    /// Names and values in order.
    pub query: Vec<(String, String)>,
    /// The body.
    pub data: Option<Value>,
    /// Names and values in order.
    pub headers: Vec<(String, String)>,
    /// Names and values in order.
    pub cookies: Vec<(String, String)>,
    /// Environment of the server.
    pub env: Option<Value>,
    /// What stands after `#`.
    pub fragment: Option<String>,
    /// What the body seems to be.
    pub inferred_content_type: Option<String>,
}

/// A trail of breadcrumbs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Breadcrumbs {
    /// Oldest first.
    pub values: Vec<Breadcrumb>,
}

/// Something that happened before the event.
#[derive(Debug, Serialize, ToSchema)]
pub struct Breadcrumb {
    /// When.
    pub timestamp: Option<Timestamp>,
    /// `default`, `http`, `navigation` and so on.
    #[serde(rename = "type")]
    pub kind: String,
    /// For example `ui.click`.
    pub category: Option<String>,
    /// `info` unless told otherwise.
    pub level: &'static str,
    /// In words.
    pub message: Option<String>,
    /// Details.
    pub data: Option<Value>,
    /// The event that it stands for.
    pub event_id: Option<String>,
}
