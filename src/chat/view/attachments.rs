//! The files of a message: pictures are shown where they stand, others are links.

use crate::browser::{Piece, pieces};
use leptos::prelude::*;
use model::{file::Attachment, words::size};
use std::sync::Arc;

/// The longest side of a picture in a message, in pixels of the page.
const LARGEST: u32 = 320;

/// All of them, in their order.
pub fn attachments(files: &[Attachment]) -> AnyView {
    if files.is_empty() {
        return ().into_any();
    }
    let files = files.to_vec();
    pieces::draw("files", Arc::new(move || files.iter().map(file).collect()))
}

/// One of them. A picture has the room that it takes, so that nothing moves when it comes, and leads to itself.
fn file(file: &Attachment) -> Piece {
    let address = format!("/api/files/{}", file.file);
    let name = file.name.as_str().to_owned();
    let attributes = |class: &str| {
        vec![("class", class.to_owned()), ("href", address.clone()), ("rel", "external".to_owned())]
    };
    match file.width.zip(file.height) {
        // The server has seen how large it is, and has made a small one of it.
        Some((width, height)) => {
            let (longest, alt) =
                (width.max(height).max(1), file.alt.as_ref().map(|alt| alt.as_str().to_owned()));
            let shown = |side: u32| if longest > LARGEST { (side * LARGEST / longest).max(1) } else { side };
            let image = vec![
                ("src", [&address, "/thumbnail"].concat()),
                ("width", shown(width).to_string()),
                ("height", shown(height).to_string()),
                ("alt", alt.unwrap_or(name)),
                ("loading", "lazy".to_owned()),
            ];
            let mut picture = attributes("picture");
            picture.push(("target", "_blank".to_owned()));
            Piece::Element("a", picture, vec![Piece::Element("img", image, Vec::new())])
        }
        None => {
            let size = size(file.size);
            let mut card = attributes("file");
            card.push(("download", name.clone()));
            card.push(("aria-label", [&name, ", ", &size].concat()));
            let text = |tag, text| Piece::Element(tag, Vec::new(), vec![Piece::Text(text)]);
            Piece::Element("a", card, vec![text("b", name), text("small", size)])
        }
    }
}
