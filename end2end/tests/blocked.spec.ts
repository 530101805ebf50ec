import { befriend, signUp } from './api';
import * as names from './names';
import type { Person } from './person';
import { Proxy, type Sockets } from './proxy';
import { expect, test } from './test';

const BLOCKED = 'This network blocks live updates.';
/** Within which a message has to go each way. */
const SOON = { timeout: 30_000 };

test.setTimeout(180_000);

for (const sockets of ['refuse', 'swallow'] satisfies Sockets[]) {
  test(`messages go each way where a proxy ${sockets}s every socket, and a socket is used once it can be had`, async ({
    person,
    server,
  }) => {
    const proxy = await Proxy.before(server.url, 'pass');
    try {
      const ada = await person('ada', { origin: proxy.url });
      const grace = await person('grace');
      await Promise.all([signUp(ada), signUp(grace)]);
      await befriend(ada, grace);
      await Promise.all([ada.goto('/'), grace.goto('/')]);
      await ada.openConversation(grace.name);
      await grace.openConversation(ada.name);
      ada.console.allowLostConnection();
      ada.console.allow(/WebSocket/);

      proxy.sockets = sockets;
      await ada.page.reload();
      await names.composer(ada.page).fill('out of the office');
      await names.sendButton(ada.page).click();
      await expect(names.message(grace.page, 'out of the office')).toHaveCount(1, SOON);
      await ada.expectState('out of the office', 'delivered');
      await expect(ada.page.getByText(BLOCKED)).toBeVisible();
      await expect(names.reconnecting(ada.page)).toBeHidden();
      await grace.send('and into it');
      await expect(names.message(ada.page, 'and into it')).toHaveCount(1, SOON);
      // Seen is read, also there.
      await grace.expectState('and into it', 'read');
      await ada.send('at once');
      await expect(names.message(grace.page, 'at once')).toHaveCount(1);

      proxy.sockets = 'pass';
      await expect(ada.page.getByText(BLOCKED)).toBeHidden({ timeout: 60_000 });
      await ada.settle();
      await grace.send('live again');
      await ada.expectMessage('live again');
      await expectOnce(ada, ['out of the office', 'and into it', 'at once', 'live again']);
    } finally {
      proxy.dispose();
    }
  });
}

async function expectOnce(person: Person, texts: string[]): Promise<void> {
  await person.page.reload();
  for (const text of texts) await expect(names.message(person.page, text)).toHaveCount(1);
}
