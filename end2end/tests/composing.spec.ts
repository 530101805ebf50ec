import { sendMany } from './api';
import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

const isPhone = () => test.info().project.name === 'phone';

test('an opened conversation has the cursor where one writes, but not under fingers', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  // The link past the lists, which is out of sight, takes no room either.
  expect(await ada.page.locator('main.app').boundingBox()).toMatchObject({ x: 0, y: 0, height: ada.page.viewportSize()!.height });
  await ada.page.getByRole('link', { name: 'Skip to the conversation' }).focus();
  await expect(ada.page.getByRole('link', { name: 'Skip to the conversation' })).toBeInViewport();
  await ada.page.keyboard.press('Enter');
  await expect(names.composer(ada.page)).toBeFocused();
  // Without the fragment that was followed: the browser itself would lead the focus there.
  await ada.goto(new URL(ada.page.url()).pathname);
  await ada.settle();
  if (isPhone()) await expect(names.composer(ada.page)).not.toBeFocused();
  else await expect(names.composer(ada.page)).toBeFocused();
});

test('on a touch screen Enter breaks the line and the button sends', async ({ person }) => {
  test.skip(!isPhone());
  const { ada, grace } = await talkingPair(person);
  await names.composer(ada.page).tap();
  await ada.page.keyboard.type('one');
  await ada.page.keyboard.press('Enter');
  await ada.page.keyboard.type('two');
  await expect(names.composer(ada.page)).toHaveValue('one\ntwo');
  await names.sendButton(ada.page).tap();
  await grace.expectMessage('one\ntwo');
});

test('the room that is left is counted near its end, and an error goes with what it was about', async ({ person }) => {
  const { ada } = await talkingPair(person);
  const composer = names.composer(ada.page);
  const room = ada.page.getByRole('status').filter({ hasText: /characters/ });
  await composer.fill('x'.repeat(3000));
  await expect(room).toHaveCount(0);
  await composer.fill('x'.repeat(3990));
  await expect(room).toHaveText('10 characters left');
  await composer.fill('x'.repeat(4003));
  await expect(room).toHaveText('3 characters too many; send it in parts');
  await names.sendButton(ada.page).click();
  const alert = ada.page.getByRole('alert').filter({ hasText: 'at most 4000 characters' });
  await expect(alert).toBeVisible();
  await composer.fill('short');
  await expect(alert).toHaveCount(0);
  await expect(room).toHaveCount(0);
});

test('what was left in the composer is told of in the list, and not doubled by another tab', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const tab = await ada.openTab(path);
  await names.composer(ada.page).fill('half a thought');
  await expect(names.composer(tab)).toHaveValue('half a thought');
  await names.sendButton(ada.page).click();
  await grace.expectMessage('half a thought');
  await expect(names.composer(tab)).toHaveValue('');
  await names.composer(ada.page).fill('and another');
  await ada.page.goto('/');
  await ada.settle();
  await expect(names.conversationLink(ada.page, grace.name)).toContainText('Draft: and another');
});

test('what was never on the screen is not read, and begins under the divider', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await grace.send('seen');
  await ada.expectMessage('seen');
  await grace.expectState('seen', 'read');
  await ada.page.goto('about:blank');
  const missed = Array.from({ length: 40 }, (_, index) => `missed ${index + 1}`);
  await sendMany(grace, path, missed);
  await ada.goto(path);
  const divider = names.messages(ada.page).getByText('New messages', { exact: true });
  await expect(divider).toBeInViewport();
  await expect(names.message(ada.page, /^missed 1$/)).toBeInViewport();
  await expect(names.message(ada.page, 'missed 40')).not.toBeInViewport();
  await grace.expectState('missed 40', 'sent');
  const jump = ada.page.getByRole('button', { name: /^(New messages|Go to the newest message)$/ });
  await jump.click();
  await expect(names.message(ada.page, 'missed 40')).toBeInViewport();
  await grace.expectState('missed 40', 'read');
  await expect(jump).toBeHidden();
});

test('both sides are told when a contact is removed', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('soon gone');
  await grace.expectMessage('soon gone');
  await names.conversationOptions(ada.page).click();
  await names.removeContactButton(ada.page).click();
  await expect(names.removeDialog(ada.page)).toContainText('That is one message');
  await names.removeDialog(ada.page).getByRole('button', { name: 'Remove', exact: true }).click();
  await expect(ada.page.getByRole('status').filter({ hasText: `${grace.name} is no longer your contact` })).toBeVisible();
  await expect(grace.page.getByRole('status').filter({ hasText: `${ada.name} is no longer your contact` })).toBeVisible();
});

test('a conversation prints as a document, and words are copied without their times', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('on paper');
  await grace.expectMessage('on paper');
  await ada.expectState('on paper', 'read');
  const copied = await ada.page.evaluate(() => {
    getSelection()!.selectAllChildren(document.querySelector('.messages')!);
    return getSelection()!.toString();
  });
  expect(copied).toContain('on paper');
  expect(copied).not.toMatch(/Read|\d\d:\d\d/);
  await ada.page.emulateMedia({ media: 'print' });
  await expect(names.message(ada.page, 'on paper')).toBeVisible();
  await expect(names.composer(ada.page)).toBeHidden();
  await expect(names.peopleSearch(ada.page)).toBeHidden();
});
