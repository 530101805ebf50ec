import { pair } from './pair';
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
