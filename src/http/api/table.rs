//! Every URL below `/api/0`, on one screen.
//!
//! Three families of URLs name the same issues, because clients use all of them: `/organizations/{org}/issues/`,
//! `/projects/{org}/{project}/issues/` (sentry-cli) and `/issues/{issue}/` (old clients). It handles nothing itself.

use actix_web::http::{Method, StatusCode};
use actix_web::{FromRequest, Handler, Responder};

use super::ask::{
    Against, AlertRuleSearch, AskBacktest, AskTest, DeliverySearch, Download, EditAlertRule, EditDestination,
    EditGrouping, EditIssue, EditKey, EditMe, EditMember, EditNotifications, EditProject, EditQuotas,
    EditRelease, EventSearch, FiringSearch, FollowLink, GroupingSearch, HashChoice, Invite, IssueChoice,
    IssueSearch, MarkerSearch, NewDeploy, NewKey, NewProject, NewRelease, NewToken, Note, OutcomeSearch,
    Paging, Period, ProjectSearch, ReleaseSearch, Rules, SeriesSearch, SessionSearch, SignIn,
};
use super::endpoint::Endpoint;
use super::handle::{
    account, activity, alert_rules, attachments, backtest, changes, destinations, events, firings, grouping,
    health, issue, issues, keys, members, notes, notifications, organization, outcomes, projects, quotas,
    releases, rollout, sessions, sightings, sign_in, storage, tokens,
};
use super::shape::{
    Activities, Activity, AlertDelivery, AlertRule, ApiToken, Attachment, Backtest, Commit, Committers,
    Comparison, Deploy, Destination, Event, EventLookup, EventSummary, Firing, GroupingInfo, GroupingPreview,
    Hash, Health, HeldFiring, Index, Issue, IssueChange, IssueRelease, IssueSeries, Key, Marker, Me, Member,
    Minted, NewLink, NewMember, Notifications, Organization, Outcomes, Project, ProjectGrouping,
    ProjectQuotas, Regions, Release, Repository, Sessions, ShortIdLookup, Split, Storage, TagDetails, Team,
    Tested, Unsubscription, User, Verdict,
};

const CREATED: StatusCode = StatusCode::CREATED;
const GONE: StatusCode = StatusCode::NO_CONTENT;

/// The table.
#[rustfmt::skip]
pub(super) fn rows() -> Vec<Endpoint> {
    let mut rows = vec![
        get("/", account::index).about("Who calls").public().answers::<Index>(),
        get("/auth/", account::show).about("The signed-in person").answers::<Me>(),
        post("/auth/", sign_in::by_password).about("Sign in").public().takes::<SignIn>().answers::<Me>(),
        delete("/auth/", sign_in::out).about("Sign out").answers_nothing(GONE),
        post("/auth/link/", sign_in::by_link).about("Sign in by a one-time link").public().takes::<FollowLink>().answers::<Me>(),
        put("/users/me/", account::edit).about("Change one's own account").takes::<EditMe>().answers::<Me>(),
        get("/users/me/notifications/", notifications::show).about("What one wants by e-mail").answers::<Notifications>(),
        put("/users/me/notifications/", notifications::edit).about("Change what one wants by e-mail").takes::<EditNotifications>().answers::<Notifications>(),
        get("/unsubscribe/{token}/", notifications::unsubscription).about("Which mail a link stops").public().answers::<Unsubscription>(),
        post("/unsubscribe/{token}/", notifications::unsubscribe).about("Stop it").public().answers::<Unsubscription>(),
        get("/users/me/regions/", account::regions).about("Where the data lives").answers::<Regions>(),
        get("/api-tokens/", tokens::list).about("One's own API tokens").lists::<ApiToken>(),
        post("/api-tokens/", tokens::create).about("Make an API token").takes::<NewToken>().answers_with::<Minted>(CREATED),
        delete("/api-tokens/{token}/", tokens::delete).about("Revoke an API token").answers_nothing(GONE),

        get("/organizations/", organization::list).about("All organisations: one").lists::<Organization>(),
        get("/organizations/{org}/", organization::show).about("The organisation").answers::<Organization>(),
        get("/organizations/{org}/members/", members::list).about("Members").lists::<Member>(),
        post("/organizations/{org}/members/", members::invite).about("Invite a member").takes::<Invite>().answers_with::<NewMember>(CREATED),
        put("/organizations/{org}/members/{member}/", members::edit).about("Change a member").takes::<EditMember>().answers::<Member>(),
        delete("/organizations/{org}/members/{member}/", members::remove).about("Remove a member").answers_nothing(GONE),
        post("/organizations/{org}/members/{member}/link/", members::renew_link).about("Make a member a new sign-in link").answers_with::<NewLink>(CREATED),
        get("/organizations/{org}/users/", members::people).about("Whom issues can be assigned to").lists::<User>(),
        get("/organizations/{org}/teams/", organization::teams).about("All teams: one").lists::<Team>(),
        get("/organizations/{org}/repos/", organization::repositories).about("Repositories: none").lists::<Repository>(),
        get("/organizations/{org}/sessions/", sessions::show).about("How often releases ran, and how well").asks::<SessionSearch>().asks::<Period>().answers::<Sessions>(),
        get("/organizations/{org}/health/", health::show).about("How the installation fares").answers::<Health>(),
        get("/organizations/{org}/storage/", storage::show).about("What is kept and what it takes").answers::<Storage>(),
        get("/organizations/{org}/stats_v2/", outcomes::show).about("What became of everything that arrived").asks::<OutcomeSearch>().asks::<Period>().answers::<Outcomes>(),

        get("/projects/", projects::list).about("Projects").asks::<ProjectSearch>().lists::<Project>(),
        get("/organizations/{org}/projects/", projects::list).about("Projects").asks::<ProjectSearch>().lists::<Project>(),
        post("/organizations/{org}/projects/", projects::create).about("Make a project").takes::<NewProject>().answers_with::<Project>(CREATED),
        post("/teams/{org}/{team}/projects/", projects::create_in_team).about("Make a project").takes::<NewProject>().answers_with::<Project>(CREATED),
        get("/projects/{org}/{project}/", projects::show).about("A project").asks::<ProjectSearch>().answers::<Project>(),
        put("/projects/{org}/{project}/", projects::edit).about("Change a project").takes::<EditProject>().answers::<Project>(),
        delete("/projects/{org}/{project}/", projects::delete).about("Delete a project with all its data").answers_nothing(GONE),
        get("/projects/{org}/{project}/grouping/", grouping::show).about("How events are grouped, and how far rules are applied").answers::<ProjectGrouping>(),
        put("/projects/{org}/{project}/grouping/", grouping::edit).about("Change the grouping rules, for events to come or for stored ones, too").takes::<EditGrouping>().answers::<ProjectGrouping>(),
        post("/projects/{org}/{project}/grouping/preview/", grouping::preview).about("What other grouping rules would do").takes::<Rules>().answers::<GroupingPreview>(),
        post("/projects/{org}/{project}/grouping/undo/", grouping::undo).about("Go back to the rules before those that were applied to stored events last").answers::<ProjectGrouping>(),
        get("/projects/{org}/{project}/quotas/", quotas::show).about("How much may be sent to a project").answers::<ProjectQuotas>(),
        put("/projects/{org}/{project}/quotas/", quotas::edit).about("Change how much may be sent to a project").takes::<EditQuotas>().answers::<ProjectQuotas>(),
        get("/projects/{org}/{project}/keys/", keys::list).about("Keys of a project").lists::<Key>(),
        post("/projects/{org}/{project}/keys/", keys::create).about("Make a key").takes::<NewKey>().answers_with::<Key>(CREATED),
        put("/projects/{org}/{project}/keys/{key}/", keys::edit).about("Change a key").takes::<EditKey>().answers::<Key>(),
        delete("/projects/{org}/{project}/keys/{key}/", keys::delete).about("Delete a key").answers_nothing(GONE),

        get("/organizations/{org}/issues/", issues::search).about("Search issues").asks::<IssueSearch>().asks::<Period>().pages::<Issue>(),
        put("/organizations/{org}/issues/", issues::edit).about("Change issues").asks::<IssueChoice>().asks::<Period>().takes::<EditIssue>().answers::<IssueChange>(),
        delete("/organizations/{org}/issues/", issues::delete).about("Delete issues").asks::<IssueChoice>().asks::<Period>().answers_nothing(GONE),
        get("/projects/{org}/{project}/issues/", issues::search_project).about("Search issues of a project").asks::<IssueSearch>().asks::<Period>().pages::<Issue>(),
        put("/projects/{org}/{project}/issues/", issues::edit_project).about("Change issues of a project").asks::<IssueChoice>().asks::<Period>().takes::<EditIssue>().answers::<IssueChange>(),
        delete("/projects/{org}/{project}/issues/", issues::delete_project).about("Delete issues of a project").asks::<IssueChoice>().asks::<Period>().answers_nothing(GONE),
        get("/organizations/{org}/changes/", changes::stream).about("Server-sent events: `issues` whenever some changed").streams(),
        get("/organizations/{org}/shortids/{short_id}/", issue::by_short_id).about("The issue of a short id").answers::<ShortIdLookup>(),

        get("/organizations/{org}/eventids/{event}/", events::by_id).about("The event of an event id").answers::<EventLookup>(),
        get("/projects/{org}/{project}/events/", events::of_project).about("The latest events of a project").asks::<EventSearch>().asks::<Paging>().lists::<EventSummary>(),
        get("/projects/{org}/{project}/events/{event}/", events::show).about("An event").answers::<Event>(),
        get("/projects/{org}/{project}/events/{event}/json/", events::json).about("An event as it is stored").answers_json(),
        get("/projects/{org}/{project}/markers/", sightings::markers).about("When releases came out and were deployed").asks::<MarkerSearch>().asks::<Period>().lists::<Marker>(),
        get("/projects/{org}/{project}/events/{event}/committers/", sightings::committers).about("Whose commits may have caused an event").answers::<Committers>(),
        get("/projects/{org}/{project}/events/{event}/grouping-info/", grouping::explain).about("Why an event is in its issue").asks::<GroupingSearch>().answers::<GroupingInfo>(),
        get("/projects/{org}/{project}/events/{event}/attachments/", attachments::list).about("Files that came with an event").lists::<Attachment>(),
        get("/projects/{org}/{project}/events/{event}/attachments/{attachment}/", attachments::show).about("A file, or its description").asks::<Download>().answers_or_downloads::<Attachment>(),
    ];
    rows.extend(below_issue("/organizations/{org}/issues/{issue}"));
    rows.extend(below_issue("/issues/{issue}"));
    rows.extend([
        get("/organizations/{org}/releases/", releases::list).about("Releases").asks::<ReleaseSearch>().pages::<Release>(),
        post("/organizations/{org}/releases/", releases::create).about("Declare a release").takes_much::<NewRelease>().answers_with::<Release>(CREATED),
        get("/projects/{org}/{project}/releases/", releases::list_project).about("Releases of a project").asks::<ReleaseSearch>().pages::<Release>(),
        post("/projects/{org}/{project}/releases/", releases::create_in_project).about("Declare a release of a project").takes_much::<NewRelease>().answers_with::<Release>(CREATED),
    ]);
    rows.extend(of_alerts("/organizations/{org}/alerts"));
    rows.extend(below_release("/organizations/{org}/releases/{version}"));
    rows.extend(below_release("/projects/{org}/{project}/releases/{version}"));
    rows
}

#[rustfmt::skip]
fn of_alerts(at: &str) -> Vec<Endpoint> {
    let below = |end: &str| format!("{at}/{end}");
    vec![
        get(below("rules/"), alert_rules::list).about("Alert rules").asks::<AlertRuleSearch>().lists::<AlertRule>(),
        post(below("rules/"), alert_rules::create).about("Make an alert rule").takes::<EditAlertRule>().answers_with::<AlertRule>(CREATED),
        get(below("rules/{rule}/"), alert_rules::show).about("An alert rule").answers::<AlertRule>(),
        put(below("rules/{rule}/"), alert_rules::edit).about("Change an alert rule").takes::<EditAlertRule>().answers::<AlertRule>(),
        delete(below("rules/{rule}/"), alert_rules::delete).about("Delete an alert rule").answers_nothing(GONE),
        post(below("backtest/"), backtest::run).about("What a rule would have done").takes::<AskBacktest>().answers::<Backtest>(),
        get(below("destinations/"), destinations::list).about("Places that can be told").lists::<Destination>(),
        post(below("destinations/"), destinations::create).about("Set up a destination").takes::<EditDestination>().answers_with::<Destination>(CREATED),
        get(below("destinations/{destination}/"), destinations::show).about("A destination").answers::<Destination>(),
        put(below("destinations/{destination}/"), destinations::edit).about("Change a destination").takes::<EditDestination>().answers::<Destination>(),
        delete(below("destinations/{destination}/"), destinations::delete).about("Delete a destination").answers_nothing(GONE),
        post(below("test/"), destinations::test).about("Send a test").takes::<AskTest>().answers::<Tested>(),
        get(below("history/"), firings::list).about("What fired, latest first").asks::<FiringSearch>().pages::<Firing>(),
        get(below("held/"), firings::held).about("What is held, what is told next first; at most 100").asks::<FiringSearch>().lists::<HeldFiring>(),
        get(below("deliveries/"), firings::deliveries).about("Messages, latest first").asks::<DeliverySearch>().pages::<AlertDelivery>(),
        post(below("deliveries/{delivery}/resend/"), firings::send_again).about("Have a message tried again").answers_with::<AlertDelivery>(StatusCode::ACCEPTED),
    ]
}

#[rustfmt::skip]
fn below_issue(at: &str) -> Vec<Endpoint> {
    let below = |end: &str| format!("{at}/{end}");
    vec![
        get(below(""), issue::show).about("An issue").answers::<Issue>(),
        put(below(""), issue::edit).about("Change an issue").asks::<EventSearch>().takes::<EditIssue>().answers::<Issue>(),
        delete(below(""), issue::delete).about("Delete an issue").answers_nothing(StatusCode::ACCEPTED),
        get(below("events/"), events::of_issue).about("Events of an issue").asks::<EventSearch>().pages::<EventSummary>(),
        get(below("events/{event}/"), events::one_of_issue).about("An event by id, or latest, oldest, recommended").answers::<Event>(),
        get(below("tags/"), issue::tags).about("Tags of an issue").lists::<TagDetails>(),
        get(below("tags/{key}/"), issue::tag).about("A tag of an issue").answers::<TagDetails>(),
        get(below("releases/"), sightings::releases).about("The releases that it was seen in").lists::<IssueRelease>(),
        get(below("hashes/"), issue::hashes).about("What its events are grouped by").lists::<Hash>(),
        delete(below("hashes/"), issue::split).about("Split the events that go by some hashes out into a new issue").asks::<HashChoice>().answers_with::<Split>(StatusCode::ACCEPTED),
        get(below("activities/"), activity::list).about("What happened to an issue, latest first").pages_in::<Activities>(),
        post(below("activities/{activity}/undo/"), activity::undo).about("Take back a merge or a split").answers::<Issue>(),
        get(below("notes/"), notes::list).about("Comments on an issue").pages::<Activity>(),
        post(below("notes/"), notes::create).about("Comment on an issue").takes::<Note>().answers_with::<Activity>(CREATED),
        put(below("notes/{note}/"), notes::edit).about("Change one's own comment").takes::<Note>().answers::<Activity>(),
        delete(below("notes/{note}/"), notes::delete).about("Take one's own comment back").answers_nothing(GONE),
        get(below("comments/"), notes::list).about("The same under another name").pages::<Activity>(),
        post(below("comments/"), notes::create).about("The same under another name").takes::<Note>().answers_with::<Activity>(CREATED),
        put(below("comments/{note}/"), notes::edit).about("The same under another name").takes::<Note>().answers::<Activity>(),
        delete(below("comments/{note}/"), notes::delete).about("The same under another name").answers_nothing(GONE),
        get(below("stats/"), issue::series).about("Events over time").asks::<Period>().asks::<SeriesSearch>().answers::<IssueSeries>(),
    ]
}

#[rustfmt::skip]
fn below_release(at: &str) -> Vec<Endpoint> {
    let below = |end: &str| format!("{at}/{end}");
    vec![
        get(below(""), releases::show).about("A release").asks::<ReleaseSearch>().answers::<Release>(),
        put(below(""), releases::edit).about("Say more about a release").takes_much::<EditRelease>().answers::<Release>(),
        delete(below(""), releases::delete).about("Delete a release").answers_nothing(GONE),
        get(below("commits/"), releases::commits).about("Commits of a release").pages::<Commit>(),
        get(below("deploys/"), releases::deploys).about("Deploys of a release").lists::<Deploy>(),
        post(below("deploys/"), releases::deploy).about("Say that a release was deployed").takes::<NewDeploy>().answers_with::<Deploy>(CREATED),
        get(below("compare/"), rollout::compare).about("A release beside an older one").asks::<Against>().answers::<Comparison>(),
        get(below("verdict/"), rollout::verdict).about("Whether a release may go on").asks::<Against>().answers::<Verdict>(),
        get(below("previous-with-commits/"), releases::previous_with_commits).about("The release before it whose commits are known").answers::<Release>(),
    ]
}

fn get<F: Handler<A>, A: FromRequest + 'static>(path: impl Into<String>, handler: F) -> Endpoint
where
    F::Output: Responder + 'static,
{
    Endpoint::new(Method::GET, path.into(), handler)
}

fn post<F: Handler<A>, A: FromRequest + 'static>(path: impl Into<String>, handler: F) -> Endpoint
where
    F::Output: Responder + 'static,
{
    Endpoint::new(Method::POST, path.into(), handler)
}

fn put<F: Handler<A>, A: FromRequest + 'static>(path: impl Into<String>, handler: F) -> Endpoint
where
    F::Output: Responder + 'static,
{
    Endpoint::new(Method::PUT, path.into(), handler)
}

fn delete<F: Handler<A>, A: FromRequest + 'static>(path: impl Into<String>, handler: F) -> Endpoint
where
    F::Output: Responder + 'static,
{
    Endpoint::new(Method::DELETE, path.into(), handler)
}
