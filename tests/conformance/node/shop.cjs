// A shop that fails on purpose: `node shop.cjs SCENARIO`, with SENTRY_DSN in the environment.
// Prints the id of each event that the SDK sends, one a line.

const Sentry = require('@sentry/node');
const http = require('node:http');

Sentry.init({
  release: 'shop@1.2.3',
  environment: 'staging',
  dist: '42',
  serverName: 'till-1',
  maxBreadcrumbs: 3,
  sendDefaultPii: true,
  beforeSend(event) {
    console.log(event.event_id);
    return event;
  }
});

function price(cart) {
  const discount = 0.5;
  return cart.apples.count * discount;
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
    Sentry.setUser({ id: 42, email: 'eve@example.com', username: 'eve', ip_address: '203.0.113.7', plan: 'gold' });
    Sentry.setContext('cart', { items: 2, coupon: null });
    Sentry.setExtra('note', { deep: [1, 'two'] });
    for (let number = 0; number < 5; number++) {
      Sentry.addBreadcrumb({ category: 'cart', message: `step ${number}`, level: 'info', data: { number } });
    }
    Sentry.withScope(scope => {
      const data = Buffer.from('apples,2\npears,\x001\n');
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
    setImmediate(() => checkout({ pears: 1 }));
    return new Promise(() => setTimeout(() => {}, 20_000));
  },

  rejection() {
    Promise.reject(new TypeError('nobody waits for me'));
    return new Promise(resolve => setImmediate(resolve));
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
    Sentry.captureMessage(Sentry.parameterize`till ${'left'} lost ${7} coins`, 'error');
  },

  async request() {
    const server = http.createServer((_, response) => {
      Sentry.captureException(new Error('no such page'));
      response.end();
    });
    await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${server.address().port}/cart?page=2&sort=name`;
    await fetch(url, { method: 'POST', headers: { cookie: 'taste=sweet', 'user-agent': 'curl/8.0' } });
    server.close();
  },

  big() {
    Sentry.setExtra('ledger', Array.from({ length: 5_000 }, (_, number) => `line ${number}`).join('\n'));
    Sentry.captureMessage('a long day');
  }
};

Promise.resolve(scenarios[process.argv[2]]()).then(() => Sentry.flush(20_000));
