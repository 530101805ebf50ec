//! Opening: what is wrong with a database is said in a sentence, and never with the password.

use crate::{
    backend::Backend,
    mongod::{Database, ReplicaSet},
};
use mongodb::{
    IndexModel,
    bson::{Document, doc},
};
use store::mongo::{MongoStore, OpenError};

async fn refusal(uri: &str, database: &str) -> OpenError {
    MongoStore::open(uri, database).await.err().expect("a refusal")
}

#[tokio::test]
async fn an_index_that_differs_is_named() {
    let place = Database::<ReplicaSet>::default();
    let raw = place.raw().await;
    let keys = doc! { "conversation": 1, "version": 1 };
    let other = IndexModel::builder().keys(keys).build();
    raw.collection::<Document>("messages").create_index(other).await.expect("an index that is not unique");
    let refusal = refusal(&place.uri, &place.name).await;
    assert!(matches!(refusal, OpenError::Index { .. }), "{refusal:?}");
    let text = refusal.to_string();
    assert!(text.contains(r#"{ "conversation": 1, "version": 1 } of the collection messages"#), "{text}");
}

#[tokio::test]
async fn what_is_stored_twice_is_said_by_its_index() {
    let place = Database::<ReplicaSet>::default();
    let raw = place.raw().await;
    let two = [doc! { "username_folded": "anna" }, doc! { "username_folded": "anna" }];
    raw.collection::<Document>("users").insert_many(two).await.expect("two documents");
    let text = refusal(&place.uri, &place.name).await.to_string();
    assert!(text.contains("username_folded") && text.contains("users"), "{text}");
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_refused_and_left_alone() {
    let place = Database::<ReplicaSet>::default();
    place.open().await.close().await;
    let meta = place.raw().await.collection::<Document>("meta");
    let version = async || meta.find_one(doc! {}).await.expect("an answer").expect("a mark");
    assert_eq!(version().await, doc! { "_id": "schema", "version": 4_i64 });
    meta.update_one(doc! {}, doc! { "$set": { "version": 5_i64 } }).await.expect("a newer program");
    let refusal = refusal(&place.uri, &place.name).await;
    assert!(matches!(refusal, OpenError::Newer { found: 5, known: 4 }), "{refusal:?}");
    let text = refusal.to_string();
    assert!(text.starts_with("The database has schema version 5, but this program only knows"), "{text}");
    assert_eq!(version().await, doc! { "_id": "schema", "version": 5_i64 });
}

/// What a start that was killed leaves: indexes, and no mark yet.
#[tokio::test]
async fn a_start_that_was_cut_short_begins_again() {
    let place = Database::<ReplicaSet>::default();
    place.open().await.close().await;
    let meta = place.raw().await.collection::<Document>("meta");
    meta.delete_many(doc! {}).await.expect("no mark");
    place.open().await.close().await;
    assert_eq!(meta.count_documents(doc! {}).await.expect("an answer"), 1);
}

#[tokio::test]
async fn a_uri_that_cannot_be_read_is_refused_without_its_password() {
    for uri in [
        "mongodb://anna:sec?ret@localhost",
        "mongodb://anna:sec/ret@localhost",
        "mongodb://anna:sec@ret@localhost",
        "mongodb://anna:sec%ret@localhost",
        "mongodb://anna:secret@localhost:ret",
    ] {
        let refusal = refusal(uri, "sotto").await;
        assert!(matches!(refusal, OpenError::Uri { .. }), "{refusal:?}");
        let text = refusal.to_string();
        assert!(text.starts_with("MONGODB_URI"), "{text}");
        assert!(!text.contains("sec") && !text.contains("ret@"), "{text}");
    }
}
