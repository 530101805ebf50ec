import { type BrowserContext, expect, type Page } from '@playwright/test';
import { Console } from './console';
import * as names from './names';
import { Sockets } from './socket';

/** Somebody with a browser of their own; `page` is their first tab. */
export class Person {
  readonly password = 'correct horse battery';
  readonly console: Console;
  readonly page: Page;
  readonly #sockets: Sockets;

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly origin: string,
    private readonly scripting: boolean,
    watched: { console: Console; sockets: Sockets; page: Page },
  ) {
    this.console = watched.console;
    this.#sockets = watched.sockets;
    this.page = watched.page;
  }

  static async meet(name: string, context: BrowserContext, origin: string, scripting: boolean): Promise<Person> {
    const watched = { console: new Console(context, scripting), sockets: new Sockets(context) };
    const page = await context.newPage();
    return new Person(name, context, origin, scripting, { ...watched, page });
  }

  expectNoProblems(): void {
    expect(this.console.problems, `${this.name}'s console`).toEqual([]);
  }

  // Getting in and out

  /** Fills the form and submits it, whatever comes of it. */
  async submit(mode: names.AuthMode, name: string, password: string): Promise<void> {
    await names.username(this.page).fill(name);
    await names.password(this.page).fill(password);
    await names.submitButton(this.page, mode).click();
  }

  async signUp(): Promise<void> {
    await this.page.goto('/auth?mode=signup');
    await this.submit('Sign up', this.name, this.password);
    await expect(this.page).toHaveURL('/');
    await expect(names.peopleSearch(this.page)).toBeVisible();
    await this.settle();
  }

  /** Uses the log-in form that is on the screen. */
  async logIn(): Promise<void> {
    await this.submit('Log in', this.name, this.password);
  }

  async logOut(): Promise<void> {
    await this.toList();
    await names.accountMenu(this.page).click();
    await names.logOutItem(this.page).click();
    await expect(names.authForm(this.page, 'Log in')).toBeVisible();
  }

  async toSettings(): Promise<void> {
    await this.toList();
    await names.accountMenu(this.page).click();
    await names.settingsItem(this.page).click();
    await expect(this.page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible();
  }

  // Going places

  /** Until the page has taken over from the server's HTML; without scripting it never does. */
  async settle(page: Page = this.page): Promise<void> {
    if (this.scripting) await this.#sockets.live(page);
  }

  async goto(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settle();
  }

  async reload(): Promise<void> {
    await this.page.reload();
    await this.settle();
  }

  /** A second tab of the same browser. */
  async openTab(path: string): Promise<Page> {
    const tab = await this.context.newPage();
    await tab.goto(path);
    await this.settle(tab);
    return tab;
  }

  /** On a phone the list and the conversation take turns. */
  async toList(): Promise<void> {
    if (await names.back(this.page).isVisible()) await names.back(this.page).click();
    await expect(names.peopleSearch(this.page)).toBeVisible();
  }

  /** Opens the conversation from the list; returns its path. */
  async openConversation(contact: string): Promise<string> {
    await this.toList();
    await names.conversationLink(this.page, contact).click();
    await expect(this.page).toHaveURL(/\/c\/[0-9a-f-]{36}$/);
    await expect(names.conversation(this.page, contact)).toBeVisible();
    await expect(names.composer(this.page)).toBeVisible();
    return new URL(this.page.url()).pathname;
  }

  /** Makes a group with these contacts, which is open then; returns its path. Without scripting by the form's own page. */
  async makeGroup(name: string, members: Person[]): Promise<string> {
    if (this.scripting) await names.newGroup(this.page).click();
    else await this.goto('/?new=group');
    const form = names.groupForm(this.page);
    await names.groupName(this.page).fill(name);
    for (const member of members) await form.getByRole('checkbox', { name: member.name }).check();
    await form.getByRole('button', { name: 'Create group', exact: true }).click();
    await expect(names.conversation(this.page, name)).toBeVisible();
    return new URL(this.page.url()).pathname;
  }

  // Finding people

  async find(text: string): Promise<void> {
    await names.peopleSearch(this.page).fill(text);
    if (!this.scripting) await names.searchButton(this.page).click();
  }

  async findAndAdd(name: string): Promise<void> {
    await this.find(name);
    await names.addButton(this.page, name).click();
    await expect(names.personFound(this.page, name)).toContainText('Requested');
    await expect(names.addButton(this.page, name)).toBeHidden();
    if (this.scripting) await names.peopleSearch(this.page).fill('');
  }

  async accept(name: string): Promise<void> {
    await names.incomingRequest(this.page, name).getByRole('button', { name: `Accept ${name}` }).click();
    await expect(names.acceptButton(this.page, name)).toBeHidden();
    await expect(names.conversationLink(this.page, name)).toBeVisible();
  }

  // Talking

  async send(text: string): Promise<void> {
    await names.composer(this.page).fill(text);
    await names.sendButton(this.page).click();
    await expect(names.message(this.page, text)).toBeVisible();
  }

  async expectMessage(text: string | RegExp, page: Page = this.page): Promise<void> {
    await expect(names.message(page, text)).toBeVisible();
  }

  /** Opens a message's options, and chooses one. */
  async choose(text: string, option: string): Promise<void> {
    // Under fingers there is no hovering: the focus, too, shows the button.
    await names.saying(this.page, text).focus();
    await names.messageOptions(this.page, text).click();
    await names.menuItem(this.page, option).click();
  }

  /** Opens the menu of a conversation in the list, and chooses one of its items after the other. */
  async keep(name: string, ...options: (string | RegExp)[]): Promise<void> {
    await names.conversationLink(this.page, name).click({ button: 'right' });
    for (const option of options) await this.page.getByRole('menuitem', { name: option }).click();
  }

  /** The state that the accessible description of one's own message gives. */
  async expectState(text: string, state: 'sending' | 'sent' | 'read' | 'delivered'): Promise<void> {
    // Whoever reads at once may make it "read" before anybody sees "sent".
    const pattern = state === 'delivered' ? /\b(?<!not )(sent|read)\b/i : new RegExp(`\\b(?<!not )${state}\\b`, 'i');
    await expect(names.message(this.page, text)).toHaveAccessibleDescription(pattern);
  }
}
