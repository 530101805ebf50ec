import type { Page } from '@playwright/test';
import { sendMessage } from './api';
import * as names from './names';
import { pair, talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

const people = (page: Page) => page.getByRole('listbox', { name: 'People to mention', exact: true });
const choice = (page: Page, name: string) => people(page).getByRole('option').filter({ hasText: name });

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
