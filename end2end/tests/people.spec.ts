import * as names from './names';
import { pair } from './pair';
import { expect, test } from './test';

test('the search waits for the last key, and the last answer wins', async ({ person }) => {
  const [ada, zoe] = [await person('ada'), await person('zoe')];
  await Promise.all([ada.signUp(), zoe.signUp()]);
  const asked: string[] = [];
  ada.page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/users/search') asked.push(url.searchParams.get('q') ?? '');
  });
  await names.peopleSearch(ada.page).pressSequentially(zoe.name);
  await expect(names.addButton(ada.page, zoe.name)).toBeVisible();
  expect(asked.at(-1)).toBe(zoe.name);
  expect(asked.length).toBeLessThan(zoe.name.length);

  await ada.find('nobody-of-that-name');
  await expect(ada.page.getByText('Nobody found')).toBeVisible();
  await names.peopleSearch(ada.page).press('Escape');
  await expect(names.peopleSearch(ada.page)).toHaveValue('');
  await expect(ada.page.getByText('Nobody found')).toBeHidden();
});

test('arrows choose among those found', async ({ person }) => {
  const [ada, one, two] = [await person('ada'), await person('yvesone'), await person('yvestwo')];
  await Promise.all([ada.signUp(), one.signUp(), two.signUp()]);
  await ada.find('yves');
  const options = ada.page.getByRole('option');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
  await names.peopleSearch(ada.page).press('ArrowDown');
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true');
  await names.peopleSearch(ada.page).press('ArrowUp');
  await expect(options.first()).toHaveAttribute('aria-selected', 'true');
});

test('Enter asks nobody whom nobody meant', async ({ person }) => {
  const [ada, one] = [await person('ada'), await person('yvesone')];
  await Promise.all([ada.signUp(), one.signUp()]);
  const asked: string[] = [];
  ada.page.on('request', (request) => {
    if (request.url().endsWith('/api/friend-requests/send')) asked.push(request.postData() ?? '');
  });
  await ada.find(one.name.slice(0, -1));
  await expect(names.addButton(ada.page, one.name)).toBeVisible();
  await names.peopleSearch(ada.page).press('Enter');
  // An arrow means somebody, and so does the whole name.
  await names.peopleSearch(ada.page).press('ArrowDown');
  expect(asked).toEqual([]);
  await names.peopleSearch(ada.page).press('Enter');
  await expect(names.personFound(ada.page, one.name)).toContainText('Requested');
  expect(asked).toHaveLength(1);

  await one.find(ada.name);
  await one.page.getByRole('option').getByRole('button', { name: `Accept the request of ${ada.name}` }).click();
  await expect(names.conversationLink(one.page, ada.name)).toBeVisible();
  await expect(one.page.getByRole('option')).toHaveCount(0);

  await one.find(ada.name);
  await names.personFound(one.page, ada.name).click();
  await expect(names.conversation(one.page, ada.name)).toBeVisible();
  await one.toList();
  await expect(names.peopleSearch(one.page)).toHaveValue('');

  await ada.find(ada.name);
  await expect(ada.page.getByText('That is you')).toBeVisible();
});

test('two who ask each other are contacts', async ({ person }) => {
  const [ada, grace] = [await person('ada'), await person('grace')];
  await Promise.all([ada.signUp(), grace.signUp()]);
  await ada.findAndAdd(grace.name);
  await expect(names.acceptButton(grace.page, ada.name)).toBeVisible();
  await grace.find(ada.name);
  await expect(names.personFound(grace.page, ada.name)).toContainText('Asks you');
  await names.peopleSearch(grace.page).press('Enter');
  for (const [somebody, other] of [[ada, grace], [grace, ada]] as const) {
    await expect(names.conversationLink(somebody.page, other.name)).toBeVisible();
  }
});

test('toasts stack, stay while pointed at, and go by themselves or when dismissed', async ({ person, isMobile }) => {
  const people = [await person('ada'), await person('grace'), await person('linus')];
  await Promise.all(people.map((somebody) => somebody.signUp()));
  const [ada, grace, linus] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
  await grace.findAndAdd(ada.name);
  await linus.findAndAdd(ada.name);
  await names.acceptButton(ada.page, grace.name).click();
  await names.acceptButton(ada.page, linus.name).click();
  const toasts = ada.page.locator('.toasts').getByRole('status');
  await expect(toasts).toHaveCount(2);
  if (!isMobile) {
    await toasts.first().hover();
    await expect(toasts).toHaveCount(1);
    await expect(toasts).toContainText(grace.name);
  }
  await toasts.first().getByRole('button', { name: 'Dismiss' }).click();
  await expect(toasts).toHaveCount(isMobile ? 1 : 0);
  await expect(toasts).toHaveCount(0);
});

test('a contact who is away was last seen some time ago', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await grace.page.goto('about:blank');
  await ada.openConversation(grace.name);
  await expect(names.conversation(ada.page, grace.name)).toContainText(/last seen today at \d\d:\d\d/, { timeout: 20_000 });
});
