//! Characters that cannot be seen, or that change how the text around them is seen.

/// Whether a character sets the direction of the text around it (UAX #9): embeddings, overrides, isolates
/// and marks.
pub fn is_directional(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Whether a character shows nothing: white space, controls, what Unicode calls default ignorable, and
/// blanks that count as letters or symbols.
pub fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{13441}' | '\u{13442}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether there is anything to see.
pub fn can_be_seen(text: &str) -> bool {
    !text.chars().all(is_invisible)
}

/// Whether a name looks like what it is: something to see, and of what cannot be seen only spaces and what
/// changes the looks of the character before it. Those are joiners in scripts that join and in emoji,
/// selectors of emoji and of East Asian and Mongolian letters, and the tags of a flag.
pub fn is_plain_name(name: &str) -> bool {
    let mut before = None;
    let mut rest = name.chars();
    while let Some(c) = rest.next() {
        let is_keycap = rest.as_str().starts_with('\u{20e3}');
        let fits = match c {
            '\u{200c}' | '\u{200d}' => before.is_some_and(joins),
            '\u{fe0e}' | '\u{fe0f}' => before.is_some_and(|before: char| {
                (!before.is_ascii() || is_keycap) && !may_be_latin(before) && !is_invisible(before)
            }),
            '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => before.is_some_and(is_ideograph),
            '\u{180b}'..='\u{180d}' | '\u{180f}' => {
                before.is_some_and(|c| matches!(c, '\u{1820}'..='\u{18aa}'))
            }
            '\u{e0020}'..='\u{e007f}' => before.is_some_and(|c| c == '\u{1f3f4}' || is_tag(c)),
            ' ' | '\u{a0}' | '\u{3000}' => true,
            _ => !is_invisible(c),
        };
        if !fits {
            return false;
        }
        before = Some(c);
    }
    // A joiner has something to join, and a flag an end.
    !before
        .is_some_and(|last| matches!(last, '\u{200c}' | '\u{200d}') || (is_tag(last) && last != '\u{e007f}'))
        && can_be_seen(name)
}

/// The same text as it is stored where it may have several lines: line ends as `\n`, no other control characters
/// but tabs, no blank lines or spaces around it.
pub fn in_lines(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    // Trimmed last: a control character may hide the blank space around it.
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.trim().to_owned()
}

/// Without what sets directions, for places whose own text stands around it.
pub fn without_directions(text: &str) -> String {
    text.chars().filter(|c| !is_directional(*c)).collect()
}

/// The beginning of a text, of at most so many characters, that ends between two of what people take for
/// one: no emoji is cut from its joiners, tones and selectors, no letter from its marks.
pub fn beginning(text: &str, characters: usize) -> &str {
    let Some((mut end, _)) = text.char_indices().nth(characters) else { return text };
    let goes_on = |end: usize| {
        let (before, after) = (text[..end].chars().next_back(), text[end..].chars().next());
        before == Some('\u{200d}') || after.is_some_and(extends) || splits_a_flag(&text[..end], after)
    };
    while goes_on(end) {
        let Some((start, _)) = text[..end].char_indices().next_back() else { break };
        end = start;
    }
    &text[..end]
}

/// Whether a character belongs to the one before it.
fn extends(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{591}'..='\u{5bd}' | '\u{610}'..='\u{61a}'
        | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{93a}'..='\u{93c}' | '\u{93e}'..='\u{94f}'
        | '\u{e31}' | '\u{e34}'..='\u{e3a}' | '\u{e47}'..='\u{e4e}' | '\u{200c}' | '\u{200d}'
        | '\u{20d0}'..='\u{20f0}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'
        | '\u{e0020}'..='\u{e007f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Two regional indicators are one flag.
fn splits_a_flag(before: &str, after: Option<char>) -> bool {
    let is_half = |c: &char| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    after.as_ref().is_some_and(is_half) && before.chars().rev().take_while(is_half).count() % 2 == 1
}

/// Latin, Greek and Cyrillic letters, and all else that a name is compared by at a look: a hidden character
/// among them makes another name that looks the same.
fn may_be_latin(c: char) -> bool {
    c < '\u{590}' && c.is_alphabetic()
        || matches!(c, '\u{1d00}'..='\u{1fff}' | '\u{2c60}'..='\u{2c7f}' | '\u{a640}'..='\u{a69f}'
            | '\u{a720}'..='\u{a7ff}' | '\u{ab30}'..='\u{ab6f}' | '\u{fb00}'..='\u{fb06}' | '\u{ff21}'..='\u{ff5a}')
}

/// Whether a joiner may follow: letters and marks of scripts that join, emoji with their selectors.
fn joins(c: char) -> bool {
    matches!(c, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
        || (c >= '\u{590}' && !c.is_numeric() && !may_be_latin(c) && !is_invisible(c))
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0020}'..='\u{e007f}')
}

/// A number for what a name looks like at a glance: names with the same look are easily taken for each other. Without
/// case, hidden characters and the kind of space, and with the letters of other scripts that look like Latin
/// ones as those (the most common of Unicode's confusables, UTS #39).
pub fn look(name: &str) -> u64 {
    let seen = name.chars().filter(|c| c.is_whitespace() || !is_invisible(*c));
    let plain = |c: char| match c {
        c if c.is_whitespace() => ' ',
        'а' | 'ɑ' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' | 'ё' => 'e',
        'һ' | 'н' => 'h',
        'і' | 'ι' | 'ı' | 'l' | '1' | '|' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' => 'm',
        'о' | 'ο' | '0' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ԝ' | 'ω' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'ᴢ' => 'z',
        c => c,
    };
    // FNV-1a: two names that differ and have one number would only be told apart without need.
    let step = |look: u64, c: char| (look ^ u64::from(u32::from(c))).wrapping_mul(0x0100_0000_01b3);
    seen.flat_map(char::to_lowercase).map(plain).fold(0xcbf2_9ce4_8422_2325, step)
}
