import { three } from './group';
import * as names from './names';
import { pair, talkingPair } from './pair';
import { expect, test } from './test';

test('somebody who writes is seen writing, until the message comes', async ({ person }) => {
  const { ada, grace } = await talkingPair(person);
  await names.composer(ada.page).pressSequentially('Let me see');
  await expect(names.conversation(grace.page, ada.name)).toContainText('typing…');
  await expect(names.typing(grace.page, ada.name)).toBeVisible();
  await expect(names.typing(ada.page, grace.name)).toBeHidden();

  await names.sendButton(ada.page).click();
  await grace.expectMessage('Let me see');
  await expect(names.typing(grace.page, ada.name)).toBeHidden();
  await expect(names.conversation(grace.page, ada.name)).not.toContainText('typing…');
});

test('the list shows it too, and it passes when nobody writes on', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  const row = names.conversationLink(grace.page, ada.name);
  await names.composer(ada.page).pressSequentially('Hm');
  await expect(row).toContainText('typing…');
  await expect(row).not.toContainText('typing…');
});

test('in a group everybody who writes is named', async ({ person }) => {
  const { ada, grace, joan } = await three(person);
  await ada.makeGroup('Ducks', [grace, joan]);
  await grace.openConversation('Ducks');
  await joan.openConversation('Ducks');
  await names.composer(grace.page).pressSequentially('Let me');
  const writing = `${grace.name} and ${joan.name} are typing`;
  // Each is heard of for some seconds: they write on until both are.
  await expect(async () => {
    await names.composer(grace.page).pressSequentially('.');
    await names.composer(joan.page).pressSequentially('.');
    await expect(names.messages(ada.page).getByRole('img', { name: writing })).toBeVisible({ timeout: 1500 });
  }).toPass();
  await expect(names.conversation(ada.page, 'Ducks').getByText(writing)).toBeVisible();
  await names.sendButton(grace.page).click();
  await expect(names.typing(ada.page, joan.name)).toBeVisible();
});
