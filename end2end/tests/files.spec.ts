import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { post, upload } from './api';
import { chooses, photograph, text } from './choosing';
import * as names from './names';
import { talkingPair } from './pair';
import { PROJECT } from './server';
import { expect, test } from './test';

test('a picture is shown in its room, another file is a link, and both lead to what was sent', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const picture = await upload(ada, 'holiday.jpg', await readFile(join(PROJECT, 'tests/corpus/files/placed.jpg')));
  const text = await upload(ada, 'minutes.txt', Buffer.from('what we said'));
  const attachments = [{ file: picture, alt: 'The lake at noon' }, { file: text }];
  const messages = `/api/conversations/${path.split('/').at(-1)}/messages`;
  await post(ada, messages, { id: randomUUID(), body: '', attachments });
  for (const who of [grace, ada]) {
    const shown = names.messages(who.page).getByRole('img', { name: 'The lake at noon' });
    await expect(shown).toBeVisible();
    await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(40);
    expect(await shown.evaluate((img) => [img.clientWidth, img.clientHeight])).toEqual([40, 60]);
    await expect(names.messages(who.page).getByRole('link', { name: 'minutes.txt, 12 B' })).toBeVisible();
  }
  const downloads = grace.page.waitForEvent('download');
  await names.messages(grace.page).getByRole('link', { name: 'minutes.txt, 12 B' }).click();
  const download = await downloads;
  expect(download.suggestedFilename()).toBe('minutes.txt');
  expect(await readFile(await download.path(), 'utf8')).toBe('what we said');
  await grace.toList();
  await expect(names.conversationLink(grace.page, ada.name)).toContainText('holiday.jpg and 1 more');
  // And so the server has it, too.
  await grace.goto(path);
  await expect(names.messages(grace.page).getByRole('img', { name: 'The lake at noon' })).toBeVisible();
});

test('files are chosen, described, taken out again, and go with a message', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await chooses(ada, await photograph(ada, 'lake.jpg'), text('minutes.txt', 'what we said'), text('wrong.txt', 'not this one'));
  const chosen = names.attachments(ada.page).getByRole('listitem');
  await expect(chosen).toHaveText([/lake\.(jpg|webp)/, /minutes\.txt/, /wrong\.txt/]);
  await ada.page.getByRole('button', { name: 'Remove wrong.txt', exact: true }).click();
  await expect(chosen).toHaveCount(2);
  await expect(names.composer(ada.page)).toBeFocused();
  await expect(chosen).toHaveText([/Ready to send/, /Ready to send/]);
  await names.attachments(ada.page).getByRole('textbox', { name: /^Description of lake/ }).fill('The lake at noon');
  await ada.send('two of them');
  await expect(chosen).toHaveCount(0);
  for (const who of [ada, grace]) {
    const picture = names.message(who.page, 'two of them').getByRole('img', { name: 'The lake at noon' });
    await expect(picture).toBeVisible();
    await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64);
    await expect(names.message(who.page, 'two of them').getByRole('link', { name: 'minutes.txt, 12 B' })).toBeVisible();
  }
});

test('a file alone is a message; what was written first comes first', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await chooses(ada, text('one.txt', 'x'.repeat(300_000)));
  await names.sendButton(ada.page).click();
  await ada.send('and that was it');
  await expect(names.messages(grace.page).getByRole('article')).toHaveText([/one\.txt/, /and that was it/]);
  await expect(names.messages(grace.page).getByRole('link', { name: 'one.txt, 300 kB' })).toBeVisible();
});

test('files chosen off line go over a reload and a closed tab, in their order', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  ada.console.allowLostConnection();
  // The page is kept, and its parts.
  await ada.reload();
  const isKept = () =>
    ada.page.evaluate(async (path) => {
      const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      const kept = all.flat().map(({ url }) => url);
      return kept.some((url) => url.endsWith(path)) && kept.some((url) => url.includes('split_files'));
    }, path);
  await expect.poll(isKept, { timeout: 20_000 }).toBe(true);
  await ada.context.setOffline(true);
  await chooses(ada, text('tunnel.txt', 'written in the tunnel'));
  await expect(names.attachments(ada.page).getByRole('progressbar', { name: 'tunnel.txt' })).toBeVisible();
  await names.composer(ada.page).fill('in the tunnel');
  await names.sendButton(ada.page).click();
  await ada.expectState('in the tunnel', 'sending');
  await ada.send('still in it');
  // One more that is not sent yet.
  await chooses(ada, text('draft.txt', 'for later'));
  await expect(names.attachments(ada.page).getByRole('listitem')).toHaveText([/draft\.txt/]);
  await ada.page.reload();
  await ada.expectMessage('in the tunnel');
  await expect(names.attachments(ada.page).getByRole('listitem')).toHaveText([/draft\.txt/]);
  const page = ada.page;
  const other = await ada.context.newPage();
  await other.goto(path);
  await ada.expectMessage('in the tunnel', other);
  await page.close();
  await ada.context.setOffline(false);
  await expect(names.messages(grace.page).getByRole('article')).toHaveText([/tunnel\.txt.*in the tunnel/s, /still in it/], { timeout: 30_000 });
  await expect(names.attachments(other).getByRole('listitem')).toHaveText([/draft\.txt/]);
});

test('an upload that is broken off goes on where it was', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  ada.console.allow(/Failed to load resource|ERR_/);
  let patches = 0;
  const offsets: string[] = [];
  await ada.page.route('**/api/files/*', async (route) => {
    if (route.request().method() !== 'PATCH') return route.continue();
    offsets.push(route.request().headers()['upload-offset'] ?? '');
    return patches++ === 0 ? route.abort() : route.continue();
  });
  await chooses(ada, text('long.txt', 'y'.repeat(2_000_000)));
  await ada.send('with a long one');
  await expect(names.message(grace.page, 'with a long one').getByRole('link', { name: 'long.txt, 2 MB' })).toBeVisible({ timeout: 20_000 });
  expect(offsets).toEqual(['0', '0']);
});

test('a message is taken back while its files are on their way', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  ada.console.allow(/Failed to load resource|ERR_/);
  let begun = () => {};
  const isGoing = new Promise<void>((resolve) => (begun = resolve));
  await ada.page.route('**/api/files/*', (route) => {
    // It does not come any further.
    if (route.request().method() === 'PATCH') return begun();
    return route.continue();
  });
  const ended = ada.page.waitForRequest((request) => request.method() === 'DELETE' && request.url().includes('/api/files/'));
  await chooses(ada, text('wrong.txt', 'not for you'));
  await ada.send('with the wrong one');
  await isGoing;
  await ada.send('and without');
  await names.messages(ada.page).getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(names.messages(grace.page).getByRole('article')).toHaveText([/and without/]);
  await expect(names.messages(ada.page).getByRole('article')).toHaveText([/and without/]);
  await ended;
});

test('what the server does not want is said where it was chosen, and nothing is lost', async ({ person }) => {
  const { ada } = await talkingPair(person);
  ada.console.allow(/Failed to load resource/);
  await ada.page.route('**/api/files', (route) =>
    route.fulfill({ status: 413, contentType: 'application/json', body: JSON.stringify({ error: { code: 'too_large', message: '“big.txt” is too large: a file has at most 100 MB here.' } }) }),
  );
  await chooses(ada, text('big.txt', 'z'));
  await expect(names.attachments(ada.page)).toContainText('is too large');
  await names.composer(ada.page).fill('look at this');
  await names.sendButton(ada.page).click();
  await expect(ada.page.getByRole('alert').filter({ hasText: '“big.txt” cannot be sent' })).toBeVisible();
  await expect(names.composer(ada.page)).toHaveValue('look at this');
  await ada.page.unroute('**/api/files');
  await names.attachments(ada.page).getByRole('button', { name: 'Try again: big.txt' }).click();
  await expect(names.attachments(ada.page)).toContainText('Ready to send');
  await names.sendButton(ada.page).click();
  await ada.expectState('look at this', 'delivered');
});

test('what is dropped on the conversation or pasted is chosen', async ({ person }) => {
  const { ada } = await talkingPair(person);
  await ada.page.evaluate(() => {
    const carry = (name: string) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File(['dropped'], name, { type: 'text/plain' }));
      return transfer;
    };
    const log = document.querySelector('.log')!;
    const init = { bubbles: true, cancelable: true };
    log.dispatchEvent(new DragEvent('dragover', { ...init, dataTransfer: carry('dropped.txt') }));
    log.dispatchEvent(new DragEvent('drop', { ...init, dataTransfer: carry('dropped.txt') }));
    document.querySelector('#message')!.dispatchEvent(new ClipboardEvent('paste', { ...init, clipboardData: carry('pasted.txt') }));
  });
  await expect(names.attachments(ada.page).getByRole('listitem')).toHaveText([/dropped\.txt/, /pasted\.txt/]);
  // With its text beside it the picture of a text is not meant.
  const isTaken = await ada.page.evaluate(() => {
    const both = new DataTransfer();
    both.items.add(new File(['drawn'], 'drawn.png', { type: 'image/png' }));
    both.setData('text/plain', 'words');
    return !document.querySelector('#message')!.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: both }));
  });
  expect(isTaken).toBe(false);
  await expect(ada.page.locator('.conv')).not.toHaveAttribute('data-drop');
});

test('what is chosen before the page lives is not lost', async ({ person }) => {
  const { ada, grace, path } = await talkingPair((name) => person(name, { serviceWorkers: 'block' }));
  for (const { console } of [ada, grace]) console.allow(/Service Worker registration blocked/);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await ada.page.route('**/sotto*.wasm', async (route) => {
    await released;
    await route.continue();
  });
  await ada.page.goto(path, { waitUntil: 'commit' });
  await chooses(ada, text('early.txt', 'an early bird'));
  release();
  await expect(names.attachments(ada.page).getByRole('listitem')).toHaveText([/early\.txt.*Ready to send/s]);
});

test('a large picture is made smaller, and is a picture still', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await chooses(ada, await photograph(ada, 'panorama.jpg', [3000, 1500]));
  // Before it is made: it goes as it was made, not as it was.
  await names.sendButton(ada.page).click();
  const picture = names.messages(grace.page).getByRole('link').filter({ has: grace.page.getByRole('img') });
  await expect(picture).toBeVisible();
  const [size, kind] = await picture.evaluate(async (link: HTMLAnchorElement) => {
    const blob = await (await fetch(link.href)).blob();
    const { width, height } = await createImageBitmap(blob);
    return [[width, height], blob.type] as const;
  });
  expect(size).toEqual([2048, 1024]);
  expect(kind).toBe('image/webp');
});

test('a picture goes as large as it is where that is asked for', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  // What was on its way when its upload was ended is answered with a refusal.
  ada.console.allow(/Failed to load resource/);
  await chooses(ada, await photograph(ada, 'panorama.jpg', [2200, 100]), text('minutes.txt', 'what we said'));
  const chosen = names.attachments(ada.page).getByRole('listitem');
  await chosen.first().getByRole('textbox').fill('The lake at noon');
  // The other way is as far as the first one.
  for (const [isPressed, name] of [
    ['true', /panorama\.jpg/],
    ['false', /panorama\.webp/],
    ['true', /panorama\.jpg/],
  ] as const) {
    await chosen.getByRole('button', { name: /^Original: panorama/ }).click();
    await expect(chosen).toHaveText([name, /minutes\.txt/]);
    await expect(chosen.getByRole('button', { name: /^Original: panorama/ })).toHaveAttribute('aria-pressed', isPressed);
    await expect(chosen.first().getByRole('textbox')).toHaveValue('The lake at noon');
    await expect(names.composer(ada.page)).toBeFocused();
  }
  await names.sendButton(ada.page).click();
  const picture = names.messages(grace.page).getByRole('link').filter({ has: grace.page.getByRole('img', { name: 'The lake at noon' }) });
  const size = await picture.evaluate(async (link: HTMLAnchorElement) => {
    const { width, height } = await createImageBitmap(await (await fetch(link.href)).blob());
    return [width, height];
  });
  expect(size).toEqual([2200, 100]);
});

test('where the browser keeps nothing it is said, and no other tab takes the file for lost', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.context.addInitScript(() => {
    const open = indexedDB.open.bind(indexedDB);
    indexedDB.open = (name, version) => {
      if (name === 'sotto-files') throw new Error('no room');
      return open(name, version);
    };
  });
  await ada.reload();
  const other = await ada.openTab(path);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await ada.page.route('**/api/files/*', async (route) => {
    await released;
    await route.continue();
  });
  await chooses(ada, text('unkept.txt', 'only here'));
  await expect(ada.page.getByText('has no room to keep “unkept.txt”')).toBeVisible();
  await ada.send('with it');
  await ada.expectState('with it', 'sending');
  await ada.expectMessage('with it', other);
  release();
  await expect(names.message(grace.page, 'with it').getByRole('link', { name: 'unkept.txt, 9 B' })).toBeVisible();
});
