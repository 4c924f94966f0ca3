// What somebody does with more issues than fit on a screen, in Debian's Chromium: scrolls on, looks at one and comes back to where they
// were, looks at several projects at once, settles all of them and takes it back; and what a refused change leaves.
//
// Environment: SENTRY_DSN, PYTHON, API_TOKEN, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { browser, complaints, open, shoot, signIn, url } from './windows.mjs';

const ISSUES = 60;
const PER_PAGE = 25;

const shop = fileURLToPath(new URL('shop.py', import.meta.url));
const rows = page => page.getByRole('main').locator('[data-issue]');

async function scrollOn(page) {
  await page.goto(`${url}/issues?sort=new`);
  await rows(page).first().waitFor();
  for (let shown = PER_PAGE; shown < ISSUES; shown += PER_PAGE) {
    await rows(page).last().scrollIntoViewIfNeeded();
    await rows(page).nth(Math.min(shown + PER_PAGE, ISSUES) - 1).waitFor();
  }
  assert.equal(await page.getByRole('button', { name: 'Show more issues' }).count(), 0);
}

async function comeBack(page) {
  const row = rows(page).nth(45);
  await row.scrollIntoViewIfNeeded();
  const { y } = await row.boundingBox();
  await row.getByRole('link').first().click();
  await page.waitForURL(/\/issues\/\d+/);
  await page.goBack();
  await rows(page).nth(ISSUES - 1).waitFor();
  assert.ok(Math.abs((await row.boundingBox()).y - y) < 2, 'the row is where it was');
}

/** A page that takes long is drawn before it is there. */
async function waitForIt(page) {
  const answers = '**/api/0/organizations/*/issues/*/';
  let answer;
  const held = new Promise(done => (answer = done));
  await page.route(answers, route => held.then(() => route.continue()));
  await rows(page).first().getByRole('link').first().click();
  const main = page.locator('main[aria-busy="true"]');
  await main.waitFor();
  await shoot(page, 'skeleton');
  await page.locator('main [inert]').waitFor({ state: 'attached' });
  answer();
  await page.waitForURL(/\/issues\/\d+/);
  await page.getByRole('link', { name: 'Similar' }).click();
  await page.getByText('Nothing resembles it').waitFor();
  await shoot(page, 'similar');
  await page.unroute(answers);
}

/** Shown at once, and put back when the server refuses. */
async function beRefused(page) {
  const changes = '**/api/0/organizations/*/issues/?*';
  const detail = 'The disk is full.';
  await page.route(changes, (route, request) =>
    request.method() === 'PUT' ? route.fulfill({ status: 503, json: { detail } }) : route.continue()
  );
  await page.evaluate('scrollTo(0, 0)');
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await page.getByText(/stands as before: The disk is full/).waitFor();
  assert.equal(await rows(page).count(), ISSUES);
  await page.unroute(changes);
  assert.equal(complaints.filter(one => one.includes('503')).length, 1);
}

async function settleAll(page) {
  await page.goto(`${url}/issues?sort=new`);
  await page.getByLabel('Select all that are shown').check();
  await page.getByRole('button', { name: 'Select all that match' }).click();
  await page.getByRole('toolbar').getByRole('button', { name: 'Resolve', exact: true }).click();
  await page.getByText(`Resolved ${ISSUES} issues.`).waitFor();
  await page.getByText('All quiet').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await rows(page).first().waitFor();
}

async function pickProjects(page) {
  const headers = { Authorization: `Bearer ${process.env.API_TOKEN}` };
  const [{ slug }] = await (await fetch(`${url}/api/0/organizations/`, { headers })).json();
  for (const name of ['Bakery', 'Florist']) {
    const made = await fetch(`${url}/api/0/organizations/${slug}/projects/`, {
      method: 'POST',
      headers: { ...headers, 'Content-Type': 'application/json' },
      body: JSON.stringify({ name })
    });
    assert.equal(made.status, 201);
  }
  await page.goto(`${url}/issues`);
  await page.getByRole('button', { name: 'Projects: All projects' }).press('Enter');
  const list = page.getByRole('group', { name: 'Projects' });
  await list.getByLabel('Bakery').press('Space');
  await page.getByText('Nothing has arrived yet').waitFor();
  await list.getByLabel('shop').press('Space');
  await rows(page).first().waitFor();
  assert.equal(new URL(page.url()).searchParams.getAll('project').length, 2);
  await shoot(page, 'projects');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Projects: 2 projects' }).waitFor();
}

try {
  const page = await open();
  await signIn(page);
  await promisify(execFile)(process.env.PYTHON, [shop, 'warehouse']);
  await scrollOn(page);
  await comeBack(page);
  await beRefused(page);
  await settleAll(page);
  await pickProjects(page);
  await waitForIt(page);
  assert.deepEqual(complaints.filter(one => !one.includes('503')), []);
} finally {
  await browser.close();
}
