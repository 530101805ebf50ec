import type { Page } from '@playwright/test';
import { WHEN, copy } from './clipboard';
import { three } from './group';
import * as names from './names';
import { pair } from './pair';
import { expect, test } from './test';

const detailsButton = (page: Page) => page.getByRole('button', { name: 'Group details', exact: true });
const details = (page: Page) => page.getByRole('complementary', { name: 'Group details' });
const member = (page: Page, name: string) =>
  details(page).getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name });
const noted = (page: Page, text: string | RegExp) => names.messages(page).getByRole('article').filter({ hasText: text });

/** Opens what can be done about a member, and does one thing of it. */
async function chooseFor(page: Page, name: string, item: string): Promise<void> {
  await details(page).getByRole('button', { name: `Options for ${name}`, exact: true }).click();
  await names.menuItem(page, item).click();
}

test('a group is made, written in by all, and says who wrote what', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Ducks', [grace, joan]);
  await expect(noted(ada.page, 'You made this group')).toBeVisible();
  await expect(ada.page.getByText('3 members')).toBeVisible();
  await grace.openConversation('Ducks');
  await expect(noted(grace.page, `${ada.name} made this group`)).toBeVisible();
  await joan.openConversation('Ducks');
  await grace.send('hello all');
  await joan.expectMessage('hello all');
  await ada.expectMessage('hello all');
  await expect(ada.page.locator('.author').filter({ hasText: grace.name })).toBeVisible();
  // She is no contact of Joan's, and is named all the same.
  await expect(joan.page.locator('.author').filter({ hasText: grace.name })).toBeVisible();
  await joan.send('hello you two');
  await grace.expectMessage('hello you two');
  await ada.toList();
  await expect(names.conversationLink(ada.page, 'Ducks')).toContainText(`${joan.name}: hello you two`);
  await ada.reload();
  await expect(names.conversationLink(ada.page, 'Ducks')).toContainText('hello you two');
});

test('its panel shows who is in it, and what each may do is done live', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Ducks', [grace]);
  await grace.openConversation('Ducks');
  await detailsButton(ada.page).click();
  await expect(member(ada.page, ada.name)).toContainText('Owner, you');
  await details(ada.page).getByText('Add people', { exact: true }).click();
  await details(ada.page).getByRole('checkbox', { name: joan.name }).check();
  await details(ada.page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(member(ada.page, joan.name)).toContainText('Member');
  await expect(noted(grace.page, `${ada.name} added ${joan.name}`)).toBeVisible();
  await joan.openConversation('Ducks');
  await expect(noted(joan.page, `${ada.name} added you`)).toBeVisible();
  await expect(noted(joan.page, 'made this group')).toHaveCount(0);

  await chooseFor(ada.page, grace.name, 'Make admin');
  await expect(member(ada.page, grace.name)).toContainText('Admin');
  await detailsButton(grace.page).click();
  await details(grace.page).getByText('Rename group', { exact: true }).click();
  await names.groupName(grace.page).fill('Swans');
  await details(grace.page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(ada.page.getByRole('heading', { name: 'Swans', exact: true })).toBeVisible();
  await expect(joan.page.getByRole('heading', { name: 'Swans', exact: true })).toBeVisible();
  await chooseFor(grace.page, joan.name, 'Remove from group');
  await expect(joan.page.getByText('This group is gone')).toBeVisible();
  await grace.page.keyboard.press('Escape');
  await expect(details(grace.page)).toHaveCount(0);
  await expect(detailsButton(grace.page)).toBeFocused();

  await details(ada.page).getByText('Leave group', { exact: true }).click();
  await details(ada.page).getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(ada.page).toHaveURL('/');
  await expect(names.conversationLink(ada.page, 'Swans')).toHaveCount(0);
  await expect(noted(grace.page, `${ada.name} left`)).toBeVisible();
  await grace.send('mine now');
  await expect(names.message(grace.page, 'mine now')).toBeVisible();
});

test('the keys stay in the panel when what had the focus goes', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  const path = await ada.makeGroup('Ducks', [grace, joan]);
  await detailsButton(ada.page).click();
  await details(ada.page).getByRole('button', { name: `Options for ${joan.name}`, exact: true }).focus();
  const left = await joan.context.request.post(`/api/groups/${path.split('/').pop()}/leave`, { data: {}, headers: { origin: joan.origin } });
  expect(left.ok()).toBe(true);
  await expect(member(ada.page, joan.name)).toHaveCount(0);
  await expect(details(ada.page).getByRole('button', { name: 'Close', exact: true })).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(detailsButton(ada.page)).toBeFocused();
});

test('what is copied says who of the group wrote it', async ({ person }) => {
  const { ada, grace, joan } = await three((name) => person(name, { permissions: ['clipboard-read', 'clipboard-write'] }));
  await ada.makeGroup('Ducks', [grace, joan]);
  await grace.openConversation('Ducks');
  await joan.openConversation('Ducks');
  for (const text of ['one', 'two']) await grace.send(text);
  await joan.expectMessage('two');
  await joan.send('three');
  await ada.expectMessage('three');
  await ada.send('four');
  const line = (who: string, text: string) => `${WHEN} ${who}: ${text}`;
  const lines = [line(grace.name, 'two'), line(joan.name, 'three'), line(ada.name, 'four')];
  expect(await copy(ada.page, 'two', 'four')).toMatch(new RegExp(`^${lines.join('\n')}$`));
});

test('a button that is pressed twice makes one group', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await names.newGroup(ada.page).click();
  await names.groupName(ada.page).fill('Once');
  await names.groupForm(ada.page).getByRole('checkbox', { name: grace.name }).check();
  await names.groupForm(ada.page).getByRole('button', { name: 'Create group', exact: true }).dblclick();
  await expect(names.conversation(ada.page, 'Once')).toBeVisible();
  const all = (await (await ada.context.request.get('/api/conversations')).json()) as { name?: string }[];
  expect(all.filter(({ name }) => name === 'Once')).toHaveLength(1);
});

test('a group of nobody is refused with a sentence', async ({ person }) => {
  const { ada } = await pair(person);
  ada.console.allowStatus(400);
  await names.newGroup(ada.page).click();
  await names.groupName(ada.page).fill('Alone');
  await names.groupForm(ada.page).getByRole('button', { name: 'Create group', exact: true }).click();
  // What is outside of a modal dialog is behind it, and is not read out.
  const inside = ada.page.locator('dialog[open]').getByRole('alert');
  await expect(inside.filter({ hasText: 'Choose at least one person' })).toBeVisible();
  await expect(names.groupName(ada.page)).toHaveValue('Alone');
});

test('where only admins write there is no composer, and it is said', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.makeGroup('News', [grace]);
  const path = new URL(ada.page.url()).pathname;
  await grace.openConversation('News');
  await expect(names.composer(grace.page)).toBeVisible();
  const answer = await ada.context.request.post(`/api/groups/${path.split('/').pop()}/settings`, {
    data: { writes: 'admins' },
    headers: { origin: ada.origin },
  });
  expect(answer.status()).toBe(200);
  await expect(grace.page.getByText('Only admins write in this group.')).toBeVisible();
  await expect(names.composer(grace.page)).toHaveCount(0);
  await ada.send('the news');
  await grace.expectMessage('the news');
});

test('the owner says who may do what, and hands the group over', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Ducks', [grace]);
  await ada.send('before Joan came');
  await detailsButton(ada.page).click();
  await details(ada.page).getByText('Add people', { exact: true }).click();
  await details(ada.page).getByRole('checkbox', { name: joan.name }).check();
  await details(ada.page).getByRole('button', { name: 'Add', exact: true }).click();
  await joan.openConversation('Ducks');
  await expect(noted(joan.page, `${ada.name} added you`)).toBeVisible();
  await expect(names.message(joan.page, 'before Joan came')).toHaveCount(0);

  await details(ada.page).getByText('Group settings', { exact: true }).click();
  await details(ada.page).getByRole('combobox', { name: 'Who writes' }).selectOption('Admins');
  await details(ada.page).getByRole('combobox', { name: 'What newcomers see' }).selectOption('Everything');
  await details(ada.page).getByRole('button', { name: 'Save', exact: true }).click();
  await expect(joan.page.getByText('Only admins write in this group.')).toBeVisible();
  // Without a reload.
  await names.olderMessages(joan.page).click();
  await expect(names.message(joan.page, 'before Joan came')).toBeVisible();
  await expect(details(ada.page).getByRole('button', { name: `Options for ${ada.name}` })).toHaveCount(0);

  await chooseFor(ada.page, grace.name, 'Make owner');
  await expect(member(ada.page, grace.name)).toContainText('Owner');
  await expect(member(ada.page, ada.name)).toContainText('Admin, you');
  await expect(details(ada.page).getByText('Delete group', { exact: true })).toHaveCount(0);
  await grace.openConversation('Ducks');
  await detailsButton(grace.page).click();
  await expect(details(grace.page).getByText('Delete group', { exact: true })).toBeVisible();
  await details(grace.page).getByText('Group settings', { exact: true }).click();
  await expect(details(grace.page).getByRole('combobox', { name: 'Who writes' })).toHaveValue('admins');
});

test('somebody met in a group can be added as a contact', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Ducks', [grace, joan]);
  await grace.openConversation('Ducks');
  await detailsButton(grace.page).click();
  await chooseFor(grace.page, joan.name, 'Add as contact');
  await expect(grace.page.getByRole('status').filter({ hasText: 'Your request is sent.' })).toBeVisible();
  await joan.toList();
  await joan.accept(grace.name);
});
