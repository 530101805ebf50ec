//! What stands in a line: emphasis, spoilers, code, links and mentions.
//!
//! One pass. What may open something is text until it is closed; then what was read since becomes what stands in it.

use super::{
    MARKS, Node, Parser, Style,
    link::{self, is_east_asian},
};
use crate::mention;

/// The longest run of backticks that is a mark.
const TICKS: usize = 8;
/// The shortest and the longest name that is a mention, in characters; as usernames are.
const NAME: std::ops::RangeInclusive<usize> = 3..=20;

/// Marks that may be closed yet; the same text stands among what was read.
struct Opener {
    /// Where.
    at: usize,
    /// Which: `*`, `_`, `~` or `|`.
    mark: u8,
    /// How many of them.
    count: usize,
    /// How deep what was closed since goes.
    depth: u8,
}

/// A `[` that may be closed yet.
struct Bracket {
    /// Where it stands among what was read.
    at: usize,
    /// How many links there were before.
    links: usize,
}

struct Inline<'a> {
    text: &'a str,
    /// Up to here it was read.
    at: usize,
    /// From here on it is not among the nodes yet.
    from: usize,
    nodes: Vec<Node>,
    openers: Vec<Opener>,
    /// How many openers there are of a mark in a number: a search for none would read all for nothing.
    open: [usize; 12],
    brackets: Vec<Bracket>,
    links: usize,
    /// No address between brackets ends before this.
    no_address: usize,
    /// The lengths of runs of backticks that none follows.
    unclosed: [bool; TICKS + 1],
    steps: usize,
}

/// What stands beside a mark.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Space,
    /// Also a letter of a script that puts no spaces between words: there marks stand in the middle of sentences.
    Punctuation,
    Word,
}

impl Parser {
    /// Reads text that is not of several blocks.
    pub(super) fn inline(&mut self, text: &str, nodes: &mut Vec<Node>) {
        let mut inline = Inline {
            text,
            at: 0,
            from: 0,
            nodes: Vec::new(),
            openers: Vec::new(),
            open: [0; 12],
            brackets: Vec::new(),
            links: 0,
            no_address: 0,
            unclosed: [false; TICKS + 1],
            steps: 0,
        };
        inline.read();
        self.steps += inline.steps;
        nodes.append(&mut joined(inline.nodes));
    }
}

impl Inline<'_> {
    fn read(&mut self) {
        while let Some(byte) = self.text.as_bytes().get(self.at) {
            self.steps += 1;
            match byte {
                b'\\' => self.escape(),
                b'`' => self.code(),
                b'*' | b'_' | b'~' | b'|' => self.marks(*byte),
                b'[' => {
                    self.put(Node::Text("[".to_owned()), 1);
                    self.brackets.push(Bracket { at: self.nodes.len() - 1, links: self.links });
                }
                b']' => self.label(),
                b'@' => self.mention(),
                b'h' | b'H' => self.address(),
                _ => self.at += 1,
            }
        }
        self.flush();
    }

    /// What was read and is no mark is text.
    #[inline(never)]
    fn flush(&mut self) {
        let read = self.text.get(self.from..self.at).unwrap_or_default();
        if !read.is_empty() {
            self.nodes.push(Node::Text(read.to_owned()));
        }
        self.from = self.at;
    }

    /// Something stands here, up to so many bytes further on.
    #[inline(never)]
    fn put(&mut self, node: Node, length: usize) {
        self.flush();
        self.nodes.push(node);
        self.at += length;
        self.from = self.at;
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    // Code that is not copied into each place where it is called: the page has a budget.
    #[inline(never)]
    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    /// How often a mark is repeated here.
    fn run(&self, mark: u8) -> usize {
        self.rest().bytes().take_while(|byte| *byte == mark).count()
    }

    /// A backslash takes a mark its meaning, and stays where it does not.
    fn escape(&mut self) {
        let before = self.before();
        let is_mark = |c: &u8| {
            b"*_~|`[]@".contains(c) || (before.is_none_or(|before| before == '\n') && b">-+".contains(c))
        };
        if !self.text.as_bytes().get(self.at + 1).is_some_and(is_mark) {
            self.at += 1;
            return;
        }
        // It is the arm of somebody who shrugs.
        if before != Some('¯') {
            self.flush();
            self.from += 1;
        }
        self.at += 2;
    }

    fn code(&mut self) {
        let ticks = self.run(b'`');
        let start = self.at + ticks;
        if let Some(end) = self.closing_ticks(ticks, start) {
            let code = &self.text[start..end];
            // A space on both sides is there for backticks that the code begins or ends with.
            let bare = code.strip_prefix(' ').and_then(|code| code.strip_suffix(' '));
            let code = bare.filter(|bare| !bare.trim().is_empty()).unwrap_or(code);
            self.put(Node::Code(code.to_owned()), end + ticks - self.at);
        } else {
            self.at = start;
        }
    }

    /// Where the next run of as many backticks begins. Looked for in vain once only.
    fn closing_ticks(&mut self, ticks: usize, start: usize) -> Option<usize> {
        if *self.unclosed.get(ticks)? {
            return None;
        }
        let bytes = self.text.as_bytes();
        let mut at = start;
        while at < bytes.len() {
            let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
            self.steps += 1;
            if run == ticks {
                return Some(at);
            }
            at += run.max(1);
        }
        self.unclosed[ticks] = true;
        None
    }

    /// Emphasis and spoilers: CommonMark's rules for what may open and close.
    fn marks(&mut self, mark: u8) {
        let run = self.run(mark);
        let most = if matches!(mark, b'*' | b'_') { 1..=3 } else { 2..=2 };
        if !most.contains(&run) {
            self.at += run;
            return;
        }
        let (before, after) =
            (self.before(), self.text.get(self.at + run..).and_then(|rest| rest.chars().next()));
        let (left, right) = (side(before), side(after));
        let begins = right != Side::Space && (right == Side::Word || left != Side::Word);
        let ends = left != Side::Space && (left == Side::Word || right != Side::Word);
        let is_product = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let (opens, closes) = match mark {
            // A product.
            b'*' if is_product(before) && is_product(after) => (false, false),
            b'*' | b'~' => (begins, ends),
            // Not in a word: names_of_things, a||b.
            _ => (begins && (!ends || left != Side::Word), ends && (!begins || right != Side::Word)),
        };
        let mut count = run;
        while closes && count > 0 {
            let Some(taken) = self.close(mark, count) else { break };
            count -= taken;
            self.at += taken;
            self.from = self.at;
        }
        if opens && count > 0 {
            self.put(literal(mark, count), count);
            self.push(Opener { at: self.nodes.len() - 1, mark, count, depth: 0 });
        } else {
            self.at += count;
        }
    }

    /// Closes what so many marks may close. Returns how many of them that takes; the others may close more.
    fn close(&mut self, mark: u8, count: usize) -> Option<usize> {
        // One does not close two, nor two one; three have one and two in them.
        let fits = |open: usize| open == count || open == 3 || count == 3;
        if !(1..=3).any(|open| fits(open) && *self.open_of(mark, open) > 0) {
            return None;
        }
        let mut opener = self.pop()?;
        while !(opener.mark == mark && fits(opener.count)) {
            opener = self.pop()?;
        }
        let depth = opener.depth + 1;
        if depth > MARKS {
            return None;
        }
        self.flush();
        let taken = opener.count.min(count).min(2);
        let within = self.take(opener.at);
        opener.count -= taken;
        opener.depth = depth;
        if opener.count > 0 {
            // What is left of it may be closed, too.
            self.nodes.push(literal(mark, opener.count));
            self.push(opener);
        } else {
            self.deepen(depth);
        }
        let style = match (mark, taken) {
            (b'~', _) => Style::Strike,
            (b'|', _) => Style::Spoiler,
            (_, 1) => Style::Italic,
            _ => Style::Bold,
        };
        self.nodes.push(Node::Styled(style, within));
        Some(taken)
    }

    fn push(&mut self, opener: Opener) {
        *self.open_of(opener.mark, opener.count) += 1;
        self.openers.push(opener);
    }

    /// How many openers there are of a mark in a number.
    fn open_of(&mut self, mark: u8, count: usize) -> &mut usize {
        let first = match mark {
            b'*' => 0,
            b'_' => 3,
            b'~' => 6,
            _ => 9,
        };
        // There are one to three of each.
        &mut self.open[(first + count - 1) % 12]
    }

    /// Gives up the last opener; what was closed in it is in the one around it.
    fn pop(&mut self) -> Option<Opener> {
        let opener = self.openers.pop()?;
        self.steps += 1;
        *self.open_of(opener.mark, opener.count) -= 1;
        self.deepen(opener.depth);
        Some(opener)
    }

    fn deepen(&mut self, depth: u8) {
        if let Some(around) = self.openers.last_mut() {
            around.depth = around.depth.max(depth);
        }
    }

    /// What was read since the text here opened something, which goes, and so do brackets that were open since.
    fn take(&mut self, at: usize) -> Vec<Node> {
        let within = self.nodes.split_off(at + 1);
        self.steps += within.len();
        self.nodes.truncate(at);
        while self.brackets.last().is_some_and(|bracket| bracket.at > at) {
            self.brackets.pop();
        }
        joined(within)
    }

    /// `[label](address)`. A label with an address in it is none: it would say that it leads there.
    fn label(&mut self) {
        let (start, bracket) = (self.at + 2, self.brackets.pop());
        let bracket = bracket.filter(|bracket| bracket.links == self.links);
        if let Some(bracket) = bracket
            && self.text.as_bytes().get(self.at + 1) == Some(&b'(')
            && start >= self.no_address
        {
            let (length, is_there) = link::between_brackets(&self.text[start..]);
            self.steps += length;
            self.flush();
            if !is_there {
                self.no_address = start + length;
            } else if bracket.at + 1 < self.nodes.len() {
                while self.openers.last().is_some_and(|opener| opener.at > bracket.at) {
                    self.pop();
                }
                let label = Some(self.take(bracket.at));
                let url = self.text[start..start + length].to_owned();
                self.links += 1;
                self.put(Node::Link { url, label }, length + 3);
                return;
            }
        }
        self.at += 1;
    }

    fn address(&mut self) {
        if link::may_follow(self.before())
            && let Some((url, read)) = link::within(&self.text[self.at..], !self.brackets.is_empty())
        {
            let (url, length) = (url.to_owned(), url.len());
            self.steps += read;
            self.links += 1;
            self.put(Node::Link { url, label: None }, length);
        } else {
            self.at += 1;
        }
    }

    fn mention(&mut self) {
        let name = mention::name_at(self.text.get(self.at + 1..).unwrap_or_default());
        // Behind a mark that opens something a word begins, whichever mark it is.
        let is_opened = self.openers.last().is_some_and(|opener| opener.at + 1 == self.nodes.len());
        let begins = (is_opened && self.from == self.at) || self.before().is_none_or(mention::begins);
        if begins && NAME.contains(&name.len()) {
            self.put(Node::Mention(format!("@{name}")), 1 + name.len());
        } else {
            self.at += 1;
        }
    }
}

/// Marks that may open something, as long as they do not.
fn literal(mark: u8, count: usize) -> Node {
    Node::Text(std::iter::repeat_n(char::from(mark), count).collect())
}

/// Texts that stand beside each other are one.
fn joined(nodes: Vec<Node>) -> Vec<Node> {
    let mut joined: Vec<Node> = Vec::new();
    for node in nodes {
        match (joined.last_mut(), node) {
            (Some(Node::Text(before)), Node::Text(text)) => before.push_str(&text),
            (_, node) => joined.push(node),
        }
    }
    joined
}

fn side(c: Option<char>) -> Side {
    match c {
        Some(c) if is_east_asian(c) => Side::Punctuation,
        Some(c) if c.is_alphanumeric() => Side::Word,
        Some(c) if !c.is_whitespace() => Side::Punctuation,
        _ => Side::Space,
    }
}
