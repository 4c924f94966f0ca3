// A page of a shop that fails on purpose: `/?SCENARIO`. Collects the id of each event that the SDK sends.

import * as Sentry from '@sentry/browser';

window.sent = [];

Sentry.init({
  dsn: window.dsn,
  release: 'shop@1.2.3',
  environment: 'staging',
  dist: '42',
  maxBreadcrumbs: 3,
  beforeSend(event) {
    window.sent.push(event.event_id);
    return event;
  }
});

function price(cart) {
  return cart.apples.count;
}

function checkout(cart) {
  try {
    return price(cart);
  } catch (error) {
    throw new RangeError('the cart is broken', { cause: error });
  }
}

const scenarios = {
  handled() {
    Sentry.setTag('till', 'left');
    Sentry.setTag('attempt', 3);
    Sentry.setUser({ id: 42, email: 'eve@example.com', username: 'eve', plan: 'gold' });
    Sentry.setContext('cart', { items: 2, coupon: null });
    Sentry.setExtra('note', { deep: [1, 'two'] });
    for (let number = 0; number < 5; number++) {
      Sentry.addBreadcrumb({ category: 'cart', message: `step ${number}`, level: 'info', data: { number } });
    }
    Sentry.withScope(scope => {
      const data = new TextEncoder().encode('apples,2\npears,\x001\n');
      scope.addAttachment({ data, filename: 'cart.csv', contentType: 'text/csv' });
      scope.setFingerprint(['{{ default }}', 'checkout']);
      try {
        checkout({ pears: 1 });
      } catch (error) {
        Sentry.captureException(error);
      }
    });
  },

  unhandled() {
    setTimeout(() => checkout({ pears: 1 }));
  },

  rejection() {
    Promise.reject(new TypeError('nobody waits for me'));
  },

  fail_twice() {
    for (const pears of [1, 2]) {
      try {
        checkout({ pears });
      } catch (error) {
        Sentry.captureException(error);
        // The SDK drops an event that equals the one before.
        Sentry.captureMessage('between');
      }
    }
  },

  group() {
    Sentry.captureException(new AggregateError([new Error('no disk'), new TypeError('no type')], 'two went wrong'));
  },

  message() {
    Sentry.captureMessage('the till is open', 'warning');
  },

  policy() {
    // The page's policy forbids it, and the browser itself reports that.
    document.body.append(Object.assign(new Image(), { src: 'http://elsewhere.example.com/logo.png' }));
  }
};

window.done = Promise.resolve(scenarios[location.search.slice(1)]());
window.flush = () => Sentry.flush(20_000);
