// What the first screen costs, in Debian's Chromium: bytes of script, time until it can be used, and how much moves.
// Prints the figures. Sizes and shifts are held to the budget; times are those of the machine.
//
// Environment: SENTRY_DSN, PYTHON, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { browser, complaints, open, signIn, url } from './windows.mjs';

/** Bytes of script before a page can be used, compressed. */
const SCRIPT = 120 * 1024;
/** What moves by itself, as the Layout Instability API counts it. */
const SHIFT = 0.02;

const shop = fileURLToPath(new URL('shop.py', import.meta.url));

/** Loads a page as nobody ever did before, and measures. */
async function load(state, place, ready) {
  const page = await open({ storageState: state });
  await page.addInitScript(() => {
    globalThis.shift = 0;
    new PerformanceObserver(list => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) globalThis.shift += value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const begun = performance.now();
  await page.goto(`${url}${place}`, { waitUntil: 'commit' });
  await ready(page).waitFor();
  const ms = performance.now() - begun;
  const scripts = await page.evaluate(() =>
    performance.getEntriesByType('resource').map(({ name }) => name).filter(name => name.endsWith('.js'))
  );
  await page.waitForLoadState('networkidle');
  const texts = await Promise.all(scripts.map(async name => Buffer.from(await (await fetch(name)).arrayBuffer())));
  const bytes = texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
  const shift = await page.evaluate('shift');
  console.log(`${place}: ${(bytes / 1024).toFixed(1)} KB of script, usable after ${ms.toFixed(0)} ms, shifts ${shift.toFixed(4)}`);
  assert.ok(bytes <= SCRIPT, `${place}: ${bytes} bytes of script`);
  assert.ok(shift < SHIFT, `${place}: ${shift} moves`);
  return page;
}

/** From one page to the other and back, by clicks. */
async function walk(page) {
  const time = async (click, ready) => {
    const begun = performance.now();
    await click.click();
    await ready.waitFor();
    return (performance.now() - begun).toFixed(0);
  };
  const row = page.getByRole('main').getByRole('link', { name: 'PaymentFailed' });
  const trace = page.getByText('raise PaymentFailed').first();
  const there = await time(row, trace);
  const back = await time(page.getByRole('link', { name: 'Issues', exact: true }), row);
  console.log(`list to issue ${there} ms, and back ${back} ms`);
}

try {
  await promisify(execFile)(process.env.PYTHON, [shop, 'day']);
  const first = await open();
  await signIn(first);
  await first.getByRole('link', { name: 'PaymentFailed' }).waitFor();
  const state = await first.context().storageState();
  const list = await load(state, '/issues', page => page.getByRole('main').getByRole('link', { name: 'PaymentFailed' }));
  await load(state, '/issues/SHOP-1', page => page.getByText('raise PaymentFailed').first());
  await load(state, '/', page => page.getByRole('heading', { name: 'Projects' }));
  await walk(list);
  assert.deepEqual(complaints, []);
} finally {
  await browser.close();
}
