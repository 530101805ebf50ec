//! What the person wrote, until it is stored: shown in order, exactly once, never lost.

use super::server::{Change, ME, Server, acked, talk_id};
use model::{
    change::{Change as Wanted, Emoji},
    content::Content,
    due::{InFlight, Wishes},
    error::{AppError, ErrorCode},
    event::{ClientEvent, ServerEvent},
    file::{AltText, Attachment, Enclosure, FileName, MediaType},
    id::{FileId, MessageId},
    message::{Message, MessageBody},
    state::{ChatState, Need, Touched},
    thread::{Operation, Outgoing, Thread},
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};
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
    let message = Outgoing::text(id, format!("body of {id}"), Timestamp(0));
    state.compose(talk_id(0), message);
    id
}

fn refuse(state: &mut ChatState, id: MessageId) {
    let error = AppError::new(ErrorCode::InvalidMessage, "Too long.");
    assert_eq!(state.apply(ServerEvent::MessageRefused { id, error }).need, Need::Nothing);
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
    assert_eq!(thread(&state).next_to_send(|_| true).map(|message| message.id), Some(first));
}

#[test]
fn an_acknowledged_message_is_stored_as_the_server_has_it() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    assert_eq!(state.apply(server.accept(talk_id(0), id)).need, Need::Nothing);
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
    assert_eq!(state.apply(ack).need, Need::Nothing);
    assert_eq!(state, before);
}

#[test]
fn after_a_gap_a_message_waits_until_the_catch_up_brings_it() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    server.make(&Change::Send { talk: 0, by: 2 });
    assert_eq!(state.apply(server.accept(talk_id(0), id)).need, Need::CatchUp);
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
    assert_eq!(state.apply(ServerEvent::NewMessage { message }).need, Need::Nothing);
    assert_eq!(state.apply(ack).need, Need::Nothing);
    assert_eq!((waiting(&state), stored(&state)), (vec![], vec![id]));
}

#[test]
fn a_page_that_overtakes_the_acknowledgement_leaves_no_gap() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    let ack = server.accept(talk_id(0), id);
    state.apply(server.page(talk_id(0), Default::default()).expect("a page"));
    assert_eq!(stored(&state), [id]);
    assert_eq!(state.apply(ack).need, Need::Nothing);
    let next = server.make(&Change::Send { talk: 0, by: 2 }).pop().expect("news");
    assert_eq!(state.apply(next).need, Need::Nothing, "nothing was lost");
}

#[test]
fn a_second_acknowledgement_does_not_hide_an_edit() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), id));
    server.make(&Change::Edit { talk: 0, pick: 0 });
    // Sent twice, edited in between: the answer names the edit's version.
    assert_eq!(state.apply(server.accept(talk_id(0), id)).need, Need::CatchUp);
    state.apply(ServerEvent::Resumed(server.snapshot(&state.cursors())));
    assert_eq!(thread(&state).messages, server.talks[0].messages);
}

#[test]
fn an_acknowledgement_of_what_the_device_no_longer_has_asks_to_catch_up() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    let ack = server.accept(talk_id(0), id);
    state.discard(id);
    assert_eq!(state.apply(ack).need, Need::CatchUp, "it is stored, and its text is on the server only");
}

#[test]
fn an_acknowledgement_after_a_fresh_start_does_not_bring_old_words_back() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    server.accept(talk_id(0), id);
    let edited = server.make(&Change::Edit { talk: 0, pick: 0 }).pop();
    (0..5).for_each(|_| drop(server.make(&Change::Send { talk: 0, by: 2 })));
    state.apply(ServerEvent::Resumed(server.snapshot(&state.cursors())));
    assert_eq!(waiting(&state), [id], "stale: nothing says yet that it is stored");

    let Some(ServerEvent::MessageChanged { message }) = edited else { panic!("an edit") };
    assert_eq!(state.apply(acked(&message)).need, Need::Nothing);
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
    assert_eq!(thread(&state).next_to_send(|_| true).map(|message| message.id), Some(next));
    state.apply(server.accept(talk_id(0), next));
    assert_eq!((waiting(&state), stored(&state)), (vec![refused], vec![next]));
    assert_eq!(thread(&state).next_to_send(|_| true), None);
}

#[test]
fn a_refused_message_can_be_sent_again_or_discarded() {
    let (_, mut state) = begun();
    let [again, away] = [1, 2].map(|number| write(&mut state, number));
    [again, away].iter().for_each(|id| refuse(&mut state, *id));
    state.retry(again);
    assert_eq!(thread(&state).next_to_send(|_| true).map(|message| message.id), Some(again));
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
    Outgoing { failed, ..Outgoing::text(id, format!("body of {id}"), Timestamp(0)) }
}

#[test]
fn what_the_device_kept_takes_its_place_in_the_order_of_writing() {
    let (_, mut state) = begun();
    write(&mut state, 5);
    for number in [7, 3, 4] {
        assert_eq!(state.restore(talk_id(0), kept(number, None)), Touched::Thread(talk_id(0)));
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
    assert_eq!(
        thread(&state).next_to_send(|_| true).map(|message| message.id),
        Some(id),
        "retried in another tab"
    );
    let error = AppError::new(ErrorCode::InvalidMessage, "Too long.");
    state.restore(talk_id(0), kept(1, Some(error)));
    assert_eq!(thread(&state).next_to_send(|_| true), None, "refused there");
}

#[test]
fn what_was_kept_and_is_stored_by_now_does_not_come_back() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), id));
    assert_ne!(state.restore(talk_id(0), kept(1, None)), Touched::Nothing, "its conversation is there");
    assert_eq!((waiting(&state), stored(&state)), (vec![], vec![id]));
}

#[test]
fn what_was_kept_of_a_conversation_that_is_gone_has_no_place() {
    let (_, mut state) = begun();
    assert_eq!(state.restore(talk_id(7), kept(1, None)), Touched::Nothing);
    assert_eq!(state.outgoing().count(), 0);
}

/// Does something to a message, named by `number`.
fn change(state: &mut ChatState, number: u128, message: MessageId, change: Wanted) -> MessageId {
    let id = message_id(number);
    let operation = Operation::Change { message, change };
    state.compose(talk_id(0), Outgoing { operation, ..Outgoing::text(id, "", Timestamp(7)) });
    id
}

fn edit(words: &str) -> Wanted {
    Wanted::Edit(MessageBody::parse(words).expect("words"))
}

/// What the person sees of the stored messages: words, and how many reactions.
fn seen(state: &ChatState) -> Vec<(Option<String>, usize)> {
    let thread = thread(state);
    let shown = thread.messages.values().map(|message| thread.shown(message, ME));
    shown.map(|shown| (shown.content.words().map(ToOwned::to_owned), shown.reactions.len())).collect()
}

#[test]
fn a_change_shows_at_once_and_waits_until_it_is_acknowledged() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), id));
    let version = thread(&state).cursor;
    let edited = change(&mut state, 2, id, edit("otherwise"));
    let emoji = Emoji::parse("👍").expect("an emoji");
    let reacted = change(&mut state, 3, id, Wanted::React { emoji, on: true });
    assert_eq!(waiting(&state), [edited, reacted]);
    assert_eq!(seen(&state), [(Some("otherwise".into()), 1)]);
    assert_eq!(
        thread(&state).messages[&1].content.words(),
        Some("body of 00000000-0000-0000-0000-0000000f4241")
    );

    let acked = |id, version| ServerEvent::ChangeAcked { id, conversation_id: talk_id(0), version };
    let Some(ServerEvent::MessageChanged { message }) = server.make(&Change::Edit { talk: 0, pick: 0 }).pop()
    else {
        panic!("an edit")
    };
    state.apply(ServerEvent::MessageChanged { message });
    assert_eq!(state.apply(acked(edited, version + 1)).need, Need::Nothing);
    assert_eq!(waiting(&state), [reacted], "in order, one after the other");
    assert_eq!(state.apply(acked(reacted, version + 2)).need, Need::CatchUp, "its message has not come");
    assert_eq!(waiting(&state), []);
}

#[test]
fn a_change_that_is_refused_is_not_shown_and_can_be_forgotten() {
    let (mut server, mut state) = begun();
    let id = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), id));
    let deleted = change(&mut state, 2, id, Wanted::Delete);
    assert_eq!(seen(&state), [(None, 0)]);
    refuse(&mut state, deleted);
    assert!(seen(&state)[0].0.is_some(), "as the server has it");
    assert_eq!(
        thread(&state).outbox[0].failed.as_ref().map(|error| error.code),
        Some(ErrorCode::InvalidMessage)
    );
    assert_eq!(state.discard(deleted), Touched::Thread(talk_id(0)));
    assert_eq!(waiting(&state), []);
}

#[test]
fn what_waits_is_said_one_at_a_time_in_the_order_of_doing() {
    let (mut server, mut state) = begun();
    let old = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), old));
    let sent = write(&mut state, 2);
    let edited = change(&mut state, 3, sent, edit("at once otherwise"));
    let (mut asked, mut wishes) = (InFlight::default(), Wishes::default());
    let mut due = |state: &ChatState| asked.due(state, &mut wishes, |_| true);
    assert!(matches!(&due(&state)[..], [ClientEvent::SendPrivateMessage { id, .. }] if *id == sent));
    assert_eq!(due(&state), [], "it is on its way");
    state.apply(server.accept(talk_id(0), sent));
    let said = due(&state);
    let [ClientEvent::EditMessage { id, body, change, .. }] = &said[..] else { panic!("{said:?}") };
    assert_eq!((*id, body.as_str(), *change), (sent, "at once otherwise", Some(edited)));
}

#[test]
fn what_comes_later_does_not_wait_for_a_deletion_that_may_be_taken_back() {
    let (mut server, mut state) = begun();
    let old = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), old));
    let deleted = change(&mut state, 2, old, Wanted::Delete);
    let sent = write(&mut state, 3);
    let (mut asked, mut wishes) = (InFlight::default(), Wishes::default());
    let said = asked.due(&state, &mut wishes, |waiting| !waiting.deletes());
    assert!(matches!(&said[..], [ClientEvent::SendPrivateMessage { id, .. }] if *id == sent), "{said:?}");
    let of_a_page = |waiting: &Outgoing| waiting.id != deleted && waiting.id != sent;
    assert_eq!(thread(&state).next_to_send(of_a_page), None, "nothing else is passed over");
    let said = asked.due(&state, &mut wishes, |_| true);
    assert!(matches!(&said[..], [ClientEvent::DeleteMessage { id, .. }] if *id == old), "{said:?}");
}

#[test]
fn quoted_messages_are_asked_for_once_and_kept_up_to_date() {
    let (mut server, mut state) = begun();
    let ids: Vec<_> = (100..170).map(message_id).collect();
    let (mut asked, mut wishes) = (InFlight::default(), Wishes::default());
    wishes.quoted = ids.iter().map(|id| (talk_id(0), *id)).collect();
    let mut found = Vec::new();
    for count in [50, 20] {
        let said = asked.due(&state, &mut wishes, |_| true);
        let [ClientEvent::FindMessages { conversation_id, ids }] = &said[..] else { panic!("{said:?}") };
        assert_eq!((*conversation_id, ids.len()), (talk_id(0), count), "as many as a frame may ask for");
        found.extend(ids.clone());
    }
    assert_eq!((found, asked.due(&state, &mut wishes, |_| true)), (ids.clone(), vec![]));
    let answer = |message: Message| {
        let messages = vec![Arc::new(message)];
        ServerEvent::MessagesFound { conversation_id: talk_id(0), messages }
    };
    let told = answer(Message::nothing(ids[0], talk_id(0)));
    asked.answered(&told, &mut wishes);
    state.apply(told);
    assert!(!wishes.quoted.contains(&(talk_id(0), ids[0])) && wishes.quoted.len() == 69);
    assert_eq!(thread(&state).message(ids[0]).map(|message| message.content.clone()), Some(Content::Hidden));

    let Some(ServerEvent::NewMessage { message }) = server.make(&Change::Send { talk: 0, by: 2 }).pop()
    else {
        panic!("a message")
    };
    let said = |version, body: &str| Message {
        version,
        content: Content::text(body.to_owned()),
        ..(*message).clone()
    };
    let words = |state: &ChatState| {
        let known = thread(state).message(message.id).expect("it is quoted");
        known.content.words().map(str::to_owned)
    };
    state.apply(answer(said(5, "as it was")));
    state.apply(answer(said(4, "even earlier")));
    assert_eq!(words(&state).as_deref(), Some("as it was"));
    state.apply(answer(said(6, "otherwise")));
    assert_eq!(words(&state).as_deref(), Some("otherwise"));
}

#[test]
fn an_answer_still_answers_once_it_is_acknowledged() {
    let (mut server, mut state) = begun();
    let first = write(&mut state, 1);
    state.apply(server.accept(talk_id(0), first));
    let id = message_id(2);
    let (attachments, awaited) = (Vec::new(), Vec::new());
    let operation = Operation::Send { body: "yes".into(), reply_to: Some(first), attachments, awaited };
    state.compose(talk_id(0), Outgoing { operation, ..Outgoing::text(id, "", Timestamp(0)) });
    state.apply(server.accept(talk_id(0), id));
    let held = thread(&state).last_message().expect("a message");
    assert_eq!((held.id, held.reply_to), (id, Some(first)));
}

/// A file as the device that is to send it says it.
fn chosen(file: u128) -> Attachment {
    let file = FileId(Uuid::from_u128(file));
    let (name, kind) = (FileName::of("lake.jpg"), MediaType::of("image/jpeg"));
    let (width, height, duration, placeholder) = (None, None, None, None);
    let alt = AltText::parse("The lake").expect("a description");
    Attachment { file, name, size: 7, kind, width, height, duration, placeholder, alt }
}

#[test]
fn a_message_waits_for_its_files_and_words_wait_behind_it() {
    let (_, mut state) = begun();
    let [one, two] = [chosen(1), chosen(2)];
    let [here, there] = [3, 4].map(|file| FileId(Uuid::from_u128(file)));
    let awaited = vec![one.file, two.file];
    let attachments = vec![one.clone(), two.clone()];
    let operation = Operation::Send { body: String::new(), reply_to: None, attachments, awaited };
    let pictures = message_id(1);
    state.compose(talk_id(0), Outgoing { operation, ..Outgoing::text(pictures, "", Timestamp(0)) });
    write(&mut state, 2);
    let next = |state: &ChatState| thread(state).next_to_send(|_| true).map(|next| next.id);
    assert_eq!(next(&state), None, "neither the pictures nor the words behind them");

    assert_eq!(state.file_came(two.file, there), Touched::Thread(talk_id(0)));
    assert_eq!(next(&state), None);
    assert_eq!(state.file_came(two.file, here), Touched::Nothing, "told twice it is there once");
    state.file_came(one.file, here);
    assert_eq!(next(&state), Some(pictures));
    let said = InFlight::default().due(&state, &mut Wishes::default(), |_| true);
    let sent = said.into_iter().find_map(|event| match event {
        ClientEvent::SendPrivateMessage { attachments, .. } => Some(attachments),
        _ => None,
    });
    let alt = Some("The lake".to_owned());
    let enclosed = [here, there].map(|file| Enclosure { file, alt: alt.clone() });
    assert_eq!(sent.expect("a message"), enclosed, "in their order, as the server calls them");

    // One that is refused makes nothing behind it wait.
    state.refuse(pictures, AppError::not_found());
    assert_eq!(next(&state), Some(message_id(2)));
}

#[test]
fn each_event_says_what_it_touched() {
    let (mut server, mut state) = begun();
    let news = server.make(&Change::Send { talk: 0, by: 2 }).pop().expect("news");
    let revision = thread(&state).revision();
    assert_eq!(state.apply(news).touched, Touched::Thread(talk_id(0)));
    assert_ne!(thread(&state).revision(), revision);
    assert_eq!(state.apply(ServerEvent::Alive {}).touched, Touched::Nothing);
    let users = ServerEvent::UserChanged { user: state.me.clone() };
    assert_eq!(state.apply(users).touched, Touched::People);
    let again = ServerEvent::Resumed(server.snapshot(&state.cursors()));
    assert_eq!(state.apply(again).touched, Touched::Everything);
    let unknown = ServerEvent::MessageRefused { id: message_id(9), error: AppError::not_found() };
    assert_eq!(state.apply(unknown).touched, Touched::Nothing);
}
