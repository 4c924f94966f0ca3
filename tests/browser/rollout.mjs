// Two releases of a web shop as SDKs, a build machine and a person would leave them: the second one breaks something new,
// makes something worse, and brings something back that was resolved. Environment: TRIPLINE_URL, SENTRY_DSN, API_TOKEN.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';

const { TRIPLINE_URL: url, SENTRY_DSN, API_TOKEN } = process.env;
const HOUR = 3_600_000;
const RELEASES = '/organizations/default/releases/';

export const OLD = 'web@1.0';
export const NEW = 'web@1.1';

const before = hours => new Date(Date.now() - hours * HOUR).toISOString();

async function ask(method, path, body) {
  const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/0${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return answer.json();
}

async function send(type, payload) {
  const { username: key, pathname } = new URL(SENTRY_DSN);
  const body = ['{}', JSON.stringify({ type }), JSON.stringify(payload)].join('\n');
  const answer = await fetch(`${url}/api${pathname}/envelope/?sentry_key=${key}`, { method: 'POST', body });
  assert.equal(answer.status, 200);
}

/** 5,000 sessions, some of which crashed. */
const run = (release, hours, crashed) =>
  send('sessions', {
    aggregates: [{ started: before(hours), exited: 5_000 - crashed, crashed }],
    attrs: { release, environment: 'production' },
  });

/** So many users meet an error of this type. */
async function fail(release, hours, type, times) {
  const frame = { filename: `web/${type.toLowerCase()}.py`, function: 'handle', lineno: 7, in_app: true };
  for (let user = 0; user < times; user += 1) {
    await send('event', {
      event_id: randomUUID().replaceAll('-', ''),
      timestamp: before(hours),
      platform: 'python',
      release,
      environment: 'production',
      user: { id: `${user}` },
      exception: { values: [{ type, value: 'it broke', stacktrace: { frames: [frame] } }] },
    });
  }
}

async function ship(version, hours, commits) {
  const details = { projects: ['shop'], dateReleased: before(hours), commits };
  await ask('POST', RELEASES, { version, ...details });
  const deploy = { environment: 'production', dateFinished: before(hours) };
  await ask('POST', `${RELEASES}${version}/deploys/`, deploy);
}

/** The issue of this type, once it has so many events. */
async function issue(type, events) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const [found] = await ask('GET', `/organizations/default/issues/?query=${type}`);
    if (found && Number(found.count) >= events) return found;
    assert.ok(Date.now() < deadline, `${events} events of ${type} are not there`);
  }
}

/** Ships both, and answers when all of it is counted. */
export async function rollOut() {
  await ship(OLD, 20, []);
  await run(OLD, 10, 10);
  await fail(OLD, 10, 'SlowError', 40);
  await fail(OLD, 10, 'LostError', 20);
  await issue('SlowError', 40);
  const lost = await issue('LostError', 20);
  await ask('PUT', `/organizations/default/issues/${lost.id}/`, { status: 'resolved', statusDetails: { inRelease: NEW } });
  const path = 'services/web/newerror.py';
  await ship(NEW, 2, [{ id: 'c0ffee12', author_name: 'Grace', message: 'Pay by wire', patch_set: [{ path, type: 'M' }] }]);
  await run(NEW, 1, 12);
  await fail(NEW, 0, 'SlowError', 200);
  await fail(NEW, 0, 'LostError', 15);
  await fail(NEW, 0, 'NewError', 150);
  await issue('SlowError', 240);
  await issue('LostError', 35);
  await issue('NewError', 150);
}
