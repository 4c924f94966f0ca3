//! Whether a rule is one that somebody can have meant: every fault at once, each with the field that it is in.
//!
//! Who may change rules is not asked here.

use std::fmt;

use jiff::tz::TimeZone;

use crate::model::alert::{Action, AlertRule, DestinationId, QuietHours, Test, When, Whom};
use crate::model::{Assignee, UserId};
use crate::protocol::ids::ProjectId;

/// The most characters of a rule's name.
pub const MAX_NAME: usize = 200;
/// The most bytes of a pattern.
pub const MAX_PATTERN: usize = 500;
/// The most names in a list of environments or platforms.
pub const MAX_NAMES: usize = 50;
/// The most members that an action names.
pub const MAX_MEMBERS: usize = 200;
/// The most bytes of the key of a tag or of one of those names.
const MAX_WORD: usize = 200;
/// The largest count that can be asked for.
const MAX_COUNT: u64 = 1_000_000_000;
/// The longest pause of a rule, in minutes: a week.
const MAX_PAUSE: u32 = 7 * 24 * 60;
/// The longest time that an issue can be asked to be younger than, in minutes: ten years.
const MAX_AGE: u32 = 10 * 366 * 24 * 60;
/// Minutes of a day.
const DAY: u16 = 24 * 60;
/// All of something, in hundredths of a percent.
const WHOLE: u32 = 10_000;

/// What a rule may name.
#[derive(Debug, Default)]
pub struct Known {
    /// Projects that it can watch.
    pub projects: Vec<ProjectId>,
    /// People who can be told.
    pub members: Vec<UserId>,
    /// Places that can be told.
    pub destinations: Vec<DestinationId>,
}

/// Something in a rule that nobody can have meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where, as the API names it: `when[0].minutes`.
    pub field: String,
    /// What it has to be.
    pub what: &'static str,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.what)
    }
}

/// The faults of a rule; none for one that can be kept.
pub fn check(rule: &AlertRule, known: &Known) -> Vec<Fault> {
    let mut faults = Faults::default();
    let name = rule.name.trim();
    faults.unless(
        !name.is_empty() && name.chars().count() <= MAX_NAME,
        "name",
        "has 1 to 200 characters",
    );
    faults.unless(
        rule.project.is_none_or(|id| known.projects.contains(&id)),
        "project",
        "there is no such project",
    );
    let parts = 1..=AlertRule::MAX_PARTS;
    faults.unless(parts.contains(&rule.when.len()), "when", "has 1 to 20 triggers");
    faults.unless(
        rule.conditions.len() <= AlertRule::MAX_PARTS,
        "conditions",
        "are at most 20",
    );
    faults.unless(parts.contains(&rule.actions.len()), "actions", "are 1 to 20");
    faults.unless(
        rule.at_most_every <= MAX_PAUSE,
        "atMostEvery",
        "is at most a week, 10080",
    );
    for (index, when) in rule.when.iter().take(AlertRule::MAX_PARTS).enumerate() {
        faults.when(&format!("when[{index}]"), when);
    }
    for (index, condition) in rule.conditions.iter().take(AlertRule::MAX_PARTS).enumerate() {
        faults.condition(&format!("conditions[{index}]"), &condition.test, known);
    }
    for (index, action) in rule.actions.iter().take(AlertRule::MAX_PARTS).enumerate() {
        faults.action(&format!("actions[{index}]"), action, known);
    }
    if let Some(quiet) = &rule.quiet {
        faults.quiet(quiet);
    }
    faults.0
}

#[derive(Default)]
struct Faults(Vec<Fault>);

impl Faults {
    fn unless(&mut self, is_well: bool, field: &str, what: &'static str) {
        if !is_well {
            let field = field.to_owned();
            self.0.push(Fault { field, what });
        }
    }

    fn when(&mut self, at: &str, when: &When) {
        match when {
            When::Events { count, minutes } | When::Users { count, minutes } => {
                self.minutes(at, *minutes);
                self.unless(
                    (1..=MAX_COUNT).contains(count),
                    &format!("{at}.count"),
                    "is 1 to 1000000000",
                );
            }
            When::CrashFree {
                below,
                minutes,
                sessions,
            } => {
                self.minutes(at, *minutes);
                self.sessions(at, *sessions);
                self.unless(
                    (1..=WHOLE).contains(below),
                    &format!("{at}.below"),
                    "is 1 to 10000 hundredths of a percent",
                );
            }
            When::ErrorRate {
                above,
                minutes,
                sessions,
            } => {
                self.minutes(at, *minutes);
                self.sessions(at, *sessions);
                self.unless(
                    *above < WHOLE,
                    &format!("{at}.above"),
                    "is 0 to 9999 hundredths of a percent",
                );
            }
            When::Silence { minutes } => self.minutes(at, *minutes),
            When::NewIssue
            | When::Regressed
            | When::Escalated
            | When::IssueSpike
            | When::ProjectSpike
            | When::BadRelease => {}
        }
    }

    fn minutes(&mut self, at: &str, minutes: u32) {
        self.unless(
            (1..=AlertRule::MAX_MINUTES).contains(&minutes),
            &format!("{at}.minutes"),
            "is 1 to 1440",
        );
    }

    fn sessions(&mut self, at: &str, sessions: u64) {
        self.unless(
            (1..=MAX_COUNT).contains(&sessions),
            &format!("{at}.sessions"),
            "is 1 to 1000000000",
        );
    }

    fn condition(&mut self, at: &str, test: &Test, known: &Known) {
        match test {
            Test::Environment { names } | Test::Platform { names } => {
                let is_word = |name: &String| (1..=MAX_WORD).contains(&name.len());
                self.unless(
                    (1..=MAX_NAMES).contains(&names.len()) && names.iter().all(is_word),
                    &format!("{at}.names"),
                    "are 1 to 50 names of 1 to 200 bytes",
                );
            }
            Test::Release { pattern } | Test::Title { pattern } | Test::Type { pattern } => {
                self.pattern(at, pattern);
            }
            Test::Tag { key, pattern } => {
                self.unless(
                    (1..=MAX_WORD).contains(&key.len()),
                    &format!("{at}.key"),
                    "has 1 to 200 bytes",
                );
                self.pattern(at, pattern);
            }
            Test::Assignee {
                to: Some(Assignee::User(user)),
            } => self.unless(
                known.members.contains(user),
                &format!("{at}.to"),
                "there is no such member",
            ),
            Test::Younger { minutes } => self.unless(
                (1..=MAX_AGE).contains(minutes),
                &format!("{at}.minutes"),
                "is 1 to 5270400, ten years",
            ),
            Test::Level { .. } | Test::Assignee { .. } => {}
        }
    }

    fn pattern(&mut self, at: &str, pattern: &str) {
        self.unless(
            (1..=MAX_PATTERN).contains(&pattern.len()),
            &format!("{at}.pattern"),
            "has 1 to 500 bytes",
        );
    }

    fn action(&mut self, at: &str, action: &Action, known: &Known) {
        match action {
            Action::Mail {
                to: Whom::Members(members),
            } => {
                let field = format!("{at}.members");
                self.unless(
                    (1..=MAX_MEMBERS).contains(&members.len()),
                    &field,
                    "are 1 to 200 people",
                );
                let is_member = |user: &UserId| known.members.contains(user);
                self.unless(members.iter().all(is_member), &field, "there is no such member");
            }
            Action::Mail { .. } => {}
            Action::Send { destination } => self.unless(
                known.destinations.contains(destination),
                &format!("{at}.destination"),
                "there is no such destination",
            ),
        }
    }

    fn quiet(&mut self, quiet: &QuietHours) {
        self.unless(
            quiet.from < DAY,
            "quiet.from",
            "is 0 to 1439 minutes after midnight",
        );
        self.unless(
            quiet.until < DAY,
            "quiet.until",
            "is 0 to 1439 minutes after midnight",
        );
        self.unless(quiet.from != quiet.until, "quiet.until", "is not when they begin");
        self.unless(
            TimeZone::get(&quiet.zone).is_ok(),
            "quiet.zone",
            "is a name such as Europe/Berlin",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alert::{Condition, RuleId};

    fn rule() -> AlertRule {
        AlertRule::first(RuleId(1), ProjectId(1), jiff::Timestamp::UNIX_EPOCH)
    }

    fn faults(change: impl FnOnce(&mut AlertRule)) -> Vec<String> {
        let known = Known {
            projects: vec![ProjectId(1)],
            members: vec![UserId(1)],
            destinations: vec![DestinationId(1)],
        };
        let mut rule = rule();
        change(&mut rule);
        check(&rule, &known).into_iter().map(|it| it.field).collect()
    }

    fn when(when: When) -> Vec<String> {
        faults(|rule| rule.when = vec![When::NewIssue, when])
    }

    fn condition(test: Test) -> Vec<String> {
        let negated = false;
        faults(|rule| rule.conditions = vec![Condition { test, negated }])
    }

    #[test]
    fn the_rule_of_a_new_project_is_sound() {
        assert_eq!(faults(|_| ()), Vec::<String>::new());
    }

    #[test]
    fn a_rule_needs_something_to_fire_for_and_somebody_to_tell() {
        assert_eq!(faults(|it| it.when.clear()), ["when"]);
        assert_eq!(faults(|it| it.actions.clear()), ["actions"]);
        assert_eq!(faults(|it| it.when = vec![When::NewIssue; 21]), ["when"]);
        assert_eq!(faults(|it| it.name = " ".into()), ["name"]);
        assert_eq!(faults(|it| it.name = "ä".repeat(201)), ["name"]);
        assert_eq!(faults(|it| it.project = Some(ProjectId(2))), ["project"]);
        assert_eq!(faults(|it| it.at_most_every = 10_081), ["atMostEvery"]);
    }

    #[test]
    fn counts_and_periods_are_sensible() {
        assert_eq!(
            when(When::Events {
                count: 1,
                minutes: 1440
            }),
            [""; 0]
        );
        let both = ["when[1].minutes", "when[1].count"];
        assert_eq!(when(When::Events { count: 0, minutes: 0 }), both);
        assert_eq!(
            when(When::Users {
                count: 1,
                minutes: 1441
            }),
            both[..1]
        );
        let (minutes, sessions) = (5, 0);
        let below = WHOLE + 1;
        let faults = when(When::CrashFree {
            below,
            minutes,
            sessions,
        });
        assert_eq!(faults, ["when[1].sessions", "when[1].below"]);
        let sessions = 10;
        let above = WHOLE;
        assert_eq!(
            when(When::ErrorRate {
                above,
                minutes,
                sessions
            }),
            ["when[1].above"]
        );
        assert_eq!(when(When::Silence { minutes: 0 }), ["when[1].minutes"]);
    }

    #[test]
    fn conditions_are_bounded_and_name_what_is_there() {
        assert_eq!(
            condition(Test::Environment { names: vec![] }),
            ["conditions[0].names"]
        );
        let names = vec!["x".repeat(201)];
        assert_eq!(condition(Test::Platform { names }), ["conditions[0].names"]);
        let pattern = "*".repeat(501);
        assert_eq!(condition(Test::Title { pattern }), ["conditions[0].pattern"]);
        let (key, pattern) = (String::new(), "*".to_owned());
        assert_eq!(condition(Test::Tag { key, pattern }), ["conditions[0].key"]);
        let to = Some(Assignee::User(UserId(2)));
        assert_eq!(condition(Test::Assignee { to }), ["conditions[0].to"]);
        assert_eq!(condition(Test::Assignee { to: None }), [""; 0]);
        assert_eq!(condition(Test::Younger { minutes: 0 }), ["conditions[0].minutes"]);
    }

    #[test]
    fn who_is_told_is_there() {
        let action = |action| faults(|rule| rule.actions = vec![action]);
        let to = |members: &[u64]| Action::Mail {
            to: Whom::Members(members.iter().map(|id| UserId(*id)).collect()),
        };
        assert_eq!(action(to(&[1])), [""; 0]);
        assert_eq!(action(to(&[])), ["actions[0].members"]);
        assert_eq!(action(to(&[1, 2])), ["actions[0].members"]);
        let destination = DestinationId(2);
        assert_eq!(action(Action::Send { destination }), ["actions[0].destination"]);
    }

    #[test]
    fn quiet_hours_are_hours_of_some_place() {
        let quiet = |from, until, zone: &str| {
            let zone = zone.to_owned();
            faults(|rule| rule.quiet = Some(QuietHours { from, until, zone }))
        };
        assert_eq!(quiet(1320, 420, "America/Los_Angeles"), [""; 0]);
        assert_eq!(quiet(1440, 420, "UTC"), ["quiet.from"]);
        assert_eq!(quiet(420, 420, "UTC"), ["quiet.until"]);
        assert_eq!(quiet(1320, 420, "Mars/Olympus"), ["quiet.zone"]);
        assert_eq!(quiet(1320, 420, "../../etc/passwd"), ["quiet.zone"]);
        let fault = Fault {
            field: "quiet.zone".into(),
            what: "is a name",
        };
        assert_eq!(fault.to_string(), "quiet.zone: is a name");
    }
}
