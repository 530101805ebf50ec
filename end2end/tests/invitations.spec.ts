import * as names from './names';
import { expect, test } from './test';

/** As it is for everybody to reach. */
const BY_INVITATION = { SOTTO_SIGNUPS: 'invite', SOTTO_MEMBER_INVITES: 'allowed' };

/** The link that a server prints which has no account yet. */
const FIRST = /first account with this invitation: (\S+)/;

test('whoever runs a server comes in by its first invitation, and lets others in', async ({ person, startServer }) => {
  const server = await startServer(BY_INVITATION);
  await expect.poll(() => server.log).toMatch(FIRST);
  const first = FIRST.exec(server.log)?.[1] ?? '';
  const ada = await person('ada', { server, permissions: ['clipboard-read', 'clipboard-write'] });
  await ada.page.goto(first);
  await expect(ada.page.getByText('You are invited.')).toBeVisible();
  await ada.submit('Sign up', ada.name, ada.password);
  await ada.settle();

  await ada.page.goto('/settings');
  await ada.page.getByLabel('For', { exact: true }).selectOption('one person');
  await ada.page.getByRole('button', { name: 'Make an invitation', exact: true }).click();
  await expect(ada.page.getByRole('status')).toContainText('invitation is ready');
  const link = await ada.page.getByRole('textbox', { name: 'Invitation link' }).inputValue();
  await ada.page.getByRole('button', { name: 'Copy', exact: true }).click();
  await expect(ada.page.getByRole('button', { name: 'Copied', exact: true })).toBeVisible();
  expect(await ada.page.evaluate(() => navigator.clipboard.readText())).toBe(link);

  const grace = await person('grace', { server });
  await grace.page.goto(link);
  await expect(grace.page.getByText(`${ada.name} invites you.`)).toBeVisible();
  // What is wrong with the rest is said beside it, and costs nothing.
  grace.console.allowStatus(422);
  await grace.submit('Sign up', grace.name, 'password1');
  await expect(names.password(grace.page)).toHaveAttribute('aria-invalid', 'true');
  await grace.submit('Sign up', grace.name, grace.password);
  await grace.settle();

  const linus = await person('linus', { server });
  await linus.page.goto(link);
  await expect(linus.page.getByRole('textbox', { name: 'Invitation' })).toHaveAttribute('aria-invalid', 'true');
  await expect(linus.page.getByText('no longer good')).toBeVisible();
});

test('somebody without a link is told what they need, and may paste it', async ({ person, startServer }) => {
  const server = await startServer(BY_INVITATION);
  await expect.poll(() => server.log).toMatch(FIRST);
  const ada = await person('ada', { server });
  await ada.page.goto('/auth');
  await ada.page.getByRole('link', { name: 'Sign up', exact: true }).click();
  await expect(ada.page.getByText('This server is by invitation.')).toBeVisible();
  ada.console.allowStatus(403);
  await ada.submit('Sign up', ada.name, ada.password);
  const invitation = ada.page.getByRole('textbox', { name: 'Invitation' });
  await expect(invitation).toBeFocused();
  await expect(ada.page.getByText('You need an invitation')).toBeVisible();
  // What was typed is still there.
  await expect(names.username(ada.page)).toHaveValue(ada.name);
  await expect(names.password(ada.page)).toHaveValue(ada.password);
  await invitation.fill(` ${FIRST.exec(server.log)?.[1]} `);
  await names.submitButton(ada.page, 'Sign up').click();
  await ada.settle();
});

test('an invitation is taken back', async ({ person, startServer }) => {
  const server = await startServer(BY_INVITATION);
  await expect.poll(() => server.log).toMatch(FIRST);
  const ada = await person('ada', { server });
  await ada.page.goto(FIRST.exec(server.log)?.[1] ?? '');
  await ada.submit('Sign up', ada.name, ada.password);
  await ada.settle();
  await ada.page.goto('/settings');
  await ada.page.getByRole('button', { name: 'Make an invitation', exact: true }).click();
  await expect(ada.page.getByText('For one person, good until')).toBeVisible();
  await ada.page.getByRole('button', { name: 'Take back', exact: true }).click();
  await expect(ada.page.getByRole('status')).toContainText('taken back');
  await expect(ada.page.getByRole('list', { name: 'Invitations' })).toBeHidden();
});
