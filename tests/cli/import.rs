//! `sotto import-chatroom`, from a database in the shapes that the Flask chat wrote.

use super::program::{Ended, Place};
use crate::{
    backend::Backend,
    mongod::{Database, ReplicaSet},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use model::{
    friendship::{Pair, State},
    id::UserId,
    message::PageRequest,
    time::Timestamp,
    user::Username,
};
use mongodb::bson::{Binary, Bson, DateTime, Document, doc, oid::ObjectId, spec::BinarySubtype};
use std::path::Path;
use store::{Account, Friendships, Store, embedded::EmbeddedStore};

const YEAR_2024: i64 = 1_704_067_200_000;
/// Too short for a new account.
const OLD_PASSWORD: &str = "geheim";

fn id(number: u32) -> ObjectId {
    let mut bytes = [0; 12];
    bytes[..4].copy_from_slice(&1_700_000_000_u32.to_be_bytes());
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    ObjectId::from_bytes(bytes)
}

fn at(minute: i64) -> DateTime {
    DateTime::from_millis(YEAR_2024 + minute * 60_000)
}

fn hash() -> String {
    bcrypt::hash(OLD_PASSWORD, 4).expect("a hash")
}

fn message(number: u32, minute: i64, from: impl Into<Bson>, to: impl Into<Bson>, text: &str) -> Document {
    let (from, to): (Bson, Bson) = (from.into(), to.into());
    doc! {
        "_id": id(number), "sender": from, "recipient": to, "content": text,
        "timestamp": at(minute), "read": false, "type": "text",
    }
}

fn with(mut row: Document, field: &str, value: impl Into<Bson>) -> Document {
    row.insert(field, value);
    row
}

const ANNA: u32 = 1;
const BEN: u32 = 2;
const ZOE: u32 = 3;
const OTHER_ANNA: u32 = 4;
const X: u32 = 5;
const CARL: u32 = 6;
const NOBODY: u32 = 99;

/// Fills a database as the Flask chat left it, with rows in which something is wrong.
async fn fill(old: &mongodb::Database) {
    let bytes =
        Binary { subtype: BinarySubtype::Generic, bytes: hash().replace("$2b$", "$2y$").into_bytes() };
    let users = [
        doc! { "_id": id(ANNA), "username": "Anna", "password_hash": hash(), "email": "a@example.org", "created_at": at(1) },
        doc! { "_id": id(BEN), "username": "ben", "password": bytes, "email": "", "created_at": at(2) },
        doc! { "_id": id(ZOE), "username": "Zoë K.", "password_hash": hash(), "created_at": at(3) },
        doc! { "_id": id(OTHER_ANNA), "username": "anna", "password_hash": hash(), "created_at": at(4) },
        doc! { "_id": id(X), "username": "x", "password_hash": hash() },
        doc! { "_id": id(CARL), "username": "carl", "password_hash": "geheim", "created_at": "yesterday" },
        doc! { "_id": id(7), "username": 42 },
        doc! { "_id": id(8), "email": "nobody@example.org" },
        doc! { "_id": 1_001, "username": "emil", "password_hash": hash(), "created_at": { "$date": YEAR_2024 } },
        doc! { "_id": 1_002_i64, "username": "fred", "password_hash": hash() },
    ];
    old.collection("users").insert_many(users).await.expect("users");
    let contacts = [
        doc! { "_id": id(1), "user_id": id(ANNA), "contact_id": id(BEN), "added_at": at(10) },
        doc! { "_id": id(2), "user_id": id(BEN), "contact_id": id(ANNA), "added_at": at(10) },
        doc! { "_id": id(3), "user_id": id(ZOE).to_hex(), "contact_id": id(ANNA).to_hex(), "added_at": at(11) },
        doc! { "_id": id(4), "user_id": id(ANNA), "contact_id": id(NOBODY), "added_at": at(12) },
        doc! { "_id": id(5), "user_id": id(BEN), "contact_id": id(BEN), "added_at": at(12) },
        doc! { "_id": id(6), "user_id": id(BEN) },
        doc! { "_id": 7, "user_id": 1_001.0, "contact_id": 1_002, "added_at": "2024-01-01T00:00:00Z" },
    ];
    old.collection("contacts").insert_many(contacts).await.expect("contacts");
    let request = |number, from, to, status: &str| {
        doc! {
            "_id": id(number), "sender_id": id(from), "recipient_id": id(to), "status": status,
            "sent_at": at(i64::from(number)),
        }
    };
    let requests = [
        request(1, BEN, ANNA, "accepted"),
        request(2, CARL, ANNA, "pending"),
        request(3, ZOE, BEN, "rejected"),
        request(4, CARL, BEN, "accepted"),
        request(5, X, BEN, "perhaps"),
        request(6, NOBODY, BEN, "pending"),
        with(request(7, X, ANNA, ""), "status", 1),
    ];
    old.collection("friend_requests").insert_many(requests).await.expect("requests");
    let (anna, ben) = (id(ANNA), id(BEN));
    let messages = [
        message(1, 23, anna, ben, "third"),
        with(message(2, 21, anna, ben, "first"), "read", true),
        with(message(3, 22, ben.to_hex(), anna.to_hex(), "second"), "read", true),
        message(5, 24, "ben", "Anna", "fifth"),
        message(4, 24, ben, anna, "fourth"),
        with(message(6, 25, anna, ben, "https://example.org/cat.png"), "type", "image"),
        message(7, 25, anna, ben, &format!("{}\n{}", "x".repeat(3000), "y".repeat(3000))),
        with(message(13, 26, anna, ben, "data:image/png;base64,AAAA"), "type", "image"),
        with(message(14, 27, 1_001, "1002", "numbers"), "timestamp", "2024-01-01T00:26:30"),
        with(
            message(15, 27, anna, ben, "extended"),
            "timestamp",
            doc! { "$date": "2024-01-01T01:26:40+01:00" },
        ),
        with(message(16, 27, anna, ben, "milliseconds"), "timestamp", YEAR_2024 + 27 * 60_000),
        message(8, 25, anna, ben, " \n "),
        message(9, 25, anna, id(NOBODY), "hello?"),
        message(10, 25, ben, id(CARL), "once we knew each other"),
        with(message(11, 25, anna, ben, ""), "content", 7),
        with(message(12, 25, anna, ben, "when?"), "timestamp", "yesterday"),
        doc! { "_id": "odd" },
    ];
    old.collection("messages").insert_many(messages).await.expect("messages");
    old.collection("settings").insert_one(doc! { "theme": "dark" }).await.expect("something else");
}

fn start(place: &Place, arguments: &[&str], settings: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let mut command = place.command(&[&["import-chatroom"], arguments].concat());
    let ended = Ended::of(command.envs(settings.iter().copied()));
    (ended.code, ended.out, ended.err)
}

fn import(place: &Place, old: &Database<ReplicaSet>, more: &[&str]) -> String {
    import_with(place, old, more, &[])
}

fn import_with(
    place: &Place,
    old: &Database<ReplicaSet>,
    more: &[&str],
    settings: &[(&str, &str)],
) -> String {
    let arguments = [&["--database", old.name.as_str()], more].concat();
    let settings = [&[("CHATROOM_URI", old.uri.as_str())], settings].concat();
    let (code, out, err) = start(place, &arguments, &settings);
    assert_eq!(code, Some(0), "{out}{err}");
    assert!(err.contains("users: "), "no progress: {err}");
    out
}

/// The numbers behind a label in the first table.
#[track_caller]
fn numbers(summary: &str, label: &str) -> [u64; 4] {
    let line =
        summary.lines().find_map(|line| line.strip_prefix(label)).unwrap_or_else(|| panic!("{summary}"));
    let numbers: Vec<_> = line.split_whitespace().map(|number| number.parse().expect("a number")).collect();
    numbers.try_into().expect("four numbers")
}

async fn account(store: &dyn Store, name: &str) -> Account {
    let name = Username::parse(name).expect("a valid name");
    store
        .account_by_name(&name)
        .await
        .expect("an answer")
        .unwrap_or_else(|| panic!("nobody is called {name}"))
}

fn pair(a: &Account, b: &Account) -> Pair {
    Pair::of(a.user.id, b.user.id).expect("two people")
}

/// What two people wrote, oldest first, with how far each has read.
async fn history(store: &dyn Store, a: &Account, b: &Account) -> (Vec<String>, [u64; 2]) {
    let friendship = store.friendship(pair(a, b)).await.expect("an answer").expect("a friendship");
    let conversation = friendship.conversation.expect("a conversation");
    let page = store.page(conversation, PageRequest::default()).await.expect("a page");
    let summary = store.summary(conversation, a.user.id).await.expect("an answer").expect("a summary");
    let read = |user: UserId| summary.read.get(&user).copied().unwrap_or(0);
    let texts =
        page.messages.iter().map(|message| message.content.words().unwrap_or_default().to_owned()).collect();
    (texts, [read(a.user.id), read(b.user.id)])
}

fn stored(place: &Place) -> EmbeddedStore {
    EmbeddedStore::open(&place.path().join("data")).expect("a store")
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_that_can_be_carried_over_is_and_the_rest_is_named() {
    let (place, old) = (Place::new(), Database::<ReplicaSet>::default());
    fill(&old.raw().await).await;

    let foreseen = import(&place, &old, &["--dry-run"]);
    assert!(!place.path().join("data").exists(), "a dry run writes nothing");
    let summary = import(&place, &old, &[]);
    let (foreseen, summary_) = (foreseen.rsplit_once("\n\n"), summary.rsplit_once("\n\n"));
    assert_eq!(foreseen.map(|(all, _)| all), summary_.map(|(all, _)| all));

    assert_eq!(numbers(&summary, "users"), [10, 8, 0, 2]);
    assert_eq!(numbers(&summary, "contacts"), [7, 4, 0, 3]);
    assert_eq!(numbers(&summary, "friend requests"), [7, 3, 0, 4]);
    assert_eq!(numbers(&summary, "messages"), [17, 9, 0, 8]);
    assert_eq!(numbers(&summary, "read positions"), [2, 2, 0, 0]);
    let lines: Vec<String> =
        summary.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    for line in [
        "users 2 a field is missing or of a wrong type",
        "users 1 e-mail addresses: Sotto keeps none",
        "users 1 passwords that are no bcrypt hashes: set new ones with 'sotto user passwd'",
        "contacts 1 of somebody who is not there",
        "contacts 1 of somebody with themselves",
        "friend requests 1 accepted, but the two are no longer contacts",
        "friend requests 1 of an unknown status",
        "messages 1 images by link",
        "messages 1 an image that cannot be decoded, or of a kind that is not shown",
        &format!("{} images by link", id(6).to_hex()),
        &format!("{} without a date", id(12).to_hex()),
        "odd a field is missing or of a wrong type",
        "messages 1 empty",
        "messages 1 between people who are not contacts",
        "messages 1 of somebody who is not there",
        "messages 2 a field is missing or of a wrong type",
        "messages 1 without a date",
        "\"Zoë K.\" → Zo--K",
        "\"anna\" → anna-2",
        "\"x\" → user-x",
        "Collections that were not read: settings.",
    ] {
        assert!(lines.iter().any(|found| found == line), "{line:?} is missing:\n{summary}");
    }

    let again = import(&place, &old, &[]);
    assert!(
        again.ends_with("Nothing was changed: everything that can be carried over was there.\n"),
        "{again}"
    );
    assert_eq!(numbers(&again, "messages"), [17, 0, 9, 8]);
    let foreseen = import(&place, &old, &["--dry-run"]);
    for kind in ["users", "contacts", "friend requests", "messages", "read positions"] {
        assert_eq!(numbers(&again, kind), numbers(&foreseen, kind));
    }

    let store = stored(&place);
    let (anna, ben) = (account(&store, "anna").await, account(&store, "ben").await);
    let (zoe, carl) = (account(&store, "Zo--K").await, account(&store, "carl").await);
    assert_eq!(anna.user.username.as_str(), "Anna");
    assert_eq!(anna.created_at, Timestamp(at(1).timestamp_millis()));
    assert_eq!(carl.created_at, Timestamp(1_700_000_000_000), "the moment in the row's id");
    let (texts, read) = history(&store, &anna, &ben).await;
    let (x, y) = ("x".repeat(3000), "y".repeat(3000));
    assert_eq!(texts, ["first", "second", "third", "fourth", "fifth", &x, &y, "extended", "milliseconds"]);
    assert_eq!(zoe.user.name(), "Zoë K.", "called as before");
    assert_eq!(account(&store, "user-x").await.user.name(), "x");
    let (emil, fred) = (account(&store, "emil").await, account(&store, "fred").await);
    assert_eq!((&emil.user.display_name, emil.created_at.0), (&None, YEAR_2024));
    assert_eq!(history(&store, &emil, &fred).await.0, ["numbers"]);
    assert_eq!(read, [2, 1]);
    assert_eq!(history(&store, &zoe, &anna).await.0, [""; 0]);
    let friendship = async |a, b| store.friendship(pair(a, b)).await.expect("an answer");
    let accepted = friendship(&anna, &ben).await.expect("contacts");
    assert_eq!((accepted.requested_by, accepted.changed_at.0), (ben.user.id, at(10).timestamp_millis()));
    let pending = friendship(&anna, &carl).await.expect("a request");
    assert_eq!((pending.state, pending.requested_by), (State::Requested, carl.user.id));
    let (seconds, _) = pending.request_id.0.get_timestamp().expect("a time").to_unix();
    assert_eq!(seconds as i64, at(2).timestamp_millis() / 1000);
    assert_eq!(friendship(&zoe, &ben).await.expect("a request").state, State::Rejected);
    assert_eq!(friendship(&carl, &ben).await, None);
    store.close().await;
}

/// Pictures of the corpus, with a place in what they tell besides themselves.
const PHOTO: &[u8] = include_bytes!("../corpus/files/placed.jpg");
const DRAWING: &[u8] = include_bytes!("../corpus/files/placed.png");

fn picture(number: u32, minute: i64, kind: &str, bytes: &[u8]) -> Document {
    let uri = format!("data:{kind};base64,{}", BASE64_STANDARD.encode(bytes));
    with(message(number, minute, id(ANNA), id(BEN), &uri), "type", "image")
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_come_over_as_files_and_what_is_none_is_named() {
    let (place, old) = (Place::new(), Database::<ReplicaSet>::default());
    let raw = old.raw().await;
    fill(&raw).await;
    let text = |number, text: &str| with(message(number, 43, id(ANNA), id(BEN), text), "type", "image");
    let messages = [
        picture(31, 40, "image/jpeg", PHOTO),
        message(32, 41, id(BEN), id(ANNA), "where is that?"),
        // What it says that it is, is not believed.
        picture(33, 42, "text/html", DRAWING),
        picture(34, 43, "image/png", &DRAWING[..DRAWING.len() / 2]),
        picture(35, 43, "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        picture(36, 43, "image/png", &[DRAWING, &vec![0; 5 * 1024 * 1024]].concat()),
        text(37, "data:image/svg+xml,<svg/>"),
    ];
    raw.collection("messages").insert_many(messages).await.expect("messages");
    let foreseen = import(&place, &old, &["--dry-run"]);
    assert!(!place.path().join("data").exists(), "a dry run writes nothing");
    let summary = import(&place, &old, &[]);
    assert_eq!(numbers(&summary, "messages"), [24, 12, 0, 12]);
    assert_eq!(numbers(&foreseen, "messages"), [24, 12, 0, 12]);
    for (number, why) in [
        (34, "an image that cannot be decoded, or of a kind that is not shown"),
        (35, "an image that cannot be decoded, or of a kind that is not shown"),
        (36, "an image of more than 5 MB"),
        (37, "an image that is not written in base64"),
    ] {
        let line = format!("{}  {why}", id(number).to_hex());
        assert!(summary.lines().any(|found| found == line), "{line:?} is missing:\n{summary}");
    }
    let again = import(&place, &old, &[]);
    assert!(again.contains("Nothing was changed"), "{again}");
    assert_eq!(numbers(&again, "messages"), [24, 0, 12, 12]);
    assert_eq!(kept(&place.path().join("data/files")), 4, "two pictures, and a small one of each");

    let server = place.serve();
    let ben = server.visitor();
    ben.log_in("ben", OLD_PASSWORD).await.ok();
    let conversation = ben.get("/api/contacts").await.ok()[0]["conversation_id"].clone();
    let path = format!("/api/conversations/{}/messages", conversation.as_str().expect("an id"));
    let history = ben.get(&path).await.ok();
    let messages = history["messages"].as_array().expect("messages");
    let [photo, question, drawing] = messages.last_chunk().expect("three messages");
    assert_eq!(question["body"], "where is that?");
    for (message, name, kind) in [(photo, "image.jpeg", "image/jpeg"), (drawing, "image.png", "image/png")] {
        let said = &message["attachments"][0];
        assert_eq!(
            (&said["name"], &said["type"], &message["body"]),
            (&name.into(), &kind.into(), &"".into())
        );
        assert_eq!((&said["width"], &said["height"]), (&40.into(), &60.into()), "it is turned");
        let address = format!("/api/files/{}", said["file"].as_str().expect("an id"));
        let got = ben.get(&address).await;
        assert_eq!((got.status, got.header("content-type")), (200, Some(kind)));
        assert!(!got.bytes.windows(10).any(|window| window == b"GPS canary"), "it tells where it was taken");
        assert_eq!(ben.get(&format!("{address}/thumbnail")).await.status, 200);
    }
    let report = place.run(&["doctor", "--addr", &server.addr().to_string()]).ok();
    assert!(report.contains("ok    files          2,"), "{report}");
}

/// How many files lie below a folder.
fn kept(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.map(|path| if path.is_dir() { kept(&path) } else { 1 }).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_that_were_taken_in_before_a_run_broke_off_are_found_again() {
    let (place, old) = (Place::new(), Database::<ReplicaSet>::default());
    let raw = old.raw().await;
    fill(&raw).await;
    raw.collection("messages").insert_one(picture(31, 40, "image/jpeg", PHOTO)).await.expect("a message");
    import(&place, &old, &[]);
    // As if it had been killed before the message was stored, and its file in the middle of coming.
    let data = rusqlite::Connection::open(place.path().join("data/sotto.db")).expect("the data");
    let whole = PHOTO.len();
    for was in
        ["state = 'ready'", &format!("state = 'uploading', received = 0, sha256 = NULL, size = {whole}")]
    {
        let back = format!(
            "PRAGMA foreign_keys = OFF; DELETE FROM messages WHERE id = (SELECT message FROM files);
             UPDATE files SET conversation = NULL, message = NULL, expires_at = 9999999999999, {was}"
        );
        data.execute_batch(&back).expect(was);
        let again = import(&place, &old, &[]);
        assert_eq!(numbers(&again, "messages"), [18, 1, 9, 8], "{again}");
        assert_eq!(kept(&place.path().join("data/files")), 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_later_is_added_and_nothing_doubled() {
    let (place, old) = (Place::new(), Database::<ReplicaSet>::default());
    let raw = old.raw().await;
    fill(&raw).await;
    import(&place, &old, &[]);

    raw.collection("users").insert_one(doc! { "_id": id(20), "username": "Zo--K" }).await.expect("a user");
    let contact = doc! { "_id": id(20), "user_id": id(ANNA), "contact_id": id(CARL), "added_at": at(30) };
    raw.collection("contacts").insert_one(contact).await.expect("a contact");
    let messages = [
        with(message(21, 31, id(ANNA), id(BEN), "sixth"), "read", true),
        message(22, 32, id(CARL), id(ANNA), "thank you"),
    ];
    raw.collection("messages").insert_many(messages).await.expect("messages");
    let foreseen = import(&place, &old, &["--dry-run"]);
    let summary = import(&place, &old, &[]);
    for kind in ["users", "contacts", "friend requests", "messages", "read positions"] {
        assert_eq!(numbers(&summary, kind), numbers(&foreseen, kind));
    }
    assert_eq!(numbers(&summary, "users"), [11, 1, 8, 2]);
    assert_eq!(numbers(&summary, "contacts"), [8, 1, 4, 3]);
    assert_eq!(numbers(&summary, "messages"), [19, 2, 9, 8]);
    assert!(summary.contains("Zo--K-2"), "{summary}");

    let store = stored(&place);
    let (anna, ben) = (account(&store, "Anna").await, account(&store, "ben").await);
    let (texts, read) = history(&store, &anna, &ben).await;
    assert_eq!((texts.len(), texts.last().map(String::as_str)), (10, Some("sixth")));
    assert_eq!(read, [2, 10]);
    assert_eq!(history(&store, &account(&store, "carl").await, &anna).await.0, ["thank you"]);
    store.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_password_opens_the_account_and_is_hashed_anew() {
    let (place, old) = (Place::new(), Database::<ReplicaSet>::default());
    fill(&old.raw().await).await;
    import(&place, &old, &[]);

    let server = place.serve();
    let (visitor, other) = (server.visitor(), server.visitor());
    visitor.log_in("anna", "another password").await.refused(401, "wrong_credentials");
    visitor.log_in("carl", OLD_PASSWORD).await.refused(401, "wrong_credentials");
    // At the same moment: neither ends the other's session.
    let (first, second) =
        tokio::join!(visitor.log_in("anna", OLD_PASSWORD), other.log_in("anna", OLD_PASSWORD));
    first.ok();
    second.ok();
    assert_eq!(visitor.get("/api/me").await.ok()["username"], "Anna");
    other.get("/api/me").await.ok();
    server.visitor().log_in("ben", OLD_PASSWORD).await.ok();
    server.visitor().log_in("anna", OLD_PASSWORD).await.ok();
    server.visitor().log_in("anna", "another password").await.refused(401, "wrong_credentials");
    visitor.get("/api/me").await.ok();
    server.stop();

    let store = stored(&place);
    for (name, imported) in [("anna", false), ("ben", false), ("Zo--K", true)] {
        assert_eq!(account(&store, name).await.password_hash.as_imported().is_some(), imported, "{name}");
    }
    store.close().await;
    // Whoever has come in already is left alone.
    assert_eq!(numbers(&import(&place, &old, &[]), "users"), [10, 0, 8, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_moves_into_mongodb_too_but_never_into_the_old_database() {
    let (place, old, new) =
        (Place::new(), Database::<ReplicaSet>::default(), Database::<ReplicaSet>::default());
    fill(&old.raw().await).await;
    let to_new = [("MONGODB_URI", new.uri.as_str()), ("DATABASE_NAME", new.name.as_str())];
    let foreseen = import_with(&place, &old, &["--dry-run"], &to_new);
    assert_eq!(new.raw().await.list_collection_names().await.expect("names"), [""; 0]);
    let summary = import_with(&place, &old, &[], &to_new);
    for kind in ["users", "contacts", "friend requests", "messages", "read positions"] {
        assert_eq!(numbers(&summary, kind), numbers(&foreseen, kind));
    }
    assert_eq!(numbers(&summary, "messages"), [17, 9, 0, 8]);
    assert!(import_with(&place, &old, &[], &to_new).contains("Nothing was changed"));
    let store = new.open().await;
    let (anna, ben) = (account(&*store, "anna").await, account(&*store, "ben").await);
    let (texts, read) = history(&*store, &anna, &ben).await;
    let (x, y) = ("x".repeat(3000), "y".repeat(3000));
    assert_eq!(texts, ["first", "second", "third", "fourth", "fifth", &x, &y, "extended", "milliseconds"]);
    assert_eq!(read, [2, 1]);
    store.close().await;

    let to_old = [("MONGODB_URI", old.uri.as_str()), ("DATABASE_NAME", old.name.as_str())];
    let (uri, name) = (old.uri.as_str(), old.name.as_str());
    for (arguments, settings, expected) in [
        (&["--uri", uri, "--database", name][..], &to_old[..], " is an old database itself"),
        (&["--uri", uri, "--database", "no_such"], &[], "there are no users in the database \"no_such\""),
        (&["--uri", "mongodb://anna:sec/ret@localhost"], &[], "URI cannot be understood"),
    ] {
        let (code, out, err) = start(&place, arguments, settings);
        assert_eq!((code, out.as_str(), err.lines().count()), (Some(1), "", 1), "{err}");
        assert!(err.contains(expected) && !err.contains("ret@"), "{err}");
    }
    let users = old.raw().await.collection::<Document>("users");
    assert_eq!(users.list_index_names().await.expect("indexes"), ["_id_"], "it is only read");
}
