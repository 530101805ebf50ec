import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

test.describe('what extensions do to a page before it is taken over does no harm', () => {
  const harms = {
    'an element first in the body': () => document.body.prepend(document.createElement('div')),
    'an element last in the body': () => document.body.append(document.createElement('div')),
    'attributes on the body and on inputs': () => {
      for (const element of document.querySelectorAll('body, input, textarea')) element.setAttribute('data-extension', 'on');
    },
    'a style in the head': () => document.head.append(document.createElement('style')),
  };
  for (const [name, harm] of Object.entries(harms)) {
    test(name, async ({ person }) => {
      const { ada, grace } = await talkingPair(person);
      // The browser's own word about the style that the policy refuses.
      ada.console.allow(/Applying inline style violates/);
      await ada.page.addInitScript(`addEventListener('DOMContentLoaded', ${harm})`);
      await ada.reload();
      await ada.send('still here');
      await grace.expectMessage('still here');
      await grace.send('and so am I');
      await ada.expectMessage('and so am I');
      await expect(ada.page.locator('.broken')).toHaveCount(0);
    });
  }
});

test('a page that cannot be taken over says so, and its forms go on working', async ({ person }) => {
  // A worker would ask for files past the route.
  const { ada, grace } = await talkingPair((name) => person(name, { serviceWorkers: 'block' }));
  ada.console.allow(/./);
  grace.console.allow(/Service Worker registration blocked/);
  await ada.page.route('**/*.wasm', (route) => route.fulfill({ status: 200, contentType: 'application/wasm', body: 'no wasm' }));
  await ada.page.reload();
  await names.composer(ada.page).fill('by the form alone');
  const notice = ada.page.getByRole('alert').filter({ hasText: 'did not start' });
  await expect(notice).toBeVisible({ timeout: 15_000 });
  await expect(names.composer(ada.page)).toHaveValue('by the form alone');
  await names.sendButton(ada.page).click();
  await expect(names.message(ada.page, 'by the form alone')).toBeVisible();
  await grace.expectMessage('by the form alone');
  await expect(notice).toBeVisible({ timeout: 15_000 });
  await ada.page.unrouteAll();
  await ada.page.getByRole('button', { name: 'Reload', exact: true }).click();
  await ada.settle();
  await ada.send('and all is well');
  await grace.expectMessage('and all is well');
});

test('whoever is writing when a page turns out not to start goes on with the same word', async ({ person }) => {
  const { ada, grace } = await talkingPair((name) => person(name, { serviceWorkers: 'block' }));
  ada.console.allow(/./);
  grace.console.allow(/Service Worker registration blocked/);
  let fail = () => {};
  const failing = new Promise<void>((resolve) => (fail = resolve));
  await ada.page.route('**/*.wasm', async (route) => {
    await failing;
    await route.fulfill({ status: 200, contentType: 'application/wasm', body: 'no wasm' });
  });
  await ada.page.reload();
  await names.composer(ada.page).click();
  await ada.page.keyboard.type('by the fo');
  fail();
  await expect(ada.page.getByRole('alert').filter({ hasText: 'did not start' })).toBeVisible({ timeout: 15_000 });
  await ada.page.keyboard.type('rm alone');
  await expect(names.composer(ada.page)).toHaveValue('by the form alone');
});

test('a page kept for one account is not shown to the next', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  ada.console.allow(/./);
  await grace.send('for Ada alone');
  await ada.expectMessage('for Ada alone');
  await ada.reload();
  const kept = () => ada.page.evaluate(async (path) => (await (await caches.match(path))?.text()) ?? '', path);
  await expect.poll(kept, { timeout: 20_000 }).toContain('for Ada alone');

  // Another one signs in by a door that the page does not see.
  const form = { mode: 'signup', username: `next${grace.name.slice(-8)}`, password: ada.password };
  const answer = await ada.context.request.post('/auth', { form, headers: { origin: ada.origin }, maxRedirects: 0 });
  expect(answer.status()).toBe(303);
  // The page that is open notices by itself that its session is over, and may be on its way already.
  await ada.page.goto('/').catch(() => undefined);
  await expect(ada.page.getByText('No conversations yet')).toBeVisible();
  await expect.poll(kept, { timeout: 20_000 }).not.toContain('for Ada alone');
});
