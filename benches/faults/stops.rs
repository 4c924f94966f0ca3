//! SIGTERM while clients send.

use crate::Flags;
use crate::harness::clients::Clients;
use crate::harness::program::{Place, Program};
use crate::tally::{Missing, Tally};

/// Of so many rounds of kills one is a stop.
const SHARE: usize = 10;
const MOST_EVENTS: usize = 300;

pub(crate) fn play(flags: &Flags, tally: &mut Tally) -> Result<(), Missing> {
    let place = Place::new();
    let mut clients = Clients::default();
    for _ in 0..flags.rounds.div_ceil(SHARE) {
        let answers = rand::random_range(0..MOST_EVENTS);
        let (_, (status, place)) = clients.send(place.start(), answers, Program::stop);
        tally.count("stops", 1);
        tally.check(status.success(), || format!("a stop ended with {status}"));
        tally.verify("after a stop", &place);
    }
    let program = place.start();
    tally.extend("after all stops", clients.broken_promises(&program.api));
    tally.count("events acknowledged", clients.acknowledged.len() as u64);
    tally.no_panic("all stops", &place);
    Ok(())
}
