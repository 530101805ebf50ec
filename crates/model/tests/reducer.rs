//! The reducer against a bad line: whatever is lost, doubled or out of order, one catch-up makes
//! the device's state the server's.

use super::{
    device::{Step, World},
    server::{Change, Server, talk_id},
};
use model::{
    event::{ClientEvent, MAX_FRAME, ServerEvent},
    id::ConversationId,
    message::{Anchor, Message},
    prefs::{ALWAYS, PrefsChange},
    state::{ChatState, MAX_CURSORS, Need, Touched},
    thread::KEPT_AT_REST,
    thread::Thread,
};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn change() -> impl Strategy<Value = Change> {
    let (talk, by, pick) = (0..3_usize, 1..4_u128, any::<usize>());
    prop_oneof![
        8 => (talk.clone(), by.clone()).prop_map(|(talk, by)| Change::Send { talk, by }),
        3 => (talk.clone(), by.clone(), any::<bool>())
            .prop_map(|(talk, by, all)| Change::Mention { talk, by, all }),
        3 => (talk.clone(), pick).prop_map(|(talk, pick)| Change::Edit { talk, pick }),
        2 => (talk.clone(), pick).prop_map(|(talk, pick)| Change::Delete { talk, pick }),
        3 => (talk.clone(), by.clone(), pick, 0..3_usize)
            .prop_map(|(talk, by, pick, emoji)| Change::React { talk, by, pick, emoji }),
        3 => (talk.clone(), by.clone(), pick)
            .prop_map(|(talk, by, pick)| Change::Pin { talk, by, pick }),
        1 => talk.clone().prop_map(|talk| Change::Pins { talk }),
        3 => (talk.clone(), by.clone(), pick).prop_map(|(talk, by, pick)| Change::Read { talk, by, pick }),
        2 => (talk.clone(), 1..6_u128).prop_map(|(talk, who)| Change::Join { talk, who }),
        1 => (talk.clone(), by.clone()).prop_map(|(talk, who)| Change::Leave { talk, who }),
        1 => talk.clone().prop_map(|talk| Change::Rename { talk }),
        1 => (talk.clone(), by, 0..3_usize).prop_map(|(talk, who, role)| Change::Appoint { talk, who, role }),
        1 => (talk.clone(), any::<bool>()).prop_map(|(talk, on)| Change::Show { talk, on }),
        3 => (talk, preference()).prop_map(|(talk, what)| Change::Prefer { talk, what }),
        1 => Just(Change::Begin),
    ]
}

/// Silences are so short that they end meanwhile.
fn preference() -> impl Strategy<Value = PrefsChange> {
    let flag = any::<bool>();
    prop_oneof![
        flag.prop_map(|pinned| PrefsChange { pinned: Some(pinned), ..Default::default() }),
        flag.prop_map(|archived| PrefsChange { archived: Some(archived), ..Default::default() }),
        flag.prop_map(|unread| PrefsChange { unread: Some(unread), ..Default::default() }),
        (0..9_u32).prop_map(|seconds| PrefsChange { mute_for: Some(seconds), ..Default::default() }),
        Just(PrefsChange { muted_until: Some(Some(ALWAYS)), ..Default::default() }),
        Just(PrefsChange { muted_until: Some(None), mentions: Some(false), ..Default::default() }),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let (talk, pick) = (0..3_usize, any::<usize>());
    prop_oneof![
        12 => change().prop_map(Step::Change),
        6 => Just(Step::Deliver { pick: 0 }),
        3 => pick.prop_map(|pick| Step::Deliver { pick }),
        2 => pick.prop_map(|pick| Step::Double { pick }),
        2 => pick.prop_map(|pick| Step::Drop { pick }),
        1 => Just(Step::CatchUp),
        1 => Just(Step::Reconnect),
        4 => (talk.clone(), any::<bool>()).prop_map(|(talk, older)| Step::Load { talk, older }),
        3 => (talk.clone(), any::<usize>()).prop_map(|(talk, pick)| Step::LoadAround { talk, pick }),
        3 => talk.clone().prop_map(|talk| Step::LoadNewer { talk }),
        1 => talk.clone().prop_map(|talk| Step::Leave { talk }),
        6 => Just(Step::Answer),
        2 => change().prop_map(Step::AnswerTorn),
        2 => talk.clone().prop_map(|talk| Step::Write { talk }),
        2 => (talk.clone(), any::<usize>(), 0..4_usize)
            .prop_map(|(talk, pick, how)| Step::Alter { talk, pick, how }),
        3 => talk.prop_map(|talk| Step::Send { talk }),
    ]
}

/// A good line: every change arrives at once, and every page as soon as it is asked for.
fn calm_step() -> impl Strategy<Value = Vec<Step>> {
    let talk = 0..3_usize;
    prop_oneof![
        8 => change().prop_map(|change| vec![Step::Change(change), Step::Deliver { pick: 0 }]),
        2 => (talk.clone(), any::<bool>())
            .prop_map(|(talk, older)| vec![Step::Load { talk, older }, Step::Answer]),
        2 => (talk.clone(), any::<usize>())
            .prop_map(|(talk, pick)| vec![Step::LoadAround { talk, pick }, Step::Answer]),
        2 => talk.clone().prop_map(|talk| vec![Step::LoadNewer { talk }, Step::Answer]),
        1 => talk.clone().prop_map(|talk| vec![Step::Leave { talk }]),
        1 => talk.clone().prop_map(|talk| {
            vec![Step::Write { talk }, Step::Send { talk }, Step::Deliver { pick: 0 }]
        }),
        1 => (talk, any::<usize>(), 0..4_usize).prop_map(|(talk, pick, how)| {
            vec![Step::Alter { talk, pick, how }, Step::Send { talk }, Step::Deliver { pick: 0 }]
        }),
        1 => Just(vec![Step::Reconnect, Step::Answer]),
        2 => change().prop_map(|change| {
            vec![Step::Reconnect, Step::AnswerTorn(change), Step::Deliver { pick: 0 }]
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn one_catch_up_mends_whatever_the_line_did(
        past in prop::collection::vec(change(), 0..20),
        steps in prop::collection::vec(step(), 1..80),
    ) {
        let mut world = World::after(&past);
        for step in &steps {
            world.step(step);
        }
        world.settle();
        world.assert_device_knows_what_the_server_knows();
        world.assert_what_was_written_is_stored_once();
    }

    #[test]
    fn over_a_good_line_the_device_follows_without_catching_up(
        past in prop::collection::vec(change(), 0..20),
        steps in prop::collection::vec(calm_step(), 1..60),
    ) {
        let mut world = World::after(&past);
        for step in steps.iter().flatten() {
            match step {
                Step::Deliver { .. } => prop_assert_eq!(world.deliver_in_order(), Need::Nothing),
                _ => world.step(step),
            }
        }
        world.assert_device_knows_what_the_server_knows();
    }

    #[test]
    fn news_that_an_answer_has_overtaken_change_nothing(
        past in prop::collection::vec(change(), 0..20),
        changes in prop::collection::vec(change(), 1..30),
        torn in prop::option::of(change()),
    ) {
        let mut world = World::after(&past);
        for change in changes {
            world.step(&Step::Change(change));
        }
        world.step(&Step::CatchUp);
        world.step(&torn.map_or(Step::Answer, Step::AnswerTorn));
        // News of a conversation that the viewer has left ask once more.
        if world.deliver_in_order() == Need::CatchUp {
            world.step(&Step::CatchUp);
            world.step(&Step::Answer);
        }
        world.assert_device_knows_what_the_server_knows();
    }

    #[test]
    fn what_is_known_changes_nothing_and_a_gap_asks_to_catch_up(
        changes in prop::collection::vec(change(), 2..40),
        missing in any::<prop::sample::Index>(),
    ) {
        let mut world = World::after(&[]);
        let events: Vec<_> = changes.iter().flat_map(|change| world.server.make(change)).collect();
        let missing = missing.index(events.len().max(1));
        // Everything but one, and then everything once more.
        let but_one = events.iter().enumerate().filter(|(index, _)| *index != missing).map(|(_, event)| event);
        for event in but_one.chain(&events) {
            let Some((version, cursor)) = version_and_cursor(&world, event) else {
                world.state.apply(event.clone());
                continue;
            };
            let before = world.state.clone();
            let need = world.state.apply(event.clone()).need;
            let is_gap = version > cursor + 1;
            prop_assert_eq!(need, if is_gap { Need::CatchUp } else { Need::Nothing });
            prop_assert_eq!(world.state == before, version != cursor + 1, "only the next version is taken");
        }
    }
}

#[test]
fn the_next_version_is_taken_and_the_one_after_it_asks_to_catch_up() {
    let mut world = World::after(&[]);
    let send = Change::Send { talk: 0, by: 2 };
    let [first, second, third] = std::array::from_fn(|_| world.server.make(&send).pop().expect("news"));
    assert_eq!(world.state.apply(first).need, Need::Nothing);
    assert_eq!(world.state.apply(third).need, Need::CatchUp);
    assert_eq!(world.state.threads[&talk_id(0)].cursor, 1);
    assert_eq!(world.state.apply(second).need, Need::Nothing);
    assert_eq!(world.state.threads[&talk_id(0)].messages.len(), 2);
}

#[test]
fn unread_stops_at_a_hundred() {
    let mut world = World::after(&[]);
    for _ in 0..150 {
        world.step(&Step::Change(Change::Send { talk: 0, by: 2 }));
        world.step(&Step::Deliver { pick: 0 });
    }
    assert_eq!(world.state.unread(world.server.now()), 100);
    world.settle();
    assert_eq!(world.state.unread(world.server.now()), 100);
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn a_conversation_at_rest_keeps_its_newest_messages_and_what_is_unread() {
    let mut world = World::after(&[]);
    let send = |world: &mut World, by| {
        world.step(&Step::Change(Change::Send { talk: 0, by }));
        world.step(&Step::Deliver { pick: 0 });
    };
    (0..KEPT_AT_REST + 50).for_each(|_| send(&mut world, 1));
    send(&mut world, 2);
    let held = |world: &World| world.state.threads[&talk_id(0)].messages.len();
    world.state.rest(talk_id(0));
    assert_eq!(held(&world), KEPT_AT_REST + 51, "something is unread");

    world.step(&Step::Change(Change::Read { talk: 0, by: 1, pick: KEPT_AT_REST + 50 }));
    world.step(&Step::Deliver { pick: 0 });
    world.state.rest(talk_id(0));
    assert_eq!(held(&world), KEPT_AT_REST);
    assert!(world.state.threads[&talk_id(0)].older_than().is_some(), "the others can be loaded");
    assert_eq!(world.state.unread(world.server.now()), 0);
    send(&mut world, 2);
    assert_eq!(world.state.unread(world.server.now()), 1);
    world.settle();
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn what_newcomers_may_see_from_now_on_can_be_loaded() {
    let mut world = World::after(&[]);
    let send = Step::Change(Change::Send { talk: 0, by: 2 });
    (0..3).for_each(|_| world.step(&send));
    world.settle();
    let thread = world.state.threads.get_mut(&talk_id(0)).expect("a thread");
    // As whoever has joined with the third message begins.
    (thread.messages, thread.has_more) = (thread.messages.split_off(&3), false);
    let told = |set: &[(&str, &str)]| ServerEvent::GroupChanged {
        conversation_id: talk_id(0),
        settings: set.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned())).collect(),
    };
    let older = |world: &World| world.state.threads[&talk_id(0)].older_than();
    world.state.apply(told(&[("writes", "admins")]));
    assert_eq!(older(&world), None);
    world.state.apply(told(&[("history", "shown")]));
    assert_eq!(older(&world), Some(3));
}

#[test]
fn what_means_the_viewer_is_counted_until_it_is_read_or_means_them_no_more() {
    let mention = |all| Change::Mention { talk: 0, by: 2, all };
    let mut world = World::after(&[mention(false), mention(true), mention(false), mention(true)]);
    assert_eq!(meant(&world), 4);
    for (change, left) in [
        (Change::Mention { talk: 0, by: 1, all: true }, 4),
        (Change::Send { talk: 0, by: 2 }, 4),
        // Of messages that the device does not hold.
        (Change::Edit { talk: 0, pick: 0 }, 3),
        (Change::Delete { talk: 0, pick: 1 }, 2),
        (mention(true), 3),
        (Change::Read { talk: 0, by: 1, pick: 2 }, 2),
    ] {
        world.step(&Step::Change(change.clone()));
        assert_eq!(world.deliver_in_order(), Need::Nothing);
        assert_eq!(meant(&world), left, "{change:?}");
        world.assert_device_knows_what_the_server_knows();
    }
}

#[test]
fn what_is_pinned_is_said_of_a_version() {
    let mut world = World::after(&[Change::Send { talk: 0, by: 2 }, Change::Send { talk: 0, by: 2 }]);
    let pins = |world: &World| world.state.threads[&talk_id(0)].pins.len();
    let pin = |pick| Step::Change(Change::Pin { talk: 0, by: 3, pick });
    let said = Step::Change(Change::Pins { talk: 0 });
    let arrives = Step::Deliver { pick: 0 };
    [pin(0), said.clone(), pin(1), arrives.clone()].iter().for_each(|step| world.step(step));
    assert_eq!(pins(&world), 1, "as the message says");
    // The news of the second pin overtake what was said of the first.
    world.step(&Step::Deliver { pick: 1 });
    world.step(&arrives);
    assert_eq!(pins(&world), 2);
    world.assert_device_knows_what_the_server_knows();
    // Of a version that is not known yet something is missing.
    [pin(0), said].iter().for_each(|step| world.step(step));
    world.step(&Step::Drop { pick: 0 });
    assert_eq!(world.deliver_in_order(), Need::CatchUp);
    assert_eq!(pins(&world), 1);
    world.settle();
}

#[test]
fn a_device_that_was_away_when_history_was_shown_can_load_it() {
    let mut world = World::after(&[Change::Leave { talk: 0, who: 1 }]);
    (0..3).for_each(|_| world.step(&Step::Change(Change::Send { talk: 0, by: 2 })));
    world.step(&Step::Change(Change::Join { talk: 0, who: 1 }));
    world.settle();
    world.step(&Step::Load { talk: 0, older: true });
    world.step(&Step::Answer);
    let older = |world: &World| world.state.threads[&talk_id(0)].older_than();
    assert_eq!(older(&world), None, "it begins where they joined");
    world.step(&Step::Change(Change::Show { talk: 0, on: true }));
    // What was told of it is lost.
    world.step(&Step::Reconnect);
    world.step(&Step::Answer);
    assert_eq!(older(&world), Some(5));
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn what_is_not_for_the_viewer_any_more_is_let_go_of_when_it_changes() {
    let send = Change::Send { talk: 0, by: 2 };
    // Away while they were taken out and let in again; and while a group stopped showing earlier history.
    let again = [send.clone(), Change::Leave { talk: 0, who: 1 }, Change::Join { talk: 0, who: 1 }];
    let mut world = World::after(std::slice::from_ref(&send));
    again.iter().for_each(|change| drop(world.server.make(change)));
    world.settle();
    assert!(!world.state.threads[&talk_id(0)].messages.contains_key(&1), "from before they joined again");
    world.assert_device_knows_what_the_server_knows();

    let past = [
        Change::Show { talk: 0, on: true },
        send.clone(),
        Change::Leave { talk: 0, who: 1 },
        Change::Join { talk: 0, who: 1 },
    ];
    let mut world = World::after(&past);
    world.step(&Step::Load { talk: 0, older: false });
    world.step(&Step::Answer);
    assert!(world.state.threads[&talk_id(0)].messages.contains_key(&2));
    let hide = Step::Change(Change::Show { talk: 0, on: false });
    let steps = [hide, Step::Change(Change::Delete { talk: 0, pick: 0 })];
    steps.iter().for_each(|step| world.step(step));
    assert_eq!(world.deliver_in_order(), Need::Nothing);
    assert!(!world.state.threads[&talk_id(0)].messages.contains_key(&2), "deleted words do not stay");
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn a_part_further_back_is_gapless_and_one_with_the_newest_once_they_meet() {
    let mut world = World::after(&[]);
    let send = Step::Change(Change::Send { talk: 0, by: 2 });
    (0..20).for_each(|_| world.step(&send));
    let steps = [Step::Reconnect, Step::Answer, Step::Load { talk: 0, older: false }, Step::Answer];
    steps.iter().for_each(|step| world.step(step));
    let looked_at =
        |world: &World| -> Vec<u64> { world.state.threads[&talk_id(0)].part().0.keys().copied().collect() };
    assert_eq!(looked_at(&world), [18, 19, 20]);
    world.step(&Step::LoadAround { talk: 0, pick: 10 });
    world.step(&Step::Answer);
    assert_eq!(looked_at(&world), [9, 10, 11]);
    let thread = &world.state.threads[&talk_id(0)];
    assert_eq!((thread.older_than(), thread.newer_than()), (Some(9), Some(11)));
    assert!(!thread.reaches(17) && thread.reaches(18));
    let covered = [8, 9, 11, 12].map(|seq| thread.window.as_ref().is_some_and(|window| window.covers(seq)));
    assert_eq!(covered, [false, true, true, false]);

    // What changes there is seen there; what is new is not.
    world.step(&Step::Change(Change::Edit { talk: 0, pick: 9 }));
    world.step(&send);
    assert_eq!(world.deliver_in_order(), Need::Nothing);
    assert_eq!(looked_at(&world), [9, 10, 11]);
    world.assert_device_knows_what_the_server_knows();

    world.step(&Step::Load { talk: 0, older: true });
    world.step(&Step::Answer);
    assert_eq!(looked_at(&world), (6..=11).collect::<Vec<_>>());
    for _ in 0..3 {
        world.step(&Step::LoadNewer { talk: 0 });
        world.step(&Step::Answer);
    }
    let thread = &world.state.threads[&talk_id(0)];
    assert_eq!((thread.newer_than(), thread.older_than()), (None, Some(6)), "they have met");
    world.assert_device_knows_what_the_server_knows();

    // One that lies within the newest part is no part of its own.
    world.step(&Step::LoadAround { talk: 0, pick: 20 });
    world.step(&Step::Answer);
    assert_eq!(world.state.threads[&talk_id(0)].newer_than(), None);
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn a_part_further_back_is_let_go_of_when_the_history_begins_anew_or_nobody_looks() {
    let mut world = World::after(&[]);
    let send = Step::Change(Change::Send { talk: 0, by: 2 });
    (0..12).for_each(|_| world.step(&send));
    let begin = |world: &mut World| {
        for step in [Step::Reconnect, Step::Answer, Step::LoadAround { talk: 0, pick: 2 }, Step::Answer] {
            world.step(&step);
        }
    };
    begin(&mut world);
    world.step(&Step::LoadNewer { talk: 0 });
    // More was missed than a catch-up brings.
    (0..8).for_each(|_| world.step(&send));
    world.step(&Step::Reconnect);
    world.step(&Step::Answer);
    assert_eq!(world.state.threads[&talk_id(0)].window, None);
    // What was asked for before that brings nothing back.
    let Some(page) = world.server.page(talk_id(0), Anchor::after(4)) else { panic!("a page") };
    world.state.apply(page);
    assert_eq!(world.state.threads[&talk_id(0)].window, None);
    world.assert_device_knows_what_the_server_knows();

    begin(&mut world);
    world.step(&Step::Change(Change::Read { talk: 0, by: 1, pick: 19 }));
    assert_eq!(world.deliver_in_order(), Need::Nothing);
    world.state.rest(talk_id(0));
    assert_eq!(world.state.threads[&talk_id(0)].window, None);
    // Whoever lets go of it because the conversation changed is not told of a change again and again.
    assert_eq!(world.state.leave_window(talk_id(0)), Touched::Nothing);
}

#[test]
fn a_page_asked_for_before_the_history_began_anew_leaves_no_hole() {
    let mut world = World::after(&[]);
    let send = Step::Change(Change::Send { talk: 0, by: 2 });
    (0..8).for_each(|_| world.step(&send));
    // The device holds 6 to 8, and the person scrolls up while a resume is on its way.
    let steps = [Step::Reconnect, Step::Answer, Step::Load { talk: 0, older: false }, Step::Answer];
    steps.iter().for_each(|step| world.step(step));
    (0..8).for_each(|_| world.step(&send));
    let steps = [Step::Reconnect, Step::Load { talk: 0, older: true }, Step::Answer, Step::Answer];
    steps.iter().for_each(|step| world.step(step));
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn a_conversation_learnt_of_while_a_resume_is_on_its_way_has_no_hole() {
    let mut world = World::after(&[]);
    let send = Step::Change(Change::Send { talk: 2, by: 2 });
    // The resume does not name the third conversation, which begins before it is answered.
    world.step(&Step::CatchUp);
    world.step(&Step::Change(Change::Begin));
    world.step(&send);
    (0..2).for_each(|_| world.step(&Step::Deliver { pick: 0 }));
    (0..2).for_each(|_| world.step(&send));
    world.step(&Step::Answer);
    assert_eq!(world.deliver_in_order(), Need::Nothing);
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn a_conversation_whose_cursor_was_not_named_begins_anew_if_it_went_on() {
    let mut server = Server::new();
    let send = |talk| Change::Send { talk, by: 2 };
    (0..8).for_each(|turn| drop(server.make(&send(turn % 2))));
    let mut state = ChatState::begin(server.snapshot(&BTreeMap::new()));
    let Some(page) = server.page(talk_id(0), Anchor::default()) else { panic!("a page") };
    state.apply(page);
    let quiet = state.threads[&talk_id(0)].clone();
    assert!(quiet.messages.len() > 1);
    (0..2).for_each(|_| drop(server.make(&send(1))));
    let snapshot = server.snapshot(&BTreeMap::new());
    let begun = ChatState::begin(snapshot.clone());
    state.apply(ServerEvent::Resumed(snapshot));
    assert_eq!(state.threads[&talk_id(0)], quiet, "nothing happened in it");
    assert_eq!(state.threads[&talk_id(1)], begun.threads[&talk_id(1)]);
}

#[test]
fn a_resume_of_thousands_of_conversations_is_a_frame() {
    let mut server = Server::new();
    server.make(&Change::Send { talk: 0, by: 2 });
    let mut snapshot = server.snapshot(&BTreeMap::new());
    let [summary, ..] = snapshot.conversations.as_slice() else { panic!("a conversation") };
    let nth = |n: u128| {
        let mut summary = summary.clone();
        summary.conversation.id = ConversationId(Uuid::from_u128(u128::MAX - n));
        summary.head = u64::MAX;
        let mut message = Message::clone(summary.last_message.as_ref().expect("a message"));
        message.created_at.0 += n as i64;
        summary.last_message = Some(message.into());
        summary
    };
    snapshot.conversations = (0..3000).map(nth).collect();
    let cursors = ChatState::begin(snapshot.clone()).cursors();
    let newest = snapshot.conversations[3000 - MAX_CURSORS..].iter().map(|summary| summary.conversation.id);
    assert_eq!(cursors.keys().copied().collect::<BTreeSet<_>>(), newest.collect());
    let frame = serde_json::to_string(&ClientEvent::Resume { cursors }).expect("JSON");
    assert!(frame.len() <= MAX_FRAME, "{} bytes", frame.len());
}

#[test]
fn news_that_a_page_has_overtaken_do_not_bring_old_words_back() {
    let mut world = World::after(&[Change::Send { talk: 0, by: 2 }]);
    let edit = Step::Change(Change::Edit { talk: 0, pick: 0 });
    let steps = [&edit, &edit, &Step::Load { talk: 0, older: false }, &Step::Answer];
    steps.into_iter().for_each(|step| world.step(step));
    let newest = world.server.talks[0].messages.clone();
    for _ in 0..2 {
        assert_eq!(world.state.threads[&talk_id(0)].messages, newest);
        world.step(&Step::Deliver { pick: 0 });
    }
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn what_a_page_brought_early_is_counted_when_the_cursor_moves() {
    let past: Vec<_> = (0..6).map(|_| Change::Send { talk: 0, by: 2 }).collect();
    let mut world = World::after(&past);
    // The viewer has read the first three, and then somebody writes again; a page overtakes both.
    world.step(&Step::Change(Change::Read { talk: 0, by: 1, pick: 2 }));
    world.step(&Step::Change(Change::Send { talk: 0, by: 2 }));
    world.step(&Step::Load { talk: 0, older: false });
    world.step(&Step::Answer);
    assert_eq!(world.deliver_in_order(), Need::Nothing);
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn a_snapshot_that_has_overtaken_a_read_cursor_counts_more() {
    let past: Vec<_> = (0..6).map(|_| Change::Send { talk: 0, by: 2 }).collect();
    let mut world = World::after(&past);
    world.step(&Step::Change(Change::Read { talk: 0, by: 1, pick: 5 }));
    (0..6).for_each(|_| world.step(&Step::Change(Change::Send { talk: 0, by: 2 })));
    world.step(&Step::CatchUp);
    world.step(&Step::Answer);
    assert_eq!(world.deliver_in_order(), Need::Nothing);
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn what_is_deleted_or_joins_while_a_snapshot_is_put_together_is_in_it() {
    let past: Vec<_> = (0..6).map(|_| Change::Send { talk: 0, by: 2 }).collect();
    for change in [Change::Delete { talk: 0, pick: 1 }, Change::Join { talk: 0, who: 5 }] {
        let mut world = World::after(&past);
        world.step(&Step::Change(Change::Send { talk: 0, by: 2 }));
        world.step(&Step::Reconnect);
        world.step(&Step::AnswerTorn(change));
        assert_eq!(world.deliver_in_order(), Need::Nothing);
        world.assert_device_knows_what_the_server_knows();
    }
}

#[test]
fn what_was_said_of_somebody_before_they_left_does_not_bring_them_back() {
    let mut world = World::after(&[Change::Send { talk: 0, by: 2 }]);
    world.step(&Step::Change(Change::Read { talk: 0, by: 3, pick: 0 }));
    world.step(&Step::Change(Change::Leave { talk: 0, who: 3 }));
    // The snapshot overtakes both.
    world.step(&Step::CatchUp);
    world.step(&Step::Answer);
    assert_eq!(world.deliver_in_order(), Need::Nothing);
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn a_read_cursor_never_goes_back() {
    let past = [Change::Send { talk: 0, by: 2 }, Change::Send { talk: 0, by: 2 }];
    let mut world = World::after(&past);
    (0..2).for_each(|pick| world.step(&Step::Change(Change::Read { talk: 0, by: 3, pick })));
    // The later one arrives first.
    world.step(&Step::Deliver { pick: 1 });
    world.step(&Step::Deliver { pick: 0 });
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn news_of_a_preference_that_a_snapshot_has_overtaken_change_nothing() {
    let mut world = World::after(&[Change::Send { talk: 0, by: 2 }]);
    let prefer = |pinned| PrefsChange { pinned: Some(pinned), ..Default::default() };
    world.step(&Step::Change(Change::Prefer { talk: 0, what: prefer(true) }));
    world.step(&Step::Change(Change::Prefer { talk: 0, what: prefer(false) }));
    // Everything is as it was at first, and yet newer than what is on its way.
    world.step(&Step::CatchUp);
    world.step(&Step::Answer);
    world.step(&Step::Deliver { pick: 0 });
    world.assert_device_knows_what_the_server_knows();
}

#[test]
fn whoever_comes_back_to_a_group_begins_anew() {
    let mut world = World::after(&[Change::Send { talk: 0, by: 2 }]);
    let pin = PrefsChange { pinned: Some(true), ..Default::default() };
    world.step(&Step::Change(Change::Prefer { talk: 0, what: pin }));
    world.step(&Step::Deliver { pick: 0 });
    assert!(world.state.threads[&talk_id(0)].prefs.pinned);
    world.step(&Step::Change(Change::Leave { talk: 0, who: 1 }));
    world.step(&Step::Change(Change::Join { talk: 0, who: 1 }));
    world.settle();
    assert!(!world.state.threads[&talk_id(0)].prefs.pinned);
    world.assert_device_knows_what_the_server_knows();
}

/// A message's version, and the cursor of its conversation; `None` for what has no version. A
/// conversation that the device does not know is as far behind as can be.
fn version_and_cursor(world: &World, event: &ServerEvent) -> Option<(u64, u64)> {
    match event {
        ServerEvent::NewMessage { message } | ServerEvent::MessageChanged { message } => {
            match world.state.threads.get(&message.conversation_id) {
                Some(thread) => Some((message.version, thread.cursor)),
                None => Some((u64::MAX, 0)),
            }
        }
        _ => None,
    }
}

/// How many unread messages mean the viewer.
fn meant(world: &World) -> u64 {
    world.state.threads.values().map(Thread::mentions).sum()
}
