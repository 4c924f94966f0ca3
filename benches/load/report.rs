//! One table, or the same as JSON, and what changed since another one.

use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::drive::Sent;
use crate::watch::Watched;

/// All that was measured.
#[derive(Serialize, Deserialize)]
pub(crate) struct Report {
    pub(crate) runs: Vec<Run>,
}

/// What was measured with events of one size.
#[derive(Serialize, Deserialize)]
pub(crate) struct Run {
    kilobytes: usize,
    /// Name and figure, in the order of the table.
    figures: Vec<(String, f64)>,
    /// Entries of the journal, every 200 ms.
    journal: Vec<u64>,
}

impl Run {
    pub(crate) fn new(kilobytes: usize, limit: f64, sent: &Sent, watched: &Watched) -> Self {
        let total = sent.total as f64;
        let processed = total / watched.took.as_secs_f64();
        let accepted = sent.accepted as f64 / sent.took.as_secs_f64();
        let milliseconds = |share| sent.percentile(share).as_secs_f64() * 1_000.0;
        let [idle, peak, after] = watched.memory.map(|bytes| bytes as f64 / 1e6);
        let page = watched.pages.get(watched.pages.len() * 95 / 100);
        let mut figures = vec![
            ("limit, events/s", limit),
            ("accepted, events/s", accepted),
            ("processed, events/s", processed),
            ("processed, share of the limit", processed / limit),
            ("refused", sent.refused as f64),
            ("ack p50, ms", milliseconds(0.5)),
            ("ack p95, ms", milliseconds(0.95)),
            ("ack p99, ms", milliseconds(0.99)),
            ("memory idle, MB", idle),
            ("memory peak, MB", peak),
            ("memory after, MB", after),
            ("cpu, s/1,000 events", watched.cpu.as_secs_f64() / total * 1_000.0),
            ("disk, bytes/event", watched.disk as f64 / total),
            (
                "journal, most entries",
                watched.journal.iter().max().map_or(0.0, |most| *most as f64),
            ),
            (
                "issue list p95, ms",
                page.map_or(0.0, |time| time.as_secs_f64() * 1_000.0),
            ),
            ("events", total),
        ];
        figures.extend(sent.rate.map(|rate| ("knee, events/s", rate)));
        Self {
            kilobytes,
            figures: figures
                .into_iter()
                .map(|(name, figure)| (name.to_owned(), figure))
                .collect(),
            journal: watched.journal.clone(),
        }
    }

    fn figure(&self, name: &str) -> Option<f64> {
        self.figures
            .iter()
            .find(|(it, _)| it == name)
            .map(|(_, figure)| *figure)
    }
}

impl Report {
    /// A result that was printed as JSON.
    pub(crate) fn read(file: &Path) -> Self {
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
    }

    pub(crate) fn write_json(&self) {
        serde_json::to_writer_pretty(std::io::stdout(), self).unwrap();
    }

    /// A line a figure, a column a size; with the change since `before` behind each.
    pub(crate) fn write_table(&self, before: Option<&Self>) {
        let mut out = std::io::stdout().lock();
        let mut row = |name: &str, cells: Vec<String>| {
            let cells: String = cells.iter().map(|cell| format!("{cell:>22}")).collect();
            writeln!(out, "{name:<30}{cells}").unwrap();
        };
        let sizes = self.runs.iter().map(|run| format!("{} KB", run.kilobytes));
        row("", sizes.collect());
        for (name, _) in self
            .runs
            .iter()
            .flat_map(|run| run.figures.first().map(|_| &run.figures))
            .next()
            .unwrap()
        {
            let cell = |run: &Run| {
                let now = run.figure(name).unwrap_or_default();
                let then = before.and_then(|it| {
                    it.runs
                        .iter()
                        .find(|it| it.kilobytes == run.kilobytes)?
                        .figure(name)
                });
                match then {
                    Some(then) if then != 0.0 => {
                        format!("{} ({:+.0} %)", figure(now), (now / then - 1.0) * 100.0)
                    }
                    _ => figure(now),
                }
            };
            row(name, self.runs.iter().map(cell).collect());
        }
    }
}

/// Three digits that count.
fn figure(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}
