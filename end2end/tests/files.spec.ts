import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { post, upload } from './api';
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
