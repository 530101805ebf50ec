import type { Page } from '@playwright/test';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

test('without a network the conversations last seen open, and it is said', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  ada.console.allowLostConnection();
  await grace.send('for the train');
  await ada.expectMessage('for the train');
  await ada.reload();
  const kept = () => ada.page.evaluate(async (path) => (await (await caches.match(path))?.text()) ?? '', path);
  await expect.poll(kept, { timeout: 20_000 }).toContain('for the train');

  await ada.context.setOffline(true);
  await ada.page.reload();
  await ada.expectMessage('for the train');
  await expect(names.reconnecting(ada.page)).toBeVisible();
  await ada.send('written in the tunnel');
  await ada.expectState('written in the tunnel', 'sending');

  await ada.context.setOffline(false);
  await ada.expectState('written in the tunnel', 'delivered');
  await expect(names.reconnecting(ada.page)).toBeHidden();
  await expect(names.message(grace.page, 'written in the tunnel')).toHaveCount(1);
});

test('what is kept anew is there all the time, and goes last', async ({ person }) => {
  const { ada, path } = await talkingPair(person);
  const kept = () =>
    ada.page.evaluate(async () => {
      const pages = await caches.open('pages');
      return (await pages.keys()).map(({ url }) => new URL(url).pathname).filter((page) => page !== '/.owner');
    });
  await expect.poll(kept, { timeout: 20_000 }).toEqual(expect.arrayContaining(['/', path]));
  // In the page, so that it is asked again and again while the worker works.
  const missed = ada.page.evaluate(async (path) => {
    let missed = 0;
    const until = performance.now() + 3000;
    while (performance.now() < until) if (!(await caches.match(path))) missed += 1;
    return missed;
  }, path);
  for (const page of ['/', path, '/', path]) {
    await ada.page.evaluate(async (page) => (await navigator.serviceWorker.ready).active?.postMessage(['keep', page]), page);
    await expect.poll(async () => (await kept()).at(-1)).toBe(page);
  }
  expect(await missed).toBe(0);
});

test('after a log-out nothing is kept', async ({ person }) => {
  const { ada, path } = await talkingPair(person);
  ada.console.allowLostConnection();
  ada.console.allowStatus(503);
  const isKept = () => ada.page.evaluate(async (path) => Boolean(await caches.match(path)), path);
  await expect.poll(isKept, { timeout: 20_000 }).toBe(true);
  await ada.logOut();
  await expect.poll(isKept).toBe(false);
  await ada.context.setOffline(true);
  await ada.page.goto(path).catch(() => undefined);
  await expect(ada.page.getByRole('heading', { name: 'No connection' })).toBeVisible();
});

test('a conversation that was erased does not open from what was kept', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  for (const somebody of [ada, grace]) {
    somebody.console.allowLostConnection();
    somebody.console.allowStatus(503);
  }
  const kept = (page: Page) => page.evaluate(async (path) => Boolean(await caches.match(path)), path);
  await grace.send('gone for both of us');
  await expect.poll(() => kept(ada.page), { timeout: 20_000 }).toBe(true);
  await ada.toList();
  await grace.send('and this');
  await names.composer(grace.page).fill('not yet sent');
  await names.conversationOptions(grace.page).click();
  await names.removeContactButton(grace.page).click();
  await names.confirmRemoval(grace.page).click();
  await expect(names.conversationLink(ada.page, grace.name)).toHaveCount(0);
  for (const { page } of [ada, grace]) {
    await expect.poll(() => kept(page), { timeout: 20_000 }).toBe(false);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('draft:')))).toEqual([]);
  }
});

test('a page that was kept in another time zone works, and then shows the times here', async ({ person }) => {
  const { ada, grace, path } = await talkingPair((name) => person(name, { serviceWorkers: 'block' }));
  for (const somebody of [ada, grace]) somebody.console.allow(/Service Worker registration blocked/);
  // Chromium lets no page that a test answers itself connect to this machine; it works without.
  ada.console.allow(/ERR_BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS/);
  await grace.send('what time is it?');
  await ada.expectMessage('what time is it?');
  let rendered = '';
  await ada.page.route(`**${path}`, async (route) => {
    const cookies = (await ada.context.cookies()).filter(({ name }) => name !== 'tz');
    const cookie = [...cookies, { name: 'tz', value: 'Asia/Tokyo' }].map(({ name, value }) => `${name}=${value}`);
    rendered = await (await route.fetch({ headers: { ...route.request().headers(), cookie: cookie.join('; ') } })).text();
    await route.fulfill({ contentType: 'text/html', body: rendered });
  });
  await ada.page.goto(path);
  expect(rendered).toContain('data-zone="Asia/Tokyo"');
  const time = names.messages(ada.page).locator('time').first();
  const utc = (await time.getAttribute('datetime'))!.slice(11, 16);
  expect(rendered).not.toContain(`>${utc}<`);
  await expect(time).toHaveText(utc);
  await ada.send('that was it');
  await ada.expectState('that was it', 'sending');
});
