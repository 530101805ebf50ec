//! How well a name fits what was typed. Pure, so that it is tested without a page.

/// In which way, the best one first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It begins so.
    Beginning,
    /// Words of it do, one after the other: "ad lo" and "al" fit "Ada Lovelace".
    Words,
    /// It stands somewhere in it.
    Within,
    /// Its letters come in this order.
    Scattered,
}

/// How a name fits, and which of its characters make it do so; `None`: not at all. Neither case nor the marks on
/// Latin letters count. Nothing fits everything.
pub fn fit(typed: &str, name: &str) -> Option<(Fit, Vec<usize>)> {
    let letters: Vec<(usize, char)> =
        name.chars().enumerate().filter(|(_, c)| !is_mark(*c)).map(|(at, c)| (at, folded(c))).collect();
    let wanted: Vec<char> = typed.trim().chars().filter(|c| !is_mark(*c)).map(folded).collect();
    let stands_at = |start: usize| {
        let there = letters.get(start..start + wanted.len())?;
        let same = there.iter().map(|(_, c)| c).eq(&wanted);
        same.then(|| there.iter().map(|(at, _)| *at).collect::<Vec<_>>())
    };
    if let Some(at) = stands_at(0) {
        return Some((Fit::Beginning, at));
    }
    let words: Vec<char> = wanted.iter().copied().filter(|c| !c.is_whitespace()).collect();
    if let Some(at) = in_order(&words, &letters, true) {
        return Some((Fit::Words, at));
    }
    if let Some(at) = (1..letters.len()).find_map(stands_at) {
        return Some((Fit::Within, at));
    }
    in_order(&words, &letters, false).map(|at| (Fit::Scattered, at))
}

/// Where the letters stand in order; `by_words`: each right after the one before it, or where a word begins.
fn in_order(wanted: &[char], letters: &[(usize, char)], by_words: bool) -> Option<Vec<usize>> {
    let begins = |index: usize| index == 0 || !letters[index - 1].1.is_alphanumeric();
    let mut from = 0;
    let place = |c: &char| {
        let fits = |index: &usize| {
            letters[*index].1 == *c && (!by_words || (*index == from && from > 0) || begins(*index))
        };
        let index = (from..letters.len()).find(fits)?;
        from = index + 1;
        Some(letters[index].0)
    };
    wanted.iter().map(place).collect()
}

fn is_mark(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// In lower case and without marks, as far as these letters are usual in names.
fn folded(c: char) -> char {
    let c = c.to_lowercase().next().unwrap_or(c);
    match c {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
        'ğ' => 'g',
        'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
        'ĺ' | 'ľ' | 'ł' => 'l',
        'ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
        'ŕ' | 'ř' => 'r',
        'ś' | 'š' | 'ş' | 'ș' => 's',
        'ť' | 'ţ' | 'ț' => 't',
        'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        _ => c,
    }
}
