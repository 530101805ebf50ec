//! What a command makes of a text and what is selected in it. Pure, so that it is tested without a page.

/// What puts marks around what is selected, or takes them away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// `**`
    Bold,
    /// `_`
    Italic,
    /// `~~`
    Strike,
    /// A backtick; a fence around several lines.
    Code,
    /// `[selected](https://)`
    Link,
    /// `> ` before each line.
    Quote,
    /// `- ` before each line.
    List,
    /// `||`
    Spoiler,
}

/// One replacement in a text. All places are in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where what is replaced begins.
    pub from: usize,
    /// Where it ends.
    pub to: usize,
    /// What takes its place.
    pub text: String,
    /// What of it is selected then: from here to there.
    pub selected: (usize, usize),
}

/// What a command does where so much is selected.
pub fn edit(text: &str, start: usize, end: usize, command: Command) -> Edit {
    let is_block = text[start..end].contains('\n');
    match command {
        Command::Bold => around(text, start, end, "**", "**"),
        Command::Italic => around(text, start, end, "_", "_"),
        Command::Strike => around(text, start, end, "~~", "~~"),
        Command::Spoiler => around(text, start, end, "||", "||"),
        Command::Code if is_block => {
            let (start, end) = lines(text, start, end);
            around(text, start, end, "```\n", "\n```")
        }
        Command::Code => around(text, start, end, "`", "`"),
        Command::Link => link(text, start, end),
        Command::Quote => before_lines(text, start, end, "> "),
        Command::List => before_lines(text, start, end, "- "),
    }
}

/// Marks around what is selected; those that are there go. Blank space stays outside, where marks have to be beside
/// what they are about.
fn around(text: &str, start: usize, end: usize, open: &str, close: &str) -> Edit {
    let selected = &text[start..end];
    let bare = selected.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
        return Edit { from: start, to: end, text: bare.to_owned(), selected: (0, bare.len()) };
    }
    if text[..start].ends_with(open) && text[end..].starts_with(close) {
        let (from, to) = (start - open.len(), end + close.len());
        return Edit { from, to, text: selected.to_owned(), selected: (0, selected.len()) };
    }
    let bare = selected.trim();
    let from = start + selected.len() - selected.trim_start().len();
    let (from, to) = if bare.is_empty() { (end, end) } else { (from, from + bare.len()) };
    let selected = (open.len(), open.len() + bare.len());
    Edit { from, to, text: [open, bare, close].concat(), selected }
}

/// A link with what is selected as its label, or as its address. One that is there goes.
fn link(text: &str, start: usize, end: usize) -> Edit {
    const ADDRESS: &str = "https://";
    let selected = &text[start..end];
    let behind = text[end..].strip_prefix("](").and_then(|rest| rest.find(')'));
    if let Some(address) = behind
        && text[..start].ends_with('[')
    {
        let to = end + "](".len() + address + ")".len();
        return Edit { from: start - 1, to, text: selected.to_owned(), selected: (0, selected.len()) };
    }
    if selected.starts_with("https://") || selected.starts_with("http://") {
        return Edit { from: start, to: end, text: ["[](", selected, ")"].concat(), selected: (1, 1) };
    }
    let text = ["[", selected, "](", ADDRESS, ")"].concat();
    let at = "[](".len() + selected.len();
    let selected = if selected.is_empty() { (1, 1) } else { (at, at + ADDRESS.len()) };
    Edit { from: start, to: end, text, selected }
}

/// A mark before each line of which something is selected. Where all have it, it goes.
fn before_lines(text: &str, start: usize, end: usize, mark: &str) -> Edit {
    let (from, to) = lines(text, start, end);
    let lines = text[from..to].split('\n');
    let changed: Vec<String> = match lines.clone().all(|line| line.starts_with(mark)) {
        true => lines.map(|line| line[mark.len()..].to_owned()).collect(),
        false => lines.map(|line| [mark, line].concat()).collect(),
    };
    let changed = changed.join("\n");
    let first = if start == end { changed.len() } else { 0 };
    Edit { from, to, selected: (first, changed.len()), text: changed }
}

/// From the beginning of the first line to the end of the last one.
fn lines(text: &str, start: usize, end: usize) -> (usize, usize) {
    let from = text[..start].rfind('\n').map_or(0, |at| at + 1);
    (from, text[end..].find('\n').map_or(text.len(), |at| end + at))
}

/// The emoji that somebody is about to name: where its colon stands, and what of its name is there. Two letters at
/// least, and the colon begins a word.
pub fn emoji_wanted(before: &str) -> Option<(usize, &str)> {
    let at = before.rfind(':')?;
    let name = &before[at + 1..];
    let is_name = name.len() >= 2
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'-'));
    let begins = before[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != ':');
    (is_name && begins).then_some((at, name))
}

/// Where a place in bytes is as browsers count: in UTF-16 code units.
pub fn to_units(text: &str, bytes: usize) -> u32 {
    text[..bytes].chars().map(|c| c.len_utf16() as u32).sum()
}

/// The other way round; within a character it is its beginning.
pub fn from_units(text: &str, units: u32) -> usize {
    let mut left = units as usize;
    for (at, c) in text.char_indices() {
        let Some(rest) = left.checked_sub(c.len_utf16()).filter(|_| left > 0) else { return at };
        left = rest;
    }
    text.len()
}
