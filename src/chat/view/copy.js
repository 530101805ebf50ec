// Several messages are copied with who wrote them and when.
addEventListener('copy', (event) => {
  const selection = getSelection();
  if (!selection?.rangeCount || document.activeElement?.matches('input, textarea')) return;
  const selected = selection.getRangeAt(0);
  const me = document.documentElement.dataset.name;
  const lines = [];
  // In a group each run has its author above it.
  let author = document.querySelector('.who h1')?.textContent;
  for (const element of document.querySelectorAll('.author, article.msg')) {
    if (element.matches('.author')) {
      author = element.querySelector('b').textContent;
      continue;
    }
    const body = element.querySelector('.body');
    if (!body || !selected.intersectsNode(body)) continue;
    const part = document.createRange();
    part.selectNodeContents(body);
    if (selected.compareBoundaryPoints(Range.START_TO_START, part) > 0) part.setStart(selected.startContainer, selected.startOffset);
    if (selected.compareBoundaryPoints(Range.END_TO_END, part) < 0) part.setEnd(selected.endContainer, selected.endOffset);
    const who = element.classList.contains('me') ? me : author;
    if (part.toString()) lines.push(`[${element.title}] ${who}: ${part}`);
  }
  if (lines.length < 2) return;
  event.clipboardData.setData('text/plain', lines.join('\n'));
  event.preventDefault();
});
