//! Record: what the model keeps of an event.

use super::tags;
use crate::grouping::Names;
use crate::model::{EventRecord, GroupHash, NewEvent, title};
use crate::protocol::category::DataCategory;
use crate::protocol::event::{Event, EventType};
use crate::protocol::ids::EventId;
use crate::store::journal::Head;

/// The record of an event, and its payload in canonical form.
pub(super) fn record(
    id: EventId,
    event: Event,
    names: Names,
    category: DataCategory,
    head: &Head,
) -> NewEvent {
    let payload = event.to_vec().into();
    let tags = tags::tags(&event);
    let record = EventRecord {
        project: head.project,
        id,
        category,
        timestamp: event.timestamp.unwrap_or(head.received),
        received: head.received,
        hashes: names.hashes.iter().map(|hash| GroupHash(hash.0)).collect(),
        grouping: names.config.as_str().to_owned(),
        title: names.title.unwrap_or_else(|| title::title(&event)),
        culprit: title::culprit(&event),
        metadata: title::metadata(&event),
        level: event.level.unwrap_or_default(),
        event_type: event.ty.unwrap_or(EventType::Default).as_str().to_owned(),
        unhandled: event.is_unhandled(),
        user: event.user.as_ref().and_then(|user| user.key()),
        platform: event.platform.unwrap_or_default(),
        logger: event.logger,
        release: event.release,
        environment: event.environment,
        tags: tags
            .iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect(),
    };
    NewEvent { record, payload }
}
