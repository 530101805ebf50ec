import { sendMessage } from './api';
import { copy } from './clipboard';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

const body = (page: Parameters<typeof names.messages>[0], text: string) => names.saying(page, text).locator('.body');

test('every kind of markup is shown, live and by the server', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await names.composer(ada.page).fill(
    [
      'All: **bold** _italic_ ~~gone~~ `a < b` [docs](https://example.org/x) 2 * 3 * 4',
      '> said',
      '> > before',
      '- milk',
      '  - oat',
      '3. third',
      '```ts',
      'const a = 1;',
      '',
      '  **b**',
      '```',
      '# end @nobody',
    ].join('\n'),
  );
  await names.sendButton(ada.page).click();
  await grace.expectMessage('All:');
  const check = async () => {
    const text = body(grace.page, 'All:');
    await expect(text.locator('strong')).toHaveText('bold');
    await expect(text.locator('em')).toHaveText('italic');
    await expect(text.locator('s')).toHaveText('gone');
    await expect(text.locator(':scope > code')).toHaveText('a < b');
    const link = text.getByRole('link', { name: 'docs (example.org)', exact: true });
    await expect(link).toHaveAttribute('href', 'https://example.org/x');
    await expect(link).toHaveAttribute('rel', 'noopener nofollow noreferrer');
    await expect(text.locator('blockquote blockquote')).toHaveText('before');
    await expect(text.locator('ul ul > li')).toHaveText('oat');
    await expect(text.locator('ol')).toHaveAttribute('start', '3');
    expect(await text.locator('pre').textContent()).toBe('const a = 1;\n\n  **b**');
    await expect(text).toContainText('2 * 3 * 4');
    await expect(text).toContainText('# end @nobody');
    await expect(text.locator('h1, h2')).toHaveCount(0);
  };
  await check();
  await grace.reload();
  await check();
});

test('what would be harmful is text, between marks as well', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  for (const text of [
    '**<img src=x onerror=alert(1)>**',
    '`<script>alert(1)</script>`',
    '[a](javascript:alert(1)) ![b](data:text/html,x)',
    '> <iframe srcdoc="<script>parent.alert(1)</script>">',
    '- </ul></div></article><svg onload=alert(1)>',
  ]) {
    await names.composer(ada.page).fill(text);
    await names.sendButton(ada.page).click();
  }
  await grace.expectMessage('<svg onload=alert(1)>');
  await grace.reload();
  await grace.expectMessage('<svg onload=alert(1)>');
  const log = names.messages(grace.page);
  await expect(log.locator('script, iframe, img, article svg, [onerror], [onload], [href^="javascript:"], [href^="data:"]')).toHaveCount(0);
  await expect(names.message(grace.page, '<img src=x onerror=alert(1)>').locator('strong')).toBeVisible();
});

test('text that was made to hurt is shown as it is, and no deeper than marks may stand in each other', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await grace.goto(path);
  const hostile = ['*_', '[', '**a ', '> ', '||~~', '`` ', '@aaa', '[a](http://', '- - '].map((mark) => mark.repeat(Math.floor(3999 / mark.length)));
  for (const text of hostile) await sendMessage(ada, path, `${text}.`);
  await ada.send('still there');
  await grace.expectMessage('still there');
  const check = async () => {
    const shown = names.messages(grace.page).locator('.body');
    await expect(shown).toHaveCount(hostile.length + 1);
    const depths = await shown.evaluateAll((bodies) =>
      bodies.map((body) => Math.max(0, ...[...body.querySelectorAll('*')].map((within) => {
        let depth = 0;
        for (let at: Element | null = within; at && at !== body; at = at.parentElement) depth += 1;
        return depth;
      }))),
    );
    // Five blocks, each a list with an item, and eight marks.
    expect(Math.max(...depths)).toBeLessThanOrEqual(18);
    expect(await grace.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  };
  await check();
  await grace.reload();
  await check();
});

test('a spoiler is seen once it is asked for, by the keyboard too, and in no other place', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await names.composer(ada.page).fill('It was ||the *butler*||!');
  await names.sendButton(ada.page).click();
  await grace.expectMessage('It was');
  const spoiler = body(grace.page, 'It was').getByRole('button', { name: 'Spoiler', exact: true });
  const hidden = body(grace.page, 'It was').getByText('butler');
  await expect(hidden).toBeHidden();
  await spoiler.focus();
  await grace.page.keyboard.press('Enter');
  await expect(hidden).toBeVisible();
  await spoiler.click();
  await expect(hidden).toBeHidden();
  await grace.choose('It was', 'Reply');
  await grace.send('who?');
  await expect(names.message(ada.page, 'who?').getByRole('link', { name: 'Replying to You: It was (spoiler)!', exact: true })).toBeVisible();
  await grace.toList();
  await names.composer(ada.page).fill('it ||is|| **so**');
  await names.sendButton(ada.page).click();
  await expect(names.conversationLink(grace.page, ada.name)).toContainText('it (spoiler) so');
});

test('code scrolls in its box and is copied as it stands there; a text as it was typed', async ({ person }) => {
  const { ada, grace } = await talkingPair((name) => person(name, { permissions: ['clipboard-read', 'clipboard-write'] }));
  const code = `let a = ${'x'.repeat(300)};\n  b();`;
  const source = `Look:\n\`\`\`\n${code}\n\`\`\`\n**so**`;
  await names.composer(ada.page).fill(source);
  await names.sendButton(ada.page).click();
  await grace.expectMessage('Look:');
  const pre = body(grace.page, 'Look:').locator('pre');
  expect(await pre.evaluate((pre) => pre.scrollWidth > pre.clientWidth)).toBe(true);
  expect(await grace.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
  const copied = () => grace.page.evaluate(() => navigator.clipboard.readText());
  await body(grace.page, 'Look:').getByRole('button', { name: 'Copy code' }).click();
  await expect(body(grace.page, 'Look:').getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await copied()).toBe(code);
  await expect(body(grace.page, 'Look:').getByRole('button', { name: 'Copy code' })).toBeVisible();
  await grace.choose('Look:', 'Copy text');
  await expect.poll(copied).toBe(source);

  // Taken along with others: blocks in lines of their own, and nothing of the buttons.
  await names.composer(ada.page).fill('- one\n- two\n||three||');
  await names.sendButton(ada.page).click();
  await grace.expectMessage('one');
  const all = await copy(grace.page, 'Look:', 'one');
  expect(all).toContain(`Look:\n${code}\nso`);
  expect(all).toContain('one\ntwo\n(spoiler)');
});

test('a message is edited as it was typed', async ({ person }) => {
  const { ada } = await talkingPair(person);
  await names.composer(ada.page).fill('**one**\n> two');
  await names.sendButton(ada.page).click();
  await ada.expectMessage('one');
  await ada.choose('one', 'Edit');
  await expect(names.composer(ada.page)).toHaveValue('**one**\n> two');
});

test('one to three emoji alone are large', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  for (const text of ['👩‍👩‍👧‍👦', '👍🏽 🇩🇪 1️⃣', '123', '👍👍👍👍', 'so 👍']) {
    await ada.send(text);
    await grace.expectMessage(text);
  }
  const large = (text: string) => names.message(grace.page, text).locator('.large');
  const size = (text: string) => names.message(grace.page, text).last().locator('.body').evaluate((body) => parseFloat(getComputedStyle(body).fontSize));
  await expect(names.messages(grace.page).locator('.large')).toHaveText(['👩‍👩‍👧‍👦', '👍🏽 🇩🇪 1️⃣']);
  await expect(large('👩‍👩‍👧‍👦')).toBeVisible();
  expect(await size('👩‍👩‍👧‍👦')).toBeGreaterThan(2 * (await size('so 👍')));
});
