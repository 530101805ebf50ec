//! Which emojis there are, for all that lets people choose one. The server says it: a table, and no code.

use crate::{browser::storage, kit::codec};
use std::sync::{Arc, OnceLock};

/// Where this device keeps what was used last, and the tone that was chosen.
const RECENT: &str = "emojis";
const TONE: &str = "skin-tone";
/// So many are kept.
const MOST_RECENT: usize = 24;

/// A group of emojis: its name, and of each emoji what it looks like, what it can be found by, and what it looks like in
/// the five skin tones, where it has them.
pub type Group = (String, Vec<(String, String, Vec<String>)>);
/// All of them.
pub type Emojis = Arc<Vec<Group>>;

static ALL: OnceLock<Emojis> = OnceLock::new();

/// All emojis, where they were loaded.
pub fn known() -> Option<Emojis> {
    ALL.get().cloned()
}

/// All emojis; `None`: they could not be loaded. The next call tries again.
pub async fn all() -> Option<Emojis> {
    if let Some(all) = known() {
        return Some(all);
    }
    let answer = codec::get("/api/emojis").await.ok()?;
    let all: Vec<Group> = model::json::from_str(&answer).ok()?;
    Some(ALL.get_or_init(|| Arc::new(all)).clone())
}

/// What an emoji is called, of what it is found by.
pub fn name(found_by: &str) -> &str {
    found_by.split(',').next().unwrap_or_default()
}

/// An emoji in a tone, where it has tones.
pub fn toned(emoji: &str, tones: &[String], tone: usize) -> String {
    tone.checked_sub(1).and_then(|tone| tones.get(tone)).map_or(emoji, String::as_str).to_owned()
}

/// The tone that was chosen: 1 to 5 from light to dark, or 0 for none.
pub fn tone() -> usize {
    storage::get(TONE).and_then(|tone| tone.parse().ok()).unwrap_or_default()
}

/// Keeps the tone.
pub fn keep_tone(tone: &str) {
    storage::set(TONE, Some(tone));
}

/// What was used last, the newest first.
pub fn recent() -> Vec<String> {
    storage::get(RECENT).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
}

/// Keeps what was used.
pub fn keep_recent(emoji: &str) {
    let kept = storage::get(RECENT).unwrap_or_default();
    let others = kept.split_whitespace().filter(|known| *known != emoji);
    let all: Vec<_> = std::iter::once(emoji).chain(others).take(MOST_RECENT).collect();
    storage::set(RECENT, Some(&all.join(" ")));
}
