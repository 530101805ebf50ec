//! How people come into a group: who is asked, links, and why somebody is not let in.

use model::words::within_sentence;

/// Somebody is in a group from the beginning who is no contact.
pub const CONTACTS_ONLY: &str =
    "A new group begins with contacts of yours. Others can be invited once it is there.";
/// Somebody is to be added whom nobody knows.
pub const NO_SUCH_USER: &str = "Nobody here has this name. Check how it is written.";
/// An invitation into a group is to be taken back that is not there.
pub const NOT_INVITED: &str = "This person is not, or no longer, invited.";
/// After one was.
pub const UNINVITED: &str = "The invitation was taken back.";
/// One's own is no longer there.
pub const INVITATION_GONE: &str =
    "This invitation is no longer there. It was taken back, or the group or whoever sent it is gone.";
/// Who is asked into a group.
pub const INVITED: &str = "Invited";
/// The field that finds somebody who is no contact.
pub const FIND_OTHERS: &str = "Find others by username";
/// Nobody is found.
pub const NOBODY_OF_THIS_NAME: &str = "Nobody has this name";
/// What becomes of those.
pub const OTHERS_ARE_ASKED: &str = "Your contacts are in at once. Others are asked first.";

/// Which member asks somebody in.
pub fn invited_by(name: &str) -> String {
    format!("Invited by {name}")
}

/// Takes that back.
pub fn uninvite(name: &str) -> String {
    format!("Take back invitation to {name}")
}

/// Somebody writes to, or adds, whom they block.
pub const BLOCKED_BY_YOU: &str = "You have blocked this person. Unblock them first.";
/// Somebody writes to whoever blocks them.
pub const NOT_TAKEN: &str = "This person does not take messages here at the moment.";

/// More links into a group than there may be.
pub const TOO_MANY_LINKS: &str = "This group has 10 links, as many as it can have. Revoke one first.";
/// A link into a group was taken back.
pub const LINK_REVOKED: &str = "The link was revoked. Nobody can join with it any more.";
/// A link leads nowhere, for whatever reason.
pub const LINK_GONE: &str =
    "This link is not, or no longer, good: it has been used, has ended or was revoked. Ask for a new one.";
/// The page that says so.
pub const LINK_GONE_TITLE: &str = "This link leads nowhere";
/// Leads from there to the conversations.
pub const TO_THE_CHAT: &str = "To your conversations";
/// What the window of a link's page is called.
pub const JOIN_TITLE: &str = "Join a group · Sotto";
/// Joins the group that a link leads into.
pub const JOIN: &str = "Join";
/// Leads there, for whoever is in it.
pub const OPEN_GROUP: &str = "Open the group";
/// Joins it not.
pub const NOT_NOW: &str = "Not now";

/// Members who are not named.
pub fn and_others(count: usize) -> String {
    match count {
        1 => "and one more".to_owned(),
        _ => format!("and {count} more"),
    }
}

/// Makes a link into the group.
pub const INVITE_LINK: &str = "Invite link";
/// Who may use one.
pub const LINK_HELP: &str = "Whoever has the link can join, until it has ended or was used so many times.";
/// For how long it is good.
pub const GOOD_FOR: &str = "Good for";
/// The choices, each in seconds.
pub const LINK_TIMES: [(&str, &str); 3] = [("86400", "a day"), ("604800", "a week"), ("2592000", "30 days")];
/// How many it lets in.
pub const FOR_SO_MANY: &str = "For how many people";
/// The choices.
pub const LINK_NUMBERS: [(&str, &str); 3] = [("1", "one person"), ("10", "10 people"), ("100", "100 people")];
/// Makes it.
pub const MAKE_LINK: &str = "Make a link";
/// Those that there are.
pub const LINKS: &str = "Invite links";
/// Takes one along.
pub const COPY_INVITE: &str = "Copy";
/// It is in the clipboard.
pub const INVITE_COPIED: &str = "The link is copied.";
/// Takes one back.
pub const REVOKE: &str = "Revoke";

/// How many have come by a link, and until when it is good.
pub fn link_state(used: u32, uses: u32, day: &str, clock: &str) -> String {
    format!("{used} of {uses} joined · until {} at {clock}", within_sentence(day))
}
