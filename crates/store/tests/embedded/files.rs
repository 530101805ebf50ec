use crate::conformance::given;
use model::{
    content::Content,
    id::{ConversationId, MessageId, UserId},
    time::Timestamp,
    user::Username,
};
use rusqlite::Connection;
use std::{fs, path::Path};
use store::{
    Messages, Store, Users,
    embedded::{EmbeddedStore, OpenError},
};

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder for temporary files")
}

fn refusal(folder: &Path) -> OpenError {
    EmbeddedStore::open(folder).err().expect("a refusal")
}

fn pragma(connection: &Connection, name: &str) -> String {
    let read = |row: &rusqlite::Row<'_>| row.get_ref(0).map(|value| format!("{value:?}"));
    connection.query_row(&format!("PRAGMA {name}"), [], read).expect("a value")
}

#[test]
fn missing_folders_are_made_for_their_owner_alone() {
    let parent = folder();
    let inner = parent.path().join("a/b");
    drop(EmbeddedStore::open(&inner).expect("a store"));
    #[cfg(unix)]
    for (path, mode) in [(inner.clone(), 0o700), (inner.join("sotto.db"), 0o600)] {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(path).expect("made").permissions().mode() & 0o777, mode);
    }
}

#[test]
fn a_folder_that_cannot_be_made_is_named_with_the_reason() {
    let parent = folder();
    let file = parent.path().join("file");
    fs::write(&file, "").expect("a file");
    let below = file.join("data");
    let refusal = refusal(&below);
    assert!(matches!(refusal, OpenError::Folder { .. }), "{refusal:?}");
    let expected = format!("The data folder {} cannot be made or written: Not a directory", below.display());
    assert!(refusal.to_string().starts_with(&expected), "{refusal}");
}

#[test]
fn a_restore_that_was_cut_short_is_not_taken_for_an_empty_folder() {
    let place = folder();
    fs::write(place.path().join("sotto.db.restoring"), "what was to be there").expect("a file");
    let refusal = refusal(place.path());
    assert!(matches!(refusal, OpenError::CutShort { .. }), "{refusal:?}");
    assert!(refusal.to_string().contains("run it again with --force"), "{refusal}");
    assert!(!place.path().join("sotto.db").exists(), "nothing was made in its place");
    // Where the data is, it is older than that: a restore that ended before it had touched anything.
    fs::remove_file(place.path().join("sotto.db.restoring")).expect("a file");
    drop(EmbeddedStore::open(place.path()).expect("a store"));
    fs::write(place.path().join("sotto.db.restoring"), "left behind").expect("a file");
    drop(EmbeddedStore::open(place.path()).expect("a store"));
}

#[test]
fn a_newer_schema_is_refused_and_left_alone() {
    let place = folder();
    let file = place.path().join("sotto.db");
    drop(EmbeddedStore::open(place.path()).expect("a store"));
    Connection::open(&file)
        .and_then(|file| file.pragma_update(None, "user_version", 7))
        .expect("a newer file");
    let refusal = refusal(place.path());
    assert!(matches!(refusal, OpenError::Newer { found: 7, known: 6, .. }), "{refusal:?}");
    assert_eq!(
        refusal.to_string(),
        format!(
            "The data in {} has schema version 7, but this program only knows versions up to 6: start the \
             newer program that wrote it, or restore an older backup.",
            file.display()
        )
    );
    let left = Connection::open(&file).expect("the file");
    assert!(pragma(&left, "user_version").contains('7'));
}

#[test]
fn a_file_that_is_no_database_is_refused_and_left_alone() {
    let place = folder();
    let file = place.path().join("sotto.db");
    let text = "These are my notes. ".repeat(500);
    fs::write(&file, &text).expect("a file");
    let refusal = refusal(place.path());
    assert!(matches!(refusal, OpenError::Damaged { .. }), "{refusal:?}");
    let expected =
        format!("The data file {} is damaged or not Sotto's: file is not a database.", file.display());
    assert_eq!(refusal.to_string(), expected);
    assert_eq!(fs::read_to_string(&file).expect("the file"), text);
}

#[test]
fn another_programs_database_is_refused_and_left_alone() {
    let place = folder();
    let file = place.path().join("sotto.db");
    let other = Connection::open(&file).expect("a database");
    other
        .execute_batch("CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES ('mine')")
        .expect("a table");
    let refusal = refusal(place.path());
    assert!(refusal.to_string().ends_with("is damaged or not Sotto's: it is another program's database."));
    assert_eq!(pragma(&other, "journal_mode"), r#"Text([100, 101, 108, 101, 116, 101])"#, "delete");
}

#[tokio::test]
async fn an_older_file_keeps_its_data_when_opened_again() {
    let place = folder();
    let store = EmbeddedStore::open(place.path()).expect("a store");
    let anna = given::user(&store, "anna").await;
    store.close().await;
    let store = EmbeddedStore::open(place.path()).expect("the same store");
    assert_eq!(store.account(anna.id).await.expect("an answer").expect("Anna").user, anna);
}

/// What a program that was killed in the middle of it leaves: pages of a step that was never committed.
#[tokio::test]
async fn a_migration_that_was_cut_short_begins_again() {
    let (written, place) = (folder(), folder());
    let file = written.path().join("sotto.db");
    let old = Connection::open(&file).expect("a file");
    let first = include_str!("../../src/embedded/schema/001.sql");
    old.execute_batch(&format!("PRAGMA journal_mode = WAL; PRAGMA cache_size = 1; {first}"))
        .expect("the first schema");
    old.execute_batch("PRAGMA user_version = 1; BEGIN IMMEDIATE").expect("a step");
    for step in
        [include_str!("../../src/embedded/schema/002.sql"), include_str!("../../src/embedded/schema/003.sql")]
    {
        old.execute_batch(step).expect("a step");
    }
    // So much that some of it is in the log already.
    old.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO users (id, username, username_folded, password_hash, created_at)
         SELECT randomblob(16), 'user' || i, 'user' || i, 'hash', i FROM n",
    )
    .expect("much");
    for name in ["sotto.db", "sotto.db-wal"] {
        fs::copy(written.path().join(name), place.path().join(name)).expect("what is left");
    }
    drop(old);
    let store = EmbeddedStore::open(place.path()).expect("a store");
    let nobody = Username::parse("user1").expect("a name");
    assert_eq!(store.account_by_name(&nobody).await, Ok(None), "nothing of it counts");
    store.close().await;
    let version: i64 = Connection::open(place.path().join("sotto.db"))
        .and_then(|file| file.query_row("PRAGMA user_version", [], |row| row.get(0)))
        .expect("a version");
    assert_eq!(version, 6);
}

#[tokio::test]
async fn a_file_of_the_first_version_is_brought_up_to_date_with_its_data() {
    let place = folder();
    let file = Connection::open(place.path().join("sotto.db")).expect("a file");
    file.execute_batch(include_str!("../../src/embedded/schema/001.sql")).expect("the first schema");
    file.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO users (id, username, username_folded, password_hash, created_at)
         VALUES (randomblob(16), 'Anna', 'anna', 'hash', 7)",
    )
    .expect("Anna");
    drop(file);
    let store = EmbeddedStore::open(place.path()).expect("a store");
    let name = Username::parse("anna").expect("a name");
    let anna = store.account_by_name(&name).await.expect("an answer").expect("Anna");
    assert_eq!((anna.user.username.as_str(), anna.user.display_name, anna.created_at.0), ("Anna", None, 7));
    assert_eq!(store.delete_user(anna.user.id).await, Ok(true));
}

#[tokio::test]
async fn an_older_schema_is_brought_up_to_date_with_its_messages() {
    let place = folder();
    let file = place.path().join("sotto.db");
    let old = Connection::open(&file).expect("a database");
    old.execute_batch(include_str!("../../src/embedded/schema/001.sql")).expect("the first schema");
    old.execute_batch(
        "PRAGMA user_version = 1;
         INSERT INTO users VALUES (x'00000000000000000000000000000001', 'Anna', 'anna', 'hash', 1, NULL, NULL);
         INSERT INTO conversations VALUES (x'00000000000000000000000000000002', 'group');
         INSERT INTO members VALUES (x'00000000000000000000000000000002', x'00000000000000000000000000000001');
         INSERT INTO messages VALUES (x'00000000000000000000000000000002', 2, 1,
           x'00000000000000000000000000000003', x'00000000000000000000000000000001', 'text', 'Hello', NULL, 5,
           6, NULL);",
    )
    .expect("old rows");
    drop(old);
    let store = EmbeddedStore::open(place.path()).expect("a store");
    let id = |number| uuid::Uuid::from_u128(number);
    let stored = store.message(ConversationId(id(2)), MessageId(id(3))).await.expect("an answer");
    let stored = stored.expect("the message");
    let hello = Content::Text { body: "Hello".into(), attachments: vec![], edited_at: Some(Timestamp(6)) };
    assert_eq!((stored.seq, stored.version, &stored.content), (1, 2, &hello));
    assert_eq!(stored.reactions, []);
    let next = given::message(ConversationId(id(2)), UserId(id(1)), "next");
    assert_eq!(store.append_message(next).await.expect("a stored message").message.version, 3);
}

#[tokio::test]
async fn commits_go_to_a_wal_that_is_reused() {
    let place = folder();
    let store = EmbeddedStore::open(place.path()).expect("a store");
    let other = Connection::open(place.path().join("sotto.db")).expect("the file");
    let mode: String = other.query_row("PRAGMA journal_mode", [], |row| row.get(0)).expect("a mode");
    assert_eq!(mode, "wal");

    let (conversation, anna, _) = given::conversation(&store).await;
    let text = "x".repeat(4000);
    let mut wal = Vec::new();
    for _ in 0..6 {
        let sends = (0..500).map(|_| store.append_message(given::message(conversation, anna, &text)));
        futures::future::join_all(sends).await;
        wal.push(fs::metadata(place.path().join("sotto.db-wal")).expect("a WAL").len());
    }
    assert!(wal.is_sorted(), "never truncated: {wal:?}");
    assert!(wal[5] < 3000 * 4000 / 2, "and far smaller than what was written: {wal:?}");
}
