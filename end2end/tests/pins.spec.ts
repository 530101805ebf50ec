import type { Page } from '@playwright/test';
import { sendMany } from './api';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

/** What a message's accessible description says of it. */
const PINNED = /\bpinned\b/;

test('what is pinned stands above the conversation, for everybody, and leads there', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('the date is the 12th');
  await grace.expectMessage('the date is the 12th');
  const tab = await grace.openTab(path);
  await grace.choose('the date is the 12th', 'Pin');
  for (const page of [ada.page, grace.page, tab]) {
    await expect(names.pinnedLine(page, 'the date is the 12th')).toBeVisible();
    await expect(names.pinsButton(page, 1)).toBeVisible();
    await expect(names.saying(page, 'the date is the 12th')).toHaveAccessibleDescription(PINNED);
  }
  await sendMany(grace, path, Array.from({ length: 120 }, (_, n) => `line ${n}`));
  await ada.expectMessage('line 119');
  await ada.reload();
  await expect(names.saying(ada.page, 'the date is the 12th')).toHaveCount(0);
  await names.pinnedLine(ada.page, 'the date is the 12th').click();
  await expect(names.saying(ada.page, 'the date is the 12th')).toBeInViewport();
  await expect(names.saying(ada.page, 'the date is the 12th')).toBeFocused();
  await ada.choose('the date is the 12th', 'Unpin');
  for (const page of [ada.page, grace.page, tab]) await expect(names.pinnedLine(page, '')).toHaveCount(0);
  await expect(names.saying(ada.page, 'the date is the 12th')).not.toHaveAccessibleDescription(PINNED);
});

test('repeated presses step from the newest pin to the oldest, and around', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  for (const text of ['plan one', 'plan two', 'plan three']) {
    await ada.send(text);
    await grace.expectMessage(text);
    await ada.choose(text, 'Pin');
    await expect(names.pinnedLine(grace.page, text)).toBeVisible();
  }
  for (const text of ['plan three', 'plan two', 'plan one', 'plan three']) {
    await names.pinnedLine(grace.page, text).click();
    await expect(names.saying(grace.page, text)).toBeFocused();
  }
});

test('the panel lists what is pinned, leads to it, and lets go of it', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('an address');
  await ada.send('a door code');
  await grace.expectMessage('a door code');
  await ada.choose('an address', 'Pin');
  await expect(names.pinsButton(ada.page, 1)).toBeVisible();
  await ada.choose('a door code', 'Pin');
  // A page that holds none of them finds them out.
  await sendMany(ada, path, Array.from({ length: 60 }, (_, n) => `line ${n}`));
  await grace.toList();
  await grace.reload();
  await grace.openConversation(ada.name);
  await names.pinsButton(grace.page, 2).click();
  const pins = names.pins(grace.page).getByRole('listitem');
  await expect(pins).toHaveText([/a door code/, /an address/]);
  await names.pins(grace.page).getByRole('button', { name: 'Unpin: a door code', exact: true }).click();
  await expect(pins).toHaveText([/an address/]);
  await expect(names.pinnedLine(ada.page, 'an address')).toBeVisible();
  await names.pins(grace.page).getByRole('link', { name: /an address/ }).click();
  await expect(names.pins(grace.page)).toHaveCount(0);
  await expect(names.saying(grace.page, 'an address')).toBeInViewport();
  await names.pinsButton(grace.page, 1).click();
  await names.pins(grace.page).getByRole('button', { name: 'Unpin: an address', exact: true }).click();
  await expect(names.pins(grace.page)).toContainText('Nothing is pinned');
  await grace.page.keyboard.press('Escape');
  await expect(names.pins(grace.page)).toHaveCount(0);
});

test('the panel has an address', async ({ person }) => {
  const { ada, path } = await talkingPair(person);
  await ada.goto(`${path}?pins=1`);
  await expect(names.pins(ada.page)).toContainText('Nothing is pinned');
  await ada.page.goto(path);
  await ada.settle();
  await ada.send('worth keeping');
  await ada.choose('worth keeping', 'Pin');
  await expect(names.saying(ada.page, 'worth keeping')).toHaveAccessibleDescription(PINNED);
  await expectStored(ada.page, path, 1);
  await ada.goto(`${path}?pins=1`);
  await expect(names.pins(ada.page).getByRole('listitem')).toHaveText([/worth keeping/]);
});

test('off line a pin is there at once, and is told when the network is back', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('to stay');
  await grace.expectMessage('to stay');
  // The part is loaded once.
  await ada.choose('to stay', 'Pin');
  await expect(names.pinsButton(grace.page, 1)).toBeVisible();
  ada.console.allowLostConnection();
  await ada.context.setOffline(true);
  await ada.choose('to stay', 'Unpin');
  await expect(names.pinnedLine(ada.page, '')).toHaveCount(0);
  await expect(names.pinsButton(grace.page, 1)).toBeVisible();
  await ada.context.setOffline(false);
  await expect(names.pinnedLine(grace.page, '')).toHaveCount(0);
});

test('a pin that is refused is undone, with its reason', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('soon gone');
  await grace.expectMessage('soon gone');
  await grace.choose('soon gone', 'React with 😂');
  await expect(names.reaction(ada.page, 'soon gone', /^😂/)).toBeVisible();
  grace.console.allowLostConnection();
  await grace.context.setOffline(true);
  await grace.choose('soon gone', 'Pin');
  await expect(names.pinnedLine(grace.page, 'soon gone')).toBeVisible();
  await ada.choose('soon gone', 'Delete');
  const stored = async () => {
    const answer = await ada.context.request.get(`${path.replace('/c/', '/api/conversations/')}/messages`);
    return ((await answer.json()) as { messages: { deleted_at?: string }[] }).messages[0]?.deleted_at ?? 'there';
  };
  await expect.poll(stored, { timeout: 20_000 }).not.toBe('there');
  await grace.context.setOffline(false);
  await expect(grace.page.getByRole('alert').filter({ hasText: 'This message has been deleted.' })).toBeVisible();
  await expect(names.pinnedLine(grace.page, '')).toHaveCount(0);
});

test('where admins pin, a member sees it and is not offered it', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.toList();
  await ada.makeGroup('Ducks', [grace]);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  const details = ada.page.getByRole('complementary', { name: 'Group details' });
  await details.getByText('Group settings', { exact: true }).click();
  await details.getByRole('combobox', { name: 'Who pins messages' }).selectOption('Admins');
  await details.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(names.message(ada.page, 'changed the settings')).toBeVisible();
  await details.getByRole('button', { name: 'Close', exact: true }).click();
  await ada.send('bring bread');
  await ada.choose('bring bread', 'Pin');
  await grace.openConversation('Ducks');
  await expect(names.pinnedLine(grace.page, 'bring bread')).toBeVisible();
  await names.saying(grace.page, 'bring bread').focus();
  await names.messageOptions(grace.page, 'bring bread').click();
  await expect(names.menuItem(grace.page, 'Reply')).toBeVisible();
  await expect(names.menuItem(grace.page, 'Unpin')).toHaveCount(0);
  await grace.page.keyboard.press('Escape');
  await names.pinsButton(grace.page, 1).click();
  await expect(names.pins(grace.page).getByRole('link', { name: /bring bread/ })).toBeVisible();
  await expect(names.pins(grace.page).getByRole('button', { name: /^Unpin/ })).toHaveCount(0);
});

/** Waits until so many pins are stored. */
async function expectStored(page: Page, path: string, count: number): Promise<void> {
  const list = `/api/conversations/${path.split('/').at(-1)}/pins`;
  await expect.poll(async () => ((await (await page.request.get(list)).json()) as unknown[]).length).toBe(count);
}
