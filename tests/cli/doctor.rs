//! `sotto doctor`.

use super::{
    file_backups::lies,
    program::{Ended, Place},
};
use crate::{
    app::Person,
    mongod::{Database, ReplicaSet},
};
use std::fs;

#[track_caller]
fn line<'a>(report: &'a str, what: &str) -> &'a str {
    let found = report.lines().find(|line| line.split_whitespace().nth(1) == Some(what));
    found.unwrap_or_else(|| panic!("no line for {what}: {report}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_runs_is_found_in_order() {
    let place = Place::new();
    for flags in [&[][..], &["--tls", "self-signed"]] {
        let server = place.serve_with(flags, &[]);
        let addr = server.addr().to_string();
        let ask = |arguments: &[&str]| place.run(&[arguments, &["--addr", &addr], flags].concat());
        let report = ask(&["doctor"]).ok();
        for what in ["configuration", "data", "store", "port", "public"] {
            assert!(line(&report, what).starts_with("ok "), "{report}");
        }
        assert_eq!(report.lines().any(|line| line.contains("certificate")), !flags.is_empty(), "{report}");
        assert_eq!(ask(&["doctor", "--live"]).ok(), "the server is ready\n");
        server.stop();
        assert!(ask(&["doctor", "--live"]).failed().starts_with("no server answers at"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_public_address_that_leads_elsewhere_is_a_failure() {
    let place = Place::new();
    let other = Place::new();
    let (server, elsewhere) = (place.serve(), other.serve());
    let ended =
        place.run(&["doctor", "--addr", &server.addr().to_string(), "--origin", "http://127.0.0.1:9"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(line(&ended.out, "public").starts_with("FAIL"), "{ended:?}");
    // A server there, but one that takes itself for another site.
    let origin = elsewhere.url.replace("127.0.0.1", "localhost");
    let named = place.serve_with(&["--data", "named"], &[("SOTTO_ORIGIN", "https://chat.example.org")]);
    let ended =
        place.run(&["doctor", "--data", "named", "--addr", &server.addr().to_string(), "--origin", &origin]);
    assert!(line(&ended.out, "public").starts_with("ok "), "localhost is one of its names: {ended:?}");
    drop(named);
}

#[test]
fn what_is_broken_is_named_and_the_rest_is_still_examined() {
    let place = Place::new();
    let report = place.run(&["doctor", "--addr", "127.0.0.1:0"]).ok();
    assert!(
        line(&report, "store").starts_with("warn") && line(&report, "data").starts_with("warn"),
        "{report}"
    );
    assert!(!place.path().join("data").exists(), "looking makes nothing");
    fs::create_dir(place.path().join("data")).expect("a folder");
    fs::write(place.path().join("data/sotto.db"), "These are my notes. ".repeat(500)).expect("a file");
    fs::write(place.path().join("c.pem"), "none").expect("a file");
    let ended = place.run(&["doctor", "--addr", "127.0.0.1:0", "--tls-cert", "c.pem", "--tls-key", "c.pem"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(line(&ended.out, "store").starts_with("FAIL"), "{ended:?}");
    assert!(line(&ended.out, "certificate").starts_with("FAIL"), "{ended:?}");
    assert!(line(&ended.out, "port").starts_with("ok "), "{ended:?}");
}

#[test]
fn a_setting_that_cannot_be_used_ends_it_with_its_name() {
    let place = Place::new();
    let refusal = place.run(&["doctor", "--log-format", "xml"]).failed();
    assert!(refusal.starts_with("--log-format is \"xml\""), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_and_their_bytes_are_compared_both_ways() {
    let place = Place::new();
    let server = place.serve();
    let addr = server.addr().to_string();
    let ask = || place.run(&["doctor", "--addr", &addr]);
    assert!(line(&ask().ok(), "files").starts_with("ok    files          there are none"));
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let ben = Person::sign_up(server.visitor(), "ben").await;
    let conversation = anna.befriend(&ben).await;
    let (sent, ready) = (anna.upload("a.txt", b"sent").await, anna.upload("b.txt", b"ready").await);
    anna.attach(&conversation, "", &[&sent]).await.ok();
    let address = anna.begin_upload("c.txt", 100).await;
    anna.send_bytes(&address, 0, b"a part").await;
    let report = ask().ok();
    assert_eq!(line(&report, "files"), "ok    files          2, 9 B in all, with their bytes");
    let all = "ok    bytes          15 B in data/files, all of files that the store knows";
    assert_eq!(line(&report, "bytes"), all);

    let files = place.path().join("data/files");
    fs::write(lies(&files, &sent), "cut").expect("a file");
    fs::remove_file(lies(&files, &ready)).expect("a file");
    let unknown = model::id::FileId::new().to_string();
    fs::create_dir_all(lies(&files, &unknown).parent().expect("a folder")).expect("a folder");
    fs::write(lies(&files, &unknown), "nobody's").expect("a file");
    let ended = ask();
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let rows = line(&ended.out, "files");
    assert!(rows.starts_with("FAIL  files          2 of 2 are not as they should be ("), "{rows}");
    assert!(rows.contains(&format!("{sent}: it has 3 bytes instead of 4")), "{rows}");
    assert!(rows.contains(&format!("{ready}: there are no bytes of it")), "{rows}");
    assert!(rows.contains("restore a backup"), "what to do: {rows}");
    let bytes = line(&ended.out, "bytes");
    assert!(bytes.starts_with("warn") && bytes.contains("8 B of these belong to nothing"), "{bytes}");
    assert!(bytes.contains(&unknown) && bytes.contains("move them away"), "{bytes}");
    assert!(lies(&files, &unknown).exists(), "looking erases nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_mongodb_too() {
    let (place, database) = (Place::new(), Database::<ReplicaSet>::default());
    let settings = [("MONGODB_URI", database.uri.as_str()), ("DATABASE_NAME", database.name.as_str())];
    let doctor = || {
        let mut command = place.command(&["doctor", "--addr", "127.0.0.1:0"]);
        Ended::of(command.envs(settings)).out
    };
    assert!(!doctor().contains("files  "), "there is no store yet");
    assert_eq!(
        database.raw().await.list_collection_names().await.expect("names"),
        [""; 0],
        "looking makes nothing"
    );
    let server = place.serve_with(&[], &settings);
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let file = anna.upload("a.txt", b"ready").await;
    let report = doctor();
    assert_eq!(line(&report, "files"), "ok    files          1, 5 B in all, with their bytes");
    fs::remove_file(lies(&place.path().join("data/files"), &file)).expect("a file");
    assert!(line(&doctor(), "files").starts_with("FAIL"));
}
