import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sendMany } from './api';
import { Person } from './person';
import { freePort } from './server';
import { expect, test } from './test';

// What Lighthouse says of the log-in page and of a conversation, on its simulated phone. Figures, not
// assertions: `make figures` writes them where docs/performance.md has them from.

const FOLDER = process.env.FIGURES ?? '';
/** The figures are the medians. */
const RUNS = 3;
const SCORES = ['performance', 'accessibility', 'best-practices', 'seo'];
const TIMINGS = ['first-contentful-paint', 'largest-contentful-paint', 'total-blocking-time', 'cumulative-layout-shift'];

test.setTimeout(600_000);

test('Lighthouse, the log-in page and a conversation', async ({ person, playwright, server, launchOptions }) => {
  // Lighthouse opens a tab of its own, in the same browser: whoever is signed in there is so in it.
  const [port, profile] = [await freePort(), await mkdtemp(join(tmpdir(), 'sotto-lighthouse-'))];
  const context = await playwright.chromium.launchPersistentContext(profile, {
    ...launchOptions,
    args: [...(launchOptions.args ?? []), `--remote-debugging-port=${port}`],
    baseURL: server.url,
  });
  try {
    const lines = [
      `| median of ${RUNS} | ${[...SCORES, ...TIMINGS].map((id) => id.replaceAll('-', ' ')).join(' | ')} |`,
      `|${' --- |'.repeat(1 + SCORES.length + TIMINGS.length)}`,
      await examine('log-in page', `${server.url}/auth`, port, profile),
    ];
    const ada = await Person.meet('ada', context, server.url, true);
    const grace = await person('grace');
    await Promise.all([ada.signUp(), grace.signUp()]);
    await ada.findAndAdd(grace.name);
    await grace.accept(ada.name);
    const path = await ada.openConversation(grace.name);
    await sendMany(ada, path, Array.from({ length: 60 }, (_, i) => `Message ${i + 1}`));
    await ada.expectMessage('Message 60');
    await ada.page.goto('about:blank');
    lines.push(await examine('conversation of 60 messages', server.url + path, port, profile), '');
    console.log(lines.join('\n'));
    await writeFile(join(FOLDER, 'lighthouse.md'), lines.join('\n'));
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
});

type Report = {
  runtimeError?: { message: string };
  finalDisplayedUrl: string;
  categories: Record<string, { score: number }>;
  audits: Record<string, { numericValue: number }>;
};

/** A line of the table. */
async function examine(name: string, url: string, port: number, folder: string): Promise<string> {
  const reports: Report[] = [];
  for (let run = 0; run < RUNS; run++) {
    const file = join(folder, 'lighthouse.json');
    const options = ['--quiet', `--port=${port}`, '--output=json', `--output-path=${file}`];
    await promisify(execFile)('lighthouse', [url, ...options]);
    const report: Report = JSON.parse(await readFile(file, 'utf8'));
    expect(report.runtimeError, name).toBeUndefined();
    expect(report.finalDisplayedUrl, name).toBe(url);
    reports.push(report);
  }
  const median = (of: (report: Report) => number) => reports.map(of).sort((a, b) => a - b)[(RUNS - 1) / 2]!;
  const scores = SCORES.map((id) => Math.round(100 * median(({ categories }) => categories[id]!.score)));
  const timings = TIMINGS.map((id) => {
    const value = median(({ audits }) => audits[id]!.numericValue);
    return id.endsWith('shift') ? value.toFixed(2) : `${Math.round(value)} ms`;
  });
  return `| ${[name, ...scores, ...timings].join(' | ')} |`;
}
