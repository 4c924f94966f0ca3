// What strangers send is text, in Debian's Chromium: every payload of `payloads.mjs` in every field of an event, shown on every page
// that shows events, without a script that runs, a request that leaves, or a report of the content security policy.
//
// Environment: SENTRY_DSN, API_TOKEN, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { PAYLOADS } from './payloads.mjs';
import { browser, complaints, open, signIn, url } from './windows.mjs';

const { SENTRY_DSN, API_TOKEN } = process.env;
const FEWEST = 60;
/** Windows that walk at the same time. */
const WINDOWS = 3;

/** The text in every field that a page shows. */
function event(text, number) {
  const pairs = { [text]: text, list: [text, { [text]: text }] };
  const frame = {
    filename: text, function: text, module: text, abs_path: text, package: text, lineno: 7, colno: 1, in_app: true,
    pre_context: [text], context_line: text, post_context: [text], vars: pairs,
  };
  const trace = { frames: [frame, { ...frame, in_app: false }] };
  const mechanism = { type: text, description: text, help_link: text, handled: false, data: pairs, meta: pairs };
  return {
    event_id: randomUUID().replaceAll('-', ''),
    platform: 'javascript',
    fingerprint: ['hostile', `${number}`, text],
    message: text,
    logentry: { message: text, formatted: text, params: [text] },
    logger: text,
    transaction: text,
    server_name: text,
    release: text,
    environment: text,
    dist: text,
    exception: {
      values: [
        { type: text, value: text, module: text, mechanism, stacktrace: trace, raw_stacktrace: trace },
        { type: `Thrown ${text}`, value: text, stacktrace: trace },
      ],
    },
    threads: { values: [{ id: text, name: text, state: text, crashed: true, stacktrace: trace }, { id: 2, name: text }] },
    breadcrumbs: { values: ['http', text].map(type => ({ type, category: text, message: text, level: 'error', data: pairs })) },
    request: {
      url: text, method: 'POST', query_string: [[text, text]], fragment: text, data: pairs,
      headers: [[text, text], ['User-Agent', text]], cookies: [[text, text]], env: pairs,
    },
    user: { id: text, email: text, username: text, name: text, ip_address: '203.0.113.9', data: pairs },
    tags: [['hostile', text], [text, text]],
    contexts: { [text]: pairs, browser: { name: text, version: text }, os: { name: text }, device: { model: text }, trace: { trace_id: 'a'.repeat(32), span_id: 'b'.repeat(16), op: text } },
    extra: pairs,
    modules: { [text]: text },
    sdk: { name: text, version: text },
  };
}

const file = (name, type, text) => [{ type: 'attachment', length: Buffer.byteLength(text), filename: name, content_type: type }, text];

async function send(text, number) {
  const { username: key, pathname } = new URL(SENTRY_DSN);
  const told = event(text, number);
  const items = [
    [{ type: 'event' }, JSON.stringify(told)],
    file(text, 'text/html', `<script>hit(1)</script>${text}`),
    file('picture.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg" onload="hit(1)"/>'),
    file('picture.png', 'image/png', '<svg xmlns="http://www.w3.org/2000/svg" onload="hit(1)"/>'),
  ];
  const body = [JSON.stringify({ event_id: told.event_id }), ...items.flatMap(([head, bytes]) => [JSON.stringify(head), bytes])];
  const answer = await fetch(`${url}/api${pathname}/envelope/?sentry_key=${key}`, { method: 'POST', body: body.join('\n') });
  assert.equal(answer.status, 200);
}

async function ask(method, path, body) {
  const headers = { authorization: `Bearer ${API_TOKEN}`, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/0${path}`, { method, headers, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status}`);
  return answer.json();
}

/** All issues, as soon as they are there. */
async function issues() {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const found = await ask('GET', '/organizations/default/issues/?query=&limit=100');
    if (found.length === PAYLOADS.length) return found;
    assert.ok(Date.now() < deadline, `${found.length} issues`);
  }
}

/** A window in which everything that runs, leaves or is refused is a complaint. */
async function guarded() {
  const page = await open();
  page.on('dialog', dialog => complaints.push(`${page.url()}: a dialog ${dialog.message()}`));
  await page.exposeFunction('hit', () => complaints.push(`${page.url()}: a script ran`));
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ blockedURI, violatedDirective }) =>
      console.error(`refused ${violatedDirective} ${blockedURI}`)
    );
  });
  return page;
}

/** Goes there and looks. */
async function visit(page, place) {
  await page.goto(`${url}${place}`);
  await page.getByRole('heading').first().waitFor();
  await look(page, place);
}

/** Opens what folds, and looks for addresses that are none of ours. */
async function look(page, place) {
  const odd = await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
    const links = [...document.querySelectorAll('[href], [src], [action]')];
    const given = links.flatMap(one => ['href', 'src', 'action'].map(name => one.getAttribute(name)));
    return given.filter(Boolean).filter(to => !/^(https?:\/\/127\.0\.0\.1|https:\/\/docs\.|[/?#](?!\/)|data:image\/|mailto:)/.test(to));
  });
  assert.deepEqual(odd, [], place);
}

/** All sides of one issue, and all ways to look at its stack traces. */
async function readTheIssue(page, { id, metadata: { type } }) {
  await visit(page, `/issues/${id}`);
  await page.getByRole('heading', { name: 'Breadcrumbs' }).waitFor();
  const shown = await page.evaluate(() => document.querySelector('main').textContent);
  assert.ok(shown.includes(type), `${id} does not show ${type}`);
  for (const way of ['All frames', 'Minified', 'Text']) {
    await page.locator('#exception').getByRole('button', { name: way, exact: true }).click();
    await look(page, `/issues/${id}: ${way}`);
  }
  const sides = page.getByRole('navigation', { name: 'About this issue' });
  for (const side of ['events', 'releases', 'fingerprints', 'activity']) {
    await sides.locator(`[href$="/${side}"]`).click();
    await page.waitForURL(new RegExp(`/issues/${id}/${side}$`));
    await look(page, `/issues/${id}/${side}`);
  }
}

/** The pages that show many at once, or what follows from them. */
async function readTheLists(page, project) {
  const releases = await ask('GET', '/organizations/default/releases/?per_page=100');
  assert.ok(releases.length > 20, `${releases.length} releases`);
  const places = [
    '/', '/overview', `/projects/${project}`, '/issues?query=&sort=new', '/issues?query=&sort=freq', '/releases', '/stats',
    '/alerts/history', '/alerts/rules', '/alerts/rules/new', '/settings/storage', `/settings/projects/${project}`,
    `/settings/projects/${project}/grouping`, ...releases.map(({ version }) => `/releases/${encodeURIComponent(version)}`),
  ];
  for (const place of places) await visit(page, place);
}

try {
  assert.ok(new Set(PAYLOADS).size >= FEWEST, `${PAYLOADS.length} payloads`);
  for (const [number, text] of PAYLOADS.entries()) await send(text, number);
  const found = await issues();
  for (const { id, title } of found) {
    await ask('POST', `/organizations/default/issues/${id}/notes/`, { text: `${title}\n\n${PAYLOADS[id % PAYLOADS.length]}` });
  }
  const walks = Array.from({ length: WINDOWS }, async (_, window) => {
    const page = await guarded();
    await signIn(page);
    for (const one of found.filter((_, at) => at % WINDOWS === window)) await readTheIssue(page, one);
    if (window === 0) await readTheLists(page, found[0].project.slug);
  });
  await Promise.all(walks);
  assert.deepEqual(complaints, []);
  console.log(`${PAYLOADS.length} payloads, ${found.length} issues: all of it is text`);
} finally {
  await browser.close();
}
