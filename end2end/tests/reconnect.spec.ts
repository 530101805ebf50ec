import type { Page } from '@playwright/test';
import { sendMessage } from './api';
import * as names from './names';
import { pair, talkingPair } from './pair';
import type { Signal } from './server';
import { expect, test } from './test';

for (const signal of ['SIGKILL', 'SIGTERM'] satisfies Signal[]) {
  test(`the page survives a server that ends by ${signal} and returns`, async ({ person, startServer }) => {
    const server = await startServer();
    const { ada, grace, path } = await talkingPair((firstName) => person(firstName, { server }));
    ada.console.allowLostConnection();
    grace.console.allowLostConnection();
    await ada.send('before');
    await grace.expectMessage('before');

    await server.stop(signal);
    await expect(names.reconnecting(ada.page)).toBeVisible();
    await expect(names.reconnecting(grace.page)).toBeVisible();
    await ada.send('while it is down');
    await ada.expectState('while it is down', 'sending');
    // Nobody knows.
    await expect(names.conversation(ada.page, grace.name)).not.toContainText('online');

    await server.start();
    await sendMessage(grace, path, 'as soon as it is up');
    const patience = { timeout: 40_000 };
    await expect(names.reconnecting(ada.page)).toBeHidden(patience);
    await expect(names.reconnecting(grace.page)).toBeHidden(patience);

    await ada.expectState('while it is down', 'delivered');
    await grace.expectMessage('while it is down');
    await ada.expectMessage('as soon as it is up');
    await expect(names.conversation(ada.page, grace.name)).toContainText('online');
    await grace.send('and after');
    await ada.expectMessage('and after');

    for (const { page } of [ada, grace]) await expectOnce(page);
    await ada.reload();
    await expectOnce(ada.page);
  });
}

test('the banner comes two seconds after the connection is lost, however many tries there were', async ({
  person,
  startServer,
}) => {
  const server = await startServer();
  const ada = await person('ada', { server });
  ada.console.allowLostConnection();
  await ada.signUp();
  await ada.page.clock.install();
  const opened = ada.page.waitForEvent('websocket');
  await ada.goto('/');
  const closed = (await opened).waitForEvent('close');
  await ada.page.clock.pauseAt(Date.now() + 1000);
  await server.stop('SIGKILL');
  await closed;
  // In steps, so that each try may fail in between.
  for (let step = 0; step < 19; step++) await ada.page.clock.runFor(100);
  await expect(names.reconnecting(ada.page)).toBeHidden();
  await ada.page.clock.runFor(200);
  await expect(names.reconnecting(ada.page)).toBeVisible({ timeout: 1000 });
});

test('being off line is said at once, and moves nothing on the page', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  ada.console.allowLostConnection();
  await expect(names.conversation(ada.page, grace.name)).toContainText('online');
  const before = await names.composer(ada.page).boundingBox();
  await ada.context.setOffline(true);
  await expect(names.reconnecting(ada.page)).toBeVisible({ timeout: 1500 });
  await expect(names.conversation(ada.page, grace.name)).not.toContainText('online');
  expect(await names.composer(ada.page).boundingBox()).toEqual(before);
  await ada.context.setOffline(false);
  await expect(names.reconnecting(ada.page)).toBeHidden();
  await expect(names.conversation(ada.page, grace.name)).toContainText('online');
});

test('what is opened while the server is away comes when it returns', async ({ person, startServer }) => {
  const server = await startServer();
  const { ada, grace } = await pair((firstName) => person(firstName, { server }));
  ada.console.allowLostConnection();
  grace.console.allowLostConnection();
  const path = await ada.openConversation(grace.name);
  const texts = Array.from({ length: 60 }, (_, i) => `note ${String(i + 1).padStart(2, '0')}`);
  for (const text of texts) await sendMessage(ada, path, text);
  // She has the newest message only; the others she was told of are forgotten.
  await grace.reload();
  await expect(names.conversationLink(grace.page, ada.name)).toContainText('note 60');

  await server.stop('SIGKILL');
  await grace.openConversation(ada.name);
  await grace.expectMessage('note 60');
  await server.start();
  await Promise.all([ada.settle(), grace.settle()]);

  await ada.expectState('note 60', 'read');
  await grace.expectMessage('note 11');
  await names.message(grace.page, 'note 11').scrollIntoViewIfNeeded();
  await grace.expectMessage('note 01');
});

test('a page whose session ended while it was away leads to log-in', async ({ person, startServer }) => {
  const server = await startServer();
  const ada = await person('ada', { server });
  ada.console.allowLostConnection();
  ada.console.allowStatus(401);
  await ada.signUp();
  await server.stop('SIGKILL');
  await ada.context.clearCookies({ name: 'sid' });
  await server.start();
  await expect(ada.page).toHaveURL(/\/auth/, { timeout: 40_000 });
  await expect(names.authForm(ada.page, 'Log in')).toBeVisible();
});

async function expectOnce(page: Page): Promise<void> {
  for (const text of ['before', 'while it is down', 'as soon as it is up', 'and after']) {
    await expect(names.message(page, text)).toHaveCount(1);
  }
  await expect(names.messages(page).getByRole('article')).toHaveCount(4);
}
