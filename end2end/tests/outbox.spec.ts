import { rm } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import * as names from './names';
import { talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

// What was written is sent, once and in order, whatever happens to the page, the browser, the
// network or the server in between.

test('a message written without a server survives a reload and is sent once', async ({ person, startServer }) => {
  const server = await startServer();
  const { ada, grace, path } = await talkingPair((name) => person(name, { server }));
  for (const somebody of [ada, grace]) somebody.console.allowLostConnection();
  await keptForLater(ada.page, path);
  await server.stop('SIGKILL');
  await ada.send('first');
  await ada.send('second');
  await ada.page.reload();
  for (const text of ['first', 'second']) await ada.expectState(text, 'sending');

  await server.start();
  for (const text of ['first', 'second']) await ada.expectState(text, 'delivered');
  await expect(names.message(grace.page, /first|second/)).toContainText(['first', 'second'], { timeout: 20_000 });
});

test('and closing the tab', async ({ person, startServer }) => {
  const server = await startServer();
  const { ada, grace, path } = await talkingPair((name) => person(name, { server }));
  for (const somebody of [ada, grace]) somebody.console.allowLostConnection();
  await server.stop('SIGKILL');
  await ada.send('written in a tab that is gone');
  await ada.page.close();
  await server.start();
  const tab = await ada.openTab(path);
  await ada.expectMessage('written in a tab that is gone', tab);
  await expect(names.message(grace.page, 'written in a tab that is gone')).toHaveCount(1, { timeout: 20_000 });
});

test('it waits for its writer, and nobody else in this browser sees it', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const line = await cuttable(ada);
  await ada.goto(path);
  await line.cut();
  await ada.send('between log-out and log-in');
  await ada.expectState('between log-out and log-in', 'sending');
  await ada.logOut();
  line.mend();

  await ada.submit('Log in', grace.name, grace.password);
  await ada.openConversation(ada.name);
  await expect(names.message(ada.page, 'between log-out and log-in')).toHaveCount(0);
  await ada.logOut();

  await ada.logIn();
  await ada.openConversation(grace.name);
  await ada.expectState('between log-out and log-in', 'delivered');
  await expect(names.message(grace.page, 'between log-out and log-in')).toHaveCount(1);
});

test('a page whose person was replaced meanwhile sends nothing under the other name', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const line = await cuttable(ada);
  await ada.goto(path);
  await line.cut();
  await ada.send('from ada, not from grace');

  // In another tab, while the first one hears of nothing.
  const other = await ada.context.newPage();
  await other.goto('/settings');
  await ada.context.clearCookies();
  await other.goto('/auth');
  await names.username(other).fill(grace.name);
  await names.password(other).fill(grace.password);
  await names.submitButton(other, 'Log in').click();
  await expect(names.peopleSearch(other)).toBeVisible();
  line.mend();

  await expect(names.conversation(ada.page, ada.name)).toBeVisible({ timeout: 20_000 });
  await ada.settle();
  await expect(names.message(ada.page, 'from ada, not from grace')).toHaveCount(0);
  expect(line.sent).toEqual([]);
  await other.close();
  await ada.logOut();

  await ada.logIn();
  await ada.openConversation(grace.name);
  await ada.expectState('from ada, not from grace', 'delivered');
  await expect(names.message(grace.page, 'from ada, not from grace')).toHaveCount(1);
});

test('what the browser refuses to keep is sent all the same', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await ada.context.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('There is no room.', 'QuotaExceededError');
    };
  });
  const line = await cuttable(ada);
  await ada.goto(path);
  const other = await ada.openTab(path);
  await line.cut();
  await ada.send('no room for this');
  await ada.send('nor for that');
  await names.composer(other).fill('nor in the other tab');
  await names.sendButton(other).click();
  line.mend();
  for (const text of ['no room for this', 'nor for that', 'nor in the other tab']) {
    await expect(names.message(grace.page, text)).toHaveCount(1, { timeout: 20_000 });
    await ada.expectState(text, 'delivered');
  }
});

test('a tab sends for the one that should and cannot', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  // The first tab is the one that sends; now it cannot connect any more.
  await ada.page.routeWebSocket('**/ws', (socket) => void socket.close());
  await ada.page.route('**/api/exchange', (route) => void route.abort());
  ada.console.allowLostConnection();
  ada.console.allow(/net::ERR_FAILED/);
  await ada.page.goto(path);
  await expect(names.conversation(ada.page, grace.name)).toBeVisible();
  await expect(ada.page.getByText('Reconnecting')).toBeVisible();
  const other = await ada.openTab(path);
  await names.composer(other).fill('by way of the second tab');
  await names.sendButton(other).click();
  await expect(names.message(grace.page, 'by way of the second tab')).toHaveCount(1, { timeout: 20_000 });
  await expect(names.message(other, 'by way of the second tab')).toHaveAccessibleDescription(/sent|read/);
});

test('two tabs share it and send nothing twice', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const line = await cuttable(ada);
  await ada.goto(path);
  const other = await ada.openTab(path);
  await line.cut();
  await ada.send('one, from the first tab');
  await ada.expectMessage('one, from the first tab', other);
  await names.composer(other).fill('two, from the second tab');
  await names.sendButton(other).click();
  await ada.expectMessage('two, from the second tab');

  line.mend();
  const texts = ['one, from the first tab', 'two, from the second tab'];
  await expect(names.message(grace.page, /from the (first|second) tab/)).toContainText(texts, { timeout: 20_000 });
  for (const page of [ada.page, other]) {
    for (const text of texts) {
      await expect(names.message(page, text)).toHaveAccessibleDescription(/sent|read/);
    }
  }
  expect(line.sent).toHaveLength(2);

  await test.step('when the tab that sends is closed, the other one sends', async () => {
    await ada.page.close();
    await names.composer(other).fill('three');
    await names.sendButton(other).click();
    await grace.expectMessage('three');
    expect(line.sent).toHaveLength(3);
  });
});

test('a refused message is deleted in both tabs', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const line = await cuttable(ada);
  await ada.goto(path);
  const other = await ada.openTab(path);
  line.refuse = true;
  await ada.send('will be refused');
  for (const page of [ada.page, other]) {
    await expect(names.message(page, 'will be refused')).toHaveAccessibleDescription('failed');
  }
  await test.step('and is still there after a reload', async () => {
    await ada.reload();
    await ada.expectMessage('will be refused');
  });
  await other.getByRole('button', { name: 'Delete', exact: true }).click();
  for (const page of [ada.page, other]) await expect(names.message(page, 'will be refused')).toHaveCount(0);

  await ada.send('refused at first');
  await expect(names.message(ada.page, 'refused at first')).toHaveAccessibleDescription('failed');
  line.refuse = false;
  await ada.page.getByRole('button', { name: 'Retry', exact: true }).click();
  await grace.expectMessage('refused at first');
});

test('it outlives the browser', async ({ playwright, person, startServer, launchOptions, viewport }) => {
  const server = await startServer();
  const { ada, grace, path } = await talkingPair((name) => person(name, { server }));
  for (const somebody of [ada, grace]) somebody.console.allowLostConnection();
  const folder = await mkdtemp(join(tmpdir(), 'sotto-browser-'));
  const launch = () =>
    playwright.chromium.launchPersistentContext(folder, { ...launchOptions, baseURL: server.url, viewport });
  try {
    let browser = await launch();
    await browser.addCookies(await ada.context.cookies());
    let page = browser.pages()[0] ?? (await browser.newPage());
    await page.goto(path);
    await keptForLater(page, path);
    await server.stop('SIGKILL');
    await names.composer(page).fill('before the power went');
    await names.sendButton(page).click();
    await expect(names.message(page, 'before the power went')).toHaveAccessibleDescription('sending');
    await browser.close();

    browser = await launch();
    page = browser.pages()[0] ?? (await browser.newPage());
    await page.goto(path);
    await expect(names.message(page, 'before the power went')).toHaveAccessibleDescription('sending');
    await server.start();
    await expect(names.message(grace.page, 'before the power went')).toHaveCount(1, { timeout: 20_000 });
    await browser.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Until the service worker has kept the page, so that it opens without a server. */
async function keptForLater(page: Page, path: string): Promise<void> {
  const isKept = () => page.evaluate(async (path) => Boolean(await caches.match(path)), path);
  await expect.poll(isKept, { message: `${path} is kept`, timeout: 20_000 }).toBe(true);
}

/** A line between a person's pages and the server that can be cut, and that counts what is sent. */
async function cuttable(person: Person) {
  let isCut = false;
  const open = new Set<{ close: () => Promise<void> }>();
  const line = {
    sent: [] as string[],
    refuse: false,
    async cut() {
      isCut = true;
      await Promise.all([...open].map((socket) => socket.close()));
    },
    mend() {
      isCut = false;
    },
  };
  await person.context.routeWebSocket('**/ws', (page) => {
    if (isCut) return void page.close();
    const server = page.connectToServer();
    open.add(page);
    page.onMessage((frame) => {
      const said = JSON.parse(String(frame)) as { type: string; id: string };
      if (said.type !== 'send_private_message') return server.send(frame);
      if (line.refuse) {
        const error = { code: 'invalid_message', message: 'Not today.' };
        return page.send(JSON.stringify({ type: 'message_refused', id: said.id, error }));
      }
      line.sent.push(said.id);
      server.send(frame);
    });
    page.onClose(() => open.delete(page));
  });
  return line;
}
