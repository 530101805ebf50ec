//! The one door to what only a browser can do, with a twin for the server where each of these
//! does nothing or knows the server's answer; so no view needs to ask where it runs.

/// What is drawn once and stays as it is.
pub enum Piece {
    /// Text, and never anything else.
    Text(String),
    /// An element: its tag, its attributes, and what stands in it.
    Element(&'static str, Vec<(&'static str, String)>, Vec<Piece>),
}

/// A file that somebody has chosen.
#[derive(Clone)]
pub struct Chosen {
    /// What it is called.
    pub name: String,
    /// Its media type, as the browser guesses it; empty if it does not.
    pub kind: String,
    /// In bytes.
    pub size: u64,
    /// What is in it.
    pub bytes: files::Bytes,
}

/// A picture, made to be sent.
pub struct Picture {
    /// What it is.
    pub kind: &'static str,
    /// In bytes.
    pub size: u64,
    /// In pixels, as it is shown.
    pub width: u32,
    /// The same.
    pub height: u32,
    /// Whether it is smaller in pixels than it was.
    pub is_reduced: bool,
    /// What is in it.
    pub bytes: files::Bytes,
}

/// The keys that move on among things that stand in a column: back, and forth.
pub const COLUMN: [&str; 2] = ["ArrowUp", "ArrowDown"];
/// The same in a row.
pub const ROW: [&str; 2] = ["ArrowLeft", "ArrowRight"];

#[cfg(not(feature = "hydrate"))]
mod native;
#[cfg(feature = "hydrate")]
mod wasm;

#[cfg(not(feature = "hydrate"))]
pub use native::*;
#[cfg(feature = "hydrate")]
pub use wasm::*;
