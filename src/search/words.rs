//! What the search says to people.

/// Below the field while it waits for an answer.
pub const SEARCHING: &str = "Searching…";
/// Below the field where nobody has such a name.
pub const NOBODY: &str = "Nobody found. Check the spelling, or ask them for their name.";
/// Below the field for one's own name.
pub const YOURSELF: &str = "That is you. Others find you by this name.";
