//! One entry: a tile of a picture or a film, the card of a file, a link with what was said beside it. Each leads to its
//! message.

use crate::{
    browser::{Piece, pieces},
    chat::{
        view::{
            message::{Doing, Picture},
            pictures::picture_size,
        },
        words,
    },
    device::Device,
};
use leptos::{ev::MouseEvent, prelude::*};
use model::{
    file::Attachment,
    markup::link::host,
    media::{MediaEntry, MediaKind, SharedLink},
    words::size,
};
use std::sync::Arc;

use super::listing::Listing;

/// What is said of an entry besides what it is.
struct About {
    /// Where its message is.
    address: String,
    /// Who has written that, and when.
    said: String,
}

/// The entry, in a list. A picture is seen over the page, and from there those beside it.
pub fn drawn(doing: Doing, listing: Listing, entry: &MediaEntry) -> AnyView {
    let kind = listing.kind;
    let device = expect_context::<Device>();
    let there = device.zone.get_untracked().civil(entry.created_at);
    let author = device.state.with_untracked(|state| words::author(state, entry.sender));
    let said = words::sent_by(&author, &there.date(), &there.clock());
    let about = About { address: doing.address_of(entry.seq), said };
    let (file, link) = (entry.attachment.clone(), entry.link.clone());
    let picture = entry.attachment.as_ref().filter(|file| picture_size(file).is_some()).map(|file| file.file);
    let pressed = move |event: MouseEvent| {
        // A picture was pressed (`open.js`).
        if let Some(picture) = picture.filter(|_| event.button() == 1) {
            event.prevent_default();
            doing.show_pictures(listing.shown.read_untracked().iter().filter_map(seen).collect(), picture);
        }
    };
    let class = if kind == MediaKind::Media { "media-tile" } else { "media-card" };
    let entry = move || match (&file, &link) {
        (Some(file), _) if kind == MediaKind::Media => tile(file, &about),
        (Some(file), _) => card(file, &about),
        (None, Some(link)) => linked(link, &about),
        (None, None) => Vec::new(),
    };
    view! { <li on:contextmenu=pressed>{pieces::draw(class, Arc::new(entry))}</li> }.into_any()
}

/// A picture as it is seen over the page.
fn seen(entry: &MediaEntry) -> Option<Picture> {
    let file = entry.attachment.clone().filter(|file| picture_size(file).is_some())?;
    Some(Picture { message: entry.message, sender: entry.sender, at: entry.created_at, file })
}

/// A picture, or what a film is called, in room that is there before it comes.
fn tile(file: &Attachment, about: &About) -> Vec<Piece> {
    let name = file.name.as_str();
    let address = address_of(file);
    let mut attributes = opening(&address);
    attributes.push(("title", [name, ", ", &about.said].concat()));
    // The server has made a small one of what has a placeholder.
    let shown = match file.placeholder {
        Some(_) => {
            let alt = file.alt.as_ref().map_or(name, |alt| alt.as_str());
            let image = vec![
                ("src", address.clone() + "/thumbnail"),
                ("width", "160".to_owned()),
                ("height", "160".to_owned()),
                ("alt", alt.to_owned()),
                ("loading", "lazy".to_owned()),
            ];
            Piece::Element("img", image, Vec::new())
        }
        None => plain("span", name.to_owned()),
    };
    let is_film = file.kind.as_str().starts_with("video/");
    let class = if is_film { "media-film" } else { "media-picture" };
    attributes.push(("class", class.to_owned()));
    vec![Piece::Element("a", attributes, vec![shown]), to_message(name, about, "")]
}

/// What a file is called, what and how large it is; leads to its bytes.
fn card(file: &Attachment, about: &About) -> Vec<Piece> {
    let name = file.name.as_str().to_owned();
    let what = words::kind_and_size(&name, &size(file.size));
    let attributes = vec![
        ("class", "file".to_owned()),
        ("href", address_of(file)),
        ("rel", "external".to_owned()),
        ("download", name.clone()),
        ("aria-label", [&name, ", ", &size(file.size)].concat()),
    ];
    let says = vec![plain("b", name.clone()), plain("small", what)];
    vec![Piece::Element("a", attributes, says), foot(&name, about)]
}

/// What is said in a link's place, who is asked for what it leads to, and how the message begins.
fn linked(link: &SharedLink, about: &About) -> Vec<Piece> {
    let SharedLink { url, label, text } = link;
    let mut attributes = opening(url);
    attributes.push(("class", "media-link".to_owned()));
    let says = vec![
        plain("b", label.clone().unwrap_or_else(|| url.clone())),
        // A label may say anything.
        plain("small", host(url).to_owned()),
    ];
    let mut pieces = vec![Piece::Element("a", attributes, says)];
    if text != url && Some(text) != label.as_ref() {
        pieces.push(plain("p", text.clone()));
    }
    pieces.push(foot(host(url), about));
    pieces
}

/// Who, when, and the way to the message.
fn foot(name: &str, about: &About) -> Piece {
    let says = vec![plain("span", about.said.clone()), to_message(name, about, words::SHOW_IN_CHAT)];
    Piece::Element("div", vec![("class", "media-foot".to_owned())], says)
}

/// Leads to the message; where there is no room for words it is a picture.
fn to_message(name: &str, about: &About, shown: &str) -> Piece {
    let attributes = vec![
        ("class", "media-message".to_owned()),
        ("href", about.address.clone()),
        ("title", words::SHOW_IN_CHAT.to_owned()),
        ("aria-label", words::show_in_chat(name)),
    ];
    Piece::Element("a", attributes, vec![Piece::Text(shown.to_owned())])
}

/// Opens an address beside the page.
fn opening(address: &str) -> Vec<(&'static str, String)> {
    vec![
        ("href", address.to_owned()),
        ("target", "_blank".to_owned()),
        ("rel", "external noopener nofollow noreferrer".to_owned()),
    ]
}

fn address_of(file: &Attachment) -> String {
    format!("/api/files/{}", file.file)
}

fn plain(tag: &'static str, text: String) -> Piece {
    Piece::Element(tag, Vec::new(), vec![Piece::Text(text)])
}
