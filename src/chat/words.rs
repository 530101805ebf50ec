//! What the chat says to people.

use model::{
    content::{Content, System},
    group::{Act, Role},
    id::UserId,
    message::Reaction,
    state::ChatState,
};

/// In a conversation in which nothing was said.
pub const FIRST: &str =
    "Say the first word. It is for the two of you; whoever runs this server could read it.";

/// Before one's own words in the list of conversations.
pub const YOU: &str = "You: ";
/// Before words that were typed and not sent.
pub const DRAFT: &str = "Draft: ";
/// Instead of the last words while somebody writes.
pub const TYPING: &str = "typing…";
/// In a conversation in which nothing was said, in the list.
pub const SAY_HELLO: &str = "Say hello";
/// Where the page can be entered past the lists.
pub const SKIP: &str = "Skip to the conversation";
/// Leads from further up to the newest message.
pub const TO_THE_END: &str = "Go to the newest message";
/// The same where something has come meanwhile, and what stands above it.
pub const NEW_MESSAGES: &str = "New messages";

/// How many characters a message has room for, once that is worth a word.
pub fn room(characters: usize, most: usize) -> Option<String> {
    match most.checked_sub(characters) {
        Some(left) if left < 200 => Some(format!("{left} characters left")),
        Some(_) => None,
        None => Some(format!("{} characters too many; send it in parts", characters - most)),
    }
}

/// Who writes.
pub fn writes(name: &str) -> String {
    format!("{name} is typing")
}

/// What somebody is called who may be gone.
pub fn somebody(state: &ChatState, user: UserId) -> String {
    state.name_of(user).unwrap_or("Deleted account").to_owned()
}

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

/// The last words of a group in the list.
pub fn said(who: &str, what: &str) -> String {
    format!("{who}: {what}")
}

/// How many belong to a group.
pub fn members(count: usize) -> String {
    match count {
        1 => "1 member".to_owned(),
        _ => format!("{count} members"),
    }
}

/// Where the composer would be for whoever may not write.
pub const READ_ONLY: &str = "Only admins write in this group.";
/// A group that one has left, or was taken out of, or that was deleted.
pub const GROUP_GONE: (&str, &str) = (
    "This group is gone",
    "You left it or were taken out, or it was deleted. Choose another conversation from the list.",
);

/// What stands in the place of words where a message has none.
pub fn without(content: &Content) -> &'static str {
    match content {
        Content::Text { .. } | Content::System(_) | Content::Hidden => "",
        Content::Deleted { .. } => "Message deleted",
        Content::Unknown => "Sent by a newer version of Sotto. Reload the page to see it.",
    }
}

/// There is no connection.
pub const RECONNECTING: &str = "Reconnecting… What you write is kept.";
/// No socket gets through.
pub const POLLING: &str = "This network blocks live updates. Messages arrive within seconds.";

/// The composer's field.
pub const MESSAGE: &str = "Message";
/// Its button.
pub const SEND: &str = "Send";
/// The history of the open conversation.
pub const MESSAGES: &str = "Messages";
/// Leads to an older part of it.
pub const OLDER: &str = "Older messages";
/// Leads back from there.
pub const NEWEST: &str = "Newest messages";
/// In a conversation in which nothing was said.
pub const NOTHING_SAID: &str = "No messages yet";
/// Leads from a conversation to the list.
pub const BACK: &str = "Back";
/// Beside a name whose owner is connected.
pub const ONLINE: &str = "online";

/// Beside the name of somebody who is not connected: since which day and time.
pub fn last_seen(day: &str, clock: &str) -> String {
    format!("last seen {} at {clock}", day.to_lowercase())
}

/// A conversation that was open and was removed: what is the case, and why.
pub const GONE: (&str, &str) = (
    "This conversation is gone",
    "You are no longer contacts, so what you wrote to each other was erased for both of you.",
);
/// An address that leads to no conversation: what is the case, and what to do.
pub const MISSING: (&str, &str) = (
    "There is no such conversation",
    "It may have been removed, or the address is not for you. Choose one from the list.",
);
/// The place of a conversation that is not there.
pub const NO_SUCH: &str = "No such conversation";
/// The list of conversations.
pub const CONVERSATIONS: &str = "Conversations";
/// The list while it is empty: what is the case, and what to do.
pub const NOBODY_YET: (&str, &str) = (
    "No conversations yet",
    "Find people by name above and send them a request. Once they accept, you can talk here.",
);
/// Where no conversation is open, in place of one: what it is for, and what to do.
pub const CHOOSE: (&str, &str) =
    ("Your conversations", "Choose one from the list, or find somebody by name and add them.");
/// The place of a conversation while none is open.
pub const NOTHING_OPEN: &str = "No conversation open";
/// The chat could not be loaded.
pub const NOT_LOADED: &str = "The chat could not be loaded";

/// A message on its way.
pub const SENDING: &str = "Sending…";
/// Behind the time of a message that is stored.
pub const SENT: &str = " · Sent";
/// Behind the time of one that the other has read.
pub const READ: &str = " · Read";
/// Sends a refused message again.
pub const RETRY: &str = "Retry";
/// Gives it up.
pub const DELETE: &str = "Delete";

/// Why a message was refused.
pub fn not_sent(why: &str) -> String {
    format!("Not sent. {why}")
}

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

/// A group of nobody else is refused.
pub const NOBODY_CHOSEN: &str = "Choose at least one person for the group.";
/// No setting is posted.
pub const NOTHING_SET: &str = "Say which setting of the group is to be another.";
/// Somebody is let in who is no contact.
pub const CONTACTS_ONLY: &str = "Only your contacts can be added to a group.";
/// Somebody is meant who is not in the group.
pub const NO_MEMBER: &str = "This person is not in the group.";
/// The owner is to be something else.
pub const HAND_OVER_FIRST: &str = "Hand the group over to somebody else first.";
/// After one has left a group.
pub const LEFT: &str = "You have left the group.";
/// After a group was erased.
pub const DELETED: &str = "The group was deleted for everybody.";

/// More members than a group may have.
pub fn too_many_members(most: usize) -> String {
    format!("A group has at most {most} members.")
}

/// Why somebody may not do this in a group.
pub fn may_not(act: Act) -> &'static str {
    match act {
        Act::Write => "Only admins write in this group.",
        Act::Add => "Only admins add people to this group.",
        Act::Pin => "Only admins pin messages in this group.",
        Act::Remove(Role::Owner) => "Nobody can take the owner out of a group.",
        Act::Remove(Role::Admin) => "Only the owner can take an admin out of a group.",
        Act::Remove(Role::Member) => "Only admins can take somebody out of a group.",
        Act::Rename => "Only admins rename a group.",
        Act::Set => "Only admins change a group's settings.",
        Act::Appoint => "Only the owner of a group says who is an admin.",
        Act::HandOver => "Only the owner of a group can hand it over.",
        Act::Erase => "Only the owner can delete a group.",
    }
}

/// Opens the dialog that makes a group, and what it is called.
pub const NEW_GROUP: &str = "New group";
/// The field for its name.
pub const GROUP_NAME: &str = "Group name";
/// Makes it.
pub const CREATE_GROUP: &str = "Create group";
/// Makes it not.
pub const CANCEL: &str = "Cancel";
/// Where nobody can be chosen.
pub const NOBODY_TO_ADD: &str = "You have no contacts who could be added. Find people by name first.";
/// A group's panel, and what opens it.
pub const GROUP_DETAILS: &str = "Group details";
/// Closes it.
pub const CLOSE: &str = "Close";
/// Its list.
pub const MEMBERS: &str = "Members";
/// Lets people in.
pub const ADD_PEOPLE: &str = "Add people";
/// Lets those chosen in.
pub const ADD: &str = "Add";
/// Gives the group another name.
pub const RENAME_GROUP: &str = "Rename group";
/// Keeps it.
pub const SAVE: &str = "Save";
/// Asks whether to leave.
pub const LEAVE_GROUP: &str = "Leave group";
/// What leaving does.
pub const LEAVING: &str = "You will see nothing more of this group. Somebody in it can add you again.";
/// Leaves.
pub const LEAVE: &str = "Leave";
/// Asks whether to delete it.
pub const DELETE_GROUP: &str = "Delete group";
/// What that does.
pub const DELETING: &str =
    "The group and everything that was written in it is erased for everybody. This cannot be undone.";
/// Makes a member an admin.
pub const MAKE_ADMIN: &str = "Make admin";
/// Makes an admin a member.
pub const DISMISS_ADMIN: &str = "Make member";
/// Takes a member out.
pub const REMOVE_MEMBER: &str = "Remove from group";
/// Gives a member the group.
pub const HAND_OVER: &str = "Make owner";
/// Asks a member to become a contact.
pub const ADD_AS_CONTACT: &str = "Add as contact";
/// After that.
pub const ASKED: &str = "Your request is sent.";
/// The field that finds a member.
pub const FIND_MEMBER: &str = "Find member";
/// Says who may do what.
pub const GROUP_SETTINGS: &str = "Group settings";
/// A setting.
pub const WHO_WRITES: &str = "Who writes";
/// A setting.
pub const WHO_ADDS: &str = "Who adds people";
/// A setting.
pub const WHO_PINS: &str = "Who pins messages";
/// A setting.
pub const NEWCOMERS_SEE: &str = "What newcomers see";
/// Of the first three.
pub const EVERYONE: &str = "Everyone";
/// Of the first three.
pub const ADMINS: &str = "Admins";
/// Of the last one.
pub const WHAT_FOLLOWS: &str = "What is written after they joined";
/// Of the last one.
pub const EVERYTHING: &str = "Everything";

/// What can be done about a member.
pub fn options_for(name: &str) -> String {
    format!("Options for {name}")
}

/// What a member is, below their name.
pub fn role(role: Role, is_me: bool) -> &'static str {
    match (role, is_me) {
        (Role::Owner, false) => "Owner",
        (Role::Owner, true) => "Owner, you",
        (Role::Admin, false) => "Admin",
        (Role::Admin, true) => "Admin, you",
        (Role::Member, false) => "Member",
        (Role::Member, true) => "Member, you",
    }
}

/// Opens what can be done with a message, and what it is called.
pub const MESSAGE_OPTIONS: &str = "Message options";
/// Behind the text of a message that has other words by now.
pub const EDITED: &str = "edited";
/// How people reacted.
pub const REACTIONS: &str = "Reactions";
/// Opens the emojis.
pub const ADD_REACTION: &str = "Add reaction";
/// In place of an answered message that has not come yet.
pub const QUOTE_COMING: &str = "An earlier message";
/// In place of an answered message that is not there.
pub const QUOTE_GONE: &str = "A message that you cannot see";
/// A message that something was asked of.
pub const MESSAGE_GONE: &str = "This message is not here. It may have been deleted.";

/// Whoever has written a message, for whom the viewer is somebody, too.
pub fn author(state: &ChatState, user: UserId) -> String {
    if user == state.me.id { "You".to_owned() } else { somebody(state, user) }
}

/// What a message answers.
pub fn replying(name: &str, said: &str) -> String {
    format!("Replying to {name}: {said}")
}

/// What the composer is about to answer.
pub fn replying_to(name: Option<&str>) -> String {
    format!("Replying to {}", name.unwrap_or("a message"))
}

/// One emoji under a message, with whose it is.
pub fn reaction(state: &ChatState, reaction: &Reaction) -> String {
    let names: Vec<_> = reaction.users.iter().map(|user| author(state, *user)).collect();
    format!("{}, {}, by {}", reaction.emoji, names.len(), names.join(", "))
}

/// Reacts, or takes that back.
pub fn react_with(emoji: &str, on: bool) -> String {
    if on { format!("React with {emoji}") } else { format!("Take back {emoji}") }
}

/// Answers a message.
pub const REPLY: &str = "Reply";
/// Puts an emoji under it.
pub const REACT: &str = "React";
/// Puts other words in its place.
pub const EDIT: &str = "Edit";
/// Takes its text along.
pub const COPY_TEXT: &str = "Copy text";
/// Takes its address along.
pub const COPY_LINK: &str = "Copy link";
/// Sends it into other conversations.
pub const FORWARD: &str = "Forward";
/// Says when it was written, and who has read it.
pub const INFORMATION: &str = "Information";
/// The text is in the clipboard.
pub const COPIED: &str = "The text is copied.";
/// The address is in the clipboard.
pub const LINK_COPIED: &str = "The link is copied. Whoever is in this conversation can follow it.";
/// Nothing is in the clipboard.
pub const NOT_COPIED: &str =
    "Your browser does not let this site copy. Select the text and copy it yourself.";
/// After a message was deleted.
pub const DELETED_MESSAGE: &str = "Message deleted.";
/// Takes that back.
pub const UNDO: &str = "Undo";
/// The composer holds other words for a message.
pub const EDITING: &str = "Editing message";
/// Ends that, and leaves it as it is.
pub const CANCEL_EDIT: &str = "Cancel edit";
/// Answers nothing any more.
pub const CANCEL_REPLY: &str = "Cancel reply";
/// Who has written it.
pub const WRITTEN_BY: &str = "From";
/// When it was stored.
pub const SENT_AT: &str = "Sent";
/// When it was last changed.
pub const EDITED_AT: &str = "Edited";
/// Who has read it.
pub const READ_BY: &str = "Read by";
/// Who has not.
pub const NOT_READ_BY: &str = "Not read by";
/// What is asked where a message is to be sent, too.
pub const FORWARD_TO: &str = "Forward to";
/// Where that needs scripting.
pub const NEEDS_SCRIPTING: &str =
    "Forwarding needs scripting, which your browser does without. Copy the text instead.";
/// Nothing was chosen.
pub const NOWHERE_CHOSEN: &str = "Choose at least one conversation.";

/// It was sent into so many conversations.
pub fn forwarded(count: usize) -> String {
    match count {
        1 => "Forwarded.".to_owned(),
        _ => format!("Forwarded to {count} conversations."),
    }
}

/// The emojis to choose from.
pub const EMOJI: &str = "Emoji";
/// The field that finds one.
pub const FIND_EMOJI: &str = "Find emoji";
/// The emojis could not be had.
pub const NO_EMOJI: &str = "The emojis could not be loaded. Check your connection, then open this once more.";
/// No emoji is called so.
pub const NO_EMOJI_FOUND: &str = "No emoji is called so.";
/// Those that were used last.
pub const RECENT: &str = "Recently used";
/// Chooses a skin tone.
pub const SKIN_TONE: &str = "Skin tone";
