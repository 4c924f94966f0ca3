//! Writes envelopes, for the journal and for tests.

use serde_json::{Map, Value};

use super::Envelope;

/// Headers and payloads, each followed by a newline; every item says its length.
pub(super) fn write(envelope: &Envelope) -> Vec<u8> {
    let payloads: usize = envelope.items.iter().map(|item| item.payload.len() + 64).sum();
    let mut bytes = Vec::with_capacity(payloads + 256);
    write_header(&mut bytes, envelope.headers.write());
    for item in &envelope.items {
        write_header(&mut bytes, item.headers.write(item.payload.len()));
        bytes.extend_from_slice(&item.payload);
        bytes.push(b'\n');
    }
    bytes
}

fn write_header(bytes: &mut Vec<u8>, object: Map<String, Value>) {
    // The display form of a JSON value is its compact text, which has no newline in it.
    bytes.extend_from_slice(Value::Object(object).to_string().as_bytes());
    bytes.push(b'\n');
}
