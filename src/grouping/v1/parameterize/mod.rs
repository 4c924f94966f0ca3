//! Messages without what varies: `user 17 not found` becomes `user <int> not found`.
//!
//! One pass from left to right. Wherever a word starts, the shapes of `shapes` are tried in order;
//! each looks ahead by a bounded number of bytes or takes what it saw, so that the whole is linear.

mod shapes;

use shapes::Shape;

/// Longer texts are left alone from here on, in bytes.
const MAX_BYTES: usize = 8 * 1024;

/// Replaces what varies by its kind.
pub(super) fn parameterize(text: &str) -> String {
    let (head, tail) = text.split_at(text.floor_char_boundary(MAX_BYTES));
    let mut result = String::with_capacity(head.len());
    let mut at = 0;
    while let Some(character) = head[at..].chars().next() {
        if !is_word(character) && !matches!(character, '"' | '\'') {
            result.push(character);
            at += character.len_utf8();
            continue;
        }
        let found = shapes::find(&head[..at], &head[at..]);
        match found {
            Some(Shape { kind, length }) => {
                result.push('<');
                result.push_str(kind);
                result.push('>');
                at += length;
            }
            None => {
                let length = word(&head[at..]).len().max(character.len_utf8());
                result.push_str(&head[at..at + length]);
                at += length;
            }
        }
    }
    result.push_str(tail);
    result
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

/// The letters, digits and underscores at the start of a text.
fn word(text: &str) -> &str {
    &text[..text.find(|character| !is_word(character)).unwrap_or(text.len())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_varies_is_replaced_by_its_kind() {
        for (text, expected) in [
            ("user 17 not found", "user <int> not found"),
            (
                "took 1234ms, 3m12s or 0.5s",
                "took <duration>, <duration> or <duration>",
            ),
            ("read 12.5MB of 99 rows", "read <size> of <int> rows"),
            (
                "mail to ann.smith+tea@kitchen.example bounced",
                "mail to <email> bounced",
            ),
            ("GET https://example.com/a?b=1 failed", "GET <url> failed"),
            ("s3://pot/leaf.bin missing", "<url> missing"),
            ("dial 10.2.3.4:8080 refused", "dial <ip>:<int> refused"),
            ("dial [fe80::1%eth0]:80", "dial [<ip>%eth0]:<int>"),
            ("Bee::buzz() failed", "Bee::buzz() failed"),
            ("job 4f1c7ba2-d0e3-4e0f-8a6b-5c4d3e2f1a09 lost", "job <uuid> lost"),
            ("at 0x7ffdeadbeef0 and a93c7d2f1b", "at <hex> and <hex>"),
            ("digest d41d8cd98f00b204e9800998ecf8427e", "digest <md5>"),
            ("facade decade faded", "facade decade faded"),
            ("expired 2026-02-20 22:16:36.123+02:00", "expired <date>"),
            (
                "expired 2026-02-20T22:16:36Z, at 11:21PM",
                "expired <date>, at <date>",
            ),
            (
                "utf-8, HTTP/2, k8s and utf8mb4 stay",
                "utf-8, HTTP/2, k8s and utf8mb4 stay",
            ),
            ("failed with status code 404", "failed with status code 404"),
            ("SQLSTATE[23000]: integrity", "SQLSTATE[23000]: integrity"),
            (
                "React error #418 after 3 tries",
                "React error #418 after <int> tries",
            ),
            ("Thread-17 and worker_3", "Thread-<int> and worker_3"),
            ("pi is 3.14, not -7", "pi is <float>, not -<int>"),
            ("key='abc' ok=True", "key=<quoted_str> ok=<bool>"),
            ("invoice k9Mtd2gDcgG", "invoice <random_id>"),
            ("注文17が", "注文17が"),
            ("", ""),
        ] {
            assert_eq!(parameterize(text), expected, "{text}");
        }
    }

    #[test]
    fn hard_texts_take_no_longer() {
        for text in ["a.", "1.", "1:", "x@", "=\"", "0x", "1-", "/", "a-1_"] {
            parameterize(&text.repeat(8192 / text.len()));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            parameterize(&text);
        }

        #[test]
        fn numbers_do_not_tell_messages_apart(a in 0_u64..1_000_000, b in 0_u64..1_000_000) {
            let message = |n: u64| parameterize(&format!("no tea for guest {n} at table {n}"));
            prop_assert_eq!(message(a), message(b));
        }
    }
}
