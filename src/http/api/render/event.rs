//! Events and the files that came with them.

use std::collections::BTreeMap;

use super::entry::entries;
use super::issue::metadata;
use crate::http::api::shape::{Attachment, Event, EventSummary, EventTag, EventUser, Remark, Sdk, Version};
use crate::model::{self, StoredEvent};
use crate::protocol::event;
use crate::protocol::ids::EventId;

/// A whole event. A payload that cannot be read any more leaves what its record says.
pub(in crate::http::api) fn event(
    stored: &StoredEvent,
    previous: Option<EventId>,
    next: Option<EventId>,
) -> Event {
    let StoredEvent {
        issue,
        record,
        payload,
    } = stored;
    let told = event::Event::parse(payload).unwrap_or_default();
    Event {
        id: record.id.to_string(),
        event_id: record.id.to_string(),
        group_id: issue.0.to_string(),
        project_id: record.project.to_string(),
        title: record.title.clone(),
        message: message(&told),
        culprit: record.culprit.clone(),
        location: record.metadata.filename.clone(),
        platform: record.platform.clone(),
        kind: record.event_type.clone(),
        level: record.level.as_str(),
        date_created: record.timestamp,
        date_received: record.received,
        size: payload.len() as u64,
        tags: tags(record),
        user: told.user.as_ref().map(user),
        contexts: told
            .contexts
            .iter()
            .map(|(name, it)| (name.to_owned(), it.clone().into()))
            .collect(),
        packages: told.modules.clone(),
        sdk: told.sdk.as_ref().and_then(sdk),
        release: record.release.clone().map(|version| Version { version }),
        dist: told.dist.clone(),
        environment: record.environment.clone(),
        entries: entries(&told),
        errors: told.errors.iter().map(remark).collect(),
        fingerprints: record.hashes.iter().map(ToString::to_string).collect(),
        metadata: metadata(&record.metadata, &record.title),
        occurrence: None,
        next_event_id: next.map(|id| id.to_string()),
        previous_event_id: previous.map(|id| id.to_string()),
        context: told.extra.into_iter().collect(),
    }
}

/// An event in a list.
pub(in crate::http::api) fn event_summary(stored: &StoredEvent) -> EventSummary {
    let StoredEvent {
        issue,
        record,
        payload,
    } = stored;
    let told = event::Event::parse(payload).unwrap_or_default();
    EventSummary {
        id: record.id.to_string(),
        event_id: record.id.to_string(),
        group_id: issue.0.to_string(),
        project_id: record.project.to_string(),
        title: record.title.clone(),
        message: message(&told),
        platform: record.platform.clone(),
        date_created: record.timestamp,
        date_received: record.received,
        tags: tags(record),
        user: told.user.as_ref().map(user),
        release: record.release.clone(),
        environment: record.environment.clone(),
        kind: record.event_type.clone(),
    }
}

/// A file that came with an event.
pub(in crate::http::api) fn attachment(file: &model::Attachment) -> Attachment {
    let mimetype = file
        .content_type
        .clone()
        .unwrap_or_else(|| "application/octet-stream".to_owned());
    Attachment {
        id: file.number.to_string(),
        event_id: file.event.to_string(),
        name: file.name.clone(),
        kind: file.kind.clone(),
        size: file.size,
        sha1: None,
        sha256: file.blob.to_string(),
        date_created: file.received,
        headers: BTreeMap::from([("Content-Type", mimetype.clone())]),
        mimetype,
    }
}

fn message(told: &event::Event) -> String {
    told.logentry
        .as_ref()
        .map(|entry| entry.text().to_owned())
        .unwrap_or_default()
}

fn tags(record: &model::EventRecord) -> Vec<EventTag> {
    record
        .tags
        .iter()
        .map(|(key, value)| EventTag {
            key: key.clone(),
            value: value.clone(),
        })
        .collect()
}

fn user(user: &event::User) -> EventUser {
    EventUser {
        id: user.id.clone(),
        email: user.email.clone(),
        username: user.username.clone(),
        name: user.name.clone(),
        ip_address: user.ip_address.clone(),
        data: user.data.clone().into_iter().collect(),
    }
}

fn sdk(sdk: &event::Sdk) -> Option<Sdk> {
    let name = sdk.name.clone()?;
    Some(Sdk {
        name,
        version: sdk.version.clone().unwrap_or_default(),
    })
}

fn remark(remark: &event::Remark) -> Remark {
    Remark {
        kind: remark.kind.as_str(),
        name: remark.path.rsplit('.').next().unwrap_or_default().to_owned(),
        path: remark.path.clone(),
        message: remark.detail.clone(),
        data: BTreeMap::new(),
    }
}
