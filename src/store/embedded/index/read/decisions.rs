//! What people decide about issues, and the story of each issue.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Index, Reader};
use crate::model::{Activity, IssueId, Page, PageRequest};
use crate::store::embedded::facts::Fact;
use crate::store::embedded::index::keys::{Key, Pieces, Table};
use crate::store::{Decisions, Result, Triaged};

/// How many issues are told to be due at once.
const MOST_DUE: usize = 100;

#[async_trait]
impl Decisions for Index {
    async fn triage(&self, triaged: Triaged) -> Result<()> {
        self.writer.commit(vec![Fact::Triage(triaged)], None).await
    }

    async fn activity(&self, issue: IssueId, page: PageRequest) -> Result<Page<Activity>> {
        self.blocking(move |reader| reader.story(issue, &page)).await
    }

    async fn due(&self, now: Timestamp) -> Result<Vec<IssueId>> {
        self.blocking(move |reader| reader.due(now)).await
    }
}

impl Reader {
    /// The issues whose time has come, the first one first.
    fn due(&self, now: Timestamp) -> Result<Vec<IssueId>> {
        let mut due = Vec::new();
        for row in self.scan::<()>(&Key::of(Table::Alarm)).take(MOST_DUE) {
            let (key, ()) = row?;
            let mut pieces = Pieces::of(&key);
            if let (Some(time), Some(issue)) = (pieces.signed(), pieces.number())
                && time <= now.as_microsecond()
            {
                due.push(IssueId(issue));
            }
        }
        Ok(due)
    }

    /// A page of an issue's story, latest entry first.
    fn story(&self, issue: IssueId, page: &PageRequest) -> Result<Page<Activity>> {
        let story = Key::of(Table::Story).number(issue.0);
        self.latest(&story, page, |entry| self.get(&story.clone().number(entry)))
    }
}
