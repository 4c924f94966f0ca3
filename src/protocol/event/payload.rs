//! The event itself: its top level, and what ties its members together.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::read::{Place, RemarkKind, any, bag, interface, list, scalar, text, timestamp, values};
use super::{
    Breadcrumb, Contexts, Csp, DebugMeta, Error, EventType, Exception, LogEntry, Remark, Request, Sdk,
    Stacktrace, Tags, Thread, User, Values, fields,
};
use crate::protocol::ids::EventId;
use crate::protocol::json;
use crate::protocol::level::Level;

interface! {
    /// An error, a message or a security report.
    pub struct Event {
        /// The id in the payload; that in the envelope header wins over it.
        event_id: Option<EventId> = "event_id" => fields::event_id;
        /// What kind of event it is. Only `transaction` and `feedback` are taken from the client.
        ty: Option<EventType> = "type" => EventType::read;
        /// When it happened.
        timestamp: Option<Timestamp> = "timestamp" => timestamp;
        /// When a transaction started.
        start_timestamp: Option<Timestamp> = "start_timestamp" => timestamp;
        /// When it was received. What a client says here is overwritten.
        received: Option<Timestamp> = "received" => timestamp;
        /// How bad it is.
        level: Option<Level> = "level" => fields::level;
        /// What the program is written in, such as `python`; decides how frames are read.
        platform: Option<String> = "platform" => text::<64>;
        /// The name of the logger that made the event.
        logger: Option<String> = "logger" => fields::single_line::<64>;
        /// The place in the program, such as a route or a task.
        transaction: Option<String> = "transaction" => fields::trimmed::<200>;
        /// The place in the code; computed when absent.
        culprit: Option<String> = "culprit" => fields::trimmed::<200>;
        /// The name of the machine.
        server_name: Option<String> = "server_name" => scalar::<256>;
        /// The name of the site; an old name for a part of a server.
        site: Option<String> = "site" => scalar::<200>;
        /// The version of the program.
        release: Option<String> = "release" => fields::release;
        /// The build of that version.
        dist: Option<String> = "dist" => fields::dist;
        /// Where it runs, such as `production`.
        environment: Option<String> = "environment" => fields::environment;
        /// Packages that are installed, with their versions.
        modules: BTreeMap<String, String> = "modules" => fields::modules;
        /// What the client wants the event to be grouped by.
        fingerprint: Vec<String> = "fingerprint" => fields::fingerprint;
        /// Searchable labels.
        tags: Tags = "tags" => Tags::read;
        /// Free-form data.
        extra: Map<String, Value> = "extra" => bag::<7, { 256 * 1024 }>;
        /// What surrounds the event: device, runtime, trace and others.
        contexts: Contexts = "contexts" | "sentry.interfaces.Contexts" => Contexts::read;
        /// Who was affected.
        user: Option<User> = "user" | "sentry.interfaces.User" => User::read;
        /// The HTTP request during which it happened.
        request: Option<Request> = "request" | "sentry.interfaces.Http" => Request::read;
        /// What happened before, oldest first.
        breadcrumbs: Values<Breadcrumb> = "breadcrumbs" | "sentry.interfaces.Breadcrumbs" =>
            values::<_, 0, 500>(Breadcrumb::read);
        /// The chain of exceptions: the oldest cause first, the thrown one last.
        exception: Values<Exception> = "exception" | "sentry.interfaces.Exception" =>
            values::<_, 25, 25>(Exception::read);
        /// Threads that ran at the time.
        threads: Values<Thread> = "threads" => values::<_, 64, 192>(Thread::read);
        /// A stack trace without an exception.
        stacktrace: Option<Stacktrace> = "stacktrace" | "sentry.interfaces.Stacktrace" => Stacktrace::read;
        /// The message.
        logentry: Option<LogEntry> = "logentry" | "sentry.interfaces.Message" => LogEntry::read;
        /// What is needed to find source code.
        debug_meta: Option<DebugMeta> = "debug_meta" => DebugMeta::read;
        /// What sent the event.
        sdk: Option<Sdk> = "sdk" => Sdk::read;
        /// A hash that very old clients group by.
        checksum: Option<String> = "checksum" => text::<128>;
        /// A violation of a content security policy.
        csp: Option<Csp> = "csp" | "sentry.interfaces.Csp" => Csp::read;
        /// A violation of public key pinning.
        hpkp: Map<String, Value> = "hpkp" => bag::<5, { 16 * 1024 }>;
        /// A violation of certificate transparency.
        expectct: Map<String, Value> = "expectct" => bag::<5, { 16 * 1024 }>;
        /// A violation of certificate stapling.
        expectstaple: Map<String, Value> = "expectstaple" => bag::<5, { 16 * 1024 }>;
        /// The place in a template.
        template: Map<String, Value> = "template" | "sentry.interfaces.Template" => bag::<3, { 16 * 1024 }>;
        /// What was changed or lost on the way here.
        errors: Vec<Remark> = "errors" => list::<_, 0, 100>(Remark::read);
        /// What the client itself says about fields that it cut or filtered.
        meta: Option<Value> = "_meta" => any::<60, { 64 * 1024 }>;
    }
}

impl Event {
    /// Reads an event. Everything but the outermost object may be wrong.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::from_value(json::read(bytes)?)
    }

    /// Reads an event that is JSON already.
    pub fn from_value(value: Value) -> Result<Self, Error> {
        let Value::Object(mut map) = value else {
            return Err(Error::NotAnObject);
        };
        let message = map.remove("message");
        let mut at = Place::default();
        let Some(mut event) = Self::read_members(Value::Object(map), &mut at) else {
            return Err(Error::NotAnObject);
        };
        event.settle(message, &mut at);
        event.errors = at.into_remarks(std::mem::take(&mut event.errors));
        Ok(event)
    }

    /// The canonical JSON, which [`Event::parse`] reads unchanged.
    pub fn to_vec(&self) -> Vec<u8> {
        // Keys are strings and nothing here can fail to serialize; an event without members is the
        // only possible meaning of an error.
        serde_json::to_vec(self).unwrap_or_else(|_| b"{}".to_vec())
    }

    /// Notes something that was changed after reading.
    pub fn remark(&mut self, kind: RemarkKind, path: &str, detail: &str) {
        let mut at = Place::default();
        at.within(path, |at| at.remark(kind, detail, None));
        self.errors = at.into_remarks(std::mem::take(&mut self.errors));
    }

    /// The exception that was thrown: the last of the chain.
    pub fn thrown(&self) -> Option<&Exception> {
        self.exception.last()
    }

    /// Whether an exception of the chain ended the program, or what stands for it.
    pub fn is_unhandled(&self) -> bool {
        self.exception
            .iter()
            .filter_map(|exception| exception.mechanism.as_ref())
            .any(|mechanism| mechanism.handled == Some(false))
    }

    /// Brings together what several members say about the same thing.
    fn settle(&mut self, message: Option<Value>, at: &mut Place) {
        let message = message.filter(|message| !message.is_null());
        if let Some(message) =
            message.and_then(|message| at.within("message", |at| LogEntry::read(message, at)))
        {
            self.logentry.get_or_insert_default().complete(message);
        }
        if let ([only], Some(_)) = (&mut self.exception.values[..], &self.stacktrace)
            && only.stacktrace.is_none()
        {
            only.stacktrace = self.stacktrace.take();
        }
        if self.environment.is_none() {
            let tag = self.tags.remove("environment").map(Value::String);
            self.environment = tag.and_then(|value| at.within("tags", |at| fields::environment(value, at)));
        }
        self.tags.remove("environment");
        self.ty = Some(self.infer_type());
    }

    fn infer_type(&self) -> EventType {
        match self.ty {
            Some(claimed @ (EventType::Transaction | EventType::Feedback)) => claimed,
            _ if !self.exception.is_empty() => EventType::Error,
            _ if self.csp.is_some() => EventType::Csp,
            _ if !self.hpkp.is_empty() => EventType::Hpkp,
            _ if !self.expectct.is_empty() => EventType::ExpectCt,
            _ if !self.expectstaple.is_empty() => EventType::ExpectStaple,
            _ => EventType::Default,
        }
    }
}
