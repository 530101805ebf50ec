import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { befriend, sendMessage, signUp } from './api';
import { chooses, photograph, text } from './choosing';
import * as names from './names';
import type { Person } from './person';
import { Proxy } from './proxy';
import { expect, test } from './test';

const FOLDER = process.env.SCREENSHOTS ?? '';
const SIZES = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true },
};

test.setTimeout(180_000);

for (const [size, browser] of Object.entries(SIZES)) {
  test(`every page on a ${size}`, async ({ person, startServer }) => {
    // Nobody else lives on this server, so people can have their plain names.
    const server = await startServer();
    const meet = (name: string) => person(name, { ...browser, server, plainName: true });
    const [mika, ada, grace] = [await meet('mika'), await meet('ada'), await meet('grace')];
    const [linus, hedy, joana] = [await meet('linus'), await meet('hedy'), await meet('joana')];

    await mika.page.goto('/auth');
    await expect(names.authForm(mika.page, 'Log in')).toBeVisible();
    await capture(mika.page, `${size}-log-in`);
    await mika.page.goto('/auth?mode=signup');
    mika.console.allowStatus(404, 422);
    await mika.submit('Sign up', mika.name, 'password1');
    await expect(names.password(mika.page)).toHaveAttribute('aria-invalid', 'true');
    await capture(mika.page, `${size}-sign-up-error`);

    const everybody = [mika, ada, grace, linus, hedy, joana];
    for (const somebody of everybody) await somebody.signUp();
    await capture(mika.page, `${size}-empty`);

    for (const contact of [hedy, linus, grace, ada]) await befriend(contact, mika);
    await joana.findAndAdd(mika.name);
    await mika.reload();
    await say(hedy, mika.name, ['Have you read the chapter on spread spectrum? I could not put it down.']);
    await say(linus, mika.name, ['Any news about the patch?']);
    await say(mika, linus.name, ["I'll send it tonight"]);
    await say(grace, mika.name, ['Found it: a moth in the relay.', 'The build is green again, finally']);
    await say(ada, mika.name, [
      'Did you get the tickets?',
      'There were only a few left when I looked this morning, so I hope that you were quick.',
    ]);
    await say(mika, ada.name, ['Got them! Row 7, in the middle.', 'https://tickets.example/order/8841']);
    await say(ada, mika.name, ['Eight, at the fountain?', 'Then we have time for a quick bite before it starts.']);
    await say(mika, ada.name, ['Perfect.', 'See you at eight then!']);
    await say(ada, mika.name, []);

    await mika.goto('/');
    await capture(mika.page, `${size}-list`);
    await mika.find('gra');
    await expect(names.personFound(mika.page, grace.name)).toBeVisible();
    await capture(mika.page, `${size}-search`);
    await mika.goto('/');
    await mika.openConversation(ada.name);
    await mika.expectState('See you at eight then!', 'read');
    await capture(mika.page, `${size}-conversation`);

    await names.composer(ada.page).pressSequentially('Which');
    await expect(names.typing(mika.page, ada.name)).toBeVisible();
    await capture(mika.page, `${size}-typing`);
    await names.composer(ada.page).fill('');
    await names.conversationOptions(mika.page).click();
    await names.removeContactButton(mika.page).click();
    await expect(names.removeDialog(mika.page)).toBeVisible();
    await capture(mika.page, `${size}-remove`);
    await names.cancelRemoval(mika.page).click();
    await names.accountMenu(size === 'desktop' ? mika.page : await listOf(mika)).click();
    await capture(mika.page, `${size}-menu`);
    await mika.page.goto('/settings');
    await capture(mika.page, `${size}-settings`, true);
    await mika.page.goto('/settings?delete=1#delete');
    await capture(mika.page, `${size}-settings-delete`);
    await mika.page.goto('/nowhere');
    await capture(mika.page, `${size}-not-found`);
    await mika.goto('/');
    await mika.openConversation(ada.name);

    for (const somebody of everybody) somebody.console.allowLostConnection();
    await server.stop('SIGKILL');
    await expect(names.reconnecting(mika.page)).toBeVisible();
    await mika.send('and bring the umbrella, just in case');
    await capture(mika.page, `${size}-reconnecting`);
  });
}

for (const [size, browser] of Object.entries(SIZES)) {
  test(`a network without sockets on a ${size}`, async ({ person, startServer }) => {
    const server = await startServer();
    const proxy = await Proxy.before(server.url, 'refuse');
    try {
      const ada = await person('ada', { ...browser, server, origin: proxy.url, plainName: true });
      const grace = await person('grace', { ...browser, server, plainName: true });
      ada.console.allow(/WebSocket/);
      await Promise.all([signUp(ada), signUp(grace)]);
      await befriend(ada, grace);
      await ada.page.goto('/');
      await ada.openConversation(grace.name);
      await expect(ada.page.getByText('This network blocks')).toBeVisible({ timeout: 40_000 });
      await ada.send('Can you read this?');
      await ada.expectState('Can you read this?', 'delivered');
      await capture(ada.page, `${size}-blocked`);
    } finally {
      proxy.dispose();
    }
  });
}

for (const [size, browser] of Object.entries(SIZES)) {
  test(`invitations on a ${size}`, async ({ person, startServer }) => {
    const server = await startServer({ SOTTO_SIGNUPS: 'invite', SOTTO_MEMBER_INVITES: 'allowed' });
    const link = /invitation: (\S+)/;
    await expect.poll(() => server.log).toMatch(link);
    const meet = (name: string) => person(name, { ...browser, server, plainName: true });
    const [ada, guest] = [await meet('ada'), await meet('guest')];
    await ada.page.goto('/auth?mode=signup');
    await capture(ada.page, `${size}-invitation-needed`);
    await ada.page.goto(link.exec(server.log)![1]!);
    await ada.submit('Sign up', ada.name, ada.password);
    await ada.settle();
    for (const uses of ['3 people', 'one person']) {
      await ada.page.goto('/settings');
      await ada.page.getByLabel('For', { exact: true }).selectOption(uses);
      await ada.page.getByRole('button', { name: 'Make an invitation', exact: true }).click();
      await expect(ada.page.getByRole('status')).toContainText('is ready');
    }
    await capture(ada.page, `${size}-invitations`, true);
    await guest.page.goto(await ada.page.getByRole('textbox', { name: 'Invitation link' }).first().inputValue());
    await capture(guest.page, `${size}-invited`);
  });
}

for (const [size, browser] of Object.entries(SIZES)) {
  test(`a group on a ${size}`, async ({ person, startServer }) => {
    const server = await startServer();
    const meet = (name: string) => person(name, { ...browser, server, plainName: true });
    const [mika, ada, grace, linus] = [await meet('mika'), await meet('ada'), await meet('grace'), await meet('linus')];
    for (const somebody of [mika, ada, grace, linus]) await signUp(somebody);
    for (const contact of [linus, ada, grace]) await befriend(contact, mika);
    await mika.goto('/');
    const path = await mika.makeGroup('Saturday hike', [ada, grace]);
    await say(ada, 'Saturday hike', ['Nine at the station?', 'The early train is never full.']);
    await say(grace, 'Saturday hike', ['Nine is fine! I bring the map.', '@mika, do you bring the stove?']);
    await mika.goto(path);
    await mika.send('I do. And @grace: rain from three on, so boots.');
    await mika.choose('Nine at the station?', 'Pin');
    await expect(names.pinnedLine(mika.page, 'Nine at the station?')).toBeVisible();
    await capture(mika.page, `${size}-group`);
    await names.composer(mika.page).pressSequentially('See you there, @');
    await expect(mika.page.getByRole('listbox', { name: 'People to mention' })).toBeVisible();
    await capture(mika.page, `${size}-mention`);
    await names.composer(mika.page).fill('');

    await names.pinsButton(mika.page, 1).click();
    await expect(names.pins(mika.page)).toBeVisible();
    await capture(mika.page, `${size}-pins`);
    await mika.goto(path);
    await names.messages(mika.page).getByRole('link', { name: grace.name, exact: true }).first().click();
    await expect(mika.page.getByRole('dialog', { name: grace.name })).toContainText('Saturday hike');
    await capture(mika.page, `${size}-card`);
    await mika.page.getByRole('dialog', { name: grace.name }).getByRole('link', { name: 'Block' }).click();
    await expect(mika.page.getByRole('alertdialog', { name: 'Block grace?' })).toBeVisible();
    await capture(mika.page, `${size}-block`);
    await mika.page.getByRole('alertdialog').getByRole('button', { name: 'Block', exact: true }).click();
    await expect(mika.page.getByRole('alertdialog')).toBeHidden();
    await mika.page.goto('/settings');
    await expect(mika.page.getByText(grace.name).first()).toBeVisible();
    await capture(mika.page, `${size}-settings-blocked`, true);

    await mika.goto(path);
    await mika.page.getByRole('button', { name: 'Group details', exact: true }).click();
    await capture(mika.page, `${size}-details`);
    await names.details(mika.page).getByText('Invite link', { exact: true }).click();
    await names.details(mika.page).getByRole('button', { name: 'Make a link', exact: true }).click();
    const link = names.details(mika.page).getByRole('textbox', { name: 'Invite link', exact: true });
    await expect(link).toBeVisible();
    await link.scrollIntoViewIfNeeded();
    await capture(mika.page, `${size}-links`);
    await linus.page.goto(await link.inputValue());
    await expect(linus.page.getByRole('heading', { name: 'Saturday hike' })).toBeVisible();
    await capture(linus.page, `${size}-join`);

    await mika.goto('/');
    await mika.keep(linus.name, 'Pin to top');
    await mika.keep(ada.name, 'Mute', 'Always');
    await names.conversationLink(mika.page, 'Saturday hike').click({ button: 'right' });
    await capture(mika.page, `${size}-list-menu`);
    await names.menuItem(mika.page, 'Archive').click();
    await expect(names.archive(mika.page)).toBeVisible();
    await capture(mika.page, `${size}-list-kept`);
    await names.archive(mika.page).click();
    await expect(names.fromArchive(mika.page)).toBeVisible();
    await capture(mika.page, `${size}-archive`);
  });
}

for (const [size, browser] of Object.entries(SIZES)) {
  test(`files on a ${size}`, async ({ person, startServer }) => {
    const server = await startServer({ SOTTO_FILE_SIZE: '100kB' });
    const meet = (name: string) => person(name, { ...browser, server, plainName: true });
    const [mika, ada] = [await meet('mika'), await meet('ada')];
    for (const somebody of [mika, ada]) await signUp(somebody);
    await befriend(ada, mika);
    mika.console.allow(/Failed to load resource/);
    await mika.goto('/');
    await mika.openConversation(ada.name);
    const photo = await photograph(mika, 'lake.jpg', [640, 400]);
    await chooses(mika, photo, text('route.gpx', 'x'.repeat(48_000)), text('everything.zip', 'x'.repeat(200_000)));
    await expect(names.attachments(mika.page)).toContainText('too large');
    await expect(names.attachments(mika.page).getByText('Ready to send')).toHaveCount(2);
    await capture(mika.page, `${size}-files-chosen`);
    await mika.page.getByRole('button', { name: 'Remove everything.zip', exact: true }).click();
    await mika.send('The lake, and the way there');
    await mika.expectState('The lake, and the way there', 'delivered');
    await expect(names.messages(mika.page).getByRole('img').first()).toBeVisible();
    await capture(mika.page, `${size}-files-sent`);
    const more = await Promise.all([320, 480, 200].map((width) => photograph(mika, `path-${width}.jpg`, [width, 300])));
    await chooses(mika, ...more, text('packing list.txt', 'x'.repeat(1_200)));
    await names.composer(mika.page).fill('From the last time: https://maps.example/lake and [what to bring](https://hikes.example/list)');
    await names.sendButton(mika.page).click();
    await mika.expectState('From the last time', 'delivered');
    for (const kind of ['media', 'files', 'links']) {
      await mika.goto(`${new URL(mika.page.url()).pathname}?media=${kind}`);
      await expect(names.mediaPanel(mika.page).getByRole('listitem').first()).toBeVisible();
      await mika.page.waitForLoadState('networkidle');
      await capture(mika.page, `${size}-held-${kind}`);
    }

    await mika.goto(new URL(mika.page.url()).pathname);
    const sizes: [number, number][] = [[640, 400], [400, 640], [640, 480], [500, 500], [640, 360]];
    const album = await Promise.all(sizes.map((size, n) => photograph(mika, `lake-${n + 1}.jpg`, size)));
    await chooses(mika, ...album);
    await expect(names.attachments(mika.page).getByText('Ready to send')).toHaveCount(sizes.length);
    await mika.page.getByRole('textbox', { name: /^Description of lake-1/ }).fill('The lake at noon, with the hills behind it');
    await mika.send('And what it looked like');
    await mika.expectState('And what it looked like', 'delivered');
    const pictures = names.album(mika.page, sizes.length).getByRole('img');
    for (const picture of await pictures.all()) await expect(picture).toHaveJSProperty('complete', true);
    await capture(mika.page, `${size}-album`);
    await pictures.first().click();
    await expect(names.viewer(mika.page).getByRole('img')).toHaveCount(1);
    await expect(names.viewer(mika.page).getByRole('img')).toHaveJSProperty('complete', true);
    await capture(mika.page, `${size}-viewer`);
  });
}

/** Opens the conversation, which reads it, and says something. */
async function say(speaker: Person, listener: string, texts: string[]): Promise<void> {
  await speaker.goto('/');
  const path = await speaker.openConversation(listener);
  for (const text of texts) await sendMessage(speaker, path, text);
  if (texts.length > 0) await speaker.expectMessage(texts.at(-1)!);
}

async function listOf(person: Person): Promise<Page> {
  await person.toList();
  return person.page;
}

async function capture(page: Page, name: string, fullPage = false): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The caret stays: hiding it would take a style that the content security policy refuses.
    await page.screenshot({ path: join(FOLDER, `${name}-${colorScheme}.png`), caret: 'initial', fullPage });
  }
}
