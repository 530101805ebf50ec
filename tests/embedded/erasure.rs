//! What is erased is nowhere in the files any more.

use crate::conformance::given;
use sotto::{
    chat::{change::Change, model::MessageBody},
    contacts::model::{Move, Pair},
    store::{Messages, Store, embedded::EmbeddedStore},
};
use std::{fs, path::Path};

/// Whether any file of the store holds these bytes.
fn is_written(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).expect("a folder").any(|entry| {
        let bytes = fs::read(entry.expect("an entry").path()).unwrap_or_default();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
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
