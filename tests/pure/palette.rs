//! How names fit what was typed into the palette, and when a day begins.

use super::grouping::at;
use sotto::{
    browser::clock::Zone,
    chat::view::palette::{
        beginning_of,
        rank::{Fit, fit},
    },
};

/// The way in which a name fits, and those of its characters that do.
fn fits(typed: &str, name: &str) -> Option<(Fit, String)> {
    let (fit, at) = fit(typed, name)?;
    Some((fit, at.iter().map(|at| name.chars().nth(*at).expect("a character")).collect()))
}

#[test]
fn beginnings_are_better_than_words_and_words_better_than_letters() {
    for (typed, name, fit, marked) in [
        ("ada", "Ada Lovelace", Fit::Beginning, "Ada"),
        ("ADA L", "Ada Lovelace", Fit::Beginning, "Ada L"),
        ("love", "Ada Lovelace", Fit::Words, "Love"),
        ("al", "Ada Lovelace", Fit::Words, "AL"),
        ("ad lo", "Ada Lovelace", Fit::Words, "AdLo"),
        ("hop", "rear-admiral-hopper", Fit::Words, "hop"),
        ("lace", "Ada Lovelace", Fit::Within, "lace"),
        ("aoe", "Ada Lovelace", Fit::Scattered, "Aoe"),
        ("", "Ada", Fit::Beginning, ""),
        ("  ada ", "Ada", Fit::Beginning, "Ada"),
    ] {
        assert_eq!(fits(typed, name), Some((fit, marked.to_owned())), "{typed} in {name}");
    }
    let [best, words, within, scattered] = [Fit::Beginning, Fit::Words, Fit::Within, Fit::Scattered];
    assert!(best < words && words < within && within < scattered);
    for (typed, name) in
        [("adb", "Ada"), ("lovelace ada", "Ada Lovelace"), ("ada lovelace king", "Ada"), ("a", "")]
    {
        assert_eq!(fits(typed, name), None, "{typed} in {name}");
    }
}

#[test]
fn neither_case_nor_marks_count() {
    for (typed, name, marked) in [
        ("zoe", "Zoë", "Zoë"),
        ("ZOË", "zoe", "zoe"),
        ("lodz", "Łódź", "Łódź"),
        ("zoe", "Zoe\u{308}", "Zoe"),
        ("zoe\u{308}", "Zoë", "Zoë"),
        ("привет", "Привет", "Привет"),
        ("👍", "👍 club", "👍"),
    ] {
        assert_eq!(fits(typed, name), Some((Fit::Beginning, marked.to_owned())), "{typed} in {name}");
    }
}

#[test]
fn a_day_begins_where_the_viewer_is() {
    for (day, zone, moment) in [
        ("2026-11-23", "UTC", "2026-11-23T00:00:00Z"),
        ("2026-11-23", "Asia/Kolkata", "2026-11-22T18:30:00Z"),
        ("2026-11-23", "America/New_York", "2026-11-23T05:00:00Z"),
        // The days on which clocks are set, and those after them.
        ("2026-03-29", "Europe/Berlin", "2026-03-28T23:00:00Z"),
        ("2026-03-30", "Europe/Berlin", "2026-03-29T22:00:00Z"),
        ("2026-10-25", "Europe/Berlin", "2026-10-24T22:00:00Z"),
        ("2026-10-26", "Europe/Berlin", "2026-10-25T23:00:00Z"),
    ] {
        assert_eq!(beginning_of(day, &Zone::rendered(zone)), Some(at(moment)), "{day} in {zone}");
    }
    for day in ["", "2026-02-30", "23.11.2026", "2026-11-23T00:00:00Z", "26-11-23"] {
        assert_eq!(beginning_of(day, &Zone::rendered("UTC")), None, "{day:?}");
    }
    let date = |moment: &str| Zone::rendered("Asia/Kolkata").civil(at(moment)).iso_date();
    assert_eq!(
        (date("2026-11-22T18:29:59Z"), date("2026-11-22T18:30:00Z")),
        ("2026-11-22".into(), "2026-11-23".into())
    );
}
