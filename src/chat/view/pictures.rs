//! The pictures of a message: one stands in the room that it takes, several in rows. Nothing moves when they come.

use super::attachments::{bar, link};
use crate::{browser::Piece, chat::words, files::view::preview};
use model::file::Attachment;

/// The longest side of one that stands alone, in pixels of the page.
const LARGEST: u32 = 320;
/// A link to a picture (`style/pictures.css`).
pub const PICTURE: &str = ".picture";

/// How large a picture is, in pixels, as the server has seen it. `None`: it is none that it has made a small one of.
pub fn picture_size(file: &Attachment) -> Option<(u32, u32)> {
    file.width.zip(file.height).filter(|_| file.kind.as_str().starts_with("image/"))
}

/// Those among the files of a message. Of one that waits, as this device has them.
pub fn pictures(files: &[Attachment], waits: bool) -> Vec<Piece> {
    let shown = files.iter().filter_map(|file| Some(picture(file, picture_size(file)?, waits)));
    let shown: Vec<Piece> = shown.collect();
    if shown.len() < 2 {
        return shown;
    }
    let about = [
        ("class", "album".to_owned()),
        ("role", "group".to_owned()),
        ("aria-label", words::so_many_pictures(shown.len())),
    ];
    vec![Piece::Element("div", about.into(), shown)]
}

/// One of them, which leads to itself.
fn picture(file: &Attachment, (width, height): (u32, u32), waits: bool) -> Piece {
    let longest = width.max(height).max(1);
    let shown = |side: u32| if longest > LARGEST { (side * LARGEST / longest).max(1) } else { side };
    let source = if waits { preview(file.file).unwrap_or_default() } else { thumbnail(file) };
    let mut image = vec![
        ("src", source),
        ("width", shown(width).to_string()),
        ("height", shown(height).to_string()),
        ("alt", said(file).to_owned()),
        ("loading", "lazy".to_owned()),
    ];
    // `placeholder.js` draws it.
    image.extend(file.placeholder.as_ref().map(|hash| ("data-hash", hash.as_str().to_owned())));
    let mut within = vec![Piece::Element("img", image, Vec::new())];
    if waits {
        within.push(bar(file));
    }
    let mut picture = link("picture", file, waits);
    picture.push(("target", "_blank".to_owned()));
    Piece::Element("a", picture, within)
}

/// Where the small one is.
pub fn thumbnail(file: &Attachment) -> String {
    [&super::attachments::address(file), "/thumbnail"].concat()
}

/// What is to be seen in it, or else what it is called.
pub fn said(file: &Attachment) -> &str {
    file.alt.as_ref().map_or(file.name.as_str(), |alt| alt.as_str())
}
