//! Addresses in a text.

use crate::text::is_invisible;

/// What ends a sentence or a quotation, in any script, and the marks; at the end of an address it belongs to the
/// sentence.
const MARKS: &str = ".,;:!?'…·«»‹›‘’‚‛“”„‟\u{37e}։׃،؛؟۔।॥።។*_~|`";

/// The address of `http` or `https` that a text begins with: as it stands there, without what belongs to the sentence.
/// It ends at white space, at what East Asian texts put between sentences, and at what would make it read otherwise than
/// it leads; a full stop, quotation mark or a bracket that it did not open itself belongs to the sentence.
pub fn begins(text: &str) -> Option<&str> {
    within(text, false).map(|(address, _)| address)
}

/// The same, in a label maybe, which ends where it is said to; with how far the text was read for it.
pub(super) fn within(text: &str, in_label: bool) -> Option<(&str, usize)> {
    has_host(text)?;
    let is_end =
        |(at, c): &(usize, char)| ends(*c) || in_label && *c == ']' && text[at + 1..].starts_with('(');
    let end = text.char_indices().find(is_end).map_or(text.len(), |(at, _)| at);
    Some((without_marks(&text[..end]), end))
}

/// The address between round brackets, of which the first is open: how far it reads, and whether its bracket stands
/// there.
pub(super) fn between_brackets(text: &str) -> (usize, bool) {
    if has_host(text).is_none() {
        return (0, false);
    }
    let mut open = 0;
    for (at, c) in text.char_indices() {
        match c {
            '(' => open += 1,
            ')' if open == 0 => return (at, true),
            ')' => open -= 1,
            c if ends(c) => return (at, false),
            _ => {}
        }
    }
    (text.len(), false)
}

/// Who is asked for what an address leads to: what people should know before they follow it. That is what stands
/// between the scheme and the path, without a name that is put before it.
pub fn host(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    // A browser takes a backslash for a slash.
    let place = &rest[..rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len())];
    place.rsplit('@').next().unwrap_or(place)
}

/// Whether an address may stand in a text: `http://` or `https://` does, somewhere and in any case. Stores ask the same
/// of what was stored before they noted it (`schema/006.sql`, `mongo::indexes`).
pub fn may_stand_in(text: &str) -> bool {
    let begins = |at: usize| {
        let before = text[..at].bytes().rev();
        let ends_with = |scheme: &str| {
            before.clone().take(scheme.len()).map(|byte| byte.to_ascii_lowercase()).eq(scheme.bytes().rev())
        };
        ends_with("http") || ends_with("https")
    };
    text.match_indices("://").any(|(at, _)| begins(at))
}

/// Whether a text begins with a scheme and something behind it.
fn has_host(text: &str) -> Option<()> {
    let scheme = text.get(..4).filter(|scheme| scheme.eq_ignore_ascii_case("http"))?;
    let rest = &text[scheme.len()..];
    let rest = rest.strip_prefix(['s', 'S']).unwrap_or(rest).strip_prefix("://")?;
    rest.starts_with(|c: char| (c.is_alphanumeric() && !ends(c)) || c == '[').then_some(())
}

/// Whether an address may begin behind this: not in the middle of a word.
pub(super) fn may_follow(before: Option<char>) -> bool {
    before.is_none_or(|c| !c.is_alphanumeric() || is_east_asian(c))
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
pub(super) fn is_east_asian(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{1100}'..='\u{11ff}'
        | '\u{3005}'..='\u{30ff}' | '\u{3100}'..='\u{318f}' | '\u{31a0}'..='\u{31ff}' | '\u{3400}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}')
}
