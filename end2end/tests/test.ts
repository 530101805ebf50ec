import { randomBytes } from 'node:crypto';
import { type BrowserContextOptions, test as base } from '@playwright/test';
import { Person } from './person';
import { Server, type Settings } from './server';

export { expect } from '@playwright/test';

/** Anything that a new browser context takes, and: */
export type PersonOptions = BrowserContextOptions & {
  /** Where they go, if not to the shared one. */
  server?: Server;
  /** Where they reach it, if not at its own address. */
  origin?: string;
  /** The first name alone, on a server where nobody else has it. */
  plainName?: boolean;
};

type TestFixtures = {
  /** Starts a server for this test alone, which may set it up, end and restart it. */
  startServer: (settings?: Settings) => Promise<Server>;
  /**
   * Makes a person with a browser of their own and a name that nobody else has. They are not
   * signed up yet. When the test is over, the console of each must be clean.
   */
  person: (firstName: string, options?: PersonOptions) => Promise<Person>;
  attachServerLog: void;
};

type WorkerFixtures = {
  /** Shared by all tests of a worker; nobody may end it. */
  server: Server;
};

export const test = base.extend<TestFixtures, WorkerFixtures>({
  server: [
    async ({}, use) => {
      const server = await Server.start();
      await use(server);
      await server.dispose();
    },
    { scope: 'worker', timeout: 60_000 },
  ],

  startServer: async ({}, use, testInfo) => {
    const servers: Server[] = [];
    await use(async (settings) => {
      const server = await Server.start(settings);
      servers.push(server);
      return server;
    });
    const failed = testInfo.status !== testInfo.expectedStatus;
    for (const server of servers) {
      if (failed) await testInfo.attach('own server log', { body: server.log });
      await server.dispose();
    }
  },

  // startServer is named so that its servers outlive the people's browsers.
  person: async ({ browser, server: shared, startServer: _, javaScriptEnabled }, use) => {
    const people: Person[] = [];
    await use(async (firstName, { server = shared, origin = server.url, plainName = false, ...options } = {}) => {
      const context = await browser.newContext({ ...options, baseURL: origin });
      const scripting = options.javaScriptEnabled ?? javaScriptEnabled;
      const name = plainName ? firstName : unique(firstName);
      const person = await Person.meet(name, context, origin, scripting);
      people.push(person);
      return person;
    });
    for (const person of people) await person.context.close();
    for (const person of people) person.expectNoProblems();
  },

  attachServerLog: [
    async ({ server }, use, testInfo) => {
      const before = server.log.length;
      await use();
      if (testInfo.status !== testInfo.expectedStatus) {
        await testInfo.attach('server log', { body: server.log.slice(before) });
      }
    },
    { auto: true },
  ],
});

/** At most 20 characters, and no other test or run has the same. */
function unique(firstName: string): string {
  return firstName.slice(0, 10) + randomBytes(4).toString('hex');
}
