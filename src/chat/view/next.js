// Alt+Down and Alt+Up lead to the next and the previous conversation that is unread, round the ends of the list, and say which it is. First
// of all who hears of them: elsewhere the arrows mean something, too.
addEventListener('keydown', (event) => {
  const { altKey, ctrlKey, metaKey, shiftKey, key } = event;
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  const said = document.querySelector('[data-next]');
  if (!step || !said || !altKey || ctrlKey || metaKey || shiftKey || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const go = () => {
    const rows = [...document.querySelectorAll('.conversations a.row')];
    const at = rows.findIndex((row) => row.matches('[aria-current]'));
    const from = at < 0 && step < 0 ? rows.length : at;
    const next = rows.map((_, n) => rows.at((from + step * (n + 1)) % rows.length)).find((row) => row.matches('.calls:not([aria-current])'));
    said.textContent = next?.ariaLabel ?? said.dataset.next;
    next?.click();
  };
  const fromArchive = document.querySelector('.from-archive');
  fromArchive?.click();
  if (fromArchive) requestAnimationFrame(() => requestAnimationFrame(go));
  else go();
}, true);
