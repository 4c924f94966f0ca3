// Whether everybody can use every page, in Debian's Chromium: axe-core finds nothing serious in either theme, and the Tab key reaches
// everything that can be pressed.
//
// Environment: SENTRY_DSN, PYTHON, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { browser, complaints, open, signIn, url } from './windows.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const shop = fileURLToPath(new URL('shop.py', import.meta.url));

const SERIOUS = ['serious', 'critical'];

const PLACES = [
  '/', '/projects/shop', '/projects/shop/setup', '/overview', '/issues', '/issues?query=nothing-is-called-that', '/issues/1', '/issues/1/events',
  '/issues/1/releases', '/issues/1/fingerprints', '/issues/1/similar', '/issues/1/activity', '/releases', '/releases/shop%402026.11.3', '/stats',
  '/alerts/rules', '/alerts/rules/new', '/alerts/history', '/alerts/destinations', '/alerts/destinations/new',
  '/settings', '/settings/account', '/settings/members', '/settings/storage', '/settings/health', '/settings/projects/shop',
  '/settings/projects/shop/grouping', '/nothing-is-here',
];

async function visit(page, place) {
  await page.goto(`${url}${place}`);
  await page.getByRole('heading').first().waitFor();
  await page.waitForLoadState('load');
}

/** What axe-core finds, a line each. */
async function faults(page, place) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return violations
    .filter(({ impact }) => SERIOUS.includes(impact))
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${place}: ${id} at ${target}: ${failureSummary.split('\n')[1]?.trim()}`));
}

/** What can be pressed and is in sight, but is not reached by Tab. */
async function unreached(page) {
  await page.evaluate(() => {
    const pressed = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
    const inSight = one => one.checkVisibility({ visibilityProperty: true }) && !one.disabled && one.tabIndex >= 0;
    // Of radio buttons Tab reaches the chosen one, arrow keys the others.
    const isStop = one => one.type !== 'radio' || one.checked;
    globalThis.left = new Set([...document.querySelectorAll(pressed)].filter(inSight).filter(isStop));
    globalThis.presses = globalThis.left.size + 20;
  });
  const presses = await page.evaluate('presses');
  for (let press = 0; press < presses; press += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate('left.delete(document.activeElement), left.size === 0')) return [];
  }
  return page.evaluate(() => [...globalThis.left].map(one => one.outerHTML.slice(0, 120)));
}

/** What is wrong with these pages in a window of a theme. */
async function look(page, places, colorScheme) {
  const found = [];
  for (const place of places) {
    await visit(page, place);
    found.push(...(await faults(page, `${place} ${colorScheme}`)));
    if (colorScheme === 'dark') continue;
    for (const one of await unreached(page)) found.push(`${place}: Tab does not reach ${one}`);
  }
  return found;
}

try {
  const found = [];
  const windows = [];
  for (const colorScheme of ['light', 'dark']) {
    const page = await open({ colorScheme });
    windows.push([page, colorScheme]);
    await page.addInitScript({ path: axe });
    await page.goto(`${url}/sign-in`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    found.push(...(await faults(page, `/sign-in ${colorScheme}`)));
    await signIn(page);
    found.push(...(await look(page, ['/welcome?step=account', '/welcome?step=project'], colorScheme)));
    await page.getByLabel('Python').press('Enter');
    await page.getByText('pip install').first().waitFor();
    found.push(...(await look(page, ['/welcome?step=sdk', '/welcome?step=event'], colorScheme)));
  }
  await promisify(execFile)(process.env.PYTHON, [shop, 'day']);
  for (const [page, colorScheme] of windows) {
    await page.goto(`${url}/issues`);
    await page.getByRole('link', { name: 'KeyError' }).first().waitFor();
    found.push(...(await look(page, PLACES, colorScheme)));
  }
  assert.deepEqual(found, []);
  // A page that is not there is one of the pages: the browser says so, too.
  assert.deepEqual(complaints.filter(one => !one.includes('404')), []);
  console.log(`${PLACES.length + 5} pages, two themes: nothing serious`);
} finally {
  await browser.close();
}
