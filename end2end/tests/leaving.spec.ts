import type { Page } from '@playwright/test';
import { post } from './api';
import { three } from './group';
import * as names from './names';
import type { Person } from './person';
import { expect, test } from './test';

const detailsButton = (page: Page) => page.getByRole('button', { name: 'Group details', exact: true });
const closeButton = (page: Page) => names.details(page).getByRole('button', { name: 'Close', exact: true });
const memberOptions = (page: Page, name: string) =>
  names.details(page).getByRole('button', { name: `Options for ${name}`, exact: true });

/** The page still does what it is asked, and is the same: a link of a dead one would load it anew. */
async function goOn(person: Person, contact: string): Promise<void> {
  const { page } = person;
  await expect(page.locator('.broken')).toHaveCount(0);
  await page.evaluate(() => document.documentElement.setAttribute('data-before', ''));
  await person.openConversation(contact);
  const text = `${person.name} is still here`;
  await person.send(text);
  await person.expectState(text, 'delivered');
  await expect(page.locator('html')).toHaveAttribute('data-before', '');
}

/** Holds back what a page asks there: `asked` is over once it has asked, and `answer` has it answered. */
async function holdBack(page: Page, url: string): Promise<{ asked: Promise<void>; answer: () => Promise<void> }> {
  let [hear, tell] = [() => {}, () => {}];
  const asked = new Promise<void>((resolve) => (hear = resolve));
  const told = new Promise<void>((resolve) => (tell = resolve));
  await page.route(url, async (route) => {
    hear();
    await told;
    await route.continue();
  });
  const answer = async () => {
    const answered = page.waitForResponse(url);
    tell();
    await (await answered).finished();
  };
  return { asked, answer };
}

test("the page outlives a group's panel that had the focus at a member", async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  const path = await ada.makeGroup('Ducks', [grace, joan]);

  await test.step('by the Back of the browser', async () => {
    await detailsButton(ada.page).click();
    await memberOptions(ada.page, grace.name).focus();
    await ada.page.goBack();
    await expect(names.details(ada.page)).toHaveCount(0);
    await goOn(ada, joan.name);
  });

  await test.step('by Escape, which closes an open menu first', async () => {
    await ada.openConversation('Ducks');
    await detailsButton(ada.page).click();
    await memberOptions(ada.page, grace.name).click();
    await expect(names.menuItem(ada.page, 'Make admin')).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(names.menuItem(ada.page, 'Make admin')).toBeHidden();
    await expect(memberOptions(ada.page, grace.name)).toBeFocused();
    await ada.page.keyboard.press('Escape');
    await expect(names.details(ada.page)).toHaveCount(0);
    await expect(detailsButton(ada.page)).toBeFocused();
    await goOn(ada, grace.name);
  });

  await test.step('because somebody takes the viewer out of the group', async () => {
    await grace.openConversation('Ducks');
    await detailsButton(grace.page).click();
    await memberOptions(grace.page, joan.name).focus();
    const member = await grace.page.evaluate(() => document.documentElement.dataset.user);
    await post(ada, `/api/groups/${path.split('/').at(-1)}/remove`, { member });
    await expect(names.details(grace.page)).toHaveCount(0);
    await goOn(grace, ada.name);
  });
});

test('a group is renamed although its panel was closed before the answer came', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Ducks', [grace, joan]);
  await detailsButton(ada.page).click();
  await names.details(ada.page).getByText('Rename group', { exact: true }).click();
  await names.groupName(ada.page).fill('Swans');
  const { asked, answer } = await holdBack(ada.page, '**/api/groups/*/rename');
  await names.details(ada.page).getByRole('button', { name: 'Save', exact: true }).click();
  await asked;
  await closeButton(ada.page).click();
  await expect(names.details(ada.page)).toHaveCount(0);
  await answer();
  await expect(ada.page.getByRole('heading', { name: 'Swans', exact: true })).toBeVisible();
  await goOn(ada, grace.name);
});

test('whoever has gone on before a block is answered stays where they are', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.openConversation(grace.name);
  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Block').click();
  const dialog = ada.page.getByRole('alertdialog', { name: `Block ${grace.name}?` });
  const { asked, answer } = await holdBack(ada.page, '**/api/people/block');
  await dialog.getByRole('button', { name: 'Block', exact: true }).click();
  await asked;
  await ada.page.goBack();
  await expect(dialog).toHaveCount(0);
  const path = await ada.openConversation(joan.name);
  await joan.openConversation(ada.name);
  await answer();
  // Comes later than the answer.
  await joan.send('are you still there?');
  await ada.expectMessage('are you still there?');
  await expect(ada.page).toHaveURL(path);
  await ada.toList();
  await names.conversationLink(ada.page, grace.name).click();
  await expect(ada.page.getByText(`You have blocked ${grace.name}.`)).toBeVisible();
});

test('what was asked about one contact is not asked about another', async ({ person, isMobile }) => {
  const { ada, grace, joan } = await three(person);
  await ada.openConversation(joan.name);
  await ada.openConversation(grace.name);
  await names.conversationOptions(ada.page).click();
  await names.removeContactButton(ada.page).click();
  await expect(ada.page.getByRole('alertdialog', { name: `Remove ${grace.name}?` })).toBeVisible();
  await ada.page.goBack();
  // On a phone the list is between the two.
  if (isMobile) await names.conversationLink(ada.page, joan.name).click();
  await expect(names.conversation(ada.page, joan.name)).toBeVisible();
  await expect(names.removeDialog(ada.page)).toHaveCount(0);
  await goOn(ada, joan.name);
});
