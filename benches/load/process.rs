//! What Linux says about a process, and about the disk.

use std::fs;
use std::path::Path;
use std::time::Duration;

/// Bytes of memory that a process has.
pub(crate) fn memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
    kilobytes * 1_024
}

/// Time that a process had of processors, in the kernel too: fields 14 and 15 of proc(5), in hundredths of seconds.
pub(crate) fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: u64 = fields[11..13]
        .iter()
        .map(|field| field.parse::<u64>().unwrap())
        .sum();
    Duration::from_millis(ticks * 10)
}

/// How many processes wanted a processor during the last minute, on average.
pub(crate) fn load() -> f64 {
    let load = fs::read_to_string("/proc/loadavg").unwrap();
    load.split(' ').next().unwrap().parse().unwrap()
}

/// Bytes on disk below a data directory, by what they are for.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Disk {
    /// Payloads and whatever else happened.
    pub(crate) segments: u64,
    /// The index.
    pub(crate) index: u64,
    /// What waits to be digested, and the file that is written next.
    pub(crate) journal: u64,
    /// Everything else.
    pub(crate) rest: u64,
}

impl Disk {
    /// What there is now.
    pub(crate) fn of(data: &Path) -> Self {
        let [segments, index, journal] = ["segments", "index", "journal"].map(|part| size(&data.join(part)));
        Self {
            segments,
            index,
            journal,
            rest: size(data).saturating_sub(segments + index + journal),
        }
    }

    /// What came to it since.
    pub(crate) fn since(self, before: Self) -> Self {
        Self {
            segments: self.segments.saturating_sub(before.segments),
            index: self.index.saturating_sub(before.index),
            journal: self.journal,
            rest: self.rest.saturating_sub(before.rest),
        }
    }
}

fn size(directory: &Path) -> u64 {
    use std::os::unix::fs::MetadataExt;
    let entries = fs::read_dir(directory).into_iter().flatten().flatten();
    entries
        .map(|entry| match entry.metadata() {
            Ok(it) if it.is_dir() => size(&entry.path()),
            Ok(it) => it.blocks() * 512,
            // It went away meanwhile.
            Err(_) => 0,
        })
        .sum()
}
