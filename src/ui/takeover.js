// Has the page taken over by its WebAssembly, once what can be read and used is painted; a page that nobody
// sees paints nothing. Where that fails, it is said, and the page is what the server made of it: with no
// listener left on it, its forms and links work by themselves.
let begun, broken;
const start = () => {
  if (begun) return;
  begun = true;
  const wasm = fetch(WASM);
  for (const href of AHEAD) {
    const kind = href.endsWith('.js') ? { rel: 'modulepreload' } : { rel: 'preload', as: 'fetch', crossOrigin: 'anonymous' };
    document.head.append(Object.assign(document.createElement('link'), { ...kind, href, fetchPriority: 'low' }));
  }
  import(JS).then((page) => page.default({ module_or_path: wasm }).then(() => page.hydrate())).catch(fail);
};
const fail = () => {
  if (broken || !document.body) return;
  broken = true;
  const fields = (body) => [...body.querySelectorAll('input, textarea')];
  const old = fields(document.body);
  const typed = old.map((field) => field.value);
  // Whoever is in the middle of a word goes on with it.
  const writing = old.indexOf(document.activeElement);
  const { selectionStart, selectionEnd } = old[writing] ?? {};
  const body = document.body.cloneNode(true);
  document.body.replaceWith(body);
  fields(body).forEach((field, index) => { if (field.type !== 'file') field.value = typed[index]; });
  const field = fields(body)[writing];
  field?.focus();
  // Of a field that has letters.
  if (selectionStart != null) field.setSelectionRange(selectionStart, selectionEnd);
  const notice = Object.assign(document.createElement('p'), { className: 'broken' });
  notice.setAttribute('role', 'alert');
  const again = Object.assign(document.createElement('button'), { className: 'btn', textContent: 'Reload' });
  notice.append('Part of this page did not start. What you see works, but does not change by itself. ', again);
  body.prepend(notice);
  for (const kind of ['click', 'submit', 'keydown', 'input', 'popstate']) {
    addEventListener(kind, (event) => {
      event.stopImmediatePropagation();
      if (kind === 'click' && event.target === again) location.reload();
    }, true);
  }
};
// Later on, too: nothing of the page works once its WebAssembly has stopped.
const watch = (error) => { if (error instanceof WebAssembly.RuntimeError) fail(); };
addEventListener('error', (event) => watch(event.error));
addEventListener('unhandledrejection', (event) => watch(event.reason));
new PerformanceObserver(start).observe({ type: 'paint', buffered: true });
setTimeout(start, document.hidden ? 0 : 1000);
