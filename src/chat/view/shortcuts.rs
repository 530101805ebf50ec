//! The shortcuts of the keyboard. Those that the whole page listens for are matched by what the sheet shows; what a
//! list, a log or a field makes of its own keys stands in them.

use crate::{
    browser::{focus, page},
    chat::words,
};
use leptos::ev::KeyboardEvent;

/// A key, alone or with Ctrl, which is Cmd on a Mac.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    /// As `KeyboardEvent.key` calls it.
    pub name: &'static str,
    /// Whether it is held with Ctrl or Cmd. One without may be meant for a field.
    pub command: bool,
}

/// Opens the palette.
pub const GO_TO: Key = with_command("k");
/// Opens the sheet.
pub const SHEET: Key = Key { name: "?", command: false };

/// A key that is held with Ctrl or Cmd.
const fn with_command(name: &'static str) -> Key {
    Key { name, command: true }
}

impl Key {
    /// Whether this key was pressed, and not to write it.
    pub fn is(self, event: &KeyboardEvent) -> bool {
        // CapsLock makes another letter of it.
        event.key().eq_ignore_ascii_case(self.name)
            && (event.ctrl_key() || event.meta_key()) == self.command
            && !event.alt_key()
            && (self.command || !focus::takes_text())
    }

    /// What is printed on the keys.
    pub fn caps(self) -> Vec<String> {
        let command = self.command.then(|| page::command_key().to_owned());
        command.into_iter().chain([self.name.to_uppercase()]).collect()
    }
}

/// One line of the sheet.
#[derive(Clone, Copy, Debug)]
pub struct Shortcut {
    /// What it does.
    pub does: &'static str,
    /// The keys.
    pub keys: Keys,
}

/// What is pressed.
#[derive(Clone, Copy, Debug)]
pub enum Keys {
    /// One key.
    One(Key),
    /// What something listens for while it has the focus; each of these does it.
    Own(&'static [&'static str]),
}

/// Where they work, and what they do there.
pub const TABLE: [(&str, &[Shortcut]); 3] = [
    (
        words::EVERYWHERE,
        &[
            Shortcut { does: words::GO_TO, keys: Keys::One(GO_TO) },
            Shortcut { does: words::SHORTCUTS, keys: Keys::One(SHEET) },
            Shortcut { does: words::NEXT_UNREAD, keys: Keys::Own(&["Alt ↓", "Alt ↑"]) },
            Shortcut { does: words::CLOSES, keys: Keys::Own(&["Esc"]) },
        ],
    ),
    (
        words::IN_LISTS,
        &[
            Shortcut { does: words::MOVES, keys: Keys::Own(&["↑", "↓"]) },
            Shortcut { does: words::OPENS, keys: Keys::Own(&["Enter"]) },
        ],
    ),
    (
        words::WHILE_WRITING,
        &[
            Shortcut { does: words::SENDS, keys: Keys::Own(&["Enter"]) },
            Shortcut { does: words::BREAKS, keys: Keys::Own(&["Shift Enter"]) },
            Shortcut { does: words::EDITS_LAST, keys: Keys::Own(&["↑"]) },
            Shortcut { does: words::BOLD, keys: Keys::One(with_command("b")) },
            Shortcut { does: words::ITALIC, keys: Keys::One(with_command("i")) },
            Shortcut { does: words::CODE, keys: Keys::One(with_command("e")) },
            Shortcut { does: words::LINKS_SELECTED, keys: Keys::One(with_command("k")) },
            Shortcut { does: words::ENDS_WRITING, keys: Keys::Own(&["Esc"]) },
        ],
    ),
];
