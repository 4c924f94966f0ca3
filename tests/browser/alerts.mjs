// How somebody comes to be told, in Debian's Chromium: a destination that is tried out, a rule that is tried on the past,
// and the history of what it did after a real SDK's events; on a desk, in the dark and on a phone.
//
// Environment: SENTRY_DSN, PYTHON, and what `windows.mjs` reads.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Receiver } from './receiver.mjs';
import { PHONE, browser, complaints, excess, open, shoot, signIn, url } from './windows.mjs';

const shop = fileURLToPath(new URL('shop.py', import.meta.url));
const fail = scenario => promisify(execFile)(process.env.PYTHON, [shop, scenario]);

const RULE = 'New in production';

const isTest = ({ id }) => id.startsWith('test-');

/** The names of actions begin alike: `Mute New in production`. */
const act = (page, name) => page.getByRole('button', { name, exact: true }).click();

/** The history may be a moment behind: it is loaded until it shows something. */
async function reloadUntil(page, what, locator) {
  const deadline = Date.now() + 60_000;
  do {
    assert.ok(Date.now() < deadline, `${what} is not in the history`);
    await page.reload();
    await page.getByRole('heading', { name: 'Alert history' }).waitFor();
  } while ((await locator.count()) === 0);
}

/** A webhook that takes what it gets, and one that is not there any more. */
async function setUpDestinations(page, receiver) {
  await page.getByRole('link', { name: 'Alerts', exact: true }).click();
  await page.getByRole('link', { name: 'Destinations', exact: true }).click();
  for (const [name, path] of [['ops', '/hook'], ['old pager', '/gone']]) {
    await page.getByRole('link', { name: 'New destination' }).click();
    await page.getByLabel('Channel').selectOption('webhook');
    await page.getByText('HMAC-SHA256').waitFor();
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('URL').fill(`${receiver.url}${path}`);
    const secret = await page.getByLabel('Signing secret').inputValue();
    if (path === '/hook') receiver.secret = secret;
    await act(page, 'Send a test');
    if (path === '/hook') {
      await page.getByText('The test message was taken: 200 in').waitFor();
      await page.getByText('thank you').waitFor();
      await shoot(page, 'destination-light');
    } else {
      await page.getByText('The test message was not taken: 404 in').waitFor();
      await page.getByText('nobody lives here').waitFor();
    }
    await act(page, 'Save destination');
    await page.getByRole('heading', { name: 'Destinations' }).waitFor();
  }
  assert.equal(receiver.messages.length, 1);
  assert.ok(isTest(receiver.messages[0]));
  assert.ok(!(await page.getByRole('main').innerText()).includes(receiver.secret), 'a secret is shown again');
}

/** The sentence and the backtest follow what is written, and so do the faults. */
async function writeARule(page) {
  await page.getByRole('link', { name: 'Rules', exact: true }).click();
  await page.getByRole('link', { name: 'New rule' }).click();
  await page.getByText('when an issue is new: mail everyone').waitFor();
  const backtest = page.getByRole('region', { name: 'Backtest' });
  await backtest.getByText('It would have fired once in the last 14 days').waitFor();
  await backtest.getByText('PaymentFailed').first().waitFor();

  await act(page, 'Add a trigger');
  await page.getByRole('menuitem', { name: 'Many events of an issue' }).click();
  await page.getByLabel('At least so many events').fill('0');
  await page.getByText('Count: 1 to 1,000,000,000.').waitFor();
  await act(page, 'Remove: Many events of an issue');
  await page.getByText('Count: 1 to').waitFor({ state: 'detached' });

  await act(page, 'Add a condition');
  await page.getByRole('menuitem', { name: 'Environment' }).click();
  await page.getByLabel('Environment', { exact: true }).fill('nowhere');
  await page.keyboard.press('Enter');
  await backtest.getByText('It would not have fired').waitFor();
  await act(page, 'Remove nowhere');
  await page.getByLabel('Environment', { exact: true }).fill('production');
  await page.keyboard.press('Tab');
  await backtest.getByText('It would have fired once').waitFor();

  await act(page, 'Remove: Mail everyone');
  for (const name of ['ops', 'old pager']) {
    await act(page, 'Add a recipient');
    await page.getByRole('menuitem', { name: `Tell ${name}` }).click();
  }
  await page.getByText('if the environment is production: tell ops and tell old pager.').waitFor();
  await page.getByLabel('Name').fill(RULE);
  await page.evaluate('scrollTo(0, 0)');
  await shoot(page, 'rule-light');
  await act(page, 'Save rule');
  await page.getByRole('link', { name: RULE, exact: true }).waitFor();
}

/** Why it fired, who was told, and one who was not, to whom it is sent again. */
async function readTheHistory(page, receiver) {
  await fail('day');
  const told = await receiver.told(one => !isTest(one));
  assert.equal(told.rule.name, RULE);
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await page.waitForURL(`${url}/alerts/history`);
  const main = page.getByRole('main');
  await reloadUntil(page, 'what was delivered', main.getByText('Delivered', { exact: true }));
  await reloadUntil(page, 'what was not', main.getByText('404 in'));
  await main.getByText('is new, first seen').first().waitFor();
  await main.getByText('From the first event to the message being taken').waitFor();
  await shoot(page, 'alerts-light');

  await page.getByRole('link', { name: 'Destinations', exact: true }).click();
  const place = name => main.getByRole('listitem').filter({ hasText: name });
  await place('old pager').getByText('Failing').waitFor();
  await place('ops').getByText('Told by 1 rule, last').waitFor();
  assert.equal(await place('ops').getByText('Failing').count(), 0);
  await page.getByRole('link', { name: 'History', exact: true }).click();
  await page.waitForURL(`${url}/alerts/history`);

  receiver.mended = true;
  await page.getByRole('link', { name: 'Look at them' }).click();
  await page.waitForURL(`${url}/alerts/history?show=dead`);
  await main.getByText('is new, first seen').first().waitFor();
  const message = main.locator('[aria-label="Who was told"] > li');
  const dead = message.filter({ hasText: 'old pager' }).getByRole('button', { name: 'Send again' });
  for (let left = await dead.count(); left > 0; left -= 1) {
    await dead.first().click();
    await dead.nth(left - 1).waitFor({ state: 'detached' });
  }
  // The rule that a project begins with mails everyone, and there is no mail server: that is still not delivered.
  await message.filter({ hasText: 'no mail server is set up' }).first().waitFor();
  await receiver.told(({ path }) => path === '/gone');
}

/** Mails lead to an issue with the question already open; the issue knows which rules fired for it. */
async function followALink(page, receiver) {
  const { causes } = receiver.messages.findLast(one => !isTest(one));
  const { id } = causes[0].issue;
  await page.goto(`${url}/issues/${id}?do=assign`);
  await page.getByRole('menuitemradio', { name: 'Me' }).waitFor();
  await page.goto(`${url}/issues/${id}?do=mute`);
  await page.getByRole('menuitem', { name: 'Until it escalates' }).waitFor();
  await page.goto(`${url}/issues/${id}?do=resolve`);
  const dialog = page.getByRole('dialog', { name: 'Resolve' });
  await dialog.getByRole('button', { name: 'Resolve' }).click();
  await page.getByText('Resolved', { exact: true }).first().waitFor();
  await page.getByRole('link', { name: RULE }).click();
  await page.getByRole('heading', { name: RULE }).waitFor();
}

async function quieten(page) {
  await page.goto(`${url}/alerts`);
  await act(page, `Mute ${RULE}`);
  await page.getByRole('menuitem', { name: 'For 8 hours' }).click();
  await page.getByText('Muted', { exact: true }).waitFor();
  await act(page, 'Undo');
  await page.getByText('Muted', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: RULE }).click();
  await page.getByRole('switch', { name: RULE, checked: false }).waitFor();
  await page.goto(`${url}/settings/account`);
  const panel = page.getByRole('main').locator('section', { hasText: 'Notifications' });
  await panel.getByLabel('Alerts').selectOption('mine');
  await panel.getByLabel('Digest').selectOption('daily');
  await panel.getByLabel('Time zone').fill('Europe/Lisbon');
  await panel.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved what you want by e-mail.').waitFor();
  await page.reload();
  assert.equal(await panel.getByLabel('Time zone').inputValue(), 'Europe/Lisbon');
}

/** Chromium itself reports the refusal of the rule that was wrong on purpose. */
const isExpected = complaint => complaint.includes('/alerts/rules/new') && complaint.includes('400');

const receiver = new Receiver();
await receiver.open();
try {
  await fail('first');
  const desk = await open();
  await signIn(desk);
  await setUpDestinations(desk, receiver);
  await writeARule(desk);
  await readTheHistory(desk, receiver);
  await followALink(desk, receiver);
  const rule = new URL(desk.url()).pathname;
  await quieten(desk);

  const dark = await open({ colorScheme: 'dark' });
  await signIn(dark);
  await excess(dark, rule);
  await dark.getByText('It would have fired').waitFor();
  await shoot(dark, 'rule-dark');

  const phone = await open(PHONE);
  await signIn(phone);
  const pages = ['/alerts/rules', rule, '/alerts/destinations', '/alerts/destinations/new', '/alerts/history'];
  for (const place of [...pages, '/alerts/history?show=dead', '/settings/account']) {
    assert.ok((await excess(phone, place)) <= 0, `${place} is too wide for a phone`);
    if (place === '/alerts/history') await shoot(phone, 'alerts-phone');
  }
  assert.deepEqual(complaints.filter(complaint => !isExpected(complaint)), []);
} finally {
  await browser.close();
  receiver.close();
}
