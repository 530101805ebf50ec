//! The palette, the sheet of shortcuts, and the dialog that leads to a day.

/// The palette, and what opens it.
pub const GO_TO: &str = "Go to";
/// Its field.
pub const GO_TO_WHAT: &str = "Conversations, people, actions";
/// Its list.
pub const PLACES: &str = "Places and actions";
/// Nothing there is called so.
pub const NOWHERE: &str = "Nothing here is called so.";
/// Behind a conversation with one person.
pub const A_PERSON: &str = "Person";
/// Behind a group.
pub const A_GROUP: &str = "Group";
/// Behind what is done at once.
pub const AN_ACTION: &str = "Action";
/// Chooses how the page looks.
pub const THEMES: [&str; 3] = ["Theme: as the system", "Theme: light", "Theme: dark"];
/// Takes the address of the open conversation along.
pub const COPY_ADDRESS: &str = "Copy conversation link";
/// Its address is in the clipboard.
pub const ADDRESS_COPIED: &str = "The link is copied. Whoever is in this conversation can follow it.";

/// Searches for somebody of that name among all people.
pub fn find_person(name: &str) -> String {
    format!("Find {name}")
}

/// The sheet, and what opens it.
pub const SHORTCUTS: &str = "Keyboard shortcuts";
/// Shortcuts that work everywhere.
pub const EVERYWHERE: &str = "Everywhere";
/// Those of lists, menus and the history.
pub const IN_LISTS: &str = "In a list, a menu, a history";
/// Those of the composer.
pub const WHILE_WRITING: &str = "While writing";
/// A shortcut.
pub const NEXT_UNREAD: &str = "Next or previous unread conversation";
/// A shortcut.
pub const CLOSES: &str = "Close what is open";
/// A shortcut.
pub const MOVES: &str = "Go up and down";
/// A shortcut.
pub const OPENS: &str = "Open or choose";
/// A shortcut.
pub const SENDS: &str = "Send";
/// A shortcut.
pub const BREAKS: &str = "New line";
/// A shortcut.
pub const EDITS_LAST: &str = "In an empty field: edit your last message";
/// A shortcut.
pub const ENDS_WRITING: &str = "No reply, no edit after all";
/// A shortcut; with nothing selected the same keys lead elsewhere.
pub const LINKS_SELECTED: &str = "Link of what is selected";

/// The dialog that leads to a day, and what opens it.
pub const JUMP_TO_DATE: &str = "Jump to date";
/// Its field.
pub const DATE: &str = "Date";
/// Leads there.
pub const JUMP: &str = "Jump";
/// What is no day.
pub const NO_DATE: &str = "Choose a day first.";
