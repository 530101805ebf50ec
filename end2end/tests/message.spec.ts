import type { Page } from '@playwright/test';
import { randomUUID } from 'node:crypto';
import { crowd, sendMany } from './api';
import { three } from './group';
import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

const log = (page: Page) => names.messages(page);
const body = (page: Page, text: string) => log(page).locator('article .body', { hasText: text });
const quote = (page: Page, text: string) => names.saying(page, text).getByRole('link', { name: /^Replying to / });

test('what was said can be said otherwise, and it shows', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('the frist words');
  await grace.expectMessage('the frist words');
  await names.composer(ada.page).fill('half a thought');
  await ada.choose('the frist words', 'Edit');
  await expect(names.about(ada.page, 'Editing message')).toBeVisible();
  await expect(names.composer(ada.page)).toHaveValue('the frist words');
  await expect(names.composer(ada.page)).toBeFocused();
  await names.composer(ada.page).fill('the first words');
  await names.sendButton(ada.page).click();
  for (const { page } of [ada, grace]) {
    await expect(names.saying(page, 'the first words')).toContainText('edited');
    await expect(body(page, 'the frist words')).toHaveCount(0);
  }
  await expect(names.about(ada.page, 'Editing message')).toBeHidden();
  await expect(names.composer(ada.page), 'what was being written is there again').toHaveValue('half a thought');
});

test('ArrowUp in an empty composer edits what one said last, Escape leaves it as it is', async ({ person, isMobile }) => {
  test.skip(isMobile, 'a keyboard of keys');
  const { ada, grace } = await talkingPair(person);
  await ada.send('said first');
  await ada.send('said last');
  await grace.send('not hers');
  await ada.expectMessage('not hers');
  await names.composer(ada.page).press('ArrowUp');
  await expect(names.composer(ada.page)).toHaveValue('said last');
  await names.composer(ada.page).pressSequentially(', and more');
  await names.composer(ada.page).press('Escape');
  await expect(names.composer(ada.page)).toHaveValue('');
  await expect(names.about(ada.page, 'Editing message')).toBeHidden();
  await names.composer(ada.page).press('ArrowUp');
  await expect(names.composer(ada.page), 'nothing typed is lost').toHaveValue('said last, and more');
  await names.composer(ada.page).press('Enter');
  await expect(body(grace.page, 'said last, and more')).toBeVisible();
});

test('a deletion can be taken back for a while, and then is for everybody', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('too much said');
  await grace.expectMessage('too much said');
  await ada.choose('too much said', 'Delete');
  await expect(body(ada.page, 'too much said')).toHaveCount(0);
  // What comes later does not wait for it.
  await ada.send('and on');
  await ada.expectState('and on', 'delivered');
  await ada.page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(body(ada.page, 'too much said')).toBeVisible();
  await ada.reload();
  await expect(body(ada.page, 'too much said')).toBeVisible();
  await ada.choose('too much said', 'Delete');
  await expect(body(ada.page, 'too much said')).toHaveCount(0);
  for (const { page } of [ada, grace]) await expect(body(page, 'Message deleted')).toBeVisible();
  await expect(body(grace.page, 'too much said')).toHaveCount(0);
  await ada.reload();
  await expect(body(ada.page, 'Message deleted')).toBeVisible();
  await expect(names.messageOptions(ada.page, 'Message deleted')).toHaveCount(0);
});

test('a deletion outlives the page that it was asked on', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('gone for good');
  await grace.expectMessage('gone for good');
  await ada.choose('gone for good', 'Delete');
  await expect(ada.page.getByRole('button', { name: 'Undo', exact: true })).toBeVisible();
  await ada.reload();
  await expect(body(grace.page, 'Message deleted')).toBeVisible();
});

test('an answer shows what it answers, and leads there however far back it is', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await grace.send('the question of the day');
  await ada.expectMessage('the question of the day');
  await ada.choose('the question of the day', 'Reply');
  await expect(names.about(ada.page, `Replying to ${grace.name}`)).toBeVisible();
  await ada.page.getByRole('button', { name: 'Cancel reply', exact: true }).click();
  await expect(names.about(ada.page, 'Replying to')).toBeHidden();
  await sendMany(grace, path, Array.from({ length: 120 }, (_, n) => `line ${n}`));
  await expect(body(ada.page, 'line 119')).toBeVisible();
  await ada.choose('the question of the day', 'Reply');
  await ada.send('the answer to it');
  await expect(quote(grace.page, 'the answer to it')).toHaveAccessibleName('Replying to You: the question of the day');
  // A page that does not hold it finds it out, and goes back to it.
  await grace.reload();
  await expect(body(grace.page, 'the question of the day')).toHaveCount(0);
  await expect(quote(grace.page, 'the answer to it')).toContainText('the question of the day');
  await quote(grace.page, 'the answer to it').click();
  await expect(names.saying(grace.page, 'the question of the day')).toBeInViewport();
  await expect(names.saying(grace.page, 'the question of the day')).toBeFocused();
  await grace.page.getByRole('button', { name: 'Go to the newest message' }).click();
  await expect(names.saying(grace.page, 'the answer to it')).toBeInViewport();
});

test('what is answered changes with it, and is gone with it', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('a fact');
  await grace.expectMessage('a fact');
  await grace.choose('a fact', 'Reply');
  await grace.send('is it so');
  await expect(quote(ada.page, 'is it so')).toContainText('a fact');
  await ada.choose('a fact', 'Edit');
  await names.composer(ada.page).fill('a guess');
  await names.sendButton(ada.page).click();
  await expect(quote(grace.page, 'is it so')).toContainText('a guess');
  await ada.choose('a guess', 'Delete');
  await expect(quote(grace.page, 'is it so')).toContainText('Message deleted');
});

test('people react, see who did, and take it back', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('good news');
  await grace.expectMessage('good news');
  await grace.choose('good news', 'React with 👍');
  await expect(names.reaction(ada.page, 'good news', `👍, 1, by ${grace.name}`)).toHaveAttribute('aria-pressed', 'false');
  await names.reaction(ada.page, 'good news', /^👍/).click();
  await expect(names.reaction(grace.page, 'good news', `👍, 2, by You, ${ada.name}`)).toHaveAttribute('aria-pressed', 'true');
  await names.reaction(grace.page, 'good news', /^👍/).click();
  await expect(names.reaction(ada.page, 'good news', '👍, 1, by You')).toHaveAttribute('aria-pressed', 'true');
  await names.reaction(ada.page, 'good news', /^👍/).click();
  for (const { page } of [ada, grace]) await expect(names.reaction(page, 'good news', /^👍/)).toHaveCount(0);
});

test('any emoji is found by name, in the tone that one has, and at hand the next time', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await grace.send('see you there');
  await ada.expectMessage('see you there');
  await ada.choose('see you there', 'React');
  const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
  await expect(picker.getByRole('region', { name: 'Flags' })).toBeAttached();
  await picker.getByRole('combobox', { name: 'Skin tone' }).selectOption('✋🏽');
  await picker.getByRole('searchbox', { name: 'Find emoji' }).fill('waving hand');
  await picker.getByRole('button', { name: '👋🏽 waving hand' }).click();
  await expect(picker).toBeHidden();
  await expect(names.reaction(grace.page, 'see you there', `👋🏽, 1, by ${ada.name}`)).toBeVisible();
  await names.reaction(ada.page, 'see you there', 'Add reaction').click();
  await picker.getByRole('searchbox', { name: 'Find emoji' }).fill('no such thing');
  await expect(picker.getByText('No emoji is called so.')).toBeVisible();
  await picker.getByRole('searchbox', { name: 'Find emoji' }).fill('');
  await expect(picker.getByRole('region', { name: 'Recently used' })).toContainText('👋🏽');
  await ada.page.keyboard.press('Escape');
  await expect(picker).toBeHidden();
});

test('text and address of a message can be taken along; the address is for its members', async ({ person }) => {
  const { ada, grace, path } = await talkingPair((name) => person(name, { permissions: ['clipboard-read', 'clipboard-write'] }));
  await ada.send('words to take along');
  const copied = () => ada.page.evaluate(() => navigator.clipboard.readText());
  await ada.choose('words to take along', 'Copy text');
  await expect.poll(copied).toBe('words to take along');
  await ada.choose('words to take along', 'Copy link');
  await expect.poll(copied).toBe(`${ada.origin}${path}?at=1#m1`);
  await sendMany(ada, path, Array.from({ length: 120 }, (_, n) => `line ${n}`));
  await grace.goto(`${path}?at=1#m1`);
  await expect(names.saying(grace.page, 'words to take along')).toBeInViewport();
  await expect(grace.page).toHaveURL(path);
  const eve = await person('eve');
  await eve.signUp();
  eve.console.allowStatus(404);
  const answer = await eve.page.goto(`${path}?at=1#m1`);
  expect(answer?.status()).toBe(404);
  await expect(body(eve.page, 'words to take along')).toHaveCount(0);
});

test('a message is forwarded to whoever one chooses', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const group = await ada.context.request.post('/api/groups', {
    data: { name: 'Ducks', members: [await idOf(ada.page, grace.name)] },
    headers: { origin: ada.origin },
  });
  expect(group.status()).toBe(200);
  await ada.openConversation(grace.name);
  await ada.send('worth telling');
  await ada.choose('worth telling', 'Forward');
  const dialog = ada.page.getByRole('dialog', { name: 'Forward to' });
  await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
  await expect(ada.page.getByRole('status').filter({ hasText: 'Choose at least one conversation.' })).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Ducks' }).check();
  await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
  await expect(dialog).toBeHidden();
  await grace.openConversation('Ducks');
  await expect(body(grace.page, 'worth telling')).toBeVisible();
});

test('it can be seen when a message was written, and who has read it', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('read this');
  await grace.expectMessage('read this');
  await ada.expectState('read this', 'read');
  await ada.choose('read this', 'Information');
  const dialog = ada.page.getByRole('dialog', { name: 'Information' });
  await expect(dialog).toContainText('Sent');
  await expect(dialog.getByRole('listitem').filter({ hasText: grace.name })).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).click();
  await expect(dialog).toBeHidden();
});

test('in a group of more than fifty it is asked how many have read it', async ({ person }) => {
  test.slow();
  const { ada, grace, joan } = await three(person);
  const path = await ada.makeGroup('Crowd', [grace, joan]);
  await crowd(ada, path, 48);
  await ada.goto(path);
  await ada.send('read this');
  // Below all those who have joined: read is what was seen.
  await grace.goto(path);
  await body(grace.page, 'read this').scrollIntoViewIfNeeded();
  await joan.openConversation('Crowd');
  await body(joan.page, 'read this').scrollIntoViewIfNeeded();
  // Nobody but its author is told of it: whoever looks asks, and what is there meanwhile is replaced.
  const dialog = (on: Page) => on.getByRole('dialog', { name: 'Information' });
  await expect(async () => {
    await grace.choose('read this', 'Information');
    const isCounted = expect(dialog(grace.page)).toContainText('2 of 50', { timeout: 1000 });
    await isCounted.finally(() => dialog(grace.page).getByRole('button', { name: 'Close' }).click());
  }).toPass();
  await expect(names.messages(ada.page).locator('.read-by')).toHaveCount(0);
  await ada.choose('read this', 'Information');
  await expect(dialog(ada.page)).toContainText('2 of 50');
  await expect(dialog(ada.page).getByRole('listitem')).toHaveCount(0);
});

test('off line all of it is there at once, and is done when the network is back', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('the one');
  await ada.send('the other');
  await grace.expectMessage('the other');
  // The part is loaded once.
  await ada.choose('the one', 'React with 😂');
  await expect(names.reaction(grace.page, 'the one', /^😂/)).toBeVisible();
  ada.console.allowLostConnection();
  await ada.context.setOffline(true);
  await ada.choose('the other', 'React with 🙏');
  await ada.choose('the one', 'Edit');
  await names.composer(ada.page).fill('the very one');
  await names.sendButton(ada.page).click();
  await ada.choose('the other', 'Reply');
  await ada.send('an answer');
  await expect(body(ada.page, 'the very one')).toBeVisible();
  await expect(names.reaction(ada.page, 'the other', /^🙏/)).toBeVisible();
  await expect(quote(ada.page, 'an answer')).toContainText('the other');
  await ada.context.setOffline(false);
  await expect(body(grace.page, 'the very one')).toBeVisible();
  await expect(names.reaction(grace.page, 'the other', /^🙏/)).toBeVisible();
  await expect(quote(grace.page, 'an answer')).toContainText('the other');
});

test('what is refused is undone, with its reason', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('soon gone');
  await grace.expectMessage('soon gone');
  ada.console.allowLostConnection();
  await grace.choose('soon gone', 'React with 😂');
  await expect(names.reaction(ada.page, 'soon gone', /^😂/)).toBeVisible();
  await grace.context.setOffline(true);
  grace.console.allowLostConnection();
  await grace.choose('soon gone', 'React with 🙏');
  await expect(names.reaction(grace.page, 'soon gone', /^🙏/)).toBeVisible();
  await ada.choose('soon gone', 'Delete');
  const stored = async () => {
    const answer = await ada.context.request.get(`${path.replace('/c/', '/api/conversations/')}/messages`);
    return ((await answer.json()) as { messages: { deleted_at?: string }[] }).messages[0]?.deleted_at ?? 'there';
  };
  await expect.poll(stored, { timeout: 20_000 }).not.toBe('there');
  await grace.context.setOffline(false);
  await expect(grace.page.getByRole('alert').filter({ hasText: 'This message has been deleted.' })).toBeVisible();
  await expect(body(grace.page, 'Message deleted')).toBeVisible();
});

test('what the address asks of a message stands open, also over a reload', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('asked about');
  await grace.expectMessage('asked about');
  const id = await names.saying(ada.page, 'asked about').locator('.more').getAttribute('value');
  for (const [what, name] of [['message', 'Message options'], ['emoji', 'Emoji'], ['forward', 'Forward to'], ['information', 'Information']] as const) {
    await ada.goto(`${path}?${what}=${id}`);
    await expect(ada.page.getByRole('dialog', { name })).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(ada.page.getByRole('dialog')).toHaveCount(0);
  }
  await ada.goto(`${path}?reply=${id}`);
  await expect(names.about(ada.page, 'Replying to You')).toBeVisible();
  await ada.goto(`${path}?edit=${id}`);
  await expect(names.composer(ada.page)).toHaveValue('asked about');
  await names.composer(ada.page).fill('asked no more');
  await names.sendButton(ada.page).click();
  await expect(body(grace.page, 'asked no more')).toBeVisible();
  await ada.goto(`${path}?message=${id?.replaceAll(/[0-9]/g, '0')}`);
  await expect(ada.page.getByRole('dialog')).toContainText('This message is not here.');
});

test('with the keyboard alone one gets to every message and its options', async ({ person, isMobile }) => {
  test.skip(isMobile, 'a keyboard of keys');
  const { ada, grace } = await talkingPair(person);
  await grace.send('first of two');
  await grace.send('second of two');
  await ada.expectMessage('second of two');
  await log(ada.page).focus();
  await ada.page.keyboard.press('ArrowUp');
  await expect(names.saying(ada.page, 'second of two')).toBeFocused();
  await ada.page.keyboard.press('ArrowUp');
  await expect(names.saying(ada.page, 'first of two')).toBeFocused();
  await ada.page.keyboard.press('Tab');
  await expect(names.messageOptions(ada.page, 'first of two')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(ada.page.getByRole('menuitem', { name: 'React with 👍' })).toBeFocused();
  await ada.page.keyboard.press('ArrowUp');
  await expect(names.menuItem(ada.page, 'Information')).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(ada.page.getByRole('menu', { name: 'Message options' })).toHaveCount(0);
  await expect(names.saying(ada.page, 'first of two')).toBeFocused();
});

test('a right click, or a long press, opens the options', async ({ person, isMobile }) => {
  const { ada, grace } = await talkingPair(person);
  await grace.send('press here');
  await ada.expectMessage('press here');
  if (isMobile) await names.saying(ada.page, 'press here').dispatchEvent('contextmenu');
  else await names.saying(ada.page, 'press here').click({ button: 'right' });
  await expect(names.menuItem(ada.page, 'Reply')).toBeVisible();
  await expect(names.menuItem(ada.page, 'Edit'), 'the words of others stay').toHaveCount(0);
  await expect(names.menuItem(ada.page, 'Delete')).toHaveCount(0);
});

test('an older page of this tab does not lose what another tab undid', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.send('kept after all');
  await grace.expectMessage('kept after all');
  const tab = await ada.openTab(path);
  await ada.choose('kept after all', 'Delete');
  await expect(body(tab, 'kept after all')).toHaveCount(0);
  await ada.page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(body(tab, 'kept after all')).toBeVisible();
  await names.composer(tab).fill('and on');
  await names.sendButton(tab).click();
  await expect(body(grace.page, 'and on')).toBeVisible();
  await expect(body(grace.page, 'kept after all')).toBeVisible();
});

/** The id of a contact. */
async function idOf(page: Page, name: string): Promise<string> {
  const contacts = (await (await page.context().request.get('/api/contacts')).json()) as { id: string; username: string }[];
  return contacts.find(({ username }) => username === name)?.id ?? randomUUID();
}
