import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { signUp } from './api';
import { chooses, photograph, text } from './choosing';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

test('the forms for logging in and signing up', async ({ person }) => {
  const ada = await person('ada');
  ada.console.allowStatus(422);
  await ada.page.goto('/auth');
  await expect(names.authForm(ada.page, 'Log in')).toBeVisible();
  await expectAccessible(ada.page);
  await ada.page.goto('/auth?mode=signup');
  await ada.submit('Sign up', 'ab', ada.password);
  await expect(names.username(ada.page)).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(ada.page);
});

test('the empty list, and one with search results and requests', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada'), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);
  await expectAccessible(ada.page);

  await ada.findAndAdd(grace.name);
  await expect(names.incomingRequest(grace.page, ada.name)).toBeVisible();
  await expectAccessible(grace.page);

  await ada.find(grace.name.slice(0, 6));
  await expect(names.personFound(ada.page, grace.name)).toBeVisible();
  // A button inside an option is what the page promises; this rule would rather have none.
  await expectAccessible(ada.page, ['nested-interactive']);
});

test('a conversation', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('Did you get the tickets?');
  await grace.expectMessage('Did you get the tickets?');
  await grace.send('https://tickets.example/order/8841');
  await ada.expectMessage('https://tickets.example/order/8841');
  await ada.expectState('Did you get the tickets?', 'read');
  await expectAccessible(ada.page);
});

test('marks in messages, and what helps to write them', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  const text = 'All **of** _it_: `a` ~~b~~ ||c|| [d](https://example.org)\n> said\n- one\n1. two\n```\ncode\n```';
  await names.composer(ada.page).fill(`${text}\n@${grace.name}`);
  await names.sendButton(ada.page).click();
  await grace.expectMessage('All');
  await names.composer(grace.page).fill(`${text.replace('All', 'Also')}\n@${ada.name}`);
  await names.sendButton(grace.page).click();
  await ada.expectMessage('Also');
  for (const { page } of [ada, grace]) await expectAccessible(page);
  await ada.page.getByRole('button', { name: 'Spoiler', exact: true }).first().click();
  await ada.page.getByRole('button', { name: 'Formatting', exact: true }).click();
  await names.composer(ada.page).focus();
  await ada.page.keyboard.type(':rocket');
  await expect(ada.page.getByRole('listbox', { name: 'Emoji' })).toBeVisible();
  await expectAccessible(ada.page);
});

test('a message that was answered, reacted to and edited', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('Shall we?');
  await grace.expectMessage('Shall we?');
  await grace.choose('Shall we?', 'React with 👍');
  await grace.choose('Shall we?', 'Reply');
  await names.composer(grace.page).fill('Yes!');
  await ada.choose('Shall we?', 'Edit');
  await names.composer(ada.page).fill('Shall we go?');
  await names.sendButton(ada.page).click();
  await expect(names.saying(grace.page, 'Shall we go?')).toContainText('edited');
  await expectAccessible(grace.page);
  await names.sendButton(grace.page).click();
  await ada.expectMessage('Yes!');
  await expectAccessible(ada.page);
});

test('the options of a message, and what they open', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('Shall we?');
  await grace.expectMessage('Shall we?');
  await names.saying(ada.page, 'Shall we?').focus();
  await names.messageOptions(ada.page, 'Shall we?').click();
  await expect(names.menuItem(ada.page, 'Reply')).toBeVisible();
  await expectAccessible(ada.page);
  await names.menuItem(ada.page, 'React').click();
  await ada.page.getByRole('searchbox', { name: 'Find emoji' }).fill('duck');
  await expect(ada.page.getByRole('button', { name: '🦆 duck' })).toBeVisible();
  await expectAccessible(ada.page);
  await ada.page.keyboard.press('Escape');
  await ada.choose('Shall we?', 'Information');
  await expectAccessible(ada.page);
});

test('what is pinned, and the panel of it', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('The code is 4711.');
  await grace.send('And the key is under the mat.');
  await ada.expectMessage('And the key is under the mat.');
  await ada.choose('The code is 4711.', 'Pin');
  await ada.choose('And the key is under the mat.', 'Pin');
  await expect(names.pinsButton(ada.page, 2)).toBeVisible();
  await expectAccessible(ada.page);
  await names.pinsButton(ada.page, 2).click();
  await expect(names.pins(ada.page).getByRole('listitem')).toHaveCount(2);
  await expectAccessible(ada.page);
  for (const text of ['And the key is under the mat.', 'The code is 4711.']) {
    await names.pins(ada.page).getByRole('button', { name: `Unpin: ${text}` }).click();
  }
  await expect(names.pins(ada.page)).toContainText('Nothing is pinned');
  await expectAccessible(ada.page);
});

test('what a conversation holds, by kind', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  for (const page of ['Media', 'Files'] as const) {
    await ada.page.goto(`${new URL(ada.page.url()).pathname}?media=${page.toLowerCase()}`);
    await ada.settle();
    await expect(names.mediaPanel(ada.page)).toContainText('No ');
    await expectAccessible(ada.page);
  }
  await chooses(grace, await photograph(grace, 'lake.jpg'), text('minutes.txt', 'what we said'));
  await grace.send('the way there: https://maps.example/lake');
  for (const kind of ['Media', 'Files', 'Links'] as const) {
    await names.mediaKind(ada.page, kind).click();
    await expect(names.mediaPanel(ada.page).getByRole('listitem')).toHaveCount(1);
    await expectAccessible(ada.page);
  }
});

test('the list with what is pinned, muted and marked, its menu, and the archive', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('hello');
  await grace.expectMessage('hello');
  await ada.toList();
  const link = names.conversationLink(ada.page, grace.name);
  await ada.keep(grace.name, 'Pin to top');
  await ada.keep(grace.name, 'Mark as unread');
  await expect(link).toHaveAccessibleName(/, unread, online, pinned/);
  await expectAccessible(ada.page);
  await ada.keep(grace.name, 'Mute', 'For 1 hour');
  await expect(link).toHaveAccessibleName(/, muted/);
  await expectAccessible(ada.page);
  await ada.keep(grace.name, /^Unmute/);
  await ada.keep(grace.name, 'Mute');
  await expectAccessible(ada.page);
  await ada.page.keyboard.press('Escape');
  await ada.keep(grace.name, 'Archive');
  await expectAccessible(ada.page);
  await names.archive(ada.page).click();
  await expect(link).toBeVisible();
  await expectAccessible(ada.page);
});

test('a group, its panel, and the dialog that makes one', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.toList();
  await ada.page.getByRole('link', { name: 'New group', exact: true }).click();
  await ada.page.getByRole('textbox', { name: 'Group name', exact: true }).fill('Ducks');
  await expectAccessible(ada.page);
  await ada.page.getByRole('checkbox', { name: grace.name }).check();
  await ada.page.getByRole('button', { name: 'Create group', exact: true }).click();
  await expect(names.conversation(ada.page, 'Ducks')).toBeVisible();
  await grace.openConversation('Ducks');
  await grace.send('hello');
  await ada.expectMessage('hello');
  await expectAccessible(ada.page);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  const details = ada.page.getByRole('complementary', { name: 'Group details' });
  for (const act of ['Add people', 'Rename group', 'Leave group', 'Delete group']) {
    await details.getByText(act, { exact: true }).click();
  }
  await expectAccessible(ada.page);
});

test('invitations, links, cards and blocks', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  const joan = await person('joan');
  await signUp(joan);
  await joan.goto('/');
  await ada.toList();
  await ada.makeGroup('Ducks', [grace]);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  await names.details(ada.page).getByText('Add people', { exact: true }).click();
  await names.details(ada.page).getByRole('searchbox', { name: 'Find others by username' }).fill(joan.name);
  await expect(names.details(ada.page).getByRole('checkbox', { name: joan.name })).toBeChecked();
  await expectAccessible(ada.page);
  await names.details(ada.page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(names.groupInvitations(joan.page)).toBeVisible();
  await expectAccessible(joan.page);
  await names.details(ada.page).getByText('Invite link', { exact: true }).click();
  await names.details(ada.page).getByRole('button', { name: 'Make a link', exact: true }).click();
  const url = await names.details(ada.page).getByRole('textbox', { name: 'Invite link', exact: true }).inputValue();
  await expectAccessible(ada.page);
  await joan.page.goto(url);
  await expect(joan.page.getByRole('button', { name: 'Join', exact: true })).toBeVisible();
  await expectAccessible(joan.page);
  await names.details(ada.page).getByRole('link', { name: grace.name, exact: true }).click();
  await expect(ada.page.getByRole('dialog', { name: grace.name, exact: true })).toBeVisible();
  await expectAccessible(ada.page);
  await ada.page.getByRole('dialog').getByRole('link', { name: 'Block', exact: true }).click();
  await expect(ada.page.getByRole('alertdialog')).toBeVisible();
  await expectAccessible(ada.page);
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Block', exact: true }).click();
  await expect(ada.page.getByRole('alertdialog')).toHaveCount(0);
  await ada.page.getByRole('button', { name: 'Close', exact: true }).click();
  await ada.toList();
  await names.conversationLink(ada.page, grace.name).click();
  await expect(ada.page.getByText(`You have blocked ${grace.name}.`)).toBeVisible();
  await expectAccessible(ada.page);
});

test('the palette, the sheet of shortcuts, and the dialog that leads to a day', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.page.keyboard.press('Control+k');
  await expect(names.place(ada.page, /Settings/)).toBeVisible();
  await expectAccessible(ada.page);
  await names.paletteField(ada.page).fill(grace.name.slice(0, 3));
  await expect(names.place(ada.page, new RegExp(`^${grace.name}`))).toBeVisible();
  await expectAccessible(ada.page);
  await names.paletteField(ada.page).fill('shortcuts');
  await ada.page.keyboard.press('Enter');
  await expect(names.shortcuts(ada.page)).toBeVisible();
  await expectAccessible(ada.page);
  await ada.page.keyboard.press('Escape');
  await ada.send('a day begins');
  await names.messages(ada.page).getByRole('link', { name: 'Today', exact: true }).click();
  await expect(names.jumpToDate(ada.page)).toBeVisible();
  await expectAccessible(ada.page);
});

test('an album of pictures, and one of them seen large', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await chooses(ada, await photograph(ada, 'one.jpg'), await photograph(ada, 'two.jpg', [300, 500]), await photograph(ada, 'three.jpg'));
  await ada.send('three of them');
  await ada.expectState('three of them', 'delivered');
  for (const { page } of [ada, grace]) {
    await expect(names.album(page, 3)).toBeVisible();
    await expectAccessible(page);
  }
  await names.album(grace.page, 3).getByRole('link').nth(1).click();
  await expect(names.inViewer(grace.page, 'Next')).toBeVisible();
  await expectAccessible(grace.page);
});

async function expectAccessible(page: Page, except: string[] = []): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    // Without motion, so that no colour is caught halfway.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const { violations } = await new AxeBuilder({ page }).disableRules(except).analyze();
    const found = violations.map(({ id, nodes }) => ({ rule: id, at: nodes.map(({ target }) => target.join(' ')) }));
    expect(found, `${page.url()} in ${colorScheme}`).toEqual([]);
  }
}
