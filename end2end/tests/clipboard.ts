import type { Page } from '@playwright/test';
import * as names from './names';

/** What is in the clipboard once somebody has copied from the message that says `from` to the one that says `to`. */
export async function copy(page: Page, from: string, to: string): Promise<string> {
  await names.composer(page).blur();
  await page.evaluate(
    ([from, to]) => {
      const found = (text: string) => [...document.querySelectorAll('article.msg')].find((one) => one.textContent?.includes(text))!;
      getSelection()!.setBaseAndExtent(found(from!), 0, found(to!), found(to!).childNodes.length);
      document.execCommand('copy');
    },
    [from, to],
  );
  return page.evaluate(() => navigator.clipboard.readText());
}

/** When a message was written, as it is copied. */
export const WHEN = String.raw`\[\d+ \w+ \d{4}, \d\d:\d\d\]`;
