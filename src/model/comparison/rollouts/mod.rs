//! Simulated rollouts: how often the comparison is right and how often it errs, 200 of each kind, with fixed seeds.
//!
//! `cargo test --lib rollouts -- --nocapture --test-threads 1` prints the tables of `docs/regressions.md`.

mod correction;
mod world;

use self::world::{Figures, ROLLOUTS, Told, World, percent, rates};

/// Sessions of a release.
const VOLUMES: [f64; 7] = [100.0, 300.0, 1_000.0, 3_000.0, 10_000.0, 30_000.0, 100_000.0];

/// 95 of 100.
const NEARLY_ALWAYS: usize = ROLLOUTS * 95 / 100;

/// 1 of 100.
const HARDLY_EVER: usize = ROLLOUTS / 100;

#[test]
fn a_doubled_issue_is_called_worse_wherever_that_can_be_seen() {
    println!(
        "| sessions | doubled issue | expected events | called worse | others called worse | verdict bad | good | too little data |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for sessions in VOLUMES {
        for rank in [1, 3, 10, 30, 50] {
            let world = World {
                doubled: (rank, rank),
                ..World::of(sessions)
            };
            let seen = Figures::of(world, 1_000 * sessions as u64 + rank as u64);
            let expected = rates()[rank - 1] * sessions;
            println!(
                "| {sessions} | {rank} | {expected:.1} | {} | {} | {} | {} | {} |",
                percent(seen.found),
                percent(seen.wrong),
                percent(seen.bad),
                percent(seen.good),
                percent(ROLLOUTS - seen.bad - seen.good),
            );
            assert!(
                seen.wrong <= HARDLY_EVER && seen.flattered <= HARDLY_EVER,
                "{world:?}: {seen:?}"
            );
            let detectable = seen.detectable.unwrap();
            assert!(
                (120.0..180.0).contains(&detectable),
                "{detectable} events show a doubling"
            );
            assert!(
                expected < detectable || seen.found >= NEARLY_ALWAYS,
                "{world:?}: {seen:?}"
            );
            assert!(
                sessions >= 3_000.0 || seen.good == 0,
                "good below what can be seen: {world:?}"
            );
        }
    }
}

#[test]
fn an_unchanged_release_is_clean() {
    let plain = World::of(0.0);
    let kinds = [
        ("counts by chance", plain),
        ("bursts of 3 events, users told", World { burst: 3.0, ..plain }),
        (
            "bursts of 2 events, users not told",
            World {
                burst: 2.0,
                users: Told::No,
                ..plain
            },
        ),
        (
            "no sessions",
            World {
                health: Told::No,
                ..plain
            },
        ),
        (
            "no sessions, bursts of 2, users not told",
            World {
                health: Told::No,
                burst: 2.0,
                users: Told::No,
                ..plain
            },
        ),
        ("all rates drift by 10 %", World { drift: 0.1, ..plain }),
    ];
    println!(
        "| unchanged release | sessions | of the baseline | called worse or bad | good | too little data | a doubling shows from |"
    );
    println!("|---|---|---|---|---|---|---|");
    for (at, (name, kind)) in kinds.into_iter().enumerate() {
        for (sessions, before) in VOLUMES.into_iter().flat_map(|it| [(it, it), (it / 10.0, it)]) {
            let world = World {
                sessions,
                before,
                ..kind
            };
            let seen = Figures::of(world, 7 + before as u64 + at as u64);
            let early = ROLLOUTS - seen.bad - seen.good;
            println!(
                "| {name} | {sessions} | {before} | {} | {} | {} | {:?} |",
                percent(seen.wrong),
                percent(seen.good),
                percent(early),
                seen.detectable,
            );
            assert!(
                seen.wrong <= HARDLY_EVER && seen.flattered <= HARDLY_EVER,
                "{world:?}: {seen:?}"
            );
        }
    }
}

#[test]
fn looking_again_and_again_raises_no_false_alarm() {
    println!("| unchanged release, looked at 40 times | called worse or bad in any look |");
    println!("|---|---|");
    for sessions in [300.0, 3_000.0, 30_000.0] {
        let seen = Figures::of(
            World {
                looks: 40,
                ..World::of(sessions)
            },
            40 + sessions as u64,
        );
        println!("| {sessions} sessions in the end | {} |", percent(seen.wrong));
        assert!(
            seen.wrong <= HARDLY_EVER && seen.flattered <= HARDLY_EVER,
            "{sessions}: {seen:?}"
        );
    }
}

#[test]
fn without_sessions_others_do_not_look_better_when_one_gets_worse() {
    println!("| no sessions | doubled issue | called worse | others called worse |");
    println!("|---|---|---|---|");
    for rank in [1, 3, 10] {
        let world = World {
            doubled: (rank, rank),
            health: Told::No,
            ..World::of(100_000.0)
        };
        let seen = Figures::of(world, 90 + rank as u64);
        println!(
            "| 100000 | {rank} | {} | {} |",
            percent(seen.found),
            percent(seen.wrong)
        );
        assert!(seen.found >= NEARLY_ALWAYS, "{world:?}: {seen:?}");
        assert!(
            seen.wrong <= HARDLY_EVER && seen.flattered <= HARDLY_EVER,
            "{world:?}: {seen:?}"
        );
    }
}

#[test]
fn crashes_that_double_show() {
    println!("| sessions | crashes before | after | said to have fallen |");
    println!("|---|---|---|---|");
    for (sessions, before, after) in [
        (1_000.0, 0.01, 0.01),
        (1_000.0, 0.01, 0.02),
        (10_000.0, 0.01, 0.02),
        (100_000.0, 0.01, 0.01),
    ] {
        let world = World {
            crashes: (before, after),
            ..World::of(sessions)
        };
        let seen = Figures::of(world, 50 + sessions as u64);
        println!("| {sessions} | {before} | {after} | {} |", percent(seen.fell));
        assert!(after > before || seen.fell <= HARDLY_EVER, "{world:?}: {seen:?}");
        assert!(
            after == before || sessions < 10_000.0 || seen.fell >= NEARLY_ALWAYS,
            "{world:?}: {seen:?}"
        );
    }
}
