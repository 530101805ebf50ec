//! How times and sizes are called: months, days, the halves of a day, kilobytes.

/// The months, from January.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// The days of a week, from Monday.
pub const WEEKDAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
/// This day.
pub const TODAY: &str = "Today";
/// The day before it.
pub const YESTERDAY: &str = "Yesterday";
/// This month.
pub const THIS_MONTH: &str = "This month";
/// The half of a day before noon, and the one after it.
pub const HALVES: [&str; 2] = ["AM", "PM"];
/// So many letters of a month or a weekday stand for it where there is little room.
pub const SHORT: usize = 3;

/// A day as it stands within a sentence; names of weekdays and months keep their capitals.
pub fn within_sentence(day: &str) -> &str {
    match day {
        TODAY => "today",
        YESTERDAY => "yesterday",
        day => day,
    }
}

/// A size as people write it, rounded down: 1.4 MB.
pub fn size(bytes: u64) -> String {
    let units = [(" GB", 1_000_000_000), (" MB", 1_000_000), (" kB", 1000)];
    let (unit, one) = units.into_iter().find(|(_, one)| bytes >= *one).unwrap_or((" B", 1));
    let (whole, tenths) = (bytes / one, bytes % one * 10 / one);
    let mut size = whole.to_string();
    if whole < 10 && tenths > 0 {
        size = [size, tenths.to_string()].join(".");
    }
    size + unit
}
