//! The panel of what a conversation holds besides words.

use model::media::MediaKind;

/// What leads to the panel, and what it is called.
pub const MEDIA_TITLE: &str = "Media, files and links";
/// Which kind is listed.
pub const MEDIA_KINDS: &str = "What is listed";
/// Leads to the message that something is in.
pub const SHOW_IN_CHAT: &str = "Show in chat";
/// Goes on with the list.
pub const LOAD_MORE: &str = "Load more";
/// What comes is on its way.
pub const LOADING: &str = "Loading…";
/// The server's answer did not come.
pub const MEDIA_NOT_LOADED: &str =
    "The list could not be loaded. Check your connection, then try it once more.";
/// The longest ending of a name that says what a file is, in characters.
const LONGEST_ENDING: usize = 5;

/// What each kind is called.
pub fn media_kind(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Media => "Media",
        MediaKind::Files => "Files",
        MediaKind::Links => "Links",
    }
}

/// A list while there is nothing in it: what is the case, and what will stand there.
pub fn no_media(kind: MediaKind) -> (&'static str, &'static str) {
    match kind {
        MediaKind::Media => {
            ("No pictures or films", "Pictures and films that are sent in this conversation stand here.")
        }
        MediaKind::Files => {
            ("No files", "Documents, sounds and other files that are sent in this conversation stand here.")
        }
        MediaKind::Links => ("No links", "Links in the messages of this conversation stand here."),
    }
}

/// Leads to the message that this is in.
pub fn show_in_chat(name: &str) -> String {
    format!("{SHOW_IN_CHAT}: {name}")
}

/// Who has sent it, and when.
pub fn sent_by(author: &str, date: &str, clock: &str) -> String {
    format!("{author}, {date}, {clock}")
}

/// What a file is, by the ending of its name, and how large.
pub fn kind_and_size(name: &str, size: &str) -> String {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is_kind = (1..=LONGEST_ENDING).contains(&ending.len())
        && ending.bytes().all(|byte| byte.is_ascii_alphanumeric());
    match is_kind {
        true => format!("{} · {size}", ending.to_ascii_uppercase()),
        false => size.to_owned(),
    }
}
