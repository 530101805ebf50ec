// A long press opens the options of a message, or of a conversation in the list. Android says so by itself; iOS, which has no other pointer,
// does not.
if (!('oncontextmenu' in window) || /iP(hone|ad|od)|Mac/.test(navigator.platform)) {
  let waits;
  let pressed = false;
  const end = () => clearTimeout(waits);
  addEventListener('touchstart', (event) => {
    const about = event.touches.length === 1 && event.target.closest?.('article.msg, .conversations li');
    pressed = false;
    end();
    if (about) waits = setTimeout(() => {
      pressed = true;
      about.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }));
    }, 500);
  }, { passive: true });
  for (const kind of ['touchend', 'touchmove', 'touchcancel']) addEventListener(kind, end, { passive: true });
  // The press was no click on what lies below.
  addEventListener('click', (event) => {
    if (pressed) event.preventDefault();
    pressed = false;
  }, true);
}
