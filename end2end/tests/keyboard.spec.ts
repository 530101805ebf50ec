import type { Locator, Page } from '@playwright/test';
import * as names from './names';
import type { Person } from './person';
import { expect, test } from './test';

test('the whole way from sign-up to the last word is open to the keyboard alone', async ({ person }) => {
  const [ada, grace] = [await person('ada'), await person('grace')];
  await grace.signUp();

  await test.step('signing up', async () => {
    await ada.page.goto('/auth');
    await choose(ada.page, names.modeSwitch(ada.page, 'Sign up'));
    await expect(names.authForm(ada.page, 'Sign up')).toBeVisible();
    await type(ada.page, names.username(ada.page), ada.name);
    await type(ada.page, names.password(ada.page), ada.password);
    await ada.page.keyboard.press('Enter');
    await expect(ada.page).toHaveURL('/');
    await ada.settle();
  });

  await test.step('finding somebody', async () => {
    await type(ada.page, names.peopleSearch(ada.page), grace.name);
    await expect(names.addButton(ada.page, grace.name)).toBeVisible();
    await ada.page.keyboard.press('Enter');
    await expect(names.personFound(ada.page, grace.name)).toContainText('Requested');
    await ada.page.keyboard.press('Escape');
    await expect(names.peopleFound(ada.page)).toBeHidden();
    await expect(names.peopleSearch(ada.page)).toBeFocused();
  });

  await test.step('accepting', async () => {
    await choose(grace.page, names.acceptButton(grace.page, ada.name));
    await expect(names.conversationLink(grace.page, ada.name)).toBeVisible();
  });

  await test.step('talking', async () => {
    await choose(ada.page, names.conversationLink(ada.page, grace.name));
    await write(ada, 'By hand, without a mouse');
    await expect(names.composer(ada.page)).toBeFocused();
    await choose(grace.page, names.conversationLink(grace.page, ada.name));
    await grace.expectMessage('By hand, without a mouse');
    await write(grace, 'Here, too');
    await ada.expectMessage('Here, too');
  });

  await test.step('going, writing, replying, reacting, editing, deleting, and back', async () => {
    const { page } = ada;
    await page.keyboard.press('Control+k');
    await expect(names.paletteField(page)).toBeFocused();
    await page.keyboard.type(grace.name.slice(0, 4));
    await expect(names.palette(page).getByRole('option').first()).toHaveAccessibleName(`${grace.name}, Person`);
    await page.keyboard.press('Enter');
    await expect(names.palette(page)).toHaveCount(0);
    await expect(names.conversation(page, grace.name)).toBeVisible();
    await write(ada, 'Written by keys');

    await option(page, 'Here, too', 'Reply');
    await expect(names.composer(page)).toBeFocused();
    await write(ada, 'Answered by keys');
    await expect(names.saying(grace.page, 'Answered by keys').getByRole('link', { name: /^Replying to / })).toBeVisible();

    await option(page, 'Here, too', 'React with 👍');
    await expect(names.reaction(grace.page, 'Here, too', `👍, 1, by ${ada.name}`)).toBeVisible();

    await option(page, 'Written by keys', 'Edit');
    await expect(names.composer(page)).toBeFocused();
    await page.keyboard.press('Control+a');
    await write(ada, 'Edited by keys');
    await expect(names.saying(grace.page, 'Edited by keys')).toContainText('edited');

    await option(page, 'Edited by keys', 'Delete');
    await expect(names.saying(page, 'Edited by keys')).toHaveCount(0);
    await expect(names.saying(grace.page, 'Edited by keys')).toHaveCount(0);

    await page.keyboard.press('Control+k');
    await page.keyboard.press('Escape');
    await expect(names.palette(page)).toHaveCount(0);
    await expect(names.saying(ada.page, 'Here, too')).toBeVisible();
  });

  await test.step('the menu opens and closes, and asks before it removes', async () => {
    await choose(ada.page, names.conversationOptions(ada.page));
    await expect(names.removeContactButton(ada.page)).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(names.removeContactButton(ada.page)).toBeHidden();
    await expect(names.conversationOptions(ada.page)).toBeFocused();
    await ada.page.keyboard.press('Enter');
    await choose(ada.page, names.removeContactButton(ada.page));
    await expect(names.cancelRemoval(ada.page)).toBeFocused();
    await ada.page.keyboard.press('Enter');
    await expect(names.removeDialog(ada.page)).toBeHidden();
    await expect(names.saying(ada.page, 'Here, too')).toBeVisible();
  });

  await test.step('logging out', async () => {
    if (await names.back(ada.page).isVisible()) await choose(ada.page, names.back(ada.page));
    await choose(ada.page, names.accountMenu(ada.page));
    await choose(ada.page, names.logOutItem(ada.page));
    await expect(names.authForm(ada.page, 'Log in')).toBeVisible();
  });
});

/** Goes there with the Tab key, as far as it takes. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  const isThere = () => target.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 60 && !(await isThere()); presses++) await page.keyboard.press('Tab');
  await expect(target).toBeFocused();
}

/** Goes to a message with the arrows, opens its options and chooses one. */
async function option(page: Page, text: string, name: string): Promise<void> {
  const message = names.saying(page, text);
  await tabTo(page, names.messages(page));
  const isThere = () => message.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 20 && !(await isThere()); presses++) await page.keyboard.press('ArrowUp');
  await expect(message).toBeFocused();
  await page.keyboard.press('Tab');
  for (let presses = 0; presses < 4; presses++) {
    if (await names.messageOptions(page, text).evaluate((button) => button === document.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await expect(names.messageOptions(page, text)).toBeFocused();
  await page.keyboard.press('Enter');
  const item = names.menuItem(page, name);
  await expect(item).toBeVisible();
  const isChosen = () => item.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 20 && !(await isChosen()); presses++) await page.keyboard.press('ArrowDown');
  await expect(item).toBeFocused();
  await page.keyboard.press('Enter');
}

async function choose(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press('Enter');
}

async function type(page: Page, field: Locator, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

async function write(person: Person, text: string): Promise<void> {
  await type(person.page, names.composer(person.page), text);
  // Under fingers Enter breaks the line.
  if (test.info().project.name === 'phone') await choose(person.page, names.sendButton(person.page));
  else await person.page.keyboard.press('Enter');
  await person.expectMessage(text);
}
