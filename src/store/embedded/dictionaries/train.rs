//! Whether a dictionary would help, tried on events that it was not trained with. Knows no files.

use super::super::pack::Packer;
use super::{Encoder, files};
use crate::store::Result;

/// The most bytes of a dictionary.
const LARGEST: usize = 64 << 10;
/// A dictionary is worth it when events take so much less, in percent.
const WORTH: usize = 5;
/// Every so many events are kept aside to try it on.
const TRIED: usize = 4;

/// A dictionary by which events take less than they do.
pub(super) struct Trained {
    pub id: u32,
    pub bytes: Vec<u8>,
    /// What events take with it, in percent of what they took.
    pub percent: usize,
}

/// Trains with some of these events and tries the others, of which each comes with the size that it has so far; none when
/// a new dictionary is not worth it.
pub(super) fn train(events: &[(Vec<u8>, usize)]) -> Result<Option<Trained>> {
    let is_tried = |at: &usize| at.is_multiple_of(TRIED);
    let part = |tried: bool| {
        (0..events.len())
            .filter(move |at| is_tried(at) == tried)
            .map(|at| &events[at])
    };
    let samples: Vec<&[u8]> = part(false).map(|(plain, _)| &plain[..]).collect();
    // zstd gives up on too few samples, or on such as have nothing in common.
    let trained = zstd::dict::from_samples(&samples, LARGEST).ok();
    let Some((id, bytes)) = trained.and_then(files::numbered) else {
        return Ok(None);
    };
    let encoder = Encoder::new(&bytes)?;
    let mut packer = Packer::new()?;
    let (mut before, mut after) = (0, 0);
    for (plain, size) in part(true) {
        before += size;
        after += packer.compress(plain, Some(&encoder))?.len();
    }
    let percent = after * 100 / before.max(1);
    Ok((percent + WORTH <= 100).then_some(Trained { id, bytes, percent }))
}
