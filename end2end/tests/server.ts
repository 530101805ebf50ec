import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';

export const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const BINARY = process.env.SOTTO_BIN ?? resolve(PROJECT, 'target/release/sotto');

/** How a server is ended: as a crash, or as an operator asks for it. */
export type Signal = 'SIGKILL' | 'SIGTERM';

/** Environment variables. */
export type Settings = Record<string, string>;

/** The real program on a port and in a data folder of its own. */
export class Server {
  readonly url: string;
  private readonly database = `sotto_end2end_${randomUUID()}`;
  #child: ChildProcess | undefined;
  #output = '';
  /** The program, and the folder in which another release of it was made. */
  #program = BINARY;
  #release: string | undefined;

  private constructor(
    private readonly port: number,
    /** The folder that holds everything. */
    readonly data: string,
    private readonly settings: Settings,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  /** A server with an empty data folder and maybe settings of its own, ready to answer. */
  static async start(settings: Settings = {}): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), 'sotto-end2end-'));
    const server = new Server(await freePort(), data, settings);
    try {
      await server.start();
      return server;
    } catch (error) {
      await server.dispose();
      throw error;
    }
  }

  /** Everything that it has printed so far. */
  get log(): string {
    return this.#output;
  }

  /** Starts the program again on the same port and data, and waits until it is ready. */
  async start(): Promise<void> {
    const child = spawn(this.#program, [], {
      cwd: process.env.SOTTO_CWD ?? PROJECT,
      env: {
        ...process.env,
        SOTTO_ADDR: `127.0.0.1:${this.port}`,
        SOTTO_DATA: this.data,
        SOTTO_RATE_LIMITS: 'off',
        // Of use only where MONGODB_URI has the tests run on MongoDB.
        DATABASE_NAME: this.database,
        ...this.settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const record = (chunk: unknown) => (this.#output += String(chunk));
    child.stdout.on('data', record);
    child.stderr.on('data', record);
    await once(child, 'spawn');
    this.#child = child;
    await this.#ready(child);
  }

  /** Ends the program and waits until it is gone. */
  async stop(signal: Signal): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || hasEnded(child)) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
  }

  async restart(signal: Signal): Promise<void> {
    await this.stop(signal);
    await this.start();
  }

  /** Ends the program and starts another release of it, with the same data: its page has another style. */
  async upgrade(): Promise<void> {
    this.#release = await mkdtemp(join(tmpdir(), 'sotto-release-'));
    const [site, program] = [join(this.#release, 'site'), join(this.#release, 'sotto')];
    await cp(join(PROJECT, 'target/site'), site, { recursive: true });
    await appendFile(join(site, 'pkg/sotto.css'), '/* another release */');
    await rm(join(site, 'pkg/sotto.css.br'));
    await promisify(execFile)(BINARY, ['bundle', site, '--output', program]);
    this.#program = program;
    await this.restart('SIGTERM');
  }

  /** Ends the program and removes what it has left. */
  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    await rm(this.data, { recursive: true, force: true });
    if (this.#release) await rm(this.#release, { recursive: true, force: true });
  }

  async #ready(child: ChildProcess): Promise<void> {
    const health = async () => {
      if (hasEnded(child)) throw new Error(`The server did not start:\n${this.#output}`);
      const answer = await fetch(`${this.url}/health/ready`).catch(() => undefined);
      return answer?.status;
    };
    await expect.poll(health, { message: 'the server is ready', timeout: 30_000 }).toBe(200);
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/**
 * A port that nobody listens on at this moment. It is not from the range that systems give to connections (from
 * 32,768 on Linux): such a one would soon belong to somebody else when its server is away for a restart.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(10_000, 32_768);
    const probe = createServer();
    const free = once(probe, 'listening').then(
      () => true,
      () => false,
    );
    probe.listen(port, '127.0.0.1');
    if (!(await free)) continue;
    probe.close();
    await once(probe, 'close');
    return port;
  }
}
