//! A message to try a channel with: it looks like a real one, and says that it is none.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Kind, Links, Message, Told};
use crate::protocol::ids::ProjectId;
use crate::protocol::level::Level;

impl Message {
    /// A message that tells of nothing. `base` is the address of this installation without a slash at the end.
    pub fn sample(base: &str, now: Timestamp) -> Self {
        let key = format!("tripline/test/{}", now.as_microsecond());
        Self {
            id: format!("test-{}", now.as_microsecond()),
            kind: Kind::Problem,
            time: now.to_zoned(TimeZone::UTC),
            project: ProjectId(0),
            slug: "sample".to_owned(),
            project_name: "Sample".to_owned(),
            title: "[Sample] Test: messages from Tripline arrive here".to_owned(),
            headline: "Somebody sent a test: nothing is wrong.".to_owned(),
            level: Level::Info,
            rule: "Test".to_owned(),
            rule_url: format!("{base}/alerts/rules"),
            also: Vec::new(),
            released: None,
            held: None,
            causes: vec![Told {
                key: key.clone(),
                ..told(base, now)
            }],
            total: 1,
            key,
            url: base.to_owned(),
        }
    }
}

fn told(base: &str, now: Timestamp) -> Told {
    let open = base.to_owned();
    Told {
        why: "SAMPLE-1 is an example".to_owned(),
        name: "SAMPLE-1".to_owned(),
        title: "TeaError: the pot is empty".to_owned(),
        culprit: Some("tea.pot in brew".to_owned()),
        level: Some(Level::Info),
        release: Some("sample@1.0.0".to_owned()),
        environment: Some("production".to_owned()),
        first_seen: Some(now.to_zoned(TimeZone::UTC)),
        events: 42,
        users: 7,
        frames: ["tea/pot.py:7 in brew", "tea/shop.py:31 in serve"]
            .map(str::to_owned)
            .into(),
        hours: vec![
            0, 0, 0, 0, 0, 1, 1, 0, 0, 2, 1, 0, 0, 1, 3, 2, 1, 0, 0, 4, 8, 11, 5, 2,
        ],
        links: Some(Links {
            resolve: open.clone(),
            assign: open.clone(),
            archive: open.clone(),
            open,
        }),
        ..Told::default()
    }
}
