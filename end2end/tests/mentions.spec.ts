import type { Page } from '@playwright/test';
import { sendMessage } from './api';
import * as names from './names';
import { pair, talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

const people = (page: Page) => page.getByRole('listbox', { name: 'People to mention', exact: true });
const choice = (page: Page, name: string) => people(page).getByRole('option').filter({ hasText: name });
const card = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });

/** Ada's group with Grace, open for both; returns its path. */
async function inGroup(ada: Person, grace: Person): Promise<string> {
  await ada.toList();
  return ada.makeGroup('Ducks', [grace]);
}

test('an at offers members, and what is chosen is written out', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await inGroup(ada, grace);
  await names.composer(ada.page).pressSequentially('Hello @');
  await expect(choice(ada.page, 'Everybody')).toBeVisible();
  await expect(choice(ada.page, grace.name)).toBeVisible();
  await expect(choice(ada.page, ada.name), 'nobody mentions themselves').toHaveCount(0);
  await names.composer(ada.page).pressSequentially(grace.name.slice(0, 3));
  await expect(choice(ada.page, 'Everybody')).toHaveCount(0);
  await choice(ada.page, grace.name).click();
  await expect(names.composer(ada.page)).toHaveValue(`Hello @${grace.name} `);
  await expect(names.composer(ada.page)).toBeFocused();
  await expect(people(ada.page)).toBeHidden();
  // The browser's own undo knows of it.
  await names.composer(ada.page).press('Control+z');
  await expect(names.composer(ada.page)).toHaveValue(`Hello @${grace.name.slice(0, 3)}`);
});

test('arrows choose, Enter and Tab take, Escape leaves, and nothing is sent meanwhile', async ({ person, isMobile }) => {
  test.skip(isMobile, 'a keyboard of keys');
  const { ada, grace } = await pair(person);
  await inGroup(ada, grace);
  const field = names.composer(ada.page);
  await field.pressSequentially('@');
  await expect(choice(ada.page, 'Everybody')).toHaveAttribute('aria-selected', 'true');
  await field.press('ArrowDown');
  await expect(choice(ada.page, grace.name)).toHaveAttribute('aria-selected', 'true');
  await field.press('Enter');
  await expect(field).toHaveValue(`@${grace.name} `);
  await field.pressSequentially('and @al');
  await expect(choice(ada.page, 'Everybody')).toBeVisible();
  await field.press('Tab');
  await expect(field).toHaveValue(`@${grace.name} and @all `);
  await expect(field).toBeFocused();
  await field.pressSequentially('@');
  await expect(people(ada.page)).toBeVisible();
  await field.press('Escape');
  await expect(people(ada.page)).toBeHidden();
  await field.press('Backspace');
  await field.press('Enter');
  await ada.expectMessage(`@${grace.name} and @all`);
  await expect(field).toHaveValue('');
});

test('what mentions somebody has a counter of its own, until it is read', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await grace.toList();
  await grace.goto('/');
  await sendMessage(ada, path, 'nothing for you');
  await expect(names.conversationLink(grace.page, ada.name)).toHaveAccessibleName(/, 1 unread(?!.*mention)/);
  await sendMessage(ada, path, `hello @${grace.name}`);
  await expect(names.conversationLink(grace.page, ada.name)).toHaveAccessibleName(/, 2 unread, 1 mention\b/);
  await sendMessage(ada, path, `@${grace.name.toUpperCase()}?`);
  await expect(names.conversationLink(grace.page, ada.name)).toHaveAccessibleName(/, 3 unread, 2 mentions\b/);
  await grace.reload();
  await expect(names.conversationLink(grace.page, ada.name)).toHaveAccessibleName(/, 2 mentions\b/);
  await grace.openConversation(ada.name);
  await grace.expectMessage(`hello @${grace.name}`);
  await grace.toList();
  await expect(names.conversationLink(grace.page, ada.name)).not.toHaveAccessibleName(/mention/);
});

test('a mention leads to the card of whoever is meant, and stands out for them', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await inGroup(ada, grace);
  await names.composer(ada.page).fill(`Ask @${grace.name.toUpperCase()} or _@${grace.name}_, not @${ada.name}, @nobody or \`@${grace.name}\``);
  await names.sendButton(ada.page).click();
  await sendMessage(ada, path, `[see @${grace.name}](https://example.org), @all`);
  const said = (page: Page, text: string) => names.saying(page, text).locator('.body');
  const check = async () => {
    await expect(said(ada.page, 'Ask').getByRole('link')).toHaveText([`@${grace.name.toUpperCase()}`, `@${grace.name}`]);
    await expect(said(ada.page, '@all').locator('.mine')).toHaveCount(0);
    await expect(said(grace.page, 'Ask').locator('.mine')).toHaveText([`@${grace.name.toUpperCase()}`, `@${grace.name}`]);
    // There is no link in a link, and everybody has no card.
    await expect(said(grace.page, '@all').locator('.mine')).toHaveText('@all');
    await expect(said(grace.page, '@all').getByRole('link')).toHaveText(`see @${grace.name} (example.org)`);
  };
  await grace.openConversation('Ducks');
  await check();
  for (const somebody of [ada, grace]) await somebody.reload();
  await check();
  await said(ada.page, 'Ask').getByRole('link').first().click();
  await expect(card(ada.page, grace.name).getByRole('link', { name: 'Message', exact: true })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(card(ada.page, grace.name)).toBeHidden();
  await expect(ada.page).toHaveURL(path);
  await said(grace.page, 'Ask').getByRole('link').last().click();
  await expect(card(grace.page, grace.name)).toContainText('This is you.');
});

test('it does so before the message is stored, and is not drawn anew then', async ({ person, startServer }) => {
  const server = await startServer();
  const { ada, grace } = await talkingPair((name) => person(name, { server }));
  for (const somebody of [ada, grace]) somebody.console.allowLostConnection();
  await server.stop('SIGKILL');
  await ada.send(`hello @${grace.name}`);
  const link = names.message(ada.page, 'hello').getByRole('link', { name: `@${grace.name}`, exact: true });
  await link.evaluate((link) => link.setAttribute('data-before', ''));
  await server.start();
  await ada.expectState('hello', 'delivered');
  await expect(link).toHaveAttribute('data-before', '');
});
