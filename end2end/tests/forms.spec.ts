import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { post, sendMany, sendMessage, signUp } from './api';
import * as names from './names';
import { pair } from './pair';
import { PROJECT } from './server';
import { expect, test } from './test';

// The whole way with scripting switched off. What others do shows after a reload.

test('sign-up says what is wrong and keeps the name', async ({ person }) => {
  const ada = await person('ada');
  ada.console.allowStatus(409, 422);
  const { page } = ada;
  await page.goto('/auth');
  await names.modeSwitch(page, 'Sign up').click();

  await ada.submit('Sign up', 'ab', ada.password);
  await expect(names.username(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(names.username(page)).toHaveAccessibleDescription(/3 to 20 characters/);
  await expect(names.username(page)).toHaveValue('ab');

  await ada.submit('Sign up', ada.name, 'password1');
  await expect(names.password(page)).toHaveAttribute('aria-invalid', 'true');
  await expect(names.password(page)).toHaveAccessibleDescription(/common/);
  await expect(names.username(page)).toHaveValue(ada.name);

  await ada.submit('Sign up', ada.name, ada.password);
  await expect(page).toHaveURL('/');
  await expect(page.getByText('No conversations yet')).toBeVisible();
  await ada.logOut();

  await page.goto('/auth?mode=signup');
  await ada.submit('Sign up', ada.name.toUpperCase(), ada.password);
  await expect(names.username(page)).toHaveAccessibleDescription(/taken/);
  await expect(names.username(page)).toHaveValue(ada.name.toUpperCase());
});

test('log-in refuses a wrong password and leads to the page that was wanted', async ({ person }) => {
  const { ada, grace } = await pair(person);
  ada.console.allowStatus(401);
  const path = await ada.openConversation(grace.name);
  await ada.goto('/');
  await ada.logOut();

  await ada.page.goto(path);
  await ada.submit('Log in', ada.name, 'not the password');
  await expect(names.authForm(ada.page, 'Log in')).toContainText('Wrong username or password');
  await expect(names.username(ada.page)).toHaveValue(ada.name);
  await ada.logIn();
  await expect(ada.page).toHaveURL(path);
});

test('two people come from sign-up to messages both ways', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada'), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);

  await ada.findAndAdd(grace.name);
  await grace.reload();
  await grace.accept(ada.name);
  await ada.goto('/');

  await ada.openConversation(grace.name);
  await ada.send('Hello, are you there?');
  await ada.expectState('Hello, are you there?', 'sent');
  await grace.openConversation(ada.name);
  await grace.expectMessage('Hello, are you there?');
  await grace.send('Loud and clear.');
  await ada.reload();
  await ada.expectMessage('Loud and clear.');
  await expect(names.messages(ada.page).getByRole('article')).toHaveCount(2);
});

test('a request can be rejected', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada'), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);
  await ada.findAndAdd(grace.name);
  await grace.reload();
  await names.rejectButton(grace.page, ada.name).click();
  await expect(names.acceptButton(grace.page, ada.name)).toBeHidden();
  await expect(names.conversationLink(grace.page, ada.name)).toBeHidden();
});

test('a request can be taken back', async ({ person }) => {
  const [ada, grace] = await Promise.all([person('ada'), person('grace')]);
  await Promise.all([ada.signUp(), grace.signUp()]);
  await ada.findAndAdd(grace.name);
  await ada.goto('/');
  await names.cancelButton(ada.page, grace.name).click();
  await expect(names.cancelButton(ada.page, grace.name)).toBeHidden();
  await grace.reload();
  await expect(names.acceptButton(grace.page, ada.name)).toBeHidden();
});

test('the history can be paged back', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  const texts = Array.from({ length: 60 }, (_, i) => `note ${String(i + 1).padStart(2, '0')}`);
  for (const text of texts) await sendMessage(ada, path, text);

  await grace.openConversation(ada.name);
  await expect(names.message(grace.page, /note \d\d/)).toContainText(texts.slice(10));
  await names.olderMessages(grace.page).click();
  await grace.expectMessage('note 01');
  await grace.expectMessage('note 10');
  await expect(names.olderMessages(grace.page)).toBeHidden();
});

test('log-out ends the session', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await ada.goto('/');
  await ada.logOut();
  for (const page of ['/', path]) {
    await ada.page.goto(page);
    await expect(ada.page).toHaveURL(/\/auth/);
    await expect(names.authForm(ada.page, 'Log in')).toBeVisible();
  }
});

test('a contact can be removed', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  await names.conversationOptions(ada.page).click();
  await names.removeContactButton(ada.page).click();
  await expect(names.removeDialog(ada.page)).toContainText('erased for both');
  await names.confirmRemoval(ada.page).click();
  await expect(ada.page).toHaveURL('/');
  await expect(names.conversationLink(ada.page, grace.name)).toBeHidden();
});

test('a message is answered, reacted to, edited and deleted', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMessage(grace, path, 'a question');
  await ada.goto(path);
  await names.messageOptions(ada.page, 'a question').click();
  await names.menuItem(ada.page, 'Reply').click();
  await expect(names.about(ada.page, `Replying to ${grace.name}`)).toBeVisible();
  await ada.send('an answer');
  const quote = names.saying(ada.page, 'an answer').getByRole('link', { name: `Replying to ${grace.name}: a question` });
  await quote.click();
  await expect(names.saying(ada.page, 'a question')).toBeInViewport();

  await names.messageOptions(ada.page, 'a question').click();
  await names.menuItem(ada.page, 'React with 👍').click();
  await expect(names.reaction(ada.page, 'a question', '👍, 1, by You')).toHaveAttribute('aria-pressed', 'true');
  await names.reaction(ada.page, 'a question', 'Add reaction').click();
  const picker = ada.page.getByRole('dialog', { name: 'Emoji' });
  await picker.getByRole('textbox', { name: 'Emoji', exact: true }).fill('🦆');
  await picker.getByRole('button', { name: 'React', exact: true }).click();
  await expect(names.reaction(ada.page, 'a question', '🦆, 1, by You')).toBeVisible();
  await names.reaction(ada.page, 'a question', /^👍/).click();
  await expect(names.reaction(ada.page, 'a question', /^👍/)).toHaveCount(0);

  await names.messageOptions(ada.page, 'an answer').click();
  await names.menuItem(ada.page, 'Edit').click();
  await expect(names.about(ada.page, 'Editing message')).toBeVisible();
  await expect(names.composer(ada.page)).toHaveValue('an answer');
  await names.composer(ada.page).fill('a better one');
  await names.sendButton(ada.page).click();
  await expect(names.saying(ada.page, 'a better one')).toContainText('edited');

  await names.messageOptions(ada.page, 'a better one').click();
  await names.menuItem(ada.page, 'Information').click();
  await expect(ada.page.getByRole('dialog', { name: 'Information' })).toContainText('Not read by');
  await ada.page.getByRole('button', { name: 'Close', exact: true }).click();
  await names.messageOptions(ada.page, 'a better one').click();
  await names.menuItem(ada.page, 'Delete').click();
  await expect(names.saying(ada.page, 'Message deleted')).toBeVisible();
  await expect(names.saying(ada.page, 'a better one')).toHaveCount(0);
});

test('a message is pinned, found in the list of pins, and unpinned', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMessage(grace, path, 'the door code');
  await ada.goto(path);
  await names.messageOptions(ada.page, 'the door code').click();
  await names.menuItem(ada.page, 'Pin').click();
  await expect(names.saying(ada.page, 'the door code')).toBeInViewport();
  await expect(names.pinnedLine(ada.page, 'the door code')).toHaveAttribute('href', `${path}?at=1#m1`);
  await names.pinsButton(ada.page, 1).click();
  await expect(names.pins(ada.page).getByRole('link', { name: /the door code/ })).toBeVisible();
  await names.pins(ada.page).getByRole('button', { name: 'Unpin: the door code', exact: true }).click();
  await expect(names.pinnedLine(ada.page, 'the door code')).toHaveCount(0);
  await ada.goto(`${path}?pins=1`);
  await expect(names.pins(ada.page)).toContainText('Nothing is pinned');
  await names.pins(ada.page).getByRole('button', { name: 'Close', exact: true }).click();
  await expect(names.pins(ada.page)).toHaveCount(0);
});

test('what a conversation holds is listed, page by page', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(grace, path, Array.from({ length: 60 }, (_, n) => `https://example.org/${n}`));
  await names.attachFiles(ada.page).setInputFiles([{ name: 'minutes.txt', mimeType: 'text/plain', buffer: Buffer.from('said') }]);
  await names.sendButton(ada.page).click();
  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Media, files and links').click();
  const panel = names.mediaPanel(ada.page);
  await expect(panel).toContainText('No pictures or films');
  await names.mediaKind(ada.page, 'Files').click();
  await expect(panel.getByRole('link', { name: 'minutes.txt, 4 B', exact: true })).toBeVisible();
  await names.mediaKind(ada.page, 'Links').click();
  await expect(panel.getByRole('heading', { name: 'This month' })).toBeVisible();
  await expect(panel.getByRole('listitem')).toHaveCount(50);
  await panel.getByRole('link', { name: 'Load more', exact: true }).click();
  await expect(panel.getByRole('listitem')).toHaveCount(10);
  await panel.getByRole('listitem').last().getByRole('link', { name: /^Show in chat/ }).click();
  await expect(names.saying(ada.page, 'https://example.org/0').first()).toBeInViewport();
  await ada.goto(`${path}?media=links`);
  await panel.getByRole('button', { name: 'Close', exact: true }).click();
  await expect(panel).toHaveCount(0);
});

test('a conversation is pinned, muted, marked and put away, from the list and from its page', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const link = names.conversationLink(ada.page, grace.name);
  const choose = async (name: string) => {
    await names.rowOptions(ada.page, grace.name).click();
    await names.menuItem(ada.page, name).click();
    await expect(ada.page).toHaveURL('/');
  };
  await ada.goto('/');
  await choose('Pin to top');
  await expect(link).toHaveAccessibleName(/, pinned/);
  await choose('For 8 hours');
  await expect(link).toHaveAccessibleName(/, muted/);
  await choose('Mark as unread');
  await expect(link).toHaveAccessibleName(/, unread/);
  await choose('Archive');
  await expect(link).toHaveCount(0);
  await names.archive(ada.page).click();
  await expect(link).toBeVisible();
  await link.click();
  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Unarchive').click();
  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Mark as read').click();
  await names.conversationOptions(ada.page).click();
  await ada.page.getByRole('menuitem', { name: /^Unmute/ }).click();
  await ada.goto('/');
  await expect(link).not.toHaveAccessibleName(/muted|unread/);
});

test('a link to a message leads there, however old it is', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(grace, path, ['the very first', ...Array.from({ length: 120 }, (_, n) => `line ${n}`)]);
  await ada.goto(`${path}?at=1#m1`);
  await expect(names.saying(ada.page, 'the very first')).toBeInViewport();
  await expect(names.saying(ada.page, 'line 119')).toHaveCount(0);
  await names.messageOptions(ada.page, 'the very first').click();
  await names.menuItem(ada.page, 'React with 👍').click();
  await expect(names.reaction(ada.page, 'the very first', /^👍/)).toBeInViewport();
  await ada.page.getByRole('link', { name: 'Newest messages' }).click();
  await expect(names.saying(ada.page, 'line 119')).toBeVisible();
});

test('marks in messages show, a spoiler opens, and what needs scripting is not there', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await names.composer(ada.page).fill(`It was ||the *butler*||, **truly**\n\`\`\`\nlet a;\n\`\`\`\n> said\nto @${grace.name}`);
  await names.sendButton(ada.page).click();
  await grace.goto(path);
  const said = names.message(grace.page, 'It was');
  await expect(said.locator('strong')).toHaveText('truly');
  await expect(said.locator('pre')).toHaveText('let a;');
  await expect(said.locator('blockquote')).toHaveText('said');
  await expect(said.getByText('butler')).toBeHidden();
  await said.getByRole('button', { name: 'Spoiler', exact: true }).click();
  await expect(said.getByText('butler')).toBeVisible();
  await expect(grace.page.getByRole('button', { name: 'Copy code' })).toHaveCount(0);
  await expect(grace.page.getByRole('button', { name: 'Formatting' })).toHaveCount(0);
  await expect(names.conversations(grace.page)).toContainText('It was (spoiler), truly');
  await said.getByRole('link', { name: `@${grace.name}`, exact: true }).click();
  await expect(grace.page.getByRole('dialog', { name: grace.name, exact: true })).toBeVisible();
});

test('somebody is asked into a group, and comes in', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const joan = await person('joan');
  await signUp(joan);
  const path = await ada.makeGroup('Ducks', [grace]);
  await ada.goto(`${path}?details=1`);
  await names.details(ada.page).getByText('Add people', { exact: true }).click();
  await names.details(ada.page).getByRole('searchbox', { name: 'Find others by username' }).fill(joan.name);
  await names.details(ada.page).getByRole('button', { name: 'Add', exact: true }).click();
  await expect(names.details(ada.page).getByRole('list', { name: 'Invited' })).toContainText(joan.name);
  await joan.goto('/');
  await expect(names.groupInvitations(joan.page)).toContainText(`${ada.name} invites you`);
  await names.groupInvitations(joan.page).getByRole('button', { name: 'Join Ducks', exact: true }).click();
  await expect(names.conversation(joan.page, 'Ducks')).toBeVisible();
  await joan.send('here I am');
});

test('an invitation is declined, and taken back', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const joan = await person('joan');
  await signUp(joan);
  const path = await ada.makeGroup('Ducks', [grace]);
  await post(ada, `/api/groups/${path.split('/').at(-1)}/add`, { username: joan.name });
  await joan.goto('/');
  await names.groupInvitations(joan.page).getByRole('button', { name: 'Decline Ducks', exact: true }).click();
  await expect(names.groupInvitations(joan.page)).toHaveCount(0);
  await ada.goto(`${path}?details=1`);
  const invited = names.details(ada.page).getByRole('list', { name: 'Invited' });
  await invited.getByRole('button', { name: `Take back invitation to ${joan.name}` }).click();
  await expect(invited).toHaveCount(0);
});

test('a link into a group is made, followed and revoked', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const joan = await person('joan');
  joan.console.allowStatus(404);
  await signUp(joan);
  const path = await ada.makeGroup('Ducks', [grace]);
  await ada.goto(`${path}?details=1`);
  await names.details(ada.page).getByText('Invite link', { exact: true }).click();
  await names.details(ada.page).getByRole('button', { name: 'Make a link', exact: true }).click();
  await names.details(ada.page).getByText('Invite link', { exact: true }).click();
  const url = await names.details(ada.page).getByRole('textbox', { name: 'Invite link', exact: true }).inputValue();
  await joan.page.goto(url);
  await joan.page.getByRole('button', { name: 'Join', exact: true }).click();
  await expect(names.conversation(joan.page, 'Ducks')).toBeVisible();
  await names.details(ada.page).getByRole('button', { name: 'Revoke', exact: true }).click();
  await joan.page.goto(url);
  await expect(joan.page.getByRole('heading', { name: 'This link leads nowhere' })).toBeVisible();
});

test('somebody is blocked, and unblocked', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await ada.openConversation(grace.name);
  await names.conversationOptions(ada.page).click();
  await names.menuItem(ada.page, 'Block').click();
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Block', exact: true }).click();
  await expect(ada.page.getByText(`You have blocked ${grace.name}.`)).toBeVisible();
  await ada.page.locator('.read-only').getByRole('link', { name: 'Unblock', exact: true }).click();
  await ada.page.getByRole('alertdialog').getByRole('button', { name: 'Unblock', exact: true }).click();
  await expect(names.composer(ada.page)).toBeVisible();
});

test("a name in a group leads to its owner's card", async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.makeGroup('Ducks', [grace]);
  await sendMessage(ada, path, 'hello');
  await grace.goto(path);
  await names.messages(grace.page).getByRole('link', { name: ada.name, exact: true }).click();
  const card = grace.page.getByRole('dialog', { name: ada.name, exact: true });
  await expect(card.getByRole('list', { name: 'Groups in common' })).toContainText('Ducks');
  await card.getByRole('link', { name: 'Message', exact: true }).click();
  await expect(names.conversation(grace.page, ada.name)).toBeVisible();
});

test('a day is led to, and an older part can be paged both ways', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  await sendMany(grace, path, ['the very first', ...Array.from({ length: 120 }, (_, n) => `line ${n}`)]);
  await ada.goto(path);
  await names.messages(ada.page).getByRole('link', { name: 'Today', exact: true }).click();
  await names.jumpToDate(ada.page).getByRole('button', { name: 'Jump', exact: true }).click();
  await expect(names.saying(ada.page, 'the very first')).toBeInViewport();
  await expect(names.saying(ada.page, 'line 119')).toHaveCount(0);
  await ada.page.getByRole('link', { name: 'Newer messages' }).click();
  await expect(names.saying(ada.page, 'line 60')).toBeAttached();
  await expect(names.saying(ada.page, 'the very first')).toHaveCount(0);
});

test('the shortcuts can be read', async ({ person }) => {
  const ada = await person('ada');
  await ada.signUp();
  await names.accountMenu(ada.page).click();
  await names.menuItem(ada.page, 'Keyboard shortcuts').click();
  await expect(names.shortcuts(ada.page)).toContainText('Go to');
  await names.shortcuts(ada.page).getByRole('link', { name: 'Close', exact: true }).click();
  await expect(names.shortcuts(ada.page)).toHaveCount(0);
});

test('files go with a message, and alone', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  const minutes = { name: 'minutes.txt', mimeType: 'text/plain', buffer: Buffer.from('what we said') };
  await names.attachFiles(ada.page).setInputFiles([minutes, { ...minutes, name: 'more.txt' }]);
  await ada.send('both of them');
  await names.attachFiles(ada.page).setInputFiles([{ ...minutes, name: 'alone.txt' }]);
  await names.sendButton(ada.page).click();
  await grace.goto(path);
  const said = names.messages(grace.page).getByRole('article');
  await expect(said).toHaveText([/minutes\.txt.*more\.txt.*both of them/s, /alone\.txt/]);
  await expect(names.messages(grace.page).getByRole('link', { name: 'alone.txt, 12 B' })).toBeVisible();
});

test('pictures stand together and lead to themselves', async ({ person }) => {
  const { ada, grace } = await pair(person);
  const path = await ada.openConversation(grace.name);
  const lake = { name: 'lake.jpg', mimeType: 'image/jpeg', buffer: await readFile(join(PROJECT, 'tests/corpus/files/placed.jpg')) };
  await names.attachFiles(ada.page).setInputFiles([lake, { ...lake, name: 'sea.jpg' }]);
  await ada.send('both of them');
  await grace.goto(path);
  const pictures = names.album(grace.page, 2).getByRole('img');
  await expect(pictures).toHaveCount(2);
  const [first, second] = await Promise.all((await pictures.all()).map((picture) => picture.boundingBox()));
  expect(first!.y).toBe(second!.y);
  await expect(names.picture(grace.page, 'sea.jpg')).toHaveAttribute('href', /^\/api\/files\//);
  // The address of a message with pictures shows the first of them, and leads back.
  const id = await names.messageOptions(grace.page, 'both of them').getAttribute('value');
  await grace.goto(`${path}?picture=${id}`);
  await expect(names.viewer(grace.page).getByRole('img', { name: 'lake.jpg', exact: true })).toBeVisible();
  await expect(names.inViewer(grace.page, 'Next')).toHaveCount(0);
  await names.inViewer(grace.page, 'Close').click();
  await expect(names.viewer(grace.page)).toHaveCount(0);
  await expect(names.messages(grace.page)).toContainText('both of them');
});
