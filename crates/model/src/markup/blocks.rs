//! What takes whole lines: fences, quotes and lists.

use super::{BLOCKS, Node, Parser, Style};

/// What an item of a list begins with.
#[derive(Clone, Copy)]
struct Marker {
    /// What tells one list from another: `-`, `*`, `+`, or what stands behind the number.
    kind: u8,
    /// The number, where there is one.
    number: Option<u32>,
    /// So many spaces stand before it.
    indent: usize,
    /// Where the item's text begins.
    width: usize,
}

impl Parser {
    /// Blocks, and the text between them.
    pub(super) fn blocks(&mut self, lines: &[&str], depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        let (mut at, mut from) = (0, 0);
        while at < lines.len() {
            self.steps += 1;
            match self.block(&lines[at..], depth) {
                Some((block, taken)) => {
                    self.words(&lines[from..at], true, &mut nodes);
                    nodes.push(block);
                    at += taken;
                    from = at;
                }
                None => at += 1,
            }
        }
        self.words(&lines[from..], false, &mut nodes);
        nodes
    }

    /// Text beside blocks. One blank line towards a block is the room that the block has anyway.
    fn words(&mut self, mut lines: &[&str], block_follows: bool, nodes: &mut Vec<Node>) {
        if let [first, rest @ ..] = lines
            && !nodes.is_empty()
            && is_blank(first)
        {
            lines = rest;
        }
        if let [rest @ .., last] = lines
            && block_follows
            && is_blank(last)
        {
            lines = rest;
        }
        if !lines.is_empty() {
            self.inline(&lines.join("\n"), nodes);
        }
    }

    /// The block that begins with the first line, and how many lines it takes.
    fn block(&mut self, lines: &[&str], depth: usize) -> Option<(Node, usize)> {
        let first = lines.first()?;
        if depth >= BLOCKS {
            return None;
        }
        if let Some(ticks) = fence(first) {
            let rest = &lines[1..];
            let end = rest.iter().position(|line| closes(line, ticks));
            let code = &rest[..end.unwrap_or(rest.len())];
            self.steps += code.len();
            // Without an end it goes to the end of all; what never began stays as it is.
            let is_there = end.is_some() || !code.iter().all(|line| is_blank(line));
            return is_there
                .then(|| (Node::Fenced(code.join("\n")), 1 + code.len() + usize::from(end.is_some())));
        }
        if let Some(said) = quoted(first) {
            // An arrow alone quotes nothing.
            if said.trim_matches(['>', ' ']).is_empty() {
                return None;
            }
            let within: Vec<&str> = lines.iter().map_while(|line| quoted(line)).collect();
            self.steps += within.len();
            return Some((Node::Styled(Style::Quote, self.blocks(&within, depth + 1)), within.len()));
        }
        let first = marker(first)?;
        let (mut items, mut at) = (Vec::new(), 0);
        while let Some((line, found)) = lines.get(at).and_then(|line| Some((line, marker(line)?)))
            && found.kind == first.kind
        {
            let mut within = vec![&line[found.width..]];
            within.extend(lines[at + 1..].iter().map_while(|line| continued(line, found)));
            at += within.len();
            self.steps += within.len();
            items.push(Node::Styled(Style::Item, self.blocks(&within, depth + 1)));
        }
        Some((Node::Styled(first.number.map_or(Style::List, Style::Numbered), items), at))
    }
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

/// How many spaces a line begins with.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// How many backticks open a fence in this line. A language may follow, but no other backtick.
fn fence(line: &str) -> Option<usize> {
    let line = line.trim_start_matches(' ');
    let language = line.trim_start_matches('`');
    let ticks = line.len() - language.len();
    (ticks >= 3 && !language.contains('`')).then_some(ticks)
}

fn closes(line: &str, ticks: usize) -> bool {
    let line = line.trim();
    line.len() >= ticks && line.trim_start_matches('`').is_empty()
}

/// What a line quotes. The arrows have a space behind them, so that `>_<` stays what it is.
fn quoted(line: &str) -> Option<&str> {
    let said = line.trim_start_matches(' ').strip_prefix('>')?;
    let behind = said.trim_start_matches('>');
    (behind.is_empty() || behind.starts_with(' ')).then(|| said.strip_prefix(' ').unwrap_or(said))
}

/// What an item begins with. A line of nothing but marks is no item.
fn marker(line: &str) -> Option<Marker> {
    let indent = indent(line);
    let rest = &line[indent..];
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let kind = *rest.as_bytes().get(digits)?;
    let number = match (digits, kind) {
        (0, b'-' | b'*' | b'+') => None,
        (1..=9, b'.' | b')') => Some(rest[..digits].parse().ok()?),
        _ => return None,
    };
    let text = rest[digits + 1..].strip_prefix(' ')?.trim_start_matches(' ');
    let is_item = !text.trim_matches(['-', '*', '+', '_', ' ']).is_empty();
    is_item.then(|| Marker { kind, number, indent, width: line.len() - text.len() })
}

/// A line that goes on with an item, without the room before it.
fn continued(line: &str, marker: Marker) -> Option<&str> {
    let indent = indent(line);
    (indent >= marker.indent + 2 && !is_blank(line)).then(|| &line[indent.min(marker.width)..])
}
