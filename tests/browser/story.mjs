// What somebody does with a new Tripline, in Debian's Chromium: sign in by the printed link, set the first project up,
// read its stack trace, resolve it, come back with a password; on a desk, in the dark and on a phone.
//
// Environment: SIGN_IN_LINK, SENTRY_DSN, PYTHON, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { EMAIL, PASSWORD, PHONE, browser, complaints, excess, open, shoot, url } from './windows.mjs';

const { SIGN_IN_LINK, PYTHON } = process.env;

const shop = fileURLToPath(new URL('shop.py', import.meta.url));
const fail = scenario => promisify(execFile)(PYTHON, [shop, scenario]);

async function signInByLink(page) {
  await page.goto(SIGN_IN_LINK);
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
}

async function signInByPassword(page) {
  await page.goto(`${url}/issues`);
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill('wrong horse battery');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('E-mail or password is wrong.').waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/issues*`);
}

/** The set-up leads from a project to its first issue; it can be left, and is taken up where it was left. */
async function setUp(page) {
  await page.getByRole('heading', { name: 'What should Tripline watch?' }).waitFor();
  await shoot(page, 'welcome');
  await page.getByLabel('Name').press('Tab');
  await page.getByLabel('Browser JavaScript').waitFor();
  await page.getByLabel('Python').check();
  await page.getByRole('link', { name: 'Skip the set-up' }).click();
  await page.getByRole('link', { name: 'Continue the set-up' }).click();
  await page.getByLabel('Name').fill('Shop');
  await page.getByLabel('Python').press('Enter');
  await page.getByText(process.env.SENTRY_DSN).first().waitFor();
  await page.getByText('pip install').first().waitFor();
  await page.getByRole('link', { name: 'Continue' }).click();
  await page.getByText('Waiting for the first event').waitFor();
  await shoot(page, 'waiting');
  await fail('first');
  await page.waitForURL(/\/issues\/\d+$/);
  await page.getByText('The first event is here').waitFor();
}

async function readTheStackTrace(page) {
  const main = page.getByRole('main');
  await main.getByRole('heading', { name: 'PaymentFailed' }).first().waitFor();
  for (const text of [
    'order 20417 could not be paid',
    'raise TimeoutError',
    'raise PaymentFailed',
    'Local variables',
    'POST https://pay.example.com/charge',
    'ada@example.com',
    'shop@2026.11.3'
  ]) {
    // The menu of assignees holds names, too, but hides them.
    await main.getByText(text).filter({ visible: true }).first().waitFor();
  }
  await page.locator('#grouping summary').first().click();
  await main.getByText('led here').first().waitFor();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'cart.csv' }).click();
  assert.equal((await download).suggestedFilename(), 'cart.csv');
}

/** What happened before narrows down, a file shows what is in it, and all of it goes into a ticket. */
async function takeItElsewhere(page) {
  const crumbs = page.locator('#breadcrumbs');
  await crumbs.getByRole('button', { name: 'http 1' }).click();
  await crumbs.getByText('2 × apples put into the cart').waitFor({ state: 'detached' });
  await crumbs.getByText('POST https://pay.example.com/charge').waitFor();
  await page.getByText('Preview').click();
  await page.locator('#attachments').getByText('APL-2,2').waitFor();
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  const text = await page.evaluate('navigator.clipboard.readText()');
  assert.match(text, /## PaymentFailed[^]*## Caused by: TimeoutError/);
  assert.match(text, /→ charge \(.*\n +raise TimeoutError/);
}

/** Every event has a row, which leads to it. */
async function walkTheEvents(page) {
  await page.getByRole('link', { name: 'All events' }).click();
  const rows = page.getByRole('main').getByRole('row');
  await rows.filter({ hasText: 'grace@example.com' }).getByRole('link').click();
  await page.getByLabel('Summary of this event').getByText('grace@example.com').waitFor();
  await page.keyboard.press('j');
  await page.getByLabel('Summary of this event').getByText('ada@example.com').waitFor();
}

async function resolve(page) {
  await page.getByRole('button', { name: 'Resolve', exact: true }).click();
  await page.getByText('Resolved', { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Unresolve' }).waitFor();
  await page.getByRole('link', { name: 'Issues', exact: true }).click();
  await page.getByRole('link', { name: 'PaymentFailed' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Resolved', exact: true }).click();
  await page.getByRole('link', { name: 'PaymentFailed' }).waitFor();
}

/** It comes back with company; the search box finds it among them. */
async function seeItComeBack(page) {
  await fail('day');
  await page.goto(`${url}/issues`);
  await page.getByRole('link', { name: 'KeyError' }).first().waitFor();
  await page.getByText('Regressed', { exact: true }).first().waitFor();
  await page.getByRole('combobox', { name: 'Search issues' }).fill('is:unresolved PaymentFailed');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'KeyError' }).first().waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'PaymentFailed' }).click();
  await page.getByText('raise TimeoutError').first().waitFor();
  await shoot(page, 'issue-light');
  return page.url();
}

async function signOut(page) {
  await page.getByLabel('Your account').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(`${url}/sign-in*`);
}

/** No page of a phone scrolls sideways. */
async function walkOnAPhone(page, issue) {
  const { pathname } = new URL(issue);
  const sides = [`${pathname}/events`, `${pathname}/fingerprints`, `${pathname}/activity`, '/settings/projects/shop/grouping'];
  for (const place of ['/issues', '/', pathname, '/stats', '/settings/account', '/settings/projects/shop', ...sides]) {
    const pixels = await excess(page, place);
    assert.ok(pixels <= 0, `${place} is ${pixels} px too wide for a phone`);
    if (place === pathname) await shoot(page, 'issue-phone');
  }
}

try {
  const desk = await open({ permissions: ['clipboard-read', 'clipboard-write'] });
  await signInByLink(desk);
  await setUp(desk);
  await readTheStackTrace(desk);
  await takeItElsewhere(desk);
  await resolve(desk);
  const issue = await seeItComeBack(desk);
  await walkTheEvents(desk);
  await signOut(desk);

  const dark = await open({ colorScheme: 'dark', viewport: { width: 1280, height: 640 } });
  await signInByPassword(dark);
  await dark.getByRole('link', { name: 'PaymentFailed' }).waitFor();
  await shoot(dark, 'issues-dark');

  const phone = await open(PHONE);
  await signInByPassword(phone);
  await walkOnAPhone(phone, issue);

  assert.deepEqual(complaints, []);
} finally {
  await browser.close();
}
