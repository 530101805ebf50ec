import { expect } from '@playwright/test';
import { signUp } from './api';
import * as names from './names';
import { pair } from './pair';
import { test } from './test';

test('a link is made, copied, followed and revoked', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const joan = await person('joan');
  await signUp(joan);
  await ada.makeGroup('Ducks', [grace]);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  await names.details(ada.page).getByText('Invite link', { exact: true }).click();
  await names.details(ada.page).getByRole('combobox', { name: 'For how many people' }).selectOption('100 people');
  await names.details(ada.page).getByRole('button', { name: 'Make a link', exact: true }).click();
  const links = names.details(ada.page).getByRole('list', { name: 'Invite links' }).getByRole('listitem');
  await expect(links).toContainText('0 of 100 joined');
  const url = await links.getByRole('textbox', { name: 'Invite link', exact: true }).inputValue();

  await joan.page.goto(url);
  await expect(joan.page.getByRole('heading', { name: 'Ducks', exact: true })).toBeVisible();
  await expect(joan.page.getByRole('list', { name: 'Members' })).toContainText(ada.name);
  await joan.page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(names.conversation(joan.page, 'Ducks')).toBeVisible();
  await expect(names.messages(joan.page).getByRole('article')).toHaveText([/You joined/]);
  await expect(links).toContainText('1 of 100 joined');

  await links.getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(links).toHaveCount(0);
  joan.console.allowStatus(404);
  await joan.page.goto(url);
  await expect(joan.page.getByRole('heading', { name: 'This link leads nowhere' })).toBeVisible();
});

test('a link can be taken along', async ({ person }) => {
  const { ada, grace } = await pair((name) => person(name, { permissions: ['clipboard-read', 'clipboard-write'] }));
  await ada.makeGroup('Ducks', [grace]);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  await names.details(ada.page).getByText('Invite link', { exact: true }).click();
  await names.details(ada.page).getByRole('button', { name: 'Make a link', exact: true }).click();
  await names.details(ada.page).getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(names.about(ada.page, 'The link is copied.')).toBeVisible();
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toMatch(/\/join\/[0-9a-f]{32}$/);
  await ada.page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new Error('not allowed'));
  });
  await names.details(ada.page).getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(ada.page.getByRole('alert').filter({ hasText: 'does not let this site copy' })).toBeVisible();
});

test('whoever is not signed in logs in first, and comes back', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.makeGroup('Ducks', [grace]);
  await ada.page.getByRole('button', { name: 'Group details', exact: true }).click();
  await names.details(ada.page).getByText('Invite link', { exact: true }).click();
  await names.details(ada.page).getByRole('button', { name: 'Make a link', exact: true }).click();
  const url = await names.details(ada.page).getByRole('textbox', { name: 'Invite link', exact: true }).inputValue();
  const joan = await person('joan');
  await joan.page.goto(url);
  await names.modeSwitch(joan.page, 'Sign up').click();
  await joan.submit('Sign up', joan.name, joan.password);
  await expect(joan.page.getByRole('heading', { name: 'Ducks', exact: true })).toBeVisible();
  await joan.page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(names.conversation(joan.page, 'Ducks')).toBeVisible();
});
