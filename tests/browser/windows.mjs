// Windows of Debian's Chromium in which every complaint counts: a failed script, an error on the console, a request to
// anywhere but Tripline. Environment: TRIPLINE_URL, CHROMIUM, SCREENSHOTS (a directory).

import path from 'node:path';
import { chromium } from 'playwright-core';

const { TRIPLINE_URL, CHROMIUM, SCREENSHOTS } = process.env;

export const url = TRIPLINE_URL;
export const EMAIL = 'ada@example.com';
export const PASSWORD = 'correct horse battery';

const DESK = { width: 1280, height: 900 };
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

export const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
export const complaints = [];

/** A window of its own. */
export async function open(options) {
  const context = await browser.newContext({ viewport: DESK, reducedMotion: 'reduce', ...options });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  page.on('pageerror', error => complaints.push(`${page.url()}: ${error}`));
  page.on('console', message => {
    // Chromium itself reports each 401, and one is part of the story.
    const is401 = message.text().includes('401');
    if (message.type() === 'error' && !is401) complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on('request', request => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) complaints.push(`asked ${request.url()}`);
  });
  return page;
}

export async function signIn(page) {
  await page.goto(`${url}/issues`);
  await page.getByLabel('E-mail').fill(EMAIL);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/issues*`);
}

export const shoot = (page, name) => page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`) });

/** How many pixels a page is wider than its window. */
export async function excess(page, place) {
  await page.goto(`${url}${place}`);
  await page.getByRole('heading').first().waitFor();
  await page.waitForLoadState('networkidle');
  return page.evaluate('document.documentElement.scrollWidth - innerWidth');
}
