import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

test('two people come from sign-up to messages both ways, and nobody reloads', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada'), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);

  await ada.findAndAdd(grace.name);
  await expect(names.cancelButton(ada.page, grace.name)).toBeVisible();
  await expect(names.incomingRequest(grace.page, ada.name)).toBeVisible();
  await grace.accept(ada.name);

  await expect(names.conversationLink(ada.page, grace.name)).toHaveAccessibleName(/online/);
  await expect(names.cancelButton(ada.page, grace.name)).toBeHidden();
  await expect(names.conversationLink(grace.page, ada.name)).toHaveAccessibleName(/online/);

  await ada.openConversation(grace.name);
  await grace.openConversation(ada.name);
  await expect(names.conversation(ada.page, grace.name)).toContainText('online');
  await ada.send('Hello, are you there?');
  await grace.expectMessage('Hello, are you there?');
  await grace.send('Loud and clear.');
  await ada.expectMessage('Loud and clear.');
  await ada.expectState('Hello, are you there?', 'read');
});

test('a contact who leaves is shown as gone, and as back', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const link = names.conversationLink(ada.page, grace.name);
  await expect(link).toHaveAccessibleName(/online/);
  await grace.page.goto('about:blank');
  await expect(link).not.toHaveAccessibleName(/online/, { timeout: 20_000 });
  await grace.goto('/');
  await expect(link).toHaveAccessibleName(/online/);
});

test('Enter chooses only who was found for what was typed', async ({ person }) => {
  const [ada, zora, zorb] = await Promise.all([person('ada'), person('zora'), person('zorb')]);
  await Promise.all([ada.signUp(), zora.signUp(), zorb.signUp()]);
  await ada.find('zor');
  await expect(names.addButton(ada.page, zora.name)).toBeVisible();

  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await ada.page.route('**/api/users/search?*', async (route) => {
    await released;
    await route.continue();
  });
  await ada.find(zorb.name);
  await names.peopleSearch(ada.page).press('Enter');
  release();
  await expect(names.personFound(ada.page, zora.name)).toBeHidden();
  await expect(names.addButton(ada.page, zorb.name)).toBeVisible();
  await expect(names.cancelButton(ada.page, zora.name)).toBeHidden();
});

test('a rejected request is gone', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada'), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);
  await ada.findAndAdd(grace.name);
  await names.rejectButton(grace.page, ada.name).click();
  await expect(names.acceptButton(grace.page, ada.name)).toBeHidden();
  await expect(names.conversationLink(grace.page, ada.name)).toBeHidden();
});

test('a cancelled request disappears from the other side', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada'), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);
  await ada.findAndAdd(grace.name);
  await expect(names.incomingRequest(grace.page, ada.name)).toBeVisible();
  await names.cancelButton(ada.page, grace.name).click();
  await expect(names.cancelButton(ada.page, grace.name)).toBeHidden();
  await expect(names.acceptButton(grace.page, ada.name)).toBeHidden();
});

test('Enter sends, Shift+Enter breaks the line, the focus stays', async ({ person, isMobile }) => {
  test.skip(isMobile, 'under fingers Enter breaks the line: composing.spec.ts');
  const { ada, grace } = await talkingPair(person);
  const composer = names.composer(ada.page);
  await composer.fill('first line');
  await composer.press('Shift+Enter');
  await composer.pressSequentially('second line');
  await composer.press('Enter');

  const bothLines = /first line\nsecond line/;
  for (const { page } of [ada, grace]) {
    const sent = names.message(page, 'second line');
    await expect(sent).toHaveCount(1);
    await expect(sent).toContainText(bothLines, { useInnerText: true });
  }
  await expect(composer).toHaveValue('');
  await expect(composer).toBeFocused();

  await ada.send('with the button');
  await expect(composer).toBeFocused();
});

test('a message is sent, then read, and the list shows it', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  await ada.send('See you at eight');
  await ada.expectState('See you at eight', 'sent');

  await expect(names.conversationLink(grace.page, ada.name)).toContainText('See you at eight');
  await grace.openConversation(ada.name);
  await ada.expectState('See you at eight', 'read');

  await ada.toList();
  await expect(names.conversationLink(ada.page, grace.name)).toContainText('See you at eight');
});

test('twenty quick messages keep their order on both sides', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  const texts = Array.from({ length: 20 }, (_, i) => `quick ${String(i + 1).padStart(2, '0')}`);
  const composer = names.composer(ada.page);
  for (const text of texts) {
    await composer.fill(text);
    await names.sendButton(ada.page).click();
  }
  for (const { page } of [ada, grace]) {
    await expect(names.message(page, /quick \d\d/)).toContainText(texts);
  }
});

test('another tab of the same person agrees', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const secondTab = await ada.openTab(path);
  await ada.send('from the first tab');
  await ada.expectMessage('from the first tab', secondTab);
  await grace.send('for both tabs');
  await ada.expectMessage('for both tabs');
  await ada.expectMessage('for both tabs', secondTab);
  await expect(names.message(ada.page, 'from the first tab')).toHaveCount(1);
});
