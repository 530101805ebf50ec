//! What is erased is nowhere in the files any more.

use crate::conformance::given;
use model::{
    change::Change,
    file::FileName,
    friendship::{Move, Pair},
    id::{ConversationId, UserId},
    message::MessageBody,
};
use rusqlite::Connection;
use std::{fs, path::Path, time::Duration};
use store::{Files, Messages, NewFile, Store, Users, embedded::EmbeddedStore};
use tempfile::TempDir;
use tokio::time::sleep;

/// Whether any file of the store holds these bytes.
fn is_written(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder)
        .expect("a folder")
        .any(|entry| contains(&fs::read(entry.expect("an entry").path()).unwrap_or_default(), text))
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..1500 {
        if is_so() {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("waited too long for {what}");
}

/// Waits until no file of the store holds these bytes.
async fn gone(folder: &Path, text: &str) {
    until("the end of what was erased", || !is_written(folder, text)).await;
}

/// Anna and Ben, who have spoken of canaries; and Cleo, who has heard something else. The store is
/// open.
struct Talk {
    folder: TempDir,
    store: EmbeddedStore,
    anna: UserId,
    ben: UserId,
    conversation: ConversationId,
    kept: ConversationId,
}

impl Talk {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let store = EmbeddedStore::open(folder.path()).expect("a store");
        let [anna, ben, cleo] = given::users(&store, ["anna", "ben", "cleo"]).await;
        let conversation = given::contacts(&store, anna, ben).await;
        let kept = given::contacts(&store, ben, cleo).await;
        // Long enough for pages of their own.
        given::sent(&store, kept, ben, &"words that stay \u{1f986}".repeat(230)).await;
        for n in 0..20 {
            let text = format!("canary-of-words {n} {}", "x".repeat(n * 100));
            given::sent(&store, conversation, anna, &text).await;
        }
        assert!(is_written(folder.path(), "canary-of-words"), "the search finds what is there");
        Self { folder, store, anna, ben, conversation, kept }
    }

    async fn part(&self) {
        let pair = Pair::of(self.anna, self.ben).expect("two people");
        given::make_move(&self.store, pair, self.ben, Move::Remove, given::NOW).await.expect("a removal");
    }

    /// Somebody who reads what is there now, for as long as they are not dropped.
    fn reader(&self) -> Connection {
        let reader = Connection::open(self.folder.path().join("sotto.db")).expect("the file");
        reader.execute_batch("BEGIN; SELECT * FROM messages").expect("a snapshot");
        reader
    }
}

#[tokio::test]
async fn a_store_that_goes_on_holds_nothing_of_a_removed_contact() {
    let talk = Talk::new().await;
    talk.part().await;
    gone(talk.folder.path(), "canary-of-words").await;
    assert!(is_written(talk.folder.path(), "words that stay"));
}

#[tokio::test]
async fn nor_of_a_deleted_account() {
    let talk = Talk::new().await;
    talk.store.delete_user(talk.anna).await.expect("an answer");
    gone(talk.folder.path(), "canary-of-words").await;
}

#[tokio::test]
async fn nor_of_deleted_words() {
    let talk = Talk::new().await;
    for message in talk.store.changes(talk.conversation, 0, 100).await.expect("an answer").messages {
        let next = message.after(talk.anna, &Change::Delete, given::NOW).expect("allowed").expect("a change");
        talk.store.commit_message(next).await.expect("an answer").expect("a change");
    }
    gone(talk.folder.path(), "canary-of-words").await;
}

#[tokio::test]
async fn who_still_reads_holds_nobody_up_and_what_was_erased_goes_when_they_have_read() {
    let talk = Talk::new().await;
    let reader = talk.reader();
    let copied = || {
        let bytes = fs::read(talk.folder.path().join("sotto.db")).expect("the file");
        contains(&bytes, "words that stay")
    };
    assert!(!copied(), "nothing has been copied yet");
    talk.part().await;
    until("an attempt in vain, which copies what has not changed since", copied).await;
    given::sent(&talk.store, talk.kept, talk.ben, "and go on").await;
    assert!(is_written(talk.folder.path(), "canary-of-words"), "it is still read");
    drop(reader);
    gone(talk.folder.path(), "canary-of-words").await;
}

#[tokio::test]
async fn what_a_killed_server_has_left_goes_at_the_next_start() {
    let talk = Talk::new().await;
    let reader = talk.reader();
    talk.part().await;
    let left = tempfile::tempdir().expect("a folder for temporary files");
    for file in ["sotto.db", "sotto.db-wal"] {
        fs::copy(talk.folder.path().join(file), left.path().join(file)).expect("a copy");
    }
    drop(reader);
    assert!(is_written(left.path(), "canary-of-words"), "it was killed too early");
    let _store = EmbeddedStore::open(left.path()).expect("a store after a crash");
    gone(left.path(), "canary-of-words").await;
}

#[tokio::test]
async fn the_words_of_a_removed_contact_are_nowhere_in_the_files() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let store = EmbeddedStore::open(folder.path()).expect("a store");
    let [anna, ben, cleo] = given::users(&store, ["anna", "ben", "cleo"]).await;
    let conversation = given::contacts(&store, anna, ben).await;
    let kept = given::contacts(&store, anna, cleo).await;
    for n in 0..200 {
        given::sent(&store, conversation, anna, &format!("canary-of-words {n} {}", "x".repeat(n * 10))).await;
    }
    given::sent(&store, kept, anna, "words that stay").await;
    store.close().await;
    assert!(is_written(folder.path(), "canary-of-words"), "the search finds what is there");

    let store = EmbeddedStore::open(folder.path()).expect("the same store");
    let pair = Pair::of(anna, ben).expect("two people");
    given::make_move(&store, pair, ben, Move::Remove, given::NOW).await.expect("a removal");
    store.close().await;
    assert!(!is_written(folder.path(), "canary-of-words"));
    assert!(is_written(folder.path(), "words that stay"));
}

#[tokio::test]
async fn words_that_were_edited_or_deleted_are_nowhere_in_the_files() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let store = EmbeddedStore::open(folder.path()).expect("a store");
    let (conversation, anna, _) = given::conversation(&store).await;
    let text = |n: usize, word: &str| format!("canary-{word} {n} {}", "x".repeat(n * 10));
    for n in 0..100 {
        given::sent(&store, conversation, anna, &text(n, "first")).await;
    }
    store.close().await;
    assert!(is_written(folder.path(), "canary-first"), "the search finds what is there");

    let store = EmbeddedStore::open(folder.path()).expect("the same store");
    let all = store.changes(conversation, 0, 1000).await.expect("an answer").messages;
    for (n, message) in all.iter().enumerate() {
        let edit = Change::Edit(MessageBody::parse(&text(n, "second")).expect("a text"));
        let next = message.after(anna, &edit, given::NOW).expect("allowed").expect("a change");
        let edited = store.commit_message(next).await.expect("an answer").expect("a change");
        if n % 2 == 0 {
            let next = edited.after(anna, &Change::Delete, given::NOW).expect("allowed").expect("a change");
            store.commit_message(next).await.expect("an answer").expect("a change");
        }
    }
    store.close().await;
    assert!(!is_written(folder.path(), "canary-first"));
    assert!(is_written(folder.path(), "canary-second 1 "), "what was not deleted is there");
    for n in (0..100).step_by(2) {
        assert!(!is_written(folder.path(), &text(n, "second")), "{n}");
    }
}

#[tokio::test]
async fn the_name_of_an_erased_file_is_nowhere_in_the_files() {
    let folder = tempfile::tempdir().expect("a folder for temporary files");
    let store = EmbeddedStore::open(folder.path()).expect("a store");
    let (conversation, anna, _) = given::conversation(&store).await;
    let mut messages = Vec::new();
    for word in ["deleted", "kept"] {
        let name = FileName::of(&format!("canary-{word}.pdf"));
        let new = NewFile { name, ..given::new_file(anna, 0) };
        store.create_file(new.clone(), given::ROOM).await.expect("room");
        let file = store.finish_upload(new.id, given::facts(0)).await.expect("an answer").expect("a file");
        let message = given::with_files(conversation, anna, &[&file]);
        messages.push(store.append_message(message).await.expect("a stored message").message);
    }
    let next = messages[0].after(anna, &Change::Delete, given::NOW).expect("allowed").expect("a change");
    store.commit_message(next).await.expect("an answer").expect("a change");
    for word in ["discarded", "expired"] {
        let name = FileName::of(&format!("canary-{word}.pdf"));
        let new = NewFile { name, ..given::new_file(anna, 0) };
        store.create_file(new.clone(), given::ROOM).await.expect("room");
        if word == "discarded" {
            assert_eq!(store.discard_file(new.id, anna).await, Ok(true));
        }
    }
    assert_eq!(store.files_to_erase(given::EXPIRY, 10).await.expect("an answer").len(), 3);
    for word in ["deleted", "discarded", "expired"] {
        gone(folder.path(), &format!("canary-{word}")).await;
    }
    assert!(is_written(folder.path(), "canary-kept"));
}
