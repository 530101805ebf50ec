//! A change of one conversation is worked out for that one alone.

use leptos::prelude::*;
use model::{
    content::Content,
    event::ServerEvent,
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, ConversationKind, Message, Snapshot, Summary},
    request::Pending,
    state::{ChatState, Touched},
    time::Timestamp,
    user::{User, Username},
};
use sotto::device::Known;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use uuid::Uuid;

const TALKS: u128 = 1000;

fn begun() -> ChatState {
    let me = UserId(Uuid::from_u128(1));
    let summary = |number: u128| {
        let members = vec![me, UserId(Uuid::from_u128(number + 2))];
        let id = ConversationId(Uuid::from_u128(number + 10));
        let conversation = Conversation::new(id, ConversationKind::Direct, members);
        let (head, unread, read, last_message) = (0, 0, Default::default(), None);
        Summary {
            conversation,
            head,
            read,
            unread,
            last_message,
            pins: Vec::new(),
            mentions: Vec::new(),
            prefs: Default::default(),
        }
    };
    ChatState::begin(Snapshot {
        me: User { id: me, username: Username::parse("ada").expect("a name"), display_name: None },
        contacts: Vec::new(),
        requests: Pending::default(),
        invitations: Vec::new(),
        blocked: Vec::new(),
        users: Vec::new(),
        conversations: (0..TALKS).map(summary).collect(),
        missed: Vec::new(),
        stale: Vec::new(),
    })
}

#[test]
fn a_message_in_one_conversation_reruns_its_own_row_alone() {
    let owner = Owner::new();
    owner.set();
    let known = Known::new(begun());
    let runs = Arc::new(AtomicUsize::new(0));
    let row = |number: u128| {
        let (id, runs) = (ConversationId(Uuid::from_u128(number + 10)), runs.clone());
        Memo::new(move |_| {
            runs.fetch_add(1, Ordering::Relaxed);
            known.with_people(|_| ());
            known.with_thread(id, |_, thread| thread.messages.len())
        })
    };
    let rows: Vec<_> = (0..TALKS).map(row).collect();
    let drawn = || {
        runs.store(0, Ordering::Relaxed);
        let shown: usize = rows.iter().filter_map(|row| row.get_untracked()).sum();
        (runs.load(Ordering::Relaxed), shown)
    };
    assert_eq!(drawn(), (TALKS as usize, 0), "once");
    assert_eq!(drawn(), (0, 0), "nothing has changed");

    let apply = |event: ServerEvent| {
        known.change(|state| {
            let applied = state.apply(event);
            (applied.need, applied.touched)
        })
    };
    let (id, talk) = (MessageId(Uuid::from_u128(7)), ConversationId(Uuid::from_u128(510)));
    let from = UserId(Uuid::from_u128(502));
    let message = Message::new(id, talk, 1, from, Content::text("Hi"), Timestamp(0));
    apply(ServerEvent::NewMessage { message: Arc::new(message) });
    assert_eq!(drawn(), (1, 1), "of a thousand");
    apply(ServerEvent::Alive {});
    assert_eq!(drawn(), (0, 1));
    known.change(|state| ((), state.discard(id)));
    assert_eq!(drawn(), (0, 1), "what is not there touches nothing");
    known.change(|_| ((), Touched::Everything));
    assert_eq!(drawn(), (TALKS as usize, 1));
}
