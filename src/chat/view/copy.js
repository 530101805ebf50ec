// Several messages are copied with who wrote them and when.
addEventListener('copy', (event) => {
  const selection = getSelection();
  if (!selection?.rangeCount || document.activeElement?.matches('input, textarea')) return;
  const selected = selection.getRangeAt(0);
  const me = document.documentElement.dataset.name;
  const other = document.querySelector('.who h1')?.textContent;
  // In a group each run has its author above it.
  const above = (message) => {
    for (let before = message; before; before = before.previousElementSibling) {
      if (before.classList.contains('author')) return before.querySelector('b').textContent;
      if (before !== message && before.classList.contains('me')) break;
    }
  };
  const lines = [];
  for (const message of document.querySelectorAll('article.msg')) {
    if (!selected.intersectsNode(message)) continue;
    const part = document.createRange();
    part.selectNodeContents(message);
    if (selected.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(selected.startContainer, selected.startOffset);
    if (selected.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(selected.endContainer, selected.endOffset);
    const who = message.classList.contains('me') ? me : (above(message) ?? other);
    if (part.toString()) lines.push(`[${message.title}] ${who}: ${part}`);
  }
  if (lines.length < 2) return;
  event.clipboardData.setData('text/plain', lines.join('\n'));
  event.preventDefault();
});
