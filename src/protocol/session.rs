//! Sessions: how often a program ran, and how it ended.
//!
//! A `session` item is the newest state of one session, a `sessions` item counts many that ended:
//!
//! ```json
//! {"sid":"7908615f4b2d462b9b682d58c49fff3c","init":true,"started":"2026-11-21T03:07:54.416Z","status":"ok","errors":1,
//!  "did":"42","attrs":{"release":"shop@1.2.3","environment":"staging","ip_address":"{{auto}}"}}
//! {"aggregates":[{"started":"2026-11-21T03:08:00.000Z","exited":0,"errored":1}],"attrs":{"release":"shop@1.2.3"}}
//! ```
//!
//! Reads; does not judge whether a time is plausible, and makes no identifier up. Addresses and user agents are passed
//! over, since nothing is kept of them, whatever they look like.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{json, name, timestamp};

/// Groups read from one item; the rest is passed over. SDKs send one a minute.
const MAX_GROUPS: usize = 5_000;
/// Most that one group can count: it would take billions of full items to overflow their sum.
const MAX_COUNT: u64 = 1 << 24;
/// Longest identifier of a user that is told from others, in characters.
const USER_CHARS: usize = 200;

/// Why what was sent is no session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No JSON object, or a sequence number that means that no update can follow.
    #[error("not a session")]
    NotASession,
    /// It does not say when it began.
    #[error("a session needs the time when it started")]
    Started,
    /// How it stands is a word that nobody knows.
    #[error("unknown status of a session")]
    Status,
    /// Without a release there is nothing to count it for.
    #[error("a session needs a valid release")]
    Release,
}

/// What tells a session from all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

/// How a session stands. In the order in which one outweighs another that came at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SessionStatus {
    /// It goes on.
    #[default]
    Ok,
    /// It ended as it should.
    Exited,
    /// It ended, and there were errors.
    Errored,
    /// An error reached nobody who would have caught it, and the program went on.
    Unhandled,
    /// It ended without having been ended: it hung, or lost its power.
    Abnormal,
    /// The program crashed.
    Crashed,
}

impl SessionStatus {
    /// Whether nothing can follow.
    pub fn is_terminal(self) -> bool {
        self != Self::Ok
    }

    /// Whether something went wrong.
    pub fn is_error(self) -> bool {
        !matches!(self, Self::Ok | Self::Exited)
    }

    fn from_word(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "ok" => Self::Ok,
            "exited" => Self::Exited,
            "errored" => Self::Errored,
            "unhandled" => Self::Unhandled,
            "abnormal" => Self::Abnormal,
            "crashed" => Self::Crashed,
            _ => return None,
        })
    }
}

/// What a session ran.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionAttributes {
    /// A valid version.
    pub release: String,
    /// A valid name, if there was one.
    pub environment: Option<String>,
}

/// The newest state of one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionUpdate {
    /// Which; none when the client did not say.
    pub id: Option<SessionId>,
    /// Whose; none for nobody in particular.
    pub user: Option<String>,
    /// Orders the updates of a session; 0 for its first one, none when the client does not number them.
    pub sequence: Option<u64>,
    /// When it was as it says.
    pub timestamp: Option<Timestamp>,
    /// When it began.
    pub started: Timestamp,
    /// How it stands.
    pub status: SessionStatus,
    /// How many errors it has met so far.
    pub errors: u64,
    /// What it ran.
    pub attributes: SessionAttributes,
}

/// Sessions that began in the same minute, and ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionGroup {
    /// When they began.
    pub started: Timestamp,
    /// Whose they were; none for nobody in particular.
    pub user: Option<String>,
    /// How many ended well.
    pub exited: u64,
    /// How many met an error and ended well all the same.
    pub errored: u64,
    /// How many had an error that nobody caught.
    pub unhandled: u64,
    /// How many never said that they ended.
    pub abnormal: u64,
    /// How many crashed.
    pub crashed: u64,
}

/// Reads the payload of a `session` item.
pub fn update(payload: &[u8]) -> Result<SessionUpdate, Error> {
    let session = object(payload)?;
    let sequence = session.get("seq").and_then(Value::as_u64);
    if sequence == Some(u64::MAX) {
        return Err(Error::NotASession);
    }
    let is_first = session.get("init").and_then(Value::as_bool) == Some(true);
    let status = match session.get("status") {
        None | Some(Value::Null) => SessionStatus::Ok,
        Some(word) => word
            .as_str()
            .and_then(SessionStatus::from_word)
            .ok_or(Error::Status)?,
    };
    Ok(SessionUpdate {
        id: session.get("sid").and_then(id),
        user: session.get("did").and_then(user),
        sequence: if is_first { Some(0) } else { sequence },
        timestamp: session.get("timestamp").and_then(timestamp::read),
        started: started(&session)?,
        status,
        errors: count(&session, "errors"),
        attributes: attributes(&session)?,
    })
}

/// Reads the payload of a `sessions` item. A group that does not say when it began is passed over.
pub fn groups(payload: &[u8]) -> Result<(Vec<SessionGroup>, SessionAttributes), Error> {
    let sessions = object(payload)?;
    let attributes = attributes(&sessions)?;
    let groups = sessions
        .get("aggregates")
        .and_then(Value::as_array)
        .ok_or(Error::NotASession)?;
    let groups: Vec<_> = groups.iter().take(MAX_GROUPS).filter_map(group).collect();
    if groups.is_empty() {
        return Err(Error::Started);
    }
    Ok((groups, attributes))
}

fn group(group: &Value) -> Option<SessionGroup> {
    Some(SessionGroup {
        started: started(group).ok()?,
        user: group.get("did").and_then(user),
        exited: count(group, "exited"),
        errored: count(group, "errored"),
        unhandled: count(group, "unhandled"),
        abnormal: count(group, "abnormal"),
        crashed: count(group, "crashed"),
    })
}

fn object(payload: &[u8]) -> Result<Value, Error> {
    json::read(payload)
        .ok()
        .filter(Value::is_object)
        .ok_or(Error::NotASession)
}

fn started(object: &Value) -> Result<Timestamp, Error> {
    object
        .get("started")
        .and_then(timestamp::read)
        .ok_or(Error::Started)
}

fn count(object: &Value, key: &str) -> u64 {
    object
        .get(key)
        .and_then(Value::as_u64)
        .unwrap_or_default()
        .min(MAX_COUNT)
}

/// Any spelling of a UUID. Another text, which no SDK sends, still tells a session from others.
fn id(value: &Value) -> Option<SessionId> {
    let text = value.as_str()?.trim();
    let id = match Uuid::try_parse(text) {
        Ok(id) => id,
        Err(_) if text.is_empty() => return None,
        Err(_) => SessionId::of(text.as_bytes()).0,
    };
    (!id.is_nil()).then_some(SessionId(id))
}

impl SessionId {
    /// The identifier of what has none but can be told from others by these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        use sha2::{Digest as _, Sha256};
        let mut id = [0; 16];
        id.copy_from_slice(&Sha256::digest(bytes)[..16]);
        Self(Uuid::from_bytes(id))
    }
}

/// The nil UUID stands for nobody.
fn user(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.trim().chars().take(USER_CHARS).collect(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_nobody = text.is_empty() || Uuid::try_parse(&text).is_ok_and(|id| id.is_nil());
    (!is_nobody).then_some(text)
}

fn attributes(session: &Value) -> Result<SessionAttributes, Error> {
    let attribute = |key: &str| match session.get("attrs")?.get(key)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let release = attribute("release").unwrap_or_default();
    let release = name::release(&release)
        .ok()
        .flatten()
        .ok_or(Error::Release)?
        .to_owned();
    let environment = attribute("environment").unwrap_or_default();
    let environment = name::environment(&environment).ok().flatten().map(str::to_owned);
    Ok(SessionAttributes { release, environment })
}

#[cfg(test)]
mod tests;
