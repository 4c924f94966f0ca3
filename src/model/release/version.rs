//! What a release's name says: its package and, if it has one, its semantic version.
//!
//! Reads names only: which of two releases is newer when their names do not say is `order`'s business.

use std::borrow::Cow;
use std::cmp::Ordering;

use sentry_release_parser as parser;

/// A release's name, taken apart: `shop@2.0.0-rc.1+45` is the package `shop` at a version; `2.0.0` is a version without
/// a package; `shop@4f3c2b1` is a package at something that is no version.
#[derive(Debug, Clone)]
pub struct Version<'a> {
    package: Option<&'a str>,
    rest: &'a str,
    rank: Option<Rank<'a>>,
}

impl<'a> Version<'a> {
    /// Reads a name; what is no release at all is one without a package and without a version.
    pub fn parse(name: &'a str) -> Self {
        let (package, rest) = match parser::Release::parse(name) {
            Ok(release) => (release.package(), release.version_raw()),
            Err(_) => (None, name),
        };
        Self {
            package,
            rest,
            rank: semver(rest).as_ref().map(Rank::of),
        }
    }

    /// The package, `shop` of `shop@2.3.0`.
    pub fn package(&self) -> Option<&'a str> {
        self.package
    }

    /// The name without its package.
    pub fn without_package(&self) -> &'a str {
        self.rest
    }

    /// Whether it has a semantic version.
    pub fn is_semver(&self) -> bool {
        self.rank.is_some()
    }

    /// Where its semantic version stands among those of its package, if it has one.
    pub fn rank(&self) -> Option<&Rank<'a>> {
        self.rank.as_ref()
    }

    /// Order of semantic versions. None unless both are such versions of the same package.
    pub fn precedence(&self, other: &Self) -> Option<Ordering> {
        let (ours, theirs) = (self.rank()?, other.rank()?);
        (self.package == other.package).then(|| ours.cmp(theirs))
    }
}

/// A semantic version as far as it counts in the order of semver.org, extended to four numbers: a pre-release comes before
/// its release, build metadata does not count. Worth keeping: to read one takes longer than to compare thousands.
#[derive(Debug, Clone)]
pub struct Rank<'a> {
    /// As they were written, without zeros in front: a number may be longer than any of ours.
    numbers: [Cow<'a, str>; 4],
    pre: Option<Cow<'a, str>>,
}

impl<'a> Rank<'a> {
    fn of(version: &parser::Version<'a>) -> Self {
        let (major, minor, patch, revision) = version.raw_quad();
        let numbers = [Some(major), minor, patch, revision];
        Self {
            numbers: numbers.map(|number| number.unwrap_or_default().trim_start_matches('0').into()),
            pre: version.pre().map(Cow::Borrowed),
        }
    }

    /// The same, to be kept.
    pub fn into_owned(self) -> Rank<'static> {
        let owned = |text: Cow<'a, str>| Cow::Owned(text.into_owned());
        Rank {
            numbers: self.numbers.map(owned),
            pre: self.pre.map(owned),
        }
    }
}

impl Ord for Rank<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let pairs = self.numbers.iter().zip(&other.numbers);
        pairs
            .map(|(ours, theirs)| by_number(ours, theirs))
            .fold(Ordering::Equal, Ordering::then)
            .then_with(|| by_pre_release(self.pre.as_deref(), other.pre.as_deref()))
    }
}

impl PartialOrd for Rank<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rank<'_> {}

/// A version of at least two numbers, after the `v` that tags in git begin with: a number alone is a build, or a short
/// hash of a commit that happens to have no letters.
fn semver(text: &str) -> Option<parser::Version<'_>> {
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let version = parser::Version::parse(text).ok()?;
    (version.components() > 1).then_some(version)
}

fn by_number(ours: &str, theirs: &str) -> Ordering {
    let (ours, theirs) = (ours.trim_start_matches('0'), theirs.trim_start_matches('0'));
    ours.len().cmp(&theirs.len()).then_with(|| ours.cmp(theirs))
}

fn by_pre_release(ours: Option<&str>, theirs: Option<&str>) -> Ordering {
    let (ours, theirs) = match (ours, theirs) {
        (Some(ours), Some(theirs)) => (ours, theirs),
        // Whoever has none is the release itself.
        (ours, theirs) => return ours.is_none().cmp(&theirs.is_none()),
    };
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (mut ours, mut theirs) = (ours.split('.'), theirs.split('.'));
    loop {
        let order = match (ours.next(), theirs.next()) {
            (Some(ours), Some(theirs)) => match (is_number(ours), is_number(theirs)) {
                (true, true) => by_number(ours, theirs),
                (false, false) => ours.cmp(theirs),
                // A number comes before a word.
                (ours, theirs) => theirs.cmp(&ours),
            },
            (None, None) => return Ordering::Equal,
            (ours, theirs) => ours.is_some().cmp(&theirs.is_some()),
        };
        if order.is_ne() {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each is older than the next one.
    const RISING: [&str; 17] = [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.0.1",
        "1.0.1",
        "1.2",
        "1.10.0",
        "v2.0.0-rc.1",
        "2.0.0",
        "2.0.0.1-rc.1",
        "2024.11.21",
        "99999999999999999999999.0",
    ];

    #[test]
    fn versions_rise_as_semver_says() {
        for package in ["", "shop@", "com.acme.shop@"] {
            let names: Vec<String> = RISING.iter().map(|it| format!("{package}{it}")).collect();
            for (at, name) in names.iter().enumerate() {
                for (other_at, other) in names.iter().enumerate() {
                    let order = Version::parse(name).precedence(&Version::parse(other));
                    assert_eq!(order, Some(at.cmp(&other_at)), "{name} {other}");
                }
            }
        }
    }

    #[test]
    fn build_metadata_and_the_number_of_numbers_make_no_difference() {
        for (one, other) in [
            ("shop@2.0.0+45", "shop@2.0.0+46"),
            ("shop@2.0", "shop@2.0.0"),
            ("shop@v2.0.0", "shop@2.0.0"),
            ("2.0.0-rc.1+a", "2.0.0-rc.1"),
        ] {
            let order = Version::parse(one).precedence(&Version::parse(other));
            assert_eq!(order, Some(Ordering::Equal), "{one} {other}");
        }
    }

    #[test]
    fn what_is_no_version_or_of_another_package_has_no_precedence() {
        for (one, other) in [
            ("ios@2.0", "backend@1.0"),
            ("shop@2.0.0", "2.0.0"),
            ("shop@4f3c2b1", "shop@2.0.0"),
            ("shop@1234567", "shop@7654321"),
            ("1234567", "7654321"),
            ("shop@2024-11-21", "shop@2024-11-22"),
            ("nightly", "stable"),
            ("", "1.0.0"),
            ("a/b\n@1.0.0", "1.0.0"),
        ] {
            let order = Version::parse(one).precedence(&Version::parse(other));
            assert_eq!(order, None, "{one} {other}");
        }
    }

    #[test]
    fn a_name_is_taken_apart() {
        for (name, package, rest, is_semver) in [
            ("shop@2.3.0", Some("shop"), "2.3.0", true),
            ("2.3.0", None, "2.3.0", true),
            (
                "shop@4f3c2b14f3c2b14f3c2b14f3c2b14f3c2b14f3c2",
                Some("shop"),
                "4f3c2b14f3c2b14f3c2b14f3c2b14f3c2b14f3c2",
                false,
            ),
            ("nightly", None, "nightly", false),
        ] {
            let version = Version::parse(name);
            assert_eq!(
                (version.package(), version.without_package(), version.is_semver()),
                (package, rest, is_semver)
            );
        }
    }
}
