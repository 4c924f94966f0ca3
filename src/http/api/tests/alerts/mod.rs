//! Alerts: what people want to be told of and where, and what became of it.

mod destinations;
mod history;
mod notifications;
mod rules;
mod trials;

use actix_web::http::Method;
use serde_json::{Value, json};

use super::{Api, Reply, bearer};

const RULES: &str = "/organizations/default/alerts/rules/";
const DESTINATIONS: &str = "/organizations/default/alerts/destinations/";

impl Api {
    /// Makes a webhook destination and returns its id.
    async fn webhook(&self) -> String {
        let channel =
            json!({"type": "webhook", "url": "https://example.com/hook", "secret": "0123456789abcdef"});
        let body = json!({"name": "Hook", "channel": channel});
        let made = self.change(Method::POST, DESTINATIONS, body).await.expect(201);
        made["id"].as_str().unwrap().to_owned()
    }

    /// Makes a rule for new issues with these changes to it.
    async fn rule(&self, changes: Value) -> Reply {
        let mut body = json!({
            "name": "New",
            "when": [{"type": "new_issue"}],
            "actions": [{"type": "mail", "to": "everyone"}],
        });
        for (field, value) in changes.as_object().unwrap() {
            body[field] = value.clone();
        }
        self.change(Method::POST, RULES, body).await
    }

    /// Sends a request with this token.
    async fn by(&self, token: &str, method: Method, path: &str, body: Value) -> Reply {
        self.send(method, path, |it| it.insert_header(bearer(token)).set_json(body))
            .await
    }
}

/// What each cause of a refusal is about, in order.
fn fields(refusal: &Value) -> Vec<&str> {
    let causes = refusal["causes"].as_array().unwrap();
    let field = |cause: &'_ Value| cause.as_str().unwrap().split(": ").next().unwrap().len();
    causes
        .iter()
        .map(|cause| &cause.as_str().unwrap()[..field(cause)])
        .collect()
}
