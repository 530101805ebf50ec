import type { Page } from '@playwright/test';
import { befriend, post, signUp } from './api';
import * as names from './names';
import { pair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

const card = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });

/** Ada's group with Grace and Joan, who do not know each other. */
async function group(meet: (name: string) => Promise<Person>): Promise<{ ada: Person; grace: Person; joan: Person }> {
  const { ada, grace } = await pair(meet);
  const joan = await meet('joan');
  await signUp(joan);
  await befriend(ada, joan);
  await joan.goto('/');
  await ada.makeGroup('Ducks', [grace, joan]);
  return { ada, grace, joan };
}

test("an author's name opens their card, and they can be asked from it", async ({ person }) => {
  const { ada, grace, joan } = await group(person);
  await ada.send('hello from Ada');
  await joan.openConversation('Ducks');
  await joan.send('hello from Joan');
  const path = await grace.openConversation('Ducks');
  await names.messages(grace.page).getByRole('link', { name: joan.name, exact: true }).click();
  const hers = card(grace.page, joan.name);
  await expect(hers.getByRole('list', { name: 'Groups in common' })).toHaveText('Ducks');
  await hers.getByRole('button', { name: 'Add as contact', exact: true }).click();
  await expect(hers.getByText('Requested', { exact: true })).toBeVisible();
  await hers.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(hers).toBeHidden();
  await expect(grace.page).toHaveURL(path);

  // Of a contact: whether they are there, and the way to them.
  await names.messages(grace.page).getByRole('link', { name: ada.name, exact: true }).click();
  await expect(card(grace.page, ada.name)).toContainText('online');
  await card(grace.page, ada.name).getByRole('link', { name: 'Message', exact: true }).click();
  await expect(names.conversation(grace.page, ada.name)).toBeVisible();
  await expect(card(grace.page, ada.name)).toBeHidden();

  await joan.toList();
  await joan.accept(grace.name);
});

test('a member is blocked and unblocked from the panel and from their card', async ({ person }) => {
  const { ada, joan } = await group(person);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  await names.details(ada.page).getByRole('link', { name: joan.name, exact: true }).click();
  await card(ada.page, joan.name).getByRole('link', { name: 'Block', exact: true }).click();
  const asks = ada.page.getByRole('alertdialog', { name: `Block ${joan.name}?` });
  await expect(card(ada.page, joan.name)).toBeHidden();
  await asks.getByRole('button', { name: 'Block', exact: true }).click();
  await expect(asks).toBeHidden();
  await names.details(ada.page).getByRole('link', { name: joan.name, exact: true }).click();
  await expect(card(ada.page, joan.name)).toContainText('You have blocked them.');
  await card(ada.page, joan.name).getByRole('button', { name: 'Unblock', exact: true }).click();
  await expect(card(ada.page, joan.name).getByRole('link', { name: 'Block', exact: true })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(card(ada.page, joan.name)).toBeHidden();
  await names.details(ada.page).getByRole('button', { name: `Options for ${joan.name}`, exact: true }).click();
  await expect(names.menuItem(ada.page, 'Block')).toBeVisible();
});

test('whoever has deleted their account is still somebody', async ({ person }) => {
  const { ada, grace, joan } = await group(person);
  await joan.openConversation('Ducks');
  await joan.send('my last words');
  await ada.send('an answer');
  await ada.expectMessage('my last words');
  await ada.choose('my last words', 'Reply');
  await ada.send('to you');
  joan.console.allowStatus(401);
  await post(joan, '/api/me/delete', { password: joan.password });
  await grace.reload();
  await grace.openConversation('Ducks');
  await expect(grace.page.getByRole('article').filter({ hasText: 'Deleted account left' })).toBeVisible();
  await expect(names.saying(grace.page, 'to you').getByRole('link')).toHaveAccessibleName(/Replying to Deleted account/);
  await names.messages(grace.page).getByRole('link', { name: 'Deleted account', exact: true }).click();
  await expect(card(grace.page, 'Deleted account')).toContainText('no longer there');
});
