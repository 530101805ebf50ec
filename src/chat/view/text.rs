//! A message's text with its links as links.

use leptos::prelude::*;
use model::text::is_invisible;

/// What ends a sentence or a quotation, in any script; at the end of an address it belongs to the sentence.
const MARKS: &str = ".,;:!?'…·«»‹›‘’‚‛“”„‟\u{37e}։׃،؛؟۔।॥።។";

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

/// Cuts a text at its addresses. One ends at white space, at what East Asian texts put between sentences,
/// and at what would make it read otherwise than it leads; a full stop, quotation mark or a bracket that it
/// did not open itself belongs to the sentence.
pub fn split(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(start) = next_link(rest) {
        let link = &rest[start..];
        let link = without_marks(&link[..link.find(ends).unwrap_or(link.len())]);
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
    let starts = text.match_indices("://").filter_map(|(colon, _)| {
        let scheme = ["https", "http"].into_iter().find(|scheme| {
            let start = colon.checked_sub(scheme.len());
            start.and_then(|start| text.get(start..colon)).is_some_and(|it| it.eq_ignore_ascii_case(scheme))
        })?;
        let start = colon - scheme.len();
        let before = text[..start].chars().next_back();
        let has_host = text[colon + 3..].starts_with(|c: char| (c.is_alphanumeric() && !ends(c)) || c == '[');
        (has_host && before.is_none_or(|c| !c.is_alphanumeric() || is_east_asian(c))).then_some(start)
    });
    starts.into_iter().next()
}

/// Whether no address goes on here.
fn ends(c: char) -> bool {
    let is_hidden = is_invisible(c) && !matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}');
    // CJK symbols and punctuation, and the full-width forms of ASCII's.
    let is_mark = matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}'
        | '\u{ff3b}'..='\u{ff40}' | '\u{ff5b}'..='\u{ff65}');
    is_hidden || is_mark || matches!(c, '<' | '>' | '"')
}

/// An address without what belongs to the sentence around it.
fn without_marks(link: &str) -> &str {
    let pairs = [('(', ')'), ('[', ']'), ('{', '}')];
    // How many brackets are closed that were not opened.
    let mut surplus =
        pairs.map(|(open, close)| link.matches(close).count() as i32 - link.matches(open).count() as i32);
    link.trim_end_matches(|c: char| {
        if let Some(kind) = pairs.iter().position(|(_, close)| *close == c) {
            surplus[kind] -= 1;
            return surplus[kind] >= 0;
        }
        MARKS.contains(c)
    })
}

/// Whether a letter belongs to a script that puts no spaces between words.
fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1100}'..='\u{11ff}'
        | '\u{3005}'..='\u{30ff}' | '\u{3100}'..='\u{318f}' | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}
