//! Files and the message that has them are several documents: what a crash leaves between two of the steps is known to
//! whoever reads it, and mended by a sweep.

use crate::{
    backend::{Backend, Shared},
    conformance::given,
    mongod::{Database, ReplicaSet},
};
use model::{
    id::{ConversationId, FileId, MessageId, UserId},
    message::Message,
    time::Timestamp,
};
use mongodb::bson::{DateTime, Document, Uuid, doc};
use std::sync::Arc;
use store::{FileState, StoreError, StoredFile};

/// When what is in doubt may be settled, and when that is over.
const DOUBT: Timestamp = Timestamp(given::NOW.0 - 2);
const OVER: Timestamp = Timestamp(given::NOW.0 - 1);

struct Talk {
    _place: Database<ReplicaSet>,
    store: Shared,
    raw: mongodb::Database,
    conversation: ConversationId,
    anna: UserId,
    file: StoredFile,
}

fn uuid(id: uuid::Uuid) -> Uuid {
    Uuid::from_bytes(id.into_bytes())
}

impl Talk {
    async fn new() -> Self {
        let place = Database::<ReplicaSet>::default();
        let (store, raw) = (place.open().await, place.raw().await);
        let (conversation, anna, _) = given::conversation(&*store).await;
        let file = given::file(&*store, anna).await;
        Self { _place: place, store, raw, conversation, anna, file }
    }

    async fn send(&self) -> Arc<Message> {
        let new = given::with_files(self.conversation, self.anna, &[&self.file]);
        self.store.append_message(new).await.expect("a stored message").message
    }

    /// Changes the file's document into what a crash would have left.
    async fn leave(&self, change: Document) {
        let files = self.raw.collection::<Document>("files");
        let changed =
            files.update_one(doc! { "_id": uuid(self.file.id.0) }, change).await.expect("an answer");
        assert_eq!(changed.matched_count, 1);
    }

    async fn claim_for(&self, message: MessageId) {
        self.leave(doc! { "$set": {
            "state": "sent",
            "conversation": uuid(self.conversation.0),
            "message": uuid(message.0),
            "expires_at": DateTime::from_millis(given::EXPIRY.0),
            "doubtful_until": DateTime::from_millis(DOUBT.0),
        } })
        .await;
    }

    async fn doubt(&self) {
        self.leave(doc! { "$set": { "doubtful_until": DateTime::from_millis(DOUBT.0) } }).await;
    }

    /// The change of a message alone, without what follows.
    async fn take_away_from(&self, message: &Message) {
        let messages = self.raw.collection::<Document>("messages");
        let of_it = doc! { "conversation": uuid(self.conversation.0), "id": uuid(message.id.0) };
        let changed =
            messages.update_one(of_it, doc! { "$unset": { "attachments": "" } }).await.expect("an answer");
        assert_eq!(changed.modified_count, 1);
    }

    async fn state(&self) -> Option<FileState> {
        self.store.file(self.file.id).await.expect("an answer").map(|file| file.state)
    }

    async fn swept(&self) -> Vec<FileId> {
        self.store.files_to_erase(OVER, 10).await.expect("an answer")
    }

    async fn is_in_doubt(&self) -> bool {
        let files = self.raw.collection::<Document>("files");
        let stored = files.find_one(doc! { "_id": uuid(self.file.id.0) }).await.expect("an answer");
        stored.expect("the file").contains_key("doubtful_until")
    }

    fn sent_with(&self, message: MessageId) -> Option<FileState> {
        Some(FileState::Sent { conversation: self.conversation, message })
    }
}

#[tokio::test]
async fn what_was_claimed_for_a_message_that_was_never_stored_is_ready_again() {
    let talk = Talk::new().await;
    talk.claim_for(MessageId::new()).await;
    assert_eq!(talk.store.file(talk.file.id).await, Ok(Some(talk.file.clone())));
    let other = given::with_files(talk.conversation, talk.anna, &[&talk.file]);
    assert_eq!(talk.store.append_message(other).await, Err(StoreError::NotFound), "it may still be stored");
    assert_eq!(talk.swept().await, []);
    assert!(!talk.is_in_doubt().await);
    let message = talk.send().await;
    assert_eq!(talk.state().await, talk.sent_with(message.id));
}

#[tokio::test]
async fn the_same_message_again_finds_what_was_claimed_for_it() {
    let talk = Talk::new().await;
    let new = given::with_files(talk.conversation, talk.anna, &[&talk.file]);
    talk.claim_for(new.id).await;
    let sent = talk.store.append_message(new).await.expect("a stored message");
    assert!(sent.is_new);
    assert_eq!(talk.state().await, talk.sent_with(sent.message.id));
    assert!(!talk.is_in_doubt().await);
}

#[tokio::test]
async fn what_was_claimed_for_a_message_that_is_stored_is_sent() {
    let talk = Talk::new().await;
    let message = talk.send().await;
    talk.claim_for(message.id).await;
    let sent = talk.store.file(talk.file.id).await.expect("an answer").expect("the file");
    assert_eq!((Some(sent.state), sent.expires_at), (talk.sent_with(message.id), None));
    assert_eq!(talk.swept().await, []);
    assert!(!talk.is_in_doubt().await);
    assert_eq!(talk.store.files_to_erase(given::EXPIRY, 10).await, Ok(vec![]), "it expires no more");
    assert_eq!(talk.state().await, talk.sent_with(message.id));
}

#[tokio::test]
async fn what_was_to_be_taken_from_a_message_that_did_not_change_stays() {
    let talk = Talk::new().await;
    let message = talk.send().await;
    talk.doubt().await;
    assert_eq!(talk.state().await, talk.sent_with(message.id));
    assert_eq!(talk.swept().await, []);
    assert_eq!((talk.is_in_doubt().await, talk.state().await), (false, talk.sent_with(message.id)));
}

#[tokio::test]
async fn what_a_changed_message_has_no_longer_is_gone_at_once_and_erased_by_the_sweep() {
    let talk = Talk::new().await;
    let message = talk.send().await;
    talk.doubt().await;
    talk.take_away_from(&message).await;
    assert_eq!(talk.state().await, None);
    assert_eq!(talk.swept().await, [talk.file.id]);
    assert_eq!(talk.store.forget_file(talk.file.id).await, Ok(true));
}

#[tokio::test]
async fn what_is_in_doubt_is_left_to_whoever_has_marked_it_for_a_while() {
    let talk = Talk::new().await;
    let message = talk.send().await;
    talk.doubt().await;
    talk.take_away_from(&message).await;
    let early = Timestamp(DOUBT.0 - 1);
    assert_eq!(talk.store.files_to_erase(early, 10).await, Ok(vec![]));
    assert!(talk.is_in_doubt().await);
}
