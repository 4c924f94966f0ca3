// Shows the failing page to Debian's Chromium: `node run.mjs SCENARIO COUNT`, with SENTRY_DSN and CHROMIUM in the
// environment. Waits until the page has sent COUNT events and prints the id of each, one a line.

import http from 'node:http';
import { fileURLToPath } from 'node:url';
import esbuild from 'esbuild';
import { chromium } from 'playwright-core';

const [scenario, count] = process.argv.slice(2);
const dsn = new URL(process.env.SENTRY_DSN);

const entryPoint = fileURLToPath(new URL('shop.js', import.meta.url));
const bundle = await esbuild.build({ entryPoints: [entryPoint], bundle: true, write: false, format: 'iife' });

const key = `sentry_key=${dsn.username}&sentry_release=shop@1.2.3&sentry_environment=staging`;
const report = `${dsn.origin}/api${dsn.pathname}/security/?${key}`;
const policy = `default-src 'self' 'unsafe-inline'; connect-src ${dsn.origin}; report-uri ${report}`;
const page = `<!doctype html>
<title>Shop</title>
<body>
<script>window.dsn = ${JSON.stringify(dsn.href)};</script>
<script src="/shop.js"></script>`;

const server = http.createServer((request, response) => {
  const isScript = request.url === '/shop.js';
  response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
  if (!isScript) response.setHeader('content-security-policy', policy);
  response.end(isScript ? bundle.outputFiles[0].contents : page);
});
await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
try {
  const tab = await browser.newPage();
  await tab.goto(`http://127.0.0.1:${server.address().port}/?${scenario}`);
  await tab.evaluate('window.done');
  await tab.waitForFunction(`window.sent.length >= ${Number(count)}`);
  if (!(await tab.evaluate('window.flush()'))) throw new Error('the SDK could not send everything');
  for (const id of await tab.evaluate('window.sent')) console.log(id);
} finally {
  await browser.close();
  server.close();
}
