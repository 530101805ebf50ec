import type { Page } from '@playwright/test';
import { sendMany } from './api';
import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

const notes = (count: number) => Array.from({ length: count }, (_, i) => `note ${String(i + 1).padStart(3, '0')}`);

test('older messages come while scrolling up, and what is read does not move', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(ada, path, notes(160));
  await ada.goto(path);
  await ada.expectMessage('note 160');
  await expect(names.message(ada.page, 'note 001')).toHaveCount(0);

  // What stands at the top of the window stays where it is while older messages come in above.
  await scrollTo(ada.page, 'note 113');
  const before = await topOf(ada.page, 'note 113');
  await expect(names.message(ada.page, 'note 080')).toBeAttached();
  await nextFrames(ada.page);
  expect(Math.abs((await topOf(ada.page, 'note 113')) - before)).toBeLessThan(2);
  // Whoever stays where they are has asked for one page, not for all.
  await expect(names.message(ada.page, 'note 030')).toHaveCount(0);

  await scrollTo(ada.page, 'note 063');
  await expect(names.message(ada.page, 'note 030')).toBeAttached();
  await scrollTo(ada.page, 'note 013');
  await expect(names.message(ada.page, 'note 001')).toBeAttached();
  await expect(names.message(ada.page, /note/)).toHaveCount(160);
  await expect(names.olderMessages(ada.page)).toBeHidden();

  // What is out of sight costs nothing, and is there again.
  const isDrawn = (text: string) =>
    names.message(ada.page, text).evaluate((article) => article.checkVisibility({ contentVisibilityAuto: true }));
  await expect.poll(() => isDrawn('note 100')).toBe(false);
  await scrollTo(ada.page, 'note 050');
  await expect.poll(() => isDrawn('note 050')).toBe(true);
  await scrollTo(ada.page, 'note 160');
  await expect.poll(() => isDrawn('note 050')).toBe(false);
});

test('a new message does not move somebody who reads further up, and a button leads there', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(ada, path, notes(90));
  await ada.goto(path);
  await scrollTo(ada.page, 'note 060');
  const before = await topOf(ada.page, 'note 060');
  await sendMany(grace, path, ['something new', 'and more']);
  await expect(names.newMessagesButton(ada.page)).toBeVisible();
  await expect(names.newMessagesButton(ada.page).locator('.badge')).toHaveText('2');
  expect(Math.abs((await topOf(ada.page, 'note 060')) - before)).toBeLessThan(2);
  await expect(ada.page).toHaveTitle(`(2) ${grace.name} · Sotto`);

  // What comes all at once, after a break, counts one by one.
  ada.console.allowLostConnection();
  await ada.context.setOffline(true);
  await sendMany(grace, path, ['in the tunnel', 'still in it', 'the last']);
  await ada.context.setOffline(false);
  await expect(names.newMessagesButton(ada.page).locator('.badge')).toHaveText('5', { timeout: 20_000 });

  await names.newMessagesButton(ada.page).click();
  await expect(names.message(ada.page, 'the last')).toBeInViewport();
  await expect(names.newMessagesButton(ada.page)).toBeHidden();
  await expect(ada.page).toHaveTitle(`${grace.name} · Sotto`);
});

test('the divider stands before what was not read, and stays until the next visit', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('seen');
  await grace.expectMessage('seen');
  await ada.expectState('seen', 'read');
  await grace.page.goto('about:blank');
  await sendMany(ada, path, ['missed one', 'missed two']);
  await grace.goto(path);
  const divider = names.messages(grace.page).getByText('New messages', { exact: true });
  await expect(divider).toBeVisible();
  await ada.expectState('missed two', 'read');
  await ada.send('while looking');
  await grace.expectMessage('while looking');
  await expect(divider).toHaveCount(1);
  const order = await names.messages(grace.page).locator('article, .new').allInnerTexts();
  expect(order.map((text) => text.trim())).toEqual(['seen', 'New messages', 'missed one', 'missed two', 'while looking']);
  await grace.goto(path);
  await expect(divider).toHaveCount(0);
});

test('messages group, days part them, and the exact time is there to point at', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  for (const text of ['one', 'two', 'https://example.org/a?b=c.']) await ada.send(text);
  await grace.expectMessage('two');
  await expect(names.message(ada.page, 'one').locator('.body')).toHaveCSS('color', 'rgb(255, 255, 255)');
  await expect(names.messages(grace.page).getByText('Today', { exact: true })).toHaveCSS('position', 'sticky');
  await expect(names.message(grace.page, 'one')).toHaveAttribute('title', /^\d+ \w+ \d{4}, \d\d:\d\d$/);
  const link = names.messages(grace.page).getByRole('link', { name: 'https://example.org/a?b=c', exact: true });
  await expect(link).toHaveAttribute('rel', 'noopener nofollow noreferrer');
  const time = names.messages(grace.page).locator('time');
  await expect(time).toHaveCount(1);
  await expect(time).toHaveAttribute('datetime', /^\d{4}-\d\d-\d\dT/);
});

/** Brings a message to the top of the log, as scrolling does. */
async function scrollTo(page: Page, text: string): Promise<void> {
  await names.message(page, text).evaluate((message) => message.scrollIntoView({ block: 'start', behavior: 'instant' }));
}

/** Until the browser has laid out what has changed, and scrolled if it wants to. */
async function nextFrames(page: Page): Promise<void> {
  await page.evaluate(async () => {
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
  });
}

async function topOf(page: Page, text: string): Promise<number> {
  return names.message(page, text).evaluate((message) => message.getBoundingClientRect().top);
}
