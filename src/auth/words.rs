//! What the pages for coming in say to people.

/// In large letters.
pub const CLAIM: &str = "Speak freely, among yourselves.";
/// Below.
pub const WHAT_IT_IS: &str = "Private chat on a server of your own, where every message arrives.";
/// And at the end.
pub const REASONS: [&str; 3] = [
    "One program, one folder of data",
    "Quick on any connection, and offline too",
    "Your words stay on your server",
];

/// Where one chooses between the two forms.
pub const TABS: &str = "Account";
/// The first field,
pub const USERNAME: &str = "Username";
/// and the second one.
pub const PASSWORD: &str = "Password";
/// After an account was deleted.
pub const DELETED: &str = "Your account was deleted.";

/// The field for what somebody was sent.
pub const INVITATION: &str = "Invitation";
/// Below it.
pub const INVITATION_HELP: &str = "The link that you were sent, or the code at its end.";
/// Where nobody comes in without one.
pub const INVITATION_NEEDED: &str =
    "This server is by invitation. Somebody who is here, or whoever runs it, can send you a link.";
/// After the name of whoever invites.
pub const INVITES: &str = " invites you.";
/// Where that is whoever runs the server.
pub const INVITED: &str = "You are invited.";
/// What it takes.
pub const ALL_YOU_NEED: &str = "All you need is a username and a password.";
/// Where nobody comes in.
pub const CLOSED: &str = "This server takes no new accounts. Whoever runs it can make one for you.";

/// The words of one of the two forms.
pub struct Form {
    /// As the form posts it.
    pub mode: &'static str,
    /// What the window is called.
    pub window: &'static str,
    /// What it does.
    pub name: &'static str,
    /// Above it.
    pub title: &'static str,
    /// What somebody needs to know first.
    pub lead: &'static str,
    /// What a browser may fill in.
    pub password: &'static str,
    /// Below the username.
    pub name_help: Option<&'static str>,
    /// Below the password.
    pub password_help: &'static str,
}

/// For those who have an account.
pub const LOG_IN: Form = Form {
    mode: "login",
    window: "Log in · Sotto",
    name: "Log in",
    title: "Welcome back",
    lead: "Log in to continue your conversations.",
    password: "current-password",
    name_help: None,
    password_help: "Forgotten it? Whoever runs this server can set a new one for you.",
};
/// For those who make one.
pub const SIGN_UP: Form = Form {
    mode: "signup",
    window: "Sign up · Sotto",
    name: "Sign up",
    title: "Create your account",
    lead: ALL_YOU_NEED,
    password: "new-password",
    name_help: Some("3 to 20 letters, digits, dots, hyphens or underscores. Others find you by it."),
    password_help: "At least 8 characters. Keep it safe: there is no e-mail to reset it with, only whoever runs this server can.",
};
