import { randomUUID } from 'node:crypto';
import type { Locator, Page } from '@playwright/test';
import { post, upload } from './api';
import { photograph, text } from './choosing';
import { expectNoSidewaysScroll, watchLayoutShift } from './measure';
import * as names from './names';
import { talkingPair } from './pair';
import type { Person } from './person';
import { expect, test } from './test';

type Meet = (name: string, options?: object) => Promise<Person>;
type Sent = { name: string; size?: [number, number]; alt?: string };

/** Sends a message with these pictures, and this text; returns its id. */
async function sendPictures(sender: Person, path: string, pictures: Sent[], body = ''): Promise<string> {
  const attachments: { file: string; alt?: string }[] = [];
  for (const { name, size, alt } of pictures) {
    const { buffer } = await photograph(sender, name, size ?? [640, 400]);
    attachments.push({ file: await upload(sender, name, buffer), ...(alt ? { alt } : {}) });
  }
  const id = randomUUID();
  await post(sender, `/api/conversations/${path.split('/').at(-1)}/messages`, { id, body, attachments });
  return id;
}

const called = (count: number) => Array.from({ length: count }, (_, n) => ({ name: `p${count}-${n + 1}.jpg` }));

/** A page that asks the server itself: what a service worker asks cannot be held up. */
const unkept = (meet: Meet) => async (name: string) => {
  const somebody = await meet(name, { serviceWorkers: 'block' });
  somebody.console.allow(/Service Worker registration blocked/);
  return somebody;
};

/** The picture that is seen large. */
const seen = (page: Page, name: string) => names.viewer(page).getByRole('img', { name, exact: true });

/** How large an element is drawn, and where. */
const box = async (locator: Locator) => (await locator.boundingBox())!;

/** Until it is drawn so wide, whatever moves it there. */
const expectWidth = (locator: Locator, width: number) =>
  expect.poll(async () => Math.abs((await box(locator)).width - width) < 2, { message: `${width} pixels wide` }).toBe(true);

test('pictures stand together in rows, other files below them', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  const counts = [2, 3, 4, 5, 7, 10];
  for (const count of counts) await sendPictures(ada, path, called(count));
  const minutes = text('minutes.txt', 'what we said');
  const file = await upload(ada, minutes.name, minutes.buffer);
  const sea = await photograph(ada, 'sea.jpg');
  const lake = await photograph(ada, 'lake.jpg');
  const attachments = [
    { file: await upload(ada, sea.name, sea.buffer) },
    { file },
    { file: await upload(ada, lake.name, lake.buffer), alt: 'بحيرة' },
  ];
  await post(ada, `/api/conversations/${path.split('/').at(-1)}/messages`, { id: randomUUID(), body: 'three', attachments });
  for (const { page } of [grace, ada]) {
    // As it came, and as the server draws it.
    if (page === ada.page) await ada.goto(path);
    const rows = async (count: number) => {
      const boxes = await Promise.all((await names.album(page, count).first().getByRole('link').all()).map(box));
      const tops = boxes.map(({ y }) => Math.round(y));
      return [...new Set(tops)].map((top) => tops.filter((other) => other === top).length);
    };
    expect(await rows(2)).toEqual([2]);
    expect(await rows(3)).toEqual([2, 1]);
    expect(await rows(4)).toEqual([2, 2]);
    expect(await rows(5)).toEqual([2, 3]);
    expect(await rows(7)).toEqual([2, 2, 3]);
    expect(await rows(10)).toEqual([2, 2, 3, 3]);
    const [large, small] = await Promise.all((await names.album(page, 3).getByRole('link').all()).slice(0, 2).map(box));
    expect(large!.height).toBeCloseTo(2 * small!.height + 2, 0);
    const message = names.saying(page, 'three');
    const card = message.getByRole('link', { name: 'minutes.txt, 12 B' });
    const pictures = message.getByRole('group').getByRole('img');
    await expect(pictures).toHaveCount(2);
    await expect(message.getByRole('img', { name: 'بحيرة', exact: true })).toBeVisible();
    expect((await box(card)).y).toBeGreaterThan((await box(pictures.first())).y);
    await page.setViewportSize({ width: 320, height: 640 });
    await expectNoSidewaysScroll(page);
  }
});

test('until a picture has come a blurred one is in its room, and nothing moves', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(unkept(person));
  await sendPictures(ada, path, [{ name: 'lake.jpg', alt: 'The lake' }]);
  await sendPictures(ada, path, called(3), 'more of it');
  await grace.expectMessage('more of it');
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await grace.page.route('**/thumbnail', async (route) => {
    await released;
    await route.continue();
  });
  const layoutShift = await watchLayoutShift(grace.page);
  await grace.page.goto(path, { waitUntil: 'commit' });
  const shown = names.picture(grace.page, 'The lake').getByRole('img');
  const blurred = () => shown.evaluate((img: HTMLImageElement) => img.style.backgroundImage);
  await expect.poll(blurred).toMatch(/^url\("data:image\/bmp/);
  // It is a picture, and looks like this one: of the same colour at its left and its right.
  const [there, blur] = await shown.evaluate(async (img: HTMLImageElement) => {
    const colours = async (blob: Blob) => {
      const bitmap = await createImageBitmap(blob, { resizeWidth: 8, resizeHeight: 4, resizeQuality: 'high' });
      const context = new OffscreenCanvas(8, 4).getContext('2d', { willReadFrequently: true })!;
      context.drawImage(bitmap, 0, 0);
      return [1, 6].map((x) => [...context.getImageData(x, 2, 1, 1).data].slice(0, 3));
    };
    const inline = img.style.backgroundImage.slice(5, -2);
    const bytes = Uint8Array.from(atob(inline.split(',')[1]!), (byte) => byte.charCodeAt(0));
    const file = await (await fetch(img.closest('a')!.href)).blob();
    return Promise.all([colours(file), colours(new Blob([bytes], { type: 'image/bmp' }))]);
  });
  for (const [place, colour] of there!.entries()) {
    for (const [part, value] of colour.entries()) expect(Math.abs(value - blur![place]![part]!)).toBeLessThan(30);
  }
  release();
  await expect.poll(() => shown.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(480);
  await expect.poll(blurred).toBe('');
  await grace.settle();
  expect(await layoutShift()).toBeLessThan(0.001);
});

test('a picture is seen over the page, and those before it and after it', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await sendPictures(ada, path, [{ name: 'one.jpg', alt: 'The lake at noon' }]);
  await sendPictures(ada, path, [{ name: 'two.jpg' }, { name: 'three.jpg', size: [300, 900] }], 'both of them');
  const { page } = grace;
  await names.picture(page, 'two.jpg').click();
  await expect(seen(page, 'two.jpg')).toBeVisible();
  await expect.poll(() => seen(page, 'two.jpg').evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(640);
  await expect(names.viewer(page).getByRole('status')).toHaveText(new RegExp(`^${ada.name}.+2 of 3$`));
  await expect(names.viewer(page).locator('.viewer-caption')).toHaveText('two.jpg');
  await names.inViewer(page, 'Next').click();
  await expect(seen(page, 'three.jpg')).toBeVisible();
  await expect(names.inViewer(page, 'Next')).toBeHidden();
  // All of it is on the screen.
  const tall = await box(seen(page, 'three.jpg'));
  expect(tall.y + tall.height).toBeLessThanOrEqual(page.viewportSize()!.height);
  // The keys go on, though what had the focus is gone.
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(seen(page, 'The lake at noon')).toBeVisible();
  await expect(names.inViewer(page, 'Previous')).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await expect(seen(page, 'The lake at noon')).toBeVisible();
  const downloads = page.waitForEvent('download');
  await names.viewer(page).getByRole('link', { name: 'Download', exact: true }).click();
  expect((await downloads).suggestedFilename()).toBe('one.jpg');
  await page.keyboard.press('Escape');
  await expect(names.viewer(page)).toHaveCount(0);
  await expect(names.picture(page, 'The lake at noon')).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(seen(page, 'The lake at noon')).toBeVisible();
  await names.inViewer(page, 'Reply').click();
  await expect(names.viewer(page)).toHaveCount(0);
  await expect(names.about(page, `Replying to ${ada.name}`)).toBeVisible();
  await expect(names.composer(page)).toBeFocused();
});

test('a picture is enlarged by buttons, keys, a wheel and a double click, and moved', async ({ person, isMobile }) => {
  test.skip(isMobile, 'Fingers have a test of their own.');
  const { ada, grace, path } = await talkingPair(person);
  await sendPictures(ada, path, [{ name: 'map.jpg', size: [600, 400] }]);
  const { page } = grace;
  await names.picture(page, 'map.jpg').click();
  const map = seen(page, 'map.jpg');
  await expectWidth(map, 600);
  await names.inViewer(page, 'Zoom in').click();
  await expectWidth(map, 900);
  await names.inViewer(page, 'Zoom out').click();
  await expectWidth(map, 600);
  // It is seen whole, and no smaller.
  await names.inViewer(page, 'Zoom out').click();
  await expectWidth(map, 600);
  for (const _ of ['once', 'twice', 'and again']) await page.keyboard.press('+');
  await expectWidth(map, 2025);
  await page.keyboard.press('-');
  await expectWidth(map, 1350);
  const before = await box(map);
  await page.mouse.move(640, 400);
  await page.mouse.down();
  await page.mouse.move(600, 380);
  await page.mouse.up();
  await expect.poll(async () => (await box(map)).x).toBeCloseTo(before.x - 35, 0);
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('0');
  await expectWidth(map, 600);
  await map.dblclick({ position: { x: 0, y: 0 } });
  await expectWidth(map, 1500);
  await map.dblclick();
  await expectWidth(map, 600);
  const whole = await box(map);
  await page.mouse.move(whole.x + 10, whole.y + 10);
  await page.mouse.wheel(0, -250);
  await expectWidth(map, 900);
  await page.keyboard.press('Escape');
  await expect(names.picture(page, 'map.jpg')).toBeFocused();
});

test('fingers swipe, pinch, and put the picture away', async ({ person, isMobile }) => {
  test.skip(!isMobile, 'There are no fingers.');
  const { ada, grace, path } = await talkingPair(person);
  await sendPictures(ada, path, [{ name: 'one.jpg' }, { name: 'two.jpg' }]);
  const { page } = grace;
  const fingers = await page.context().newCDPSession(page);
  type At = { x: number; y: number };
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: At[]) =>
    fingers.send('Input.dispatchTouchEvent', { type, touchPoints: touchPoints.map((at, id) => ({ ...at, id })) });
  const swipe = async (from: At, to: At) => {
    await touch('touchStart', from);
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await touch('touchMove', { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
    }
    await touch('touchEnd');
  };
  await names.picture(page, 'one.jpg').tap();
  await expect(seen(page, 'one.jpg')).toBeVisible();
  const { width, height } = await box(names.viewer(page));
  expect([width, height]).toEqual([390, 844]);
  await swipe({ x: 300, y: 400 }, { x: 120, y: 410 });
  await expect(seen(page, 'two.jpg')).toBeVisible();
  // There is none beyond the last.
  await swipe({ x: 300, y: 400 }, { x: 120, y: 410 });
  await expect(seen(page, 'two.jpg')).toBeVisible();
  await expectWidth(seen(page, 'two.jpg'), 390);
  await touch('touchStart', { x: 180, y: 400 }, { x: 220, y: 400 });
  await touch('touchMove', { x: 160, y: 400 }, { x: 240, y: 400 });
  await touch('touchMove', { x: 140, y: 400 }, { x: 260, y: 400 });
  await touch('touchEnd');
  await expectWidth(seen(page, 'two.jpg'), 1170);
  // What is enlarged is moved, and stays.
  await swipe({ x: 120, y: 400 }, { x: 300, y: 410 });
  await expect(seen(page, 'two.jpg')).toBeVisible();
  await page.keyboard.press('0');
  await expectWidth(seen(page, 'two.jpg'), 390);
  await swipe({ x: 120, y: 400 }, { x: 300, y: 410 });
  await expect(seen(page, 'one.jpg')).toBeVisible();
  await swipe({ x: 200, y: 300 }, { x: 205, y: 500 });
  await expect(names.viewer(page)).toHaveCount(0);
  await expect(names.picture(page, 'one.jpg')).toBeFocused();
});

test('what is deleted while somebody looks at it gives way to the next one, and the last one to the page', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(person);
  await sendPictures(ada, path, [{ name: 'one.jpg' }], 'first of all');
  await sendPictures(ada, path, [{ name: 'two.jpg' }], 'then');
  const { page } = grace;
  await names.picture(page, 'one.jpg').click();
  await expect(seen(page, 'one.jpg')).toBeVisible();
  await ada.choose('first of all', 'Delete');
  await expect(names.viewer(page).getByText('The picture was deleted.')).toBeVisible({ timeout: 20_000 });
  await expect(seen(page, 'two.jpg')).toBeVisible();
  await expect(names.inViewer(page, 'Previous')).toBeHidden();
  await expect(names.inViewer(page, 'Next')).toBeHidden();
  await ada.choose('then', 'Delete');
  await expect(names.viewer(page)).toHaveCount(0, { timeout: 20_000 });
  await expect(page.getByText('The picture was deleted.').last()).toBeVisible();
});

test('a picture that cannot be had is said, and the next one is there', async ({ person }) => {
  const { ada, grace, path } = await talkingPair(unkept(person));
  await sendPictures(ada, path, [{ name: 'one.jpg' }, { name: 'two.jpg' }]);
  const { page } = grace;
  grace.console.allow(/Failed to load resource/);
  const broken = await names.picture(page, 'one.jpg').getAttribute('href');
  await page.route(`**${broken}`, (route) => route.abort());
  await names.picture(page, 'one.jpg').click();
  await expect(names.viewer(page).getByRole('alert')).toHaveText(/This picture cannot be shown/);
  await names.inViewer(page, 'Next').click();
  await expect(seen(page, 'two.jpg')).toBeVisible();
  await expect(names.viewer(page).getByRole('alert')).toHaveCount(0);
  await names.inViewer(page, 'Close').click();
  await expect(names.viewer(page)).toHaveCount(0);
  await expect(names.picture(page, 'two.jpg')).toBeFocused();
});

test('a picture opens in a tab of its own for who wants that, and by the address of its message', async ({ person, isMobile }) => {
  const { ada, grace, path } = await talkingPair(person);
  const id = await sendPictures(ada, path, [{ name: 'one.jpg' }, { name: 'two.jpg' }]);
  const { page } = grace;
  await names.picture(page, 'two.jpg').focus();
  if (!isMobile) {
    // What stands in a sandbox of its own has no icon.
    grace.console.allow(/favicon\.ico/);
    const tabs = grace.context.waitForEvent('page');
    await names.picture(page, 'two.jpg').click({ modifiers: ['ControlOrMeta'] });
    const tab = await tabs;
    await expect(tab).toHaveURL(/\/api\/files\//);
    await tab.close();
    await expect(names.viewer(page)).toHaveCount(0);
  }
  await grace.goto(`${path}?picture=${id}`);
  await expect(seen(page, 'one.jpg')).toBeVisible();
  await names.inViewer(page, 'Next').click();
  await expect(seen(page, 'two.jpg')).toBeVisible();
  await page.evaluate(() => document.querySelector<HTMLDialogElement>('dialog[open]')?.requestClose());
  await expect(names.viewer(page)).toHaveCount(0);
  await expect(page).toHaveURL(path);
});

test('all of the viewer is open to the keyboard', async ({ person, isMobile }) => {
  test.skip(isMobile, 'Under fingers there are no keys.');
  const { ada, grace, path } = await talkingPair(person);
  await sendPictures(ada, path, [{ name: 'one.jpg' }, { name: 'two.jpg' }]);
  const { page } = grace;
  const logged = names.messages(page);
  await logged.focus();
  await page.keyboard.press('Tab');
  while (!(await names.picture(page, 'one.jpg').evaluate((link) => link === document.activeElement))) await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(names.inViewer(page, 'Close')).toBeFocused();
  const walked: (string | null)[] = [];
  for (let n = 0; n < 6; n++) {
    await page.keyboard.press('Shift+Tab');
    walked.push(await page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null));
  }
  expect(walked.slice(0, 5)).toEqual(['Download', 'Reply', 'Zoom in', 'Whole picture', 'Zoom out']);
  await names.inViewer(page, 'Next').focus();
  await page.keyboard.press('Enter');
  await expect(seen(page, 'two.jpg')).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Escape');
  await expect(names.viewer(page)).toHaveCount(0);
  await expect(names.picture(page, 'two.jpg')).toBeFocused();
});
