//! What the search says to people.

/// Below the field while it waits for an answer.
pub const SEARCHING: &str = "Searching…";
/// Below the field where nobody has such a name.
pub const NOBODY: &str = "Nobody found. Check the spelling, or ask them for their name.";
/// Below the field for one's own name.
pub const YOURSELF: &str = "That is you. Others find you by this name.";

/// The field.
pub const FIND: &str = "Find people";
/// Its button, without scripting.
pub const SEARCH: &str = "Search";
/// The list below it.
pub const FOUND: &str = "People found";
/// Asks somebody.
pub const ADD: &str = "Add";

/// The same, with their name.
pub fn add(name: &str) -> String {
    format!("Add {name}")
}

/// Accepts somebody who has asked.
pub const ACCEPT: &str = "Accept";

/// The same, with their name.
pub fn accept(name: &str) -> String {
    format!("Accept the request of {name}")
}

/// Beside somebody who has asked.
pub const ASKS: &str = "Asks you";
/// Beside somebody who was asked.
pub const REQUESTED: &str = "Requested";
/// Beside a contact.
pub const CONTACT: &str = "Contact";
