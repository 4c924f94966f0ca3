//! What is promised, and whether it was reached.

use std::fmt::Write;

use crate::report::{Report, digits};

/// A promise about one figure.
struct Goal {
    scene: &'static str,
    case: &'static str,
    figure: &'static str,
    wanted: Wanted,
}

/// What a figure has to be.
enum Wanted {
    /// At least so many.
    AtLeast(f64),
    /// At least this share of the limit.
    Share(f64),
    /// Less than this.
    Below(f64),
}

const GOALS: &[Goal] = &[
    goal("closed loop", "4 KB", "processed, events/s", Wanted::Share(0.25)),
    goal("closed loop", "10 KB", "processed, events/s", Wanted::Share(0.30)),
    goal("closed loop", "50 KB", "processed, events/s", Wanted::Share(0.50)),
    goal("burst", "4 KB", "accepted, events/s", Wanted::AtLeast(10_000.0)),
    goal("burst", "4 KB", "refused, events", Wanted::Below(1.0)),
    goal("visible", "1,000/s", "ack p99, ms", Wanted::Below(25.0)),
    goal("visible", "1,000/s", "visible p99, ms", Wanted::Below(1_000.0)),
    goal("visible", "at rest", "visible p99, ms", Wanted::Below(200.0)),
    goal("closed loop", "4 KB", "memory idle, MB", Wanted::Below(30.0)),
    goal("soak", "4 KB", "memory peak, MB", Wanted::Below(120.0)),
    goal(
        "soak",
        "4 KB",
        "memory, last third / first third",
        Wanted::Below(1.1),
    ),
    goal("burst", "4 KB", "memory peak, MB", Wanted::Below(200.0)),
    goal("burst", "4 KB", "memory, 60 s after / before", Wanted::Below(1.1)),
    goal("closed loop", "4 KB", "disk, KB/event", Wanted::Below(3.0)),
    goal("closed loop", "10 KB", "disk, KB/event", Wanted::Below(3.5)),
    goal("closed loop", "50 KB", "disk, KB/event", Wanted::Below(10.0)),
    goal("million", "p95", "issue list by date, ms", Wanted::Below(20.0)),
    goal("million", "p95", "issue list by new, ms", Wanted::Below(20.0)),
    goal("million", "p95", "issue list by freq, ms", Wanted::Below(20.0)),
    goal("million", "p95", "issue list by user, ms", Wanted::Below(20.0)),
    goal(
        "million",
        "p95",
        "issue list with a text, ms",
        Wanted::Below(20.0),
    ),
    goal("million", "p95", "search by tag, ms", Wanted::Below(50.0)),
    goal("million", "p95", "event page, latest, ms", Wanted::Below(10.0)),
    goal("million", "p95", "event page, by id, ms", Wanted::Below(10.0)),
    goal("million", "start", "to ready after a stop, s", Wanted::Below(2.0)),
    goal(
        "million",
        "start",
        "to ready after kill -9, s",
        Wanted::Below(5.0),
    ),
];

const fn goal(scene: &'static str, case: &'static str, figure: &'static str, wanted: Wanted) -> Goal {
    Goal {
        scene,
        case,
        figure,
        wanted,
    }
}

/// A line a promise that was tried: what was wanted, what it came to, what share of the limit that is, and whether it is
/// enough.
pub(crate) fn write(report: &Report, text: &mut String) {
    writeln!(
        text,
        "\n{:<56}{:>18}{:>12}{:>10}  reached",
        "goal", "wanted", "figure", "ratio"
    )
    .unwrap();
    let mut left_out = 0;
    for goal in GOALS {
        let Some((value, ratio)) = report.figure(goal.scene, goal.case, goal.figure) else {
            // A figure that was renamed must not pass for one that was not asked for.
            let is_absent = !report.has(goal.scene, goal.case);
            assert!(is_absent, "there is no figure {}", goal.figure);
            left_out += 1;
            continue;
        };
        let name = format!("{}, {}: {}", goal.scene, goal.case, goal.figure);
        let (wanted, is_reached) = match goal.wanted {
            Wanted::AtLeast(least) => (format!("≥ {}", digits(least)), value >= least),
            Wanted::Share(share) => (
                format!("≥ {share:.2} × limit"),
                ratio.is_some_and(|it| it >= share),
            ),
            Wanted::Below(most) => (format!("< {}", digits(most)), value < most),
        };
        let ratio = ratio.map_or(String::new(), |it| format!("{it:.2}"));
        let reached = if is_reached { "yes" } else { "NO" };
        writeln!(
            text,
            "{name:<56}{wanted:>18}{:>12}{ratio:>10}  {reached}",
            digits(value)
        )
        .unwrap();
    }
    if left_out > 0 {
        writeln!(text, "{left_out} goals were not tried; --all tries them all").unwrap();
    }
}
