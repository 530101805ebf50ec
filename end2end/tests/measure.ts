import { expect, type Page } from '@playwright/test';

/** Neither the page nor the messages may be wider than their window. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const overflow = () =>
    page.evaluate(() =>
      [document.documentElement, ...document.querySelectorAll('[role="log"]')]
        .filter((element) => element.scrollWidth > element.clientWidth)
        .map((element) => `${element.tagName}: ${element.scrollWidth} > ${element.clientWidth}`),
    );
  await expect.poll(overflow, { message: `${page.url()} does not scroll sideways` }).toEqual([]);
}

/** Counts layout shifts from the next navigation on; returns a function that gives their sum. */
export async function watchLayoutShift(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(() => {
    const shifts: number[] = [];
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number })[]) shifts.push(entry.value);
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () =>
    page.evaluate(() => (window as unknown as { shifts: number[] }).shifts.reduce((sum, value) => sum + value, 0));
}
