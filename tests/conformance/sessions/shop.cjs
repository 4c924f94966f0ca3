// A shop whose visits succeed, fail and crash: SENTRY_DSN in the environment.
// Requests are counted by the SDK itself (aggregates); visits of the till are sessions of their own.

const Sentry = require('@sentry/node');
const http = require('node:http');

Sentry.init({
  release: 'shop@2.0.0',
  environment: 'production',
  integrations: defaults => [
    ...defaults.filter(it => it.name !== 'ProcessSession'),
    Sentry.httpIntegration({ sessionFlushingDelayMS: 100 })
  ]
});

function visit(user, mishap) {
  return Sentry.withIsolationScope(async scope => {
    scope.setUser({ id: user });
    Sentry.startSession();
    if (mishap) {
      const mechanism = { type: 'till', handled: mishap === 'caught' };
      Sentry.captureException(new Error(mishap), { mechanism });
      // The session learns of an error when the event is made, which takes a while.
      await Sentry.flush(20_000);
    }
    Sentry.endSession();
  });
}

async function main() {
  const server = http.createServer((request, response) => {
    if (request.url === '/fails') {
      Sentry.captureException(new Error('no such page'));
      response.statusCode = 500;
    }
    response.end('apples');
  });
  await new Promise(done => server.listen(0, '127.0.0.1', done));
  for (let number = 0; number < 10; number++) {
    const path = number < 3 ? 'fails' : '';
    const answer = await fetch(`http://127.0.0.1:${server.address().port}/${path}`);
    await answer.text();
  }
  server.close();
  server.closeAllConnections();
  for (const [user, mishap] of [['ann'], ['ann', 'crash'], ['bob', 'caught'], ['cid'], ['cid']]) {
    await visit(user, mishap);
  }
  await Sentry.flush(20_000);
  await Sentry.close(20_000);
}

main();
