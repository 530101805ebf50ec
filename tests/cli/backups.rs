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
    let half = bytes.len() / 2;
    bytes[half..half + 2000].fill(0x5a);
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
