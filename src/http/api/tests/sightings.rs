//! Where issues were seen, what was shipped meanwhile, and whose commits are suspect.

use actix_web::http::Method;
use bytes::Bytes;
use serde_json::{Value, json};

use super::{Api, event, event_id};

const RELEASES: &str = "/organizations/default/releases/";

/// Declares a release of the shop that went out half an hour before now, with this `commits`.
async fn ship(api: &Api, version: &str, commits: Value) {
    let body = json!({
        "version": version, "projects": ["shop"], "dateReleased": "2026-03-01T09:50:00Z", "commits": commits,
    });
    api.change(Method::POST, RELEASES, body).await.expect(201);
}

#[actix_web::test]
async fn an_issue_tells_where_it_was_seen() {
    let api = Api::new().await;
    let seen = |n, version: Option<&str>, place: Option<&str>| {
        event(n, 1, |record| {
            record.release = version.map(str::to_owned);
            record.environment = place.map(str::to_owned);
        })
    };
    api.record(vec![
        seen(90, None, None),
        seen(60, Some("shop@1.0"), Some("production")),
        seen(50, Some("shop@1.0"), Some("production")),
        seen(40, Some("shop@1.0"), Some("staging")),
        seen(30, Some("shop@1.1"), None),
    ])
    .await;
    let told = api
        .get("/organizations/default/issues/1/releases/")
        .await
        .expect(200);
    let versions: Vec<_> = told.as_array().unwrap().iter().map(|it| &it["version"]).collect();
    assert_eq!(versions, [&Value::Null, &json!("shop@1.0"), &json!("shop@1.1")]);
    let first = &told[1];
    assert_eq!(
        (&first["shortVersion"], &first["count"]),
        (&json!("1.0"), &json!(3))
    );
    assert_eq!(
        (&first["firstSeen"], &first["lastSeen"]),
        (&json!("2026-03-01T10:19:00Z"), &json!("2026-03-01T10:19:20Z"))
    );
    let places = first["environments"].as_array().unwrap();
    let places: Vec<_> = places
        .iter()
        .map(|it| (&it["environment"], &it["count"]))
        .collect();
    assert_eq!(
        places,
        [(&json!("production"), &json!(2)), (&json!("staging"), &json!(1))]
    );
    assert_eq!(told[2]["environments"][0]["environment"], Value::Null);
    api.get("/organizations/default/issues/9/releases/")
        .await
        .expect(404);
}

#[actix_web::test]
async fn markers_are_releases_and_deploys_in_a_stretch_of_time() {
    let api = Api::new().await;
    ship(&api, "shop@1.0", json!([])).await;
    for (place, date) in [
        ("production", "2026-03-01T10:00:00Z"),
        ("staging", "2026-02-01T10:00:00Z"),
    ] {
        let deploy = json!({"environment": place, "dateFinished": date});
        let path = format!("{RELEASES}shop@1.0/deploys/");
        api.change(Method::POST, &path, deploy).await.expect(201);
    }
    let markers = async |query: &str| {
        let told = api
            .get(&format!("/projects/default/shop/markers/?{query}"))
            .await
            .expect(200);
        let told = told.as_array().unwrap().iter();
        told.map(|it| format!("{} {} {}", it["type"], it["shortVersion"], it["environment"]))
            .collect::<Vec<_>>()
    };
    let release = r#""release" "1.0" null"#;
    let production = r#""deploy" "1.0" "production""#;
    let staging = r#""deploy" "1.0" "staging""#;
    assert_eq!(markers("").await, [staging, release, production]);
    assert_eq!(markers("statsPeriod=24h").await, [release, production]);
    assert_eq!(markers("environment=staging").await, [staging, release]);
    let refused = api.get("/projects/default/shop/markers/?statsPeriod=soon").await;
    refused.expect(400);
}

#[actix_web::test]
async fn commits_that_touch_the_files_of_an_event_are_suspect() {
    let api = Api::new().await;
    let commit = |id: &str, name: &str, path: &str| json!({"id": id, "author_name": name, "message": "Mend it", "patch_set": [{"path": path, "type": "M"}]});
    let commits = json!([
        commit("c3", "Ann", "services/shop/cart.py"),
        commit("c2", "Bob", "services/shop/mail.py"),
        commit("c1", "Ann", "services/shop/main.py"),
    ]);
    ship(&api, "shop@1.0", commits).await;
    let mut failed = event(1, 1, |_| {});
    failed.payload = Bytes::from(
        json!({"event_id": event_id(1), "exception": {"values": [{"type": "E", "stacktrace": {"frames": [
            {"filename": "shop/main.py", "in_app": true}, {"filename": "shop/mail.py", "in_app": false},
            {"filename": "shop/cart.py", "in_app": true}]}}]}})
        .to_string(),
    );
    api.record(vec![failed, event(2, 2, |_| {})]).await;
    let path = |n| format!("/projects/default/shop/events/{}/committers/", event_id(n));
    let told = api.get(&path(1)).await.expect(200);
    let ann = &told["committers"][0];
    assert_eq!(
        (&ann["author"]["name"], &ann["release"]),
        (&json!("Ann"), &json!("shop@1.0"))
    );
    let found: Vec<_> = (0..2)
        .map(|at| (&ann["commits"][at]["id"], &ann["commits"][at]["frameFile"]))
        .collect();
    assert_eq!(
        found,
        [
            (&json!("c3"), &json!("shop/cart.py")),
            (&json!("c1"), &json!("shop/main.py"))
        ]
    );
    assert_eq!(told["committers"].as_array().unwrap().len(), 1);
    let nobody = api.get(&path(2)).await.expect(200);
    assert_eq!(
        nobody,
        json!({"committers": []}),
        "without frames of its own nobody is suspect"
    );
    api.get(&path(3)).await.expect(404);

    let resolved = json!({"status": "resolved"});
    api.change(Method::PUT, "/organizations/default/issues/1/", resolved)
        .await
        .expect(200);
    ship(
        &api,
        "shop@1.1",
        json!([commit("d1", "Bob", "services/shop/cart.py")]),
    )
    .await;
    let again = event(3, 1, |record| {
        record.timestamp += jiff::SignedDuration::from_secs(300);
        record.received = record.timestamp;
        record.release = Some("shop@1.1".to_owned());
    });
    api.record(vec![again]).await;
    let told = api.get(&path(1)).await.expect(200);
    let bob = &told["committers"][0];
    assert_eq!(
        (&bob["commits"][0]["id"], &bob["release"]),
        (&json!("d1"), &json!("shop@1.1")),
        "those of the release in which it came back"
    );
}

#[actix_web::test]
async fn a_release_tells_how_many_issues_came_back_in_it() {
    let api = Api::new().await;
    api.record(vec![event(90, 1, |_| {}), event(80, 2, |_| {})]).await;
    let resolved = json!({"status": "resolved"});
    api.change(Method::PUT, "/organizations/default/issues/1/", resolved)
        .await
        .expect(200);
    api.time.fetch_add(600, std::sync::atomic::Ordering::Relaxed);
    let later = |n: u64, place: &'static str| {
        event(n, 1, move |record| {
            record.timestamp += jiff::SignedDuration::from_secs(300);
            record.received = record.timestamp;
            record.release = Some("shop@1.1".to_owned());
            record.environment = Some(place.to_owned());
        })
    };
    // A week later nobody calls it regressed any more, but open it is still.
    api.record(vec![later(3, "staging")]).await;
    api.record(vec![later(2, "production")]).await;
    api.time
        .fetch_add(8 * 24 * 3_600, std::sync::atomic::Ordering::Relaxed);
    for (query, first, second) in [
        ("", ("shop@1.1", 1), Some(("shop@1.0", 0))),
        ("&environment=staging", ("shop@1.1", 1), None),
        ("&environment=production", ("shop@1.1", 1), Some(("shop@1.0", 0))),
    ] {
        let told = api.get(&format!("{RELEASES}?health=1{query}")).await.expect(200);
        let told = told.as_array().unwrap().iter();
        let told: Vec<_> = told
            .map(|it| {
                let health = &it["projects"][0]["healthData"];
                (
                    it["version"].as_str().unwrap(),
                    health["regressedGroups"].as_u64().unwrap(),
                )
            })
            .collect();
        let expected: Vec<_> = [Some(first), second].into_iter().flatten().collect();
        assert_eq!(told, expected, "{query}");
    }
}
