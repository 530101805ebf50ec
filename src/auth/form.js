// The form without leaving the page: what was typed stays when it is refused, and rules are said while
// somebody types. Without this the browser posts the form by itself.
const form = document.querySelector('.card form');
const rules = RULES;
const general = form.querySelector('.form-error');
const named = (name) => form.elements.namedItem(name);
const say = (input, text) => {
  const box = input.closest('.fld');
  box.classList.toggle('bad', Boolean(text));
  box.querySelector('small').textContent = text;
  if (text) input.setAttribute('aria-invalid', 'true');
  else input.removeAttribute('aria-invalid');
};
const [username, password] = [named('username'), named('password')];
const isNew = named('mode').value === 'signup';
const wrongName = (name) => {
  if (name.length < 3 || name.length > 20) return rules.length;
  if (!/^[a-z0-9_.-]+$/i.test(name)) return rules.characters;
  return /^[a-z0-9].*[a-z0-9]$/i.test(name) ? '' : rules.ends;
};
const wrongPassword = (text) => ([...text].length < 8 ? rules.password : '');
for (const [input, check, read] of [
  [username, wrongName, () => username.value.trim()],
  [password, wrongPassword, () => password.value],
]) {
  input.addEventListener('input', () => say(input, ''));
  if (isNew) input.addEventListener('change', () => say(input, read() && check(read())));
}

const show = Object.assign(document.createElement('button'), { type: 'button', className: 'show' });
const reveal = (isShown) => {
  password.type = isShown ? 'text' : 'password';
  show.textContent = isShown ? 'Hide' : 'Show';
  show.setAttribute('aria-label', isShown ? 'Hide what is typed' : 'Show what is typed');
};
show.addEventListener('click', () => reveal(password.type === 'password'));
password.closest('.fld').append(show);
reveal(false);

let isBusy = false;
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  if (isBusy) return;
  isBusy = true;
  const fields = Object.fromEntries(new FormData(form));
  const next = new URLSearchParams(location.search).get('next') ?? '/';
  try {
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const answer = await fetch(form.action, { method: 'POST', headers, body: JSON.stringify(fields) });
    if (answer.ok) {
      reveal(false);
      // As the browser will read it: it leaves out tabs and line ends, for one.
      const leads = URL.canParse(next, location.href) ? new URL(next, location.href) : undefined;
      return location.assign(leads?.origin === location.origin ? leads.href : '/');
    }
    const { error } = await answer.json();
    const inputs = [...form.querySelectorAll('.fld input')];
    for (const input of inputs) say(input, '');
    const about = inputs.find((input) => input.name === error.field);
    general.textContent = about ? '' : error.message;
    if (about) say(about, error.message);
    (about || password).focus();
  } catch {
    // No answer that can be understood: as without scripting.
    form.submit();
  }
  isBusy = false;
});
