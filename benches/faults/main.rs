//! Whether the program keeps its promises when things go wrong: kills, full and slow disks, clocks, damage.
//!
//! Against the real binary, like the load: no scene knows internals, each looks at the web API, the log, the exit code and
//! what `tripline verify` says. Prints what was done and found, with counts; exit code 1 when a promise was broken. What a
//! scene needs of the machine (root, `strace`, libfaketime) and does not find is said, and the scene left out.
//!
//! ```sh
//! cargo bench --bench faults                                   # all scenes
//! cargo bench --bench faults -- --rounds 200 --only kills      # one of them, for longer
//! cargo bench --bench faults -- --list
//! ```
#![allow(clippy::unwrap_used, reason = "a scene that cannot go on fails")]

#[path = "../../tests/harness/mod.rs"]
mod harness;

mod clock;
mod flips;
mod freeing;
mod full;
mod kills;
mod mount;
mod read_only;
mod slow;
mod stops;
mod tally;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::time::Instant;

use clap::Parser;

use tally::{Missing, Tally};

/// A scene, and what it shows.
struct Scene {
    name: &'static str,
    about: &'static str,
    play: fn(&Flags, &mut Tally) -> Result<(), Missing>,
}

const SCENES: &[Scene] = &[
    Scene {
        name: "kills",
        about: "kill -9 at any moment: nothing acknowledged is lost or counted twice",
        play: kills::play,
    },
    Scene {
        name: "freeing",
        about: "kill -9 while space is freed: the budget holds, what is let go is counted",
        play: freeing::play,
    },
    Scene {
        name: "stops",
        about: "SIGTERM under load: everything that was answered is kept",
        play: stops::play,
    },
    Scene {
        name: "full",
        about: "a full disk: refused with 503, read all the same, taken again when there is room",
        play: full::play,
    },
    Scene {
        name: "slow",
        about: "a disk whose every fdatasync takes 50 ms: slower, and no promise less",
        play: slow::play,
    },
    Scene {
        name: "clock",
        about: "a clock that jumps by days: nothing is lost, and what is counted is right",
        play: clock::play,
    },
    Scene {
        name: "read-only",
        about: "a directory that cannot be written: one clear line, and no harm",
        play: read_only::play,
    },
    Scene {
        name: "flips",
        about: "a flipped byte in a file of every kind: found, said, contained",
        play: flips::play,
    },
];

/// Whether promises are kept when things go wrong.
#[derive(Parser)]
struct Flags {
    /// How often it is killed.
    #[arg(long, default_value_t = 200)]
    rounds: usize,
    /// After so many rounds `tripline verify` looks at everything, and each event is looked for.
    #[arg(long, default_value_t = 20)]
    every: usize,
    /// How many bytes are flipped in files of each kind.
    #[arg(long, default_value_t = 5)]
    flips: usize,
    /// Only these scenes.
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Say which scenes there are.
    #[arg(long)]
    list: bool,
    /// Given by cargo.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> ExitCode {
    let flags = Flags::parse();
    let is_asked = |scene: &&Scene| flags.only.is_empty() || flags.only.iter().any(|it| it == scene.name);
    let mut broken = 0;
    for scene in SCENES.iter().filter(is_asked) {
        say(&format!("{:<10} {}", scene.name, scene.about));
        if !flags.list {
            broken += play(scene, &flags);
        }
    }
    if flags.list {
        return ExitCode::SUCCESS;
    }
    say(&format!("{broken} promises broken"));
    ExitCode::from(u8::from(broken > 0))
}

/// Plays a scene and answers how many promises were broken.
fn play(scene: &Scene, flags: &Flags) -> usize {
    let (begin, mut tally) = (Instant::now(), Tally::default());
    // The harness gives up by panicking; the other scenes are played all the same.
    match catch_unwind(AssertUnwindSafe(|| (scene.play)(flags, &mut tally))) {
        Ok(Ok(())) => {}
        Ok(Err(Missing(what))) => say(&format!("  LEFT OUT: {what}")),
        Err(_) => tally.broken("it could not be played to its end; the reason stands above"),
    }
    let took = begin.elapsed().as_secs_f64();
    say(&format!("{tally}  {took:.0} s"));
    tally.is_broken()
}

#[expect(clippy::print_stdout, reason = "it is a program that prints")]
fn say(line: &str) {
    println!("{line}");
}
