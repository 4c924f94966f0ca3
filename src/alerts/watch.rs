//! Watches issues and projects for spikes: holds their last two hours and their past, and has `spike` judge both.
//!
//! Whether there is a spike is decided there; who hears of it, by the engine.

use std::collections::{BTreeMap, VecDeque};

use rayon::prelude::*;

use super::engine::memory::key::Key;
use super::engine::memory::{Memory, Row};
use super::spike::{self, Ongoing, Series, Verdict};
use crate::model::alert::{Happened, Minute, Pulse};
use crate::model::timeline::{DAY, HOUR, Hours, at};
use crate::model::{IssueId, TimeRange};
use crate::protocol::ids::{EventId, ProjectId};
use crate::store::{Result, Store};

/// How many minutes are held.
pub(super) const MINUTES: i64 = 120;
/// How far back the past goes.
const PAST: i64 = 28 * DAY;
/// Fewer events in an hour are never a spike.
const LEAST: u64 = 10;
/// The past of so many issues is read in a minute at most, that of the loudest first.
const MOST_READ: usize = 2_000;

/// After so long a spike whose end nothing could tell is not watched any more: what goes on for a day is what is usual then,
/// so that this is one of which nothing is known, as after a long halt.
const LONGEST: i64 = 14 * DAY;

/// An issue; none for the project as a whole.
type Watched = (ProjectId, Option<IssueId>);

/// What is watched.
#[derive(Default)]
pub(super) struct Watch {
    tracks: BTreeMap<Watched, Track>,
}

/// What is known of one of them.
#[derive(Default)]
struct Track {
    /// Events in each of the minutes up to `last`.
    minutes: VecDeque<u32>,
    last: Option<Minute>,
    latest: Option<EventId>,
    past: Option<Past>,
}

/// Events by hour.
struct Past {
    hours: Hours,
    /// Unix seconds: when it was first seen.
    since: i64,
    /// Unix seconds: the first hour that is not in `hours`.
    until: i64,
}

/// A spike that began or ended.
pub(super) struct Found {
    pub(super) project: ProjectId,
    pub(super) issue: Option<IssueId>,
    pub(super) event: Option<EventId>,
    pub(super) what: Happened,
}

impl Watch {
    /// Adds what was received of a project in a minute.
    pub(super) fn add(&mut self, project: ProjectId, minute: Minute, pulses: &[Pulse]) {
        let mut events: BTreeMap<Option<IssueId>, (u64, Option<EventId>)> = BTreeMap::new();
        for pulse in pulses.iter().filter(|pulse| pulse.events > 0) {
            for watched in [pulse.issue, None] {
                let sum = events.entry(watched).or_default();
                sum.0 += pulse.events;
                sum.1 = pulse.latest.or(sum.1);
            }
        }
        for (issue, (count, latest)) in events {
            let track = self.tracks.entry((project, issue)).or_default();
            track.advance(minute);
            if let Some(now) = track.minutes.back_mut() {
                *now = u32::try_from(count).unwrap_or(u32::MAX);
            }
            track.latest = latest;
        }
    }

    /// Judges a minute that is over; remembers which spikes go on. Until `away` the server heard nothing: then nothing
    /// begins and nothing ends.
    pub(super) async fn judge(
        &mut self,
        store: &Store,
        memory: &mut Memory,
        minute: Minute,
        away: Option<Minute>,
    ) -> Result<Vec<Found>> {
        if away >= Some(minute) {
            return Ok(Vec::new());
        }
        // In an hour that is not known whole no spike ends.
        let is_whole = away.is_none_or(|away| minute.0 - away.0 > 60);
        let is_lost = |spell: &Ongoing| minute.end().as_second() - spell.since > LONGEST;
        let (lost, ongoing): (BTreeMap<Watched, Ongoing>, BTreeMap<Watched, Ongoing>) =
            memory.spells().partition(|(_, spell)| is_lost(spell));
        for watched in ongoing.keys() {
            self.tracks.entry(*watched).or_default();
        }
        let last = Minute(minute.0 - MINUTES);
        self.tracks.retain(|watched, track| {
            ongoing.contains_key(watched) || track.last.is_some_and(|seen| seen > last)
        });
        self.read(store, &ongoing, minute).await?;
        let judged = self.tracks.par_iter_mut().filter_map(|(watched, track)| {
            let ongoing = ongoing.get(watched);
            if ongoing.is_some() && !is_whole {
                return None;
            }
            let verdict = track.judge(minute, ongoing)?;
            Some((*watched, track.latest, verdict))
        });
        let judged: Vec<_> = judged.collect();
        let mut found = Vec::new();
        for ((project, issue), event, verdict) in judged {
            let watched = (project, issue);
            let what = turn(memory, watched, verdict, ongoing.get(&watched));
            let event = event.filter(|_| issue.is_some());
            found.extend(what.map(|what| Found {
                project,
                issue,
                event,
                what,
            }));
        }
        found.extend(
            lost.into_iter()
                .map(|(watched, spell)| lose(memory, watched, &spell)),
        );
        Ok(found)
    }

    /// Reads the past of what may be a spike and of which it is not known.
    async fn read(
        &mut self,
        store: &Store,
        ongoing: &BTreeMap<Watched, Ongoing>,
        minute: Minute,
    ) -> Result<()> {
        let hour = hour_of(minute);
        let mut unknown: Vec<(u64, Watched)> = Vec::new();
        for (watched, track) in &mut self.tracks {
            let is_of_interest = ongoing.contains_key(watched) || track.is_loud(minute);
            if is_of_interest && !track.catch_up(hour) {
                unknown.push((track.hour(), *watched));
            }
        }
        unknown.sort_by_key(|(events, _)| std::cmp::Reverse(*events));
        unknown.truncate(MOST_READ);
        let range = TimeRange {
            start: at(hour - PAST),
            end: at(hour),
        };
        let issues: Vec<IssueId> = unknown.iter().filter_map(|(_, (_, issue))| *issue).collect();
        let mut hours = store.stats.issue_hours(&issues, range).await?.into_iter();
        for (_, watched) in unknown {
            let (project, issue) = watched;
            let (hours, since) = match issue {
                Some(id) => {
                    let seen = store.issues.issue(id).await?.map(|issue| issue.seen.first_seen);
                    (hours.next().unwrap_or_default(), seen)
                }
                None => {
                    let hours = store.stats.project_hours(project, range).await?;
                    (hours, store.stats.activity(project).await?.first_event)
                }
            };
            let since = since.map_or(hour, |since| since.as_second()).max(hour - PAST);
            if let Some(track) = self.tracks.get_mut(&watched) {
                track.past = Some(Past {
                    hours,
                    since,
                    until: hour,
                });
            }
        }
        Ok(())
    }
}

/// What a verdict changes, remembered.
fn turn(
    memory: &mut Memory,
    (project, issue): Watched,
    verdict: Verdict,
    before: Option<&Ongoing>,
) -> Option<Happened> {
    let key = Key::Spell(project, issue);
    match (verdict, before) {
        (Verdict::Spiking { evidence, ongoing }, None) => {
            memory.put(key, Row::Spell(ongoing));
            Some(Happened::Spiking(evidence.spike(&ongoing)))
        }
        (Verdict::Recovered(evidence), Some(ongoing)) => {
            memory.remove(&key);
            Some(Happened::Recovered(evidence.spike(ongoing)))
        }
        _ => None,
    }
}

/// Gives a spike up; who heard of it hears that.
fn lose(memory: &mut Memory, (project, issue): Watched, spell: &Ongoing) -> Found {
    memory.remove(&Key::Spell(project, issue));
    Found {
        project,
        issue,
        event: None,
        what: Happened::Unwatched {
            since: at(spell.since),
        },
    }
}

impl Track {
    /// Goes on to a minute, with none in the minutes between.
    fn advance(&mut self, minute: Minute) {
        let behind = self.last.map_or(1, |last| minute.0 - last.0).min(MINUTES);
        for _ in 0..behind {
            self.minutes.push_back(0);
        }
        let excess = self.minutes.len().saturating_sub(MINUTES as usize);
        self.minutes.drain(..excess);
        self.last = self.last.max(Some(minute));
    }

    /// Events in the last hour.
    fn hour(&self) -> u64 {
        self.minutes.iter().rev().take(60).map(|it| u64::from(*it)).sum()
    }

    /// Whether there was enough in the last hour, and something in this minute.
    fn is_loud(&self, minute: Minute) -> bool {
        self.last == Some(minute) && self.hour() >= LEAST
    }

    /// Whether the past is known up to the running hour; the hour that is just over is taken from the minutes.
    fn catch_up(&mut self, hour: i64) -> bool {
        let Some(past) = &mut self.past else {
            return false;
        };
        if past.until == hour - HOUR
            && let Some(last) = self.last
        {
            let minutes = self
                .minutes
                .iter()
                .rev()
                .zip((0..).map(|back| (last.0 - back) * 60));
            let over = minutes.filter(|(_, start)| (past.until..hour).contains(start));
            let events: u64 = over.map(|(events, _)| u64::from(*events)).sum();
            past.hours.retain(|(start, _)| *start >= hour - PAST);
            past.hours.extend((events > 0).then_some((past.until, events)));
            past.until = hour;
        }
        past.until == hour
    }

    /// None when there is nothing to judge.
    fn judge(&mut self, minute: Minute, ongoing: Option<&Ongoing>) -> Option<Verdict> {
        if ongoing.is_none() && !self.is_loud(minute) {
            return None;
        }
        if self.last != Some(minute) {
            self.advance(minute);
        }
        let past = self.past.as_ref().filter(|past| past.until == hour_of(minute))?;
        let series = Series {
            hours: &past.hours,
            since: past.since,
            minutes: self.minutes.make_contiguous(),
            minute_end: minute.end().as_second(),
        };
        Some(spike::judge(&series, ongoing))
    }
}

/// The start of the hour in which a minute lies, in Unix seconds.
fn hour_of(minute: Minute) -> i64 {
    (minute.0 * 60).div_euclid(HOUR) * HOUR
}
