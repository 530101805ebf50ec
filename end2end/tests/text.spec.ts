import { expectNoSidewaysScroll } from './measure';
import { WHEN, copy } from './clipboard';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

// A dialog, an error or a violation of the content security policy fails the test by itself.

const PAYLOADS = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg onload=alert(1)>',
  '</textarea><iframe srcdoc="<script>parent.alert(1)</script>">',
  '[click](javascript:alert(1))',
  '<!-- <b>bold</b> &amp; {{7*7}} ${7*7}',
];

test('markup in a message is text, live and rendered by the server', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  for (const payload of PAYLOADS) {
    await ada.send(payload);
    await grace.expectMessage(payload);
  }
  await grace.reload();
  for (const payload of PAYLOADS) await grace.expectMessage(payload);
  const log = names.messages(grace.page);
  await expect(log.locator('script, iframe, [onerror], [onload], [href^="javascript:"], b:text-is("bold")')).toHaveCount(0);

  await grace.toList();
  await expect(names.conversationLink(grace.page, ada.name)).toContainText(PAYLOADS.at(-1)!);
});

test('several messages are copied with who wrote them and when, one as it is', async ({ person }) => {
  const { ada, grace } = await talkingPair((name) => person(name, { permissions: ['clipboard-read', 'clipboard-write'] }));
  for (const text of ['first\nof two lines', 'second']) await ada.send(text);
  await grace.expectMessage('second');
  await grace.send('third');
  await grace.expectState('third', 'read');
  expect(await copy(grace.page, 'first', 'third')).toMatch(
    new RegExp(`^${WHEN} ${ada.name}: first\nof two lines\n${WHEN} ${ada.name}: second\n${WHEN} ${grace.name}: third$`),
  );
  expect((await copy(grace.page, 'second', 'second')).trim()).toBe('second');
});

test('a clock has as many hours as the browser says', async ({ person }) => {
  const options = { locale: 'en-US', timezoneId: 'America/New_York' };
  const { ada } = await talkingPair((name) => person(name, name === 'ada' ? options : {}));
  await ada.send('at this hour');
  await ada.expectState('at this hour', 'delivered');
  const time = ada.page.locator('.state time').last();
  await expect(time).toHaveText(/^\d{1,2}:\d\d [AP]M$/);
  const shown = await time.textContent();
  const [hour] = shown!.split(':');
  const there = new Date().toLocaleTimeString('en-US', { hour: 'numeric', timeZone: 'America/New_York' });
  expect(there).toContain(hour);
  // The server renders it so as well.
  await ada.reload();
  await expect(ada.page.locator('.state time').last()).toHaveText(shown!);
});

test('what is selected stays selected, and a link keeps the focus, while news come', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('see https://example.org/docs for more');
  await grace.expectMessage('see https://example.org/docs');
  await names.message(grace.page, 'see').locator('.body').selectText();
  const selected = () => grace.page.evaluate(() => getSelection()?.toString());
  const before = await selected();
  expect(before).toContain('see https://example.org/docs for more');
  await ada.send('and one more thing');
  await grace.expectMessage('and one more thing');
  expect(await selected()).toBe(before);

  // An own message goes from sent to read under the focus.
  await grace.toList();
  const link = names.message(ada.page, 'see').getByRole('link');
  await link.focus();
  await grace.openConversation(ada.name);
  await ada.expectState('and one more thing', 'read');
  await expect(link).toBeFocused();
});

test('markup in the search is text, typed and in the address', async ({ person }) => {
  const ada = await person('ada');
  await ada.signUp();
  const payload = '<b onclick=alert(1)>';
  const found = ada.page.waitForResponse((response) => response.request().url().includes('search'));
  await ada.find(payload);
  await found;
  await expect(names.peopleSearch(ada.page)).toHaveValue(payload);
  await expect(ada.page.getByRole('option')).toHaveCount(0);

  await ada.goto(`/?find=${encodeURIComponent(payload)}`);
  await expect(names.peopleSearch(ada.page)).toHaveValue(payload);
  await expect(ada.page.locator('[onclick]')).toHaveCount(0);
});

test('a word of 4,000 characters does not make the page scroll sideways', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  const word = 'x'.repeat(4000);
  await ada.send(word);
  await grace.expectMessage(word);
  for (const { page } of [ada, grace]) await expectNoSidewaysScroll(page);
  await grace.toList();
  await expectNoSidewaysScroll(grace.page);
});

test('emoji and right-to-left text arrive as they were written', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  for (const text of ['🦦'.repeat(1000), 'مرحبا بالعالم', '👩‍👩‍👧‍👦 שלום']) {
    await ada.send(text);
    await grace.expectMessage(text);
    await expectNoSidewaysScroll(grace.page);
  }
});
