import type { Page } from '@playwright/test';
import { sendMessage } from './api';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

const blockDialog = (page: Page, name: string) => page.getByRole('alertdialog', { name: `Block ${name}?` });
const unblock = (page: Page) => page.locator('.read-only').getByRole('link', { name: 'Unblock', exact: true });

test('a contact is blocked in silence, and unblocked', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await grace.send('before');
  await ada.expectMessage('before');
  await expect(names.conversation(grace.page, ada.name).getByText('online', { exact: true })).toBeVisible();

  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Block').click();
  const dialog = blockDialog(ada.page, grace.name);
  await expect(dialog).toContainText('They are not told.');
  await expect(dialog).toContainText('In groups that you are both in');
  await dialog.getByRole('button', { name: 'Cancel', exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(names.composer(ada.page)).toBeVisible();
  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Block').click();
  await dialog.getByRole('button', { name: 'Block', exact: true }).click();
  await expect(ada.page.getByText(`You have blocked ${grace.name}.`)).toBeVisible();
  await expect(names.composer(ada.page)).toHaveCount(0);
  await expect(ada.page).toHaveURL(path);

  // To the other it looks as if she had gone; what is written is refused, and nothing says why.
  await expect(names.conversation(grace.page, ada.name).getByText(/^last seen/)).toBeVisible();
  await names.composer(grace.page).fill('after');
  await names.sendButton(grace.page).click();
  await expect(names.messages(grace.page).getByText(/does not take messages here at the moment/)).toBeVisible();
  await grace.reload();
  await expect(names.conversation(grace.page, ada.name).getByText(/^last seen/)).toBeVisible();
  await ada.reload();
  await expect(ada.page.getByText(`You have blocked ${grace.name}.`)).toBeVisible();

  await unblock(ada.page).click();
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Unblock', exact: true }).click();
  await expect(names.composer(ada.page)).toBeVisible();
  await names.messages(grace.page).getByRole('button', { name: 'Retry', exact: true }).click();
  await ada.expectMessage('after');
  await expect(names.conversation(grace.page, ada.name).getByText('online', { exact: true })).toBeVisible();
});

test('those who are blocked stand in the settings', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.goto(`${path}?block=${await idOf(grace.page)}`);
  await blockDialog(ada.page, grace.name).getByRole('button', { name: 'Block', exact: true }).click();
  await ada.toSettings();
  const blocked = ada.page.getByRole('region', { name: 'Blocked people' });
  await blocked.getByRole('button', { name: `Unblock ${grace.name}`, exact: true }).click();
  await expect(ada.page.getByText('No longer blocked.')).toBeVisible();
  await expect(blocked).toContainText('You block nobody.');
  await sendMessage(grace, path, 'again');
  await ada.goto(path);
  await ada.expectMessage('again');
});

/** Who is signed in there. */
const idOf = (page: Page) => page.evaluate(() => document.documentElement.dataset.user);
