import type { Page } from '@playwright/test';
import { signUp } from './api';
import * as names from './names';
import { pair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

/** Ada and Grace with a group, and Joan, who is nobody's contact. */
async function group(meet: (name: string) => Promise<Person>): Promise<{ ada: Person; grace: Person; joan: Person }> {
  const { ada, grace } = await pair(meet);
  const joan = await meet('joan');
  await signUp(joan);
  await joan.goto('/');
  await ada.makeGroup('Ducks', [grace]);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  return { ada, grace, joan };
}

async function invite(by: Person, name: string): Promise<void> {
  await names.details(by.page).getByText('Add people', { exact: true }).click();
  await names.details(by.page).getByRole('searchbox', { name: 'Find others by username' }).fill(name);
  // The whole name was typed, so whoever has it is meant.
  await expect(names.details(by.page).getByRole('checkbox', { name })).toBeChecked();
  await names.details(by.page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(invited(by.page, name)).toBeVisible();
}

const invited = (page: Page, name: string) =>
  names.details(page).getByRole('list', { name: 'Invited' }).getByRole('listitem').filter({ hasText: name });

test('whoever is no contact is asked in, and is in when they join', async ({ person }) => {
  const { ada, grace, joan } = await group(person);
  await ada.page.getByRole('button', { name: 'Close', exact: true }).click();
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  await invite(ada, joan.name);
  const asked = names.groupInvitations(joan.page).getByRole('listitem');
  await expect(asked).toContainText(`${ada.name} invites you · 2 members`);
  await joan.reload();
  await names.groupInvitations(joan.page).getByRole('button', { name: 'Join Ducks', exact: true }).click();
  await expect(names.conversation(joan.page, 'Ducks')).toBeVisible();
  await expect(names.messages(joan.page).getByRole('article')).toHaveText([/You joined/]);
  await joan.send('here I am');
  await grace.openConversation('Ducks');
  await grace.expectMessage('here I am');
  await expect(invited(ada.page, joan.name)).toHaveCount(0);
  await joan.toList();
  await expect(names.groupInvitations(joan.page)).toHaveCount(0);
});

test('an invitation can be declined in silence, and taken back', async ({ person }) => {
  const { ada, joan } = await group(person);
  await invite(ada, joan.name);
  await names.groupInvitations(joan.page).getByRole('button', { name: 'Decline Ducks', exact: true }).click();
  await expect(names.groupInvitations(joan.page)).toHaveCount(0);
  await joan.reload();
  await expect(names.groupInvitations(joan.page)).toHaveCount(0);
  await ada.reload();
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  await expect(invited(ada.page, joan.name)).toBeVisible();
  await invited(ada.page, joan.name).getByRole('button', { name: `Take back invitation to ${joan.name}` }).click();
  await expect(invited(ada.page, joan.name)).toHaveCount(0);
  // Asked once more, and taken back before it is answered.
  await invite(ada, joan.name);
  await expect(names.groupInvitations(joan.page)).toBeVisible();
  await invited(ada.page, joan.name).getByRole('button', { name: `Take back invitation to ${joan.name}` }).click();
  await expect(names.groupInvitations(joan.page)).toHaveCount(0);
});
