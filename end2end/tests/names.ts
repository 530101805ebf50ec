import type { Locator, Page } from '@playwright/test';

// Where things are, by the accessible names that the page promises. The only place that knows them.

/** "ada", "ada, online", "ada, 3 unread", but not "adam". */
const beginningWith = (name: string) => new RegExp(`^${name}\\b`);

// Logging in and out

export type AuthMode = 'Log in' | 'Sign up';

export const authForm = (page: Page, mode: AuthMode) => page.getByRole('form', { name: mode, exact: true });
export const submitButton = (page: Page, mode: AuthMode) =>
  authForm(page, mode).getByRole('button', { name: mode, exact: true });

/** The tab or link that switches to the other form; the button inside a form has the same name. */
export const modeSwitch = (page: Page, mode: AuthMode) =>
  page.getByRole('link', { name: mode, exact: true }).or(page.getByRole('tab', { name: mode, exact: true }));

export const username = (page: Page) => page.getByRole('textbox', { name: 'Username', exact: true });
export const password = (page: Page) => page.getByRole('textbox', { name: 'Password', exact: true });

/** A button with scripting, a disclosure without. */
export const accountMenu = (page: Page) =>
  page
    .getByRole('button', { name: 'Account', exact: true })
    .or(page.locator('summary').and(page.getByLabel('Account', { exact: true })))
    .or(page.locator('summary').filter({ hasText: /^\s*Account\s*$/ }))
    .first();

export const logOutItem = (page: Page) =>
  page
    .getByRole('menuitem', { name: 'Log out', exact: true })
    .or(page.getByRole('button', { name: 'Log out', exact: true }));

export const turnOnNotifications = (page: Page) =>
  page.getByRole('menuitem', { name: 'Turn on notifications', exact: true });
export const turnOffNotifications = (page: Page) =>
  page.getByRole('menuitem', { name: 'Turn off notifications', exact: true });

// Settings

export const settingsItem = (page: Page) => page.getByRole('menuitem', { name: 'Settings', exact: true });
export const displayName = (page: Page) => page.getByRole('textbox', { name: 'Display name', exact: true });
export const saveName = (page: Page) => page.getByRole('button', { name: 'Save name', exact: true });
export const currentPassword = (page: Page) => page.getByRole('textbox', { name: 'Current password', exact: true });
export const newPassword = (page: Page) => page.getByRole('textbox', { name: 'New password', exact: true });
export const changePassword = (page: Page) => page.getByRole('button', { name: 'Change password', exact: true });
export const deleteAccount = (page: Page) => page.getByRole('button', { name: 'Delete my account', exact: true });

// People

export const peopleSearch = (page: Page) => page.getByRole('searchbox', { name: 'Find people' });
/** Without scripting only. */
export const searchButton = (page: Page) => page.getByRole('button', { name: 'Search', exact: true });
export const peopleFound = (page: Page) => page.getByRole('listbox', { name: 'People found' });
export const personFound = (page: Page, name: string) =>
  peopleFound(page).getByRole('option').filter({ hasText: name });
export const addButton = (page: Page, name: string) =>
  personFound(page, name).getByRole('button', { name: `Add ${name}`, exact: true });

export const friendRequests = (page: Page) => page.getByRole('region', { name: 'Friend requests' });
export const incomingRequest = (page: Page, name: string) =>
  friendRequests(page).getByRole('listitem').filter({ has: acceptButton(page, name) });
export const acceptButton = (page: Page, name: string) =>
  page.getByRole('button', { name: `Accept ${name}`, exact: true });
export const rejectButton = (page: Page, name: string) =>
  page.getByRole('button', { name: `Reject ${name}`, exact: true });
export const cancelButton = (page: Page, name: string) =>
  page.getByRole('button', { name: `Cancel request to ${name}`, exact: true });

export const groupInvitations = (page: Page) => page.getByRole('region', { name: 'Group invitations' });

// Conversations

export const details = (page: Page) => page.getByRole('complementary', { name: 'Group details' });

export const conversations = (page: Page) => page.getByRole('navigation', { name: 'Conversations' });
export const conversationLink = (page: Page, name: string) =>
  conversations(page).getByRole('link', { name: beginningWith(name) });

/** The menu of a conversation in the list, without its conversation being open. */
export const rowOptions = (page: Page, name: string) =>
  conversations(page).getByRole('button', { name: `Options for ${name}`, exact: true });
export const archive = (page: Page) => conversations(page).getByRole('link', { name: /^Archived, \d+$/ });
export const fromArchive = (page: Page) => conversations(page).getByRole('link', { name: 'All conversations', exact: true });

/** Below 768 px only. */
export const back = (page: Page) =>
  page.getByRole('link', { name: 'Back', exact: true }).or(page.getByRole('button', { name: 'Back', exact: true }));

export const conversation = (page: Page, name: string) =>
  page
    .getByRole('region', { name: beginningWith(name) })
    .or(page.getByRole('main', { name: beginningWith(name) }))
    .first();
export const messages = (page: Page) => page.getByRole('log', { name: 'Messages' });
export const newMessagesButton = (page: Page) => page.getByRole('button', { name: 'New messages', exact: true });
export const olderMessages = (page: Page) => page.getByRole('link', { name: 'Older messages' });
export const message = (page: Page, text: string | RegExp): Locator =>
  messages(page).getByRole('article').filter({ hasText: text });
/** The message with these words of its own, whatever it quotes. */
export const saying = (page: Page, text: string): Locator =>
  messages(page).getByRole('article').filter({ has: page.locator('.body', { hasText: text }) });
export const messageOptions = (page: Page, text: string) =>
  saying(page, text).getByRole('button', { name: 'Message options', exact: true });
export const menuItem = (page: Page, name: string) => page.getByRole('menuitem', { name, exact: true });
export const reaction = (page: Page, text: string, name: string | RegExp) =>
  saying(page, text).getByRole('group', { name: 'Reactions', exact: true }).getByRole('button', { name });
/** The line above a conversation that says what is pinned; of any text where none is given. */
export const pinnedLine = (page: Page, text: string) => page.getByRole('link', { name: `Pinned: ${text}`, exact: text !== '' });
export const pinsButton = (page: Page, count: number) =>
  page.getByRole('button', { name: `Pinned messages, ${count}`, exact: true });
export const pins = (page: Page) => page.getByRole('region', { name: 'Pinned messages', exact: true });
/** What a conversation holds besides words. */
export const mediaPanel = (page: Page) => page.getByRole('region', { name: 'Media, files and links', exact: true });
export const mediaKind = (page: Page, name: 'Media' | 'Files' | 'Links') =>
  mediaPanel(page).getByRole('link', { name, exact: true });
export const about = (page: Page, text: string | RegExp) => page.getByRole('status').filter({ hasText: text });
export const conversationOptions = (page: Page) =>
  page.getByRole('button', { name: 'Conversation options', exact: true });
export const removeContactButton = (page: Page) => page.getByRole('button', { name: 'Remove contact', exact: true });
export const removeDialog = (page: Page) => page.getByRole('alertdialog');
export const confirmRemoval = (page: Page) => removeDialog(page).getByRole('button', { name: 'Remove', exact: true });
export const cancelRemoval = (page: Page) => removeDialog(page).getByRole('button', { name: 'Cancel', exact: true });
export const composer = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true });
export const attachFiles = (page: Page) => page.getByRole('button', { name: 'Attach files', exact: true });
/** What is chosen for the next message. */
export const attachments = (page: Page) => page.getByRole('list', { name: 'Attachments', exact: true });
/** Several pictures that stand together in a message. */
export const album = (page: Page, count: number) => messages(page).getByRole('group', { name: `${count} pictures`, exact: true });
/** What a picture is seen large in. */
export const viewer = (page: Page) => page.getByRole('dialog', { name: 'Viewer', exact: true });
export const inViewer = (page: Page, name: string) => viewer(page).getByRole('button', { name, exact: true });
/** A picture in a message, which opens. */
export const picture = (page: Page, name: string) => messages(page).getByRole('link', { name, exact: true });
export const sendButton = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });

export const typing = (page: Page, name: string) => messages(page).getByRole('img', { name: `${name} is typing` });

export const readBy = (page: Page, text: string) => messages(page).locator('.read-by').filter({ hasText: text });
export const firstUnread = (page: Page) => page.getByRole('link', { name: 'Jump to first unread', exact: true });
export const toTheEnd = (page: Page) => page.getByRole('button', { name: 'Go to the newest message', exact: true });

// Ways through the page

export const palette = (page: Page) => page.getByRole('dialog', { name: 'Go to', exact: true });
export const paletteField = (page: Page) => palette(page).getByRole('combobox', { name: 'Go to', exact: true });
export const place = (page: Page, name: string | RegExp) => palette(page).getByRole('option', { name });
export const shortcuts = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts', exact: true });
export const jumpToDate = (page: Page) => page.getByRole('dialog', { name: 'Jump to date', exact: true });

export const reconnecting = (page: Page) => page.getByRole('status').filter({ hasText: 'Reconnecting' });
export const newGroup = (page: Page) => page.getByRole('link', { name: 'New group', exact: true });
export const groupForm = (page: Page) => page.getByRole('form', { name: 'New group', exact: true });
export const groupName = (page: Page) => page.getByRole('textbox', { name: 'Group name', exact: true });
