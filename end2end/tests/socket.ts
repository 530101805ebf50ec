import { type BrowserContext, expect, type Page, type WebSocket } from '@playwright/test';

/**
 * Knows which pages of a context are live: their newest socket has been answered with `resumed`
 * (see the protocol), so the page has taken over from the server's HTML and hears of everything.
 */
export class Sockets {
  readonly #live = new Map<Page, Set<WebSocket>>();

  constructor(context: BrowserContext) {
    context.on('page', (page) => this.#watch(page));
  }

  /** Waits until the page is live. */
  async live(page: Page): Promise<void> {
    const isLive = () => (this.#live.get(page)?.size ?? 0) > 0;
    await expect.poll(isLive, { message: `${page.url()} is live`, timeout: 20_000 }).toBe(true);
  }

  #watch(page: Page): void {
    const live = new Set<WebSocket>();
    this.#live.set(page, live);
    page.on('request', (request) => {
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) live.clear();
    });
    page.on('websocket', (socket) => {
      socket.on('framereceived', ({ payload }) => {
        if (isResumed(payload)) live.add(socket);
      });
      socket.on('close', () => live.delete(socket));
    });
  }
}

function isResumed(payload: string | Buffer): boolean {
  try {
    return JSON.parse(payload.toString()).type === 'resumed';
  } catch {
    return false;
  }
}
