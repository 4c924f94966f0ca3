//! Whether a destination is worth asking: after some failures in a row only one message at a time tries it, until one is
//! taken. Pure, and forgotten at a restart: then a few messages find it out again.

use jiff::{SignedDuration, Timestamp};

/// So many failures in a row open the circuit.
const FAILURES: u32 = 5;
/// Between two probes.
const BETWEEN_PROBES: SignedDuration = SignedDuration::from_secs(30);

/// How a destination fared.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Circuit {
    failures: u32,
    /// When the last try ended.
    last: Option<Timestamp>,
}

impl Circuit {
    /// From when on something may be sent: at once unless it failed too often; then one message, a while after the last
    /// failure.
    pub fn opens(&self) -> Option<Timestamp> {
        let last = self.last.filter(|_| self.failures >= FAILURES)?;
        Some(last.checked_add(BETWEEN_PROBES).unwrap_or(Timestamp::MAX))
    }

    /// It answered: whether it took the message or not, it is there.
    pub fn answered(&mut self) {
        *self = Self::default();
    }

    /// It did not answer, or was not able to, at `now`.
    pub fn failed(&mut self, now: Timestamp) {
        self.failures = self.failures.saturating_add(1);
        self.last = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_five_failures_one_probe_at_a_time_until_one_is_answered() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let mut circuit = Circuit::default();
        for second in 0..4 {
            circuit.failed(at(second));
            assert_eq!(circuit.opens(), None);
        }
        circuit.failed(at(4));
        assert_eq!(circuit.opens(), Some(at(34)));
        circuit.failed(at(40));
        assert_eq!(circuit.opens(), Some(at(70)));
        circuit.answered();
        assert_eq!(circuit.opens(), None);
        circuit.failed(at(80));
        assert_eq!(circuit.opens(), None);
    }
}
