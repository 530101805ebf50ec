import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

test('title and icon show how much is unread', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  const icon = grace.page.locator('link[rel=icon]');
  await expect(icon).toHaveAttribute('href', '/favicon.svg');
  await ada.send('one');
  await ada.send('two');
  await expect(grace.page).toHaveTitle('(2) Sotto');
  await expect(icon).toHaveAttribute('href', /^data:image\/svg\+xml,.*>2<\/text>/);
  await grace.openConversation(ada.name);
  await expect(grace.page).toHaveTitle(`${ada.name} · Sotto`);
  await expect(icon).toHaveAttribute('href', '/favicon.svg');
});

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
    const shown = await minimize(grace.page);
    await ada.send('and now you cannot');
    const expected = [{ title: ada.name, body: 'and now you cannot', tag: path }];
    await expect.poll(notifications).toEqual(expected);
    await shown();
  });
  await test.step('turned off', async () => {
    await names.accountMenu(grace.page).click();
    await names.turnOffNotifications(grace.page).click();
    await names.accountMenu(grace.page).click();
    await expect(names.turnOnNotifications(grace.page)).toBeVisible();
  });
});

/** Takes the window off the screen; returns what brings it back. */
async function minimize(page: import('@playwright/test').Page): Promise<() => Promise<void>> {
  const session = await page.context().newCDPSession(page);
  const { windowId } = await session.send('Browser.getWindowForTarget');
  const setState = (windowState: 'minimized' | 'normal') =>
    session.send('Browser.setWindowBounds', { windowId, bounds: { windowState } });
  await setState('minimized');
  await expect.poll(() => page.evaluate(() => document.visibilityState)).toBe('hidden');
  return async () => void (await setState('normal'));
}
