import * as names from './names';
import { pair } from './pair';
import { expect, test } from './test';

test.describe('sign-up', () => {
  test('says what is wrong, one thing at a time, and keeps what was typed', async ({ person }) => {
    const ada = await person('ada');
    ada.console.allowStatus(422);
    const { page } = ada;
    await page.goto('/auth?mode=signup');

    await ada.submit('Sign up', 'ab', ada.password);
    await expect(names.username(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(names.username(page)).toHaveAccessibleDescription(/3 to 20 characters/);
    await expect(names.username(page)).toHaveValue('ab');

    await ada.submit('Sign up', ada.name, 'short');
    await expect(names.password(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(names.password(page)).toHaveAccessibleDescription(/at least 8 characters/);
    await expect(names.username(page)).not.toHaveAttribute('aria-invalid', 'true');
    await expect(names.username(page)).toHaveValue(ada.name);

    await ada.submit('Sign up', ada.name, 'password1');
    await expect(names.password(page)).toHaveAttribute('aria-invalid', 'true');
    await expect(names.password(page)).toHaveAccessibleDescription(/common/);
    await expect(names.username(page)).toHaveValue(ada.name);

    await ada.submit('Sign up', ada.name, ada.password);
    await expect(page).toHaveURL('/');
    await expect(page.getByText('Sotto').first()).toBeVisible();
    await expect(page.getByText('No conversations yet')).toBeVisible();
  });

  test('has the chat fetched while somebody types, after the page is there', async ({ person }) => {
    const ada = await person('ada');
    await ada.page.goto('/auth?mode=signup');
    const fetched = () =>
      ada.page.evaluate(() => {
        const loaded = performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming;
        const files = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
        const wasm = files.find(({ name }) => name.endsWith('.wasm'));
        return wasm && { later: wasm.startTime >= loaded.domContentLoadedEventEnd, bytes: wasm.transferSize };
      });
    await expect.poll(fetched).toEqual({ later: true, bytes: expect.any(Number) });
    expect((await fetched())!.bytes).toBeGreaterThan(0);

    await ada.submit('Sign up', ada.name, ada.password);
    await expect(names.peopleSearch(ada.page)).toBeVisible();
    await expect.poll(fetched).toEqual({ later: expect.any(Boolean), bytes: 0 });
  });

  test('refuses a name that is taken, regardless of case', async ({ person }) => {
    const [ada, impostor] = await Promise.all([person('ada'), person('impostor')]);
    impostor.console.allowStatus(409);
    await ada.signUp();
    const { page } = impostor;
    await page.goto('/auth?mode=signup');

    for (const name of [ada.name, ada.name.toUpperCase()]) {
      await impostor.submit('Sign up', name, impostor.password);
      await expect(names.username(page)).toHaveAttribute('aria-invalid', 'true');
      await expect(names.username(page)).toHaveAccessibleDescription(/taken/);
      await expect(names.username(page)).toHaveValue(name);
    }
  });

  test('is one click away from log-in, and back', async ({ person }) => {
    const { page } = await person('ada');
    await page.goto('/auth');
    await expect(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible();
    await expect(names.authForm(page, 'Log in')).toBeVisible();
    await names.modeSwitch(page, 'Sign up').click();
    await expect(page).toHaveURL(/mode=signup/);
    await expect(names.authForm(page, 'Sign up')).toBeVisible();
    await names.modeSwitch(page, 'Log in').click();
    await expect(names.authForm(page, 'Log in')).toBeVisible();
  });
});

test.describe('log-in', () => {
  test('gives one answer to a wrong password and to an unknown name', async ({ person }) => {
    const ada = await person('ada');
    ada.console.allowStatus(401);
    await ada.signUp();
    await ada.logOut();

    for (const name of [ada.name, `no${ada.name}`]) {
      await ada.submit('Log in', name, 'not the password');
      await expect(names.authForm(ada.page, 'Log in')).toContainText('Wrong username or password');
      await expect(names.username(ada.page)).toHaveValue(name);
    }

    await ada.logIn();
    await expect(names.peopleSearch(ada.page)).toBeVisible();
  });

  test('leads to the page that was wanted', async ({ person }) => {
    const { ada, grace } = await pair(person);
    const path = await ada.openConversation(grace.name);
    await ada.logOut();

    await ada.page.goto(path);
    await expect(ada.page).toHaveURL(/\/auth\?(.*&)?next=/);
    await ada.logIn();
    await expect(ada.page).toHaveURL(path);
    await expect(names.composer(ada.page)).toBeVisible();
  });

  test('never leads to another site', async ({ person }) => {
    const ada = await person('ada');
    await ada.signUp();
    // A browser leaves tabs and line ends out, and takes a backslash for a slash.
    for (const next of ['//elsewhere.example/', '%2F%09%2Felsewhere.example', '%2F%0A%2Felsewhere.example', '%0d%5C%5Celsewhere.example']) {
      await ada.logOut();
      await ada.page.goto(`/auth?next=${next}`);
      await ada.logIn();
      await expect(ada.page).toHaveURL('/');
      await expect(names.peopleSearch(ada.page)).toBeVisible();
    }
  });
});

test.describe('log-out', () => {
  test('ends the session: neither back nor reload shows anything again', async ({ person }) => {
    const { ada, grace } = await pair(person);
    const path = await ada.openConversation(grace.name);
    await ada.goto('/');
    await ada.logOut();

    await ada.page.goBack();
    await expect(ada.page).toHaveURL(/\/auth/);
    await expect(names.username(ada.page)).toBeVisible();
    await expect(names.peopleSearch(ada.page)).toBeHidden();

    await ada.page.reload();
    await expect(names.username(ada.page)).toBeVisible();

    await ada.page.goto(path);
    await expect(names.authForm(ada.page, 'Log in')).toBeVisible();
  });

  test('sends every other tab to log-in as well', async ({ person }) => {
    const ada = await person('ada');
    await ada.signUp();
    const secondTab = await ada.openTab('/');
    await ada.logOut();
    await expect(secondTab).toHaveURL(/\/auth/);
    await expect(names.authForm(secondTab, 'Log in')).toBeVisible();
  });
});
