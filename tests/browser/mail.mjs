// Mails as a mail program shows them, in Debian's Chromium: on a desk and on a phone, light and dark. Nothing is wider than the
// window, nothing is fetched, everything can be read.
//
// Arguments: HTML files. Environment: CHROMIUM, and SCREENSHOTS, a directory for pictures.

import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/** The texts that are hard to read: their contrast to what is behind them is below 4.5 (WCAG 2.1, AA). */
function faint() {
  const channels = (colour) => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = (colour) => {
    const linear = channels(colour)
      .slice(0, 3)
      .map((it) => it / 255)
      .map((it) => (it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if ((channels(colour)[3] ?? 1) > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent.trim();
    if (!text || !element.checkVisibility()) continue;
    const both = [luminance(getComputedStyle(element).color), luminance(behind(element))];
    const contrast = (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    if (contrast < 4.5) found.push(`${text} (${contrast.toFixed(1)})`);
  }
  return found;
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
for (const file of process.argv.slice(2)) {
  for (const colorScheme of ['light', 'dark']) {
    for (const [screen, width] of [['desk', 640], ['phone', 390]]) {
      // Two of the four say enough.
      const shown = { 'light-desk': 'light', 'dark-phone': 'dark' }[`${colorScheme}-${screen}`];
      const page = await browser.newPage({ colorScheme, viewport: { width, height: 700 } });
      const fetched = [];
      page.on('request', (request) => fetched.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      const name = `${basename(file, '.html')}-${colorScheme}-${screen}`;
      if (shown) {
        const picture = `${process.env.SCREENSHOTS}/${basename(file, '.html')}-${shown}.png`;
        await page.screenshot({ path: picture, fullPage: true });
      }
      assert.equal(fetched.length, 1, `${name} fetches ${fetched.slice(1)}`);
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(excess <= 0, `${name} is ${excess} pixels too wide`);
      assert.deepEqual(await page.evaluate(faint), [], `${name} is hard to read`);
      await page.close();
    }
  }
}
await browser.close();
