// A long press opens a message's options. Android says so by itself; iOS, which has no other pointer, does not.
if (!('oncontextmenu' in window) || /iP(hone|ad|od)|Mac/.test(navigator.platform)) {
  let waits;
  const end = () => clearTimeout(waits);
  addEventListener('touchstart', (event) => {
    const message = event.touches.length === 1 && event.target.closest?.('article.msg');
    end();
    if (message) waits = setTimeout(() => message.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })), 500);
  }, { passive: true });
  for (const kind of ['touchend', 'touchmove', 'touchcancel']) addEventListener(kind, end, { passive: true });
}
