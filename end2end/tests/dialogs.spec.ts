import type { Page } from '@playwright/test';
import { befriend, post, signUp } from './api';
import * as names from './names';
import { pair } from './pair';
import { expect, test } from './test';

/** Opens the panel of the group that is open. */
async function openDetails(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Group details', exact: true }).click();
  await expect(names.details(page)).toBeVisible();
}

/** Opens, or shuts, one of the things that can be done in a group's panel. */
const act = (page: Page, name: string) => names.details(page).getByText(name, { exact: true }).click();
const pick = (page: Page, name: string) => names.details(page).getByRole('checkbox', { name });
const add = (page: Page) => names.details(page).getByRole('button', { name: 'Add', exact: true }).click();
const listed = (page: Page, list: 'Members' | 'Invited') => names.details(page).getByRole('list', { name: list });

/** What Android's Back does to a dialog. */
const closeBySystem = (page: Page) =>
  page.evaluate(() => document.querySelector<HTMLDialogElement>('dialog[open]')?.requestClose());

test('a dialog that the browser closes by itself can be opened again', async ({ person, isMobile }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.makeGroup('Ducks', [grace]);
  await openDetails(ada.page);
  const card = ada.page.getByRole('dialog', { name: grace.name, exact: true });
  for (const _ of ['once', 'and again']) {
    await names.details(ada.page).getByRole('link', { name: grace.name, exact: true }).click();
    await expect(card).toBeVisible();
    await expect(ada.page).toHaveURL(/\?person=/);
    await closeBySystem(ada.page);
    await expect(card).toBeHidden();
    await expect(ada.page).toHaveURL(path);
  }
  // Under fingers there is no such key.
  if (isMobile) return;
  for (const _ of ['once', 'and again']) {
    await ada.page.keyboard.press('Control+k');
    await expect(names.palette(ada.page)).toBeVisible();
    await closeBySystem(ada.page);
    await expect(names.palette(ada.page)).toBeHidden();
  }
});

test('nobody is chosen when people are to be added once more', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const [joan, kay] = [await person('joan'), await person('kay')];
  for (const contact of [joan, kay]) {
    await signUp(contact);
    await befriend(ada, contact);
  }
  await ada.reload();
  await ada.makeGroup('Ducks', [grace]);
  await openDetails(ada.page);
  await act(ada.page, 'Add people');
  await pick(ada.page, joan.name).check();
  await add(ada.page);
  await expect(listed(ada.page, 'Members')).toContainText(joan.name);
  await expect(pick(ada.page, kay.name)).toBeHidden();
  await act(ada.page, 'Add people');
  await expect(pick(ada.page, kay.name)).toBeVisible();
  await expect(names.details(ada.page).getByRole('checkbox', { checked: true })).toHaveCount(0);
});

test('those found one after the other are invited together, and it is said where there is nobody', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const [kay, liz] = [await person('kay'), await person('liz')];
  await Promise.all([signUp(kay), signUp(liz)]);
  await ada.makeGroup('Ducks', [grace]);
  await openDetails(ada.page);
  const field = names.details(ada.page).getByRole('searchbox', { name: 'Find others by username' });
  await act(ada.page, 'Add people');
  await field.fill(kay.name);
  await expect(pick(ada.page, kay.name)).toBeChecked();
  await field.fill(liz.name);
  await expect(pick(ada.page, liz.name)).toBeChecked();
  await expect(pick(ada.page, kay.name)).toBeChecked();
  await add(ada.page);
  for (const { name } of [kay, liz]) await expect(listed(ada.page, 'Invited')).toContainText(name);
  await act(ada.page, 'Add people');
  await field.fill('nobodyofthatname');
  await expect(names.details(ada.page).getByRole('status').filter({ hasText: 'Nobody has this name' })).toBeVisible();
});

test('whom to mention is offered no longer once the message is sent', async ({ person, isMobile }) => {
  const { ada, grace } = await pair(person);
  await ada.makeGroup('Ducks', [grace]);
  const people = ada.page.getByRole('listbox', { name: 'People to mention', exact: true });
  await names.composer(ada.page).pressSequentially(`thanks @${grace.name.slice(0, 8)}`);
  await expect(people).toBeVisible();
  await names.sendButton(ada.page).click();
  await ada.expectMessage('thanks');
  await expect(people).toBeHidden();
  // Under fingers there are no arrows.
  if (isMobile) return;
  await ada.expectState('thanks', 'delivered');
  await names.composer(ada.page).press('ArrowUp');
  await expect(ada.page.getByText('Editing message', { exact: true })).toBeVisible();
});

test('what was pinned and is archived is pinned again when that is undone', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const link = names.conversationLink(ada.page, grace.name);
  await ada.keep(grace.name, 'Pin to top');
  await expect(link).toHaveAccessibleName(/, pinned/);
  await ada.keep(grace.name, 'Archive');
  await expect(link).toHaveCount(0);
  await ada.page.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(link).toHaveAccessibleName(/, pinned/);
  // Elsewhere, too.
  const tab = await ada.openTab('/');
  await expect(names.conversationLink(tab, grace.name)).toHaveAccessibleName(/, pinned/);
});

test('without a network the archive leads to the list that was kept', async ({ person }) => {
  const { ada } = await pair(person);
  ada.console.allowLostConnection();
  const isKept = () => ada.page.evaluate(async () => Boolean(await caches.match('/')));
  await expect.poll(isKept, { timeout: 20_000 }).toBe(true);
  await ada.goto('/?archived=1');
  await ada.context.setOffline(true);
  await ada.page.reload();
  await expect(ada.page.getByRole('heading', { name: 'No connection' })).toHaveCount(0);
  await expect(names.conversations(ada.page)).toBeVisible();
  await expect(names.reconnecting(ada.page)).toBeVisible();
});

test('the links into one group are not shown in the panel of another', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.makeGroup('Ducks', [grace]);
  await post(ada, `/api/groups/${path.split('/').at(-1)}/invites`, {});
  await ada.toList();
  await ada.makeGroup('Swans', [grace]);
  await ada.goto(`${path}?details=1`);
  const links = names.details(ada.page).getByRole('textbox', { name: 'Invite link', exact: true });
  await act(ada.page, 'Invite link');
  await expect(links).toHaveCount(1);
  const url = await links.inputValue();
  await ada.page.route('**/api/groups/*/invites', () => {});
  await names.details(ada.page).getByRole('button', { name: 'Close', exact: true }).click();
  await ada.openConversation('Swans');
  const asked = ada.page.waitForRequest('**/api/groups/*/invites');
  await openDetails(ada.page);
  await asked;
  await act(ada.page, 'Invite link');
  await expect(names.details(ada.page).getByRole('button', { name: 'Make a link', exact: true })).toBeVisible();
  await expect(names.details(ada.page).locator(`input[value="${url}"]`)).toHaveCount(0);
});
