import { availableParallelism } from 'node:os';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';
import { BROWSER } from './tests/browser';

/** What a browser with scripting switched off can be asked. */
const FORMS = /forms\.spec\.ts/;
/** Sets its own window sizes, so once is enough. */
const LAYOUT = /layout\.spec\.ts/;
/** Needs no page, so once is enough. */
const PAGELESS = /uploads\.spec\.ts/;
/** Pictures for the README and for review: `SCREENSHOTS=<folder> npx playwright test --project screenshots`. */
const SCREENSHOTS = /screenshots\.spec\.ts/;

/** Figures for docs/performance.md: `FIGURES=<folder> npx playwright test --project figures`. */
const FIGURES = /(figures|lighthouse)\.spec\.ts/;

const desktop = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

const projects: NonNullable<PlaywrightTestConfig['projects']> = [
  { name: 'desktop', use: desktop, testIgnore: [FORMS, SCREENSHOTS, FIGURES] },
  { name: 'phone', use: phone, testIgnore: [FORMS, SCREENSHOTS, FIGURES, LAYOUT, PAGELESS] },
  // A click waits until its target stands still, and without scripting may never hear that it does.
  {
    name: 'no-scripting',
    use: { ...desktop, javaScriptEnabled: false, contextOptions: { reducedMotion: 'reduce' } },
    testMatch: FORMS,
  },
];

if (process.env.SCREENSHOTS) {
  projects.push({ name: 'screenshots', testMatch: SCREENSHOTS });
}

if (process.env.FIGURES) {
  projects.push({ name: 'figures', use: desktop, testMatch: FIGURES });
}

export default defineConfig({
  testDir: 'tests',
  projects,
  fullyParallel: true,
  // Tests wait for each other's pages about as long as they compute.
  workers: Math.max(3, availableParallelism()),
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: 'list',
  timeout: 90_000,
  expect: { timeout: 10_000 },
  use: {
    browserName: 'chromium',
    // The server renders times in UTC until it knows better; so does this browser.
    timezoneId: 'UTC',
    locale: 'en-GB',
    // Traces of each test would take a sixth of the time; `--trace retain-on-failure` has them written.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM_SHELL ?? BROWSER,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
});
