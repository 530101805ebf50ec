//! Our few lines of calendar against a whole library of it.

use jiff::{Timestamp as Moment, tz::Offset};
use model::{
    time::{DAY, Place, Timestamp},
    words::within_sentence,
};
use proptest::prelude::*;

const FIRST: &str = "0001-01-01T00:00:00.000Z";
const LAST: &str = "9999-12-30T22:00:00.000Z"; // the last moment that jiff knows, in round numbers

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|| panic!("{text} is a moment"))
}

fn moment() -> impl Strategy<Value = Timestamp> {
    let ms = at(FIRST).0..at(LAST).0;
    // Every other one near midnight, where days end.
    prop_oneof![ms.clone(), (ms, -2..3_i64).prop_map(|(ms, off)| ms - ms.rem_euclid(DAY) + off)]
        .prop_map(|ms| Timestamp(ms.clamp(at(FIRST).0, at(LAST).0)))
}

fn by_jiff(moment: Timestamp) -> Moment {
    Moment::from_millisecond(moment.0).expect("within jiff's years")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_moment_is_written_as_jiff_writes_it_and_read_back(moment in moment()) {
        let text = moment.to_string();
        prop_assert_eq!(&text, &format!("{:.3}", by_jiff(moment)));
        prop_assert_eq!(Timestamp::parse(&text), Some(moment));
        let json = serde_json::to_string(&moment).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Timestamp>(&json).ok(), Some(moment));
    }

    #[test]
    fn the_calendar_in_any_zone_is_jiffs(moment in moment(), offset in -14 * 60..=14 * 60_i32) {
        let inside = moment.0.clamp(at(FIRST).0 + DAY, at(LAST).0 - DAY);
        let zone = Offset::from_seconds(offset * 60).expect("within a day");
        let expected = zone.to_datetime(by_jiff(Timestamp(inside)));
        let c = Timestamp(inside).civil(offset);
        let date = (expected.year().into(), expected.month() as u8, expected.day() as u8);
        prop_assert_eq!((c.year, c.month, c.day), date);
        let time = (expected.hour() as u8, expected.minute() as u8, expected.second() as u8);
        prop_assert_eq!((c.hour, c.minute, c.second), time);
        prop_assert_eq!(i32::from(c.millisecond), i32::from(expected.millisecond()));
        prop_assert_eq!(c.weekday, expected.weekday().to_monday_zero_offset() as u8);
    }

    #[test]
    fn garbage_is_refused_without_a_panic(text in "\\PC{0,30}") {
        prop_assert_eq!(Timestamp::parse(&text), None);
    }

    #[test]
    fn a_date_is_valid_exactly_if_jiff_says_so(year in 1..10_000_i32, month in 0..14_i32, day in 0..33_i32) {
        let text = format!("{year:04}-{month:02}-{day:02}T12:00:00Z");
        let expected = text.parse::<Moment>().ok().map(|moment| Timestamp(moment.as_millisecond()));
        prop_assert_eq!(Timestamp::parse(&text), expected);
    }
}

/// The rules for leap years apply on single days in 4, 100 and 400 years: chance would miss them.
#[test]
fn every_year_ends_its_months_where_jiff_does() {
    for year in 1..9999_i16 {
        for (month, day) in [(1, 1), (2, 28), (3, 1), (12, 31)] {
            let date = jiff::civil::date(year, month, day);
            for date in [date, date.tomorrow().expect("within jiff's years")] {
                let expected = format!("{date}T00:00:00.000Z");
                let days = date.since(jiff::civil::date(1970, 1, 1)).expect("a span").get_days();
                let moment = Timestamp(i64::from(days) * DAY);
                assert_eq!(moment.to_string(), expected);
                assert_eq!(Timestamp::parse(&expected), Some(moment));
            }
        }
    }
}

#[test]
fn fractions_of_any_length_are_cut_to_milliseconds() {
    for (fraction, ms) in
        [("", 0), (".1", 100), (".12", 120), (".123", 123), (".1239", 123), (".000000001", 0)]
    {
        assert_eq!(at(&format!("1970-01-01T00:00:00{fraction}Z")), Timestamp(ms), "{fraction}");
    }
    assert_eq!(at("1970-01-01t00:00:01z"), Timestamp(1000), "RFC 3339 allows lower case");
}

#[test]
fn what_is_not_rfc_3339_in_utc_is_refused() {
    for text in [
        "",
        "Z",
        "T",
        "2026-11-23",
        "2026-11-23T08:11:35",
        "2026-11-23 08:11:35Z",
        "2026-11-23T08:11Z",
        "2026-11-23T08:11:35+00:00",
        "2026-11-23T08:11:35.Z",
        "2026-11-23T08:11:35.1x3Z",
        "2026-11-23T08:11:35.-12Z",
        "2026-02-29T00:00:00Z",
        "1900-02-29T00:00:00Z",
        "2026-04-31T00:00:00Z",
        "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-01-00T00:00:00Z",
        "2026-11-23T24:00:00Z",
        "2026-11-23T08:60:00Z",
        "2026-11-23T08:11:60Z",
        "26-11-23T08:11:35Z",
        "+2026-11-23T08:11:35Z",
        "2026-+1-23T08:11:35Z",
        "2026-11-23T8:11:35Z",
        "2026-11-23-01T08:11:35Z",
        "2026-11-23T08:11:35:00Z",
        "２０２６-11-23T08:11:35Z",
    ] {
        assert_eq!(Timestamp::parse(text), None, "{text}");
    }
    assert!(serde_json::from_str::<Timestamp>("1795420800000").is_err(), "a number is no moment");
}

#[test]
fn days_are_called_what_people_call_them() {
    let today = at("2026-11-23T08:00:00Z").civil(0); // a Monday
    for (text, label, short) in [
        ("2026-11-23T23:59:59Z", "Today", "23:59"),
        ("2026-11-23T00:00:00Z", "Today", "00:00"),
        ("2026-11-22T23:59:59Z", "Yesterday", "Sun"),
        ("2026-11-21T12:00:00Z", "Saturday", "Sat"),
        ("2026-11-17T12:00:00Z", "Tuesday", "Tue"),
        ("2026-11-16T12:00:00Z", "16 November 2026", "16 Nov"),
        ("2025-11-23T12:00:00Z", "23 November 2025", "23 Nov"),
        ("2026-11-24T00:00:00Z", "24 November 2026", "24 Nov"),
    ] {
        let there = at(text).civil(0);
        assert_eq!(
            (there.day_label(&today), there.short_label(&today)),
            (label.into(), short.into()),
            "{text}"
        );
    }
}

#[test]
fn months_are_called_by_name_but_for_this_one() {
    let today = at("2026-11-23T08:00:00Z").civil(0);
    for (text, label) in [
        ("2026-11-30T23:59:59Z", "This month"),
        ("2026-11-01T00:00:00Z", "This month"),
        ("2026-10-31T23:59:59Z", "October 2026"),
        ("2026-12-01T00:00:00Z", "December 2026"),
        ("2025-11-23T08:00:00Z", "November 2025"),
    ] {
        assert_eq!(at(text).civil(0).month_label(&today), label, "{text}");
    }
    let number = |text: &str| at(text).civil(0).month_number();
    assert_eq!(number("2026-01-01T00:00:00Z"), number("2025-12-31T23:59:59Z") + 1);
}

#[test]
fn a_day_begins_where_one_is() {
    let moment = at("2026-11-22T23:30:00Z");
    let now = at("2026-11-23T08:00:00Z");
    assert_eq!(moment.civil(0).day_label(&now.civil(0)), "Yesterday");
    assert_eq!(moment.civil(60).day_label(&now.civil(60)), "Today");
    assert_eq!(moment.civil(330).clock(), "05:00");
    let twelve = |hours: i32| moment.civil(Place { offset: 60 * hours - 1410, twelve: true }).clock();
    let clocks = [
        (0, "12:00 AM"),
        (1, "1:00 AM"),
        (11, "11:00 AM"),
        (12, "12:00 PM"),
        (13, "1:00 PM"),
        (23, "11:00 PM"),
    ];
    for (hours, expected) in clocks {
        assert_eq!(twelve(hours), expected);
    }
    assert_eq!(moment.civil(-180).date(), "22 November 2026");
}

#[test]
fn within_a_sentence_names_keep_their_capitals() {
    for (day, within) in [
        ("Today", "today"),
        ("Yesterday", "yesterday"),
        ("Tuesday", "Tuesday"),
        ("7 December 2026", "7 December 2026"),
    ] {
        assert_eq!(within_sentence(day), within);
    }
}
