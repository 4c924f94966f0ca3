//! What fired, what became of the messages, and sending again what was given up.

use actix_web::http::Method;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::http::api::tests::{Api, NOW, event};
use crate::model::alert::delivery::Cargo;
use crate::model::alert::firing::Cause;
use crate::model::alert::happening::Spike;
use crate::model::alert::{
    Attempt, Delivery, DeliveryState, Firing, FiringId, Happened, HappeningId, Reason, Recipient, RuleId,
    Subject, When,
};
use crate::model::timeline::at;
use crate::model::{IssueFilter, IssueId, IssueSort, PageRequest};
use crate::protocol::ids::ProjectId;
use crate::store::{AlertStep, Deliveries, NewDelivery, Progress, Tried};

const HISTORY: &str = "/organizations/default/alerts/history/";
const HELD: &str = "/organizations/default/alerts/held/";
const DELIVERIES: &str = "/organizations/default/alerts/deliveries/";

fn firing(rule: u64, time: Timestamp, cause: Cause) -> Firing {
    Firing {
        id: FiringId(0),
        rule: RuleId(rule),
        rule_name: format!("Rule {rule}"),
        time,
        project: ProjectId(7),
        causes: vec![cause],
        total: 1,
        released: Some(("shop@1.0".to_owned(), None)),
        silent: None,
        held: None,
    }
}

fn cause(issue: Option<IssueId>, when: When, reason: Reason) -> Cause {
    let subject = Subject {
        number: 1,
        title: "TeaError: <b>no tea</b>".to_owned(),
        ..Subject::default()
    };
    Cause {
        when,
        issue,
        subject,
        reason,
    }
}

/// Two firings: one about the issue that there is, told to the owner; one about the project, told to nobody.
async fn fire(api: &Api) -> IssueId {
    api.record(vec![event(1, 1, |_| ())]).await;
    let filter = IssueFilter {
        projects: vec![ProjectId(7)],
        ..IssueFilter::default()
    };
    let issues = api
        .store
        .issues
        .list(&filter, IssueSort::LastSeen, PageRequest::first(1))
        .await;
    let issue = issues.unwrap().items[0].id;
    let spike = Spike {
        since: at(NOW - 60),
        observed: 120,
        minutes: 5,
        expected_milli: 4_200,
        baseline: "median of this hour on the last 7 days".to_owned(),
    };
    let spiking = Reason::Happened {
        id: HappeningId(1),
        what: Happened::Spiking(spike),
    };
    let mut silent = firing(
        2,
        at(NOW - 30),
        cause(
            None,
            When::Silence { minutes: 30 },
            Reason::Counted {
                observed: 0,
                of: None,
            },
        ),
    );
    silent.silent = Some("muted until tomorrow".to_owned());
    let step = AlertStep {
        progress: Progress {
            happening: HappeningId(1),
            steps: 1,
            ..Progress::default()
        },
        firings: vec![
            firing(1, at(NOW - 60), cause(Some(issue), When::IssueSpike, spiking)),
            silent,
        ],
        outbox: vec![NewDelivery {
            to: Recipient::Member(api.owner.id),
            cargo: Cargo::Firings(vec![FiringId(0)]),
            caused: at(NOW - 60),
            created: at(NOW - 59),
        }],
        ..AlertStep::default()
    };
    api.store.alerts.keep(step).await.unwrap();
    issue
}

async fn only_delivery(api: &Api) -> Delivery {
    let page = api
        .store
        .outbox
        .deliveries(Deliveries::All, PageRequest::first(2))
        .await
        .unwrap();
    page.items.into_iter().next().unwrap()
}

async fn tried(api: &Api, status: u16, state: DeliveryState) {
    let delivery = only_delivery(api).await;
    let attempt = Attempt {
        time: at(NOW - 58 + delivery.attempts.len() as i64),
        millis: 120,
        status: Some(status),
        answer: "said so".to_owned(),
    };
    let attempt = Some(attempt);
    api.store
        .outbox
        .tried(vec![Tried {
            delivery: delivery.id,
            created: delivery.created,
            attempt,
            state,
        }])
        .await
        .unwrap();
}

fn rules_of(history: &Value) -> Vec<&str> {
    let firings = history.as_array().unwrap();
    firings
        .iter()
        .map(|it| it["rule"]["name"].as_str().unwrap())
        .collect()
}

#[actix_web::test]
async fn the_history_says_what_fired_and_why_and_who_was_told() {
    let api = Api::new().await;
    let issue = fire(&api).await.0;
    tried(&api, 250, DeliveryState::Delivered).await;
    let history = api.get(HISTORY).await.expect(200);
    assert_eq!(rules_of(&history), ["Rule 2", "Rule 1"]);
    let (silent, loud) = (&history[0], &history[1]);
    assert_eq!(silent["silent"], "muted until tomorrow");
    assert_eq!(
        (&silent["causes"][0]["issue"], &silent["deliveries"]),
        (&json!(null), &json!([]))
    );
    assert_eq!(
        silent["causes"][0]["reason"],
        json!({"type": "counted", "observed": 0, "of": null})
    );
    let cause = &loud["causes"][0];
    assert_eq!(cause["when"], json!({"type": "issue_spike"}));
    assert_eq!(cause["issue"]["shortId"], "SHOP-1");
    assert_eq!(
        (&cause["reason"]["type"], &cause["reason"]["expected"]),
        (&json!("spiking"), &json!(4.2))
    );
    assert!(
        cause["why"]
            .as_str()
            .unwrap()
            .starts_with("SHOP-1 is spiking: 120 events"),
        "{cause}"
    );
    assert_eq!(
        loud["released"],
        json!({"version": "shop@1.0", "environment": null})
    );
    let delivery = &loud["deliveries"][0];
    assert_eq!(
        delivery["to"],
        json!({"type": "member", "id": api.owner.id.0.to_string(), "name": api.owner.name})
    );
    assert_eq!(
        (&delivery["state"], &delivery["latencyMillis"]),
        (&json!("delivered"), &json!(2_120))
    );
    assert_eq!(delivery["attempts"][0]["status"], 250);

    for (query, names) in [
        ("?rule=1".to_owned(), vec!["Rule 1"]),
        (format!("?issue={issue}"), vec!["Rule 1"]),
        ("?issue=SHOP-1".to_owned(), vec!["Rule 1"]),
        ("?project=shop&rule=2".to_owned(), vec!["Rule 2"]),
        ("?rule=3".to_owned(), vec![]),
    ] {
        let history = api.get(&format!("{HISTORY}{query}")).await.expect(200);
        assert_eq!(rules_of(&history), names, "{query}");
    }
    for (query, status) in [
        ("?rule=x", 400),
        ("?issue=x", 404),
        ("?project=x", 404),
        ("?cursor=x", 400),
    ] {
        api.get(&format!("{HISTORY}{query}")).await.expect(status);
    }
}

#[actix_web::test]
async fn what_is_held_says_until_when_and_why() {
    let api = Api::new().await;
    let rule = json!({
        "name": "Held", "when": [{"type": "new_issue"}], "actions": [{"type": "mail", "to": "everyone"}],
    });
    let rule = api
        .change(Method::POST, "/organizations/default/alerts/rules/", rule)
        .await;
    let rule: u64 = rule.expect(201)["id"].as_str().unwrap().parse().unwrap();
    assert_eq!(api.get(HELD).await.expect(200), json!([]));
    let new = Reason::Happened {
        id: HappeningId(1),
        what: Happened::New,
    };
    let cause = cause(Some(IssueId(9)), When::NewIssue, new);
    let pile = json!({"pile": {"due": at(NOW + 120), "total": 2, "by": "enough"}});
    let rows = [
        (format!("pile/7/1/{rule:x}"), pile),
        (
            format!("cause/7/1/{rule:x}/0"),
            json!({"cause": [at(NOW), cause]}),
        ),
    ];
    let rows = rows.into_iter().map(|(key, row)| (key, Some(row.to_string())));
    let step = AlertStep {
        progress: Progress {
            steps: 1,
            ..Progress::default()
        },
        memory: rows.collect(),
        ..AlertStep::default()
    };
    api.store.alerts.keep(step).await.unwrap();
    let held = api
        .get(&format!("{HELD}?rule={rule}&project=shop"))
        .await
        .expect(200);
    assert_eq!(
        (
            &held[0]["rule"]["name"],
            &held[0]["total"],
            &held[0]["causes"][0]["issue"]["id"]
        ),
        (&json!("Held"), &json!(2), &json!("9"))
    );
    assert_eq!(
        held[0]["held"],
        json!({"since": at(NOW), "until": at(NOW + 120), "why": "after 3 messages in 10 minutes"})
    );
    assert_eq!(
        api.get(&format!("{HELD}?rule=99999")).await.expect(200),
        json!([])
    );
}

#[actix_web::test]
async fn the_history_comes_in_pages() {
    let api = Api::new().await;
    fire(&api).await;
    let first = api.get(&format!("{HISTORY}?per_page=1")).await;
    let link = first.header("link").to_owned();
    assert_eq!(rules_of(&first.expect(200)), ["Rule 2"]);
    let next = link.split('<').nth(2).unwrap().split('>').next().unwrap();
    let second = api
        .get(next.strip_prefix("https://errors.example.com/api/0").unwrap())
        .await;
    assert_eq!(rules_of(&second.expect(200)), ["Rule 1"]);
}

#[actix_web::test]
async fn what_was_given_up_can_be_sent_again() {
    let api = Api::new().await;
    fire(&api).await;
    let member = api.member("member").await;
    let dead = format!("{DELIVERIES}?state=dead");
    assert_eq!(api.get(&dead).await.expect(200), json!([]));
    tried(&api, 550, DeliveryState::Dead).await;
    let given_up = api.get(&dead).await.expect(200);
    assert_eq!(
        (&given_up[0]["state"], &given_up[0]["tries"]),
        (&json!("dead"), &json!(1))
    );
    let again = format!("{DELIVERIES}{}/resend/", given_up[0]["id"].as_str().unwrap());
    api.by(&member, Method::GET, &dead, json!({})).await.expect(200);
    api.by(&member, Method::POST, &again, json!({})).await.expect(403);
    let waiting = api.change(Method::POST, &again, json!({})).await.expect(202);
    assert_eq!(
        (&waiting["state"], &waiting["nextTry"]),
        (&json!("waiting"), &json!("2026-03-01T10:20:00Z"))
    );
    assert_eq!(waiting["tries"], 0);
    assert_eq!(api.get(&dead).await.expect(200), json!([]));
    // There is no mail server: nobody got it either.
    tried(&api, 0, DeliveryState::Dropped).await;
    let dropped = api
        .get(&format!("{DELIVERIES}?state=undelivered"))
        .await
        .expect(200);
    assert_eq!(dropped[0]["state"], "dropped");
    let firing = dropped[0]["firings"][0].as_str().unwrap();
    let told = api
        .get(&format!("{HISTORY}?firing={firing}&firing=99"))
        .await
        .expect(200);
    assert_eq!(rules_of(&told), ["Rule 1"]);
    api.get(&format!("{HISTORY}?firing=x")).await.expect(400);
    api.change(Method::POST, &again, json!({})).await.expect(202);
    tried(&api, 250, DeliveryState::Delivered).await;
    api.change(Method::POST, &again, json!({})).await.expect(409);
    for id in ["x", "99", "-1"] {
        let path = format!("{DELIVERIES}{id}/resend/");
        api.change(Method::POST, &path, json!({})).await.expect(404);
    }
    api.get(&format!("{DELIVERIES}?state=lost")).await.expect(400);
}
