//! The files of a message: pictures are shown where they stand, others are links.

use crate::{
    browser::{Piece, pieces},
    files::view::preview,
};
use leptos::prelude::*;
use model::{file::Attachment, words::size};
use std::sync::Arc;

/// The longest side of a picture in a message, in pixels of the page.
const LARGEST: u32 = 320;

/// All of them, in their order. Those that wait are shown as this device has them.
pub fn attachments(files: &[Attachment], wait: bool) -> AnyView {
    if files.is_empty() {
        return ().into_any();
    }
    let files = files.to_vec();
    pieces::draw("files", Arc::new(move || files.iter().map(|each| file(each, wait)).collect()))
}

/// One of them. A picture has the room that it takes, so that nothing moves when it comes, and leads to itself.
fn file(file: &Attachment, waits: bool) -> Piece {
    let address = format!("/api/files/{}", file.file);
    let name = file.name.as_str().to_owned();
    let attributes = |class: &str| {
        let mut attributes = vec![("class", class.to_owned())];
        if !waits {
            attributes.extend([("href", address.clone()), ("rel", "external".to_owned())]);
        }
        attributes
    };
    let bar = || {
        let bar =
            [("data-file", file.file.to_string()), ("max", "100".to_owned()), ("aria-label", name.clone())];
        Piece::Element("progress", bar.into(), Vec::new())
    };
    match file.width.zip(file.height) {
        // The server has seen how large it is, and has made a small one of it.
        Some((width, height)) => {
            let (longest, alt) =
                (width.max(height).max(1), file.alt.as_ref().map(|alt| alt.as_str().to_owned()));
            let shown = |side: u32| if longest > LARGEST { (side * LARGEST / longest).max(1) } else { side };
            let thumbnail = || [&address, "/thumbnail"].concat();
            let image = vec![
                ("src", if waits { preview(file.file).unwrap_or_default() } else { thumbnail() }),
                ("width", shown(width).to_string()),
                ("height", shown(height).to_string()),
                ("alt", alt.unwrap_or_else(|| name.clone())),
                ("loading", "lazy".to_owned()),
            ];
            let mut picture = attributes("picture");
            picture.push(("target", "_blank".to_owned()));
            let image = Piece::Element("img", image, Vec::new());
            Piece::Element("a", picture, if waits { vec![image, bar()] } else { vec![image] })
        }
        None => {
            let size = size(file.size);
            let mut card = attributes("file");
            card.push(("download", name.clone()));
            card.push(("aria-label", [&name, ", ", &size].concat()));
            let text = |tag, text| Piece::Element(tag, Vec::new(), vec![Piece::Text(text)]);
            let mut says = vec![text("b", name.clone()), text("small", size)];
            if waits {
                says.push(bar());
            }
            Piece::Element("a", card, says)
        }
    }
}
