//! A large data set, made through the front door: how long pages take while events arrive, and how long a start does.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use crate::drive::{self, CONNECTIONS, percentile};
use crate::events::{Pool, Shop};
use crate::harness::PROJECT;
use crate::harness::api::Api;
use crate::harness::program::{Place, Program};
use crate::process;
use crate::report::Report;
use crate::watch::drained;

/// So many events has an issue, on average.
const EVENTS_AN_ISSUE: u64 = 100;
/// The events happened during so many days.
const DAYS: u32 = 14;
/// While it is measured, so many more arrive a second.
const RATE: f64 = 500.0;
/// For so long it is measured.
const TIME: Duration = Duration::from_secs(60);

/// What is asked, below `/api/0`, in turn. Each time another `{issue}`, `{event}`, `{kind}` and `{tenant}` is meant.
const ASKED: &[(&str, &str)] = &[
    (
        "issue list by date, ms",
        "/organizations/default/issues/?query=is:unresolved&sort=date",
    ),
    (
        "issue list by new, ms",
        "/organizations/default/issues/?query=is:unresolved&sort=new",
    ),
    (
        "issue list by freq, ms",
        "/organizations/default/issues/?query=is:unresolved&sort=freq",
    ),
    (
        "issue list by user, ms",
        "/organizations/default/issues/?query=is:unresolved&sort=user",
    ),
    (
        "issue list of a fortnight, ms",
        "/organizations/default/issues/?query=is:unresolved&sort=freq&statsPeriod=14d",
    ),
    (
        "issue list with a text, ms",
        "/organizations/default/issues/?query=is:unresolved%20Error{kind}",
    ),
    (
        "search by tag, ms",
        "/organizations/default/issues/?query=tenant:t{tenant}",
    ),
    (
        "search by two tags, ms",
        "/organizations/default/issues/?query=is:unresolved%20tenant:t{tenant}%20region:eu-1&sort=freq",
    ),
    ("issue page, ms", "/organizations/default/issues/{issue}/"),
    (
        "tags of an issue, ms",
        "/organizations/default/issues/{issue}/tags/",
    ),
    (
        "events of an issue, ms",
        "/organizations/default/issues/{issue}/events/",
    ),
    (
        "event page, latest, ms",
        "/organizations/default/issues/{issue}/events/latest/",
    ),
    (
        "event page, by id, ms",
        "/projects/default/{project}/events/{event}/",
    ),
];

/// With so many events, in `directory` or one that is gone afterwards. A directory that has them is used as it is.
pub(crate) fn measure(report: &mut Report, events: u64, directory: Option<&Path>) {
    let place = directory.map_or_else(Place::new, Place::at);
    let program = place.start();
    let missing = events.saturating_sub(accepted(&program.api));
    let took = make(&program, events, missing);
    let mut sheet = report.sheet("million", "data");
    sheet.add("events, in all", accepted(&program.api) as f64);
    sheet.add("issues, in all", program.api.issues("").len() as f64);
    if missing > 0 {
        sheet.add("made, events/s", missing as f64 / took.as_secs_f64());
    }
    let disk = process::Disk::of(&place.data());
    sheet.add("segments, MB", disk.segments as f64 / 1e6);
    sheet.add("index, MB", disk.index as f64 / 1e6);
    sheet.add("memory when made, MB", process::memory(program.id()) as f64 / 1e6);

    let (_, place) = program.stop();
    let (program, stopped) = start(&place);
    sheet.add(
        "memory after a start, MB",
        process::memory(program.id()) as f64 / 1e6,
    );
    let pool = Pool::new(shop(events, None));
    let (times, sent) = thread::scope(|scope| {
        let load = scope.spawn(|| drive::open(&program, &pool, RATE, TIME));
        let times = ask(&program.api, events, || load.is_finished());
        (times, load.join().unwrap())
    });
    sheet.add(
        "memory while asked, MB",
        process::memory(program.id()) as f64 / 1e6,
    );
    sheet.add("accepted while asked, events/s", sent.rate());
    sheet.add("ack p99 while asked, ms", sent.milliseconds(0.99));
    let killed = kill(program, &pool);
    let mut sheet = report.sheet("million", "start");
    sheet.add("to ready after a stop, s", stopped.as_secs_f64());
    sheet.add("to ready after kill -9, s", killed.as_secs_f64());
    for (case, share) in [("p50", 0.5), ("p95", 0.95)] {
        let mut sheet = report.sheet("million", case);
        for (name, times) in &times {
            sheet.add(name, percentile(times, share));
        }
    }
}

/// Events of 4 KB, one of each issue.
fn shop(events: u64, during: Option<(Timestamp, SignedDuration)>) -> Shop {
    let issues = events.div_ceil(EVENTS_AN_ISSUE) as usize;
    Shop {
        size: 4_000,
        issues,
        events: issues,
        during,
    }
}

/// Sends what is missing, day after day; answers how long that took.
fn make(program: &Program, events: u64, missing: u64) -> Duration {
    let day = SignedDuration::from_hours(24);
    #[expect(clippy::disallowed_methods, reason = "the last of the days is today")]
    let begin = Timestamp::now() - day * DAYS as i32;
    let mut took = Duration::ZERO;
    for number in 0..DAYS {
        let share = |days: u32| missing * u64::from(days) / u64::from(DAYS);
        let count = share(number + 1) - share(number);
        if count == 0 {
            continue;
        }
        let pool = Pool::new(shop(events, Some((begin + day * number as i32, day))));
        let sending = Instant::now();
        let sent = drive::all(program, &pool, CONNECTIONS, count);
        assert_eq!(sent.refused, 0, "events were refused");
        drained(&program.api);
        took += sending.elapsed();
        say(share(number + 1), missing);
    }
    took
}

#[expect(
    clippy::print_stderr,
    reason = "it takes minutes, and the result goes to standard output"
)]
fn say(made: u64, missing: u64) {
    eprintln!("made {made} of {missing} events");
}

/// How many events were ever accepted.
fn accepted(api: &Api) -> u64 {
    let stats = api.get(
        "/organizations/default/stats_v2/?field=sum(quantity)&groupBy=outcome&category=error&outcome=accepted&statsPeriod=90d",
    );
    let groups = stats["groups"].as_array().unwrap();
    let quantities = groups
        .iter()
        .map(|it| it["totals"]["sum(quantity)"].as_u64().unwrap());
    quantities.sum()
}

/// Starts it, and says how long that took.
fn start(place: &Place) -> (Program, Duration) {
    let begin = Instant::now();
    let program = place.start();
    (program, begin.elapsed())
}

/// Ends a program like a power cut while events arrive; answers how long the next start took.
fn kill(program: Program, pool: &Pool) -> Duration {
    let place = thread::scope(|scope| {
        // More than there is time for.
        let load = scope.spawn(|| drive::open(&program, pool, RATE * 4.0, Duration::from_secs(5)));
        thread::sleep(Duration::from_secs(3));
        program.cut_off();
        load.join().unwrap();
        program.place()
    });
    drop(program);
    start(&place).1
}

/// How long each answer took, sorted, until it is over.
fn ask(api: &Api, events: u64, is_over: impl Fn() -> bool) -> Vec<(&'static str, Vec<Duration>)> {
    let (issues, ids) = sample(api);
    let mut times: Vec<_> = ASKED.iter().map(|(name, _)| (*name, Vec::new())).collect();
    while !is_over() {
        for ((_, path), (_, times)) in ASKED.iter().zip(&mut times) {
            let any = |from: &[String]| from[rand::random_range(0..from.len())].clone();
            let kind = rand::random_range(0..events.div_ceil(EVENTS_AN_ISSUE));
            let path = path
                .replace("{issue}", &any(&issues))
                .replace("{event}", &any(&ids))
                .replace("{project}", PROJECT)
                .replace("{kind}", &kind.to_string())
                .replace("{tenant}", &rand::random_range(0..50).to_string());
            let asked = Instant::now();
            let answer = api.get(&path);
            times.push(asked.elapsed());
            assert!(
                answer.as_array().is_none_or(|list| !list.is_empty()),
                "{path} is empty"
            );
        }
    }
    times.iter_mut().for_each(|(_, times)| times.sort_unstable());
    times
}

/// Some issues, newest and oldest, and some of their events.
fn sample(api: &Api) -> (Vec<String>, Vec<String>) {
    let texts = |list: Value, key: &str| -> Vec<String> {
        let list = list.as_array().unwrap().iter();
        list.map(|it| it[key].as_str().unwrap().to_owned()).collect()
    };
    let by = |sort| {
        let path = format!("/organizations/default/issues/?query=&sort={sort}&per_page=100");
        texts(api.get(&path), "id")
    };
    let issues: Vec<_> = ["date", "new", "freq", "user"].into_iter().flat_map(by).collect();
    let of = |issue: &String| {
        let path = format!("/organizations/default/issues/{issue}/events/?per_page=100");
        texts(api.get(&path), "eventID")
    };
    let ids = issues.iter().step_by(10).flat_map(of).collect();
    (issues, ids)
}
