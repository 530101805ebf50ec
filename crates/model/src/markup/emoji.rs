//! Emoji that stand alone.

/// So many emoji may stand alone.
const MOST: usize = 3;

/// Whether a text is one to three emoji and nothing else. A rule of ranges instead of Unicode's tables: it takes some
/// pictures for emoji that are none, and no letter or digit.
pub fn is_emoji_alone(text: &str) -> bool {
    let mut rest = text.trim_matches(' ');
    for _ in 0..MOST {
        let Some(length) = emoji(rest) else { return false };
        rest = rest[length..].trim_start_matches(' ');
        if rest.is_empty() {
            return true;
        }
    }
    false
}

/// How long the emoji is that a text begins with, in bytes.
fn emoji(text: &str) -> Option<usize> {
    let mut left = text.chars().peekable();
    let first = left.next()?;
    match first {
        // A flag of two letters.
        '\u{1f1e6}'..='\u{1f1ff}' => {
            left.next().filter(|c| matches!(c, '\u{1f1e6}'..='\u{1f1ff}'))?;
        }
        // A key.
        '0'..='9' | '#' | '*' => {
            left.next_if_eq(&'\u{fe0f}');
            left.next_if_eq(&'\u{20e3}')?;
        }
        // Pictures, each joined to the one before it.
        _ => {
            let mut picture = first;
            loop {
                let is_chosen = left.next_if_eq(&'\u{fe0f}').is_some();
                if !(is_picture(picture) || (is_chosen && may_be_picture(picture))) {
                    return None;
                }
                left.next_if(|c| matches!(c, '\u{1f3fb}'..='\u{1f3ff}'));
                // The flag of a part of a country.
                while left.next_if(|c| matches!(c, '\u{e0020}'..='\u{e007f}')).is_some() {}
                if left.next_if_eq(&'\u{200d}').is_none() {
                    break;
                }
                picture = left.next()?;
            }
        }
    }
    let rest: usize = left.map(char::len_utf8).sum();
    Some(text.len() - rest)
}

/// Whether this is an emoji by itself.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{231a}'..='\u{23ff}' | '\u{25fd}'..='\u{27bf}' | '\u{2b05}'..='\u{2b55}' | '\u{1f000}'..='\u{1f0ff}'
        | '\u{1f18e}' | '\u{1f191}'..='\u{1f19a}' | '\u{1f200}'..='\u{1f6ff}' | '\u{1f7e0}'..='\u{1f7ff}'
        | '\u{1f90c}'..='\u{1faff}')
}

/// Whether this is an emoji where a selector says so.
fn may_be_picture(c: char) -> bool {
    matches!(c, '\u{a9}' | '\u{ae}' | '\u{203c}'..='\u{3299}' | '\u{1f100}'..='\u{1f1e5}')
}
