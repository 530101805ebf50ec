// A range as text: blocks begin lines, and what is hidden stays hidden.
const textOf = (range) => {
  const copied = range.cloneContents();
  for (const button of copied.querySelectorAll('.copy, details[open] > summary')) button.remove();
  for (const hidden of copied.querySelectorAll('.spoiler:not([open])')) hidden.replaceWith('(spoiler)');
  for (const block of copied.querySelectorAll('li, blockquote, pre')) {
    block.before('\0');
    block.after('\0');
  }
  return copied.textContent.replace(/^\0+|\0+$/g, '').replace(/\0+/g, '\n');
};
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
    const text = textOf(part);
    if (text) lines.push(`[${element.title}] ${who}: ${text}`);
  }
  if (lines.length < 2) return;
  event.clipboardData.setData('text/plain', lines.join('\n'));
  event.preventDefault();
});
// Code has a button that takes it along; where the browser does not let it, the code is selected instead.
addEventListener('click', async ({ target }) => {
  const button = target.closest?.('.copy');
  if (!button) return;
  const code = button.parentElement.querySelector('code');
  try {
    await navigator.clipboard.writeText(code.textContent);
    const word = button.firstChild;
    const before = word.data;
    if (before === 'COPIED') return;
    word.data = 'COPIED';
    setTimeout(() => { word.data = before; }, 2000);
  } catch {
    getSelection().selectAllChildren(code);
  }
});
