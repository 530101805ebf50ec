//! A message's text as elements.

use crate::{
    browser::{Piece, pieces},
    chat::words,
};
use leptos::prelude::*;
use model::markup::{Node, Style, is_emoji_alone, link::host, parse};
use std::sync::Arc;

/// Somebody who is meant by a text.
pub struct Meant {
    /// What stands behind the `@`.
    pub name: String,
    /// Where their card is; everybody has none.
    pub card: Option<String>,
    /// Whether that is the viewer.
    pub is_me: bool,
}

/// What somebody has written, and who is meant by it.
pub fn body(text: &str, meant: Vec<Meant>) -> AnyView {
    let class = if is_emoji_alone(text) { "body large" } else { "body" };
    let text = text.to_owned();
    pieces::draw(class, Arc::new(move || all(parse(&text), &meant)))
}

fn all(nodes: Vec<Node>, meant: &[Meant]) -> Vec<Piece> {
    nodes.into_iter().map(|node| piece(node, meant)).collect()
}

fn piece(node: Node, meant: &[Meant]) -> Piece {
    match node {
        Node::Text(text) => Piece::Text(text),
        Node::Mention(text) => mention(text, meant),
        Node::Link { url, label } => {
            let shown = match label {
                Some(label) => {
                    // A label may say anything: who is asked is said, too.
                    let asked = Piece::Text([" (", host(&url), ")"].concat());
                    // There is no link in a link.
                    let mut shown = all(label, &[]);
                    shown.push(bare("small", vec![asked]));
                    shown
                }
                None => vec![Piece::Text(url.clone())],
            };
            let outside = [("target", "_blank"), ("rel", "noopener nofollow noreferrer")];
            let mut attributes = outside.map(|(name, value)| (name, value.to_owned())).to_vec();
            attributes.push(("href", url));
            Piece::Element("a", attributes, shown)
        }
        Node::Code(code) => code_of(code),
        Node::Fenced(code) => {
            let code = element("pre", "tabindex", "0", vec![code_of(code)]);
            let copy = vec![Piece::Text(words::COPY_CODE.to_owned())];
            element(
                "div",
                "class",
                "code",
                vec![code, element("button", "class", "btn small scripted copy", copy)],
            )
        }
        Node::Styled(style, nodes) => {
            let mut within = all(nodes, meant);
            let tag = match style {
                Style::Bold => "strong",
                Style::Italic => "em",
                Style::Strike => "s",
                // Opens without scripting.
                Style::Spoiler => {
                    let reveals = vec![Piece::Text(words::SPOILER.to_owned())];
                    within.insert(0, element("summary", "role", "button", reveals));
                    return element("details", "class", "spoiler", within);
                }
                Style::Quote => "blockquote",
                Style::List => "ul",
                Style::Numbered(first) => return element("ol", "start", &first.to_string(), within),
                Style::Item => "li",
            };
            bare(tag, within)
        }
    }
}

/// A mention of somebody who is not meant is text.
fn mention(text: String, meant: &[Meant]) -> Piece {
    let of_it = |one: &&Meant| text[1..].eq_ignore_ascii_case(&one.name);
    let Some(Meant { card, is_me, .. }) = meant.iter().find(of_it) else { return Piece::Text(text) };
    let class = if *is_me { "mention mine" } else { "mention" };
    let mut attributes = vec![("class", class.to_owned())];
    attributes.extend(card.clone().map(|card| ("href", card)));
    Piece::Element(if card.is_some() { "a" } else { "b" }, attributes, vec![Piece::Text(text)])
}

fn code_of(code: String) -> Piece {
    bare("code", vec![Piece::Text(code)])
}

fn bare(tag: &'static str, within: Vec<Piece>) -> Piece {
    Piece::Element(tag, Vec::new(), within)
}

fn element(tag: &'static str, name: &'static str, value: &str, within: Vec<Piece>) -> Piece {
    Piece::Element(tag, vec![(name, value.to_owned())], within)
}
