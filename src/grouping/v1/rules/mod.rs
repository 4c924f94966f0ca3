//! The rules that hold for all projects. Data, not code: add a line to a file.

use std::sync::LazyLock;

use crate::grouping::{FingerprintRules, StackRules};

/// The rules about stack traces, in the order in which they are applied.
const STACK: &str = concat!(
    include_str!("scripts.txt"),
    include_str!("virtual_machines.txt"),
    include_str!("native_own.txt"),
    include_str!("native_noise.txt"),
);

const FINGERPRINT: &str = include_str!("fingerprint.txt");

static STACK_RULES: LazyLock<StackRules> = LazyLock::new(|| StackRules::parse(STACK).unwrap_or_default());

static FINGERPRINT_RULES: LazyLock<FingerprintRules> =
    LazyLock::new(|| FingerprintRules::parse(FINGERPRINT).unwrap_or_default());

/// The rules about stack traces.
pub(super) fn built_in() -> &'static StackRules {
    &STACK_RULES
}

/// The rules about fingerprints.
pub(super) fn built_in_fingerprints() -> &'static FingerprintRules {
    &FINGERPRINT_RULES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_lines_are_rules() {
        StackRules::parse(STACK).unwrap();
        FingerprintRules::parse(FINGERPRINT).unwrap();
    }
}
