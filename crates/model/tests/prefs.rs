//! What a member keeps of a conversation, and what follows from it for a list.

use super::{
    device::{Step, World},
    server::{Change, talk_id},
};
use model::{
    prefs::{ALWAYS, Prefs, PrefsChange},
    time::Timestamp,
};
use serde_json::json;

fn read(json: serde_json::Value) -> PrefsChange {
    serde_json::from_value(json).expect("a change")
}

fn after(before: Prefs, json: serde_json::Value, at: i64) -> Prefs {
    read(json).after(before, 7, Timestamp(at)).expect("a change")
}

#[test]
fn what_is_as_at_first_is_not_written() {
    assert_eq!(serde_json::to_value(Prefs::default()).expect("JSON"), json!({ "rev": 0 }));
    let prefs = after(Prefs::default(), json!({ "pinned": true, "mentions": false, "unread": true }), 1000);
    let written = serde_json::to_value(prefs).expect("JSON");
    let expected = json!({
        "rev": 1, "pinned": true, "pinned_at": "1970-01-01T00:00:01.000Z", "unread": true, "mentions": false,
    });
    assert_eq!(written, expected);
    assert_eq!(serde_json::from_value::<Prefs>(written).expect("prefs"), prefs);
    assert_eq!(serde_json::from_value::<Prefs>(json!({})).expect("prefs"), Prefs::default());
}

#[test]
fn what_is_not_said_stays_and_null_takes_a_silence_off() {
    let muted = after(Prefs::default(), json!({ "muted_until": "1970-01-01T01:00:00.000Z" }), 0);
    assert!(muted.is_muted(Timestamp(3_599_999)) && !muted.is_muted(Timestamp(3_600_000)));
    let pinned = after(muted, json!({ "pinned": true }), 5);
    assert_eq!((pinned.muted_until, pinned.rev), (muted.muted_until, 2));
    assert_eq!(read(json!({ "pinned": true })).after(pinned, 9, Timestamp(9)), None, "it is so already");
    for off in [json!({ "muted_until": null }), json!({ "muted_until": "" }), json!({ "mute_for": 0 })] {
        assert_eq!(after(pinned, off, 5).muted_until, None);
    }
    assert!(read(json!({})).is_empty() && !read(json!({ "muted_until": null })).is_empty());
    assert!(serde_json::from_value::<PrefsChange>(json!({ "muted_until": "tomorrow" })).is_err());
}

#[test]
fn a_silence_is_a_moment_or_a_span_and_always_is_the_last_moment() {
    let hour = after(Prefs::default(), json!({ "mute_for": 3600, "muted_until": null }), 1000);
    assert_eq!(hour.muted_until, Some(Timestamp(3_601_000)));
    let always = after(Prefs::default(), json!({ "muted_until": "9999-12-31T23:59:59.999Z" }), 1000);
    assert_eq!(always.muted_until, Some(ALWAYS));
    assert_eq!(ALWAYS.to_string(), "9999-12-31T23:59:59.999Z");
    let past = read(json!({ "muted_until": "1970-01-01T00:00:00.500Z" }));
    assert_eq!(past.after(Prefs::default(), 7, Timestamp(1000)), None);
}

#[test]
fn what_is_pinned_is_not_in_the_archive_and_the_other_way_round() {
    let pinned = after(Prefs::default(), json!({ "pinned": true }), 1);
    let archived = after(pinned, json!({ "archived": true }), 2);
    assert_eq!((archived.pinned, archived.pinned_at, archived.archived_at), (false, None, 7));
    let again = after(archived, json!({ "pinned": true }), 3);
    assert!(again.pinned && !again.archived);
    // Where both are asked for at once, it is put away.
    let both = after(Prefs::default(), json!({ "pinned": true, "archived": true }), 4);
    assert!(both.archived && !both.pinned);
}

fn make(world: &mut World, change: Change) {
    world.step(&Step::Change(change));
    world.step(&Step::Deliver { pick: 0 });
}

fn prefer(world: &mut World, talk: usize, json: serde_json::Value) {
    make(world, Change::Prefer { talk, what: read(json) });
}

#[test]
fn those_pinned_come_first_as_they_were_pinned_then_the_newest() {
    let mut world = World::after(&[]);
    (0..2).for_each(|_| make(&mut world, Change::Begin));
    for talk in [0, 1, 2, 3] {
        make(&mut world, Change::Send { talk, by: 2 });
    }
    prefer(&mut world, 1, json!({ "pinned": true }));
    prefer(&mut world, 0, json!({ "pinned": true }));
    assert_eq!(world.state.listed(), [1, 0, 3, 2].map(talk_id));
    make(&mut world, Change::Send { talk: 2, by: 2 });
    prefer(&mut world, 1, json!({ "pinned": false }));
    assert_eq!(world.state.listed(), [0, 2, 3, 1].map(talk_id));
}

#[test]
fn a_new_message_brings_back_what_was_archived_unless_it_was_silent_then() {
    let mut world = World::after(&[Change::Send { talk: 0, by: 2 }]);
    let is_archived = |world: &World| world.state.threads[&talk_id(0)].is_archived();
    prefer(&mut world, 0, json!({ "archived": true }));
    assert!(is_archived(&world));
    make(&mut world, Change::Edit { talk: 0, pick: 0 });
    assert!(is_archived(&world), "nothing is new");
    make(&mut world, Change::Send { talk: 0, by: 3 });
    assert!(!is_archived(&world));
    world.settle();
    assert!(!world.state.threads[&talk_id(0)].prefs.archived, "the server says so, too");

    prefer(&mut world, 0, json!({ "mute_for": 1 }));
    assert!(!is_archived(&world), "nor does a silence put it away again");
    world.settle();
    assert!(!is_archived(&world));

    prefer(&mut world, 0, json!({ "archived": true, "mute_for": 4 }));
    make(&mut world, Change::Send { talk: 0, by: 3 });
    assert!(is_archived(&world), "it was silent");
    (0..4).for_each(|_| make(&mut world, Change::Read { talk: 1, by: 2, pick: 0 }));
    assert!(is_archived(&world), "nothing came since");
    make(&mut world, Change::Send { talk: 0, by: 3 });
    assert!(!is_archived(&world));

    prefer(&mut world, 0, json!({ "archived": true, "muted_until": ALWAYS }));
    make(&mut world, Change::Send { talk: 0, by: 3 });
    prefer(&mut world, 0, json!({ "muted_until": null }));
    assert!(is_archived(&world), "what came while it was silent does not bring it back later");
    world.settle();
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn what_is_silent_or_put_away_does_not_count_and_what_is_marked_counts_for_one() {
    let mut world = World::after(&[]);
    for talk in [0, 0, 1] {
        make(&mut world, Change::Send { talk, by: 2 });
    }
    let unread = |world: &World| world.state.unread(world.server.now());
    assert_eq!(unread(&world), 3);
    prefer(&mut world, 0, json!({ "mute_for": 60 }));
    assert_eq!(unread(&world), 1);
    let end = world.state.unmuted_at(world.server.now()).expect("an end");
    assert_eq!(world.state.unread(end), 3, "it ends by itself");
    assert_eq!(world.state.unmuted_at(end), None);
    prefer(&mut world, 0, json!({ "muted_until": null }));
    make(&mut world, Change::Read { talk: 1, by: 1, pick: 0 });
    prefer(&mut world, 1, json!({ "unread": true }));
    assert_eq!(unread(&world), 3);
    prefer(&mut world, 0, json!({ "archived": true }));
    assert_eq!(unread(&world), 1);
    world.settle();
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn mentions_count_while_it_is_silent_if_that_is_wanted() {
    let now = Timestamp(0);
    let silent = after(Prefs::default(), json!({ "mute_for": 60 }), 0);
    let deaf = after(silent, json!({ "mentions": false }), 0);
    let away = after(silent, json!({ "archived": true }), 0);
    let calls = |prefs: Prefs| prefs.calls((5, 2), None, now);
    assert_eq!([Prefs::default(), silent, deaf, away].map(calls), [5, 2, 0, 0]);
}

#[test]
fn what_is_wanted_shows_at_once_and_is_taken_back_unless_something_newer_came() {
    let mut world = World::after(&[Change::Send { talk: 0, by: 2 }]);
    let id = talk_id(0);
    let pin = read(json!({ "pinned": true }));
    let shown = |world: &World| world.state.threads[&id].prefs;
    let before = world.state.prefer(id, pin, Timestamp(5)).expect("a conversation");
    assert!(shown(&world).pinned);
    world.state.take_back(id, before);
    assert_eq!(shown(&world), before);

    let before = world.state.prefer(id, pin, Timestamp(5)).expect("a conversation");
    prefer(&mut world, 0, json!({ "unread": true }));
    world.state.take_back(id, before);
    assert!(shown(&world).unread && !shown(&world).pinned, "as the server has it");
    world.assert_device_knows_what_the_server_knows();
}
