//! What has to hold of what happened, read once and asked often.

use jiff::{SignedDuration, Timestamp};

use crate::grouping::{Glob, Reading};
use crate::model::Assignee;
use crate::model::alert::{Condition, Subject, Test};
use crate::protocol::level::Level;

/// All conditions of a rule.
#[derive(Debug)]
pub(super) struct Conditions {
    /// About where it happened.
    environments: Vec<(Vec<String>, Negated)>,
    /// About anything else.
    others: Vec<(Question, Negated)>,
}

/// Whether a condition has to hold *not*.
type Negated = bool;

#[derive(Debug)]
enum Question {
    Level(Level),
    Release(Glob),
    Tag(String, Glob),
    Platform(Vec<String>),
    Assignee(Option<Assignee>),
    Title(Glob),
    Type(Glob),
    Younger(SignedDuration),
}

impl Conditions {
    pub(super) fn new(conditions: &[Condition]) -> Self {
        let mut compiled = Self {
            environments: Vec::new(),
            others: Vec::new(),
        };
        let glob = |pattern: &String| Glob::new(pattern, Reading::Folded);
        for Condition { test, negated } in conditions {
            let question = match test {
                Test::Environment { names } => {
                    compiled.environments.push((names.clone(), *negated));
                    continue;
                }
                Test::Level { least } => Question::Level(*least),
                Test::Release { pattern } => Question::Release(glob(pattern)),
                Test::Tag { key, pattern } => Question::Tag(key.clone(), glob(pattern)),
                Test::Platform { names } => Question::Platform(names.clone()),
                Test::Assignee { to } => Question::Assignee(*to),
                Test::Title { pattern } => Question::Title(glob(pattern)),
                Test::Type { pattern } => Question::Type(glob(pattern)),
                Test::Younger { minutes } => Question::Younger(SignedDuration::from_mins((*minutes).into())),
            };
            compiled.others.push((question, *negated));
        }
        compiled
    }

    /// Whether what comes from there is meant: by this, what is counted is narrowed down.
    pub(super) fn mean(&self, environment: Option<&str>) -> bool {
        let is_in = |names: &[String]| environment.is_some_and(|it| names.iter().any(|name| name == it));
        self.environments
            .iter()
            .all(|(names, negated)| is_in(names) != *negated)
    }

    /// Whether everything but the environment holds of `subject` at `now`.
    pub(super) fn hold(&self, subject: &Subject, now: Timestamp) -> bool {
        self.others
            .iter()
            .all(|(question, negated)| question.holds(subject, now) != *negated)
    }
}

impl Question {
    fn holds(&self, subject: &Subject, now: Timestamp) -> bool {
        let fits = |glob: &Glob, text: Option<&String>| text.is_some_and(|text| glob.is_match(text));
        match self {
            Self::Level(least) => subject.level.is_some_and(|level| level >= *least),
            Self::Release(glob) => fits(glob, subject.release.as_ref()),
            Self::Tag(key, glob) => subject
                .tags
                .iter()
                .any(|(name, value)| name == key && glob.is_match(value)),
            Self::Platform(names) => names.contains(&subject.platform),
            // Without a first moment there is no issue that could be somebody's.
            Self::Assignee(to) => subject.first_seen.is_some() && subject.assignee == *to,
            Self::Title(glob) => subject.first_seen.is_some() && glob.is_match(&subject.title),
            Self::Type(glob) => fits(glob, subject.kind.as_ref()),
            Self::Younger(age) => subject
                .first_seen
                .is_some_and(|first| now.duration_since(first) < *age),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::UserId;

    fn holds(test: Test) -> (bool, bool) {
        let now: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let subject = Subject {
            title: "PaymentError: card declined".into(),
            kind: Some("PaymentError".into()),
            level: Some(Level::Error),
            platform: "python".into(),
            release: Some("shop@2.0.1".into()),
            environment: Some("production".into()),
            tags: vec![("browser".into(), "Firefox 99".into())],
            assignee: Some(Assignee::User(UserId(3))),
            first_seen: Some("2026-03-01T09:00:00Z".parse().unwrap()),
            ..Subject::default()
        };
        let ask = |subject: &Subject, negated| {
            let conditions = Conditions::new(&[Condition {
                test: test.clone(),
                negated,
            }]);
            conditions.mean(subject.environment.as_deref()) && conditions.hold(subject, now)
        };
        assert_ne!(ask(&subject, false), ask(&subject, true), "{test:?}");
        (ask(&subject, false), ask(&Subject::default(), false))
    }

    #[test]
    fn what_is_known_is_judged_and_what_is_not_known_does_not_match() {
        let pattern = |pattern: &str| pattern.to_owned();
        let cases = [
            (
                Test::Environment {
                    names: vec!["staging".into(), "production".into()],
                },
                true,
            ),
            (
                Test::Environment {
                    names: vec!["staging".into()],
                },
                false,
            ),
            (
                Test::Level {
                    least: Level::Warning,
                },
                true,
            ),
            (Test::Level { least: Level::Fatal }, false),
            (
                Test::Release {
                    pattern: pattern("SHOP@2.*"),
                },
                true,
            ),
            (
                Test::Release {
                    pattern: pattern("shop@2"),
                },
                false,
            ),
            (
                Test::Tag {
                    key: "browser".into(),
                    pattern: pattern("firefox *"),
                },
                true,
            ),
            (
                Test::Tag {
                    key: "os".into(),
                    pattern: pattern("*"),
                },
                false,
            ),
            (
                Test::Platform {
                    names: vec!["python".into()],
                },
                true,
            ),
            (
                Test::Platform {
                    names: vec!["ruby".into()],
                },
                false,
            ),
            (
                Test::Assignee {
                    to: Some(Assignee::User(UserId(3))),
                },
                true,
            ),
            (Test::Assignee { to: None }, false),
            (
                Test::Title {
                    pattern: pattern("*card*"),
                },
                true,
            ),
            (
                Test::Title {
                    pattern: pattern("card"),
                },
                false,
            ),
            (
                Test::Type {
                    pattern: pattern("payment????r"),
                },
                true,
            ),
            (
                Test::Type {
                    pattern: pattern("payment"),
                },
                false,
            ),
            (Test::Younger { minutes: 61 }, true),
            (Test::Younger { minutes: 60 }, false),
        ];
        for (test, expected) in cases {
            assert_eq!(holds(test.clone()), (expected, false), "{test:?}");
        }
    }
}
