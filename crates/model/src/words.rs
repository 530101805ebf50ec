//! How times are called: months, days, and the halves of a day.

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
