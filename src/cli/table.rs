//! Lists, as columns for people or as JSON for scripts.

use crate::cli::{CommandResult, print};
use clap::Args;
use model::time::Timestamp;
use serde::Serialize;

/// For people or for scripts.
#[derive(Args)]
pub struct Format {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Format {
    /// Prints the value as JSON, or what is made of it for people.
    pub fn print<T: Serialize>(&self, value: &T, text: impl FnOnce() -> String) -> CommandResult {
        if self.json { print(serde_json::to_string_pretty(value)?) } else { print(text()) }
    }
}

/// Rows under a heading, each column as wide as its widest cell.
pub fn table<const N: usize>(heading: [&str; N], rows: &[[String; N]]) -> String {
    let width =
        |n: usize| rows.iter().map(|row| row[n].chars().count()).chain([heading[n].len()]).max().unwrap_or(0);
    let widths: [usize; N] = std::array::from_fn(width);
    let line = |cells: [&str; N]| {
        let cells = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rows = rows.iter().map(|row| line(row.each_ref().map(String::as_str)));
    [line(heading)].into_iter().chain(rows).collect::<Vec<_>>().join("\n")
}

/// A moment to the minute, in UTC; `-` if there is none.
pub fn moment(at: Option<Timestamp>) -> String {
    at.map_or("-".into(), |at| {
        let at = at.civil(0);
        format!("{:04}-{:02}-{:02} {:02}:{:02}", at.year, at.month, at.day, at.hour, at.minute)
    })
}
