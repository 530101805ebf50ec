import { befriend } from './api';
import * as names from './names';
import { pair } from './pair';
import { expect, test } from './test';

test('what was typed and not sent is still there', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const linus = await person('linus');
  await linus.signUp();
  await befriend(linus, ada);
  await ada.reload();

  await test.step('after another conversation', async () => {
    await ada.openConversation(grace.name);
    await names.composer(ada.page).fill('for Grace, later');
    await ada.openConversation(linus.name);
    await expect(names.composer(ada.page)).toHaveValue('');
    await names.composer(ada.page).fill('for Linus\nin two lines');
    await ada.openConversation(grace.name);
    await expect(names.composer(ada.page)).toHaveValue('for Grace, later');
  });
  await test.step('after a reload', async () => {
    await ada.reload();
    await expect(names.composer(ada.page)).toHaveValue('for Grace, later');
  });
  await test.step('but not for somebody else in the same browser', async () => {
    await ada.logOut();
    const kept = await ada.page.evaluate(() => JSON.stringify(Object.entries(localStorage)));
    expect(kept).toContain('draft:');
    expect(kept).not.toMatch(/Grace, later|in two lines/);
    await ada.submit('Log in', grace.name, grace.password);
    await ada.openConversation(ada.name);
    await expect(names.composer(ada.page)).toHaveValue('');
    await ada.logOut();
  });
  await test.step('after a log-in of the same person, and gone once it is sent', async () => {
    await ada.logIn();
    await ada.openConversation(linus.name);
    await expect(names.composer(ada.page)).toHaveValue('for Linus\nin two lines');
    await names.sendButton(ada.page).click();
    await ada.expectMessage('in two lines');
    await ada.reload();
    await expect(names.composer(ada.page)).toHaveValue('');
  });
});
