//! What is erased is nowhere in the files any more.

use crate::conformance::given;
use sotto::{
    contacts::model::{Move, Pair},
    store::{Store, embedded::EmbeddedStore},
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
