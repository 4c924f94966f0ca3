//! The index by itself: what it answers, and what becomes of it.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use tantivy::{IndexWriter, TantivyDocument};
use tempfile::TempDir;

use super::feed::{Feeder, Source};
use super::keeper::{Signal, Tending};
use super::{Slot, Sought, Words, tokens};
use crate::model::{NewEvent, PartId};
use crate::protocol::ids::EventId;
use crate::store::Eviction;
use crate::store::contract::{self, SHOP};
use crate::store::embedded::dictionaries::Dictionaries;
use crate::store::embedded::disk::Room;
use crate::store::embedded::index::tree::Tree;
use crate::store::embedded::segments::Segments;
use crate::store::embedded::{Embedded, Options};

/// Words that share pieces.
const VOCABULARY: [&str; 12] = [
    "get",
    "getUser",
    "user",
    "User_id",
    "TypeError",
    "error",
    "Error:",
    "HTTPError",
    "été",
    "茶碗",
    "42",
    "a.b",
];

/// Event number `n`, whose first hash is `hash` and whose breadcrumb says `text`.
fn saying(n: u64, hash: u8, text: &str) -> NewEvent {
    let mut event = contract::event_with(n, |record| record.hashes = vec![contract::hash(hash)]);
    let crumb = serde_json::json!({"breadcrumbs": {"values": [{"message": text}]}});
    event.payload = crumb.to_string().into();
    event
}

/// Records `events` in a server that ends before it indexes anything.
async fn record(data: &Path, events: Vec<NewEvent>) {
    let engine = Embedded::open(data, Options::default(), Arc::new(|| contract::at(0))).unwrap();
    contract::record(&engine.store(), events).await;
    engine.close();
    let _ = fs::remove_dir_all(data.join("words"));
}

/// Who would feed the index of a data directory that nobody uses.
fn feeder(data: &Path) -> Feeder {
    let dictionaries = Dictionaries::open(data.join("dictionaries"));
    let source = Source {
        tree: Tree::open(&data.join("index"), 1 << 20).unwrap(),
        segments: Segments::open(data.join("segments"), dictionaries).unwrap(),
        room: Room::new(data, 0, 0, 0).unwrap(),
        is_busy: Box::new(|| false),
    };
    let words = Words::in_directory(data.join("words"));
    Feeder::new(words, source, Arc::new(Signal::default()))
}

fn found(words: &Words, text: &str) -> usize {
    words
        .parts(&Sought::pattern(text).unwrap().unwrap())
        .unwrap()
        .len()
}

#[test]
fn what_cannot_be_searched_for_is_said() {
    let long = "x".repeat(100);
    for text in ["", " ,;", "*", "**", "* *"] {
        assert_eq!(Sought::pattern(text).unwrap(), None, "no word: {text}");
    }
    for (text, why) in [
        ("x*", "\u{201c}x*\u{201d} has too few letters"),
        (
            "a*b*c*d*e*f",
            "\u{201c}a*b*c*d*e*f\u{201d} has too many asterisks",
        ),
        ("a * * * * b", "\u{201c}*\u{201d} stands for too many words"),
        (&long, "is longer than words are"),
    ] {
        let error = Sought::pattern(text).unwrap_err().to_string();
        assert!(error.contains(why) && error.len() < 120, "{text}: {error}");
    }
    for text in [
        "x",
        "xy*",
        "* tea *",
        "* * * * * tea",
        "a * * * b",
        "a*b*c*d*e",
        "茶*",
        "no such thing",
    ] {
        assert!(Sought::pattern(text).unwrap().is_some(), "{text}");
    }
    assert_eq!(Sought::text("tea*").unwrap(), Sought::text("TEA").unwrap());
}

/// Whether a line of `lines` says it, by looking at all of them.
fn says(lines: &[String], sought: &str) -> bool {
    let wanted: Vec<(usize, String)> = super::tokens::runs(sought, |c| c.is_alphanumeric() || c == '*')
        .map(str::to_lowercase)
        .enumerate()
        .filter(|(_, word)| word != "*")
        .collect();
    lines.iter().any(|line| {
        let tokens = tokens::tokens(line);
        let last = tokens.last().map_or(0, |(at, _)| *at);
        let first = wanted.first().map_or(0, |(at, _)| *at);
        (0..=last).any(|begin| {
            wanted.iter().all(|(at, word)| {
                let here = tokens
                    .iter()
                    .filter(|(position, _)| *position == begin + at - first);
                here.into_iter().any(|(_, token)| is_like(word, token))
            })
        })
    })
}

fn is_like(pattern: &str, token: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == token,
        Some((begin, rest)) => {
            let Some(after) = token.strip_prefix(begin) else {
                return false;
            };
            (0..=after.len())
                .filter_map(|at| after.get(at..))
                .any(|it| is_like(rest, it))
        }
    }
}

fn line() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&VOCABULARY[..]), 1..6).prop_map(|words| words.join(" "))
}

fn asked() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => prop::sample::select(&VOCABULARY[..]).prop_map(str::to_owned),
        2 => prop::sample::select(&["err*", "*user", "t*ror", "*", "*", "get*", "ét*"][..]).prop_map(str::to_owned),
    ];
    prop::collection::vec(word, 1..6).prop_map(|words| words.join(" "))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn it_finds_what_a_look_at_every_line_finds(
        said in prop::collection::vec(prop::collection::vec(line(), 1..4), 1..8),
        asked in prop::collection::vec(asked(), 20),
    ) {
        let data = TempDir::new().unwrap();
        let words = Words::in_directory(data.path().join("words"));
        let opened = words.create().unwrap();
        let mut writer: IndexWriter = opened.index.writer_with_num_threads(1, 15_000_000).unwrap();
        for (part, lines) in said.iter().enumerate() {
            let mut document = TantivyDocument::new();
            document.add_u64(opened.slot, Slot::of(PartId(part as u64), 0).0);
            lines.iter().for_each(|line| document.add_text(opened.text, line));
            writer.add_document(document).unwrap();
            if part % 3 == 0 {
                writer.commit().unwrap();
            }
        }
        writer.commit().unwrap();
        opened.reader.reload().unwrap();
        for sought in asked {
            let expected: HashSet<PartId> = (0..said.len())
                .filter(|&part| says(&said[part], &sought))
                .map(|part| PartId(part as u64))
                .collect();
            if let Ok(Some(read)) = Sought::pattern(&sought) {
                prop_assert_eq!(words.parts(&read).unwrap(), expected, "{}", sought);
            }
        }
    }
}

#[tokio::test]
async fn what_was_not_committed_is_read_again() {
    let data = TempDir::new().unwrap();
    record(data.path(), vec![saying(1, 1, "kettle"), saying(2, 2, "kettle")]).await;
    let mut before = feeder(data.path());
    before.feed().unwrap();
    before.commit().unwrap();
    assert_eq!(found(&before.words, "kettle"), 2);
    drop(before);

    let kept = data.path().join("words");
    let aside = data.path().join("aside");
    fs::rename(&kept, &aside).unwrap();
    record(
        data.path(),
        vec![saying(3, 3, "kettle teapot"), saying(4, 1, "teapot")],
    )
    .await;
    fs::rename(&aside, &kept).unwrap();
    let mut crashes = feeder(data.path());
    let fed = crashes.words.open().unwrap().unwrap();
    crashes.restart(fed);
    crashes.feed().unwrap();
    assert_eq!(found(&crashes.words, "teapot"), 0);
    drop(crashes);

    let mut after = Tending::begin(feeder(data.path()));
    after.tend(true);
    let words = &after.feeder.words;
    assert_eq!((found(words, "kettle"), found(words, "teapot")), (3, 2));
    assert_eq!(words.extent(), (4, after.feeder.applied().unwrap()));
}

#[tokio::test]
async fn a_repeated_event_takes_nothing_and_a_changed_one_its_change() {
    let data = TempDir::new().unwrap();
    let same = (1..=50).map(|n| {
        let mut event = saying(n, 1, "the same kettle");
        event.record.title = "no tea".into();
        event
    });
    record(
        data.path(),
        same.chain([saying(51, 1, "another kettle")]).collect(),
    )
    .await;
    let mut feeder = feeder(data.path());
    feeder.feed().unwrap();
    feeder.commit().unwrap();
    assert_eq!(feeder.words.extent().0, 2);
    assert_eq!(found(&feeder.words, "same kettle"), 1);
    assert_eq!(found(&feeder.words, "another kettle"), 1);
    assert_eq!(found(&feeder.words, "kettle another"), 0);
}

#[tokio::test]
async fn whatever_is_wrong_with_its_files_it_is_made_anew() {
    let data = TempDir::new().unwrap();
    record(data.path(), vec![saying(1, 1, "kettle")]).await;
    let directory = data.path().join("words");
    let mut files = BTreeMap::new();
    let mut sound = Tending::begin(feeder(data.path()));
    sound.tend(true);
    drop(sound);
    for entry in fs::read_dir(&directory).unwrap() {
        let path = entry.unwrap().path();
        files.insert(path.clone(), fs::read(&path).unwrap());
    }
    let named = |suffix: &str| {
        let named = files.keys().find(|path| path.to_string_lossy().ends_with(suffix));
        named.unwrap().clone()
    };
    let changed = |path: &Path| {
        let mut bytes = files[path].clone();
        let middle = bytes.len() / 3;
        bytes[middle] ^= 0xff;
        bytes
    };
    let damages: Vec<Box<dyn Fn()>> = vec![
        Box::new(|| fs::remove_dir_all(&directory).unwrap()),
        Box::new(|| {
            fs::remove_dir_all(&directory).unwrap();
            fs::write(&directory, "a file").unwrap();
        }),
        Box::new(|| fs::remove_file(directory.join("meta.json")).unwrap()),
        Box::new(|| fs::write(directory.join("meta.json"), "{}").unwrap()),
        Box::new(|| fs::remove_file(named(".term")).unwrap()),
        Box::new(|| fs::write(named(".term"), "").unwrap()),
        Box::new(|| fs::write(named(".idx"), changed(&named(".idx"))).unwrap()),
        Box::new(|| fs::write(named(".pos"), changed(&named(".pos"))).unwrap()),
        Box::new(|| fs::write(named(".fast"), changed(&named(".fast"))).unwrap()),
    ];
    for (number, damage) in damages.iter().enumerate() {
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir(&directory).unwrap();
        files
            .iter()
            .for_each(|(path, bytes)| fs::write(path, bytes).unwrap());
        damage();
        let mut mended = Tending::begin(feeder(data.path()));
        mended.tend(true);
        assert_eq!(found(&mended.feeder.words, "kettle"), 1, "damage {number}");
    }
}

#[tokio::test]
async fn what_is_no_longer_kept_is_forgotten() {
    const WEEK: i64 = 7 * 86_400;
    let data = TempDir::new().unwrap();
    let late = |n, text| {
        let mut event = saying(n, 1, text);
        event.record.timestamp = contract::at(WEEK);
        event
    };
    record(
        data.path(),
        vec![saying(1, 1, "kettle"), late(2, "kettle"), saying(3, 2, "teapot")],
    )
    .await;
    let engine = Embedded::open(data.path(), Options::default(), Arc::new(|| contract::at(0))).unwrap();
    engine.words.settle();
    let evict = |events: Vec<EventId>| Eviction {
        project: SHOP,
        events,
        known_since: 0,
        thinned: None,
    };
    let gone = evict(vec![contract::event_id(1), contract::event_id(3)]);
    engine.store().retention.evict(gone).await.unwrap();
    engine.close();

    let mut after = Tending::begin(feeder(data.path()));
    let words = after.feeder.words.clone();
    assert_eq!((found(&words, "kettle"), found(&words, "teapot")), (1, 1));
    assert_eq!(after.feeder.forget().unwrap(), 2);
    assert_eq!((found(&words, "kettle"), found(&words, "teapot")), (1, 0));
    assert_eq!(after.feeder.forget().unwrap(), 0);
}

/// Event number `n` of one of twenty issues: 40 frames and 20 breadcrumbs, of which the two last say something of their own.
fn usual(n: u64) -> NewEvent {
    let issue = n % 20;
    let frame = |at: u64| {
        let (function, module) = (
            format!("handle{issue}Step{at}"),
            format!("shop.checkout.stage{at}"),
        );
        serde_json::json!({"function": function, "module": module, "filename": format!("shop/checkout/stage{at}.py")})
    };
    let crumb = |at: u64| match at {
        18.. => serde_json::json!({"message": format!("GET /api/orders/{}/items", n * 31 + at)}),
        _ => serde_json::json!({"message": format!("step {at} of the checkout was left with issue {issue}")}),
    };
    let frames: Vec<_> = (0..40).map(frame).collect();
    let crumbs: Vec<_> = (0..20).map(crumb).collect();
    let exception = serde_json::json!({"type": "OrderError", "value": format!("order {n} cannot be paid"),
        "stacktrace": {"frames": frames}});
    let mut event = saying(n, issue as u8, "");
    event.record.title = format!("OrderError: order {n} cannot be paid");
    let payload =
        serde_json::json!({"exception": {"values": [exception]}, "breadcrumbs": {"values": crumbs}});
    event.payload = payload.to_string().into();
    event
}

#[tokio::test]
async fn an_event_like_others_takes_few_bytes() {
    const EVENTS: u64 = 2_000;
    let data = TempDir::new().unwrap();
    record(data.path(), (1..=EVENTS).map(usual).collect()).await;
    let mut tending = Tending::begin(feeder(data.path()));
    let begin = std::time::Instant::now();
    tending.tend(true);
    let words = &tending.feeder.words;
    let bytes = super::super::disk::size_of(&data.path().join("words")).unwrap();
    let (each, time) = (bytes / EVENTS, begin.elapsed() / EVENTS as u32);
    println!(
        "{each} bytes and {time:?} an event of {} bytes",
        usual(1).payload.len()
    );
    assert_eq!(found(words, "stage7"), 20);
    assert_eq!(found(words, "order 77 cannot"), 1);
    assert!(each < 200, "{each} bytes");
}
