//! `tripline release check` as a build machine runs it: what it prints, and its exit codes.

use serde_json::json;

use crate::harness::TOKEN;
use crate::harness::envelope::{error_event, new_id, with_event};
use crate::harness::program::{Place, finish};

#[test]
fn its_exit_code_is_the_verdict() {
    let place = Place::new();
    let program = place.start();
    let mut event = error_event(&new_id(), "OutOfApples", "no apples left");
    event["release"] = json!("shop@1.0.0");
    program.api.send(&with_event(&event)).expect(200);
    program.api.digested();

    let check = |arguments: &[&str]| {
        let mut command = place.command(&["release", "check"]);
        command
            .args(arguments)
            .env("SENTRY_URL", format!("{}/", program.api.url))
            .env("SENTRY_AUTH_TOKEN", TOKEN);
        finish(&mut command)
    };
    let (code, output, error) = check(&["shop@1.0.0"]);
    assert_eq!((code, error.as_str()), (0, ""));
    assert_eq!(
        output,
        "shop@1.0.0: too little data\n* there is no older release to compare with\n"
    );
    let (code, output, error) = check(&["shop@1.0.0", "--max-new", "0", "--wait", "1s"]);
    assert_eq!((code, error.as_str()), (1, "tripline: shop@1.0.0 is bad\n"));
    assert_eq!(
        output,
        "shop@1.0.0: bad\n* 1 issue is new, where at most 0 may be\n"
    );
    let (code, output, error) = check(&["shop@2.0.0"]);
    assert_eq!((code, output.as_str()), (2, ""));
    assert!(
        error.ends_with("answers 404: There is no such release.\n"),
        "{error}"
    );
    let (code, _, error) = check(&["shop@1.0.0", "--wait", "soon"]);
    assert_eq!(code, 2);
    assert!(error.contains("--wait"), "{error}");

    let (code, _, error) = finish(&mut place.command(&["release", "check", "shop@1.0.0"]));
    assert_eq!(code, 2);
    assert!(error.contains("TRIPLINE_URL"), "{error}");
}
