import { randomUUID } from 'node:crypto';
import type { Page } from '@playwright/test';
import { post, sendMany, sendMessage, upload } from './api';
import { type Chosen, photograph, text } from './choosing';
import * as names from './names';
import { talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

/** Sends a message with files, which have these descriptions. */
async function shares(sender: Person, path: string, body: string, files: Chosen[], alt?: string): Promise<string> {
  const attachments = [];
  for (const { name, buffer } of files) attachments.push({ file: await upload(sender, name, buffer), alt });
  const id = randomUUID();
  await post(sender, `/api/conversations/${path.split('/').at(-1)}/messages`, { id, body, attachments });
  return id;
}

async function opens(page: Page): Promise<void> {
  await names.conversationOptions(page).click();
  await names.menuItem(page, 'Media, files and links').click();
  await expect(names.mediaPanel(page)).toBeVisible();
}

test('pictures, files and links stand in one panel, and lead to their messages', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await shares(grace, path, 'look', [await photograph(grace, 'lake.jpg')], 'A lake in the morning');
  await shares(grace, path, '', [text('minutes.txt', 'what we said')]);
  await sendMessage(grace, path, 'see [the map](https://maps.example/lake)');
  await sendMany(grace, path, Array.from({ length: 60 }, (_, n) => `line ${n}`));
  await ada.reload();
  await opens(ada.page);
  const panel = names.mediaPanel(ada.page);
  await expect(panel.getByRole('button', { name: 'Close', exact: true })).toBeFocused();
  await expect(names.mediaKind(ada.page, 'Media')).toHaveAttribute('aria-current', 'page');
  await expect(panel.getByRole('heading', { level: 3 })).toHaveText(['This month']);
  const picture = panel.getByRole('link', { name: 'A lake in the morning', exact: true });
  await expect(picture).toHaveAttribute('target', '_blank');
  await expect.poll(() => picture.getByRole('img').evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64);

  await names.mediaKind(ada.page, 'Files').click();
  await expect(names.mediaKind(ada.page, 'Files')).toHaveAttribute('aria-current', 'page');
  const file = panel.getByRole('link', { name: 'minutes.txt, 12 B', exact: true });
  await expect(file).toHaveText(/TXT · 12 B/);
  await expect(panel.getByRole('listitem')).toHaveText([new RegExp(`${grace.name}, \\d`)]);
  const download = ada.page.waitForEvent('download');
  await file.click();
  expect((await download).suggestedFilename()).toBe('minutes.txt');

  await names.mediaKind(ada.page, 'Links').click();
  await expect(panel.getByRole('link', { name: /^the map/ })).toHaveAttribute('href', 'https://maps.example/lake');
  await expect(panel.getByRole('listitem')).toContainText('maps.example');
  await expect(panel.getByRole('listitem')).toContainText('see the map');
  await expect(names.saying(ada.page, 'see the map')).toHaveCount(0);
  await panel.getByRole('link', { name: 'Show in chat: maps.example', exact: true }).click();
  await expect(panel).toHaveCount(0);
  await expect(names.saying(ada.page, 'see the map')).toBeInViewport();
  await expect(names.saying(ada.page, 'see the map')).toBeFocused();
});

test('a picture is seen over the page, with those beside it', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await shares(grace, path, '', [await photograph(grace, 'lake.jpg')], 'A lake in the morning');
  await shares(ada, path, '', [await photograph(ada, 'sea.jpg')], 'The sea');
  await ada.reload();
  await opens(ada.page);
  const sea = names.mediaPanel(ada.page).getByRole('link', { name: 'The sea', exact: true });
  await sea.click();
  const viewer = names.viewer(ada.page);
  await expect(viewer.getByRole('img', { name: 'The sea' })).toBeVisible();
  await names.inViewer(ada.page, 'Next').click();
  await expect(viewer.getByRole('img', { name: 'A lake in the morning' })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(viewer).toHaveCount(0);
  await expect(names.mediaPanel(ada.page)).toBeVisible();
  await expect(sea).toBeFocused();
});

test('what is sent, edited and deleted meanwhile shows at once', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await opens(ada.page);
  const panel = names.mediaPanel(ada.page);
  await expect(panel).toContainText('No pictures or films');
  await names.mediaKind(ada.page, 'Links').click();
  await expect(panel).toContainText('No links');
  await grace.send('https://example.org/first');
  const links = panel.getByRole('listitem');
  await expect(links).toHaveText([/example\.org\/first/]);
  await names.mediaKind(ada.page, 'Files').click();
  await expect(panel).toContainText('No files');
  const id = await shares(grace, path, '', [text('one.txt', '1'), text('two.txt', '2')]);
  await expect(links).toHaveText([/one\.txt/, /two\.txt/]);
  await post(grace, `/api/conversations/${path.split('/').at(-1)}/messages/${id}/delete`, {});
  await expect(panel).toContainText('No files');
  await names.mediaKind(ada.page, 'Links').click();
  await grace.choose('https://example.org/first', 'Edit');
  await names.composer(grace.page).fill('https://example.org/second');
  await names.sendButton(grace.page).click();
  await expect(links).toHaveText([/example\.org\/second/]);
});

test('a long list goes on by its button, and by itself at its end', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await sendMany(grace, path, Array.from({ length: 130 }, (_, n) => `https://example.org/${n}`));
  await ada.reload();
  await opens(ada.page);
  const panel = names.mediaPanel(ada.page);
  await names.mediaKind(ada.page, 'Links').click();
  const links = panel.getByRole('listitem');
  await expect(links).toHaveCount(50);
  const more = panel.getByRole('link', { name: 'Load more', exact: true });
  // Without scrolling there.
  await more.evaluate((link: HTMLAnchorElement) => link.click());
  await expect(links).toHaveCount(100);
  await more.focus();
  await expect(links).toHaveCount(130);
  await expect(more).toHaveCount(0);
  await expect(links.last()).toContainText('https://example.org/0');
  // The link that had the focus is gone; keys still reach the panel.
  await expect(panel.getByRole('button', { name: 'Close', exact: true })).toBeFocused();
});

test('the panel goes with the keys alone, and gives the focus back', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await shares(grace, path, '', [text('minutes.txt', 'what we said')]);
  await names.conversationOptions(ada.page).focus();
  await ada.page.keyboard.press('Enter');
  await names.menuItem(ada.page, 'Media, files and links').focus();
  await ada.page.keyboard.press('Enter');
  const panel = names.mediaPanel(ada.page);
  await expect(panel.getByRole('button', { name: 'Close', exact: true })).toBeFocused();
  for (const _ of ['Media', 'Files']) await ada.page.keyboard.press('Tab');
  await expect(names.mediaKind(ada.page, 'Files')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(panel.getByRole('link', { name: 'minutes.txt, 12 B', exact: true })).toBeVisible();
  await expect(names.mediaKind(ada.page, 'Files')).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(names.conversationOptions(ada.page)).toBeFocused();
  await expect(ada.page).toHaveURL(path);
});

test('the panel has an address, and what does not come is said', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await shares(grace, path, '', [text('minutes.txt', 'what we said')]);
  await ada.goto(`${path}?media=files`);
  const panel = names.mediaPanel(ada.page);
  await expect(panel.getByRole('listitem')).toHaveText([/minutes\.txt/]);
  await panel.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(panel).toHaveCount(0);
  ada.console.allow(/ERR_FAILED|Failed to load resource/);
  await ada.page.route('**/media?*', (route) => route.abort());
  await opens(ada.page);
  await expect(panel.getByRole('alert')).toContainText('could not be loaded');
  await ada.page.unroute('**/media?*');
  await panel.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(panel).toContainText('No pictures or films');
});

test('there is room for one panel', async ({ person }) => {
  const { ada } = await talkingPair(person);
  await ada.send('worth keeping');
  await ada.choose('worth keeping', 'Pin');
  await names.pinsButton(ada.page, 1).focus();
  await ada.page.keyboard.press('Enter');
  await expect(names.pins(ada.page)).toBeVisible();
  await names.conversationOptions(ada.page).focus();
  await ada.page.keyboard.press('Enter');
  await names.menuItem(ada.page, 'Media, files and links').click();
  await expect(names.mediaPanel(ada.page)).toBeVisible();
  await expect(names.pins(ada.page)).toHaveCount(0);
  await names.pinsButton(ada.page, 1).focus();
  await ada.page.keyboard.press('Enter');
  await expect(names.pins(ada.page)).toBeVisible();
  await expect(names.mediaPanel(ada.page)).toHaveCount(0);
});
