//! Files in messages: they come and go with them.

use super::{
    Backend, given,
    given::{EXPIRY, NOW, new_file, with_files},
};
use model::{
    change::{Change, Emoji},
    content::Content,
    file::AltText,
    friendship::{Move, Pair},
    id::{ConversationId, FileId, MessageId, UserId},
    message::{Message, MessageBody, PageRequest},
};
use std::sync::Arc;
use store::{FileState, Membership, NewMessage, Store, StoreError, StoredFile};

async fn sent(store: &dyn Store, new: NewMessage) -> Arc<Message> {
    store.append_message(new).await.expect("a stored message").message
}

/// A new file, and the message that it was sent with.
async fn sent_file(store: &dyn Store, id: ConversationId, by: UserId) -> (FileId, Arc<Message>) {
    let file = given::file(store, by).await;
    (file.id, sent(store, with_files(id, by, &[&file])).await)
}

async fn change(store: &dyn Store, of: &Message, by: UserId, change: &Change) -> Arc<Message> {
    let stored = store.message(of.conversation_id, of.id).await.expect("an answer").expect("the message");
    let next = stored.after(by, change, NOW).expect("allowed").expect("a change");
    store.commit_message(next).await.expect("an answer").expect("nobody else")
}

/// `None`: it is gone.
async fn state(store: &dyn Store, id: FileId) -> Option<FileState> {
    store.file(id).await.expect("an answer").map(|file| file.state)
}

fn with(message: &Message) -> Option<FileState> {
    Some(FileState::Sent { conversation: message.conversation_id, message: message.id })
}

/// Those that are erased, in order; nothing has expired.
async fn erased(store: &dyn Store) -> Vec<FileId> {
    store.files_to_erase(NOW, 100).await.expect("an answer")
}

fn sorted<const N: usize>(mut ids: [FileId; N]) -> Vec<FileId> {
    ids.sort_unstable();
    ids.to_vec()
}

pub async fn files_are_sent_with_a_message(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let (one, two) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    let mut new = with_files(id, anna, &[&two, &one]);
    new.attachments[0].alt = AltText::parse("A $duck \"on\" a pond").expect("a description");
    let attachments = new.attachments.clone();
    let message = sent(&*store, new).await;
    assert_eq!(
        (message.content.words(), message.content.attachments()),
        (Some(""), &*attachments),
        "in order"
    );
    assert_eq!(store.message(id, message.id).await, Ok(Some(message.clone())));
    let page = store.page(id, PageRequest::default()).await.expect("an answer");
    assert_eq!(page.messages, std::slice::from_ref(&message));
    let summary = store.summary(id, ben).await.expect("an answer").expect("a summary");
    assert_eq!(summary.last_message, Some(message.clone()));
    for file in [&one, &two] {
        let sent = StoredFile { expires_at: None, state: with(&message).expect("sent"), ..file.clone() };
        assert_eq!(store.file(file.id).await, Ok(Some(sent)));
    }
    assert_eq!(store.files_to_erase(EXPIRY, 10).await, Ok(vec![]), "what is sent does not expire");
    let words = NewMessage {
        body: MessageBody::parse("words").expect("words"),
        ..with_files(id, ben, &[&given::file(&*store, ben).await])
    };
    let words = sent(&*store, words).await;
    assert_eq!((words.content.words(), words.content.attachments().len()), (Some("words"), 1));
    store.close().await;
    drop(store);
    let store = place.open().await;
    assert_eq!(store.message(id, message.id).await, Ok(Some(message.clone())), "after the next start, too");
    assert_eq!(state(&*store, one.id).await, with(&message));
}

pub async fn only_ready_files_of_the_sender_are_sent(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let good = given::file(&*store, anna).await;
    let of_ben = given::file(&*store, ben).await;
    let begun = new_file(anna, 7);
    store.create_file(begun.clone(), given::ROOM).await.expect("room");
    assert_eq!(store.advance_upload(begun.id, 0, 7, EXPIRY).await, Ok(true));
    let unfinished = StoredFile { id: begun.id, ..good.clone() };
    let unknown = StoredFile { id: FileId::new(), ..good.clone() };
    let gone = given::file(&*store, anna).await;
    assert_eq!(store.discard_file(gone.id, anna).await, Ok(true));
    for bad in [&of_ben, &unfinished, &unknown, &gone, &good] {
        for files in [[&good, bad], [bad, &good]] {
            let refused = store.append_message(with_files(id, anna, &files)).await;
            assert_eq!(refused, Err(StoreError::NotFound), "{bad:?}");
        }
    }
    let elsewhere = store.append_message(with_files(ConversationId::new(), anna, &[&good])).await;
    assert_eq!(elsewhere, Err(StoreError::NotFound));
    assert_eq!(store.file(good.id).await, Ok(Some(good.clone())), "as it was");
    assert_eq!(store.file(of_ben.id).await, Ok(Some(of_ben)));
    assert_eq!(state(&*store, begun.id).await, Some(FileState::Uploading));
    assert_eq!(erased(&*store).await, [gone.id]);
    let message = sent(&*store, with_files(id, anna, &[&good])).await;
    assert_eq!((message.seq, state(&*store, good.id).await), (1, with(&message)), "no number was lost");
}

pub async fn a_file_is_in_one_message_alone(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let elsewhere = given::contacts(&*store, anna, cleo).await;
    let (file, other) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    let message = sent(&*store, with_files(id, anna, &[&file])).await;
    for place in [id, elsewhere] {
        let again = store.append_message(with_files(place, anna, &[&other, &file])).await;
        assert_eq!(again, Err(StoreError::NotFound));
    }
    let of_the_same_name =
        store.append_message(NewMessage { id: message.id, ..with_files(elsewhere, anna, &[&file]) }).await;
    assert_eq!(of_the_same_name, Err(StoreError::NotFound));
    assert_eq!(state(&*store, file.id).await, with(&message));
    assert_eq!(state(&*store, other.id).await, Some(FileState::Ready));
}

pub async fn sending_again_sends_no_other_files(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let (file, other) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    let new = with_files(id, anna, &[&file]);
    let first = sent(&*store, new.clone()).await;
    for again in [
        new.clone(),
        NewMessage { id: new.id, ..with_files(id, anna, &[&other]) },
        NewMessage { id: new.id, ..given::message(id, anna, "words") },
    ] {
        let again = store.append_message(again).await.expect("the stored message");
        assert_eq!((again.is_new, again.message), (false, first.clone()));
    }
    let of_ben = given::file(&*store, ben).await;
    let stolen = NewMessage { id: new.id, ..with_files(id, ben, &[&of_ben]) };
    assert_eq!(store.append_message(stolen).await, Err(StoreError::IdTaken));
    assert_eq!(state(&*store, file.id).await, with(&first));
    assert_eq!(state(&*store, other.id).await, Some(FileState::Ready));
    assert_eq!(state(&*store, of_ben.id).await, Some(FileState::Ready));
    let gone = change(&*store, &first, anna, &Change::Delete).await;
    let again = store.append_message(new).await.expect("the tombstone");
    assert_eq!(again.message, gone, "sending it again brings nothing back");
    assert_eq!(erased(&*store).await, [file.id]);
}

pub async fn of_many_messages_that_want_one_file_one_has_it(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let elsewhere = given::contacts(&*store, anna, cleo).await;
    let file = given::file(&*store, anna).await;
    let outcomes = given::at_once(&store, 12, |store, n| {
        let new = with_files([id, elsewhere][n % 2], anna, &[&file]);
        async move { store.append_message(new).await }
    });
    let outcomes = outcomes.await;
    let stored: Vec<_> = outcomes.iter().flatten().collect();
    assert_eq!(stored.len(), 1, "{outcomes:?}");
    assert_eq!(state(&*store, file.id).await, with(&stored[0].message));
    let refused = outcomes.iter().filter(|outcome| **outcome == Err(StoreError::NotFound));
    assert_eq!(refused.count(), 11);
}

pub async fn many_sends_of_one_message_send_its_files_once(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let (one, two) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    let new = with_files(id, anna, &[&one, &two]);
    let outcomes = given::at_once(&store, 20, |store, _| {
        let new = new.clone();
        async move { store.append_message(new).await.expect("the stored message") }
    });
    let outcomes = outcomes.await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_new).count(), 1);
    assert!(outcomes.iter().all(|outcome| outcome.message == outcomes[0].message));
    for file in [one, two] {
        assert_eq!(state(&*store, file.id).await, with(&outcomes[0].message));
    }
}

pub async fn a_deleted_message_takes_its_files_along_and_no_others(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let (one, two) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    let message = sent(&*store, with_files(id, anna, &[&one, &two])).await;
    let (kept, other) = sent_file(&*store, id, anna).await;
    let (of_ben, _) = sent_file(&*store, id, ben).await;
    let ready = given::file(&*store, anna).await;
    let emoji = Emoji::parse("🦆").expect("an emoji");
    change(&*store, &message, ben, &Change::React { emoji, on: true }).await;
    let edit = Change::Edit(MessageBody::parse("words").expect("words"));
    let edited = change(&*store, &message, anna, &edit).await;
    assert_eq!(edited.content.attachments(), message.content.attachments());
    assert_eq!((state(&*store, one.id).await, erased(&*store).await), (with(&message), vec![]));
    let gone = change(&*store, &message, anna, &Change::Delete).await;
    assert_eq!(gone.content, Content::Deleted { at: NOW });
    assert_eq!(store.message(id, message.id).await, Ok(Some(gone)));
    assert_eq!((state(&*store, one.id).await, state(&*store, two.id).await), (None, None));
    assert_eq!(erased(&*store).await, sorted([one.id, two.id]));
    assert_eq!(state(&*store, kept).await, with(&other));
    assert!(state(&*store, of_ben).await.is_some());
    assert_eq!(state(&*store, ready.id).await, Some(FileState::Ready));
}

pub async fn a_message_loses_the_files_that_a_change_takes_away(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let (one, two) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    let message = sent(&*store, with_files(id, anna, &[&one, &two])).await;
    let fewer =
        Content::Text { body: String::new(), attachments: vec![two.attachment(None)], edited_at: Some(NOW) };
    let next = Message { content: fewer.clone(), ..Message::clone(&message) };
    let stale = Message { content: Content::Deleted { at: NOW }, ..Message::clone(&message) };
    let fewer = Message { content: fewer, version: 2, ..next.clone() };
    assert_eq!(store.commit_message(next).await, Ok(Some(Arc::new(fewer.clone()))));
    assert_eq!(store.message(id, message.id).await, Ok(Some(Arc::new(fewer))));
    assert_eq!((state(&*store, one.id).await, state(&*store, two.id).await), (None, with(&message)));
    // Somebody who was slower takes nothing away.
    assert_eq!(store.commit_message(stale).await, Ok(None));
    assert_eq!((erased(&*store).await, state(&*store, two.id).await), (vec![one.id], with(&message)));
}

pub async fn the_files_of_a_conversation_end_with_it(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let elsewhere = given::contacts(&*store, anna, cleo).await;
    let ((of_anna, _), (of_ben, _)) = (sent_file(&*store, id, anna).await, sent_file(&*store, id, ben).await);
    let (kept, other) = sent_file(&*store, elsewhere, anna).await;
    let ready = given::file(&*store, anna).await;
    let pair = Pair::of(anna, ben).expect("two people");
    given::make_move(&*store, pair, ben, Move::Remove, NOW).await.expect("a removal");
    assert_eq!(erased(&*store).await, sorted([of_anna, of_ben]));
    assert_eq!((state(&*store, of_anna).await, state(&*store, of_ben).await), (None, None));
    assert_eq!(state(&*store, kept).await, with(&other));
    assert_eq!(state(&*store, ready.id).await, Some(FileState::Ready));
}

fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: NOW }
}

async fn group<const N: usize>(store: &dyn Store, owner: UserId, others: [UserId; N]) -> ConversationId {
    let first = membership(ConversationId::new(), owner, owner);
    store.create_group(first, None, others.to_vec()).await.expect("a group");
    first.conversation
}

pub async fn the_files_of_a_group_end_with_it(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let left = group(&*store, anna, []).await;
    let [ended, kept] = [group(&*store, anna, [ben]).await, group(&*store, anna, [ben]).await];
    let ((one, _), (two, _)) = (sent_file(&*store, ended, anna).await, sent_file(&*store, ended, ben).await);
    let (three, _) = sent_file(&*store, left, anna).await;
    let (stays, message) = sent_file(&*store, kept, ben).await;
    store.erase_group(membership(ended, anna, anna)).await.expect("an answer");
    assert_eq!(erased(&*store).await, sorted([one, two]));
    store.remove_member(membership(left, anna, anna)).await.expect("an answer").expect("a member");
    assert_eq!(erased(&*store).await, sorted([one, two, three]), "everybody has left it");
    assert_eq!(state(&*store, stays).await, with(&message));
}

pub async fn a_deleted_user_leaves_no_files(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let group = group(&*store, ben, [anna]).await;
    let ((one, _), (two, _)) = (sent_file(&*store, id, anna).await, sent_file(&*store, id, ben).await);
    let ((three, _), (kept, message)) =
        (sent_file(&*store, group, anna).await, sent_file(&*store, group, ben).await);
    let four = given::file(&*store, anna).await.id;
    let begun = new_file(anna, 7);
    store.create_file(begun.clone(), given::ROOM).await.expect("room");
    let ready = given::file(&*store, ben).await.id;
    assert_eq!(store.delete_user(anna).await, Ok(true));
    assert_eq!(erased(&*store).await, sorted([one, two, three, four, begun.id]));
    assert_eq!(state(&*store, three).await, None);
    assert_eq!(state(&*store, kept).await, with(&message));
    assert_eq!(state(&*store, ready).await, Some(FileState::Ready));
    for id in erased(&*store).await {
        assert_eq!(store.forget_file(id).await, Ok(true));
    }
    assert_eq!(store.bytes_used(anna).await, Ok(0));
}

pub async fn what_was_sent_in_a_group_that_one_has_left_stays(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let group = group(&*store, ben, [anna]).await;
    let (file, message) = sent_file(&*store, group, anna).await;
    store.remove_member(membership(group, anna, anna)).await.expect("an answer").expect("a member");
    assert_eq!(store.delete_user(anna).await, Ok(true));
    assert_eq!(store.message(group, message.id).await, Ok(Some(message.clone())));
    assert_eq!((state(&*store, file).await, erased(&*store).await), (with(&message), vec![]));
    store.erase_group(membership(group, ben, ben)).await.expect("an answer");
    assert_eq!(erased(&*store).await, [file]);
}
