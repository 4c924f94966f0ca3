//! Every URL below `/api/0`, on one screen.
//!
//! Three families of URLs name the same issues, because clients use all of them: `/organizations/{org}/issues/`,
//! `/projects/{org}/{project}/issues/` (sentry-cli) and `/issues/{issue}/` (old clients). It handles nothing itself.

use actix_web::http::{Method, StatusCode};

use super::ask::{
    Download, EditIssue, EditKey, EditMe, EditMember, EditProject, EventSearch, FollowLink, Invite,
    IssueChoice, IssueSearch, NewKey, NewProject, NewToken, OutcomeSearch, ProjectSearch, SeriesSearch,
    SignIn,
};
use super::endpoint::Endpoint;
use super::shape::{
    ApiToken, Attachment, Event, EventLookup, EventSummary, Hash, Index, Issue, IssueChange, IssueSeries,
    Key, Me, Member, Minted, NewMember, Organization, Outcomes, Project, Regions, ShortIdLookup, TagDetails,
    Team,
};

const CREATED: StatusCode = StatusCode::CREATED;
const GONE: StatusCode = StatusCode::NO_CONTENT;

/// The table.
#[rustfmt::skip]
pub(super) fn rows() -> Vec<Endpoint> {
    let mut rows = vec![
        get("/").about("Who calls").public().answers::<Index>(),
        get("/auth/").about("The signed-in person").answers::<Me>(),
        post("/auth/").about("Sign in").public().takes::<SignIn>().answers::<Me>(),
        delete("/auth/").about("Sign out").answers_nothing(GONE),
        post("/auth/link/").about("Sign in by a one-time link").public().takes::<FollowLink>().answers::<Me>(),
        put("/users/me/").about("Change one's own account").takes::<EditMe>().answers::<Me>(),
        get("/users/me/regions/").about("Where the data lives").answers::<Regions>(),
        get("/api-tokens/").about("One's own API tokens").lists::<ApiToken>(),
        post("/api-tokens/").about("Make an API token").takes::<NewToken>().answers_with::<Minted>(CREATED),
        delete("/api-tokens/{token}/").about("Revoke an API token").answers_nothing(GONE),

        get("/organizations/").about("All organisations: one").lists::<Organization>(),
        get("/organizations/{org}/").about("The organisation").answers::<Organization>(),
        get("/organizations/{org}/members/").about("Members").lists::<Member>(),
        post("/organizations/{org}/members/").about("Invite a member").takes::<Invite>().answers_with::<NewMember>(CREATED),
        put("/organizations/{org}/members/{member}/").about("Change a member").takes::<EditMember>().answers::<Member>(),
        delete("/organizations/{org}/members/{member}/").about("Remove a member").answers_nothing(GONE),
        get("/organizations/{org}/teams/").about("All teams: one").lists::<Team>(),
        get("/organizations/{org}/stats_v2/").about("What became of everything that arrived").asks::<OutcomeSearch>().answers::<Outcomes>(),

        get("/projects/").about("Projects").asks::<ProjectSearch>().lists::<Project>(),
        get("/organizations/{org}/projects/").about("Projects").asks::<ProjectSearch>().lists::<Project>(),
        post("/organizations/{org}/projects/").about("Make a project").takes::<NewProject>().answers_with::<Project>(CREATED),
        post("/teams/{org}/{team}/projects/").about("Make a project").takes::<NewProject>().answers_with::<Project>(CREATED),
        get("/projects/{org}/{project}/").about("A project").asks::<ProjectSearch>().answers::<Project>(),
        put("/projects/{org}/{project}/").about("Change a project").takes::<EditProject>().answers::<Project>(),
        delete("/projects/{org}/{project}/").about("Delete a project with all its data").answers_nothing(GONE),
        get("/projects/{org}/{project}/keys/").about("Keys of a project").lists::<Key>(),
        post("/projects/{org}/{project}/keys/").about("Make a key").takes::<NewKey>().answers_with::<Key>(CREATED),
        put("/projects/{org}/{project}/keys/{key}/").about("Change a key").takes::<EditKey>().answers::<Key>(),
        delete("/projects/{org}/{project}/keys/{key}/").about("Delete a key").answers_nothing(GONE),

        get("/organizations/{org}/issues/").about("Search issues").asks::<IssueSearch>().pages::<Issue>(),
        put("/organizations/{org}/issues/").about("Change issues").asks::<IssueChoice>().takes::<EditIssue>().answers::<IssueChange>(),
        delete("/organizations/{org}/issues/").about("Delete issues").asks::<IssueChoice>().answers_nothing(GONE),
        get("/projects/{org}/{project}/issues/").about("Search issues of a project").asks::<IssueSearch>().pages::<Issue>(),
        put("/projects/{org}/{project}/issues/").about("Change issues of a project").asks::<IssueChoice>().takes::<EditIssue>().answers::<IssueChange>(),
        delete("/projects/{org}/{project}/issues/").about("Delete issues of a project").asks::<IssueChoice>().answers_nothing(GONE),
        get("/organizations/{org}/shortids/{short_id}/").about("The issue of a short id").answers::<ShortIdLookup>(),

        get("/organizations/{org}/eventids/{event}/").about("The event of an event id").answers::<EventLookup>(),
        get("/projects/{org}/{project}/events/").about("Events of a project").asks::<EventSearch>().pages::<EventSummary>(),
        get("/projects/{org}/{project}/events/{event}/").about("An event").answers::<Event>(),
        get("/projects/{org}/{project}/events/{event}/json/").about("An event as it is stored").answers_json(),
        get("/projects/{org}/{project}/events/{event}/attachments/").about("Files that came with an event").lists::<Attachment>(),
        get("/projects/{org}/{project}/events/{event}/attachments/{attachment}/").about("A file, or its description").asks::<Download>().answers::<Attachment>(),
    ];
    rows.extend(issue("/organizations/{org}/issues/{issue}"));
    rows.extend(issue("/issues/{issue}"));
    rows
}

#[rustfmt::skip]
fn issue(at: &str) -> Vec<Endpoint> {
    let below = |end: &str| format!("{at}/{end}");
    vec![
        get(below("")).about("An issue").answers::<Issue>(),
        put(below("")).about("Change an issue").takes::<EditIssue>().answers::<Issue>(),
        delete(below("")).about("Delete an issue").answers_nothing(StatusCode::ACCEPTED),
        get(below("events/")).about("Events of an issue").asks::<EventSearch>().pages::<EventSummary>(),
        get(below("events/{event}/")).about("An event by id, or latest, oldest, recommended").answers::<Event>(),
        get(below("tags/")).about("Tags of an issue").lists::<TagDetails>(),
        get(below("tags/{key}/")).about("A tag of an issue").answers::<TagDetails>(),
        get(below("hashes/")).about("What its events are grouped by").lists::<Hash>(),
        get(below("stats/")).about("Events over time").asks::<SeriesSearch>().answers::<IssueSeries>(),
    ]
}

fn get(path: impl Into<String>) -> Endpoint {
    Endpoint::new(Method::GET, path.into())
}

fn post(path: impl Into<String>) -> Endpoint {
    Endpoint::new(Method::POST, path.into())
}

fn put(path: impl Into<String>) -> Endpoint {
    Endpoint::new(Method::PUT, path.into())
}

fn delete(path: impl Into<String>) -> Endpoint {
    Endpoint::new(Method::DELETE, path.into())
}
