//! `sotto backup` and `sotto restore`.

use super::program::Place;
use crate::app::{PASSWORD, Person};
use std::{fs, os::unix::fs::PermissionsExt};

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_people_write_is_whole_and_restores() {
    let place = Place::new();
    let server = place.serve();
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let ben = Person::sign_up(server.visitor(), "ben").await;
    let conversation = anna.befriend(&ben).await;
    for n in 0..10 {
        anna.write(&conversation, &format!("before {n}")).await;
    }
    let writing = tokio::spawn({
        let conversation = conversation.clone();
        async move {
            for n in 0..100 {
                ben.write(&conversation, &format!("meanwhile {n}")).await;
            }
        }
    });
    let said = place.run(&["backup", "monday.db"]).ok();
    assert!(said.contains("messages") && said.ends_with("monday.db holds all of it.\n"), "{said}");
    writing.await.expect("all sent");
    let file = place.path().join("monday.db");
    assert_eq!(fs::metadata(&file).expect("a file").permissions().mode() & 0o777, 0o600);
    assert!(!place.path().join("monday.db.part").exists());

    let verified = place.run(&["restore", "monday.db", "--verify"]).ok();
    assert!(verified.ends_with("monday.db is whole; restored, it is the same.\n"), "{verified}");
    let refusal = place.run(&["restore", "monday.db", "--force"]).failed();
    assert!(refusal.contains("is in use by a server"), "{refusal}");
    server.stop();

    let refusal = place.run(&["restore", "monday.db"]).failed();
    assert!(refusal.starts_with("there is data in data already"), "{refusal}");
    let said = place.run(&["restore", "monday.db", "--force"]).ok();
    let (_, kept) = said.split_once("What was there before is in ").expect("a place");
    assert!(place.path().join(kept.trim().trim_end_matches('.')).join("sotto.db").is_file(), "{said}");

    let server = place.serve();
    let anna = crate::app::Visitor::new(server.addr(), &server.url);
    anna.log_in("anna", PASSWORD).await.ok();
    let history = anna.get(&format!("/api/conversations/{conversation}/messages")).await.ok();
    let messages = history["messages"].as_array().expect("messages");
    assert!(messages.iter().any(|message| message["body"] == "before 9"), "{history}");
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_ended_since_does_not_come_back() {
    let place = Place::new();
    let server = place.serve();
    let anna = Person::sign_up(server.visitor(), "anna").await;
    place.run(&["backup", "kept.db"]).ok();
    let signed_out = anna.copy();
    anna.post("/auth/logout", serde_json::json!({})).await;
    server.stop();
    place.run(&["restore", "kept.db", "--force"]).ok();
    let server = place.serve();
    let visitor = server.visitor().call(reqwest::Method::GET, "/api/me");
    let cookie = signed_out.cookies().expect("a cookie");
    visitor.header("cookie", &cookie).send().await.refused(401, "not_signed_in");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_a_backup_is_nobody() {
    let place = Place::new();
    let server = place.serve();
    Person::sign_up(server.visitor(), "anna").await;
    place.run(&["backup", "read.db"]).ok();
    let copy = rusqlite::Connection::open(place.path().join("read.db")).expect("the backup");
    let count = |table: &str| {
        let query = format!("SELECT count(*) FROM {table}");
        copy.query_row(&query, [], |row| row.get::<_, i64>(0)).expect("a count")
    };
    assert_eq!((count("users"), count("sessions")), (1, 0));
    server.stop();
}

/// SQLite would play it back into the restored file.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_without_its_data_file_is_put_aside() {
    let place = Place::new();
    place.run_with(&["user", "add", "anna"], PASSWORD).ok();
    place.run(&["backup", "early.db"]).ok();
    let server = place.serve();
    Person::sign_up(server.visitor(), "ben").await;
    server.signal("KILL");
    drop(server);
    let data = place.path().join("data");
    assert!(fs::metadata(data.join("sotto.db-wal")).expect("a log").len() > 0);
    fs::rename(data.join("sotto.db"), place.path().join("damaged")).expect("moved away");

    let refusal = place.run(&["restore", "early.db"]).failed();
    assert!(refusal.starts_with("there is data in data already"), "{refusal}");
    place.run(&["restore", "early.db", "--force"]).ok();
    assert!(!data.join("sotto.db-wal").exists());
    let listed = place.run(&["user", "list"]).ok();
    assert!(listed.contains("anna") && !listed.contains("ben"), "{listed}");
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::new();
    place.run_with(&["user", "add", "anna"], PASSWORD).ok();
    fs::write(place.path().join("notes.txt"), "mine").expect("a file");
    let refusal = place.run(&["backup", "notes.txt"]).failed();
    assert!(refusal.starts_with("notes.txt exists already"), "{refusal}");
    assert_eq!(fs::read_to_string(place.path().join("notes.txt")).expect("the file"), "mine");
}

#[test]
fn an_unfinished_file_of_another_backup_stands_in_nobodys_way_and_stays() {
    let place = Place::new();
    place.run_with(&["user", "add", "anna"], PASSWORD).ok();
    let other = place.path().join("a.db.part");
    fs::write(&other, "somebody's").expect("a file");
    place.run(&["backup", "a.db"]).ok();
    assert_eq!(fs::read_to_string(&other).expect("the file"), "somebody's");

    let both: Vec<_> = (0..2)
        .map(|_| place.command(&["backup", "b.db"]).spawn().expect("the program"))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|backup| backup.wait_with_output().expect("an end").status.success())
        .collect();
    assert!(both.contains(&true), "one of two at once does it");
    place.run(&["restore", "b.db", "--verify"]).ok();
    let left = fs::read_dir(place.path()).expect("a folder").filter_map(Result::ok);
    let left: Vec<_> =
        left.filter(|file| file.path().extension().is_some_and(|part| part == "part")).collect();
    assert_eq!(left.len(), 1, "nothing unfinished is left behind: {left:?}");
}

#[test]
fn a_backup_whose_schema_is_not_ours_is_refused_by_name() {
    let place = Place::new();
    place.run_with(&["user", "add", "anna"], PASSWORD).ok();
    place.run(&["backup", "a.db"]).ok();
    for (sql, expected) in [
        (
            "CREATE TRIGGER spy AFTER INSERT ON conversations BEGIN INSERT INTO members SELECT NEW.id, id FROM users; END",
            "the trigger \"spy\" in it is not Sotto's",
        ),
        (
            "CREATE VIEW v AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
            "the view \"v\" in it is not Sotto's",
        ),
        (
            "DROP TABLE read_cursors; CREATE VIEW read_cursors AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c",
            "the view \"read_cursors\" in it is not Sotto's",
        ),
        ("DROP TABLE session_endings", "the table \"session_endings\" is missing"),
        ("DELETE FROM session_endings", "the count of ended sessions is missing"),
        ("DELETE FROM secret", "the secret that drafts are sealed with is missing"),
        ("DELETE FROM readiness", "the row that shows whether writing works is missing"),
        ("DROP TABLE secret", "the table \"secret\" is missing"),
        ("DROP INDEX sessions_by_expiry", "the index \"sessions_by_expiry\" is missing"),
        ("ALTER TABLE users ADD COLUMN note TEXT", "the table \"users\" in it is not as Sotto makes it"),
        ("CREATE INDEX \"a\u{1b}[31m\u{7}\" ON users (username)", "the index \"a\\u{1b}[31m\\u{7}\" in it"),
        ("PRAGMA user_version = -1", "its schema version is -1"),
        ("PRAGMA user_version = 0", "its schema version is 0"),
        ("PRAGMA user_version = 1", "is not"),
    ] {
        let file = place.path().join("changed.db");
        fs::copy(place.path().join("a.db"), &file).expect("a copy");
        rusqlite::Connection::open(&file).and_then(|file| file.execute_batch(sql)).expect(sql);
        for arguments in [&["restore", "changed.db", "--verify"][..], &["restore", "changed.db", "--force"]] {
            let refusal = place.run(arguments).failed();
            assert!(refusal.contains(expected) && !refusal.contains('\u{1b}'), "{sql}: {refusal}");
        }
    }
    assert!(place.run(&["user", "list"]).ok().contains("anna"), "nothing was put in its place");
    place.run(&["restore", "a.db", "--verify"]).ok();

    let served = place.path().join("data/sotto.db");
    let trigger = "CREATE TRIGGER spy AFTER INSERT ON messages BEGIN SELECT 1; END";
    rusqlite::Connection::open(&served).and_then(|file| file.execute_batch(trigger)).expect("a trigger");
    let found = place.run(&["doctor"]);
    assert!(found.out.contains("the trigger \"spy\" in it is not Sotto's"), "{}", found.out);
}

#[test]
fn a_backup_goes_to_an_empty_folder_without_being_forced() {
    let place = Place::new();
    place.run_with(&["user", "add", "anna"], PASSWORD).ok();
    place.run(&["backup", "a.db"]).ok();
    let said = place.run(&["restore", "a.db", "--data", "elsewhere"]).ok();
    assert!(said.ends_with("a.db is restored to elsewhere.\n"), "{said}");
    let listed = place.run(&["user", "list", "--data", "elsewhere"]).ok();
    assert!(listed.contains("anna"), "{listed}");
}

#[test]
fn what_is_no_whole_backup_is_refused_and_nothing_changed() {
    let place = Place::new();
    place.run_with(&["user", "add", "anna"], PASSWORD).ok();
    place.run(&["backup", "a.db"]).ok();
    let mut bytes = fs::read(place.path().join("a.db")).expect("a file");
    // The head of the one page that holds her; elsewhere it might be nobody's bytes.
    let anna = bytes.windows(4).position(|four| four == b"anna").expect("her name");
    let page = anna / 4096 * 4096;
    bytes[page..page + 64].fill(0x5a);
    fs::write(place.path().join("damaged.db"), bytes).expect("a file");
    fs::write(place.path().join("notes.txt"), "These are my notes. ".repeat(500)).expect("a file");
    for file in ["damaged.db", "notes.txt"] {
        for arguments in [&["restore", file, "--verify"][..], &["restore", file, "--force"]] {
            let refusal = place.run(arguments).failed();
            assert!(refusal.contains("is damaged or not Sotto's"), "{refusal}");
        }
    }
    assert_eq!(place.run(&["restore", "none.db", "--force"]).failed(), "there is no file none.db");
    assert!(place.run(&["user", "list"]).ok().contains("anna"));
}

#[test]
fn two_servers_do_not_share_a_folder() {
    let place = Place::new();
    let _first = place.serve();
    let refusal = place.run(&["serve", "--addr", "127.0.0.1:0"]).failed();
    assert!(refusal.contains("is in use by a server"), "{refusal}");
}

#[test]
fn a_backup_of_an_earlier_version_is_whole_and_can_be_restored() {
    let place = Place::new();
    let earlier =
        concat!(env!("CARGO_MANIFEST_DIR"), "/crates/store/tests/upgrade/2026-11-26/embedded/sotto.db");
    fs::copy(earlier, place.path().join("earlier.db")).expect("a backup");
    let verified = place.run(&["restore", "earlier.db", "--verify"]).ok();
    assert!(verified.contains("invitations    0"), "{verified}");
    place.run(&["restore", "earlier.db"]).ok();
    // It has all that this version needs.
    place.run(&["invite"]).ok();
    assert!(place.run(&["invite", "list"]).ok().contains("0 of 1"));
}
