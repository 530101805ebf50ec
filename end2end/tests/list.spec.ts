import { befriend, sendMessage, setPrefs, signUp } from './api';
import * as names from './names';
import { pair, talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

type Meet = (firstName: string) => Promise<Person>;

/** Ada, who looks at her list, and two contacts of hers; the paths are those of their conversations. */
async function three(meet: Meet) {
  const { ada, grace } = await pair(meet);
  const linus = await meet('linus');
  await signUp(linus);
  await befriend(linus, ada);
  await linus.goto('/');
  const [withGrace, withLinus] = [await ada.openConversation(grace.name), await ada.openConversation(linus.name)];
  await ada.goto('/');
  return { ada, grace, linus, withGrace, withLinus };
}

/** The rows of a list from the top, by whom they are with. */
async function expectOrder(person: Person, others: Person[], page = person.page): Promise<void> {
  const links = names.conversations(page).locator('li').getByRole('link');
  await expect(links).toHaveCount(others.length);
  for (const [place, { name }] of others.entries()) {
    await expect(links.nth(place)).toHaveAccessibleName(new RegExp(`^${name}\\b`));
  }
}

test('what is pinned stands first, on every device, until it is unpinned', async ({ person }) => {
  const { ada, grace, linus, withLinus, withGrace } = await three(person);
  await sendMessage(linus, withLinus, 'one');
  await expectOrder(ada, [linus, grace]);
  const tab = await ada.openTab('/');
  await ada.keep(grace.name, 'Pin to top');
  for (const page of [ada.page, tab]) {
    await expectOrder(ada, [grace, linus], page);
    await expect(names.conversationLink(page, grace.name)).toHaveAccessibleName(/, pinned/);
  }
  await sendMessage(linus, withLinus, 'two');
  await expect(names.conversationLink(ada.page, linus.name)).toContainText('two');
  await expectOrder(ada, [grace, linus]);
  await ada.keep(linus.name, 'Pin to top');
  await sendMessage(grace, withGrace, 'three');
  await expect(names.conversationLink(ada.page, grace.name)).toContainText('three');
  await expectOrder(ada, [grace, linus]);
  await ada.reload();
  await expectOrder(ada, [grace, linus]);
  await ada.keep(grace.name, 'Unpin');
  await expectOrder(ada, [linus, grace]);
  await expectOrder(ada, [linus, grace], tab);
});

test('the menu opens by its button and by the keyboard, and gives the focus back', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await names.rowOptions(ada.page, grace.name).focus();
  await ada.page.keyboard.press('Enter');
  await expect(names.menuItem(ada.page, 'Pin to top')).toBeFocused();
  await ada.page.keyboard.press('ArrowDown');
  await expect(names.menuItem(ada.page, 'Mute')).toBeFocused();
  await ada.page.keyboard.press('Enter');
  await expect(names.menuItem(ada.page, 'For 1 hour')).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(names.rowOptions(ada.page, grace.name)).toBeFocused();
  await expect(ada.page.getByRole('menu')).toHaveCount(0);
});

test('a muted conversation is calm, and is so no longer once its time is over', async ({ person }) => {
  const { ada, grace, withGrace } = await three(person);
  const link = names.conversationLink(ada.page, grace.name);
  await ada.keep(grace.name, 'Mute', 'For 8 hours');
  await expect(link).toHaveAccessibleName(/, muted/);
  await sendMessage(grace, withGrace, 'psst');
  await expect(link).toHaveAccessibleName(/, 1 unread/);
  await expect(ada.page).toHaveTitle('Sotto');
  await expect(ada.page.locator('link[rel=icon]')).toHaveAttribute('href', '/favicon.svg');
  await ada.reload();
  await expect(ada.page).toHaveTitle('Sotto');
  await ada.keep(grace.name, /^Unmute \(muted until /);
  await expect(ada.page).toHaveTitle('(1) Sotto');
  await ada.keep(grace.name, 'Mute', 'Always');
  await expect(ada.page).toHaveTitle('Sotto');
  await ada.keep(grace.name, 'Unmute (always muted)');
  await expect(link).not.toHaveAccessibleName(/muted/);

  await test.step('it runs out in an open page', async () => {
    // Set on another device.
    await setPrefs(ada, withGrace, { mute_for: 6 });
    await expect(ada.page).toHaveTitle('Sotto');
    await expect(link).toHaveAccessibleName(/, muted/);
    await expect(ada.page).toHaveTitle('(1) Sotto', { timeout: 20_000 });
    await expect(link).not.toHaveAccessibleName(/muted/);
  });
});

test('what is archived is in a list of its own until a new message brings it back', async ({ person }) => {
  const { ada, grace, linus, withGrace } = await three(person);
  await ada.keep(grace.name, 'Archive');
  await expectOrder(ada, [linus]);
  await expect(names.archive(ada.page)).toHaveAccessibleName('Archived, 1');
  await names.archive(ada.page).click();
  await expect(ada.page).toHaveURL(/archived=1/);
  await expect(names.conversations(ada.page).getByRole('heading', { name: 'Archived' })).toBeVisible();
  await expectOrder(ada, [grace]);
  await ada.page.goBack();
  await expectOrder(ada, [linus]);
  await names.archive(ada.page).click();

  await names.conversationLink(ada.page, grace.name).click();
  await expect(names.conversation(ada.page, grace.name)).toBeVisible();
  await ada.toList();
  await ada.reload();
  await expectOrder(ada, [grace]);
  await names.fromArchive(ada.page).click();
  await expectOrder(ada, [linus]);

  await sendMessage(grace, withGrace, 'are you there?');
  await expect(names.conversationLink(ada.page, grace.name)).toContainText('are you there?');
  await expect(names.archive(ada.page)).toHaveCount(0);

  await ada.keep(grace.name, 'Archive');
  await expect(names.archive(ada.page)).toBeVisible();
  await ada.page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(names.conversationLink(ada.page, grace.name)).toBeVisible();
  await expect(names.archive(ada.page)).toHaveCount(0);

  await ada.keep(grace.name, 'Mute', 'Always');
  await ada.keep(grace.name, 'Archive');
  await sendMessage(grace, withGrace, 'and now?');
  await names.archive(ada.page).click();
  await expect(names.conversationLink(ada.page, grace.name)).toContainText('and now?');
  await ada.keep(grace.name, 'Unarchive');
  await expect(names.conversations(ada.page).getByText('Nothing is archived')).toBeVisible();
  await names.fromArchive(ada.page).click();
  await expect(names.conversationLink(ada.page, grace.name)).toBeVisible();
});

test('what is marked as unread is so until it is opened, on any device', async ({ person }) => {
  const { ada, grace, withGrace } = await three(person);
  const tab = await ada.openTab('/');
  const link = names.conversationLink(ada.page, grace.name);
  const linkInTab = names.conversationLink(tab, grace.name);
  await ada.keep(grace.name, 'Mark as unread');
  for (const shown of [link, linkInTab]) await expect(shown).toHaveAccessibleName(/, unread/);
  await expect(ada.page).toHaveTitle('(1) Sotto');
  await linkInTab.click();
  await expect(names.conversation(tab, grace.name)).toBeVisible();
  await expect(link).not.toHaveAccessibleName(/unread/);

  await tab.close();
  await ada.keep(grace.name, 'Mark as unread');
  await expect(link).toHaveAccessibleName(/, unread/);
  await ada.keep(grace.name, 'Mark as read');
  await expect(link).not.toHaveAccessibleName(/unread/);
  await sendMessage(grace, withGrace, 'two');
  await expect(link).toHaveAccessibleName(/, 1 unread/);
  await ada.keep(grace.name, 'Mark as read');
  await expect(link).not.toHaveAccessibleName(/unread/);
});

test('the menu of the open conversation keeps the same, of a group, too', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Pin to top').click();
  await names.conversationOptions(ada.page).click();
  await expect(names.menuItem(ada.page, 'Unpin')).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await ada.toList();
  await expect(names.conversationLink(ada.page, grace.name)).toHaveAccessibleName(/, pinned/);
  await ada.page.getByRole('link', { name: 'New group', exact: true }).click();
  await ada.page.getByRole('textbox', { name: 'Group name', exact: true }).fill('Ducks');
  await ada.page.getByRole('checkbox', { name: grace.name }).check();
  await ada.page.getByRole('button', { name: 'Create group', exact: true }).click();
  await expect(names.conversation(ada.page, 'Ducks')).toBeVisible();
  await names.conversationOptions(ada.page).click();
  await expect(names.removeContactButton(ada.page)).toHaveCount(0);
  await names.menuItem(ada.page, 'Mark as unread').click();
  await ada.toList();
  await expect(names.conversationLink(ada.page, 'Ducks')).toHaveAccessibleName(/, unread/);
});

test('what cannot be stored is undone, and says why', async ({ person }) => {
  const { ada, grace } = await pair(person);
  ada.console.allowStatus(403);
  const why = 'You can pin at most 20 conversations.';
  const json = { error: { code: 'not_allowed', message: why } };
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await ada.page.route('**/prefs', async (route) => {
    await asked;
    await route.fulfill({ status: 403, json });
  });
  const link = names.conversationLink(ada.page, grace.name);
  await ada.keep(grace.name, 'Pin to top');
  await expect(link, 'at once').toHaveAccessibleName(/, pinned/);
  answer();
  await expect(ada.page.getByRole('alert').filter({ hasText: why })).toBeVisible();
  await expect(link).not.toHaveAccessibleName(/pinned/);
  await ada.page.unroute('**/prefs');

  ada.console.allowLostConnection();
  await ada.context.setOffline(true);
  await expect(names.reconnecting(ada.page)).toBeVisible();
  await ada.keep(grace.name, 'Pin to top');
  await expect(ada.page.getByRole('alert').filter({ hasText: 'You are not connected' })).toBeVisible();
  await expect(link).not.toHaveAccessibleName(/pinned/);
});

test('Alt and an arrow lead to what is unread, round the list, also from the composer', async ({ person }) => {
  test.skip(test.info().project.name === 'phone', 'there is no such key');
  const { ada, grace, linus, withGrace, withLinus } = await three(person);
  const said = (text: string | RegExp) => ada.page.getByRole('status').filter({ hasText: text });
  await ada.page.keyboard.press('Alt+ArrowDown');
  await expect(said('No unread conversations')).toHaveCount(1);
  await sendMessage(grace, withGrace, 'one');
  await sendMessage(linus, withLinus, 'two');
  await expect(ada.page).toHaveTitle('(2) Sotto');
  await ada.page.keyboard.press('Alt+ArrowUp');
  await expect(ada.page).toHaveURL(withGrace);
  await expect(said(new RegExp(`^${grace.name}, 1 unread`))).toHaveCount(1);
  await expect(names.composer(ada.page)).toBeFocused();
  await ada.page.keyboard.press('Alt+ArrowDown');
  await expect(ada.page).toHaveURL(withLinus);
  await expect(names.conversationLink(ada.page, linus.name)).not.toHaveAccessibleName(/unread/);
  await ada.keep(grace.name, 'Mute', 'Always');
  await sendMessage(grace, withGrace, 'three');
  await expect(names.conversationLink(ada.page, grace.name)).toHaveAccessibleName(/unread/);
  await names.composer(ada.page).focus();
  await ada.page.keyboard.press('Alt+ArrowDown');
  await expect(said('No unread conversations'), 'what is muted is passed over').toHaveCount(1);
  await expect(ada.page).toHaveURL(withLinus);
});
