//! A message's text with its links as links.

use leptos::prelude::*;

/// Text in which `http://` and `https://` addresses can be followed.
#[component]
pub fn Linked(
    /// The text as it was written.
    text: String,
) -> impl IntoView {
    let pieces: Vec<_> = split(&text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned().into_any(),
            Piece::Link(url) => view! {
                <a href=url.to_owned() target="_blank" rel="noopener nofollow noreferrer">{url.to_owned()}</a>
            }
            .into_any(),
        })
        .collect();
    view! { <p class="body">{pieces}</p> }
}

/// A part of a text.
#[derive(Debug, PartialEq)]
pub enum Piece<'a> {
    /// Words.
    Words(&'a str),
    /// An address.
    Link(&'a str),
}

/// Cuts a text at its addresses. One ends at white space; a full stop, bracket or quotation mark
/// at its end belongs to the sentence.
pub fn split(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_link(rest) {
        let link = &rest[start..];
        let end =
            link.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"')).unwrap_or(link.len());
        let link =
            link[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '\'', '»', '”']);
        let words = &rest[..start];
        if !words.is_empty() {
            pieces.push(Piece::Words(words));
        }
        pieces.push(Piece::Link(link));
        rest = &rest[start + link.len()..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

/// Where the next address begins: a scheme with something behind it, not in the middle of a word.
fn next_link(text: &str) -> Option<usize> {
    let starts = text.match_indices("http").filter(|(start, _)| {
        let before = text[..*start].chars().next_back();
        let rest = &text[*start..];
        let host = rest.strip_prefix("https://").or_else(|| rest.strip_prefix("http://"));
        before.is_none_or(|c| !c.is_alphanumeric())
            && host.is_some_and(|host| host.starts_with(|c: char| c.is_alphanumeric() || c == '['))
    });
    starts.map(|(start, _)| start).next()
}
