import type { Page } from '@playwright/test';
import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

const toggle = (page: Page) => page.getByRole('button', { name: 'Formatting', exact: true });
const toolbar = (page: Page) => page.getByRole('toolbar', { name: 'Formatting', exact: true });
const tool = (page: Page, name: string) => toolbar(page).getByRole('button', { name, exact: true });
const offers = (page: Page) => page.getByRole('listbox', { name: 'Emoji', exact: true });

/** Types into the composer, and selects so much of its end. */
async function type(page: Page, text: string, selected = 0): Promise<void> {
  await names.composer(page).fill(text);
  await names.composer(page).evaluate((field: HTMLTextAreaElement, [from, to]) => field.setSelectionRange(from!, to!), [text.length - selected, text.length]);
}

test('shortcuts put marks around what is selected, and take them away', async ({ person }) => {
  const { ada } = await talkingPair(person);
  const composer = names.composer(ada.page);
  for (const [keys, marked] of [
    ['Control+b', 'so **much**'],
    ['Control+i', 'so _much_'],
    ['Control+e', 'so `much`'],
    ['Control+Shift+X', 'so ~~much~~'],
  ] as const) {
    await type(ada.page, 'so much', 4);
    await composer.press(keys);
    await expect(composer).toHaveValue(marked);
    await composer.press(keys);
    await expect(composer).toHaveValue('so much');
    await composer.press(keys);
    await expect(composer).toHaveValue(marked);
    // The browser's own undo goes on working.
    await composer.press('Control+z');
    await expect(composer).toHaveValue('so much');
  }
  await type(ada.page, 'the docs', 4);
  await composer.press('Control+k');
  await expect(composer).toHaveValue('the [docs](https://)');
  await ada.page.keyboard.type('https://example.org');
  await expect(composer).toHaveValue('the [docs](https://example.org)');
  await names.sendButton(ada.page).click();
  await expect(names.message(ada.page, 'the docs').getByRole('link', { name: 'docs (example.org)' })).toBeVisible();

  // The same in a message that is edited.
  await ada.choose('the docs', 'Edit');
  await type(ada.page, 'the docs', 4);
  await composer.press('Control+b');
  await expect(composer).toHaveValue('the **docs**');
  await names.sendButton(ada.page).click();
  await expect(names.message(ada.page, 'the docs').locator('strong')).toHaveText('docs');
});

test('a toolbar does the same, moves with the arrows and is remembered', async ({ person }) => {
  const { ada } = await talkingPair(person);
  const composer = names.composer(ada.page);
  await expect(toolbar(ada.page)).toHaveCount(0);
  await toggle(ada.page).click();
  await expect(toggle(ada.page)).toHaveAttribute('aria-pressed', 'true');
  await expect(tool(ada.page, 'Bold')).toHaveAttribute('title', 'Bold (Ctrl+B)');
  for (const [name, marked] of [
    ['Bold', '**a**'],
    ['Italic', '_a_'],
    ['Strikethrough', '~~a~~'],
    ['Code', '`a`'],
    ['Link', '[a](https://)'],
    ['Quote', '> a'],
    ['List', '- a'],
    ['Spoiler', '||a||'],
  ] as const) {
    await type(ada.page, 'a', 1);
    await tool(ada.page, name).click();
    await expect(composer).toHaveValue(marked);
    await expect(composer).toBeFocused();
    await expect(tool(ada.page, name)).toHaveAttribute('title', new RegExp(`^${name} \\(Ctrl\\+`));
  }
  await tool(ada.page, 'Bold').focus();
  await ada.page.keyboard.press('ArrowRight');
  await expect(tool(ada.page, 'Italic')).toBeFocused();
  await ada.page.keyboard.press('ArrowLeft');
  await ada.page.keyboard.press('ArrowLeft');
  await expect(tool(ada.page, 'Spoiler')).toBeFocused();
  await expect(toolbar(ada.page).locator('[tabindex="0"]')).toHaveCount(1);
  await ada.reload();
  await expect(toolbar(ada.page)).toBeVisible();
  await toggle(ada.page).click();
  await expect(toolbar(ada.page)).toBeHidden();
  await ada.reload();
  await expect(toggle(ada.page)).toHaveAttribute('aria-pressed', 'false');
  await expect(toolbar(ada.page)).toHaveCount(0);
});

test('an emoji is completed after a colon, and Enter does not send meanwhile', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  const composer = names.composer(ada.page);
  await composer.focus();
  await ada.page.keyboard.type('at 10:30 http://a.org hello :thu');
  const option = offers(ada.page).getByRole('option');
  await expect(option.first()).toContainText('thu');
  await expect(option.first()).toHaveAttribute('aria-selected', 'true');
  await expect(composer).toHaveAttribute('aria-activedescendant', await option.first().getAttribute('id') ?? '');
  await ada.page.keyboard.press('ArrowDown');
  await expect(option.nth(1)).toHaveAttribute('aria-selected', 'true');
  await ada.page.keyboard.press('ArrowUp');
  await expect(option.first()).toHaveAttribute('aria-selected', 'true');
  await ada.page.keyboard.type('mbsup');
  await expect(option).not.toHaveCount(0);
  await expect(option.first()).toContainText('👍');
  await ada.page.keyboard.press('Enter');
  await expect(composer).toHaveValue('at 10:30 http://a.org hello 👍');
  await composer.press('Control+z');
  await expect(composer).toHaveValue('at 10:30 http://a.org hello :thumbsup');
  await composer.press('Control+Shift+z');
  await expect(composer).toHaveValue('at 10:30 http://a.org hello 👍');
  await expect(offers(ada.page)).toHaveCount(0);
  await expect(composer).not.toHaveAttribute('aria-activedescendant');

  // Escape closes, and the word stays as it is.
  await ada.page.keyboard.type(' :tada');
  await expect(option.first()).toContainText('🎉');
  await ada.page.keyboard.press('Escape');
  await expect(offers(ada.page)).toHaveCount(0);
  await expect(composer).toHaveValue(/ :tada$/);
  await ada.page.keyboard.type(' :rocket');
  await expect(option.first()).toContainText('🚀');
  await ada.page.keyboard.press('Tab');
  await expect(composer).toBeFocused();
  await expect(composer).toHaveValue(/ :tada 🚀$/);
  await ada.page.keyboard.type(' :rocket');
  await option.first().click();
  await expect(composer).toHaveValue(/ 🚀 🚀$/);
  await names.sendButton(ada.page).click();
  await grace.expectMessage('hello 👍 :tada 🚀 🚀');
});

test('what is composed with an input method chooses no emoji', async ({ person }) => {
  const { ada } = await talkingPair(person);
  const composer = names.composer(ada.page);
  await composer.focus();
  await ada.page.keyboard.type(':rocket');
  await expect(offers(ada.page)).toBeVisible();
  await composer.evaluate((field) =>
    field.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })),
  );
  await expect(composer).toHaveValue(':rocket');
  await expect(offers(ada.page)).toBeVisible();
});
