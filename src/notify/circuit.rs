//! Whether a destination is worth asking: after some failures in a row only one message at a time tries it, until one is
//! answered; and while it asked for peace, none. Pure, and forgotten at a restart: then a few messages find it out again.

use jiff::{SignedDuration, Timestamp};

/// So many failures in a row open the circuit.
const FAILURES: u32 = 5;
/// Between two probes.
const BETWEEN_PROBES: SignedDuration = SignedDuration::from_secs(30);

/// The longest rest that a destination gets: a message waits as long as its answer asks, but others find out earlier
/// whether it was mended.
const LONGEST_REST: SignedDuration = SignedDuration::from_hours(1);

/// How a destination that failed fares. One that answered needs none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circuit {
    failures: u32,
    /// Until then it is left alone.
    until: Option<Timestamp>,
}

impl Circuit {
    /// From when on one message may be sent; none while there is no need to hold back.
    pub fn opens(&self) -> Option<Timestamp> {
        self.until
    }

    /// It did not answer, or was not able to take something, at `now`; `asked` is how long it wants to be left alone.
    pub fn failed(&mut self, now: Timestamp, asked: Option<SignedDuration>) {
        self.failures = self.failures.saturating_add(1);
        let probes = (self.failures >= FAILURES).then_some(BETWEEN_PROBES);
        let pause = asked.map(|asked| asked.min(LONGEST_REST)).max(probes);
        self.until = pause.map(|pause| now.checked_add(pause).unwrap_or(Timestamp::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_failures_one_probe_at_a_time() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut circuit = Circuit::default();
        for second in 0..4 {
            circuit.failed(at(second), None);
            assert_eq!(circuit.opens(), None);
        }
        circuit.failed(at(4), None);
        assert_eq!(circuit.opens(), Some(at(34)));
        circuit.failed(at(40), Some(SignedDuration::from_secs(90)));
        assert_eq!(circuit.opens(), Some(at(130)));
        let mut asked = Circuit::default();
        asked.failed(at(0), Some(SignedDuration::from_secs(7)));
        assert_eq!(asked.opens(), Some(at(7)));
        asked.failed(at(10), Some(SignedDuration::from_hours(24)));
        assert_eq!(asked.opens(), Some(at(3_610)), "it may be mended before");
    }
}
