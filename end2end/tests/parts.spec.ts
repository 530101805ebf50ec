import type { Page } from '@playwright/test';
import * as names from './names';
import { pair, talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

const PART = '**/split_*.wasm';
const NOTHING_CAME = 'A part of this page could not be loaded. Check your connection, then try it once more.';

/** The parts that a page asks its server for, by their names. */
function partsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(...(request.url().match(/(?<=split_)\w+(?=\.wasm)/) ?? [])));
  return asked;
}

/** People whose page asks the server itself: a service worker keeps all parts, and is not heard here. */
const unkept = (meet: (name: string, options: object) => Promise<Person>) => async (name: string) => {
  const somebody = await meet(name, { serviceWorkers: 'block' });
  somebody.console.allow(/Service Worker registration blocked/);
  return somebody;
};

const removeDialog = (page: Page) => page.getByRole('alertdialog');

/** Asks to remove the contact whose conversation is open. */
async function askToRemove(page: Page): Promise<void> {
  await names.conversationOptions(page).click();
  await names.removeContactButton(page).click();
}

test('parts are loaded when they are wanted, and not before', async ({ person }) => {
  const { ada, grace } = await talkingPair(unkept(person));
  const asked = partsOf(ada.page);
  await ada.reload();
  await grace.send('all is there');
  await ada.expectMessage('all is there');
  // What every page wants, once loaded ahead and once used.
  expect([...new Set(asked)]).toEqual(['line']);
  asked.length = 0;
  await askToRemove(ada.page);
  await expect(removeDialog(ada.page)).toBeVisible();
  expect(asked).toEqual(['groups', 'people']);
  await ada.page.keyboard.press('Escape');
  await askToRemove(ada.page);
  await expect(removeDialog(ada.page)).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await ada.toList();
  await names.peopleSearch(ada.page).focus();
  await expect.poll(() => asked).toEqual(['groups', 'people', 'finding']);
  await ada.find(grace.name);
  await expect(names.personFound(ada.page, grace.name)).toBeVisible();
  expect(asked).toEqual(['groups', 'people', 'finding']);
});

test('a part that does not come is said, and comes with the next try', async ({ person }) => {
  const { ada, grace } = await talkingPair(unkept(person));
  // Also what the script that loads parts says of it.
  ada.console.allow(/ERR_FAILED|Failed to fetch/);
  await ada.page.route(PART, (route) => route.abort());
  await names.conversationOptions(ada.page).click();
  await expect(ada.page.getByRole('alert').filter({ hasText: NOTHING_CAME })).toBeVisible();
  await expect(ada.page.getByRole('dialog')).toHaveCount(0);
  await ada.toList();
  await ada.find(grace.name);
  await expect(ada.page.getByRole('search').getByText(NOTHING_CAME)).toBeVisible();
  await expect(names.peopleSearch(ada.page)).toHaveValue(grace.name);

  await ada.page.unroute(PART);
  await names.peopleSearch(ada.page).press('Enter');
  await expect(names.personFound(ada.page, grace.name)).toBeVisible();
  await ada.openConversation(grace.name);
  await askToRemove(ada.page);
  await expect(removeDialog(ada.page)).toBeVisible();
});

test('a request is seen once what draws it came', async ({ person }) => {
  const { ada } = await pair(unkept(person));
  const joan = await person('joan');
  await joan.signUp();
  ada.console.allow(/ERR_FAILED|Failed to fetch/);
  await ada.page.route(PART, (route) => route.abort());
  await joan.goto('/');
  await joan.findAndAdd(ada.name);
  await expect(ada.page.getByRole('alert').filter({ hasText: NOTHING_CAME })).toBeVisible();
  await ada.page.unroute(PART);
  await ada.page.getByRole('button', { name: 'Try again', exact: true }).click();
  await expect(names.acceptButton(ada.page, joan.name)).toBeVisible();
});

test('without its line to the server a page posts what is written, and goes on trying', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(unkept(person));
  ada.console.allow(/ERR_FAILED|Failed to fetch/);
  await ada.page.route(PART, (route) => route.abort());
  await ada.page.goto(path);
  await expect(names.reconnecting(ada.page)).toBeVisible();
  await names.composer(ada.page).fill('written without a line');
  await names.sendButton(ada.page).click();
  await grace.expectMessage('written without a line');
  await ada.expectMessage('written without a line');
  await expect(names.reconnecting(ada.page)).toBeVisible();
  await ada.page.unroute(PART);
  await ada.settle();
  await expect(names.reconnecting(ada.page)).toBeHidden();
  await ada.send('with it');
  await grace.expectMessage('with it');
});

test('what the server has drawn of a part works', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const stranger = await person('joan');
  await stranger.signUp();
  await ada.goto(`/?find=${stranger.name.slice(0, -1)}`);
  await names.addButton(ada.page, stranger.name).click();
  await expect(names.cancelButton(ada.page, stranger.name)).toBeVisible();
  const path = await ada.openConversation(grace.name);
  await ada.goto(`${path}?remove=1`);
  await expect(removeDialog(ada.page)).toBeVisible();
  await ada.page.keyboard.press('Escape');
  await expect(removeDialog(ada.page)).toHaveCount(0);
  await grace.openConversation(ada.name);
  await ada.send('you stay');
  await grace.expectMessage('you stay');
});

test('parts open without a network once the page was there', async ({ person }) => {
  const { ada } = await talkingPair(person);
  ada.console.allowLostConnection();
  const kept = () =>
    ada.page.evaluate(async () => {
      const files = await caches.open('files');
      return (await files.keys()).map(({ url }) => url.match(/(?<=split_)\w+(?=\.wasm)/)?.[0]).filter(Boolean);
    });
  await expect.poll(kept, { timeout: 20_000 }).toEqual(['files', 'finding', 'groups', 'line', 'message', 'palette', 'people', 'viewer', 'writing']);
  await ada.context.setOffline(true);
  await ada.page.reload();
  // The page lives.
  await expect(names.reconnecting(ada.page)).toBeVisible();
  await askToRemove(ada.page);
  await expect(removeDialog(ada.page)).toBeVisible();
});

for (const worker of ['allow', 'block'] as const) {
  test(`a tab left open over an upgrade does what was wanted (service workers: ${worker})`, async ({ person, startServer }) => {
    const server = await startServer();
    const { ada, grace, path } = await talkingPair((name) => person(name, { server, serviceWorkers: worker }));
    for (const { console } of [ada, grace]) {
      console.allowLostConnection();
      console.allow(/Service Worker registration blocked/);
      // The part that is not there any more, and what the script that loads parts says of it.
      console.allowStatus(404);
      console.allow(/MIME type|HTTP status code is not ok/);
    }
    await server.upgrade();
    await names.composer(ada.page).fill('typed before');
    await grace.send('over the upgrade');
    await ada.expectMessage('over the upgrade');
    if (worker === 'allow') {
      // Another tab has seen the new page; of the old one nothing is kept any more.
      const other = await ada.context.newPage();
      await other.goto(path);
      const css = await other.locator('link[rel=stylesheet]').getAttribute('href');
      const isKept = () => other.evaluate(async (css) => Boolean(await caches.match(css)), css!);
      await expect.poll(isKept, { timeout: 20_000 }).toBe(true);
      await other.close();
    }
    await askToRemove(ada.page);
    await expect(removeDialog(ada.page)).toBeVisible({ timeout: 20_000 });
    await ada.page.keyboard.press('Escape');
    await expect(names.composer(ada.page)).toHaveValue('typed before');
    await grace.toList();
    await grace.find(ada.name);
    await expect(names.personFound(grace.page, ada.name)).toBeVisible({ timeout: 20_000 });
  });
}
