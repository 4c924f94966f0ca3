//! Counts by hour while a command runs.

use std::collections::HashMap;

use jiff::Timestamp;

use crate::model::timeline::{DAY, HOUR};
use crate::store::Result;
use crate::store::embedded::index::keys::Key;
use crate::store::embedded::index::overlay::Overlay;
use crate::store::embedded::index::rows::DayHours;

/// What is to be added, or taken away, by day since 1970.
#[derive(Default)]
pub(super) struct Hours(HashMap<i64, [i64; 24]>);

impl Hours {
    /// Counts one at `time`.
    pub(super) fn count(&mut self, time: Timestamp) {
        let (day, hour) = day_and_hour(time);
        self.0.entry(day).or_default()[hour] += 1;
    }

    /// Counts one less at `time`.
    pub(super) fn uncount(&mut self, time: Timestamp) {
        let (day, hour) = day_and_hour(time);
        self.0.entry(day).or_default()[hour] -= 1;
    }

    /// Adds to the rows `prefix`, day.
    pub(super) fn write(&self, prefix: &Key, overlay: &mut Overlay<'_>) -> Result<()> {
        for (&day, added) in &self.0 {
            let key = prefix.clone().signed(day);
            let mut row: DayHours = overlay.get(&key)?.unwrap_or_default();
            row.iter_mut()
                .zip(added)
                .for_each(|(hour, &more)| *hour = hour.saturating_add_signed(more));
            overlay.put(key, &row)?;
        }
        Ok(())
    }
}

/// The day since 1970 and the hour of the day.
pub(super) fn day_and_hour(time: Timestamp) -> (i64, usize) {
    let second = time.as_second();
    (second.div_euclid(DAY), (second.rem_euclid(DAY) / HOUR) as usize)
}
