import type { BrowserContext } from '@playwright/test';

/**
 * Collects what must not happen in any page of a context: errors and warnings in the console
 * (violations of the content security policy among them), uncaught exceptions, dialogs.
 */
export class Console {
  readonly #allowed: RegExp[] = [];
  readonly #seen: string[] = [];

  constructor(context: BrowserContext, scripting: boolean) {
    // A part of the page that was on its way when the page was left: the script that loads parts says so. One that is
    // missed shows by what it would have drawn.
    this.#allowed.push(/(loading was aborted|Failed to fetch).*__wasm_split/s);
    // What the page preloads for its scripts is of no use without them.
    if (!scripting) this.#allowed.push(/was preloaded using link preload but not used/);
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.#seen.push(`${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.#seen.push(`uncaught: ${error.error().message}`));
    context.on('dialog', (dialog) => {
      this.#seen.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Chromium reports every answer from 400 up; a test that provokes one says so here. */
  allowStatus(...codes: number[]): void {
    this.#allowed.push(new RegExp(`the server responded with a status of (${codes.join('|')})\\b`));
  }

  /** For a test that provokes it by other means. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** For a test that ends the server while the page is open. */
  allowLostConnection(): void {
    this.#allowed.push(/WebSocket connection to '[^']*' failed/, /net::ERR_(CONNECTION|EMPTY|INCOMPLETE|NETWORK|INTERNET)/);
  }

  /** What nobody allowed. */
  get problems(): string[] {
    return this.#seen.filter((text) => !this.#allowed.some((pattern) => pattern.test(text)));
  }
}
