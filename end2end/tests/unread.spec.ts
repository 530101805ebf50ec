import { befriend } from './api';
import * as names from './names';
import { pair } from './pair';
import { expect, test } from './test';

test('unread messages are counted while no conversation is open, until they are read', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  const link = names.conversationLink(grace.page, ada.name);
  await expect(link).not.toHaveAccessibleName(/unread/);

  await ada.send('one');
  await expect(link).toHaveAccessibleName(/\b1 unread\b/);
  await ada.send('two');
  await expect(link).toHaveAccessibleName(/\b2 unread\b/);

  await grace.reload();
  await expect(link).toHaveAccessibleName(/\b2 unread\b/);

  await grace.openConversation(ada.name);
  await grace.expectMessage('two');
  await ada.expectState('two', 'read');
  await grace.toList();
  await expect(link).not.toHaveAccessibleName(/unread/);
});

test('and while another conversation is open', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const linus = await person('linus');
  await linus.signUp();
  await befriend(linus, grace);
  await grace.reload();
  await grace.openConversation(linus.name);
  await ada.openConversation(grace.name);
  await ada.send('over here');
  await ada.expectState('over here', 'sent');

  await grace.toList();
  const link = names.conversationLink(grace.page, ada.name);
  await expect(link).toHaveAccessibleName(/\b1 unread\b/);
  await grace.openConversation(ada.name);
  await grace.toList();
  await expect(link).not.toHaveAccessibleName(/unread/);
});

test('a message that is read as it comes is never unread', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  await grace.openConversation(ada.name);
  await ada.send('you are looking at this');
  await ada.expectState('you are looking at this', 'read');
  await grace.toList();
  await expect(names.conversationLink(grace.page, ada.name)).not.toHaveAccessibleName(/unread/);
});
