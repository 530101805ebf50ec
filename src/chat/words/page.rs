//! Around the conversations: the connection, the account, where nothing is open.

/// Where the page can be entered past the lists.
pub const SKIP: &str = "Skip to the conversation";
/// There is no connection.
pub const RECONNECTING: &str = "Reconnecting… What you write is kept.";
/// No socket gets through.
pub const POLLING: &str = "This network blocks live updates. Messages arrive within seconds.";
/// The menu of one's own account.
pub const ACCOUNT: &str = "Account";
/// Leads to the settings.
pub const SETTINGS: &str = "Settings";
/// Ends the session.
pub const LOG_OUT: &str = "Log out";
/// Turns notifications on.
pub const NOTIFY: &str = "Turn on notifications";
/// Turns them off.
pub const DO_NOT_NOTIFY: &str = "Turn off notifications";
/// After they were turned on.
pub const NOTIFYING: &str = "You will be told of messages while Sotto is not on the screen.";
/// The browser refuses them.
pub const NOTICES_BLOCKED: &str = "Your browser does not let this site notify you. Allow it in the browser's settings for this site, then try again.";
/// Where no conversation is open, in place of one: what it is for, and what to do.
pub const CHOOSE: (&str, &str) =
    ("Your conversations", "Choose one from the list, or find somebody by name and add them.");
/// The place of a conversation while none is open.
pub const NOTHING_OPEN: &str = "No conversation open";
/// The chat could not be loaded.
pub const NOT_LOADED: &str = "The chat could not be loaded";
/// Makes it not.
pub const CANCEL: &str = "Cancel";
/// Closes it.
pub const CLOSE: &str = "Close";
/// Keeps it.
pub const SAVE: &str = "Save";
