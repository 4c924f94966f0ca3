//! What members want by e-mail, and the links by which they stop it without signing in.

use jiff::tz::TimeZone;

use super::{Book, Error, Result, refuse, unless};
use crate::model::alert::{DigestEvery, Mailing, Preferences, Unsubscribe, WantedAlerts};
use crate::model::{User, UserId};
use crate::store::CatalogChange;

impl Book {
    /// What a member wants.
    pub async fn preferences(&self, member: UserId) -> Result<Preferences> {
        Ok(self.alerting.preferences(member).await?)
    }

    /// Keeps what a member wants.
    pub async fn prefer(&self, member: UserId, wanted: &Preferences) -> Result<()> {
        let faults = [
            unless(wanted.hour < 24, "hour", "is 0 to 23"),
            unless(
                TimeZone::get(&wanted.zone).is_ok(),
                "zone",
                "is the name of a time zone, such as Europe/Berlin",
            ),
        ];
        refuse("notifications", faults.into_iter().flatten().collect())?;
        let change = CatalogChange::SavePreferences(member, wanted.clone());
        Ok(self.catalog.apply(vec![change]).await?)
    }

    /// Whose link this is, and which mail it stops.
    pub async fn follow_unsubscribe(&self, token: &str) -> Result<(User, Mailing)> {
        let missing = || Error::Missing("link");
        let key = self.alerting.signing_key().await?.ok_or_else(missing)?;
        let Unsubscribe { user, from } = Unsubscribe::read(token, &key).ok_or_else(missing)?;
        let mut members = self.catalog.users().await?.into_iter();
        let member = members.find(|it| it.id == user).ok_or_else(missing)?;
        Ok((member, from))
    }

    /// Stops the mail that a link is for.
    pub async fn unsubscribe(&self, token: &str) -> Result<(User, Mailing)> {
        let (member, from) = self.follow_unsubscribe(token).await?;
        let mut wanted = self.alerting.preferences(member.id).await?;
        match from {
            Mailing::Alerts => wanted.alerts = WantedAlerts::None,
            Mailing::Digest => wanted.digest = DigestEvery::Off,
        }
        let change = CatalogChange::SavePreferences(member.id, wanted);
        self.catalog.apply(vec![change]).await?;
        Ok((member, from))
    }
}
