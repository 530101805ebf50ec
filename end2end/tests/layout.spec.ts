import type { Page } from '@playwright/test';
import { expectNoSidewaysScroll, watchLayoutShift } from './measure';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

test('nothing is wider than a window of 320 pixels', async ({ person }) => {
  const narrow = { viewport: { width: 320, height: 640 }, isMobile: true, hasTouch: true };
  const mika = await person('mika', narrow);
  for (const path of ['/auth', '/auth?mode=signup']) {
    await mika.page.goto(path);
    await expect(names.username(mika.page)).toBeVisible();
    await expectNoSidewaysScroll(mika.page);
  }
  const { ada, grace } = await talkingPair((firstName) => person(firstName, narrow));
  await ada.send('https://example.org/a-long-path/that-goes-on/and-on/and-on/without-any-space');
  await expectNoSidewaysScroll(ada.page);
  await grace.toList();
  await expectNoSidewaysScroll(grace.page);
  await mika.signUp();
  await expectNoSidewaysScroll(mika.page);
});

test('a window of 767 pixels shows one pane, one of 768 both', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.page.setViewportSize({ width: 768, height: 800 });
  await expect(names.conversations(ada.page)).toBeVisible();
  await expect(names.composer(ada.page)).toBeVisible();
  await ada.page.setViewportSize({ width: 767, height: 800 });
  await expect(names.conversations(ada.page)).toBeHidden();
  await ada.toList();
  await expect(names.composer(ada.page)).toBeHidden();
  await expect(names.conversationLink(ada.page, grace.name)).toBeVisible();
});

test('when scripting takes over, nothing changes and nothing moves', async ({ person, browser }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('What time shall we meet?');
  await grace.expectMessage('What time shall we meet?');
  await grace.send('Eight, at the fountain?\nThen we have time for a bite.');
  await ada.expectMessage('Then we have time');
  await ada.expectState('What time shall we meet?', 'read');

  const plain = await browser.newContext({
    baseURL: ada.origin,
    javaScriptEnabled: false,
    storageState: await ada.context.storageState(),
  });
  const rendered = await plain.newPage();
  await rendered.goto(path);
  const fromServer = await shownText(rendered);
  await plain.close();
  expect(fromServer.messages).toHaveLength(2);

  const layoutShift = await watchLayoutShift(ada.page);
  await ada.reload();
  expect(await shownText(ada.page)).toEqual(fromServer);
  expect(await layoutShift()).toBeLessThan(0.01);
});

/** What people read: the messages, and the rows of the list. */
async function shownText(page: Page): Promise<{ messages: string[]; rows: string[] }> {
  return {
    messages: await names.messages(page).getByRole('article').allInnerTexts(),
    rows: await names.conversations(page).getByRole('link').allInnerTexts(),
  };
}
