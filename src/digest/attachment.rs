//! Attachments: files that came with an event, before, with or after it.

use sha2::{Digest as _, Sha256};

use super::{Digested, Origin};
use crate::model::{Attachment, BlobId, Outcome};
use crate::protocol::envelope::Item;

/// Longest name, kind and media type that is kept, in characters.
const NAME_CHARS: usize = 200;
/// Attachments of these media types stand for something that is uploaded elsewhere, or belongs to a
/// trace rather than to an event.
const FOREIGN: &[&str] = &[
    "application/vnd.sentry.attachment-ref",
    "application/vnd.sentry.trace-attachment",
    "application/vnd.sentry.attachment.v2",
];

/// Keeps a file with its event.
pub(super) fn digest(item: &Item, origin: &Origin<'_>, digested: &mut Digested) {
    let headers = &item.headers;
    let content_type = headers.content_type.as_deref().filter(|text| !text.is_empty());
    if content_type.is_some_and(|text| FOREIGN.iter().any(|foreign| text.starts_with(foreign))) {
        return digested.count(item, origin, Outcome::Unsupported, "attachment_ref");
    }
    let Some(event) = origin.headers.event_id else {
        return digested.count(item, origin, Outcome::Invalid, "missing_event_id");
    };
    let cut = |text: &str| -> String { text.chars().take(NAME_CHARS).collect() };
    let filename = headers
        .filename
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let attachment = Attachment {
        project: origin.head.project,
        event,
        number: 0,
        name: cut(filename.unwrap_or("unnamed")),
        kind: cut(headers.attachment_type.as_deref().unwrap_or("event.attachment")),
        content_type: content_type.map(cut),
        size: item.payload.len() as u64,
        blob: BlobId(Sha256::digest(&item.payload).into()),
        received: origin.head.received,
    };
    digested.attachments.push((attachment, item.payload.clone()));
}

#[cfg(test)]
mod tests {
    use super::super::tests::digest as digest_entry;
    use super::super::tests::{entry, one};
    use super::*;
    use crate::protocol::envelope::ItemType;

    #[test]
    fn a_file_is_kept_with_what_the_client_says_of_it() {
        let mut item = Item::new(ItemType::Attachment, "tea");
        item.headers.filename = Some("pot.txt".to_owned());
        item.headers.content_type = Some("text/plain".to_owned());
        let (attachment, bytes) = digest_entry(&one(item)).unwrap().attachments.remove(0);
        assert_eq!(
            (attachment.name.as_str(), attachment.kind.as_str()),
            ("pot.txt", "event.attachment")
        );
        assert_eq!((attachment.size, &bytes[..]), (3, &b"tea"[..]));
        assert!(attachment.blob.to_string().starts_with("a9f74d1ec36e"));
    }

    #[test]
    fn a_file_without_an_event_is_invalid() {
        let digested = digest_entry(&entry("{}\n{\"type\":\"attachment\"}\nx")).unwrap();
        let reasons: Vec<&str> = digested
            .outcomes
            .iter()
            .map(|count| count.reason.as_str())
            .collect();
        assert_eq!(reasons, ["missing_event_id"; 2]);
    }
}
