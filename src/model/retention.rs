//! What is kept of payloads, and which go first: pure rules. Counts, users, tags, first and last seen are not payloads:
//! they are what happened, and stay whatever goes.
//!
//! Payloads go by age, and under pressure by importance. What a project can do without first are the many alike: of each
//! part and day a thinned sample stays, spread over the day, and the first and the latest payload of every part stay
//! longer than any sample. Fresh days are thinned a step or two later than old ones.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::project::Project;
use crate::protocol::ids::ProjectId;

/// How much is kept of the payloads of one part of an issue and one day. Later ones keep less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Thinning {
    /// All of them.
    #[default]
    All,
    /// At most a thousand.
    Thousand,
    /// At most a hundred.
    Hundred,
    /// At most ten.
    Ten,
    /// One.
    One,
    /// None but the first and the latest that the part has of all days.
    Ends,
    /// None.
    Nothing,
}

impl Thinning {
    /// All of them, the mildest first.
    pub const STEPS: [Self; 6] = [
        Self::Thousand,
        Self::Hundred,
        Self::Ten,
        Self::One,
        Self::Ends,
        Self::Nothing,
    ];

    /// How many payloads of a part and a day it leaves, beside the ends.
    fn sample(self) -> usize {
        match self {
            Self::All => usize::MAX,
            Self::Thousand => 1_000,
            Self::Hundred => 100,
            Self::Ten => 10,
            Self::One => 1,
            Self::Ends | Self::Nothing => 0,
        }
    }
}

/// Whether a day holds the first or the latest payload that a part has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ends {
    /// The first of the day is the first of all.
    pub first: bool,
    /// The last of the day is the latest of all.
    pub latest: bool,
}

/// Which of the `count` payloads that a part has of a day are too many, in order of time: by their number, from 0.
pub fn surplus(count: usize, ends: Ends, thinning: Thinning) -> impl Iterator<Item = usize> {
    let sample = thinning.sample();
    (0..count).filter(move |&at| {
        let is_end = at == 0 && ends.first || at + 1 == count && ends.latest;
        // The first of each of `sample` equal stretches: the same ones stay when the day is thinned again to as many.
        let stretch = |at: usize| at as u128 * sample as u128 / count as u128;
        let is_sampled = sample >= count || sample > 0 && (at == 0 || stretch(at) != stretch(at - 1));
        !is_sampled && (!is_end || thinning == Thinning::Nothing)
    })
}

/// For how many days payloads are kept unless their project says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UsualDays(pub u32);

/// For how many days payloads are kept.
#[derive(Debug, Clone)]
pub struct Days {
    usual: u32,
    own: HashMap<ProjectId, u32>,
}

impl Days {
    /// As the settings and the projects say.
    pub fn new(usual: UsualDays, projects: &[Project]) -> Self {
        let own = projects.iter().filter_map(|it| Some((it.id, it.retention_days?)));
        Self {
            usual: usual.0,
            own: own.collect(),
        }
    }

    /// Those of a project.
    pub fn of(&self, project: ProjectId) -> u32 {
        self.own.get(&project).copied().unwrap_or(self.usual)
    }

    /// Those of a project that says nothing.
    pub fn usual(&self) -> u32 {
        self.usual
    }
}

/// What is kept of a project and a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptDay {
    /// Whose.
    pub project: ProjectId,
    /// Days since 1970 on which the events happened.
    pub day: i64,
    /// Payloads.
    pub events: u64,
    /// Bytes of payloads, as they are stored.
    pub bytes: u64,
    /// Bytes of attachments.
    pub files: u64,
    /// How far it was thinned.
    pub thinning: Thinning,
}

impl KeptDay {
    /// All bytes.
    pub fn total(&self) -> u64 {
        self.bytes + self.files
    }
}

/// What should go next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thin {
    /// Whose.
    pub project: ProjectId,
    /// Of which day.
    pub day: i64,
    /// How little stays.
    pub to: Thinning,
}

/// The oldest day that is beyond its time at `today`; `days` is for how many days payloads of a project are kept.
pub fn overdue(kept: &[KeptDay], today: i64, days: impl Fn(ProjectId) -> u32) -> Option<Thin> {
    let is_over = |it: &&KeptDay| it.day < today - i64::from(days(it.project));
    let oldest = kept.iter().filter(is_over).min_by_key(|it| it.day)?;
    Some(Thin {
        project: oldest.project,
        day: oldest.day,
        to: Thinning::Nothing,
    })
}

/// What goes next under pressure. The project that keeps most gives first, so that each gets down to an equal share and
/// none below it; of a project its most redundant payloads go first, the older the sooner.
pub fn next_thin(kept: &[KeptDay], today: i64) -> Option<Thin> {
    let mut projects: Vec<ProjectId> = kept.iter().map(|it| it.project).collect();
    projects.sort_unstable_by_key(|it| it.0);
    projects.dedup();
    let size = |project: &ProjectId| -> u64 {
        let own = kept.iter().filter(|it| it.project == *project);
        own.map(KeptDay::total).sum()
    };
    projects.sort_by_cached_key(|project| std::cmp::Reverse(size(project)));
    projects.into_iter().find_map(|project| {
        let own = kept.iter().filter(|it| it.project == project);
        let steps = own.filter_map(|it| Some((it, next_step(it.thinning)?)));
        let (day, to) = steps.min_by_key(|(it, to)| (rank(*to, today - it.day), it.day))?;
        Some(Thin {
            project,
            day: day.day,
            to,
        })
    })
}

fn next_step(from: Thinning) -> Option<Thinning> {
    Thinning::STEPS.into_iter().find(|step| *step > from)
}

/// When it is a day's turn to be thinned so far: a month is thinned a step before the week is, and the week a step
/// before the last days are. That nothing is left comes after all else.
fn rank(to: Thinning, age: i64) -> usize {
    let freshness = match age {
        ..=6 => 2,
        7..=29 => 1,
        _ => 0,
    };
    match to {
        Thinning::Nothing => Thinning::STEPS.len() + 2,
        to => freshness + Thinning::STEPS.iter().take_while(|step| **step < to).count(),
    }
}

/// In how many days at `today` the `used` bytes reach `limit`, if each project goes on as in its last seven whole days, and
/// its payloads leave when their `days` are over; none when that is not within ten years, or no day is over yet.
pub fn days_until_full(
    kept: &[KeptDay],
    today: i64,
    days: impl Fn(ProjectId) -> u32,
    used: u64,
    limit: u64,
) -> Option<u64> {
    const WEEK: i64 = 7;
    const FARTHEST: i64 = 3_650;
    let by_day: HashMap<(ProjectId, i64), f64> = kept
        .iter()
        .map(|it| ((it.project, it.day), it.total() as f64))
        .collect();
    let first = kept.iter().map(|it| it.day).min()?.max(today - WEEK);
    let sum: f64 = by_day.values().sum();
    // Beside payloads there are rows, checkpoints and what else they bring along.
    let share = (used as f64 / sum).clamp(1.0, 10.0);
    let mut rates: HashMap<ProjectId, f64> = HashMap::new();
    for it in kept.iter().filter(|it| (first..today).contains(&it.day)) {
        *rates.entry(it.project).or_default() += it.total() as f64 / (today - first) as f64;
    }
    let mut now = used as f64;
    (first < today).then_some(())?;
    for ahead in 0..=FARTHEST {
        if now >= limit as f64 {
            return Some(ahead.unsigned_abs());
        }
        for (project, rate) in &rates {
            let leaving = today + ahead - i64::from(days(*project));
            let left = match leaving < today {
                true => by_day.get(&(*project, leaving)).copied().unwrap_or_default(),
                false => *rate,
            };
            now += (rate - left) * share;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BOTH: Ends = Ends {
        first: true,
        latest: true,
    };

    fn day(project: u64, day: i64, bytes: u64, thinning: Thinning) -> KeptDay {
        KeptDay {
            project: ProjectId(project),
            day,
            events: 1,
            bytes,
            files: 0,
            thinning,
        }
    }

    fn any_thinning() -> impl Strategy<Value = Thinning> {
        (0..=Thinning::STEPS.len()).prop_map(|at| match at.checked_sub(1) {
            None => Thinning::All,
            Some(at) => Thinning::STEPS[at],
        })
    }

    proptest! {
        #[test]
        fn as_many_stay_as_the_step_says_and_the_ends(
            count in 0_usize..3_000, first: bool, latest: bool, thinning in any_thinning(),
        ) {
            let ends = Ends { first, latest };
            let gone: Vec<usize> = surplus(count, ends, thinning).collect();
            let kept: Vec<usize> = (0..count).filter(|at| !gone.contains(at)).collect();
            let sample = thinning.sample().min(count);
            prop_assert!((sample..=sample + 2).contains(&kept.len()) || thinning == Thinning::Nothing && kept.is_empty());
            if count > 0 && thinning < Thinning::Nothing {
                prop_assert!(!first || kept.contains(&0));
                prop_assert!(!latest || kept.contains(&(count - 1)));
            }
            // Spread over the day: no stretch without one is longer than two shares.
            if sample > 0 {
                let widest = kept.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or(0);
                prop_assert!(widest <= 2 * count.div_ceil(sample), "{widest} of {count}");
            }
        }

        #[test]
        fn pressure_ends_with_nothing_after_a_bounded_number_of_steps(
            days in proptest::collection::vec((1_u64..4, 0_i64..99, 1_u64..1_000), 1..12),
        ) {
            let mut kept: Vec<KeptDay> = Vec::new();
            for (project, at, bytes) in days {
                if !kept.iter().any(|it| (it.project.0, it.day) == (project, at)) {
                    kept.push(day(project, at, bytes, Thinning::All));
                }
            }
            let most = kept.len() * Thinning::STEPS.len();
            for _ in 0..most {
                let Some(thin) = next_thin(&kept, 100) else { break };
                let largest = kept.iter().map(|it| {
                    kept.iter().filter(|other| other.project == it.project).map(KeptDay::total).sum::<u64>()
                });
                let own: u64 = kept.iter().filter(|it| it.project == thin.project).map(KeptDay::total).sum();
                let has_more = |it: &&KeptDay| it.thinning < Thinning::Nothing;
                let richest = kept.iter().zip(largest).filter(|(it, _)| has_more(it)).map(|(_, sum)| sum).max();
                prop_assert_eq!(Some(own), richest, "who has most gives");
                let target = kept.iter_mut().find(|it| (it.project, it.day) == (thin.project, thin.day)).unwrap();
                prop_assert!(thin.to > target.thinning);
                target.thinning = thin.to;
                target.bytes = if thin.to == Thinning::Nothing { 0 } else { target.bytes / 2 };
            }
            prop_assert!(kept.iter().all(|it| it.thinning == Thinning::Nothing));
        }
    }

    #[test]
    fn the_old_and_redundant_go_before_the_fresh_and_rare() {
        let mut kept = [40, 80, 95].map(|at| day(1, at, 100, Thinning::All));
        let mut story = Vec::new();
        while let Some(thin) = next_thin(&kept, 100) {
            story.push((thin.day, thin.to));
            kept.iter_mut().find(|it| it.day == thin.day).unwrap().thinning = thin.to;
        }
        use Thinning::{Ends, Hundred, Nothing, One, Ten, Thousand};
        let expected = [
            (40, Thousand),
            (40, Hundred),
            (80, Thousand),
            (40, Ten),
            (80, Hundred),
            (95, Thousand),
            (40, One),
            (80, Ten),
            (95, Hundred),
            (40, Ends),
            (80, One),
            (95, Ten),
            (80, Ends),
            (95, One),
            (95, Ends),
            (40, Nothing),
            (80, Nothing),
            (95, Nothing),
        ];
        assert_eq!(story, expected);
    }

    #[test]
    fn a_project_gives_down_to_its_share_and_not_below() {
        let mut kept = [(1, 900), (2, 300), (3, 50)].map(|(it, bytes)| day(it, 90, bytes, Thinning::All));
        let mut gave = Vec::new();
        while kept.iter().map(KeptDay::total).sum::<u64>() > 450 {
            let thin = next_thin(&kept, 100).unwrap();
            let target = kept.iter_mut().find(|it| it.project == thin.project).unwrap();
            (target.thinning, target.bytes) = (thin.to, target.bytes / 2);
            gave.push(thin.project.0);
        }
        assert_eq!(gave, [1, 1, 2]);
        assert_eq!(kept[2].bytes, 50, "who keeps little gives nothing");
    }

    #[test]
    fn what_is_beyond_its_time_goes_whatever_it_is() {
        let kept = [
            day(1, 9, 1, Thinning::Ends),
            day(1, 10, 1, Thinning::All),
            day(2, 0, 1, Thinning::All),
        ];
        let days = |project: ProjectId| if project.0 == 1 { 90 } else { 200 };
        let thin = overdue(&kept, 100, days).unwrap();
        assert_eq!((thin.project.0, thin.day, thin.to), (1, 9, Thinning::Nothing));
        assert_eq!(overdue(&kept[1..], 100, days), None);
    }

    #[test]
    fn of_a_thousand_alike_the_ends_and_a_sample_stay() {
        let kept = |to| 1_000 - surplus(1_000, BOTH, to).count();
        assert_eq!(Thinning::STEPS.map(kept), [1_000, 101, 11, 2, 2, 0]);
    }

    #[test]
    fn a_disk_is_full_when_it_goes_on_as_it_did() {
        let kept: Vec<KeptDay> = (90..101).map(|at| day(1, at, 10, Thinning::All)).collect();
        let full = |days, limit| days_until_full(&kept, 100, |_| days, 110, limit);
        assert_eq!(full(90, 210), Some(10));
        assert_eq!(full(90, 110), Some(0));
        assert_eq!(full(15, 1_000), None, "as much leaves as comes");
        assert_eq!(
            days_until_full(&kept[10..], 100, |_| 90, 10, 100),
            None,
            "no day is over"
        );
        assert_eq!(days_until_full(&[], 100, |_| 90, 0, 100), None);
    }
}
