//! A shop that fails on purpose: `failing_shop SCENARIO`, with SENTRY_DSN in the environment. Prints the id of each
//! event that the SDK sends, one a line.
#![expect(clippy::print_stdout, reason = "whoever runs it reads the ids")]

use std::error::Error;
use std::fmt;
use std::time::Duration;

use sentry::protocol::{Attachment, Context, User, Value};
use sentry::{Breadcrumb, ClientOptions, Level};

#[derive(Debug)]
struct BrokenCart(std::num::ParseIntError);

impl fmt::Display for BrokenCart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the cart is broken")
    }
}

impl Error for BrokenCart {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

fn checkout(apples: &str) -> Result<i32, BrokenCart> {
    apples.parse().map_err(BrokenCart)
}

fn handled() {
    for number in 0..5 {
        sentry::add_breadcrumb(Breadcrumb {
            category: Some("cart".into()),
            message: Some(format!("step {number}")),
            data: [("number".to_owned(), Value::from(number))].into(),
            ..Default::default()
        });
    }
    let annotate = |scope: &mut sentry::Scope| {
        scope.set_tag("till", "left");
        scope.set_tag("attempt", 3);
        scope.set_user(Some(User {
            id: Some("42".into()),
            email: Some("eve@example.com".into()),
            username: Some("eve".into()),
            ip_address: "203.0.113.7".parse().ok(),
            other: [("plan".to_owned(), Value::from("gold"))].into(),
        }));
        scope.set_context(
            "cart",
            Context::Other([("items".to_owned(), Value::from(2))].into()),
        );
        scope.set_extra("note", Value::from(vec![Value::from(1), Value::from("two")]));
        scope.set_fingerprint(Some(["{{ default }}", "checkout"].as_slice()));
        scope.add_attachment(Attachment {
            buffer: b"apples,2\npears,\x001\n".to_vec(),
            filename: "cart.csv".into(),
            content_type: Some("text/csv".into()),
            ty: None,
        });
    };
    if let Err(error) = checkout("many") {
        sentry::with_scope(annotate, || sentry::capture_error(&error));
    }
}

fn unhandled() {
    checkout("many").expect("apples are counted");
}

fn fail_twice() {
    for apples in ["many", "few"] {
        if let Err(error) = checkout(apples) {
            sentry::capture_error(&error);
        }
    }
}

fn message() {
    sentry::capture_message("the till is open", Level::Warning);
}

fn main() {
    let options = ClientOptions::new()
        .release("shop@1.2.3")
        .environment("staging")
        .server_name("till-1")
        .max_breadcrumbs(3)
        .attach_stacktrace(true)
        .shutdown_timeout(Duration::from_secs(20))
        .before_send(|event| {
            println!("{}", event.event_id.simple());
            Some(event)
        });
    let _client = sentry::init(options);
    match std::env::args().nth(1).as_deref() {
        Some("handled") => handled(),
        Some("unhandled") => unhandled(),
        Some("fail_twice") => fail_twice(),
        Some("message") => message(),
        other => panic!("no such scenario: {other:?}"),
    }
}
