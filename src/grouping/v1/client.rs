//! What the client said of a frame, where rules overruled it: so that an event that is kept can be looked at again by
//! other rules as if it had just come.

use serde_json::{Map, Value};

use crate::protocol::event::Frame;

/// Where it is kept in the data of a frame, under Sentry's name.
const KEY: &str = "client_in_app";

/// What the client said of a frame, whatever rules said of it before.
pub(super) fn said(frame: &Frame) -> Option<bool> {
    let kept = frame.data.as_ref().and_then(|data| data.get(KEY)?.as_bool());
    kept.or(frame.in_app)
}

/// Says whether a frame belongs to the program, and keeps what the client said if that was otherwise. To be silent
/// and to say no is the same to all rules.
pub(super) fn overrule(frame: &mut Frame, is_in_app: bool) {
    let said = said(frame) == Some(true);
    frame.in_app = Some(is_in_app);
    if said == is_in_app {
        forget(frame);
    } else if let Some(data) = data(frame) {
        data.insert(KEY.to_owned(), Value::Bool(said));
    }
}

fn forget(frame: &mut Frame) {
    let data = frame.data.as_mut().and_then(Value::as_object_mut);
    if data.is_some_and(|data| data.remove(KEY).is_some() && data.is_empty()) {
        frame.data = None;
    }
}

/// The data of a frame, if it has a shape that something can be added to.
fn data(frame: &mut Frame) -> Option<&mut Map<String, Value>> {
    let data = frame.data.get_or_insert(Value::Null);
    if data.is_null() {
        *data = Value::Object(Map::new());
    }
    data.as_object_mut()
}

#[cfg(test)]
mod tests {
    use crate::grouping::Rules;
    use crate::protocol::event::Event;
    use serde_json::json;

    #[test]
    fn rules_see_an_event_that_is_kept_as_it_came() {
        let rules = |text| Rules::parse(text, "").unwrap();
        let texts = [
            "",
            "function:a -app",
            "function:b +app",
            "app:yes -app",
            "function:c +app\napp:no -group",
        ];
        let event = json!({"platform": "python", "exception": {"type": "E", "stacktrace": {"frames": [
            {"function": "a", "in_app": true}, {"function": "b", "in_app": false},
            {"function": "c", "data": {"x": 1}}, {"function": "d", "in_app": true, "data": null},
        ]}}});
        let fresh = |text| {
            let mut event = Event::from_value(event.clone()).unwrap();
            rules(text).classify(&mut event);
            event
        };
        for before in texts {
            let kept = fresh(before).to_vec();
            for after in texts {
                let mut event = Event::parse(&kept).unwrap();
                rules(after).classify(&mut event);
                assert_eq!(
                    event.to_vec(),
                    fresh(after).to_vec(),
                    "{before:?}, then {after:?}"
                );
            }
        }
    }
}
