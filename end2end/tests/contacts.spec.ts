import * as names from './names';
import { talkingPair } from './pair';
import { expect, test } from './test';

test('a contact is removed after a question, and both pages say so', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await ada.send('soon gone');
  await grace.expectMessage('soon gone');

  await names.conversationOptions(ada.page).click();
  await names.removeContactButton(ada.page).click();
  const dialog = names.removeDialog(ada.page);
  await expect(dialog).toContainText(grace.name);
  await expect(dialog).toContainText('erased for both');
  await expect(names.cancelRemoval(ada.page)).toBeFocused();
  await ada.page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(names.removeContactButton(ada.page)).toBeHidden();
  await ada.expectMessage('soon gone');

  await names.conversationOptions(ada.page).click();
  await names.removeContactButton(ada.page).click();
  await names.confirmRemoval(ada.page).click();
  await expect(ada.page).toHaveURL('/');
  await expect(names.conversationLink(ada.page, grace.name)).toBeHidden();
  await expect(ada.page.getByRole('status').filter({ hasText: 'no longer your contact' })).toBeVisible();

  await expect(grace.page.getByText('This conversation is gone')).toBeVisible();
  await expect(names.message(grace.page, 'soon gone')).toBeHidden();
  await grace.reload();
  await expect(grace.page.getByText('There is no such conversation')).toBeVisible();
});
