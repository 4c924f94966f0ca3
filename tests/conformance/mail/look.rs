//! What mails look like: a browser opens them as a mail program would, and `browser/mail.mjs` looks at them.

use std::fs;
use std::process::Command;

use jiff::tz::TimeZone;
use tempfile::TempDir;
use tripline::notify::letter::{Entry, Recap, ReleaseUse, Section};
use tripline::notify::{Letter, Message, Reader};
use tripline::protocol::level::Level;

use crate::harness::program::finish;
use crate::harness::repository;
use crate::sdk::{chromium, installed};

const BASE: &str = "https://errors.example.com";
const ANN: Reader<'_> = Reader::Member {
    email: "ann@example.com",
    unsubscribe: "https://errors.example.com/unsubscribe/1.alerts.abcdef",
    settings: "https://errors.example.com/settings/account",
};
/// No white space to break it at.
const LONG: &str =
    "shop.checkout.views.PlaceOrderView.dispatch_with_a_very_long_name_without_any_break_whatsoever_at_all";

#[test]
fn mails_fit_a_phone_fetch_nothing_and_can_be_read_in_the_dark() {
    let pages = TempDir::new().unwrap();
    let screenshots = match std::env::var_os("TRIPLINE_RECORD") {
        Some(_) => repository("docs/screenshots"),
        None => pages.path().to_owned(),
    };
    installed(&repository("tests/node_modules/playwright-core"));
    let mut look = Command::new("node");
    look.arg(repository("tests/browser/mail.mjs"))
        .env("CHROMIUM", chromium())
        .env("SCREENSHOTS", screenshots);
    let letters = [
        ("mail-issue", Letter::alert(&one(), ANN)),
        (
            "mail-many",
            Letter::alert(&many(), Reader::Addresses(&["team@example.com".to_owned()])),
        ),
        ("mail-week", Letter::recap(&week(), "8", ANN)),
    ];
    for (name, letter) in letters {
        let page = pages.path().join(format!("{name}.html"));
        fs::write(&page, letter.unwrap().html).unwrap();
        look.arg(page);
    }
    let (code, output, error) = finish(&mut look);
    assert_eq!(code, 0, "{output}{error}");
}

fn one() -> Message {
    let mut message = Message::sample(BASE, "2026-03-01T10:14:00Z".parse().unwrap());
    message.headline =
        "SHOP-12 is spiking: 120 events in 5 minutes, 10 times the usual 12 (median of this hour on \
                        the last 7 days)."
            .to_owned();
    message.level = Level::Error;
    message.also = vec!["On call".to_owned()];
    let told = &mut message.causes[0];
    told.title =
        "OperationalError: canceling statement due to statement timeout while reading from orders_2026_03"
            .to_owned();
    told.culprit = Some(LONG.to_owned());
    told.frames.push(format!("{LONG}.py:1204 in place_order"));
    message
}

fn many() -> Message {
    let mut message = one();
    message.headline =
        "50 new issues in Shop, shortly after the release of shop@2 in production (rule “Checkout”)."
            .to_owned();
    message.total = 50;
    for level in [Level::Fatal, Level::Error, Level::Warning, Level::Info] {
        let mut told = message.causes[0].clone();
        told.level = Some(level);
        told.why = "SHOP-13 is new, first seen 2026-03-01 10:00 UTC in shop@2 (production)".to_owned();
        message.causes.push(told);
    }
    message
}

fn week() -> Recap {
    let entry = |name: &str, title: &str, events| Entry {
        name: name.to_owned(),
        title: title.to_owned(),
        culprit: Some(LONG.to_owned()),
        events,
        url: format!("{BASE}/issues/{events}"),
    };
    let section = |title, total, entries| Section {
        title,
        total,
        entries,
    };
    let release = |version: &str, sessions, crash_free| ReleaseUse {
        version: version.to_owned(),
        project: "Shop".to_owned(),
        sessions,
        crash_free,
        url: format!("{BASE}/releases/shop"),
    };
    Recap {
        since: "2026-02-23T08:00:00Z".parse().unwrap(),
        until: "2026-03-02T08:00:00Z".parse().unwrap(),
        zone: TimeZone::UTC,
        events: 12_345,
        events_before: 10_000,
        sections: vec![
            section(
                "New",
                12,
                vec![
                    entry("SHOP-12", "TeaError: the pot is empty", 1_200),
                    entry("WEB-7", LONG, 31),
                ],
            ),
            section(
                "Came back",
                1,
                vec![entry("SHOP-1", "PotError: the lid is off", 7)],
            ),
            section(
                "Loudest",
                1,
                vec![entry("SHOP-2", "TimeoutError: the kettle did not answer", 9_001)],
            ),
        ],
        releases: vec![
            release("shop@2.0.0", 12_000, 9_991),
            release("shop@1.9.9", 800, 9_820),
            release("shop@2.1.0-beta.20260301.1204+0123456789abcdef", 40, 9_000),
        ],
        url: format!("{BASE}/issues"),
    }
}
