//! Messages: a text, or a template with its parameters.

use serde_json::{Map, Value};

use super::read::{Place, any, interface, json_text, scalar_text};

/// Longest message, in characters.
const MESSAGE_CHARS: usize = 8192;

interface! {
    /// A message.
    pub struct LogEntry {
        /// The template, if it differs from the text: it is the same for all events of one kind.
        message: Option<String> = "message" => json_text::<MESSAGE_CHARS>;
        /// The text for people.
        formatted: Option<String> = "formatted" => json_text::<MESSAGE_CHARS>;
        /// What was put into the template: a list or an object.
        params: Option<Value> = "params" => any::<4, { 16 * 1024 }>;
    }
}

impl LogEntry {
    /// Reads a message: an object, a text, or anything else as its JSON. `false` means none.
    pub(super) fn read(value: Value, at: &mut Place) -> Option<Self> {
        let mut entry = match value {
            Value::Bool(false) => return None,
            object @ Value::Object(_) => Self::read_members(object, at)?,
            other => Self {
                formatted: json_text::<MESSAGE_CHARS>(other, at),
                ..Self::default()
            },
        };
        entry.params = entry
            .params
            .filter(|params| params.is_array() || params.is_object());
        entry.settle();
        (entry.formatted.is_some() || entry.message.is_some()).then_some(entry)
    }

    /// The text for people, else the template.
    pub fn text(&self) -> &str {
        self.formatted
            .as_deref()
            .or(self.message.as_deref())
            .unwrap_or_default()
    }

    /// What is the same for all events of one kind: the template, else the text.
    pub fn template(&self) -> &str {
        self.message
            .as_deref()
            .or(self.formatted.as_deref())
            .unwrap_or_default()
    }

    /// Takes over what another way of saying the same says in addition.
    pub(super) fn complete(&mut self, message: Self) {
        if self.message.is_none() && self.formatted.is_none() {
            *self = message;
        }
    }

    fn settle(&mut self) {
        self.message = self.message.take().filter(|message| !message.is_empty());
        self.formatted = self.formatted.take().filter(|formatted| !formatted.is_empty());
        if self.formatted.is_none() {
            let template = self.message.as_deref();
            self.formatted = template.map(|template| match &self.params {
                Some(params) => interpolate(template, params),
                None => template.to_owned(),
            });
        }
        if self.message == self.formatted {
            self.message = None;
        }
    }
}

/// Puts parameters into the places of a template: `%s` and its relatives, `%(name)s`, `{}`, `{0}` and
/// `{name}`. Places without a parameter stay as they are.
fn interpolate(template: &str, params: &Value) -> String {
    let mut text = String::new();
    let mut rest = template;
    let mut position = 0;
    while let Some(start) = rest.find(['%', '{']) {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        let place = if rest.starts_with('%') {
            percent(rest)
        } else {
            braces(rest)
        };
        let value = match place {
            Some((_, "")) => params.get(position).inspect(|_| position += 1),
            Some((_, name)) => name
                .parse()
                .map_or_else(|_| params.get(name), |index: usize| params.get(index)),
            None => None,
        };
        let length = match (place, value) {
            (Some((length, _)), Some(value)) => {
                text.push_str(&scalar_text(value).unwrap_or_else(|| value.to_string()));
                length
            }
            _ => {
                text.push_str(&rest[..1]);
                if rest.starts_with("%%") { 2 } else { 1 }
            }
        };
        rest = &rest[length..];
        if text.len() > 4 * MESSAGE_CHARS {
            break;
        }
    }
    text.push_str(rest);
    text.chars().take(MESSAGE_CHARS).collect()
}

/// The length and the name of a place like `%s`, `%.2f` or `%(name)d`.
fn percent(rest: &str) -> Option<(usize, &str)> {
    let (name, skip) = match rest[1..]
        .strip_prefix('(')
        .and_then(|inner| inner.split_once(')'))
    {
        Some((name, _)) => (name, name.len() + 3),
        None => ("", 1),
    };
    let flags = rest[skip..]
        .bytes()
        .take_while(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'#'))
        .count();
    let kind = rest[skip + flags..].chars().next()?;
    matches!(
        kind,
        's' | 'd' | 'i' | 'u' | 'f' | 'g' | 'e' | 'x' | 'X' | 'o' | 'r' | 'c' | 'v' | 'j' | 'O'
    )
    .then_some((skip + flags + 1, name))
}

/// The length and the name of a place like `{}`, `{0}` or `{name}`.
fn braces(rest: &str) -> Option<(usize, &str)> {
    let (name, _) = rest[1..].split_once('}')?;
    let is_name = name.len() <= 64
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    is_name.then_some((name.len() + 2, name))
}

/// An entry that consists of its text.
impl From<&str> for LogEntry {
    fn from(text: &str) -> Self {
        Self {
            formatted: Some(text.to_owned()),
            params: None,
            message: None,
            other: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn templates_take_their_parameters() {
        for (template, params, text) in [
            ("hello %s", json!(["cli"]), "hello cli"),
            ("%d of %5.2f %%, %s", json!([1, 2.5]), "1 of 2.5 %, %s"),
            (
                "%(user)s has {count} {what}",
                json!({"user": "ann", "count": 2}),
                "ann has 2 {what}",
            ),
            ("{} and {1} and {0}", json!(["a", "b"]), "a and b and a"),
            ("100% { } {é} %", json!(["x"]), "100% { } {é} %"),
            ("%s", json!([{"a": 1}]), "{\"a\":1}"),
        ] {
            assert_eq!(interpolate(template, &params), text, "{template}");
        }
    }

    #[test]
    fn a_bomb_of_places_is_bounded() {
        let template = "{0}".repeat(2000);
        assert_eq!(
            interpolate(&template, &json!(["x".repeat(10_000)])).len(),
            MESSAGE_CHARS
        );
    }

    #[test]
    fn every_shape_of_a_message_is_read() {
        let read = |value| LogEntry::read(value, &mut Place::default());
        assert_eq!(read(json!("hi")).unwrap().text(), "hi");
        assert_eq!(read(json!({"message": "hi"})).unwrap(), LogEntry::from("hi"));
        let both = read(json!({"message": "hi %s", "params": ["you"]})).unwrap();
        assert_eq!((both.template(), both.text()), ("hi %s", "hi you"));
        assert_eq!(read(json!(["hi", 7])).unwrap().text(), "[\"hi\",7]");
        for nothing in [json!(false), json!({}), json!({"params": [1]})] {
            assert_eq!(read(nothing), None);
        }
    }
}
