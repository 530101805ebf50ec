//! The files of a message: pictures are shown where they stand, others are links below them.

use crate::{
    browser::{Piece, pieces},
    chat::view::pictures::{picture_size, pictures},
};
use leptos::prelude::*;
use model::{file::Attachment, words::size};
use std::sync::Arc;

/// All of them, in their order. Those that wait are shown as this device has them.
pub fn attachments(files: &[Attachment], waits: bool) -> AnyView {
    if files.is_empty() {
        return ().into_any();
    }
    let files = files.to_vec();
    let draw = move || {
        let mut pieces = pictures(&files, waits);
        pieces.extend(files.iter().filter(|file| picture_size(file).is_none()).map(|file| card(file, waits)));
        pieces
    };
    pieces::draw("files", Arc::new(draw))
}

/// Where a file is.
pub fn address(file: &Attachment) -> String {
    format!("/api/files/{}", file.file)
}

/// What a link to a file says, which leads nowhere while the file waits.
pub fn link(class: &str, file: &Attachment, waits: bool) -> Vec<(&'static str, String)> {
    let mut attributes = vec![("class", class.to_owned())];
    if !waits {
        attributes.extend([("href", address(file)), ("rel", "external".to_owned())]);
    }
    attributes
}

/// How far a file is that waits.
pub fn bar(file: &Attachment) -> Piece {
    let name = file.name.as_str().to_owned();
    let bar = [("data-file", file.file.to_string()), ("max", "100".to_owned()), ("aria-label", name)];
    Piece::Element("progress", bar.into(), Vec::new())
}

/// What a file is called, and how large it is.
fn card(file: &Attachment, waits: bool) -> Piece {
    let (name, size) = (file.name.as_str().to_owned(), size(file.size));
    let mut card = link("file", file, waits);
    card.push(("download", name.clone()));
    card.push(("aria-label", [&name, ", ", &size].concat()));
    let text = |tag, text| Piece::Element(tag, Vec::new(), vec![Piece::Text(text)]);
    let mut says = vec![text("b", name), text("small", size)];
    if waits {
        says.push(bar(file));
    }
    Piece::Element("a", card, says)
}
