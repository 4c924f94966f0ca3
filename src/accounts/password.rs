//! Passwords as argon2id strings. It knows no account; who asks decides what a wrong password means.
//!
//! 19 MiB, two passes, one lane: what OWASP's password storage cheat sheet recommends for argon2id.

use std::sync::LazyLock;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::{Error, Result};

/// The fewest characters of a password.
const MIN_CHARS: usize = 8;
/// The most bytes of one: nobody types more, and it bounds what is hashed.
const MAX_BYTES: usize = 1_024;
/// Hashes computed at once: 19 MiB each.
const RUNNING: usize = 2;
/// Hashes computed or waited for at once; a flood of sign-ins beyond it is turned away.
const WAITING: usize = 64;

/// A string that no password matches, so that unknown accounts take the time that known ones take.
static DECOY: LazyLock<String> =
    LazyLock::new(|| compute(&super::secret::mint()).unwrap_or_else(|_| String::new()));

/// Hashes passwords, a few at once.
pub(super) struct Passwords {
    running: Semaphore,
    waiting: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            running: Semaphore::new(RUNNING),
            waiting: Semaphore::new(WAITING),
        }
    }
}

impl Passwords {
    /// The string to keep for `password`. Fails when it is too short or too long.
    pub(super) async fn hash(&self, password: &str) -> Result<String> {
        if password.chars().count() < MIN_CHARS {
            return Err(Error::Invalid("A password needs at least 8 characters."));
        }
        if password.len() > MAX_BYTES {
            return Err(Error::Invalid("A password has at most 1024 bytes."));
        }
        let password = password.to_owned();
        self.run(move || compute(&password)).await?
    }

    /// Whether `password` is the one that `kept` was made of. Takes as long when nothing is kept.
    pub(super) async fn verify(&self, password: &str, kept: Option<&str>) -> Result<bool> {
        if password.len() > MAX_BYTES {
            return Ok(false);
        }
        let (password, kept) = (password.to_owned(), kept.map(str::to_owned));
        self.run(move || {
            let matches = is_match(&password, kept.as_deref().unwrap_or(&DECOY));
            matches && kept.is_some()
        })
        .await
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let _waiting = self.waiting.try_acquire().map_err(|_| Error::Busy)?;
        let _running = self.running.acquire().await.map_err(|_| Error::Busy)?;
        spawn_blocking(work).await.map_err(|_| Error::Busy)
    }
}

fn compute(password: &str) -> Result<String> {
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(PasswordHash::to_string(&hash)),
        Err(_) => Err(Error::Invalid("This password cannot be used.")),
    }
}

fn is_match(password: &str, kept: &str) -> bool {
    PasswordHash::new(kept).is_ok_and(|hash| {
        Argon2::default()
            .verify_password(password.as_bytes(), &hash)
            .is_ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let passwords = Passwords::default();
        let kept = passwords.hash("correct horse").await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        assert!(passwords.verify("correct horse", Some(&kept)).await.unwrap());
        assert!(!passwords.verify("correct hors", Some(&kept)).await.unwrap());
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert!(!passwords.verify("correct horse", Some("damaged")).await.unwrap());
    }

    #[tokio::test]
    async fn short_and_endless_passwords_are_refused() {
        let passwords = Passwords::default();
        assert!(matches!(passwords.hash("1234567").await, Err(Error::Invalid(_))));
        assert!(matches!(
            passwords.hash(&"x".repeat(1_025)).await,
            Err(Error::Invalid(_))
        ));
        assert!(passwords.hash("ünïcödé!").await.is_ok());
    }

    #[tokio::test]
    async fn a_flood_is_turned_away_instead_of_queued() {
        let passwords = Passwords::default();
        let _running = passwords.running.acquire_many(RUNNING as u32).await.unwrap();
        let _queued = passwords.waiting.acquire_many(WAITING as u32).await.unwrap();
        assert!(matches!(
            passwords.verify("correct horse", None).await,
            Err(Error::Busy)
        ));
    }
}
