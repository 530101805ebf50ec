//! What stands in a conversation from top to bottom.

use super::server::{Change, ME, Server, person, talk_id};
use model::{
    change,
    content::{Content, System},
    error::{AppError, ErrorCode},
    id::{MessageId, UserId},
    message::Message,
    state::ChatState,
    thread::{Operation, Outgoing, Thread},
    time::Timestamp,
};
use proptest::prelude::*;
use sotto::{
    browser::clock::Zone,
    chat::view::items::{Bubble, Item, Progress, Quote, items},
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

const NOW: &str = "2026-11-23T12:00:00Z"; // a Monday
const MINUTE: i64 = 60_000;

pub fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap_or_else(|| panic!("{text} is a moment"))
}

fn message(seq: u64, by: u128, created_at: Timestamp) -> Message {
    let content = Content::text(format!("message {seq}"));
    Message::new(MessageId(Uuid::from_u128(seq.into())), talk_id(0), seq, person(by), content, created_at)
}

/// A conversation of three, in which one of the others has read all and the other up to `read`.
fn thread(read: u64) -> Thread {
    let mut server = Server::new();
    server.make(&Change::Send { talk: 0, by: 1 });
    server.talks[0].read = BTreeMap::from([(person(2), u64::MAX), (person(3), read)]);
    let mut state = ChatState::begin(server.snapshot(&BTreeMap::new()));
    state.threads.remove(&talk_id(0)).expect("a thread")
}

pub fn shown(messages: &[Message], outbox: &[Outgoing], unread_after: Option<u64>) -> Vec<Item> {
    let mut thread = thread(2);
    thread.messages = shared(messages).into_iter().map(|message| (message.seq, message)).collect();
    thread.outbox = outbox.to_vec();
    items(&thread, ME, unread_after, &Zone::rendered("UTC"), at(NOW))
}

fn shared(messages: &[Message]) -> Vec<Arc<Message>> {
    messages.iter().cloned().map(Arc::new).collect()
}

fn bubbles(items: &[Item]) -> Vec<&Bubble> {
    items
        .iter()
        .filter_map(|item| if let Item::Bubble(bubble) = item { Some(bubble) } else { None })
        .collect()
}

/// The items in one line: a day in brackets, `|` for the divider, and for each message `(` where
/// its group begins and `)` where it ends.
fn drawn(items: &[Item]) -> String {
    let draw = |item: &Item| match item {
        Item::Day(label, _) => format!("[{label}]"),
        Item::Unread => "|".into(),
        Item::Bubble(bubble) => {
            let (begin, end) = (if bubble.first { "(" } else { "" }, if bubble.last { ")" } else { "" });
            format!("{begin}{}{end}", if bubble.mine { 'm' } else { 'o' })
        }
    };
    items.iter().map(draw).collect()
}

/// Messages by the given people, so many minutes apart, from nine o'clock on.
pub fn talk(messages: &[(u128, i64)]) -> Vec<Message> {
    let mut moment = at("2026-11-23T09:00:00Z").0;
    let mut next = |(index, (by, minutes)): (usize, &(u128, i64))| {
        moment += minutes * MINUTE;
        message(index as u64 + 1, *by, Timestamp(moment))
    };
    messages.iter().enumerate().map(&mut next).collect()
}

pub fn outgoing(number: u128, written_at: Timestamp, failed: Option<AppError>) -> Outgoing {
    Outgoing { failed, ..Outgoing::text(MessageId(Uuid::from_u128(number)), "out", written_at) }
}

#[test]
fn nothing_is_shown_of_nothing() {
    assert_eq!(shown(&[], &[], Some(0)), []);
}

#[test]
fn messages_of_one_sender_within_five_minutes_are_a_group() {
    let draw = |messages: &[_]| drawn(&shown(&talk(messages), &[], None));
    assert_eq!(draw(&[(1, 0)]), "[Today](m)");
    assert_eq!(draw(&[(1, 0), (1, 1), (1, 4)]), "[Today](mmm)");
    assert_eq!(draw(&[(1, 0), (2, 0), (2, 0), (1, 0)]), "[Today](m)(oo)(m)");
    assert_eq!(draw(&[(2, 0), (3, 0)]), "[Today](o)(o)", "two others are not one");
    assert_eq!(draw(&[(1, 0), (1, 5)]), "[Today](m)(m)", "five minutes are too long");
    let mut close = talk(&[(1, 0), (1, 5)]);
    close[1].created_at.0 -= 1;
    assert_eq!(drawn(&shown(&close, &[], None)), "[Today](mm)");
}

#[test]
fn an_answer_has_what_it_answers_as_the_person_left_it() {
    let mut messages = talk(&[(2, 0), (1, 0), (2, 0)]);
    let unknown = MessageId(Uuid::from_u128(99));
    messages[1].reply_to = Some(messages[0].id);
    messages[2].reply_to = Some(unknown);
    let quotes = |messages: &[Message]| -> Vec<_> {
        let items = shown(messages, &[], None);
        bubbles(&items).into_iter().map(|bubble| bubble.quote.clone()).collect()
    };
    let quote = |id, message: Option<&Message>| Some(Quote { id, message: message.cloned().map(Arc::new) });
    assert_eq!(
        quotes(&messages),
        [None, quote(messages[0].id, Some(&messages[0])), quote(unknown, None)],
        "what is not held is not known"
    );
    messages[0].content = Content::Deleted { at: at(NOW) };
    assert_eq!(quotes(&messages)[1], quote(messages[0].id, Some(&messages[0])));
    // One that is being deleted answers nothing any more.
    let operation = Operation::Change { message: messages[1].id, change: change::Change::Delete };
    let deletion = Outgoing { operation, ..outgoing(7, at(NOW), None) };
    let items = shown(&messages, &[deletion], None);
    assert_eq!(bubbles(&items)[1].quote, None);
}

#[test]
fn a_deleted_message_is_seen_for_an_hour_and_longer_where_it_is_answered() {
    let hour = 60 * MINUTE;
    let mut messages = talk(&[(1, 0), (2, 0), (2, 0)]);
    messages[0].content = Content::Deleted { at: Timestamp(at(NOW).0 - hour) };
    messages[1].content = Content::Deleted { at: Timestamp(at(NOW).0 - hour - 1) };
    let seqs = |messages: &[Message]| -> Vec<_> {
        let items = shown(messages, &[], None);
        bubbles(&items).iter().filter_map(|bubble| bubble.stored().map(|message| message.seq)).collect()
    };
    assert_eq!(seqs(&messages), [1, 3]);
    messages[2].reply_to = Some(messages[1].id);
    assert_eq!(seqs(&messages), [1, 2, 3]);
}

#[test]
fn a_day_begins_with_its_name_and_ends_a_group() {
    let moments =
        ["2026-11-02T09:00:00Z", "2026-11-17T09:00:00Z", "2026-11-22T23:59:00Z", "2026-11-23T00:00:00Z"];
    let messages: Vec<_> = (1..).zip(moments).map(|(seq, moment)| message(seq, 1, at(moment))).collect();
    let expected = "[2 November 2026](m)[Tuesday](m)[Yesterday](m)[Today](m)";
    assert_eq!(drawn(&shown(&messages, &[], None)), expected);

    let zone = Zone::rendered("Asia/Kolkata");
    let mut thread = thread(0);
    thread.messages = shared(&messages[2..]).into_iter().map(|message| (message.seq, message)).collect();
    let there = items(&thread, ME, None, &zone, at(NOW));
    assert_eq!(drawn(&there), "[Today](mm)", "days begin where the viewer is");
    let last = bubbles(&there)[1].clone();
    assert_eq!((last.there().clock(), last.exact()), ("05:30".into(), "23 November 2026, 05:30".into()));
    assert_eq!(last.at.to_string(), "2026-11-23T00:00:00.000Z");
}

#[test]
fn the_divider_stands_once_before_the_first_unread_message_of_others() {
    let messages = talk(&[(2, 0), (2, 0), (1, 0), (2, 0), (2, 0)]);
    let draw = |unread_after| drawn(&shown(&messages, &[], unread_after));
    assert_eq!(draw(None), "[Today](oo)(m)(oo)");
    assert_eq!(draw(Some(0)), "[Today]|(oo)(m)(oo)");
    assert_eq!(draw(Some(1)), "[Today](o)|(o)(m)(oo)", "it parts a group");
    assert_eq!(draw(Some(2)), "[Today](oo)(m)|(oo)", "one's own are never unread");
    assert_eq!(draw(Some(5)), "[Today](oo)(m)(oo)");
}

#[test]
fn the_divider_stands_below_the_day_that_begins_with_it() {
    let messages = [message(1, 2, at("2026-11-22T09:00:00Z")), message(2, 2, at("2026-11-23T09:00:00Z"))];
    assert_eq!(drawn(&shown(&messages, &[], Some(1))), "[Yesterday](o)[Today]|(o)");
}

#[test]
fn only_own_messages_say_how_far_they_have_come() {
    let outbox = [
        outgoing(11, at("2026-11-23T09:01:00Z"), None),
        outgoing(12, at("2026-11-23T09:02:00Z"), Some(AppError::new(ErrorCode::NotFound, "Gone."))),
        outgoing(13, at("2026-11-23T09:03:00Z"), None),
    ];
    let items = shown(&talk(&[(2, 0), (1, 0), (1, 0)]), &outbox, None);
    let words: Vec<_> =
        bubbles(&items).iter().map(|bubble| bubble.progress.as_ref().map(Progress::word)).collect();
    let expected = [None, Some("read"), Some("sent"), Some("sending"), Some("failed"), Some("sending")];
    assert_eq!(words, expected, "read is what everyone has read");
    assert_eq!(drawn(&items), "[Today](o)(mmmm)(m)", "a failed one ends its group: its buttons stand below");
}

#[test]
fn a_deleted_message_keeps_its_place_without_its_text() {
    let mut messages = talk(&[(2, 0), (2, 0)]);
    messages[0].content = Content::Deleted { at: at(NOW) };
    let items = shown(&messages, &[], None);
    assert_eq!(drawn(&items), "[Today](oo)");
    let bodies: Vec<_> = bubbles(&items).iter().map(|bubble| bubble.body()).collect();
    assert_eq!(bodies, [Err("Message deleted"), Ok("message 2")]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    #[test]
    fn every_message_is_in_exactly_one_group(
        talked in prop::collection::vec((1..4_u128, 0..900_i64), 0..40),
        unread_after in prop::option::of(0..40_u64),
    ) {
        let messages = talk(&talked);
        let items = shown(&messages, &[], unread_after);
        let ids: Vec<_> = bubbles(&items).iter().map(|bubble| bubble.id).collect();
        prop_assert_eq!(ids, messages.iter().map(|message| message.id).collect::<Vec<_>>());

        let mut open = false;
        for item in &items {
            match item {
                Item::Bubble(bubble) => {
                    prop_assert_eq!(bubble.first, !open, "a group begins where none is open");
                    open = !bubble.last;
                }
                Item::Day(..) | Item::Unread => prop_assert!(!open, "nothing stands inside a group"),
            }
        }
        prop_assert!(!open);
        let dividers = items.iter().filter(|item| **item == Item::Unread).count();
        let unread = messages.iter().any(|m| m.sender != ME && unread_after.is_some_and(|seq| m.seq > seq));
        prop_assert_eq!(dividers, usize::from(unread));
    }
}

#[test]
fn readers_stand_under_the_newest_of_ones_own_that_they_have_read() {
    // The second of them has read up to the third message, the first one all.
    let messages = talk(&[(1, 0), (2, 0), (1, 0), (1, 9), (2, 0)]);
    let mut thread = thread(3);
    thread.messages = shared(&messages).into_iter().map(|message| (message.seq, message)).collect();
    let readers = |thread: &Thread| -> Vec<(u64, Vec<UserId>)> {
        let items = items(thread, ME, None, &Zone::rendered("UTC"), at(NOW));
        let read = bubbles(&items).into_iter().filter(|bubble| !bubble.readers.is_empty());
        read.map(|bubble| (bubble.stored().map_or(0, |message| message.seq), bubble.readers.clone()))
            .collect()
    };
    assert_eq!(readers(&thread), [(3, vec![person(3)]), (4, vec![person(2)])]);

    // Whoever has just joined has seen nothing of it.
    let joined = Message { content: Content::System(System::Joined(person(3))), ..messages[4].clone() };
    thread.messages.insert(5, Arc::new(joined));
    thread.read.insert(person(3), 5);
    assert_eq!(readers(&thread), [(4, vec![person(2)])]);

    // In a large group there would be too many.
    thread.conversation.members.extend((10..60).map(person));
    assert_eq!(readers(&thread), []);
}
