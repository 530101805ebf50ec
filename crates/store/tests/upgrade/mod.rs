//! Data as earlier versions of Sotto have written it opens as it is. Each folder here is named after
//! the day on which that day's program wrote it, with what it says that it holds (`holds.json`):
//! accounts, friendships in every state, direct conversations and groups with edits, tombstones,
//! answers, reactions and read cursors. None of it is ever made anew.

use crate::{
    backend::{Backend, Shared},
    mongod::{Database, ReplicaSet, Standalone, Topology},
};
use model::{
    friendship::Friendship,
    group::Roles,
    id::{ConversationId, UserId},
    media::MediaKind,
    message::ConversationKind,
};
use mongodb::{
    IndexModel,
    bson::{Document, doc},
    options::IndexOptions,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs, path::PathBuf, time::Duration};
use store::{Store, embedded::EmbeddedStore};

fn written_on(day: &str, what: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/upgrade", day, what].iter().collect()
}

fn told(folder: &std::path::Path) -> Value {
    let told = fs::read_to_string(folder.join("holds.json")).expect("what it holds");
    serde_json::from_str(&told).expect("JSON")
}

/// All that one person has to do with, in the form in which `holds.json` says it.
async fn held_for(store: &dyn Store, id: UserId) -> Value {
    let account = store.account(id).await.expect("an answer").expect("an account");
    let mut summaries = store.summaries(id).await.expect("an answer");
    summaries.sort_by_key(|summary| summary.conversation.id);
    let mut histories = serde_json::Map::new();
    for summary in &mut summaries {
        let conversation = &mut summary.conversation;
        // What earlier versions did not know: a group belongs to whoever has been in it longest.
        let owner = match conversation.kind {
            ConversationKind::Direct => None,
            ConversationKind::Group => conversation.members.first().copied(),
        };
        assert_eq!(std::mem::take(&mut conversation.roles), Roles { owner, admins: vec![] });
        conversation.members.sort();
        let changes = store.changes(summary.conversation.id, 0, usize::MAX).await.expect("an answer");
        histories.insert(summary.conversation.id.to_string(), json!(changes.messages));
    }
    let friendship = |friendship: Friendship| {
        json!({
            "with": friendship.pair.other(id), "state": format!("{:?}", friendship.state),
            "request": friendship.request_id, "conversation": friendship.conversation, "rev": friendship.rev,
        })
    };
    let friendships = store.friendships_of(id).await.expect("an answer");
    json!({
        "user": account.user, "last_seen": account.last_seen, "disabled_at": account.disabled_at,
        "summaries": summaries, "histories": histories,
        "friendships": friendships.into_iter().map(friendship).collect::<Vec<_>>(),
    })
}

async fn assert_holds(store: &Shared, told: &Value) {
    for name in ["anna", "ben", "cleo", "dora", "emil"] {
        let told = &told[name];
        let id = told["user"]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let held = held_for(&**store, id).await;
        for (what, told) in told.as_object().expect("an object") {
            assert_eq!(&held[what], told, "{what} of {name}");
        }
    }
}

#[tokio::test]
async fn a_folder_of_an_earlier_version_opens_as_it_is_and_again() {
    let written = written_on("2026-11-26", "embedded");
    let place = tempfile::tempdir().expect("a folder for temporary files");
    fs::copy(written.join("sotto.db"), place.path().join("sotto.db")).expect("a copy");
    for _ in 0..2 {
        let store: Shared = std::sync::Arc::new(EmbeddedStore::open(place.path()).expect("a store"));
        assert_holds(&store, &told(&written)).await;
        store.close().await;
    }
}

#[tokio::test]
async fn a_folder_of_an_earlier_version_has_the_schema_of_a_new_one() {
    let schema = |folder: &std::path::Path| -> BTreeSet<String> {
        let file = rusqlite::Connection::open(folder.join("sotto.db")).expect("a file");
        let mut objects = file.prepare("SELECT type || ' ' || name FROM sqlite_schema").expect("a statement");
        let objects = objects.query_map([], |row| row.get(0)).expect("rows");
        objects.collect::<rusqlite::Result<_>>().expect("names")
    };
    let (old, new) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let written = written_on("2026-11-26", "embedded/sotto.db");
    fs::copy(written, old.path().join("sotto.db")).expect("a copy");
    for folder in [&old, &new] {
        drop(EmbeddedStore::open(folder.path()).expect("a store"));
    }
    assert_eq!(schema(old.path()), schema(new.path()));
}

/// What an address stands in is listed, where it was written before that was noted.
async fn assert_links(store: &Shared, id: ConversationId, body: &str) {
    let found = store.media(id, MediaKind::Links, 0..u64::MAX, 10).await.expect("an answer");
    let bodies: Vec<_> = found.iter().map(|message| message.content.words()).collect();
    assert_eq!(bodies, [Some(body)]);
}

#[tokio::test]
async fn links_in_messages_of_an_earlier_version_are_found() {
    let place = tempfile::tempdir().expect("a folder for temporary files");
    let file = place.path().join("sotto.db");
    fs::copy(written_on("2026-11-26", "embedded/sotto.db"), &file).expect("a copy");
    let old = rusqlite::Connection::open(&file).expect("a file");
    let first =
        "SELECT conversation, version FROM messages WHERE kind = 'text' AND deleted_at IS NULL LIMIT 1";
    let (conversation, version): (Vec<u8>, i64) =
        old.query_row(first, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("a message");
    let linked =
        "UPDATE messages SET body = 'see HTTPS://example.org' WHERE conversation = ? AND version = ?";
    assert_eq!(old.execute(linked, (&conversation, version)), Ok(1));
    drop(old);
    let id = ConversationId(uuid::Uuid::from_slice(&conversation).expect("an id"));
    for _ in 0..2 {
        let store: Shared = std::sync::Arc::new(EmbeddedStore::open(place.path()).expect("a store"));
        assert_links(&store, id, "see HTTPS://example.org").await;
        store.close().await;
    }
}

async fn links_of_an_earlier_version_are_found<T: Topology>() {
    if !Database::<T>::is_available() {
        return;
    }
    let (written, place) = (written_on("2026-11-26", "mongo"), Database::<T>::default());
    restore(&place, &written).await;
    let messages = place.raw().await.collection::<Document>("messages");
    let text = doc! { "kind": "text", "deleted_at": { "$exists": false } };
    let linked = doc! { "$set": { "body": "see HTTPS://example.org" } };
    let old = messages.find_one_and_update(text, linked).await.expect("an answer").expect("a message");
    let id = match old.get("conversation") {
        Some(mongodb::bson::Bson::Binary(id)) => uuid::Uuid::from_slice(&id.bytes).expect("an id"),
        other => panic!("an id instead of {other:?}"),
    };
    for _ in 0..2 {
        let store = place.open().await;
        assert_links(&store, ConversationId(id), "see HTTPS://example.org").await;
        store.close().await;
    }
}

#[tokio::test]
async fn so_are_those_in_a_database() {
    links_of_an_earlier_version_are_found::<ReplicaSet>().await;
}

/// Fills a database with what `mongodump` would have kept of it, indexes included.
async fn restore<T: Topology>(place: &Database<T>, folder: &std::path::Path) {
    let database = place.raw().await;
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "bson") {
            continue;
        }
        let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
        let collection = database.collection::<Document>(name);
        let bytes = fs::read(&path).expect("documents");
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let document = Document::from_reader(&mut rest).expect("a document");
            collection.insert_one(document).await.expect("a stored document");
        }
        let described = fs::read_to_string(path.with_extension("metadata.json")).expect("its indexes");
        let described: Value = serde_json::from_str(&described).expect("JSON");
        for index in described["indexes"].as_array().expect("indexes") {
            collection.create_index(index_model(index)).await.expect("an index");
        }
    }
}

fn index_model(described: &Value) -> IndexModel {
    let fields = described["keys"].as_array().expect("keys").iter().filter_map(Value::as_str);
    let mut keys = doc! {};
    fields.for_each(|field| drop(keys.insert(field, 1)));
    let options = IndexOptions::builder()
        .unique(described["unique"].as_bool().filter(|unique| *unique))
        .sparse(described["sparse"].as_bool().filter(|sparse| *sparse))
        .expire_after(described["expire_after_s"].as_u64().map(Duration::from_secs))
        .build();
    IndexModel::builder().keys(keys).options(options).build()
}

async fn a_database_opens_as_it_is<T: Topology>() {
    if !Database::<T>::is_available() {
        return;
    }
    let (written, place) = (written_on("2026-11-26", "mongo"), Database::<T>::default());
    restore(&place, &written).await;
    for _ in 0..2 {
        let store = place.open().await;
        assert_holds(&store, &told(&written)).await;
        store.close().await;
    }
}

#[tokio::test]
async fn a_database_of_an_earlier_version_opens_as_it_is_and_again() {
    a_database_opens_as_it_is::<ReplicaSet>().await;
}

#[tokio::test]
async fn so_does_one_on_a_server_that_stands_alone() {
    a_database_opens_as_it_is::<Standalone>().await;
}

/// What an upgraded store must go on doing, on what was there before.
#[tokio::test]
async fn what_was_there_before_is_written_on() {
    let written = written_on("2026-11-26", "embedded");
    let place = tempfile::tempdir().expect("a folder for temporary files");
    fs::copy(written.join("sotto.db"), place.path().join("sotto.db")).expect("a copy");
    let store: Shared = std::sync::Arc::new(EmbeddedStore::open(place.path()).expect("a store"));
    let told = told(&written);
    let id = |value: &Value| value.as_str().expect("an id").to_owned();
    let anna = id(&told["anna"]["user"]["id"]).parse().expect("an id");
    let group = id(&told["group"]).parse().expect("an id");
    let before = store.summary(group, anna).await.expect("an answer").expect("a group");
    let sent = crate::conformance::given::sent(&*store, group, anna, "after the upgrade").await;
    assert_eq!(sent.message.version, before.head + 1);
}
