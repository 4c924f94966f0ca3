//! E-mail as data: what a letter says, to whom, and by which headers mail programs thread it and let people go. Hands
//! nothing over: that is [`email`](super::email).

mod alert;
mod bars;
mod notice;
mod recap;
mod render;
#[cfg(test)]
mod tests;

pub use recap::{Entry, Recap, ReleaseUse, Section};

use serde::Serialize;

use crate::model::alert::Mailing;

/// A template is wrong.
pub type Error = minijinja::Error;

/// A letter, ready to be handed over. All of it is one line a field but the bodies, and bounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Addresses.
    pub to: Vec<String>,
    /// The left half of its `Message-ID`: the same whenever it is sent again.
    pub id: String,
    /// The left half of the id to which it is an answer: letters with the same one are one thread.
    pub thread: Option<String>,
    /// One line.
    pub subject: String,
    /// All of it as plain text.
    pub text: String,
    /// All of it as HTML.
    pub html: String,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
}

/// To whom a letter goes.
#[derive(Debug, Clone, Copy)]
pub enum Reader<'a> {
    /// A member.
    Member {
        /// Their address.
        email: &'a str,
        /// Where one click stops such letters: an address that ends with the token of
        /// [`Unsubscribe`](crate::model::alert::Unsubscribe).
        unsubscribe: &'a str,
        /// Where they choose which letters they want.
        settings: &'a str,
    },
    /// Addresses of a destination, at least one: whoever set it up decides.
    Addresses(&'a [String]),
}

impl Reader<'_> {
    fn addresses(&self) -> Vec<String> {
        match self {
            Self::Member { email, .. } => vec![(*email).to_owned()],
            Self::Addresses(to) => to.to_vec(),
        }
    }

    /// The headers that every letter has: that nobody wrote it (RFC 3834), and how one click stops such letters (RFC
    /// 8058).
    fn headers(&self, mailing: Mailing) -> Vec<(&'static str, String)> {
        let mut headers = vec![
            ("Auto-Submitted", "auto-generated".to_owned()),
            ("X-Auto-Response-Suppress", "All".to_owned()),
            ("X-Tripline", mailing.name().to_owned()),
        ];
        if let Self::Member { unsubscribe, .. } = self {
            headers.push(("List-Unsubscribe", format!("<{unsubscribe}>")));
            headers.push(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()));
        }
        headers
    }

    /// For the foot of a letter: how to stop such letters, and where to choose; none for who did not ask for it.
    fn choices(&self) -> Option<Choices<'_>> {
        match self {
            Self::Member {
                unsubscribe,
                settings,
                ..
            } => Some(Choices {
                unsubscribe,
                settings,
            }),
            Self::Addresses(_) => None,
        }
    }
}

#[derive(Serialize)]
struct Choices<'a> {
    unsubscribe: &'a str,
    settings: &'a str,
}
