//! What is usual at this hour: by the same hour of the same weekday in the last weeks, or of the last days.
//!
//! Medians: what happened in fewer than half of the weeks or days, a spike or an outage, changes nothing. Weeks are
//! first brought to today's level, so that a trend does not matter. Needs three days; says nothing of chance.

use super::evidence::Baseline;
use super::scatter;
use super::series::{Past, upper_median};

const DAY: usize = 24;
const WEEK: usize = 7 * DAY;
/// An hour that stands out from both its neighbours by more than this is a job's: its events may come all at once.
const STANDS_OUT: f64 = 1.25;
/// Hours of one look at the level of the last day.
const BLOCK: usize = 4;

/// The hours of one period, over and over.
#[derive(Debug)]
pub(super) struct Rhythm<'a> {
    past: &'a Past,
    /// Hours of a period: a day or a week.
    period: usize,
    /// How many periods are known, at most.
    cycles: usize,
    /// By what a count so many periods ago is multiplied to be of today's level.
    scales: [f64; 8],
    /// How many times what its rhythm says the last day had.
    level: f64,
}

impl<'a> Rhythm<'a> {
    /// None before there are three days.
    pub(super) fn of(past: &'a Past) -> Option<Self> {
        let weeks = (past.known() / WEEK).min(4);
        let mut rhythm = if weeks >= 3 {
            Self {
                past,
                period: WEEK,
                cycles: weeks,
                scales: weekly_scales(past, weeks),
                level: 1.0,
            }
        } else {
            let days = (past.known() / DAY).min(7);
            (days >= 3).then_some(Self {
                past,
                period: DAY,
                cycles: days,
                scales: [1.0; 8],
                level: 1.0,
            })?
        };
        rhythm.level = rhythm.level_of_the_last_day();
        Some(rhythm)
    }

    /// What it is taken from.
    pub(super) fn baseline(&self) -> Baseline {
        match self.period {
            WEEK => Baseline::SameWeekday { weeks: self.cycles },
            _ => Baseline::SameHour { days: self.cycles },
        }
    }

    /// How many counts a median is of.
    pub(super) fn cycles(&self) -> usize {
        self.cycles
    }

    /// Events that are expected in the hour that is so many hours before the running one, -1 for the next: what comes
    /// spread over it, and what may come at once.
    pub(super) fn hour(&self, ago: i64) -> (f64, f64) {
        let [after, this, before] = [ago - 1, ago, ago + 1].map(|it| self.shape(it) * self.level);
        let lump = (this - STANDS_OUT * after.max(before)).max(0.0);
        (this - lump, lump)
    }

    /// The index of dispersion of its hours.
    pub(super) fn scatter(&self) -> f64 {
        let mut usual = [0.0; WEEK + 1];
        for (ago, usual) in usual.iter_mut().enumerate().take(self.period + 1).skip(1) {
            *usual = self.median(ago, 0);
        }
        let days = self.cycles * self.period / DAY;
        scatter::of_hours(self.past, days, |ago| {
            let cycle = (ago - 1) / self.period;
            Some(usual[(ago - 1) % self.period + 1] / self.scales[cycle])
        })
    }

    /// The median of the hour in earlier periods, at today's level.
    fn shape(&self, ago: i64) -> f64 {
        let ago = usize::try_from(ago + self.period as i64).unwrap_or(0);
        self.median(ago, 1)
    }

    /// The median of what is known of the hour `ago`, which is `cycle` periods back, and of the same hour before that.
    fn median(&self, ago: usize, cycle: usize) -> f64 {
        let mut values = [0.0; 8];
        let (mut known, mut silent) = (0, 0);
        for back in 0..self.cycles {
            let ago = ago + back * self.period;
            match self.past.at(ago) {
                Some(0.0) if self.past.is_silent_about(ago) => silent += 1,
                Some(count) => {
                    values[known] = count * self.scales[back + cycle];
                    known += 1;
                }
                None => {}
            }
        }
        // Silence in some of the periods is an outage and says nothing, in most of them it is what is usual.
        if known * 3 < known + silent {
            known += silent;
        }
        upper_median(&mut values[..known])
    }

    /// The last day over what its rhythm says, in six looks of four hours: the lower median, so that a spike of half a
    /// day does not become usual, and one of a day does. Without weeks to tell, a quiet day may be a Sunday: it
    /// does not lower what is expected of a Monday.
    fn level_of_the_last_day(&self) -> f64 {
        let mut looks = [0.0; DAY / BLOCK];
        let mut known = 0;
        for first in (1..=DAY).step_by(BLOCK) {
            let hours = self.past.span(first, BLOCK);
            let seen: f64 = hours.iter().sum();
            let usual: f64 = (first..first + hours.len())
                .map(|ago| self.shape(ago as i64))
                .sum();
            // Not a single event where some are sure: nobody was listening.
            if seen > 0.0 || usual < 5.0 {
                looks[known] = (seen + 5.0) / (usual + 5.0);
                known += 1;
            }
        }
        if known < 3 {
            return 1.0;
        }
        let looks = &mut looks[..known];
        looks.sort_unstable_by(f64::total_cmp);
        let least = if self.period == WEEK { 0.8 } else { 1.0 };
        looks[(known - 1) / 2].max(least)
    }
}

/// By how much each week differs from today's level.
fn weekly_scales(past: &Past, weeks: usize) -> [f64; 8] {
    let mut scales = [1.0; 8];
    for (week, scale) in scales.iter_mut().enumerate().take(weeks).skip(1) {
        *scale = growth_since(past, week);
    }
    // The week in which the oldest count lies is not wholly known: go on as the others did.
    let back = weeks as f64;
    scales[weeks] = scales[weeks - 1].powf(back / (back - 1.0));
    scales.map(|it| it.clamp(0.25, 4.0))
}

/// How many times as many events the last week had as the one so many weeks before: the median of its seven days, each
/// by those hours that had events both times.
fn growth_since(past: &Past, weeks: usize) -> f64 {
    let mut days = [0.0; 7];
    for (day, ratio) in days.iter_mut().enumerate() {
        let hours = |week: usize| past.span(week * WEEK + day * DAY + 1, DAY);
        let both = hours(0)
            .iter()
            .zip(hours(weeks))
            .filter(|(now, then)| **now > 0.0 && **then > 0.0);
        let (now, then) = both.fold((24.0, 24.0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
        *ratio = now / then;
    }
    days.sort_unstable_by(f64::total_cmp);
    days[3]
}
