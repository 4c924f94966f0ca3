//! Whose an issue is, and what it is to a person.

use serde::{Deserialize, Serialize};

use super::person::UserId;

/// Who is to look after an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignee {
    /// A person.
    User(UserId),
    /// The one team, which is everybody.
    Team,
}

/// What an issue is to a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interest {
    /// Whether they marked it.
    pub is_bookmarked: bool,
    /// Whether they want to hear of it; none if they never said so, nor had to do with it.
    pub is_subscribed: Option<bool>,
}

/// What a person wants of an issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// To find it again.
    Bookmark,
    /// Not any more.
    Unbookmark,
    /// To hear of it.
    Subscribe,
    /// Not to hear of it, whatever they do to it.
    Unsubscribe,
}

impl Interest {
    /// What it is after a wish.
    pub fn with(self, wish: Wish) -> Self {
        match wish {
            Wish::Bookmark => Self {
                is_bookmarked: true,
                ..self
            },
            Wish::Unbookmark => Self {
                is_bookmarked: false,
                ..self
            },
            Wish::Subscribe => Self {
                is_subscribed: Some(true),
                ..self
            },
            Wish::Unsubscribe => Self {
                is_subscribed: Some(false),
                ..self
            },
        }
    }

    /// What it is after they had to do with it: who says nothing wants to hear what becomes of it.
    pub fn involved(self) -> Self {
        Self {
            is_subscribed: self.is_subscribed.or(Some(true)),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_to_do_with_an_issue_hears_of_it_unless_they_do_not_want_to() {
        let nothing = Interest::default();
        assert_eq!(nothing.involved().is_subscribed, Some(true));
        assert_eq!(
            nothing.with(Wish::Unsubscribe).involved().is_subscribed,
            Some(false)
        );
        assert_eq!(
            nothing.with(Wish::Bookmark).with(Wish::Subscribe),
            Interest {
                is_bookmarked: true,
                is_subscribed: Some(true)
            }
        );
        assert!(!nothing.with(Wish::Bookmark).with(Wish::Unbookmark).is_bookmarked);
    }
}
