"""A shop whose visits succeed, fail and crash: SENTRY_DSN in the environment.

Requests are counted by the SDK itself (aggregates); visits of the till are sessions of their own.
"""

import sentry_sdk
from sentry_sdk.integrations.wsgi import SentryWsgiMiddleware

sentry_sdk.init(release="shop@2.0.0", environment="production", default_integrations=False)


def respond(fails):
    def application(environ, start_response):
        if fails:
            raise RuntimeError("no such page")
        start_response("200 OK", [])
        return [b"apples"]

    environ = {"REQUEST_METHOD": "GET", "wsgi.url_scheme": "http", "SERVER_NAME": "shop", "SERVER_PORT": "80"}
    try:
        # What is answered is read to its end, as a server would: then the request is over.
        for _ in SentryWsgiMiddleware(application)(environ, lambda *_: None):
            pass
    except RuntimeError:
        pass


def visit(user, mishap):
    scope = sentry_sdk.get_isolation_scope()
    scope.set_user({"id": user})
    scope.start_session(session_mode="application")
    if mishap:
        event = {"level": "error" if mishap == "caught" else "fatal", "exception": {"values": [
            {"type": "Mishap", "value": mishap, "mechanism": {"type": "till", "handled": mishap == "caught"}}
        ]}}
        sentry_sdk.capture_event(event)
    scope.end_session()


for number in range(10):
    respond(fails=number < 3)
for user, mishap in [("ann", None), ("ann", "crash"), ("bob", "caught"), ("cid", None), ("cid", None)]:
    visit(user, mishap)
sentry_sdk.flush(timeout=20)
