//! What simulated series are like: their rates, hour by hour of four weeks.

use rand::RngExt;
use rand::rngs::StdRng;
use rand_distr::{Distribution, StandardNormal};

/// Minutes of an hour, a day and a week.
pub(super) const HOUR: i64 = 60;
pub(super) const DAY: i64 = 24 * HOUR;
const WEEK: i64 = 7 * DAY;
/// Hours before the first minute that is looked at.
pub(super) const PAST_HOURS: i64 = 28 * 24;
/// The least that a quiet issue's planted spike is a multiple of, in events an hour.
const AUDIBLE: f64 = 60.0;

/// Kinds of series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but chance; rates drift by 10 % from hour to hour, as in all others.
    Steady,
    /// 2 to 10 times as many at the busiest hour as at the quietest.
    Daily,
    /// The same, and a half to a tenth of it on two days of seven.
    Weekly,
    /// 3 % fewer to 7 % more each day.
    Trend,
    /// An event in two days to three in an hour.
    Quiet,
    /// Clumps of 2 to 5 events in the mean, over five minutes or at once.
    Clumps,
    /// Rates that drift by 30 % from hour to hour.
    Drift,
    /// Two hours to three days old, one in two with a daily rhythm.
    New,
    /// Outages: some of hours, and in one of five of five days.
    Missing,
}

impl Kind {
    pub(super) const ALL: [Self; 9] = [
        Self::Steady,
        Self::Daily,
        Self::Weekly,
        Self::Trend,
        Self::Quiet,
        Self::Clumps,
        Self::Drift,
        Self::New,
        Self::Missing,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Daily => "daily rhythm",
            Self::Weekly => "weekly rhythm",
            Self::Trend => "trend",
            Self::Quiet => "quiet issue",
            Self::Clumps => "bursty: clumps",
            Self::Drift => "bursty: rates",
            Self::New => "new issue",
            Self::Missing => "missing data",
        }
    }
}

/// A time in which the rate is multiplied.
#[derive(Debug, Clone, Copy)]
pub(super) struct Episode {
    pub from: i64,
    pub to: i64,
    pub factor: f64,
}

/// One series' nature. Times are minutes; 0 is the first that is looked at.
#[derive(Debug)]
pub(super) struct Life {
    /// Minutes from the start of a week to minute 0.
    pub start: i64,
    /// The minute in which it was first seen.
    pub born: i64,
    /// The mean size of clumps, and over how many minutes they spread.
    pub clump: (f64, i64),
    base: f64,
    swing: f64,
    phase: f64,
    weekend: f64,
    growth: f64,
    drift: f64,
    /// The least that a planted spike is a multiple of, in events an hour.
    audible: f64,
    episodes: Vec<Episode>,
}

impl Life {
    /// One of a kind with so many events an hour at minute 0; a quiet one has as few as it has.
    pub(super) fn of(kind: Kind, an_hour: f64, rng: &mut StdRng) -> Self {
        let mut life = Self {
            start: rng.random_range(0..WEEK),
            born: -(PAST_HOURS * HOUR),
            clump: (1.0, 1),
            base: an_hour,
            swing: 0.0,
            phase: rng.random_range(0.0..1.0),
            weekend: 1.0,
            growth: 0.0,
            drift: 0.1,
            audible: 0.0,
            episodes: Vec::new(),
        };
        let daily = rng.random_range(0.35..1.15);
        match kind {
            Kind::Steady => {}
            Kind::Daily => life.swing = daily,
            Kind::Weekly => {
                life.swing = daily;
                life.weekend = rng.random_range(0.1..0.5);
            }
            Kind::Trend => {
                life.swing = 0.35;
                life.growth = rng.random_range(-0.03..0.07);
            }
            Kind::Quiet => {
                life.base = log_uniform(0.02, 3.0, rng);
                life.audible = AUDIBLE;
            }
            Kind::Clumps => life.clump = (rng.random_range(2.0..5.0), if rng.random() { 1 } else { 5 }),
            Kind::Drift => life.drift = 0.3,
            Kind::New => {
                life.born = -rng.random_range(2 * HOUR..3 * DAY);
                life.swing = if rng.random() { 0.35 } else { 0.0 };
            }
            Kind::Missing => {
                life.swing = 0.35;
                life.add_outages(rng);
            }
        }
        if kind != Kind::New && rng.random() {
            life.add_past_spikes(rng);
        }
        if kind != Kind::Quiet {
            life.base *= an_hour / life.rate(0);
        }
        life
    }

    /// Multiplies the rate from minute 0 on; a quiet series' as if it were audible.
    pub(super) fn plant(&mut self, minutes: i64, factor: f64) {
        let factor = factor * (self.audible / self.rate(0)).max(1.0);
        self.episodes.push(Episode {
            from: 0,
            to: minutes,
            factor,
        });
    }

    /// Events an hour that are expected in this minute, chance and drift apart.
    pub(super) fn rate(&self, minute: i64) -> f64 {
        if minute < self.born {
            return 0.0;
        }
        let day = (minute + self.start) as f64 / DAY as f64;
        let swing = (self.swing * ((day + self.phase) * std::f64::consts::TAU).sin()).exp();
        let weekend = if day.rem_euclid(7.0) < 2.0 {
            self.weekend
        } else {
            1.0
        };
        let growth = (self.growth.ln_1p() * minute as f64 / DAY as f64).exp();
        let during = |it: &&Episode| (it.from..it.to).contains(&minute);
        let episodes: f64 = self.episodes.iter().filter(during).map(|it| it.factor).product();
        self.base * swing * weekend * growth * episodes
    }

    /// By what the rate is off in each hour, from the oldest of so many.
    pub(super) fn drifts(&self, hours: i64, rng: &mut StdRng) -> Vec<f64> {
        let mut state: f64 = StandardNormal.sample(rng);
        let mut next = |_| {
            let news: f64 = StandardNormal.sample(rng);
            state = 0.8 * state + 0.6 * news;
            (self.drift * state - self.drift * self.drift / 2.0).exp()
        };
        (0..hours).map(&mut next).collect()
    }

    fn add_outages(&mut self, rng: &mut StdRng) {
        for _ in 0..rng.random_range(1..=3) {
            self.add_outage(rng.random_range(HOUR..2 * DAY), rng);
        }
        if rng.random_bool(0.2) {
            self.add_outage(5 * DAY, rng);
        }
    }

    /// It ends at least three hours before minute 0.
    fn add_outage(&mut self, minutes: i64, rng: &mut StdRng) {
        let from = -rng.random_range(minutes + 3 * HOUR..PAST_HOURS * HOUR);
        let to = from + minutes;
        self.episodes.push(Episode {
            from,
            to,
            factor: 0.0,
        });
    }

    /// One to three, of up to six hours.
    fn add_past_spikes(&mut self, rng: &mut StdRng) {
        for _ in 0..rng.random_range(1..=3) {
            let minutes = rng.random_range(20..6 * HOUR);
            let from = -rng.random_range(minutes + 3 * HOUR..PAST_HOURS * HOUR);
            let factor = rng.random_range(3.0..20.0);
            let to = from + minutes;
            self.episodes.push(Episode { from, to, factor });
        }
    }
}

/// A number between two, as likely in each decade.
pub(super) fn log_uniform(from: f64, to: f64, rng: &mut StdRng) -> f64 {
    (rng.random_range(from.ln()..to.ln())).exp()
}
