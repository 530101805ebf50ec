import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tus from 'tus-js-client';
import { DetailedError, Upload, type UploadOptions } from 'tus-js-client';
import { headers, signUp } from './api';
import { Line } from './line';
import type { Person } from './person';
import type { Server } from './server';
import { test as base, expect } from './test';

// Uploads as the reference client of tus makes them (https://github.com/tus/tus-js-client), without a page.

/** It is there in Node, and missing in the types. */
const { FileUrlStorage } = tus as unknown as { FileUrlStorage: new (path: string) => tus.UrlStorage };

const MB = 1024 * 1024;
/** What comes of an upload is noted so often, and when its line breaks: what a crash of the server costs. */
const NOTED_EVERY = 4 * MB;

type Fixtures = {
  /** A server of its own, and a line to it that can be held up. */
  own: { server: Server; line: Line };
  ada: Person;
  /** What a client is told so that it uploads as Ada, and notes in a file where its uploads are. */
  options: UploadOptions;
};

const test = base.extend<Fixtures>({
  own: async ({ startServer }, use) => {
    const server = await startServer();
    const line = await Line.to(server.url);
    await use({ server, line });
    line.dispose();
  },
  ada: async ({ own, person }, use) => {
    const ada = await person('ada', { server: own.server, origin: own.line.url });
    await signUp(ada);
    await use(ada);
  },
  options: async ({ own, ada }, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-uploads-'));
    await use({
      endpoint: `${own.line.url}/api/files`,
      headers: await headers(ada),
      metadata: { filename: 'holiday.bin' },
      urlStorage: new FileUrlStorage(join(folder, 'uploads.json')),
      // Whatever goes wrong is said at once.
      retryDelays: [],
    });
    await rm(folder, { recursive: true, force: true });
  },
});

/** A client that goes on with what the one before it has noted, as after a new start. */
async function resumed(bytes: Buffer, options: UploadOptions): Promise<{ upload: Upload; done: Promise<void> }> {
  const { upload, done } = client(bytes, options);
  const [before] = await upload.findPreviousUploads();
  if (!before) throw new Error('Nothing was noted.');
  upload.resumeFromPreviousUpload(before);
  return { upload, done };
}

function client(bytes: Buffer, options: UploadOptions): { upload: Upload; done: Promise<void> } {
  let upload: Upload | undefined;
  const done = new Promise<void>((onSuccess, onError) => {
    upload = new Upload(bytes, { ...options, onSuccess: () => onSuccess(), onError });
  });
  // Of those that are aborted nobody waits for the end.
  done.catch(() => {});
  return { upload: upload as Upload, done };
}

/** All requests of a client with their answers. */
function watched(options: UploadOptions): { options: UploadOptions; said: string[] } {
  const said: string[] = [];
  const onAfterResponse: UploadOptions['onAfterResponse'] = (request, answer) => {
    said.push(`${request.getMethod()} ${answer.getStatus()} ${answer.getHeader('Upload-Offset') ?? '-'}`);
  };
  return { options: { ...options, onAfterResponse }, said };
}

/** What the server gives of an upload. */
async function digestOf(ada: Person, url: string | null): Promise<string> {
  const answer = await fetch(url ?? '', { headers: await headers(ada) });
  expect(answer.status).toBe(200);
  return sha256(Buffer.from(await answer.arrayBuffer()));
}

/** How many bytes of files a server has written. */
async function written({ data }: Server): Promise<number> {
  const folder = join(data, 'files');
  const paths = await readdir(folder, { recursive: true });
  const entries = await Promise.all(paths.map((path) => stat(join(folder, path))));
  return entries.filter((entry) => entry.isFile()).reduce((sum, { size }) => sum + size, 0);
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('an upload whose client is ended in the middle goes on from there', async ({ own, ada, options }) => {
  const bytes = randomBytes(8 * MB);
  own.line.allow(3 * MB);
  const first = client(bytes, options);
  first.upload.start();
  await own.line.stuck();
  // What lies in the connection and was not read is not kept once somebody else goes on.
  await expect.poll(() => written(own.server)).toBeGreaterThan(2 * MB);
  await first.upload.abort();
  own.line.mend();

  const { options: watching, said } = watched(options);
  const second = await resumed(bytes, watching);
  second.upload.start();
  await second.done;
  expect(second.upload.url).toBe(first.upload.url);
  expect(said).toEqual([expect.stringMatching(/^HEAD 200 \d+$/), `PATCH 204 ${bytes.length}`]);
  const offset = Number(said[0]?.split(' ').at(-1));
  // The line has taken their heads, too.
  expect(offset).toBeGreaterThan(2 * MB);
  expect(offset).toBeLessThanOrEqual(3 * MB);
  expect(await digestOf(ada, second.upload.url)).toBe(sha256(bytes));
});

test('an upload whose server is killed in the middle goes on after its new start', async ({ own, ada, options }) => {
  const bytes = randomBytes(16 * MB);
  own.line.allow(11 * MB);
  const first = client(bytes, options);
  first.upload.start();
  await own.line.stuck();
  // It writes on once that is noted.
  await expect.poll(() => written(own.server)).toBeGreaterThan(2 * NOTED_EVERY);
  await own.server.restart('SIGKILL');
  own.line.mend();

  const { options: watching, said } = watched(options);
  const second = await resumed(bytes, watching);
  second.upload.start();
  await second.done;
  expect(said).toEqual([`HEAD 200 ${2 * NOTED_EVERY}`, `PATCH 204 ${bytes.length}`]);
  expect(await digestOf(ada, second.upload.url)).toBe(sha256(bytes));
});

test('what does not add up is refused, and none of it is kept', async ({ ada, options }) => {
  const bytes = randomBytes(2 * MB);
  const adding = (sum: Buffer): UploadOptions => ({
    ...options,
    onBeforeRequest: (request) => {
      const digest = createHash('sha256').update(sum).digest('base64');
      if (request.getMethod() === 'PATCH') request.setHeader('Upload-Checksum', `sha256 ${digest}`);
    },
  });
  const wrong = client(bytes, adding(randomBytes(10)));
  wrong.upload.start();
  const error: unknown = await wrong.done.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(DetailedError);
  expect((error as DetailedError).originalResponse?.getStatus()).toBe(460);

  const { options: watching, said } = watched(adding(bytes));
  const right = await resumed(bytes, watching);
  right.upload.start();
  await right.done;
  expect(said).toEqual(['HEAD 200 0', `PATCH 204 ${bytes.length}`]);
  expect(await digestOf(ada, right.upload.url)).toBe(sha256(bytes));
});

test('an upload can be taken back, in the middle and when it is whole', async ({ own, ada, options }) => {
  const bytes = randomBytes(4 * MB);
  own.line.allow(2 * MB);
  const half = client(bytes, options);
  half.upload.start();
  await own.line.stuck();
  own.line.mend();
  await half.upload.abort(true);

  // Whoever wants to go on with it begins anew.
  const { options: watching, said } = watched(options);
  const taken = half.upload.url;
  const whole = await resumed(bytes, watching);
  whole.upload.start();
  await whole.done;
  expect(said).toEqual(['HEAD 404 -', 'POST 201 -', `PATCH 204 ${bytes.length}`]);
  expect(await digestOf(ada, whole.upload.url)).toBe(sha256(bytes));
  await Upload.terminate(whole.upload.url ?? '', options);
  for (const url of [taken, whole.upload.url]) {
    const answer = await fetch(url ?? '', { headers: await headers(ada) });
    expect(answer.status).toBe(404);
  }
});

test('an upload says until when it is kept', async ({ options }) => {
  const ends: (string | undefined)[] = [];
  const { upload, done } = client(randomBytes(2 * MB), {
    ...options,
    chunkSize: MB,
    onAfterResponse: (_, answer) => void ends.push(answer.getHeader('Upload-Expires')),
  });
  upload.start();
  await done;
  expect(ends).toHaveLength(3);
  for (const end of ends.slice(0, 2)) {
    const hours = (Date.parse(end ?? '') - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(23);
    expect(hours).toBeLessThan(25);
  }
});
