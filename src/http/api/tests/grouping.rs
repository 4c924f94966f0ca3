//! Rules about grouping, and what they do to the events of a project.

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, bearer, event, event_id};
use crate::grouping::Rules;
use crate::model::{EventRecord, GroupHash, GroupingRules, NewEvent, RegroupEnd};
use crate::protocol::event::Event;
use crate::regroup::{Regroup, Walked};

const SHOP: &str = "/projects/default/shop/";

#[actix_web::test]
async fn rules_are_kept_as_they_were_written() {
    let api = Api::new().await;
    let fresh = api.get(SHOP).await.expect(200);
    assert_eq!(
        (&fresh["groupingEnhancements"], &fresh["fingerprintingRules"]),
        (&json!(""), &json!(""))
    );
    let stack = "# ours\npath:**/vendor/** -app";
    api.change(Method::PUT, SHOP, json!({"groupingEnhancements": stack}))
        .await
        .expect(200);
    let fingerprint = "type:DatabaseUnavailable -> database";
    let edited = api
        .change(Method::PUT, SHOP, json!({"fingerprintingRules": fingerprint}))
        .await
        .expect(200);
    assert_eq!(
        (&edited["groupingEnhancements"], &edited["fingerprintingRules"]),
        (&json!(stack), &json!(fingerprint))
    );
    let list = api.get("/projects/").await.expect(200);
    assert_eq!(list[0]["fingerprintingRules"], Value::Null);
}

#[actix_web::test]
async fn an_issue_goes_on_under_the_name_that_new_rules_give_it() {
    let api = Api::new().await;
    api.record(vec![thrown(1, "CartError", &[("sum", true)])]).await;
    let hashes = "/organizations/default/issues/1/hashes/";
    let before = api.get(hashes).await.expect(200);
    api.change(
        Method::PUT,
        SHOP,
        json!({"fingerprintingRules": "type:CartError -> cart"}),
    )
    .await
    .expect(200);
    let after = api.get(hashes).await.expect(200);
    let count = |list: &Value| list.as_array().map(Vec::len);
    assert_eq!((count(&before), count(&after)), (Some(1), Some(2)), "{after}");
}

#[actix_web::test]
async fn what_is_no_rule_is_refused_with_field_line_and_reason() {
    let api = Api::new().await;
    for (body, detail, cause) in [
        (
            json!({"groupingEnhancements": "function:a +app\n\nfunction:b"}),
            "groupingEnhancements cannot be read.",
            "line 3: nothing to do",
        ),
        (
            json!({"fingerprintingRules": "type:A", "name": "never"}),
            "fingerprintingRules cannot be read.",
            "line 1: expected `->` between matchers and fingerprint",
        ),
        (
            json!({"fingerprintingRules": "#".repeat(70_000)}),
            "fingerprintingRules cannot be read.",
            "too many rules: at most 1000 of them in 64 KiB are read",
        ),
        (
            json!({"groupingEnhancements": "app:no -app\n".repeat(1_001)}),
            "groupingEnhancements cannot be read.",
            "too many rules: at most 1000 of them in 64 KiB are read",
        ),
    ] {
        let refused = api.change(Method::PUT, SHOP, body).await.expect(400);
        assert_eq!(refused, json!({"detail": detail, "causes": [cause]}));
    }
    assert_eq!(api.get(SHOP).await.expect(200)["name"], "shop");
    let token = api.member("member").await;
    let body = json!({"fingerprintingRules": ""});
    let reply = api
        .send(Method::PUT, SHOP, |it| {
            it.insert_header(bearer(&token)).set_json(body)
        })
        .await;
    assert_eq!(reply.status, 403);
}

/// Event number `n`, thrown where `frames` say, as digest records it.
fn thrown(n: u64, kind: &str, frames: &[(&str, bool)]) -> NewEvent {
    let frames: Vec<Value> = frames
        .iter()
        .map(|(function, is_in_app)| json!({"module": "shop", "function": function, "in_app": is_in_app}))
        .collect();
    let told = json!({"event_id": event_id(n).to_string(), "platform": "python",
        "exception": {"type": kind, "value": format!("broken {n}"), "stacktrace": {"frames": frames}}});
    let mut told = Event::from_value(told).unwrap();
    let rules = Rules::default();
    rules.classify(&mut told);
    let hashes = rules.group(&told).hashes();
    let mut event = event(n, 0, |record| {
        record.hashes = hashes.iter().map(|hash| GroupHash(hash.0)).collect();
        record.title = format!("{kind}: broken {n}");
        record.metadata.kind = Some(kind.to_owned());
    });
    event.payload = told.to_vec().into();
    event
}

fn info_of(n: u64) -> String {
    format!("{SHOP}events/{}/grouping-info/", event_id(n))
}

#[actix_web::test]
async fn an_event_says_why_it_is_where_it_is() {
    let api = Api::new().await;
    let frames = [("main", true), ("handle", false), ("total", true)];
    api.record(vec![thrown(1, "CartError", &frames)]).await;
    let info = api.get(&info_of(1)).await.expect(200);
    assert_eq!(info["summary"], "the app stack trace: 2 of 3 frames");
    assert_eq!(
        (&info["config"], &info["isOutdated"]),
        (&json!("v1"), &json!(false))
    );
    let app = &info["variants"][0];
    assert_eq!(
        (&app["name"], &app["hasLed"], &app["isRecorded"]),
        (&json!("app"), &json!(true), &json!(true))
    );
    assert_eq!((&app["hash"], &app["hash"]), (&info["led"], &info["recorded"][0]));
    assert_eq!(
        (&app["component"]["id"], &app["component"]["place"]),
        (&json!("exception"), &json!(0))
    );
    let parts = app["component"]["parts"].as_array().unwrap();
    let stack = parts.iter().find(|part| part["id"] == "stacktrace").unwrap();
    let marks: Vec<_> = stack["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|frame| (frame["contributes"].as_bool().unwrap(), frame["hint"].as_str()))
        .collect();
    assert_eq!(marks, [(true, None), (false, Some("not in app")), (true, None)]);
    assert_eq!(info["variants"][1]["hasLed"], false);

    let rule = r#"type:Cart* -> cart title="The cart is broken""#;
    api.change(Method::PUT, SHOP, json!({"fingerprintingRules": rule}))
        .await
        .expect(200);
    let info = api.get(&info_of(1)).await.expect(200);
    assert_eq!(
        (&info["rule"], &info["title"], &info["summary"]),
        (
            &json!(rule),
            &json!("The cart is broken"),
            &json!("the fingerprint of a rule")
        )
    );
    assert_eq!((&info["isOutdated"], &info["led"]), (&json!(true), &app["hash"]));
    assert_eq!(info["variants"][0]["isRecorded"], false);

    api.get(&info_of(2)).await.expect(404);
    api.get(&format!("{SHOP}events/x/grouping-info/"))
        .await
        .expect(404);
}

/// Four events of two kinds, a rule that makes one issue of them saved and to be applied to history; nobody does yet.
async fn to_be_regrouped() -> (Api, Regroup) {
    let api = Api::new().await;
    let two = [("main", true), ("total", true)];
    let events = (1..=4).map(|n| thrown(n, if n % 2 == 0 { "CartError" } else { "CupError" }, &two));
    api.record(events.collect()).await;
    let body = json!({"fingerprintingRules": "type:*Error -> one", "applyTo": "history"});
    let state = api.change(Method::PUT, &grouping(""), body).await.expect(200);
    assert_eq!(
        (
            &state["job"]["total"],
            &state["job"]["lookedAt"],
            &state["job"]["dateEnded"]
        ),
        (&json!(4), &json!(0), &Value::Null)
    );
    assert_eq!(state["job"]["user"]["email"], "owner@example.com");
    let regroup = Regroup::new(&api.store);
    (api, regroup)
}

fn grouping(end: &str) -> String {
    format!("{SHOP}grouping/{end}")
}

async fn issues(api: &Api) -> usize {
    let list = api.get("/organizations/default/issues/").await.expect(200);
    list.as_array().unwrap().len()
}

#[actix_web::test]
async fn a_job_that_was_stopped_goes_on_where_it_was() {
    let (api, regroup) = to_be_regrouped().await;
    for patience in [0, 1] {
        let job = regroup.unfinished().await.unwrap().remove(0);
        let asked = std::cell::Cell::new(0);
        let is_stopped = || asked.replace(asked.get() + 1) >= patience;
        let walked = regroup.walk(job, is_stopped).await.unwrap();
        assert!(matches!(walked, Walked::UntilStopped));
    }
    let after_a_crash = Regroup::new(&api.store);
    let job = after_a_crash.unfinished().await.unwrap().remove(0);
    let Walked::ToTheEnd(job) = after_a_crash.walk(job, || false).await.unwrap() else {
        panic!("nobody stopped it");
    };
    assert_eq!((job.looked, job.moved), (4, 4));
    let end = RegroupEnd {
        time: api.now(),
        failure: None,
    };
    after_a_crash.finish(*job, end).await.unwrap();
    assert!(after_a_crash.unfinished().await.unwrap().is_empty());
    assert_eq!(issues(&api).await, 1);
    let info = api.get(&info_of(1)).await.expect(200);
    assert_eq!(
        (&info["isOutdated"], &info["groupID"]),
        (&json!(false), &json!("1"))
    );
}

#[actix_web::test]
async fn one_job_runs_at_a_time() {
    let (api, _) = to_be_regrouped().await;
    for (method, end, body) in [
        (Method::PUT, "", json!({"applyTo": "history"})),
        (Method::PUT, "", json!({"applyTo": "new"})),
        (Method::POST, "undo/", Value::Null),
    ] {
        api.change(method, &grouping(end), body).await.expect(409);
    }
}

#[actix_web::test]
async fn issues_go_on_under_the_names_that_new_rules_give() {
    let api = Api::new().await;
    let two = [("main", true), ("total", true)];
    api.record(vec![thrown(1, "CartError", &two)]).await;
    let rules = "type:CartError -> cart";
    let body = json!({"fingerprintingRules": rules, "applyTo": "new"});
    let state = api.change(Method::PUT, &grouping(""), body).await.expect(200);
    assert_eq!(
        (&state["fingerprintingRules"], &state["job"]),
        (&json!(rules), &Value::Null)
    );
    let mut next = thrown(2, "CartError", &two);
    let name = Rules::parse("", rules).unwrap();
    let told = Event::parse(&next.payload).unwrap();
    next.record.hashes = name
        .group(&told)
        .hashes()
        .iter()
        .map(|hash| GroupHash(hash.0))
        .collect();
    api.record(vec![next]).await;
    assert_eq!(issues(&api).await, 1);
}

#[actix_web::test]
async fn saving_rules_takes_back_nothing_that_was_changed_meanwhile() {
    let api = Api::new().await;
    let looked_at = api.store.catalog.projects().await.unwrap().remove(0);
    api.change(Method::PUT, SHOP, json!({"name": "The shop"}))
        .await
        .expect(200);
    let rules = GroupingRules {
        fingerprint: "type:CartError -> cart".to_owned(),
        ..GroupingRules::default()
    };
    let saved = Regroup::new(&api.store).save(looked_at, rules).await.unwrap();
    assert_eq!(saved.name, "The shop");
    assert_eq!(api.get(SHOP).await.expect(200)["name"], "The shop");
}

#[actix_web::test]
async fn only_who_manages_projects_changes_how_they_are_grouped() {
    let api = Api::new().await;
    let token = api.member("member").await;
    for (method, end) in [
        (Method::PUT, ""),
        (Method::POST, "preview/"),
        (Method::POST, "undo/"),
    ] {
        let body = json!({"fingerprintingRules": "", "applyTo": "new"});
        let reply = api
            .send(method, &grouping(end), |it| {
                it.insert_header(bearer(&token)).set_json(body)
            })
            .await;
        assert_eq!(reply.status, 403, "{end}");
    }
    for (method, end, body, status) in [
        (
            Method::POST,
            "preview/",
            json!({"groupingEnhancements": "x"}),
            400,
        ),
        (
            Method::PUT,
            "",
            json!({"fingerprintingRules": "x", "applyTo": "new"}),
            400,
        ),
        (Method::PUT, "", json!({"applyTo": "everything"}), 400),
        (Method::POST, "undo/", Value::Null, 409),
    ] {
        api.change(method, &grouping(end), body).await.expect(status);
    }
}

#[actix_web::test]
async fn a_near_miss_says_in_what_it_differs() {
    let api = Api::new().await;
    let calls = |last| [("main", true), ("total", true), (last, true)];
    let other = |record: &mut EventRecord| record.culprit = None;
    let mut stranger = event(9, 9, other);
    stranger.record.metadata.kind = Some("OtherError".to_owned());
    let mut events = vec![
        thrown(1, "CartError", &calls("sum")),
        thrown(2, "CartError", &calls("round")),
    ];
    events.extend([thrown(3, "CartError", &[("main", true), ("pay", true)]), stranger]);
    api.record(events).await;
    let info = api.get(&info_of(1)).await.expect(200);
    let nearest = info["nearest"].as_array().unwrap();
    let names: Vec<_> = nearest
        .iter()
        .map(|near| near["issue"]["shortId"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["SHOP-2", "SHOP-3"]);
    assert_eq!(nearest[0]["eventID"], event_id(2).to_string());
    let difference = &nearest[0]["differences"][0];
    assert_eq!(
        (&difference["here"], &difference["there"]),
        (&json!("sum"), &json!("round"))
    );
    assert!(
        difference["part"].as_str().unwrap().contains("function"),
        "{difference}"
    );
    assert_eq!(
        (&nearest[0]["total"], &info["compared"]),
        (&json!(1), &Value::Null)
    );

    let path = format!("{}?nearest=0&compare={}", info_of(1), event_id(3));
    let info = api.get(&path).await.expect(200);
    assert_eq!(
        (&info["nearest"], &info["compared"]["issue"]["shortId"]),
        (&json!([]), &json!("SHOP-3"))
    );
    api.get(&format!("{}?compare={}", info_of(1), event_id(99)))
        .await
        .expect(404);
}
