//! Which correction for many tests: the same p-values judged by Holm's procedure, with and without the issues that are
//! too quiet to prove anything, and by Benjamini and Hochberg's.

use rand::SeedableRng;
use rand::rngs::StdRng;

use super::world::{ROLLOUTS, World, percent};
use crate::model::comparison::FALSE_ALARMS;
use crate::model::comparison::burst::{Suspect, pair};
use crate::model::comparison::exposure::Exposure;
use crate::model::comparison::family::corrected;
use crate::model::comparison::rates::Pair;

/// Which p-values Benjamini and Hochberg (1995) reject.
fn benjamini_hochberg(p: &[f64], level: f64) -> Vec<bool> {
    let mut sorted = p.to_vec();
    sorted.sort_by(f64::total_cmp);
    let passes = |rank: &usize| sorted[*rank] <= level * (rank + 1) as f64 / p.len() as f64;
    let bound = (0..p.len()).rev().find(passes).map(|rank| sorted[rank]);
    p.iter().map(|p| bound.is_some_and(|bound| *p <= bound)).collect()
}

/// Holm's (1979), over all of them.
fn holm(p: &[f64], level: f64) -> Vec<bool> {
    let mut sorted = p.to_vec();
    sorted.sort_by(f64::total_cmp);
    let fails = |rank: &usize| sorted[*rank] > level / (p.len() - rank) as f64;
    let bound = (0..p.len())
        .find(fails)
        .map_or(f64::INFINITY, |rank| sorted[rank]);
    p.iter().map(|p| *p < bound).collect()
}

#[test]
fn holm_over_the_issues_that_can_tell_finds_no_less() {
    println!(
        "| doubled of 50 | sessions | Holm: found | false | Holm, quiet ones left out: found | false | Benjamini–Hochberg: found | false |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for (doubled, sessions) in [(1, 2_000.0), (10, 30_000.0), (25, 100_000.0)] {
        let world = World {
            doubled: (1, doubled),
            ..World::of(sessions)
        };
        let over = Exposure {
            release: sessions,
            baseline: sessions,
            doubt: 0.0,
        };
        let mut rng = StdRng::seed_from_u64(5);
        let (mut found, mut wrong) = ([0; 3], [0; 3]);
        for _ in 0..ROLLOUTS {
            let issues = world.rollout(&mut rng).remove(0);
            let pairs: Vec<_> = issues
                .iter()
                .map(|it| Some(pair(it.release, it.baseline, over, Suspect::Release, 1.0)))
                .collect();
            let p: Vec<f64> = pairs.iter().flatten().map(Pair::p).collect();
            let ours = corrected(&pairs, FALSE_ALARMS)
                .iter()
                .map(|p| *p <= FALSE_ALARMS)
                .collect();
            let all = [holm(&p, FALSE_ALARMS), ours, benjamini_hochberg(&p, FALSE_ALARMS)];
            for (way, called) in all.iter().enumerate() {
                let of = |is: bool| {
                    issues
                        .iter()
                        .zip(called)
                        .filter(|(it, called)| **called && world.is_doubled(it.id) == is)
                        .count()
                };
                found[way] += of(true);
                wrong[way] += usize::from(of(false) > 0);
            }
        }
        let cells: Vec<String> = (0..3)
            .map(|way| format!("{} | {}", percent(found[way] / doubled), percent(wrong[way])))
            .collect();
        println!("| {doubled} | {sessions} | {} |", cells.join(" | "));
        assert!(
            found[1] >= found[0] && wrong[1] * 100 <= ROLLOUTS,
            "{found:?} {wrong:?}"
        );
    }
}
