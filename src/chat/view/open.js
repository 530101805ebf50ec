// A picture that is pressed is seen over the page, where the page lives: it hears of that as of a menu that is asked for, by the one button
// that asks for none. Where nobody hears, and for who wants it elsewhere, the link leads to it.
addEventListener('click', (event) => {
  const { altKey, ctrlKey, metaKey, shiftKey, button, target } = event;
  const picture = target.closest?.('a.picture[href], a.media-picture');
  if (!picture || altKey || ctrlKey || metaKey || shiftKey || button || event.defaultPrevented) return;
  picture.focus({ preventScroll: true });
  const isFree = picture.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true, button: 1 }));
  if (!isFree) event.preventDefault();
});
