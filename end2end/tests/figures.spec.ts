import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { sendMany } from './api';
import * as names from './names';
import { pair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

// How the page behaves with a long conversation, beside a short one in the same run. Figures, not
// assertions: `make figures` writes them where docs/performance.md has them from.

const FOLDER = process.env.FIGURES ?? '';
const LONG = 10_000;
const TIMES = 20;

test.setTimeout(900_000);
// A trace takes a picture of the whole document at every step, which among 10,000 messages takes a second.
test.use({ trace: 'off' });

test('a conversation of 10,000 messages, all of them loaded', async ({ person }) => {
  const { ada, grace } = await pair(person);
  await watch(ada);
  const path = await ada.openConversation(grace.name);
  const words = Array.from({ length: LONG }, (_, i) => `Message ${i + 1}: ${'a few more words '.repeat(i % 8)}`);
  const senders = [ada, grace];

  await sendMany(ada, path, words.slice(0, 50));
  await ada.goto(path);
  const short = await measure(ada, grace, path);

  // Nobody looks while they are written, or this would take an hour.
  await Promise.all(senders.map(({ page }) => page.goto('about:blank')));
  for (let begun = 50; begun < LONG; begun += 25) {
    await sendMany(senders[(begun / 25) % 2]!, path, words.slice(begun, begun + 25));
  }
  await ada.goto(path);
  const opened = await ada.page.evaluate(() => performance.getEntriesByType('navigation')[0]!.duration);
  const newest = await measure(ada, grace, path);
  await loadAll(ada.page);
  const all = await measure(ada, grace, path);
  const lines = Object.keys(short).map((name) => {
    const [a, b, c] = [short, newest, all].map((figures) => figures[name as keyof Figures]);
    return `| ${name} | ${a} | ${b} | ${c} |`;
  });
  const report = [
    `Loaded in ${Math.round(opened)} ms.`,
    '',
    '| milliseconds, median (worst) of 20 | 50 messages | 10,000, the newest 50 on the page | 10,000 on the page |',
    '| --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
  console.log(report);
  await writeFile(join(FOLDER, 'long-conversation.md'), report);
});

type Figures = { 'a key to its frame': string; 'a message to its frame': string; 'a frame while scrolling': string };

async function measure(reader: Person, writer: Person, path: string): Promise<Figures> {
  await reader.page.bringToFront();
  return {
    'a key to its frame': await typing(reader.page),
    'a message to its frame': await receiving(reader, writer, path),
    'a frame while scrolling': await scrolling(reader.page),
  };
}

/** From a key to the end of the frame that shows it. */
async function typing(page: Page): Promise<string> {
  await names.composer(page).focus();
  await forget(page);
  for (let i = 1; i <= TIMES; i++) {
    await page.keyboard.press('a');
    await counted(page, 'keys', i);
  }
  await names.composer(page).fill('');
  return summary(await timings(page, 'keys'));
}

/** From a message's arrival to the end of the frame that shows it. */
async function receiving(reader: Person, writer: Person, path: string): Promise<string> {
  await forget(reader.page);
  for (let i = 1; i <= TIMES; i++) {
    await sendMany(writer, path, [`measured ${i}`]);
    await counted(reader.page, 'messages', i);
  }
  return summary(await timings(reader.page, 'messages'));
}

/** The time between frames while the log scrolls by 300 pixels in each. */
async function scrolling(page: Page): Promise<string> {
  const times = await names.messages(page).evaluate(async (log, count) => {
    const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
    const times: number[] = [];
    let last = await frame();
    for (let i = 0; i < count; i++) {
      log.scrollTop -= 300;
      const now = await frame();
      times.push(now - last);
      last = now;
    }
    log.scrollTop = 0;
    await frame();
    return times;
  }, TIMES);
  return summary(times);
}

/** Scrolls up until there is nothing older, and back to the end. */
async function loadAll(page: Page): Promise<void> {
  await names.messages(page).evaluate(async (log) => {
    while (log.querySelector('a.older')) {
      log.scrollTop = -log.scrollHeight;
      await new Promise(requestAnimationFrame);
    }
    log.scrollTop = 0;
  });
  expect(await names.messages(page).locator('article').count()).toBeGreaterThanOrEqual(LONG);
}

type Kind = 'keys' | 'messages';
type Watched = Window & { watched: Record<Kind, number[]> };

/** Notes in every page of a browser how long keys and messages take to be shown. */
async function watch(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    const watched = { keys: [] as number[], messages: [] as number[] };
    Object.assign(window, { watched });
    const note = (kind: Kind, began: number) =>
      requestAnimationFrame(() => setTimeout(() => watched[kind].push(performance.now() - began)));
    document.addEventListener('keydown', ({ timeStamp }) => note('keys', timeStamp), { capture: true });
    window.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        // Before the page's own listener.
        this.addEventListener('message', ({ data, timeStamp }) => {
          if (String(data).includes('"new_message"')) note('messages', timeStamp);
        });
      }
    };
  });
}

const forget = (page: Page) =>
  page.evaluate(() => {
    const { watched } = window as unknown as Watched;
    watched.keys.length = watched.messages.length = 0;
  });
const timings = (page: Page, kind: Kind) => page.evaluate((kind) => (window as unknown as Watched).watched[kind], kind);
const counted = (page: Page, kind: Kind, count: number) =>
  expect.poll(async () => (await timings(page, kind)).length, { intervals: [20], timeout: 30_000 }).toBe(count);

function summary(times: number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  return `${sorted[Math.floor(sorted.length / 2)]!.toFixed(1)} (${sorted.at(-1)!.toFixed(1)})`;
}
