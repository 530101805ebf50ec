//! Moments in time: milliseconds inside, RFC 3339 UTC on the wire.
//!
//! Written out here because the page carries it: a date library would weigh more than all of
//! `chat/`. A test compares it with one.

use crate::words::{HALVES, MONTHS, SHORT, THIS_MONTH, TODAY, WEEKDAYS, YESTERDAY};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

/// A moment, in milliseconds since 1970-01-01T00:00:00Z; years 0 to 9999 on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

/// Milliseconds in a day.
pub const DAY: i64 = 86_400_000;

impl Timestamp {
    /// The calendar's view of this moment in a place.
    pub fn civil(self, place: impl Into<Place>) -> Civil {
        let Place { offset, twelve } = place.into();
        let local = self.0 + i64::from(offset) * 60_000;
        let (days, ms) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (year, month, day) = date_of(days);
        let seconds = ms / 1000;
        Civil {
            days,
            year,
            month,
            day,
            weekday: (days + 3).rem_euclid(7) as u8,
            hour: (seconds / 3600) as u8,
            minute: (seconds / 60 % 60) as u8,
            second: (seconds % 60) as u8,
            millisecond: (ms % 1000) as u16,
            twelve,
        }
    }

    /// The day of this moment `offset` minutes east of UTC, in days since 1970-01-01.
    pub fn day(self, offset: i32) -> i64 {
        (self.0 + i64::from(offset) * 60_000).div_euclid(DAY)
    }

    /// Reads RFC 3339 in UTC (`2026-11-23T08:11:35.123Z`); anything else is `None`.
    pub fn parse(text: &str) -> Option<Self> {
        let (date, time) = text.strip_suffix(['Z', 'z'])?.split_once(['T', 't'])?;
        let [year, month, day] = fields(date, '-', [4, 2, 2])?;
        let (time, fraction) = time.split_once('.').unwrap_or((time, "0"));
        let [hour, minute, second] = fields(time, ':', [2, 2, 2])?;
        let valid = (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60
            && !fraction.is_empty()
            && fraction.bytes().all(|b| b.is_ascii_digit());
        let days = days_of(year, month, day);
        if !valid || date_of(days) != (year, month as u8, day as u8) {
            return None;
        }
        let ms: i64 = format!("{fraction:0<3.3}").parse().ok()?;
        Some(Self(days * DAY + ((hour * 60 + minute) * 60 + second) * 1000 + ms))
    }
}

/// What follows the name of a time zone where clocks have twelve hours, as the cookie `tz` has it.
pub const TWELVE: &str = "~12";

/// Where a moment is shown, and how clocks are read there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Minutes east of UTC.
    pub offset: i32,
    /// Whether a clock has twelve hours.
    pub twelve: bool,
}

/// So many minutes east of UTC, with a clock of 24 hours.
impl From<i32> for Place {
    fn from(offset: i32) -> Self {
        Self { offset, twelve: false }
    }
}

/// A moment as a calendar and a clock show it in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Civil {
    /// Days since 1970-01-01, there.
    pub days: i64,
    /// The year.
    pub year: i64,
    /// The month, 1 to 12.
    pub month: u8,
    /// The day of the month, 1 to 31.
    pub day: u8,
    /// The day of the week, 0 (Monday) to 6.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// 0 to 59.
    pub minute: u8,
    /// 0 to 59.
    pub second: u8,
    /// 0 to 999.
    pub millisecond: u16,
    /// Whether a clock there has twelve hours.
    pub twelve: bool,
}

impl Civil {
    /// `14:32`, or `2:32 PM` where a clock has twelve hours.
    pub fn clock(&self) -> String {
        let Self { hour, minute, twelve, .. } = *self;
        match twelve {
            false => format!("{hour:02}:{minute:02}"),
            true => {
                // Midnight and noon are twelve.
                let half = HALVES[usize::from(hour / 12)];
                format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1)
            }
        }
    }

    /// `23 November 2026`.
    pub fn date(&self) -> String {
        format!("{} {} {}", self.day, MONTHS[usize::from(self.month) - 1], self.year)
    }

    /// `2026-11-23`, as fields for dates have it.
    pub fn iso_date(&self) -> String {
        format!("{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }

    /// `Today`, `Yesterday`, `Tuesday` within the last week, else the date.
    pub fn day_label(&self, today: &Civil) -> String {
        match today.days - self.days {
            0 => TODAY.into(),
            1 => YESTERDAY.into(),
            2..=6 => WEEKDAYS[usize::from(self.weekday)].into(),
            _ => self.date(),
        }
    }

    /// Counts months: two moments of one month have the same number, and later ones a greater one.
    pub fn month_number(&self) -> i64 {
        self.year * 12 + i64::from(self.month)
    }

    /// `This month`, else `November 2026`.
    pub fn month_label(&self, today: &Civil) -> String {
        match today.month_number() == self.month_number() {
            true => THIS_MONTH.into(),
            false => format!("{} {}", MONTHS[usize::from(self.month) - 1], self.year),
        }
    }

    /// What a list has room for: `14:32` today, `Tue` within the last week, else `23 Nov`.
    pub fn short_label(&self, today: &Civil) -> String {
        match today.days - self.days {
            0 => self.clock(),
            1..=6 => WEEKDAYS[usize::from(self.weekday)][..SHORT].into(),
            _ => format!("{} {}", self.day, &MONTHS[usize::from(self.month) - 1][..SHORT]),
        }
    }
}

/// Days since 1970-01-01 to (year, month, day), proleptic Gregorian calendar
/// (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").
fn date_of(days: i64) -> (i64, u8, u8) {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month as u8, day as u8)
}

fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let y = year - i64::from(month <= 2);
    let era = y.div_euclid(400);
    let yoe = y.rem_euclid(400);
    let mp = if month > 2 { month - 3 } else { month + 9 };
    let doy = (153 * mp + 2) / 5 + day - 1;
    era * 146_097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719_468
}

/// Splits into three numbers of exactly the given widths.
fn fields(text: &str, separator: char, widths: [usize; 3]) -> Option<[i64; 3]> {
    let mut parts = text.split(separator);
    let mut numbers = [0; 3];
    for (number, width) in numbers.iter_mut().zip(widths) {
        let part = parts.next()?;
        if part.len() != width || !part.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(numbers)
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let c = self.civil(0);
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            c.year, c.month, c.day, c.hour, c.minute, c.second, c.millisecond
        )
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| D::Error::custom("not an RFC 3339 time in UTC"))
    }
}
