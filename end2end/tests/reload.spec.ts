import { befriend, sendMessage, serverHtml } from './api';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

test('a reload keeps everything, and the server sends it finished', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('Did you get the tickets?');
  await grace.expectMessage('Did you get the tickets?');
  await grace.send('Row seven, in the middle.');
  await ada.expectMessage('Row seven, in the middle.');

  const html = await serverHtml(ada, path);
  expect(html).toContain('Did you get the tickets?');
  expect(html).toContain('Row seven, in the middle.');
  expect(html).toContain(grace.name);

  await ada.reload();
  await ada.expectMessage('Did you get the tickets?');
  await expect(names.messages(ada.page).getByRole('article')).toHaveCount(2);

  await grace.send('And you?');
  await ada.expectMessage('And you?');
});

test('back and forward move between conversations and the list', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.goto('/');
  await ada.openConversation(grace.name);
  await ada.page.goBack();
  await expect(ada.page).toHaveURL('/');
  await expect(names.conversationLink(ada.page, grace.name)).toBeVisible();
  await ada.page.goForward();
  await expect(ada.page).toHaveURL(path);
  await expect(names.composer(ada.page)).toBeVisible();
});

test('somebody who has come from another time zone sees the times of where they are', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada', { timezoneId: 'Asia/Tokyo' }), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);
  await befriend(ada, grace);
  await ada.reload();
  const path = await ada.openConversation(grace.name);
  await sendMessage(grace, path, 'Where are you?');

  await ada.context.addCookies([{ name: 'tz', value: 'America/New_York', url: ada.origin }]);
  await ada.goto(path);
  await ada.expectMessage('Where are you?');
  const there = new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Tokyo', hour: '2-digit', minute: '2-digit' });
  const stamp = names.messages(ada.page).locator('time');
  const moment = new Date((await stamp.getAttribute('datetime')) ?? '');
  await expect(stamp).toHaveText(there.format(moment));
  await ada.send('Back in Tokyo.');
  await ada.expectState('Back in Tokyo.', 'sent');
  expect((await ada.context.cookies()).find(({ name }) => name === 'tz')?.value).toBe('Asia/Tokyo');
});
