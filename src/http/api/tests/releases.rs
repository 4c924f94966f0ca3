//! Releases: what build machines say of them, and how they fare.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, NOW, event};
use crate::model::session::{SessionCounts, SessionGroup, SessionReport, Sessions};
use crate::model::timeline::at;
use crate::protocol::ids::ProjectId;
use crate::store::{Batch, Position, Span};

const RELEASES: &str = "/organizations/default/releases/";

fn of(version: &str) -> String {
    format!("{RELEASES}{version}/")
}

async fn declare(api: &Api, version: &str) -> Value {
    let body = json!({"version": version, "projects": ["shop"]});
    api.change(Method::POST, RELEASES, body).await.expect(201)
}

/// Records sessions of the shop that began so many seconds before now.
async fn run(api: &Api, version: &str, before: i64, (started, crashed): (u64, u64), user: Option<&str>) {
    let counts = SessionCounts {
        started,
        errored: crashed,
        crashed,
        ..SessionCounts::default()
    };
    let group = SessionGroup {
        started: at(NOW - before),
        user: user.map(str::to_owned),
        counts,
    };
    let report = SessionReport {
        project: ProjectId(7),
        received: at(NOW),
        release: version.to_owned(),
        environment: Some("production".to_owned()),
        sessions: Sessions::Many(vec![group]),
    };
    let begin = api.store.journal.recorded().await.unwrap();
    let end = Position(begin.0 + 1);
    let batch = Batch {
        sessions: vec![report],
        spans: vec![Span { begin, end }],
        ..Batch::default()
    };
    api.store.issues.record(batch).await.unwrap();
}

#[actix_web::test]
async fn a_release_is_declared_described_and_deleted() {
    let api = Api::new().await;
    let made = declare(&api, "shop@1.0").await;
    assert_eq!(
        (&made["version"], &made["shortVersion"]),
        (&json!("shop@1.0"), &json!("1.0"))
    );
    assert_eq!(
        (&made["status"], &made["dateReleased"]),
        (&json!("open"), &Value::Null)
    );
    assert_eq!(made["projects"][0]["slug"], "shop");
    let again = json!({"version": "shop@1.0", "projects": [7, "shop"], "url": "https://shop.example/1.0"});
    let again = api.change(Method::POST, RELEASES, again).await.expect(200);
    assert_eq!(
        (&again["id"], &again["url"]),
        (&made["id"], &json!("https://shop.example/1.0"))
    );

    let said = json!({
        "dateReleased": "2026-03-01T10:00:00Z",
        "refs": [{"repository": "acme/shop", "commit": "beef"}],
        "commits": [
            {"id": "beef", "repository": "acme/shop", "author_name": "Ann", "author_email": "ann@acme.example",
             "timestamp": "2026-03-01T09:00:00+01:00", "message": "Mend the cart",
             "patch_set": [{"path": "cart.py", "type": "M"}, {"path": "odd", "type": "?"}]},
            {"id": "cafe"},
        ],
    });
    let path = "/projects/default/shop/releases/shop@1.0/";
    let whole = api.change(Method::PUT, path, said).await.expect(200);
    assert_eq!(
        (&whole["dateReleased"], &whole["ref"]),
        (&json!("2026-03-01T10:00:00Z"), &json!("beef"))
    );
    assert_eq!(
        (&whole["commitCount"], &whole["lastCommit"]["id"]),
        (&json!(2), &json!("beef"))
    );
    assert_eq!(
        whole["authors"],
        json!([{"name": "Ann", "email": "ann@acme.example"}])
    );
    let commits = api
        .get(&format!("{}commits/", of("shop%401.0")))
        .await
        .expect(200);
    assert_eq!(commits[0]["patch_set"], json!([{"path": "cart.py", "type": "M"}]));
    assert_eq!(commits[0]["dateCreated"], "2026-03-01T08:00:00Z");
    assert_eq!(
        (&commits[1]["id"], &commits[1]["author"]),
        (&json!("cafe"), &Value::Null)
    );

    api.change(Method::DELETE, &of("shop@1.0"), Value::Null)
        .await
        .expect(204);
    api.get(&of("shop@1.0")).await.expect(404);
    assert_eq!(api.get(RELEASES).await.expect(200), json!([]));
}

/// Clients write the plus of a version as it is or as `%2B`; a percent sign stands for itself.
#[actix_web::test]
async fn a_version_is_found_however_it_is_written() {
    let api = Api::new().await;
    declare(&api, "shop@1.0+45").await;
    declare(&api, "shop@1%2B0").await;
    for (written, expected) in [
        ("shop@1.0+45", "shop@1.0+45"),
        ("shop%401%2E0%2B45", "shop@1.0+45"),
        ("shop@1%252B0", "shop@1%2B0"),
    ] {
        assert_eq!(
            api.get(&of(written)).await.expect(200)["version"],
            expected,
            "{written}"
        );
    }
}

#[actix_web::test]
async fn what_cannot_be_is_refused_in_words() {
    let api = Api::new().await;
    declare(&api, "1.0").await;
    let post = |body| api.change(Method::POST, RELEASES, body);
    for (body, status) in [
        (json!({"version": "1.1", "projects": []}), 400),
        (json!({"version": "1.1", "projects": ["nowhere"]}), 404),
        (json!({"version": "latest", "projects": ["shop"]}), 400),
        (json!({"version": "a/b", "projects": ["shop"]}), 400),
        (json!({"version": "", "projects": ["shop"]}), 400),
        (json!({"version": "v".repeat(201), "projects": ["shop"]}), 400),
        (
            json!({"version": "1.1", "projects": ["shop"], "status": "gone"}),
            400,
        ),
        (
            json!({"version": "1.1", "projects": ["shop"], "dateReleased": "soon"}),
            400,
        ),
        (json!({"projects": ["shop"]}), 400),
    ] {
        let refused = post(body.clone()).await.expect(status);
        assert!(refused["detail"].is_string(), "{body}");
    }
    let too_many: Vec<_> = (0..10_001).map(|n| json!({"id": n.to_string()})).collect();
    let refused = api
        .change(Method::PUT, &of("1.0"), json!({"commits": too_many}))
        .await
        .expect(400);
    assert_eq!(refused["detail"], "A release has at most 10000 commits.");
    let endless = json!({"commits": [{"id": "f".repeat(65)}]});
    api.change(Method::PUT, &of("1.0"), endless).await.expect(400);
    let most: Vec<_> = (0..10_000)
        .map(|n| json!({"id": n.to_string(), "message": "m".repeat(100)}))
        .collect();
    let whole = api
        .change(Method::PUT, &of("1.0"), json!({"commits": most}))
        .await
        .expect(200);
    assert_eq!(whole["commitCount"], 10_000);
    let unknown = api.change(Method::PUT, &of("9.9"), json!({})).await.expect(404);
    assert_eq!(unknown["detail"], "There is no such release.");
    let nowhere = json!({"environment": "a/b"});
    api.change(Method::POST, &format!("{}deploys/", of("1.0")), nowhere)
        .await
        .expect(400);
}

#[actix_web::test]
async fn deploys_are_told() {
    let api = Api::new().await;
    declare(&api, "1.0").await;
    let path = format!("{}deploys/", of("1.0"));
    let made = json!({"environment": "production", "name": "one", "dateFinished": "2026-03-01T10:10:00Z"});
    let made = api.change(Method::POST, &path, made).await.expect(201);
    assert_eq!(
        (&made["id"], &made["environment"]),
        (&json!("1"), &json!("production"))
    );
    api.change(
        Method::POST,
        &path,
        json!({"environment": "staging", "projects": ["shop"]}),
    )
    .await
    .expect(201);
    let told = api.get(&path).await.expect(200);
    let told: Vec<_> = told
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["environment"].as_str().unwrap())
        .collect();
    assert_eq!(told, ["staging", "production"]);
    let release = api.get(&of("1.0")).await.expect(200);
    assert_eq!(
        (&release["deployCount"], &release["lastDeploy"]["environment"]),
        (&json!(2), &json!("staging"))
    );
}

#[actix_web::test]
async fn the_previous_release_is_the_one_before_in_version() {
    let api = Api::new().await;
    let commits = json!({"commits": [{"id": "beef"}]});
    for version in [
        "shop@2.0.0",
        "shop@1.9.0",
        "shop@1.10.0",
        "shop@2.1.0",
        "other@1.99.0",
    ] {
        declare(&api, version).await;
        if version != "shop@2.1.0" {
            api.change(Method::PUT, &of(version), commits.clone())
                .await
                .expect(200);
        }
    }
    let previous = |version: &str| {
        let path = format!("{}previous-with-commits/", of(version));
        let api = &api;
        async move { api.get(&path).await.expect(200) }
    };
    let told = previous("shop@2.0.0").await;
    assert_eq!(
        (&told["version"], &told["lastCommit"]["id"]),
        (&json!("shop@1.10.0"), &json!("beef"))
    );
    assert_eq!(previous("shop@1.10.0").await["version"], "shop@1.9.0");
}

#[actix_web::test]
async fn releases_are_listed_with_how_they_fare() {
    let api = Api::new().await;
    api.record(vec![event(1, 1, |_| {})]).await;
    api.pass(60);
    declare(&api, "shop@2.0").await;
    let aside = json!({"version": "shop@2.0", "projects": [], "status": "archived"});
    api.change(Method::POST, RELEASES, aside).await.expect(200);
    run(&api, "shop@1.0", 600, (90, 9), Some("ann")).await;
    run(&api, "shop@1.0", 600, (5, 0), Some("bob")).await;
    run(&api, "shop@2.0", 600, (5, 0), Some("bob")).await;
    let list = |query: &str| {
        let path = format!("{RELEASES}?{query}");
        let api = &api;
        async move {
            let told = api.get(&path).await.expect(200);
            let told = told.as_array().unwrap().iter();
            told.map(|it| it["version"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        }
    };
    assert_eq!(list("").await, ["shop@2.0", "shop@1.0"]);
    assert_eq!(list("status=open").await, ["shop@1.0"]);
    assert_eq!(list("query=%402.&project=7").await, ["shop@2.0"]);
    assert_eq!(list("environment=staging").await, [""; 0]);
    let page = api.get(&format!("{RELEASES}?per_page=1&health=1")).await;
    assert!(page.header("link").contains("results=\"true\""));
    let one = api
        .get(&format!("{}?health=1&summaryStatsPeriod=24h", of("shop@1.0")))
        .await
        .expect(200);
    let health = &one["projects"][0]["healthData"];
    assert_eq!(
        (&health["totalSessions"], &health["totalUsers"]),
        (&json!(95), &json!(2))
    );
    assert_eq!(health["sessionsCrashed"], 9);
    assert_eq!(health["crashFreeSessions"], (1.0 - 9.0 / 95.0) * 100.0);
    assert_eq!(health["crashFreeUsers"], 50.0);
    assert_eq!(
        (&health["adoption"], &health["totalProjectSessions24h"]),
        (&json!(95.0), &json!(100))
    );
    assert_eq!(one["newGroups"], 1);
    let without = &api.get(&of("shop@1.0")).await.expect(200)["projects"][0];
    assert!(without.get("healthData").is_none());
}

#[actix_web::test]
async fn a_release_with_a_quotation_mark_is_found() {
    let api = Api::new().await;
    run(&api, r#"a"b"#, 0, (3, 1), None).await;
    run(&api, "shop@1.0", 0, (5, 0), None).await;
    let query = "query=release:%22a%5C%22b%22";
    let path = format!("/organizations/default/sessions/?statsPeriod=24h&field=sum(session)&{query}");
    let told = api.get(&path).await.expect(200);
    assert_eq!(told["groups"][0]["totals"]["sum(session)"], 3);
}

#[actix_web::test]
async fn sessions_are_told_by_what_is_asked() {
    let api = Api::new().await;
    run(&api, "shop@1.0", 3_600, (3, 1), Some("ann")).await;
    run(&api, "shop@1.0", 0, (1, 0), None).await;
    run(&api, "shop@2.0", 0, (4, 0), Some("bob")).await;
    let path = "/organizations/default/sessions/?statsPeriod=24h&interval=1h";
    let rates = "&field=sum(session)&field=crash_free_rate(session)&field=crash_free_rate(user)&field=count_unique(user)";
    let told = api
        .get(&format!("{path}{rates}&groupBy=release"))
        .await
        .expect(200);
    let groups = told["groups"].as_array().unwrap();
    assert_eq!(groups[0]["by"], json!({"release": "shop@1.0"}));
    let totals = json!({
        "sum(session)": 4, "crash_free_rate(session)": 0.75, "crash_free_rate(user)": 0.0, "count_unique(user)": 1,
    });
    assert_eq!(groups[0]["totals"], totals);
    let series = groups[0]["series"]["sum(session)"].as_array().unwrap();
    assert_eq!((series.len(), &series[22..]), (24, &[json!(3), json!(1)][..]));
    let rate = groups[0]["series"]["crash_free_rate(session)"]
        .as_array()
        .unwrap();
    assert_eq!(rate[0], Value::Null, "no data is no rate");
    assert_eq!(told["intervals"].as_array().unwrap().len(), 24);
    let query = "&field=sum(session)&groupBy=session.status&query=release:shop%401.0";
    let by_status = api.get(&format!("{path}{query}")).await.expect(200);
    let by_status: Vec<_> = by_status["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| {
            (
                it["by"]["session.status"].as_str().unwrap(),
                it["totals"]["sum(session)"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        by_status,
        [
            ("healthy", 3),
            ("errored", 0),
            ("unhandled", 0),
            ("abnormal", 0),
            ("crashed", 1)
        ]
    );
    let by_day = api
        .get(&format!("{}{rates}", path.replace("1h", "1d")))
        .await
        .expect(200);
    let users = by_day["groups"][0]["series"]["count_unique(user)"]
        .as_array()
        .unwrap();
    assert_eq!(users.last(), Some(&json!(2)));
    for wrong in [
        "",
        "&field=p99(session.duration)",
        "&field=sum(session)&groupBy=hat",
        "&field=sum(session)&query=x",
    ] {
        api.get(&format!("{path}{wrong}")).await.expect(400);
    }
    assert_eq!(
        api.get("/organizations/default/repos/").await.expect(200),
        json!([])
    );
}
