//! What each role may do in a group, and what its settings change of that: all of it.

use model::{
    error::ErrorCode,
    group::{Act, Role, Setting, Settings, may, set, shows_history},
};
use std::collections::BTreeMap;

/// Every act, with what a member, an admin and the owner may while nothing is set, and the setting that takes it from
/// members.
const TABLE: [(Act, [bool; 3], Option<Setting>); 12] = [
    (Act::Write, [true, true, true], Some(Setting::Writes)),
    (Act::Add, [true, true, true], Some(Setting::Adds)),
    (Act::Pin, [true, true, true], Some(Setting::Pins)),
    (Act::Remove(Role::Member), [false, true, true], None),
    (Act::Remove(Role::Admin), [false, false, true], None),
    (Act::Remove(Role::Owner), [false, false, false], None),
    (Act::Rename, [false, true, true], None),
    (Act::Set, [false, true, true], None),
    (Act::Appoint, [false, false, true], None),
    (Act::HandOver, [false, false, true], None),
    (Act::Erase, [false, false, true], None),
    (Act::MentionAll, [false, true, true], None),
];

/// A new act does not compile without a place in the table.
fn place(act: Act) -> usize {
    match act {
        Act::Write => 0,
        Act::Add => 1,
        Act::Pin => 2,
        Act::Remove(Role::Member) => 3,
        Act::Remove(Role::Admin) => 4,
        Act::Remove(Role::Owner) => 5,
        Act::Rename => 6,
        Act::Set => 7,
        Act::Appoint => 8,
        Act::HandOver => 9,
        Act::Erase => 10,
        Act::MentionAll => 11,
    }
}

fn settings(pairs: &[(&str, &str)]) -> Settings {
    pairs.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect()
}

#[test]
fn each_role_may_do_what_the_table_says_under_all_settings() {
    for (index, (act, unset, by)) in TABLE.into_iter().enumerate() {
        assert_eq!(place(act), index);
        for adds in [None, Some("everyone"), Some("admins"), Some("a word of tomorrow")] {
            for writes in [None, Some("everyone"), Some("admins")] {
                for pins in [None, Some("everyone"), Some("admins")] {
                    let words = [(Setting::Adds, adds), (Setting::Writes, writes), (Setting::Pins, pins)];
                    let set: Settings = words
                        .iter()
                        .filter_map(|(setting, word)| Some((setting.word().to_owned(), (*word)?.to_owned())))
                        .collect();
                    let taken = words.iter().any(|(setting, word)| {
                        Some(*setting) == by && !matches!(word, None | Some("everyone"))
                    });
                    for (role, usually) in Role::ALL.into_iter().zip(unset) {
                        let expected = usually && !(taken && role == Role::Member);
                        assert_eq!(may(role, act, &set), expected, "{role:?} {act:?} {set:?}");
                    }
                }
            }
        }
    }
}

#[test]
fn settings_are_put_over_those_that_there_are() {
    let before = settings(&[("writes", "admins"), ("of a newer version", "kept")]);
    let posted: BTreeMap<_, _> = settings(&[("adds", "admins"), ("history", "shown")]);
    let after = set(&before, &posted).expect("settings");
    let expected = settings(&[
        ("writes", "admins"),
        ("of a newer version", "kept"),
        ("adds", "admins"),
        ("history", "shown"),
    ]);
    assert_eq!(after, expected);
    assert!(shows_history(&after));
    assert!(!shows_history(&before), "nothing is shown unless it is set");
    for wrong in [("colour", "red"), ("writes", "nobody"), ("history", "everyone"), ("", "")] {
        let refused = set(&before, &settings(&[wrong])).expect_err("no such thing");
        assert_eq!(refused.code, ErrorCode::InvalidSetting, "{wrong:?}");
    }
}
