"""A bad day of a web shop: `shop.py first` fails once, `shop.py day` in many ways, `shop.py shelves` in ten, `shop.py warehouse`
in sixty. SENTRY_DSN says where to report to."""

import logging
import sys

import sentry_sdk

SHOPPERS = ["ada", "grace", "linus", "margaret", "ken", "barbara", "dennis", "frances"]


class PaymentFailed(Exception):
    pass


class Gateway:
    def __init__(self, timeout):
        self.timeout = timeout

    def charge(self, card, cents):
        attempts = 3
        raise TimeoutError(f"gateway did not answer within {self.timeout} s")


def pay(order, card):
    gateway = Gateway(timeout=2.5)
    cents = round(order["total"] * 100)
    try:
        return gateway.charge(card, cents)
    except TimeoutError as error:
        raise PaymentFailed(f"order {order['number']} could not be paid") from error


def checkout(shopper, items):
    order = {"number": 20417, "items": items, "total": sum(price for _, price in items)}
    return pay(order, card="visa")


def restock(shelf):
    return [item["sku"] for item in shelf]


def search(words):
    index = {"apples": 3}
    return index[words]


def shop_as(shopper):
    scope = sentry_sdk.get_isolation_scope()
    scope.set_user({"id": shopper, "username": shopper, "email": f"{shopper}@example.com"})
    scope.set_tag("browser", "Firefox 140" if len(shopper) % 2 else "Chrome 156")
    scope.set_tag("country", "NL" if len(shopper) > 5 else "IS")
    scope.set_transaction_name("POST /checkout")
    scope.clear_breadcrumbs()
    steps = [
        ("navigation", "/ → /apples", "info", {}),
        ("cart", "2 × apples put into the cart", "info", {"sku": "APL-2"}),
        ("query", "SELECT * FROM prices WHERE sku = 'APL-2'", "info", {"rows": 1}),
        ("http", "POST https://pay.example.com/charge", "warning", {"status_code": 504}),
    ]
    for category, message, level, data in steps:
        sentry_sdk.add_breadcrumb(category=category, message=message, level=level, data=data)


def fail(shopper, work):
    with sentry_sdk.isolation_scope() as scope:
        shop_as(shopper)
        scope.set_context("order", {"number": 20417, "items": 2, "coupon": "SPRING"})
        scope.add_attachment(bytes=b"sku,count\nAPL-2,2\n", filename="cart.csv", content_type="text/csv")
        try:
            work()
        except Exception as error:
            sentry_sdk.capture_exception(error)


def order(shopper):
    fail(shopper, lambda: checkout(shopper, [("apples", 2.40), ("pears", 3.10)]))


def first():
    order("ada")


def day():
    for shopper in SHOPPERS:
        order(shopper)
    for shopper in SHOPPERS[:5]:
        fail(shopper, lambda: search("quinces"))
    for shopper in SHOPPERS[:3] * 4:
        fail(shopper, lambda: restock([{"sku": 1}, {"name": "pears"}]))
    logging.getLogger("shop.stock").error("only %d of %s left", 2, "apples")
    sentry_sdk.capture_message("The nightly export took 47 minutes", level="warning")


def shelves(count=10):
    for number in range(count):
        with sentry_sdk.isolation_scope() as scope:
            scope.fingerprint = ["shelf", str(number)]
            sentry_sdk.capture_message(f"Shelf {number} is empty", level="error")


def warehouse():
    shelves(60)


sentry_sdk.init(
    release="shop@2026.11.3",
    environment="production",
    server_name="shop-1",
    send_default_pii=True,
)
{"first": first, "day": day, "shelves": shelves, "warehouse": warehouse}[sys.argv[1]]()
sentry_sdk.flush(timeout=20)
