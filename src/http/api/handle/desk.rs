//! What it takes to change issues: who may be named, what is to be done, and who does it.

use actix_web::dev::Payload;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};
use futures_util::future::LocalBoxFuture;
use jiff::Timestamp;

use crate::accounts::Accounts;
use crate::http::api::ask::EditIssue;
use crate::http::api::change::{self, Act};
use crate::http::api::render;
use crate::http::api::shape::IssueChange;
use crate::http::error::ApiError;
use crate::http::extract::Now;
use crate::model::{User, Wish};
use crate::triage::{Choice, Triage};

/// Changes issues as the API is asked to.
pub(in crate::http::api) struct Desk {
    accounts: Data<Accounts>,
    triage: Data<Triage>,
    now: Timestamp,
}

/// What a change came to.
pub(super) enum Done {
    /// What now holds for all of them.
    Changed(Box<IssueChange>),
    /// They were deleted.
    Gone,
}

impl FromRequest for Desk {
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let Now(now) = Now::extract(&request).await?;
            Ok(Self {
                accounts: Data::extract(&request).await?,
                triage: Data::extract(&request).await?,
                now,
            })
        })
    }
}

impl Desk {
    /// Does to the issues of `choice` what is asked, for `me`. A resolve is for `environments`, if one is named.
    pub(super) async fn edit(
        &self,
        choice: Choice,
        asked: &EditIssue,
        environments: &[String],
        me: &User,
    ) -> Result<Done, ApiError> {
        let people = self.accounts.people().await?;
        let acts = change::read(asked, environments, me, &people, self.now)?;
        // What is done first may be what a search asks for.
        let chosen = self.triage.choose(choice).await?;
        let mut changed = Box::new(IssueChange {
            changed: chosen.len(),
            ..IssueChange::default()
        });
        let chosen = Choice::Chosen(chosen);
        for act in acts {
            if act == Act::Discard {
                self.triage.discard(chosen, Some(me.id), self.now).await?;
                return Ok(Done::Gone);
            }
            self.act(act, chosen.clone(), me, &people, &mut changed).await?;
        }
        Ok(Done::Changed(changed))
    }

    async fn act(
        &self,
        act: Act,
        chosen: Choice,
        me: &User,
        people: &[User],
        changed: &mut IssueChange,
    ) -> Result<(), ApiError> {
        let (who, now) = (Some(me.id), self.now);
        match act {
            Act::Decide(ruling) => {
                render::ruled(&ruling, changed);
                self.triage.rule(chosen, ruling, who, now).await?;
            }
            Act::Assign(to) => {
                changed.assigned_to = Some(render::actor(to, people));
                self.triage.assign(chosen, to, who, now).await?;
            }
            Act::Want(wish) => {
                match wish {
                    Wish::Bookmark | Wish::Unbookmark => changed.is_bookmarked = Some(wish == Wish::Bookmark),
                    Wish::Subscribe | Wish::Unsubscribe => {
                        changed.is_subscribed = Some(wish == Wish::Subscribe)
                    }
                }
                self.triage.attend(chosen, wish, me.id, now).await?;
            }
            Act::Merge => {
                let merge = self.triage.merge(chosen, who, now).await?;
                changed.merge = Some(render::merged(&merge));
            }
            Act::Discard => self.triage.discard(chosen, who, now).await?,
        }
        Ok(())
    }
}
