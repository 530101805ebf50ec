//! What the person wrote, until it is stored: shown in order, exactly once, never lost.

use super::server::{Change, ME, Server, acked, talk_id};
use model::{
    error::{AppError, ErrorCode},
    event::ServerEvent,
    id::MessageId,
    message::Message,
    state::{ChatState, Need},
    thread::{Outgoing, Thread},
    time::Timestamp,
};
use std::collections::BTreeMap;
use uuid::Uuid;

fn message_id(number: u128) -> MessageId {
    MessageId(Uuid::from_u128(1_000_000 + number))
}

fn begun() -> (Server, ChatState) {
    let server = Server::new();
    let state = ChatState::begin(server.snapshot(&BTreeMap::new()));
    (server, state)
}

fn write(state: &mut ChatState, number: u128) -> MessageId {
    let id = message_id(number);
    let message = Outgoing { id, body: format!("body of {id}"), written_at: Timestamp(0), failed: None };
    state.compose(talk_id(0), message);
    id
}

fn refuse(state: &mut ChatState, id: MessageId) {
    let error = AppError::new(ErrorCode::InvalidMessage, "Too long.");
    assert_eq!(state.apply(ServerEvent::MessageRefused { id, error }), Need::Nothing);
}

fn thread(state: &ChatState) -> &Thread {
    &state.threads[&talk_id(0)]
}

fn waiting(state: &ChatState) -> Vec<MessageId> {
    thread(state).outbox.iter().map(|message| message.id).collect()
}

fn stored(state: &ChatState) -> Vec<MessageId> {
    thread(state).messages.values().map(|message| message.id).collect()
}

#[test]
fn what_is_written_waits_in_the_order_of_writing() {
    let (_, mut state) = begun();
    let [first, second] = [2, 1].map(|number| write(&mut state, number));
    assert_eq!(waiting(&state), [first, second]);
    assert_eq!(thread(&state).next_to_send().map(|message| message.id), Some(first));
}

#[test]
fn an_acknowledged_message_is_stored_as_the_server_has_it() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    assert_eq!(state.apply(server.accept(talk_id(0), id)), Need::Nothing);
    assert!(waiting(&state).is_empty());
    assert_eq!(thread(&state).messages, server.talks[0].messages);
    assert_eq!(thread(&state).unread(ME), 0, "one's own message is never unread");
}

#[test]
fn an_acknowledgement_that_comes_twice_changes_nothing() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    let ack = server.accept(talk_id(0), id);
    state.apply(ack.clone());
    let before = state.clone();
    assert_eq!(state.apply(ack), Need::Nothing);
    assert_eq!(state, before);
}

#[test]
fn after_a_gap_a_message_waits_until_the_catch_up_brings_it() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    server.make(&Change::Send { talk: 0, by: 2 });
    assert_eq!(state.apply(server.accept(talk_id(0), id)), Need::CatchUp);
    assert_eq!((waiting(&state), stored(&state)), (vec![id], vec![]));

    state.apply(ServerEvent::Resumed(server.snapshot(&state.cursors())));
    assert!(waiting(&state).is_empty());
    assert_eq!(stored(&state).iter().filter(|stored| **stored == id).count(), 1);
}

#[test]
fn news_of_an_own_message_count_as_its_acknowledgement() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    let ack = server.accept(talk_id(0), id);
    let message = server.talks[0].messages[&1].clone();
    assert_eq!(state.apply(ServerEvent::NewMessage { message }), Need::Nothing);
    assert_eq!(state.apply(ack), Need::Nothing);
    assert_eq!((waiting(&state), stored(&state)), (vec![], vec![id]));
}

#[test]
fn a_page_that_overtakes_the_acknowledgement_leaves_no_gap() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    let ack = server.accept(talk_id(0), id);
    state.apply(server.page(talk_id(0), None).expect("a page"));
    assert_eq!(stored(&state), [id]);
    assert_eq!(state.apply(ack), Need::Nothing);
    let next = server.make(&Change::Send { talk: 0, by: 2 }).expect("news");
    assert_eq!(state.apply(next), Need::Nothing, "nothing was lost");
}

#[test]
fn a_second_acknowledgement_does_not_hide_an_edit() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), id));
    server.make(&Change::Edit { talk: 0, pick: 0 });
    // Sent twice, edited in between: the answer names the edit's version.
    assert_eq!(state.apply(server.accept(talk_id(0), id)), Need::CatchUp);
    state.apply(ServerEvent::Resumed(server.snapshot(&state.cursors())));
    assert_eq!(thread(&state).messages, server.talks[0].messages);
}

#[test]
fn an_acknowledgement_of_what_the_device_no_longer_has_asks_to_catch_up() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    let ack = server.accept(talk_id(0), id);
    state.discard(id);
    assert_eq!(state.apply(ack), Need::CatchUp, "it is stored, and its text is on the server only");
}

#[test]
fn an_acknowledgement_after_a_fresh_start_does_not_bring_old_words_back() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    server.accept(talk_id(0), id);
    let edited = server.make(&Change::Edit { talk: 0, pick: 0 });
    (0..5).for_each(|_| drop(server.make(&Change::Send { talk: 0, by: 2 })));
    state.apply(ServerEvent::Resumed(server.snapshot(&state.cursors())));
    assert_eq!(waiting(&state), [id], "stale: nothing says yet that it is stored");

    let Some(ServerEvent::MessageChanged { message }) = edited else { panic!("an edit") };
    assert_eq!(state.apply(acked(&message)), Need::Nothing);
    assert!(waiting(&state).is_empty());
    let held: Vec<&Message> = thread(&state).messages.values().map(AsRef::as_ref).collect();
    assert_eq!(held, [server.talks[0].messages.values().next_back().expect("messages").as_ref()]);
}

#[test]
fn a_refused_message_stays_as_failed_and_does_not_hold_up_the_next() {
    let (mut server, mut state) = begun();
    let [refused, next] = [1, 2].map(|number| write(&mut state, number));
    refuse(&mut state, refused);
    assert_eq!(
        thread(&state).outbox[0].failed.as_ref().map(|error| error.code),
        Some(ErrorCode::InvalidMessage)
    );
    assert_eq!(thread(&state).next_to_send().map(|message| message.id), Some(next));
    state.apply(server.accept(talk_id(0), next));
    assert_eq!((waiting(&state), stored(&state)), (vec![refused], vec![next]));
    assert_eq!(thread(&state).next_to_send(), None);
}

#[test]
fn a_refused_message_can_be_sent_again_or_discarded() {
    let (_, mut state) = begun();
    let [again, away] = [1, 2].map(|number| write(&mut state, number));
    [again, away].iter().for_each(|id| refuse(&mut state, *id));
    state.retry(again);
    assert_eq!(thread(&state).next_to_send().map(|message| message.id), Some(again));
    state.discard(away);
    assert_eq!(waiting(&state), [again]);
}

#[test]
fn what_waits_survives_a_fresh_start_but_not_the_end_of_its_conversation() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    (0..9).for_each(|_| drop(server.make(&Change::Send { talk: 0, by: 2 })));
    let snapshot = server.snapshot(&state.cursors());
    assert_eq!(snapshot.stale, [talk_id(0)]);
    state.apply(ServerEvent::Resumed(snapshot));
    assert_eq!(waiting(&state), [id]);

    state.apply(ServerEvent::ConversationRemoved { conversation_id: talk_id(0) });
    assert!(!state.threads.contains_key(&talk_id(0)));
}

fn kept(number: u128, failed: Option<AppError>) -> Outgoing {
    let id = message_id(number);
    Outgoing { id, body: format!("body of {id}"), written_at: Timestamp(0), failed }
}

#[test]
fn what_the_device_kept_takes_its_place_in_the_order_of_writing() {
    let (_, mut state) = begun();
    write(&mut state, 5);
    for number in [7, 3, 4] {
        assert!(state.restore(talk_id(0), kept(number, None)));
    }
    assert_eq!(waiting(&state), [3, 4, 5, 7].map(message_id));
}

#[test]
fn what_the_device_kept_is_shown_once_and_in_its_newest_state() {
    let (_, mut state) = begun();
    let id = write(&mut state, 1);
    refuse(&mut state, id);
    state.restore(talk_id(0), kept(1, None));
    assert_eq!(waiting(&state), [id]);
    assert_eq!(thread(&state).next_to_send().map(|message| message.id), Some(id), "retried in another tab");
    let error = AppError::new(ErrorCode::InvalidMessage, "Too long.");
    state.restore(talk_id(0), kept(1, Some(error)));
    assert_eq!(thread(&state).next_to_send(), None, "refused there");
}

#[test]
fn what_was_kept_and_is_stored_by_now_does_not_come_back() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), id));
    assert!(state.restore(talk_id(0), kept(1, None)), "its conversation is there");
    assert_eq!((waiting(&state), stored(&state)), (vec![], vec![id]));
}

#[test]
fn what_was_kept_of_a_conversation_that_is_gone_has_no_place() {
    let (_, mut state) = begun();
    assert!(!state.restore(talk_id(7), kept(1, None)));
    assert_eq!(state.outgoing().count(), 0);
}
