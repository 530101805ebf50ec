//! What the settings say to people.

use model::user::Username;

/// A panel: what somebody looks like.
pub const PROFILE: &str = "Profile";
/// What somebody is called.
pub const DISPLAY_NAME: &str = "Display name";
/// Below it.
pub const DISPLAY_NAME_HELP: &str = "What others see, up to 40 characters. Leave it empty to go by your username, which they always see as well.";
/// Saves it.
pub const SAVE_NAME: &str = "Save name";
/// A panel: light or dark.
pub const THEME: &str = "Theme";
/// As the device says,
pub const SYSTEM: &str = "System";
/// or light,
pub const LIGHT: &str = "Light";
/// or dark.
pub const DARK: &str = "Dark";
/// Below them.
pub const THEME_HELP: &str = "For this browser. System follows the setting of your device.";
/// Saves it, where no script does.
pub const SAVE_THEME: &str = "Save theme";
/// The password is stored, but this device's session could not be.
pub const CHANGED_AND_OUT: &str = "Your password was changed, but this device could not stay signed in. Log in with the new one in a moment.";
/// A panel: another password.
pub const PASSWORD: &str = "Password";
/// The one there is,
pub const CURRENT_PASSWORD: &str = "Current password";
/// and the one to be.
pub const NEW_PASSWORD: &str = "New password";
/// Below it.
pub const NEW_PASSWORD_HELP: &str =
    "At least 8 characters. You will be logged out on all your other devices.";
/// Changes it.
pub const CHANGE_PASSWORD: &str = "Change password";
/// A panel, and the list in it: where somebody is logged in.
pub const DEVICES: &str = "Devices";
/// Above the list.
pub const DEVICES_HELP: &str = "Devices that are logged in to your account.";
/// Ends all but this one.
pub const LOG_OUT_ELSEWHERE: &str = "Log out everywhere else";
/// The one that the page is looked at on.
pub const THIS_DEVICE: &str = "This device";
/// Ends one.
pub const LOG_OUT: &str = "Log out";
/// A panel: what somebody can take along.
pub const DATA: &str = "Your data";
/// What that is.
pub const DATA_HELP: &str =
    "Your account, contacts, requests, and every message that you wrote, as one JSON file.";
/// Takes it along.
pub const DOWNLOAD: &str = "Download my data";
/// A panel: leaving.
pub const DELETION: &str = "Delete your account";
/// What that means.
pub const DELETION_HELP: &str = "This deletes your account and all your conversations, for everyone in them.";
/// Leaves, at first by asking.
pub const DELETE: &str = "Delete my account";
/// What is asked.
pub const DELETE_FOR_EVER: &str = "Delete my account for ever";
/// Above what is lost.
pub const VANISHES: &str = "This cannot be undone. These vanish at once:";
/// Shows that it is them.
pub const YOUR_PASSWORD: &str = "Your password";
/// Does not leave.
pub const KEEP: &str = "Keep my account";
/// A panel, and the list in it: whom somebody lets in.
pub const INVITATIONS: &str = "Invitations";
/// Above the list.
pub const INVITATIONS_HELP: &str = "Whoever has one of your links can make an account here.";
/// Makes one more.
pub const MAKE_INVITATION: &str = "Make an invitation";
/// For how long.
pub const GOOD_FOR: &str = "Good for";
/// What is sent to somebody.
pub const INVITATION_LINK: &str = "Invitation link";
/// Copies it.
pub const COPY: &str = "Copy";
/// Ends it.
pub const TAKE_BACK: &str = "Take back";
/// Above the page.
pub const SETTINGS: &str = "Settings";
/// Leads back.
pub const BACK: &str = "Back to your conversations";
/// Instead of the page.
pub const FAILED: &str = "Your settings could not be loaded";
/// Asks for it again.
pub const TRY_AGAIN: &str = "Try again";
/// Before a time.
pub const LAST_USED: &str = "last used";
/// Before a time.
pub const LOGGED_IN: &str = "logged in";
/// For how many people.
pub const FOR: &str = "For";

/// What is lost.
pub const WHAT_VANISHES: [&str; 3] = [
    "your account and your name, which anybody may then take;",
    "you, from the contacts of everyone who has you there, and every request between you and others;",
    "every conversation that you are in, with all messages in it, for you and for whom you had it with.",
];

/// The name that somebody always has.
pub fn your_username(username: &Username) -> String {
    format!("Your username: {username}")
}

/// Ends one of several devices.
pub fn log_out_of(device: &str) -> String {
    format!("Log out {device}")
}

/// What is left of an invitation; `end` is a moment in words.
pub fn good_until(uses: u32, used: u32, end: &str) -> String {
    match uses {
        1 => format!("For one person, good until {end}"),
        _ => format!("Used by {used} of {uses} people, good until {end}"),
    }
}
/// Before an account is deleted: what to do first, around the link that does it.
pub const TAKE_ALONG: (&str, &str, &str) = ("You may want to ", "download your data", " first.");

/// Whom somebody blocks.
pub const BLOCKED: &str = "Blocked people";
/// What that means.
pub const BLOCKED_HELP: &str =
    "Nothing that they send reaches you, and they do not see whether you are online. They are not told.";
/// Nobody is.
pub const NOBODY_BLOCKED: &str =
    "You block nobody. You can in somebody's card, or in your conversation with them.";
/// Ends it.
pub const UNBLOCK: &str = "Unblock";

/// Whom that is about.
pub fn unblock(name: &str) -> String {
    format!("Unblock {name}")
}
