// A theme that was chosen is shown at once; without scripting there is a button for it.
const save = document.getElementById('save-theme');
save.hidden = true;
save.form.addEventListener('change', () => save.form.requestSubmit());

for (const button of navigator.clipboard ? document.querySelectorAll('.copy') : []) {
  const link = button.previousElementSibling;
  button.hidden = false;
  button.addEventListener('click', async () => {
    link.select();
    await navigator.clipboard.writeText(link.value);
    button.textContent = 'Copied';
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
}
