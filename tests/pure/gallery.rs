//! Which pictures can be gone through.

use super::server::{Change, ME, Server, person, talk_id};
use model::{
    content::Content,
    file::{Attachment, FileName, MediaType},
    id::{FileId, MessageId},
    message::Message,
    state::ChatState,
    thread::Thread,
    time::Timestamp,
};
use sotto::chat::view::message::gallery::{Picture, of_list, of_thread};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

fn file(id: u128, kind: &str) -> Attachment {
    let (name, kind) = (FileName::of(&format!("{id}")), MediaType::of(kind));
    let is_seen = !kind.as_str().starts_with("text/");
    let side = is_seen.then_some(64);
    let (file, size) = (FileId(Uuid::from_u128(id)), 10);
    let (width, height, duration, placeholder, alt) = (side, side, None, None, None);
    Attachment { file, name, size, kind, width, height, duration, placeholder, alt }
}

fn message(seq: u64, content: Content) -> Arc<Message> {
    let id = MessageId(Uuid::from_u128(seq.into()));
    Arc::new(Message::new(id, talk_id(0), seq, person(2), content, Timestamp(seq as i64)))
}

fn with(files: Vec<Attachment>) -> Content {
    Content::Text { body: String::new(), attachments: files, edited_at: None }
}

/// A conversation with these messages.
fn thread(messages: &[Arc<Message>]) -> Thread {
    let mut server = Server::new();
    server.make(&Change::Send { talk: 0, by: 1 });
    let mut state = ChatState::begin(server.snapshot(&BTreeMap::new()));
    let mut thread = state.threads.remove(&talk_id(0)).expect("a thread");
    thread.messages = messages.iter().map(|message| (message.seq, message.clone())).collect();
    thread
}

fn ids(pictures: &[Picture]) -> Vec<u128> {
    pictures.iter().map(|picture| picture.file.file.0.as_u128()).collect()
}

fn some() -> [Arc<Message>; 4] {
    [
        message(1, with(vec![file(11, "image/png"), file(12, "text/plain"), file(13, "image/webp")])),
        message(2, Content::text("words")),
        message(3, with(vec![file(31, "video/mp4")])),
        message(4, with(vec![file(41, "image/jpeg")])),
    ]
}

#[test]
fn the_pictures_of_a_conversation_follow_each_other_and_nothing_else_is_among_them() {
    let found = of_thread(&thread(&some()), ME, some()[0].id);
    assert_eq!(ids(&found), [11, 13, 41]);
    assert_eq!((found[2].message, found[2].sender, found[2].at), (some()[3].id, person(2), Timestamp(4)));
}

#[test]
fn a_message_that_is_only_answered_has_its_own_alone() {
    let mut thread = thread(&some()[1..]);
    thread.quoted = vec![some()[0].clone()];
    assert_eq!(ids(&of_thread(&thread, ME, some()[0].id)), [11, 13]);
    assert_eq!(ids(&of_thread(&thread, ME, MessageId(Uuid::from_u128(99)))), Vec::<u128>::new());
}

#[test]
fn a_list_loses_what_is_known_to_be_deleted_and_keeps_what_is_not_held() {
    let list = of_thread(&thread(&some()), ME, some()[0].id);
    let gone = message(1, Content::Deleted { at: Timestamp(9) });
    assert_eq!(ids(&of_list(&list, &thread(&[gone]), ME)), [41]);
    assert_eq!(ids(&of_list(&list, &thread(&some()), ME)), [11, 13, 41]);
}
