"""A shop that fails on purpose: `shop.py SCENARIO`, with SENTRY_DSN in the environment.

Prints the id of each event that the SDK sends, one a line.
"""

import logging
import sys

if sys.argv[1] == "gzip":
    # As if it were not installed.
    sys.modules["brotli"] = None

import sentry_sdk
from sentry_sdk.integrations.wsgi import SentryWsgiMiddleware


def announce(event, hint):
    print(event["event_id"], flush=True)
    return event


def init(**options):
    sentry_sdk.init(
        release="shop@1.2.3",
        environment="staging",
        dist="42",
        server_name="till-1",
        before_send=announce,
        **options,
    )


def price(cart):
    discount = 0.5
    return cart["apples"] * discount


def checkout(cart):
    try:
        price(cart)
    except KeyError as error:
        raise ValueError("the cart is broken") from error


def handled():
    init(max_breadcrumbs=3, send_default_pii=True)
    sentry_sdk.set_tag("till", "left")
    sentry_sdk.set_tag("attempt", 3)
    sentry_sdk.set_user(
        {"id": 42, "email": "eve@example.com", "username": "eve", "ip_address": "203.0.113.7", "plan": "gold"}
    )
    sentry_sdk.set_context("cart", {"items": 2, "coupon": None})
    sentry_sdk.set_extra("note", {"deep": [1, "two"]})
    for number in range(5):
        sentry_sdk.add_breadcrumb(category="cart", message=f"step {number}", level="info", data={"number": number})
    with sentry_sdk.new_scope() as scope:
        scope.add_attachment(bytes=b"apples,2\npears,\x001\n", filename="cart.csv", content_type="text/csv")
        scope.fingerprint = ["{{ default }}", "checkout"]
        try:
            checkout({"pears": 1})
        except ValueError as error:
            sentry_sdk.capture_exception(error)


def unhandled():
    init()
    checkout({"pears": 1})


def fail_twice():
    init()
    for number in range(2):
        try:
            checkout({"pears": number})
        except ValueError as error:
            sentry_sdk.capture_exception(error)


def group():
    init()
    try:
        raise ExceptionGroup("two went wrong", [OSError("no disk"), ExceptionGroup("inner", [TypeError("no type")])])
    except ExceptionGroup as error:
        sentry_sdk.capture_exception(error)


def message():
    init()
    sentry_sdk.capture_message("the till is open", level="warning")
    logging.getLogger("shop.till").error("till %s lost %d coins", "left", 7)


def request():
    init(send_default_pii=True)

    def application(environ, start_response):
        raise RuntimeError("no such page")

    environ = {
        "REQUEST_METHOD": "POST",
        "wsgi.url_scheme": "http",
        "SERVER_NAME": "shop.example.com",
        "SERVER_PORT": "80",
        "HTTP_HOST": "shop.example.com",
        "PATH_INFO": "/cart",
        "QUERY_STRING": "page=2&sort=name",
        "REMOTE_ADDR": "198.51.100.9",
        "HTTP_COOKIE": "taste=sweet",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    }
    try:
        SentryWsgiMiddleware(application)(environ, lambda status, headers: None)
    except RuntimeError:
        pass


def gzip():
    init()
    sentry_sdk.capture_message("without brotli")


def big():
    init(max_value_length=100_000)
    sentry_sdk.set_extra("ledger", "\n".join(f"line {number}" for number in range(5_000)))
    sentry_sdk.capture_message("a long day")


if __name__ == "__main__":
    {it.__name__: it for it in (handled, unhandled, fail_twice, group, message, request, gzip, big)}[sys.argv[1]]()
    sentry_sdk.flush(timeout=20)
