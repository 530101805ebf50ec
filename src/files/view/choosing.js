// What is dropped on a conversation, or pasted, goes to the field in which files are chosen, beside what has not been taken from there yet.
const choose = (event, transfer) => {
  const field = document.querySelector('.attach input');
  if (!field || !transfer?.files.length || document.querySelector('dialog[open]')) return;
  event.preventDefault();
  const all = new DataTransfer();
  for (const file of [...field.files, ...transfer.files]) all.items.add(file);
  field.files = all.files;
  field.dispatchEvent(new Event('change', { bubbles: true }));
};
const pane = (event) => event.dataTransfer?.types.includes('Files') && (event.target.closest?.('.conv') ?? null);
const shows = (over) => document.querySelector('.conv')?.toggleAttribute('data-drop', !!over);
// The page hears of presses there already: a listener to changes would be code of its own.
addEventListener('change', ({ target }) => {
  if (target.matches?.('.attach input')) target.parentElement.dispatchEvent(new MouseEvent('click', { bubbles: true }));
});
addEventListener('dragover', (event) => {
  if (!event.dataTransfer?.types.includes('Files')) return;
  // Dropped beside it the browser would leave the page for the file.
  event.preventDefault();
  event.dataTransfer.dropEffect = pane(event) ? 'copy' : 'none';
  shows(pane(event));
});
addEventListener('dragleave', (event) => event.relatedTarget || shows(false));
addEventListener('drop', (event) => {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  shows(false);
  if (pane(event)) choose(event, event.dataTransfer);
});
// What is copied from a page or a document has its text beside a picture of it: then the text is meant.
addEventListener('paste', (event) => {
  if (!event.clipboardData?.types.includes('text/plain')) choose(event, event.clipboardData);
});
