//! Pages of any origin may send, and read why they were refused.

use crate::harness::PROJECT_ID;
use crate::server::Server;

#[test]
fn success_and_errors_may_be_read_by_pages() {
    let server = Server::start();
    let origin = ("Origin", "https://shop.example.com");
    let path = format!("/api/{PROJECT_ID}/envelope/");
    let preflight = server.api.ask(
        "OPTIONS",
        &path,
        &[origin, ("Access-Control-Request-Method", "POST")],
        b"",
    );
    let refused = server.api.ask("POST", &path, &[origin], b"{}");
    let accepted = server.api.send(b"{}");
    for (answer, status) in [(&preflight, 200), (&refused, 401), (&accepted, 200)] {
        assert_eq!(answer.status, status);
        assert_eq!(answer.header("access-control-allow-origin"), "*");
        assert!(
            answer
                .header("access-control-allow-headers")
                .contains("x-sentry-auth")
        );
        assert!(
            answer
                .header("access-control-expose-headers")
                .contains("x-sentry-rate-limits")
        );
    }
    assert_eq!(preflight.header("access-control-allow-methods"), "POST");
}
