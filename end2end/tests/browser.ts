/** The whole browser. Most tests are run in its headless shell, a third faster, which has no notifications. */
export const BROWSER = process.env.CHROMIUM ?? '/usr/bin/chromium';
