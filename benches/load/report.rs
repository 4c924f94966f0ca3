//! What was measured: a table a scene, or JSON, and what changed since another result.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::goals;
use crate::process;

/// All that was measured.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    /// On how many processors.
    processors: usize,
    /// How many processes wanted one, before and after: near 0 and a little over 0 on a machine of our own.
    load: [f64; 2],
    figures: Vec<Figure>,
    series: Vec<Series>,
    /// So many figures were shown.
    #[serde(skip)]
    shown: usize,
}

/// One figure.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Figure {
    /// What was done, such as `closed loop`.
    scene: String,
    /// With what, such as `4 KB`.
    case: String,
    /// What it is, and its unit.
    name: String,
    value: f64,
    /// How many times what the limit takes or gives.
    ratio: Option<f64>,
}

/// A figure over time.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Series {
    scene: String,
    case: String,
    name: String,
    /// Every 200 ms.
    values: Vec<u64>,
}

/// Where one scene writes down its figures of one case.
pub(crate) struct Sheet<'a> {
    report: &'a mut Report,
    scene: &'static str,
    case: String,
}

impl Sheet<'_> {
    /// Notes a figure.
    pub(crate) fn add(&mut self, name: &str, value: f64) {
        self.note(name, value, None);
    }

    /// Notes a figure that the limit has, too.
    pub(crate) fn compare(&mut self, name: &str, value: f64, limit: f64) {
        self.note(name, value, Some(value / limit));
    }

    fn note(&mut self, name: &str, value: f64, ratio: Option<f64>) {
        self.report.figures.push(Figure {
            scene: self.scene.to_owned(),
            case: self.case.clone(),
            name: name.to_owned(),
            value,
            ratio,
        });
    }

    /// Notes what changed over time.
    pub(crate) fn series(&mut self, name: &str, values: &[u64]) {
        self.report.series.push(Series {
            scene: self.scene.to_owned(),
            case: self.case.clone(),
            name: name.to_owned(),
            values: values.to_vec(),
        });
    }
}

impl Report {
    /// Nothing yet.
    pub(crate) fn new() -> Self {
        Self {
            processors: std::thread::available_parallelism().unwrap().get(),
            load: [process::load(); 2],
            figures: Vec::new(),
            series: Vec::new(),
            shown: 0,
        }
    }

    /// A result that was printed as JSON.
    pub(crate) fn read(file: &Path) -> Self {
        serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
    }

    /// Where a scene's figures go.
    pub(crate) fn sheet(&mut self, scene: &'static str, case: &str) -> Sheet<'_> {
        self.load[1] = process::load();
        Sheet {
            report: self,
            scene,
            case: case.to_owned(),
        }
    }

    /// A figure and its ratio to the limit; none when it was not measured.
    pub(crate) fn figure(&self, scene: &str, case: &str, name: &str) -> Option<(f64, Option<f64>)> {
        let is_meant = |it: &&Figure| it.scene == scene && it.case == case && it.name == name;
        self.figures.iter().find(is_meant).map(|it| (it.value, it.ratio))
    }

    /// Whether a scene was played with this case.
    pub(crate) fn has(&self, scene: &str, case: &str) -> bool {
        self.figures.iter().any(|it| it.scene == scene && it.case == case)
    }

    pub(crate) fn write_json(&self) {
        serde_json::to_writer_pretty(std::io::stdout(), self).unwrap();
    }

    /// A table a scene that was not shown yet, with the change since `before` behind each figure.
    pub(crate) fn write_news(&mut self, before: Option<&Self>) {
        let mut text = String::new();
        for scene in in_order(self.figures[self.shown..].iter().map(|it| &it.scene)) {
            self.write_scene(&mut text, scene, before);
        }
        self.shown = self.figures.len();
        std::io::stdout().lock().write_all(text.as_bytes()).unwrap();
    }

    /// What was promised, and on what machine it was tried.
    pub(crate) fn write_goals(&self) {
        let mut text = String::new();
        goals::write(self, &mut text);
        let ([first, last], processors) = (self.load, self.processors);
        writeln!(
            text,
            "{processors} processors, load {first:.1} before and {last:.1} after"
        )
        .unwrap();
        std::io::stdout().lock().write_all(text.as_bytes()).unwrap();
    }

    fn write_scene(&self, text: &mut String, scene: &str, before: Option<&Self>) {
        let figures = || self.figures.iter().filter(|it| it.scene == scene);
        let cases = in_order(figures().map(|it| &it.case));
        text.push('\n');
        row(text, scene, cases.iter().map(|case| (*case).to_owned()));
        for name in in_order(figures().map(|it| &it.name)) {
            let cell = |case: &&String| {
                let now = self.figure(scene, case, name)?;
                let then = before.and_then(|it| it.figure(scene, case, name));
                Some(cell(now, then.map(|(value, _)| value)))
            };
            row(
                text,
                name,
                cases.iter().map(|case| cell(case).unwrap_or_default()),
            );
        }
        for series in self.series.iter().filter(|it| it.scene == scene) {
            let name = format!("{}, {}", series.name, series.case);
            writeln!(text, "{name:<34}{}", sparkline(&series.values)).unwrap();
        }
    }
}

fn row(text: &mut String, name: &str, cells: impl Iterator<Item = String>) {
    let cells: String = cells.map(|cell| format!("{cell:>28}")).collect();
    writeln!(text, "{name:<34}{cells}").unwrap();
}

/// The different ones, in the order in which they come first.
fn in_order<'a>(names: impl Iterator<Item = &'a String>) -> Vec<&'a String> {
    let mut seen = BTreeSet::new();
    names.filter(|name| seen.insert(*name)).collect()
}

fn cell((value, ratio): (f64, Option<f64>), then: Option<f64>) -> String {
    let ratio = ratio.map_or(String::new(), |it| format!(" = {it:.2} × limit"));
    let change = then.filter(|then| *then != 0.0).map_or(String::new(), |then| {
        format!(" ({:+.0} %)", (value / then - 1.0) * 100.0)
    });
    format!("{}{ratio}{change}", digits(value))
}

/// Three digits that count.
pub(crate) fn digits(value: f64) -> String {
    match value {
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// A line of 40 blocks at most, the highest of which is as high as the most.
fn sparkline(values: &[u64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = values.iter().copied().max().unwrap_or_default().max(1);
    let chunks = values.chunks(values.len().div_ceil(40).max(1));
    let line: String = chunks
        .map(|chunk| BLOCKS[(chunk.iter().max().unwrap() * 7 / most) as usize])
        .collect();
    format!("{line} at most {most}")
}
