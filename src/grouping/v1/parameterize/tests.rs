//! What varies in messages, a line a kind, and what only looks like it.

use super::parameterize;
use proptest::prelude::*;

#[track_caller]
fn assert_all(cases: &[(&str, &str)]) {
    for (text, expected) in cases {
        assert_eq!(parameterize(text), *expected, "{text}");
    }
}

#[test]
fn addresses() {
    assert_all(&[
        (
            "mail to ann.smith+tea@kitchen.example bounced",
            "mail to <email> bounced",
        ),
        ("tea.Pot@1b6d3586 leaks", "tea.Pot@<hex> leaks"),
        ("GET https://example.com/a?b=1 failed", "GET <url> failed"),
        ("see (https://example.com/a).", "see (<url>)."),
        ("s3://pot/leaf.bin missing", "<url> missing"),
        ("no route to db.kitchen.example.com", "no route to <hostname>"),
        ("cup.svc.cluster.local:80 is away", "<hostname>:<int> is away"),
        (
            "java.net.ConnectException in tea.py",
            "java.net.ConnectException in tea.py",
        ),
        ("import script.io", "import script.io"),
        ("dial 10.2.3.4:8080 refused", "dial <ip>:<int> refused"),
        ("dial [fe80::1%eth0]:80", "dial [<ip>%eth0]:<int>"),
        ("via ::1 and 2001:db8::7.", "via <ip> and <ip>."),
        ("Bee::buzz() failed", "Bee::buzz() failed"),
        ("card 00:1b:44:11:3a:b7 left", "card <mac> left"),
        (
            "trace 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "trace <traceparent>",
        ),
        ("Root=1-67891233-abcdef012345678912345678", "Root=<traceparent>"),
        ("call +44 20 7946 0958 now", "call <phone> now"),
        ("call (555) 010-9999", "call <phone>"),
        ("call 555-010-9999", "call <phone>"),
        ("f(1) + 2", "f(<int>) + <int>"),
    ]);
}

#[test]
fn identifiers() {
    assert_all(&[
        ("job 4f1c7ba2-d0e3-4e0f-8a6b-5c4d3e2f1a09 lost", "job <uuid> lost"),
        ("at 0x7ffdeadbeef0 and a93c7d2f1b", "at <hex> and <hex>"),
        ("digest d41d8cd98f00b204e9800998ecf8427e", "digest <md5>"),
        ("object 5fc35719b9cf96ec602dbc748ff31c587a46961d", "object <sha1>"),
        ("deploy a93c7d2 failed", "deploy <git_sha> failed"),
        ("facade decade faded", "facade decade faded"),
        ("invoice k9Mtd2gDcgG", "invoice <random_id>"),
        ("nano V1StGXR8_Z5jdHi6B-myT", "nano <random_id>"),
        ("key AKIAIOSFODNN7EXAMPLE", "key <random_id>"),
        ("bad deadbeefcafe", "bad <hex>"),
        ("customer cus_NffrFeUf4V2Hib", "customer cus_<random_id>"),
        ("msg 01ARZ3NDEKTSV4RRFFQ69G5FAV lost", "msg <random_id> lost"),
        ("msg 1234567890123456789 lost", "msg <hex> lost"),
        (
            "bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiI3In0.x-_y gone",
            "bearer <token> gone",
        ),
        (
            "k8s, i18n, latin1, x86_64, utf8mb4, sha256, h264",
            "k8s, i18n, latin1, x86_64, utf8mb4, sha256, h264",
        ),
    ]);
}

#[test]
fn dates_and_durations() {
    for date in [
        "2026-02-20",
        "2026-02-20T22:16:36Z",
        "2026-02-20 22:16:36.123+02:00",
        "20260220T221636Z",
        "11:21PM",
        "22:16:36",
        "Wed Apr 17 22:31:45 2019",
        "Tue, 20 Feb 2024 22:16:36 GMT",
        "Monday, 02-Jan-06 15:04:05 MST",
        "Mon Jan 02 2006 15:04:05 GMT-0700 (MST)",
        "Jan 18, 2019",
        "20/Feb/2024:22:16:36 +0000",
        "Feb 20 22:16:36",
        "January 2, 2024",
        "Tuesday, 2 January 2024",
        "datetime.datetime(2024, 2, 20, 22, 16)",
    ] {
        assert_eq!(
            parameterize(&format!("at {date}, gone")),
            "at <date>, gone",
            "{date}"
        );
    }
    assert_all(&[
        (
            "took 1234ms, 3m12s or 0.5s",
            "took <duration>, <duration> or <duration>",
        ),
        ("took PT3M12S", "took <duration>"),
        ("May 7 guests come", "May <int> guests come"),
        ("scale 4:3", "scale <int>:<int>"),
    ]);
}

#[test]
fn numbers() {
    assert_all(&[
        ("user 17 not found", "user <int> not found"),
        (
            "pi is 3.14, not -7 or 1e-9",
            "pi is <float>, not <int> or <float>",
        ),
        ("limit 4,150,908 exceeded", "limit <int> exceeded"),
        ("read 12.5MB of 99 rows", "read <size> of <int> rows"),
        ("Thread-17 and worker_3", "Thread-<int> and worker_3"),
        ("注文17が", "注文17が"),
        ("注文１７が", "注文１７が"),
        (
            "utf-8, HTTP/2, HTTP/1.1 and ISO-8859-1 stay",
            "utf-8, HTTP/2, HTTP/1.1 and ISO-8859-1 stay",
        ),
    ]);
}

#[test]
fn codes_tell_problems_apart() {
    for text in [
        "failed with status code 404",
        "SQLSTATE[23000]: integrity",
        "[Errno 13] Permission denied",
        "503 Service Unavailable",
        "ORA-00942: table does not exist",
        "exit status 2",
        "error code 0x80070005",
        "(1062, 'Duplicate entry')",
        "TLSv1.2 and python3.11",
    ] {
        assert_eq!(parameterize(text), text);
    }
    assert_all(&[(
        "React error #418 after 3 tries",
        "React error #418 after <int> tries",
    )]);
}

#[test]
fn values() {
    assert_all(&[
        ("key='abc' ok=True", "key=<quoted_str> ok=<bool>"),
        (
            "{\"id\": \"a\\\"c\", \"ok\": true, \"n\": 3}",
            "{\"id\": <str>, \"ok\": <bool>, \"n\": <int>}",
        ),
        ("{'id': 'abc', 'ok': False}", "{'id': <str>, 'ok': <bool>}"),
        (
            "Key (name)=(bob) already exists",
            "Key (name)=<str> already exists",
        ),
        ("WHERE id IN (%s, %s, %s)", "WHERE id IN (%s, ...)"),
        ("where id in (17, 18) or x", "where id in (<int>, ...) or x"),
        (
            "VALUES ($1, $2), ($3, $4)",
            "VALUES ($<int>, $<int>), ($<int>, $<int>)",
        ),
        ("join (a, b)", "join (a, b)"),
        ("cannot open C:\\Users\\bob\\a.csv", "cannot open <path>"),
        ("no C:\\Program Files\\Tea\\pot.dll here", "no <path> here"),
        ("no \\\\server\\share\\pot.txt", "no <path>"),
        ("open '/home/bob/a.csv': gone", "open '<path>': gone"),
        ("GET /api/tea failed", "GET /api/tea failed"),
        ("", ""),
    ]);
}

#[test]
fn hard_texts_are_survived() {
    for text in [
        "a.", "1.", "1:", "x@", "=\"", "0x", "1-", "/", "a-1_", "((", "in (", "eyJ.", "\\\\a\\", "Jan ",
        "+1 ", "_", "C:\\ ", "1,000", "#", "::", "é", "{{", "a/",
    ] {
        let answer = parameterize(&text.repeat(1_000_000 / text.len()));
        assert!(answer.len() < 100_000 && answer.ends_with("..."), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        parameterize(&text);
    }

    #[test]
    fn texts_of_hard_letters_are_survived(text in "[a-c0-9xé:/.,@=_'\"()\\\\ +-]{0,200}") {
        parameterize(&text);
    }

    #[test]
    fn numbers_do_not_tell_messages_apart(a in 0_u64..1_000_000, b in 0_u64..1_000_000) {
        let message = |n: u64| parameterize(&format!("no tea for guest {n} at table {n}"));
        prop_assert_eq!(message(a), message(b));
    }
}
