//! Settings from a `.env` file: lines of `NAME=VALUE`.
//!
//! dotenvy puts them into the environment, which only a crate with `unsafe` may do, but does not read them:
//! like a shell, it puts variables in the place of `$word`, and a password that holds a `$` would lose part
//! of itself without a word; and it quotes the line that it cannot read.

use std::{fs, io, path::Path};

/// Why a file cannot be used. No text of it is shown: it may be a password.
#[derive(Debug, thiserror::Error)]
pub enum EnvFileError {
    /// It cannot be read at all.
    #[error("{0}")]
    Unreadable(#[from] io::Error),
    /// The environment does not take it.
    #[error("a value has characters that no environment can hold")]
    Unusable,
    /// A line is not understood.
    #[error("line {0} is not NAME=VALUE")]
    Line(usize),
    /// A quotation mark is opened and not closed.
    #[error("line {0} opens a quotation mark and does not close it, or goes on behind it")]
    Quotes(usize),
}

/// Puts what the file at `path` says into the environment, if there is such a file, where the environment
/// does not say otherwise.
pub fn load(path: &Path) -> Result<(), EnvFileError> {
    let text = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        text => text?,
    };
    let lines = parse(&text)?.into_iter().map(|(name, value)| format!("{name}={}\n", quoted(&value)));
    dotenvy::from_read(lines.collect::<String>().as_bytes()).map_err(|_| EnvFileError::Unusable)
}

/// A value as dotenvy takes it literally.
fn quoted(value: &str) -> String {
    let escaped = value.replace('\\', "\\\\").replace('"', "\\\"").replace('$', "\\$").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

/// The settings in a text, in order. A line may begin with `export`; empty ones and those that begin with
/// `#` are passed over. A value is taken as it is, without the blanks around it and a comment that begins
/// with ` #`; in single quotes every character, in double quotes also `\n`, `\"` and `\\`, is part of it.
pub fn parse(text: &str) -> Result<Vec<(String, String)>, EnvFileError> {
    let lines = text.strip_prefix('\u{feff}').unwrap_or(text).lines().enumerate();
    let lines = lines.map(|(index, line)| (index + 1, line.trim()));
    let lines = lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    lines.map(|(number, line)| setting(line, number)).collect()
}

fn setting(line: &str, number: usize) -> Result<(String, String), EnvFileError> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=').ok_or(EnvFileError::Line(number))?;
    let name = name.trim();
    let begins = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !begins || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(EnvFileError::Line(number));
    }
    Ok((name.to_owned(), value_of(value.trim(), number)?))
}

fn value_of(text: &str, number: usize) -> Result<String, EnvFileError> {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
        let comment = if text.starts_with('#') { Some(0) } else { text.find(" #").or(text.find("\t#")) };
        return Ok(text[..comment.unwrap_or(text.len())].trim_end().to_owned());
    };
    let (mut value, mut rest) = (String::new(), text[1..].chars());
    loop {
        match rest.next() {
            None => return Err(EnvFileError::Quotes(number)),
            Some(c) if c == quote => break,
            Some('\\') if quote == '"' => match rest.next() {
                Some('n') => value.push('\n'),
                Some(c @ ('"' | '\\' | '$')) => value.push(c),
                Some(c) => value.extend(['\\', c]),
                None => return Err(EnvFileError::Quotes(number)),
            },
            Some(c) => value.push(c),
        }
    }
    let rest = rest.as_str().trim();
    if rest.is_empty() || rest.starts_with('#') { Ok(value) } else { Err(EnvFileError::Quotes(number)) }
}

#[cfg(test)]
mod tests {
    use super::{EnvFileError, parse, quoted};

    #[test]
    fn a_value_is_what_was_written() {
        for (line, expected) in [
            ("A=mongodb://anna:pa$word@host/?x=1&y=2", "mongodb://anna:pa$word@host/?x=1&y=2"),
            ("export A = pa${word}#1 ", "pa${word}#1"),
            ("A=value # a comment", "value"),
            ("A=# a comment", ""),
            ("A=", ""),
            ("A='it is \"$HOME\" \\n'", "it is \"$HOME\" \\n"),
            ("A=\"two\\nlines, \\\"quoted\\\" \\\\ and \\$\" # said", "two\nlines, \"quoted\" \\ and $"),
            ("A=\"C:\\temp\"", "C:\\temp"),
            ("A=a=b", "a=b"),
            ("A=pa'ss", "pa'ss"),
        ] {
            let [(name, value)] = &parse(line).expect(line)[..] else { panic!("{line}") };
            assert_eq!((name.as_str(), value.as_str()), ("A", expected), "{line}");
            let line = format!("A={}", quoted(value));
            let mut taken = dotenvy::from_read_iter(line.as_bytes());
            let taken = taken.next().and_then(Result::ok).map(|(_, value)| value);
            assert_eq!(taken.as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn every_line_counts_and_what_is_none_is_named_without_its_text() {
        let all = parse("\u{feff}# settings\r\nA=1\r\n\r\n  B=2\n").expect("settings");
        assert_eq!(all, [("A".into(), "1".into()), ("B".into(), "2".into())]);
        for (text, expected) in [
            ("A=1\nhunter2", "line 2 is not NAME=VALUE"),
            ("hun ter2=x", "line 1 is not NAME=VALUE"),
            ("=hunter2", "line 1 is not NAME=VALUE"),
            ("A='hunter2", "line 1 opens a quotation mark and does not close it, or goes on behind it"),
            ("A=\"hunter2\\", "line 1 opens a quotation mark and does not close it, or goes on behind it"),
            ("A='hunter' 2", "line 1 opens a quotation mark and does not close it, or goes on behind it"),
        ] {
            let error = parse(text).expect_err(text);
            assert_eq!(error.to_string(), expected);
            assert!(!matches!(error, EnvFileError::Unreadable(_)));
        }
    }
}
