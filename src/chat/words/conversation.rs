//! An open conversation: its head, its history, and where there is none.

use model::{content::System, group::Role, id::UserId, state::ChatState};

use super::somebody;

/// Leads from a conversation to the list.
pub const BACK: &str = "Back";
/// How many belong to a group.
pub fn members(count: usize) -> String {
    match count {
        1 => "1 member".to_owned(),
        _ => format!("{count} members"),
    }
}

/// Who writes, whoever began first is named first.
pub fn writing(state: &ChatState, writers: &[UserId]) -> String {
    let name = |user: &UserId| somebody(state, *user);
    match writers {
        [] => String::new(),
        [one] => format!("{} is typing", name(one)),
        [one, other] => format!("{} and {} are typing", name(one), name(other)),
        [one, other, third] => format!("{}, {} and {} are typing", name(one), name(other), name(third)),
        [one, other, others @ ..] => {
            format!("{}, {} and {} others are typing", name(one), name(other), others.len())
        }
    }
}

/// The history of the open conversation.
pub const MESSAGES: &str = "Messages";
/// Leads to where begins what was not read, above all that is shown.
pub const FIRST_UNREAD: &str = "Jump to first unread";
/// Leads to an older part of it.
pub const OLDER: &str = "Older messages";
/// Leads on from an older part to a newer one.
pub const NEWER: &str = "Newer messages";
/// Leads back to the end from there.
pub const NEWEST: &str = "Newest messages";
/// Leads from further up to the newest message.
pub const TO_THE_END: &str = "Go to the newest message";
/// The same where something has come meanwhile, and what stands above it.
pub const NEW_MESSAGES: &str = "New messages";
/// In a conversation in which nothing was said.
pub const NOTHING_SAID: &str = "No messages yet";
/// In a conversation in which nothing was said.
pub const FIRST: &str =
    "Say the first word. It is for the two of you; whoever runs this server could read it.";
/// A conversation that was open and was removed: what is the case, and why.
pub const GONE: (&str, &str) = (
    "This conversation is gone",
    "You are no longer contacts, so what you wrote to each other was erased for both of you.",
);
/// A group that one has left, or was taken out of, or that was deleted.
pub const GROUP_GONE: (&str, &str) = (
    "This group is gone",
    "You left it or were taken out, or it was deleted. Choose another conversation from the list.",
);
/// An address that leads to no conversation: what is the case, and what to do.
pub const MISSING: (&str, &str) = (
    "There is no such conversation",
    "It may have been removed, or the address is not for you. Choose one from the list.",
);
/// The place of a conversation that is not there.
pub const NO_SUCH: &str = "No such conversation";

/// What a group's history notes, with names.
pub fn noted(state: &ChatState, actor: UserId, what: &System) -> String {
    let me = state.me.id;
    let named = |user: UserId| if user == me { "you".to_owned() } else { somebody(state, user) };
    let who = if actor == me { "You".to_owned() } else { somebody(state, actor) };
    let (does, whom, rest) = match what {
        System::Created => (" made this group", None, ""),
        System::Joined(new) if *new == actor => (" joined", None, ""),
        System::Joined(new) => (" added ", Some(new), ""),
        System::Left(gone) if *gone == actor => (" left", None, ""),
        System::Left(gone) => (" removed ", Some(gone), ""),
        System::Renamed(name) => return [&who, " called this group \u{201c}", name, "\u{201d}"].concat(),
        System::Role(of, Role::Owner) => (" handed this group over to ", Some(of), ""),
        System::Role(of, Role::Admin) => (" made ", Some(of), " an admin"),
        System::Role(of, Role::Member) => (" made ", Some(of), " a member again"),
        System::Settings => (" changed the settings of this group", None, ""),
    };
    let whom = whom.map(|whom| named(*whom)).unwrap_or_default();
    [&who, does, &whom, rest].concat()
}
