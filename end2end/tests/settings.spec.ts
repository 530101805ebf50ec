import { readFile } from 'node:fs/promises';
import AxeBuilder from '@axe-core/playwright';
import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

test('a display name is seen by contacts at once, beside the username', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.toSettings();
  await names.displayName(ada.page).fill('Ada Lovelace');
  await names.saveName(ada.page).click();
  await expect(ada.page.getByRole('status')).toContainText('name');
  await expect(names.displayName(ada.page)).toHaveValue('Ada Lovelace');
  await expect(names.conversation(grace.page, 'Ada Lovelace')).toContainText(ada.name);

  await test.step('a name that cannot be is refused, and still there', async () => {
    await names.displayName(ada.page).fill('x'.repeat(60));
    await names.saveName(ada.page).click();
    await expect(names.displayName(ada.page)).toHaveAttribute('aria-invalid', 'true');
    await expect(names.displayName(ada.page)).toHaveValue('x'.repeat(60));
    await expect(names.displayName(ada.page)).toBeFocused();
  });
  await test.step('and none at all is the username again', async () => {
    await names.displayName(ada.page).fill('');
    await names.saveName(ada.page).click();
    await expect(names.conversation(grace.page, ada.name)).toBeVisible();
  });
});

test('a chosen theme holds on every page, whatever the system wants', async ({ person }) => {
  const { ada } = await talkingPair(person);
  const background = () => ada.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  await ada.page.emulateMedia({ colorScheme: 'light' });
  const light = await background();
  await ada.toSettings();
  await ada.page.getByRole('radiogroup', { name: 'Theme' }).getByRole('radio', { name: 'Dark' }).check();
  await expect(ada.page.getByRole('button', { name: 'Save theme' })).toBeHidden();
  await expect.poll(background).not.toBe(light);
  const dark = await background();
  await ada.goto('/');
  expect(await background()).toBe(dark);
  await ada.logOut();
  expect(await background()).toBe(dark);
});

test('a new password ends all other sessions at once', async ({ person }) => {
  const [ada, elsewhere] = [await person('ada'), await person('other')];
  await ada.signUp();
  await elsewhere.page.goto('/auth');
  elsewhere.console.allowStatus(401);
  await elsewhere.submit('Log in', ada.name, ada.password);
  await elsewhere.settle();

  await ada.toSettings();
  await names.currentPassword(ada.page).fill('not this one');
  await names.newPassword(ada.page).fill('a whole new sentence');
  await names.changePassword(ada.page).click();
  await expect(names.currentPassword(ada.page)).toHaveAttribute('aria-invalid', 'true');

  await names.currentPassword(ada.page).fill(ada.password);
  await names.newPassword(ada.page).fill('a whole new sentence');
  await names.changePassword(ada.page).click();
  await expect(ada.page.getByRole('status')).toContainText('password was changed');
  await expect(names.authForm(elsewhere.page, 'Log in')).toBeVisible({ timeout: 20_000 });
  await elsewhere.submit('Log in', ada.name, ada.password);
  await expect(names.password(elsewhere.page)).toHaveAttribute('aria-invalid', 'true');
  await elsewhere.submit('Log in', ada.name, 'a whole new sentence');
  await expect(names.peopleSearch(elsewhere.page)).toBeVisible();
  await ada.page.reload();
  await expect(names.displayName(ada.page)).toBeVisible();
});

test('a device that is signed out sees the log-in', async ({ person }) => {
  const [ada, elsewhere] = [await person('ada'), await person('other')];
  await ada.signUp();
  await elsewhere.page.goto('/auth');
  elsewhere.console.allowStatus(401);
  await elsewhere.submit('Log in', ada.name, ada.password);
  await elsewhere.settle();

  await ada.toSettings();
  const devices = ada.page.getByRole('list', { name: 'Devices' }).getByRole('listitem');
  await expect(devices).toHaveCount(2);
  await expect(devices.first()).toContainText('This device');
  await devices.nth(1).getByRole('button', { name: /^Log out / }).click();
  await expect(devices).toHaveCount(1);
  await expect(names.authForm(elsewhere.page, 'Log in')).toBeVisible({ timeout: 20_000 });
});

test('the download holds what one wrote, and nothing that others did', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('mine to take along');
  await grace.send('not yours');
  await ada.expectMessage('not yours');
  await ada.toSettings();
  const download = ada.page.waitForEvent('download');
  await ada.page.getByRole('link', { name: 'Download my data', exact: true }).first().click();
  const text = await readFile(await (await download).path(), 'utf8');
  expect(() => JSON.parse(text)).not.toThrow();
  expect(text).toContain('mine to take along');
  expect(text).toContain(grace.name);
  expect(text).not.toContain('not yours');
});

test('deleting an account asks first, and is seen by contacts at once', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  ada.console.allowStatus(401);
  await ada.send('soon gone');
  await grace.expectMessage('soon gone');
  await ada.toSettings();
  await names.deleteAccount(ada.page).click();
  await expect(ada.page.getByText('This cannot be undone')).toBeVisible();
  await ada.page.getByRole('textbox', { name: 'Your password' }).fill(ada.password);
  await names.deleteAccount(ada.page).click();
  await expect(ada.page.getByRole('status')).toContainText('deleted');
  await expect(grace.page.getByText('This conversation is gone')).toBeVisible();
  await ada.submit('Log in', ada.name, ada.password);
  await expect(names.password(ada.page)).toHaveAttribute('aria-invalid', 'true');
});

test('the settings are accessible in light and dark, and fit 320 pixels', async ({ person }) => {
  const { ada } = await pair(person);
  await ada.toSettings();
  for (const path of ['/settings', '/settings?delete=1']) {
    await ada.page.goto(path);
    for (const colorScheme of ['light', 'dark'] as const) {
      await ada.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      const { violations } = await new AxeBuilder({ page: ada.page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join()}`)).toEqual([]);
    }
    const width = ada.page.viewportSize()!;
    await ada.page.setViewportSize({ width: 320, height: width.height });
    expect(await ada.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await ada.page.setViewportSize(width);
  }
});
