//! The same events in another order of arrival.

use super::lifecycle::{archive, resolve};
use super::releases::of;
use super::{SHOP, at, batch, decide, project, record};
use crate::model::lifecycle::archive::{Limit, Until};
use crate::model::lifecycle::decision::{ResolvedIn, Ruling};
use crate::model::{Issue, IssueFilter, IssueId, IssueSort, NewEvent, PageRequest, Status, Substatus};
use crate::protocol::ids::ProjectId;
use crate::store::{CatalogChange, Store, TriageChange};

/// A small generator: the same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// One event of a story that is told in several projects.
fn an_event(numbers: &mut Numbers, n: u64) -> NewEvent {
    const VERSIONS: [&str; 8] = [
        "",
        "shop@1.0.0",
        "shop@1.1.0-rc.1",
        "shop@1.1.0",
        "shop@f00d",
        "shop@beef",
        "ios@1.0",
        "shop@999.9.9",
    ];
    let version = VERSIONS[numbers.below(8) as usize];
    let environment = ["production", "staging"][numbers.below(2) as usize];
    let (second, group, user) = (
        numbers.below(100) as i64,
        1 + numbers.below(2) as u8,
        numbers.below(4),
    );
    let mut event = of(n, group, version, environment);
    event.record.timestamp = at(second);
    event.record.received = at(100);
    event.record.user = Some(format!("id:{user}"));
    event
}

fn a_ruling(numbers: &mut Numbers) -> Ruling {
    match numbers.below(7) {
        0 => resolve(ResolvedIn::Now),
        1 => resolve(ResolvedIn::CurrentRelease),
        2 => resolve(ResolvedIn::NextRelease),
        3 => resolve(ResolvedIn::Release("shop@1.1.0".into())),
        4 => archive(1 + numbers.below(4), None),
        5 => Ruling::Resolve {
            kind: ResolvedIn::Now,
            environment: Some("production".into()),
        },
        _ => Ruling::Archive(Until::Users(Limit {
            count: 1 + numbers.below(3),
            minutes: Some(1),
        })),
    }
}

/// The same events before, after and around the same decision leave the issues in the same state. (Of several reasons it
/// is the one that was found first that is told.)
pub(in crate::store) async fn any_order_of_arrival_ends_the_same(store: &Store) {
    store.catalog.apply(vec![project(SHOP.0, "shop")]).await.unwrap();
    let mut numbers = Numbers(7);
    for story in 0..8 {
        let events: Vec<_> = (1..=14).map(|n| an_event(&mut numbers, n)).collect();
        let (ruling, second) = (a_ruling(&mut numbers), numbers.below(100) as i64);
        let mut ends = Vec::new();
        for telling in 0..5 {
            let id = 10 + story * 5 + telling;
            let mut events = events.clone();
            for at in (1..events.len()).rev() {
                events.swap(at, numbers.below(at as u64 + 1) as usize);
            }
            let mut decided_after = numbers.below(events.len() as u64) as usize;
            if matches!(ruling, Ruling::Archive(_)) {
                // What happens after an issue was archived cannot come before that.
                let (before, after): (Vec<_>, Vec<_>) = events
                    .into_iter()
                    .partition(|it| it.record.timestamp <= at(second));
                decided_after = decided_after.min(before.len());
                events = [before, after].concat();
            }
            ends.push(tell(store, id, events, decided_after, &ruling, second).await);
        }
        let first = ends[0].clone();
        for end in ends {
            assert_eq!(end, first, "{ruling:?} at {second}, {events:#?}");
        }
    }
}

/// Tells a story in a project of its own, with a decision somewhere in it. Answers how it ends for each issue.
async fn tell(
    store: &Store,
    id: u64,
    events: Vec<NewEvent>,
    decided_after: usize,
    ruling: &Ruling,
    second: i64,
) -> Vec<(Status, Substatus)> {
    let new: Vec<CatalogChange> = vec![project(id, &format!("p{id}"))];
    store.catalog.apply(new).await.unwrap();
    // Both issues are there before somebody decides.
    let begin = (1..=2).map(|group| {
        let mut event = of(900 + u64::from(group), group, "shop@1.0.0", "production");
        event.record.timestamp = at(0);
        event.record.received = at(100);
        event
    });
    let mut told: Vec<NewEvent> = begin.collect();
    let later = told.len() + decided_after;
    told.extend(events);
    for (n, event) in told.iter_mut().enumerate() {
        event.record.project = ProjectId(id);
        if n == later {
            let issues = all(store, id)
                .await
                .iter()
                .map(|issue| issue.id)
                .collect::<Vec<IssueId>>();
            let ruling = ruling.clone();
            decide(store, second, TriageChange::Decide { issues, ruling })
                .await
                .unwrap();
        }
        let position = store.journal.recorded().await.unwrap();
        let one = batch(position.0 + 1, vec![event.clone()]);
        store.issues.record(one).await.unwrap();
    }
    let mut ends = all(store, id).await;
    ends.sort_by_key(|issue| issue.number);
    ends.iter().map(|issue| (issue.status, issue.substatus)).collect()
}

async fn all(store: &Store, id: u64) -> Vec<Issue> {
    let filter = IssueFilter {
        projects: vec![ProjectId(id)],
        ..IssueFilter::default()
    };
    let page = store
        .issues
        .list(&filter, IssueSort::LastSeen, PageRequest::first(10))
        .await;
    page.unwrap().items
}

/// What happened before a decision tells for which packages it is, however late it comes.
pub(in crate::store) async fn late_events_tell_what_is_resolved(store: &Store) {
    let seen = |n: u64, group: u8, version: &str, second: i64| {
        let mut event = of(n, group, version, "production");
        event.record.timestamp = at(second);
        event.record.received = at(100);
        event
    };
    let begin = [
        (1, 1, "backend@1.0", 5),
        (2, 2, "backend@1.0", 5),
        (3, 3, "ios@1.0", 1),
    ];
    record(
        store,
        begin
            .map(|(n, group, version, second)| seen(n, group, version, second))
            .into(),
    )
    .await;
    let issues = all(store, SHOP.0).await.iter().map(|issue| issue.id).collect();
    let ruling = resolve(ResolvedIn::CurrentRelease);
    decide(store, 50, TriageChange::Decide { issues, ruling })
        .await
        .unwrap();
    for (n, group, second) in [(4, 1, 30), (5, 1, 60), (6, 2, 60), (7, 2, 30)] {
        record(store, vec![seen(n, group, "ios@1.0", second)]).await;
    }
    let mut ends = all(store, SHOP.0).await;
    ends.sort_by_key(|issue| issue.number);
    let ends: Vec<_> = ends.iter().map(|it| (it.substatus, it.why.clone())).collect();
    assert_eq!(ends[0].0, Substatus::Regressed);
    assert_eq!(ends[0], ends[1]);
}
