import { setPrefs } from './api';
import { BROWSER } from './browser';
import * as names from './names';
import { pair, talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

test.use({ launchOptions: [async ({ launchOptions }, use) => use({ ...launchOptions, executablePath: BROWSER }), { scope: 'worker' }] });

test('notifications are asked for by a click, and can be turned off', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await grace.context.grantPermissions(['notifications']);
  await grace.goto('/');
  const notifications = () =>
    grace.page.evaluate(async () => {
      const shown = await (await navigator.serviceWorker.ready).getNotifications();
      return shown.map(({ title, body, tag }) => ({ title, body, tag }));
    });

  await test.step('not before', async () => {
    await ada.send('nobody asked');
    await expect(names.conversationLink(grace.page, ada.name)).toContainText('nobody asked');
    expect(await notifications()).toEqual([]);
  });
  await names.accountMenu(grace.page).click();
  await names.turnOnNotifications(grace.page).click();
  await expect(grace.page.getByRole('status').filter({ hasText: 'You will be told' })).toBeVisible();

  await test.step('not while a page of ours is on the screen', async () => {
    await ada.send('you can see this');
    await expect(names.conversationLink(grace.page, ada.name)).toContainText('you can see this');
    expect(await notifications()).toEqual([]);
  });
  await test.step('while none is', async () => {
    let tries = 0;
    await expect(async () => {
      // Anew each time: the browser may end the worker and start it again, which then sees as ever.
      await hideFromWorkers(grace);
      const body = `and now you cannot (${++tries})`;
      await ada.send(body);
      await expect.poll(notifications, { timeout: 5000 }).toEqual([{ title: ada.name, body, tag: path }]);
    }).toPass({ timeout: 30_000 });
  });
  await test.step('turned off', async () => {
    await names.accountMenu(grace.page).click();
    await names.turnOffNotifications(grace.page).click();
    await names.accountMenu(grace.page).click();
    await expect(names.turnOnNotifications(grace.page)).toBeVisible();
  });
});

test('what is muted is not told, but for what means oneself', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await grace.context.grantPermissions(['notifications']);
  await grace.goto('/');
  await names.accountMenu(grace.page).click();
  await names.turnOnNotifications(grace.page).click();
  await expect(names.about(grace.page, 'You will be told')).toBeVisible();
  await setPrefs(grace, path, { mute_for: 3600 });
  await expect(names.conversationLink(grace.page, ada.name)).toHaveAccessibleName(/, muted/);
  let tries = 0;
  await expect(async () => {
    await hideFromWorkers(grace);
    await noteNotifications(grace);
    await ada.send(`nothing special (${++tries})`);
    const body = `@${grace.name} come quickly (${tries})`;
    await ada.send(body);
    await expect.poll(() => noted(grace), { timeout: 5000 }).toEqual([body]);
  }).toPass({ timeout: 30_000 });
});

test('a notification goes when its conversation was read elsewhere', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  const worker = () => ada.context.serviceWorkers()[0] ?? ada.context.waitForEvent('serviceworker');
  await worker();
  await ada.context.grantPermissions(['notifications']);
  const shown = () =>
    ada.page.evaluate(async () => (await (await navigator.serviceWorker.ready).getNotifications()).map(({ tag }) => tag));
  const show = () =>
    ada.page.evaluate(async (path) => {
      const ready = await navigator.serviceWorker.ready;
      for (const tag of [path, '/c/another']) await ready.showNotification('news', { tag, data: tag });
    }, path);
  await show();
  await expect.poll(shown).toHaveLength(2);
  await grace.openConversation(ada.name);
  await grace.send('read at once');
  // Ada's page reads it, and hears from the server that it is read.
  await ada.expectMessage('read at once');
  await grace.expectState('read at once', 'read');
  await expect.poll(shown).toEqual(['/c/another']);
});

/** Has the workers of a browser note what they tell from now on, one after the other. */
async function noteNotifications(person: Person): Promise<void> {
  for (const worker of person.context.serviceWorkers()) {
    await worker.evaluate(() => {
      const scope = globalThis as unknown as { noted: string[]; ServiceWorkerRegistration: typeof ServiceWorkerRegistration };
      scope.noted = [];
      scope.ServiceWorkerRegistration.prototype.showNotification = async (_title, options) => {
        scope.noted.push(options?.body ?? '');
      };
    });
  }
}

async function noted(person: Person): Promise<string[]> {
  const noted = person.context.serviceWorkers().map((worker) =>
    worker.evaluate(() => (globalThis as unknown as { noted?: string[] }).noted ?? []));
  return (await Promise.all(noted)).flat();
}

/** A browser without a screen shows all its pages; so its workers are told that it shows none. */
async function hideFromWorkers(person: Person): Promise<void> {
  for (const worker of person.context.serviceWorkers()) {
    await worker.evaluate(() => {
      const { Clients } = globalThis as unknown as { Clients: { prototype: { matchAll: () => Promise<object[]> } } };
      Clients.prototype.matchAll = async () => [{ visibilityState: 'hidden' }];
    });
  }
}
