import { randomUUID } from 'node:crypto';
import { type APIResponse, expect } from '@playwright/test';
import type { Person } from './person';

// What a test needs but does not examine goes through the HTTP API.

/** Makes an account and signs the person's browser in. */
export async function signUp(person: Person): Promise<void> {
  const form = { mode: 'signup', username: person.name, password: person.password };
  const answer = await person.context.request.post('/auth', { form, headers: await headers(person), maxRedirects: 0 });
  expect(answer.status(), `sign-up: ${await answer.text()}`).toBe(303);
}

/** Makes the two contacts. */
export async function befriend(one: Person, other: Person): Promise<void> {
  await post(one, '/api/friend-requests/send', { username: other.name });
  const pending: Pending = await (await get(other, '/api/friend-requests/pending')).json();
  const request = pending.incoming.find(({ user }) => user.username === one.name);
  await post(other, '/api/friend-requests/accept', { request_id: request?.id });
}

/** Sends a message; `path` is the conversation's page, `/c/{id}`. */
export async function sendMessage(sender: Person, path: string, body: string): Promise<void> {
  const conversation = path.split('/').at(-1);
  await post(sender, `/api/conversations/${conversation}/messages`, { id: randomUUID(), body });
}

/** Changes what somebody keeps of a conversation, as from another device. */
export async function setPrefs(person: Person, path: string, prefs: object): Promise<void> {
  await post(person, `/api/conversations/${path.split('/').at(-1)}/prefs`, prefs);
}

/** Sends many messages in this order. */
export async function sendMany(sender: Person, path: string, bodies: string[]): Promise<void> {
  const url = `${sender.origin}/api/conversations/${path.split('/').at(-1)}/messages`;
  const known = { ...(await headers(sender)), 'content-type': 'application/json' };
  for (const body of bodies) {
    const answer = await fetch(url, { method: 'POST', headers: known, body: JSON.stringify({ id: randomUUID(), body }) });
    expect(answer.ok, `${answer.status}`).toBe(true);
    await answer.arrayBuffer();
  }
}

/** The HTML as the server sends it, before any script has run. */
export async function serverHtml(person: Person, path: string): Promise<string> {
  return (await get(person, path)).text();
}

type Pending = { incoming: { id: string; user: { username: string } }[] };

async function get(person: Person, path: string): Promise<APIResponse> {
  const answer = await person.context.request.get(path, { headers: await headers(person) });
  expect(answer.status(), `GET ${path}`).toBe(200);
  return answer;
}

/** Posts JSON to an address of ours; returns the answer. */
export async function post(person: Person, path: string, data: object): Promise<APIResponse> {
  const answer = await person.context.request.post(path, { data, headers: await headers(person) });
  expect(answer.ok(), `POST ${path}: ${answer.status()} ${await answer.text()}`).toBe(true);
  return answer;
}

/** Uploads a file, which is in no message yet; returns its id. */
export async function upload(person: Person, name: string, bytes: Buffer): Promise<string> {
  const known = { ...(await headers(person)), 'tus-resumable': '1.0.0' };
  const metadata = `filename ${Buffer.from(name).toString('base64')}`;
  const announced = { ...known, 'upload-length': `${bytes.length}`, 'upload-metadata': metadata };
  const begun = await person.context.request.post('/api/files', { headers: announced });
  expect(begun.status(), await begun.text()).toBe(201);
  const address = begun.headers().location ?? '';
  const sending = { ...known, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' };
  const sent = await person.context.request.patch(address, { headers: sending, data: bytes });
  expect(sent.status(), await sent.text()).toBe(204);
  return address.split('/').at(-1) ?? '';
}

/** Has so many people more come into a group by a link, who have no browser; `path` is the group's page. */
export async function crowd(host: Person, path: string, count: number): Promise<void> {
  const link = await post(host, `/api/groups/${path.split('/').at(-1)}/invites`, { uses: count });
  const { token } = await link.json();
  const guest = async () => {
    const known: Record<string, string> = { origin: host.origin, 'content-type': 'application/json' };
    const send = async (to: string, data: object) => {
      const answer = await fetch(host.origin + to, { method: 'POST', headers: known, body: JSON.stringify(data) });
      expect(answer.ok, `POST ${to}: ${answer.status} ${await answer.text()}`).toBe(true);
      return answer;
    };
    const username = `g${randomUUID().replaceAll('-', '').slice(0, 16)}`;
    const signedUp = await send('/auth', { mode: 'signup', username, password: host.password });
    known.cookie = signedUp.headers.getSetCookie().map((cookie) => cookie.split(';')[0]).join('; ');
    await send('/api/groups/join', { token });
  };
  // A few at a time: so many passwords would not find room in the server's queue at once.
  for (let left = count; left > 0; left -= 8) await Promise.all(Array.from({ length: Math.min(left, 8) }, guest));
}

/** The cookie by hand: a `Secure` one would otherwise not be sent to 127.0.0.1. */
export async function headers(person: Person): Promise<Record<string, string>> {
  const cookies = await person.context.cookies();
  return { origin: person.origin, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
}
