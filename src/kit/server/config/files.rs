//! How much may be kept in files.

use clap::{Args, Command, FromArgMatches};

/// How much may be kept in files. Doc comments of settings are what `--help` says.
#[derive(Args, Clone, Copy, Debug)]
pub struct FileBounds {
    /// The largest file that may be sent, like 100MB
    #[arg(long = "file-size", env = "SOTTO_FILE_SIZE", value_name = "SIZE", default_value = "100MB")]
    #[arg(value_parser = size)]
    pub size: u64,
    /// How much the files of one person may take up, like 2GB
    #[arg(long = "file-quota", env = "SOTTO_FILE_QUOTA", value_name = "SIZE", default_value = "2GB")]
    #[arg(value_parser = size)]
    pub quota: u64,
    /// How much of the disk files leave free, like 1GB
    #[arg(long = "free-room", env = "SOTTO_FREE_ROOM", value_name = "SIZE", default_value = "1GB")]
    #[arg(value_parser = size)]
    pub free: u64,
}

impl Default for FileBounds {
    /// What is written at the settings.
    fn default() -> Self {
        let matches =
            Self::augment_args(Command::new("sotto")).no_binary_name(true).get_matches_from([""; 0]);
        Self::from_arg_matches(&matches).unwrap_or_else(|error| unreachable!("a usual bound: {error}"))
    }
}

/// The units of sizes, in bytes: as disks are sold.
const UNITS: [(&str, u64); 5] =
    [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000), ("B", 1)];

/// Reads a size: a whole number and a unit; without one it is bytes.
fn size(text: &str) -> Result<u64, &'static str> {
    let unit = |(unit, bytes): &(&str, u64)| {
        let end = text.len().checked_sub(unit.len())?;
        let is_unit = text.get(end..).is_some_and(|end| end.eq_ignore_ascii_case(unit));
        is_unit.then(|| (text[..end].trim_end().to_owned(), *bytes))
    };
    let (number, bytes) = UNITS.iter().find_map(unit).unwrap_or_else(|| (text.to_owned(), 1));
    let size = number.parse::<u64>().ok().and_then(|number| number.checked_mul(bytes));
    size.ok_or("expected a size like 100MB or 2GB")
}
