// The service worker: opens the chat without a network, and shows notifications.
//
// Pages and files are kept as they were last seen. A page from the network is always preferred;
// the kept one stands in when there is none. Nothing is kept once nobody is signed in.

const PAGES = 'pages';
const FILES = 'files';
/** Under this name it is kept whose pages they are. */
const OWNER = '/.owner';
/** So many pages are kept, the ones seen last. */
const MOST_PAGES = 50;
/** A network that has not answered a page for so long is taken for none, if the page is kept. */
const PATIENCE_MS = 4000;

/** Counts how often it was seen that nobody is signed in: what was asked for before is not kept. */
let epoch = 0;

const isChat = (path) => path === '/' || path.startsWith('/c/');
/** Files of a release, whose addresses never get another content, and the icons beside them. */
const BUILT = '/pkg/[0-9a-f]{16}/[\\w.-]+\\.(?:js|wasm|css)';
const isFile = (path) => new RegExp(`^${BUILT}$`).test(path) || /^\/[^/]+\.(svg|png|webmanifest)$/.test(path);

self.addEventListener('install', () => self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === 'navigate' && request.method === 'GET' && (isChat(url.pathname) || url.pathname === '/auth')) {
    event.respondWith(openPage(event, url));
  } else if (request.mode === 'navigate' && url.pathname === '/auth/logout') {
    event.waitUntil(forget());
  } else if (request.method === 'GET' && isFile(url.pathname)) {
    event.respondWith(openFile(request));
  }
});

async function openPage(event, url) {
  const kept = isChat(url.pathname) && !url.search ? await caches.match(url.pathname) : undefined;
  const begun = epoch;
  const fresh = fetch(event.request);
  event.waitUntil(fresh.then((answer) => learn(url, answer.clone(), begun)).catch(() => {}));
  try {
    return await (kept ? Promise.race([fresh, late()]) : fresh);
  } catch {
    if (kept) return kept;
    // Kept is what stands at the address without what it asks for, which another page could not take over.
    if (url.search && isChat(url.pathname) && (await caches.match(url.pathname))) return Response.redirect(url.pathname);
    if (url.pathname !== '/' && (await caches.match('/'))) return Response.redirect('/');
    return new Response(OFFLINE, { status: 503, headers: { 'content-type': 'text/html; charset=utf-8' } });
  }
}

const late = () => new Promise((_, reject) => setTimeout(reject, PATIENCE_MS));

/** What a page from the network tells: what it looks like now, or that nobody is signed in. */
async function learn(url, answer, begun) {
  const signedOut = answer.type === 'opaqueredirect' || (url.pathname === '/auth' && answer.ok);
  if (isChat(url.pathname) && answer.ok && !answer.redirected && !url.search) return keep(url.pathname, answer, begun);
  if (signedOut && (isChat(url.pathname) || answer.ok)) await forget();
}

function forget() {
  epoch += 1;
  return caches.delete(PAGES);
}

/** Keeps a page with the files that it needs. A new release begins anew. */
async function keep(path, answer, begun) {
  const html = await answer.clone().text();
  const files = await caches.open(FILES);
  // In the head alone, but for the title: what people have written stands elsewhere.
  const head = html.split('</head>', 1)[0].replace(/<title>[^<]*/, '');
  const needed = [...new Set(head.match(new RegExp(BUILT, 'g')) ?? [])];
  const missing = [];
  for (const file of needed) if (!(await files.match(file))) missing.push(file);
  if (missing.length > 0) {
    await Promise.all([PAGES, FILES].map((name) => caches.delete(name)));
    const anew = await caches.open(FILES);
    await anew.addAll([...needed, '/favicon.svg']);
  }
  // Kept pages belong to one account: whoever has signed in since, through whichever door, sees none of them.
  const owner = html.match(/<html[^>]* data-user="([^"]*)"/)?.[1] ?? '';
  const kept = await caches.match(OWNER);
  if (kept && (await kept.text()) !== owner) await caches.delete(PAGES);
  const pages = await caches.open(PAGES);
  // Somebody has logged out while it was on its way.
  if (begun !== epoch) return;
  await pages.put(OWNER, new Response(owner));
  // In one step: without it the page would be missing for a moment, in which somebody may open it. What is put last stands last.
  await pages.put(path, answer);
  const all = (await pages.keys()).filter((page) => !page.url.endsWith(OWNER));
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST_PAGES)).map((old) => pages.delete(old)));
}

async function openFile(request) {
  return (await caches.match(request)) ?? fetch(request);
}

self.addEventListener('message', (event) => {
  const [word, ...rest] = event.data;
  if (word === 'keep') event.waitUntil(keepOpen(...rest));
  if (word === 'forget') event.waitUntil(forget());
  if (word === 'notify') event.waitUntil(notify(...rest));
  if (word === 'settle') event.waitUntil(settle((path) => rest.includes(path)));
  if (word === 'settle-others') event.waitUntil(settle((path) => !rest.includes(path)));
});

/** The page that somebody looks at, or has just looked at, as the server has it now. */
async function keepOpen(path) {
  const begun = epoch;
  const answer = await fetch(path, { redirect: 'manual' }).catch(() => undefined);
  if (answer) await learn(new URL(path, self.location.origin), answer, begun);
}

async function notify(title, body, path) {
  const tabs = await self.clients.matchAll({ type: 'window' });
  if (tabs.some((tab) => tab.visibilityState === 'visible')) return;
  // One per conversation: the newer stands in for the older, and is heard, too.
  const look = { body, tag: path, renotify: true, icon: '/icon-192.png', data: path };
  await self.registration.showNotification(title, look);
}

/** What was read elsewhere, or is gone, is no news any more. */
async function settle(isOver) {
  for (const shown of await self.registration.getNotifications()) if (isOver(shown.data)) shown.close();
}

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data));
});

async function show(path) {
  const [tab] = await self.clients.matchAll({ type: 'window' });
  if (!tab) return self.clients.openWindow(path);
  tab.postMessage(path);
  return tab.focus();
}

const OFFLINE = `<!DOCTYPE html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Sotto</title>
<h1>No connection</h1><p>Sotto cannot be reached. Check your connection, then <a href="">try again</a>.</p></html>`;
