//! What the marks in a message's text mean: a tree that becomes elements, and never HTML as text.
//!
//! The spelling is CommonMark's for emphasis, code, fences, quotes, lists and links, with `~~struck~~` and
//! `||hidden||` beside it. There are no headings, images, tables and HTML. What is no mark stays as it was typed, line
//! breaks and blank space too. Server and page draw the same tree. `docs/decisions/0031-own-markup.md` says why this is
//! a parser of ours, and where it reads otherwise than CommonMark.
//!
//! It takes time in proportion to the text: each mark is looked at a bounded number of times (see [`steps`]), and
//! nothing is nested deeper than [`BLOCKS`] and [`MARKS`] say.

mod blocks;
mod emoji;
mod inline;
pub mod link;

pub use emoji::is_emoji_alone;

/// How deep quotes and lists may stand in each other; what is deeper is text.
pub const BLOCKS: usize = 5;
/// How deep emphasis and spoilers may stand in each other; what is deeper is text.
pub const MARKS: u8 = 8;
/// In plain text, in place of what is hidden.
pub const MASK: &str = "(spoiler)";

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Node {
    /// As it was typed.
    Text(String),
    /// `@` and what may be a username, as typed: whose it is, if anybody's, whoever draws it knows.
    Mention(String),
    /// An address of `http` or `https`. Without a label the address itself is shown.
    Link {
        /// Where it leads.
        url: String,
        /// What is shown instead of it; there is no other link in it.
        label: Option<Vec<Node>>,
    },
    /// Code in a line.
    Code(String),
    /// Lines of code.
    Fenced(String),
    /// What stands in it is shown in this way.
    Styled(Style, Vec<Node>),
}

/// How something is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `**so**` or `__so__`.
    Bold,
    /// `*so*` or `_so_`.
    Italic,
    /// `~~so~~`.
    Strike,
    /// `||so||`: not before it is asked for.
    Spoiler,
    /// Lines that begin with `> `. This and what follows are blocks: each begins a line.
    Quote,
    /// Lines that begin with `- `, `* ` or `+ `. It consists of items.
    List,
    /// Lines that begin with a number and `. ` or `) `; the first has this one.
    Numbered(u32),
    /// One of a list.
    Item,
}

impl Node {
    fn is_block(&self) -> bool {
        let Self::Styled(style, _) = self else { return matches!(self, Self::Fenced(_)) };
        matches!(style, Style::Quote | Style::List | Style::Numbered(_) | Style::Item)
    }
}

/// Reads a text.
pub fn parse(text: &str) -> Vec<Node> {
    Parser::default().read(text)
}

/// How many steps it takes to read a text: a number that grows as the text does, and no faster.
pub fn steps(text: &str) -> usize {
    let mut parser = Parser::default();
    parser.read(text);
    parser.steps
}

/// The text without its marks, for where it stands in a line: a spoiler is masked, a link is its label.
pub fn plain(text: &str) -> String {
    let mut plain = String::new();
    flatten(&parse(text), &mut plain);
    plain
}

/// Puts the text of these behind what is there.
pub(crate) fn flatten(nodes: &[Node], plain: &mut String) {
    let mut after_block = false;
    for node in nodes {
        let is_block = node.is_block();
        if (after_block || is_block) && !plain.is_empty() && !plain.ends_with('\n') {
            plain.push('\n');
        }
        after_block = is_block;
        match node {
            Node::Text(text) | Node::Mention(text) | Node::Code(text) | Node::Fenced(text) => {
                plain.push_str(text)
            }
            Node::Link { url, label: None } => plain.push_str(url),
            Node::Styled(Style::Spoiler, _) => plain.push_str(MASK),
            Node::Link { label: Some(within), .. } | Node::Styled(_, within) => flatten(within, plain),
        }
    }
}

/// What is reading; it counts its steps.
#[derive(Default)]
struct Parser {
    steps: usize,
}

impl Parser {
    fn read(&mut self, text: &str) -> Vec<Node> {
        let lines: Vec<&str> = text.split('\n').collect();
        self.blocks(&lines, 0)
    }
}
