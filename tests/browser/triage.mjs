// What somebody does who lives in the list of issues, in Debian's Chromium: waits for what comes, and settles ten issues by keyboard
// only, while somebody else looks on.
//
// Environment: SENTRY_DSN, PYTHON, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { browser, complaints, open, signIn } from './windows.mjs';

const ISSUES = 10;

const shop = fileURLToPath(new URL('shop.py', import.meta.url));
const rows = page => page.getByRole('main').locator('[data-issue]');

/** Nothing that is read moves: what came waits behind a button. */
async function waitForNews(page) {
  await page.getByText('Nothing has arrived yet').waitFor();
  await promisify(execFile)(process.env.PYTHON, [shop, 'shelves']);
  const news = page.getByRole('button', { name: `Show ${ISSUES} new or changed issues` });
  await news.waitFor();
  assert.equal(await rows(page).count(), 0);
  await news.focus();
  await page.keyboard.press('Enter');
  await rows(page).nth(ISSUES - 1).waitFor();
}

async function readTheKeys(page) {
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keys on this page' });
  await help.getByText('Archive until it escalates').waitFor();
  await page.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
}

/** What one settles, the other one sees settled where it stands. */
async function settleOne(page, other) {
  const shelf = await rows(page).first().getByRole('link').innerText();
  await page.keyboard.press('j');
  await page.keyboard.press('e');
  await rows(page).nth(ISSUES - 1).waitFor({ state: 'detached' });
  await page.getByRole('status').getByText('Resolved SHOP-').waitFor();
  const row = rows(other).filter({ hasText: shelf });
  await other.locator('.gone').filter({ hasText: shelf }).waitFor();
  assert.equal(await rows(other).count(), ISSUES);
  assert.equal(await row.count(), 1);
}

async function takeItBack(page) {
  await page.getByRole('button', { name: 'Undo' }).focus();
  await page.keyboard.press('Enter');
  await rows(page).nth(ISSUES - 1).waitFor();
}

/** Two at a time, then the rest one by one. */
async function settleAll(page) {
  await page.keyboard.press('x');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.getByText('2 selected').waitFor();
  await page.keyboard.press('e');
  await rows(page).nth(ISSUES - 2).waitFor({ state: 'detached' });
  await page.keyboard.press('k');
  await page.keyboard.press('a');
  await page.getByText(/^Assigned SHOP-/).waitFor();
  for (let left = ISSUES - 2; left > 0; left -= 1) {
    await page.keyboard.press('k');
    await page.keyboard.press(left % 2 ? 'i' : 'e');
    await rows(page).nth(left - 1).waitFor({ state: 'detached' });
  }
  await page.getByText('All quiet').waitFor();
}

/** An issue is gone to by its name, and what is done there is seen elsewhere. */
async function goByName(page, other) {
  await page.keyboard.press('Control+k');
  await page.keyboard.type('shop-1');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/issues\/SHOP-1$/);
  await other.goto(page.url());
  await other.getByRole('button', { name: /^(Unresolve|Unarchive)$/ }).waitFor();
  await page.getByRole('button', { name: /^(Unresolve|Unarchive)$/ }).waitFor();
  await page.keyboard.press('e');
  await page.getByRole('button', { name: 'Resolve', exact: true }).waitFor();
  await other.getByRole('button', { name: 'Resolve', exact: true }).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('theme: dark');
  await page.keyboard.press('Enter');
  await page.locator('html[data-theme="dark"]').waitFor();
}

try {
  const page = await open();
  await signIn(page);
  const other = await open();
  await signIn(other);
  await waitForNews(page);
  await other.getByRole('button', { name: /^Show/ }).click();
  await rows(other).nth(ISSUES - 1).waitFor();
  await readTheKeys(page);
  await settleOne(page, other);
  await takeItBack(page);
  await settleAll(page);
  await goByName(page, other);
  assert.deepEqual(complaints, []);
} finally {
  await browser.close();
}
