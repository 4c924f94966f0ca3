// What somebody does after a bad rollout, in Debian's Chromium: from the list of releases to the comparison of the new one
// with the old one, to the story of an issue that came back; on a desk, in the dark and on a phone.
//
// Environment: what `windows.mjs` and `rollout.mjs` read.

import assert from 'node:assert/strict';
import { NEW, OLD, rollOut } from './rollout.mjs';
import { PHONE, browser, complaints, excess, open, shoot, signIn, url } from './windows.mjs';

/** The list says how both fare; its search finds one of them. */
async function readTheList(page) {
  await page.getByRole('link', { name: 'Releases', exact: true }).click();
  const rows = page.getByRole('main').getByRole('listitem');
  await rows.filter({ hasText: '1.0' }).getByText('99.8 %').waitFor();
  await rows.filter({ hasText: '1.1' }).getByText('99.76 %').waitFor();
  await rows.filter({ hasText: '1.1' }).getByText('production').waitFor();
  await rows.filter({ hasText: '1.1' }).getByText('no data').waitFor();
  await shoot(page, 'releases-light');
  await page.getByRole('searchbox', { name: 'Search releases' }).fill(NEW);
  await page.keyboard.press('Enter');
  await rows.filter({ hasText: '1.0' }).waitFor({ state: 'detached' });
  await page.getByRole('link', { name: '1.1', exact: true }).click();
}

/** The new release is compared with its predecessor unless another one is chosen. */
async function readTheComparison(page) {
  const verdict = page.getByRole('region', { name: 'Verdict' });
  await verdict.getByRole('heading', { name: 'Bad' }).waitFor();
  await verdict.getByText('SlowError: it broke is 5.0 times as frequent').waitFor();
  assert.equal(await page.getByLabel('Compare with').inputValue(), OLD);
  for (const [list, issue] of [['Regressed', 'LostError'], ['New', 'NewError'], ['Worse', 'SlowError']]) {
    await page.getByRole('region', { name: `${list} issues` }).getByRole('link', { name: issue }).waitFor();
  }
  await page.getByText('Pay by wire').waitFor();
  await page.getByText('Why is an issue in a list').click();
  await page.getByText('not the work of one client').waitFor();
  await page.getByLabel('Environment').selectOption('production');
  await page.waitForURL(/environment=production/);
  await verdict.getByText('in production').waitFor();
  await page.getByText('Why is an issue in a list').click();
  await page.evaluate('scrollTo(0, 0)');
  await shoot(page, 'release-light');
}

/** Why it came back, where it was seen, and what was shipped meanwhile. */
async function readTheStory(page) {
  const regressed = page.getByRole('region', { name: 'Regressed issues' });
  await regressed.getByText(`seen in ${NEW} (production)`).waitFor();
  await regressed.getByRole('link', { name: 'LostError' }).click();
  await page.waitForURL(/\/issues\/\d+$/);
  await page.getByText('Regressed', { exact: true }).first().waitFor();
  await page.getByRole('link', { name: /1\.1 deployed to production/ }).first().waitFor();
  await page.getByRole('link', { name: 'Releases 2' }).click();
  const table = page.getByRole('main').getByRole('table');
  assert.match(await table.getByRole('row', { name: '1.1' }).innerText(), /15/);
  assert.match(await table.getByRole('row', { name: '1.0' }).innerText(), /first\s+20/);
  await shoot(page, 'story-light');
  const path = new URL(page.url()).pathname;
  await table.getByRole('link', { name: '1.0' }).click();
  await page.getByRole('heading', { name: '1.0', exact: true }).waitFor();
  return path;
}

/** The commit that touched the failing file is beside the issue that is new. */
async function readTheSuspects(page) {
  await page.goto(`${url}/issues?query=NewError`);
  await page.getByRole('link', { name: 'NewError' }).click();
  await page.getByRole('heading', { name: 'Suspect commits' }).waitFor();
  await page.getByText('Pay by wire').waitFor();
}

try {
  await rollOut();
  const desk = await open();
  await signIn(desk);
  await readTheList(desk);
  await readTheComparison(desk);
  const story = await readTheStory(desk);
  await readTheSuspects(desk);

  const release = `/releases/${encodeURIComponent(NEW)}`;
  const dark = await open({ colorScheme: 'dark' });
  await signIn(dark);
  await excess(dark, release);
  await shoot(dark, 'release-dark');

  const phone = await open(PHONE);
  await signIn(phone);
  for (const place of ['/releases', release, story]) {
    assert.ok((await excess(phone, place)) <= 0, `${place} is too wide for a phone`);
    if (place === release) await shoot(phone, 'release-phone');
  }
  assert.deepEqual(complaints, []);
} finally {
  await browser.close();
}
