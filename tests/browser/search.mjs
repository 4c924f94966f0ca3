// How somebody finds an issue, in Debian's Chromium: the search box completes keys and values from what a real SDK sent, by keyboard
// alone; what cannot be read is marked where it stands.
//
// Environment: SENTRY_DSN, PYTHON, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PHONE, browser, complaints, open, shoot, signIn, url } from './windows.mjs';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const shop = fileURLToPath(new URL('shop.py', import.meta.url));

const box = page => page.getByRole('combobox', { name: 'Search issues' });
const choice = (page, name) => page.getByRole('option', { name });

/** axe-core has nothing serious to say, whatever is open. */
async function accessible(page) {
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  const serious = violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  assert.deepEqual(serious.map(({ id, nodes }) => `${id} at ${nodes[0].target}`), []);
}

/** From the slash to the one issue, without the mouse. */
async function complete(page) {
  await page.getByRole('link', { name: 'PaymentFailed' }).first().waitFor();
  await page.keyboard.press('/');
  await page.keyboard.press('End');
  await page.keyboard.type(' bro');
  await choice(page, 'browser: tag').waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  assert.equal(await box(page).inputValue(), 'is:unresolved browser:');
  await choice(page, /^Firefox 140/).waitFor();
  await shoot(page, 'search-light');
  await accessible(page);
  await page.keyboard.type('fire');
  await choice(page, /^Chrome/).waitFor({ state: 'detached' });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  assert.equal(await box(page).inputValue(), 'is:unresolved browser:"Firefox 140" ');
  await page.keyboard.type('PaymentFailed');
  await page.keyboard.press('Enter');
  await page.waitForURL(/query=is%3Aunresolved\+browser/);
  await page.getByRole('link', { name: 'KeyError' }).first().waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'PaymentFailed' }).first().waitFor();
}

/** Escape closes the list and keeps the text; a fault is shown at its place, and selected to be typed over. */
async function mend(page) {
  await box(page).fill('is:linked');
  await page.getByRole('listbox', { name: 'Completions' }).waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('not "linked"').waitFor();
  assert.equal(await page.locator('mark').innerText(), 'l');
  assert.equal(await box(page).getAttribute('aria-invalid'), 'true');
  await shoot(page, 'search-fault');
  await accessible(page);
  await box(page).fill('is:re');
  await choice(page, /^resolved/).waitFor();
  await page.keyboard.press('Escape');
  await choice(page, /^resolved/).waitFor({ state: 'hidden' });
  assert.equal(await box(page).inputValue(), 'is:re');
}

async function readHelp(page) {
  await page.getByRole('button', { name: 'How to search' }).press('Enter');
  await page.getByRole('dialog', { name: 'How to search' }).waitFor();
  await accessible(page);
}

try {
  await promisify(execFile)(process.env.PYTHON, [shop, 'day']);
  const page = await open({ colorScheme: 'light' });
  await page.addInitScript({ path: axe });
  await signIn(page);
  await complete(page);
  await mend(page);
  await readHelp(page);
  await shoot(page, 'search-help');

  const phone = await open({ ...PHONE, colorScheme: 'dark' });
  await phone.addInitScript({ path: axe });
  await signIn(phone);
  await box(phone).fill('is:unresolved level:');
  await choice(phone, 'error').waitFor();
  await accessible(phone);
  await shoot(phone, 'search-phone');
  await phone.keyboard.press('Escape');
  await readHelp(phone);
  await shoot(phone, 'search-help-phone');
  // The browser itself reports the search that cannot be read.
  assert.deepEqual(complaints.filter(one => !one.includes('400')), []);
} finally {
  await browser.close();
}
