import { sendMany } from './api';
import { three } from './group';
import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

const lines = (count: number) => Array.from({ length: count }, (_, n) => `line ${n}`);

test('the palette leads to conversations by a few letters, and gives the focus back', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Rubber Ducks', [grace]);
  await ada.openConversation(grace.name);
  await names.composer(ada.page).focus();
  await ada.page.keyboard.press('Control+k');
  await expect(names.paletteField(ada.page)).toBeFocused();
  // Where one was last comes first, where one is does not come at all.
  await expect(names.palette(ada.page).getByRole('option').first()).toHaveAccessibleName('Rubber Ducks, Group');
  await expect(names.place(ada.page, `${grace.name}, Person`)).toHaveCount(0);
  await ada.page.keyboard.press('Escape');
  await expect(names.palette(ada.page)).toHaveCount(0);
  await expect(names.composer(ada.page)).toBeFocused();

  await ada.page.keyboard.press('Control+k');
  await names.paletteField(ada.page).fill('RD');
  const first = names.palette(ada.page).getByRole('option').first();
  await expect(first).toHaveAccessibleName('Rubber Ducks, Group');
  await expect(first.locator('mark')).toHaveText(['R', 'D']);
  await expect(first).toHaveAttribute('aria-selected', 'true');
  await ada.page.keyboard.press('Enter');
  await expect(names.conversation(ada.page, 'Rubber Ducks')).toBeVisible();
  await expect(names.palette(ada.page)).toHaveCount(0);

  await ada.page.keyboard.press('Control+k');
  await names.paletteField(ada.page).fill(joan.name.slice(0, 3));
  await names.place(ada.page, `${joan.name}, Person`).click();
  await expect(names.conversation(ada.page, joan.name)).toBeVisible();
});

test('the palette does what can be done here', async ({ person, isMobile }) => {
  const { ada, grace } = await pair((name) => person(name, { permissions: ['clipboard-read', 'clipboard-write'] }));
  const path = await ada.openConversation(grace.name);
  const act = async (typed: string, name: string) => {
    await ada.page.keyboard.press('Control+k');
    await names.paletteField(ada.page).fill(typed);
    await expect(names.place(ada.page, name)).toBeVisible();
    await ada.page.keyboard.press('Enter');
    await expect(names.palette(ada.page)).toHaveCount(0);
  };
  await act('theme: d', 'Theme: dark, Action');
  await expect(ada.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await ada.reload();
  await expect(ada.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await act('as the sys', 'Theme: as the system, Action');
  await expect(ada.page.locator('html')).not.toHaveAttribute('data-theme', /.*/);
  await act('copy', 'Copy conversation link, Action');
  await expect.poll(() => ada.page.evaluate(() => navigator.clipboard.readText())).toBe(ada.origin + path);
  await act('shortcuts', 'Keyboard shortcuts, Action');
  await expect(names.shortcuts(ada.page)).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await act('jump', 'Jump to date, Action');
  await expect(names.jumpToDate(ada.page)).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(names.jumpToDate(ada.page)).toHaveCount(0);
  await expect(ada.page).toHaveURL(path);
  await act('new gr', 'New group, Action');
  await expect(ada.page.getByRole('form', { name: 'New group', exact: true })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(ada.page).toHaveURL(isMobile ? '/' : path);

  // Nobody here is called so; among all people somebody may be.
  const stranger = await person('linus');
  await stranger.signUp();
  await act(stranger.name, `Find ${stranger.name}, Action`);
  await expect(names.addButton(ada.page, stranger.name)).toBeVisible();
  await act('log', 'Log out, Action');
  await expect(names.authForm(ada.page, 'Log in')).toBeVisible();
});

test('the sheet of shortcuts opens by a key that is not typed, and from the menu', async ({ person }) => {
  const { ada } = await talkingPair(person);
  await names.composer(ada.page).focus();
  await ada.page.keyboard.press('?');
  await expect(names.composer(ada.page)).toHaveValue('?');
  await names.composer(ada.page).fill('');
  await names.messages(ada.page).focus();
  await ada.page.keyboard.press('?');
  await expect(names.shortcuts(ada.page)).toBeVisible();
  await expect(names.shortcuts(ada.page).getByText('Go to', { exact: true })).toBeVisible();
  await expect(names.shortcuts(ada.page).locator('kbd').first()).toHaveText('Ctrl');
  await expect(names.shortcuts(ada.page).getByText('Bold', { exact: true })).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(names.shortcuts(ada.page)).toHaveCount(0);
  await expect(names.messages(ada.page)).toBeFocused();
  await ada.toList();
  await names.accountMenu(ada.page).click();
  await names.menuItem(ada.page, 'Keyboard shortcuts').click();
  await names.shortcuts(ada.page).getByRole('link', { name: 'Close', exact: true }).click();
  await expect(names.shortcuts(ada.page)).toHaveCount(0);
});

test('a day is led to in one step, and there is a way back to the end', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(grace, path, ['the very first', ...lines(160)]);
  await ada.goto(path);
  await ada.expectMessage('line 159');
  await names.messages(ada.page).getByRole('link', { name: 'Today', exact: true }).click();
  const today = await names.jumpToDate(ada.page).getByLabel('Date').inputValue();
  expect(today).toMatch(/^\d{4}-\d\d-\d\d$/);
  await expect(names.jumpToDate(ada.page).getByLabel('Date')).toHaveAttribute('max', today);
  await names.jumpToDate(ada.page).getByRole('button', { name: 'Jump', exact: true }).click();
  await expect(names.saying(ada.page, 'the very first')).toBeInViewport();
  await expect(names.saying(ada.page, 'the very first')).toBeFocused();
  await expect(names.saying(ada.page, 'line 100'), 'nothing between is loaded').toHaveCount(0);
  await expect(ada.page).toHaveURL(path);

  // What comes meanwhile is counted, and moves nothing.
  await sendMany(grace, path, ['meanwhile']);
  await expect(names.newMessagesButton(ada.page).locator('.badge')).toHaveText('1');
  await expect(names.saying(ada.page, 'meanwhile')).toHaveCount(0);
  await names.newMessagesButton(ada.page).click();
  await expect(names.saying(ada.page, 'meanwhile')).toBeInViewport();
  await expect(names.saying(ada.page, 'the very first')).toHaveCount(0);
  await expect(names.newMessagesButton(ada.page)).toBeHidden();
});

test('from an old message the history goes on in both ways, as far as to the end', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(grace, path, lines(180));
  await ada.goto(`${path}?at=81`);
  await expect(names.saying(ada.page, 'line 80')).toBeInViewport();
  await expect(ada.page).toHaveURL(path);
  const attached = (text: string) => expect(names.messages(ada.page).getByText(text, { exact: true })).toBeAttached();
  await attached('line 80');
  const scrollTo = (text: string) =>
    names.messages(ada.page).getByText(text, { exact: true }).evaluate((line) => line.scrollIntoView({ behavior: 'instant' }));
  await attached('line 56');
  await scrollTo('line 56');
  await attached('line 10');
  for (const [last, next] of [[104, 150], [154, 179]]) {
    await attached(`line ${last}`);
    await scrollTo(`line ${last}`);
    await attached(`line ${next}`);
  }
  await attached('line 10');
  // It has met the newest part: what is sent stands there.
  await expect(ada.page.getByRole('link', { name: 'Newer messages' })).toHaveCount(0);
  await ada.send('at the end');
  await expect(names.saying(ada.page, 'at the end')).toBeInViewport();
  await attached('line 10');
});

test('whoever writes from an old part of the history comes to the end', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(grace, path, lines(120));
  await ada.goto(`${path}?at=5`);
  await expect(names.messages(ada.page).getByText('line 4', { exact: true })).toBeInViewport();
  await ada.send('here I am');
  await expect(names.saying(ada.page, 'here I am')).toBeInViewport();
  await expect(names.saying(ada.page, 'line 119')).toBeVisible();
  await expect(names.messages(ada.page).getByText('line 4', { exact: true })).toHaveCount(0);
});

test('a button leads to where begins what was not read', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(ada, path, ['seen']);
  await grace.openConversation(ada.name);
  await grace.expectMessage('seen');
  await ada.expectState('seen', 'read');
  await grace.page.goto('about:blank');
  await sendMany(ada, path, lines(130));
  await grace.goto(path);
  await expect(names.firstUnread(grace.page)).toBeVisible();
  await names.firstUnread(grace.page).click();
  await expect(names.messages(grace.page).getByText('line 0', { exact: true })).toBeInViewport();
  await expect(names.messages(grace.page).locator('.new')).toHaveCount(1);
  await expect(names.firstUnread(grace.page)).toBeHidden();
  const order = await names.messages(grace.page).locator('article, .new').allInnerTexts();
  expect(order.slice(0, 3).map((text) => text.trim())).toEqual(['seen', 'New messages', 'line 0']);
});

test('in a group it is said under a message who has read it', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Ducks', [grace, joan]);
  await ada.send('for all');
  await grace.openConversation('Ducks');
  await expect(names.readBy(ada.page, `Read by ${grace.name}`)).toBeVisible();
  await grace.openConversation(ada.name);
  await ada.send('for later');
  await joan.openConversation('Ducks');
  await expect(names.readBy(ada.page, `Read by ${joan.name}`)).toBeVisible();
  await expect(names.readBy(ada.page, `Read by ${grace.name}`)).toBeVisible();
  const order = await names.messages(ada.page).locator('article.msg, .read-by').allInnerTexts();
  expect(order.map((text) => text.trim().split('\n')[0])).toEqual(
    ['for all', `Read by ${grace.name}`, 'for later', `Read by ${joan.name}`],
  );
  await joan.send('and a colour that stays');
  const colour = () =>
    ada.page.locator('.author b', { hasText: joan.name }).evaluate((name) => getComputedStyle(name).color);
  await ada.expectMessage('and a colour that stays');
  const before = await colour();
  await ada.reload();
  expect(await colour()).toBe(before);
});

test('the address forgets what it opened once that is closed', async ({ person }) => {
  const { ada, grace } = await three(person);
  await ada.makeGroup('Ducks', [grace]);
  await ada.send('a message');
  const path = new URL(ada.page.url()).pathname;
  await ada.goto(`${path}?details=1`);
  const details = ada.page.getByRole('complementary', { name: 'Group details' });
  await expect(details).toBeVisible();
  await details.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(details).toHaveCount(0);
  await expect(ada.page).toHaveURL(path);
  await names.saying(ada.page, 'a message').focus();
  const id = await ada.page.locator('button.more').last().getAttribute('value');
  for (const asked of ['message', 'information', 'emoji']) {
    await ada.goto(`${path}?${asked}=${id}`);
    await expect(ada.page.locator('dialog[open]')).toBeVisible();
    await ada.page.keyboard.press('Escape');
    await expect(ada.page.locator('dialog[open]')).toHaveCount(0);
    await expect(ada.page).toHaveURL(path);
  }
});
