//! Files that come with the form of a message: what a page without scripting sends.

use super::files::{find, kept};
use crate::app::{Answer, BOUNDARY, Person, TestApp, in_time, message_id};
use model::id::UserId;
use reqwest::Method;
use serde_json::Value;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const TEXT: &[u8] = b"the minutes of the last meeting";
const WORDS: &str = "what we said";

/// Posts the form of a conversation's page, with these words and files.
async fn post(
    who: &Person,
    conversation: &str,
    (id, words): (&str, &str),
    files: &[(&str, &[u8])],
) -> Answer {
    let form = who.call(Method::POST, &format!("/api/conversations/{conversation}/messages"));
    let form = form.form_with_files(&[("id", id), ("body", words)], files);
    form.header("referer", &format!("{}/c/{conversation}", who.origin)).send().await
}

/// The messages of a conversation.
async fn messages(who: &Person, conversation: &str) -> Vec<Value> {
    let page = who.history(conversation, "").await.ok();
    page["messages"].as_array().expect("messages").clone()
}

/// Waits until the bytes of so many files are kept.
async fn until_kept(app: &TestApp, files: usize) {
    let kept = async {
        while kept(app.files.path()) != files {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    in_time("the end of the other bytes", kept).await;
}

/// Waits until somebody's files take up so much: what is erased counts until its bytes are.
async fn until_used(app: &TestApp, who: &Person, bytes: usize) {
    let id: UserId = who.id.parse().expect("an id");
    let used = async {
        while app.store.bytes_used(id).await.expect("an answer") != bytes as u64 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    in_time("room again", used).await;
}

/// A refusal leads back to the page, which says why and shows the words again; nothing was sent and nothing is kept.
async fn refused(app: &TestApp, who: &Person, conversation: &str, answer: Answer, why: &str) {
    assert_eq!(answer.redirect(), format!("/c/{conversation}"));
    let page = who.get(&format!("/c/{conversation}")).await.text;
    assert!(page.contains(why), "{page}");
    assert!(page.contains(&format!(">{WORDS}</textarea>")), "{page}");
    assert!(messages(who, conversation).await.iter().all(|message| message["body"] != WORDS));
    until_kept(app, 0).await;
    until_used(app, who, 0).await;
}

#[tokio::test]
async fn files_go_with_the_message_of_their_form() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut socket = ben.socket().await;
    let picture = include_bytes!("../corpus/files/placed.jpg");
    assert!(find(picture, b"GPS canary").is_some() || find(picture, b"Exif").is_some());
    let files = [("minutes, \u{201c}last\u{201d}.txt", TEXT), ("holiday.jpg", &picture[..]), ("empty", b"")];
    let answer = post(&ada, &conversation, (&message_id(), WORDS), &files).await;
    assert_eq!(answer.redirect(), format!("/c/{conversation}"));
    let message = &socket.hear("new_message").await["message"];
    let sent = message["attachments"].as_array().expect("files").clone();
    let said: Vec<_> = sent.iter().map(|file| (&file["name"], &file["type"])).collect();
    let unknown = &Value::from("application/octet-stream");
    assert_eq!(message["body"], WORDS);
    assert_eq!(
        said,
        [
            (&Value::from(files[0].0), unknown),
            (&"holiday.jpg".into(), &"image/jpeg".into()),
            (&"empty".into(), unknown),
        ]
    );
    assert_eq!((&sent[0]["size"], &sent[2]["size"]), (&TEXT.len().into(), &0.into()));
    assert!(sent[1]["placeholder"].is_string(), "it was looked at: {}", sent[1]);
    let address = |n: usize| format!("/api/files/{}", sent[n]["file"].as_str().expect("an id"));
    assert_eq!(ben.get(&address(0)).await.bytes, TEXT);
    let shown = ben.get(&address(1)).await.bytes;
    assert!(find(&shown, b"Exif").is_none_or(|_| find(&shown, b"GPS").is_none()), "nothing but itself");
    until_used(&app, &ada, TEXT.len() + shown.len()).await;
}

#[tokio::test]
async fn the_same_form_again_is_the_same_message_and_keeps_no_second_bytes() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let id = message_id();
    for _ in 0..2 {
        post(&ada, &conversation, (&id, ""), &[("minutes.txt", TEXT)]).await.redirect();
    }
    let all = messages(&ben, &conversation).await;
    let with_files: Vec<_> = all.iter().filter(|message| message["attachments"].is_array()).collect();
    assert_eq!(with_files.len(), 1);
    until_kept(&app, 1).await;
    until_used(&app, &ada, TEXT.len()).await;
    let file = with_files[0]["attachments"][0]["file"].as_str().expect("an id").to_owned();
    assert_eq!(ben.get(&format!("/api/files/{file}")).await.bytes, TEXT);
}

#[tokio::test]
async fn where_no_file_was_chosen_the_words_go_alone() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let first = ada.write(&conversation, "first").await;
    let path = format!("/api/conversations/{conversation}/messages");
    let answers = first["id"].as_str().expect("an id");
    let (id, words) = (message_id(), "on\r\ntwo lines & more = \u{e9}");
    let fields = [("id", &*id), ("body", words), ("reply_to", answers)];
    let form = ada.call(Method::POST, &path).form_with_files(&fields, &[("", b"")]);
    assert_eq!(form.send().await.status, 303);
    let message = messages(&ada, &conversation).await.pop().expect("a message");
    assert_eq!(
        (&message["body"], &message["reply_to"]),
        (&"on\ntwo lines & more = \u{e9}".into(), &answers.into())
    );
    assert!(message["attachments"].is_null());
    // Without anything there is nothing to send.
    post(&ada, &conversation, (&message_id(), ""), &[("", b"")]).await.redirect();
    assert_eq!(messages(&ada, &conversation).await.pop().expect("a message")["id"], *id);
}

#[tokio::test]
async fn what_is_too_much_is_refused_with_the_words_kept() {
    let app = TestApp::with(|config| {
        config.files.size = 100_000;
        config.files.quota = 250_000;
    })
    .await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let bytes = vec![7; 100_001];
    let most = &bytes[..100_000];
    let large = [("minutes.txt", TEXT), ("film.mp4", &bytes), ("after.txt", TEXT)];
    let answer = post(&ada, &conversation, (&message_id(), WORDS), &large).await;
    refused(&app, &ada, &conversation, answer, "“film.mp4” is too large: a file has at most 100 kB here.")
        .await;
    let answer = post(&ada, &conversation, (&message_id(), WORDS), &[("file", most); 3]).await;
    refused(&app, &ada, &conversation, answer, "There is no room left for this file").await;
    let answer = post(&ada, &conversation, (&message_id(), WORDS), &[("file", TEXT); 11]).await;
    refused(&app, &ada, &conversation, answer, "A message has at most 10 files.").await;
    post(&ada, &conversation, (&message_id(), WORDS), &[("file", most); 2]).await.redirect();
    until_used(&app, &ada, 200_000).await;
}

#[tokio::test]
async fn more_than_any_message_has_is_refused_without_reading_it() {
    let app = TestApp::with(|config| config.files.size = 100_000).await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut line = TcpStream::connect(app.addr).await.expect("a connection");
    let begun = begun(&app, &ada, &conversation, "content-length: 2000000");
    line.write_all(begun.as_bytes()).await.expect("an open line");
    let mut answer = [0; 12];
    in_time("an answer", line.read_exact(&mut answer)).await.expect("an answer");
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 303");
    let page = ada.get(&format!("/c/{conversation}")).await.text;
    assert!(page.contains("That is too large: send at most 1 MB at once."), "{page}");
    assert!(page.contains(&format!(">{WORDS}</textarea>")), "{page}");
    until_used(&app, &ada, 0).await;
    assert_eq!(kept(app.files.path()), 0);
}

#[tokio::test]
async fn a_full_disk_is_said_and_nothing_is_kept() {
    let app = TestApp::with(|config| config.files.free = u64::MAX).await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let answer = post(&ada, &conversation, (&message_id(), WORDS), &[("minutes.txt", TEXT)]).await;
    refused(&app, &ada, &conversation, answer, "The server has no room for more files now.").await;
}

#[tokio::test]
async fn what_may_not_be_sent_is_not_kept() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let eve = app.person("eve").await;
    ben.write(&conversation, "between us").await;
    for (who, id) in [(&eve, message_id()), (&ada, "no id".to_owned())] {
        post(who, &conversation, (&id, WORDS), &[("minutes.txt", TEXT)]).await.redirect();
        until_kept(&app, 0).await;
        until_used(&app, who, 0).await;
    }
    // Of nobody nothing is taken in.
    let path = format!("/api/conversations/{conversation}/messages");
    let form = app.visitor().call(Method::POST, &path);
    let form = form.form_with_files(&[("id", &message_id()), ("body", WORDS)], &[("minutes.txt", TEXT)]);
    assert_eq!(form.send().await.redirect(), "/");
    // An address whose form has no files takes none.
    let form = ada.call(Method::POST, "/api/groups").form_with_files(&[("name", "Ducks")], &[("x", TEXT)]);
    form.send().await.refused(400, "malformed");
    assert_eq!((kept(app.files.path()), messages(&ben, &conversation).await.len()), (0, 1));
}

/// The head of a form with files, and its beginning up to the bytes of one.
fn begun(app: &TestApp, who: &Person, conversation: &str, length: &str) -> String {
    let (id, cookies) = (message_id(), who.cookies().expect("a session"));
    let field = |name: &str| format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"");
    format!(
        "POST /api/conversations/{conversation}/messages HTTP/1.1\r\nhost: {}\r\norigin: {}\r\ncookie: {cookies}\r\n\
         connection: close\r\ncontent-type: multipart/form-data; boundary={BOUNDARY}\r\n{length}\r\n\r\n\
         {}\r\n\r\n{id}\r\n{}\r\n\r\n{WORDS}\r\n{}; filename=\"large\"\r\n\r\n",
        app.addr,
        app.origin,
        field("id"),
        field("body"),
        field("files"),
    )
}

#[tokio::test]
async fn of_a_form_that_breaks_off_nothing_is_kept() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut line = TcpStream::connect(app.addr).await.expect("a connection");
    let begun = begun(&app, &ada, &conversation, "content-length: 1000000");
    line.write_all(begun.as_bytes()).await.expect("an open line");
    line.write_all(&[7; 300_000]).await.expect("an open line");
    until_kept(&app, 1).await;
    drop(line);
    until_kept(&app, 0).await;
    until_used(&app, &ada, 0).await;
    assert!(messages(&ben, &conversation).await.is_empty());
}

#[tokio::test]
async fn a_form_whose_fields_have_no_end_is_read_no_further() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let path = format!("/api/conversations/{conversation}/messages");
    let endless = "x".repeat(20_000_000);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let field = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"body\"\r\n");
    for body in [endless.clone(), format!("{field}x-{endless}"), format!("{field}\r\n{endless}")] {
        let mut line = TcpStream::connect(app.addr).await.expect("a connection");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: {}\r\norigin: {}\r\ncookie: {}\r\nconnection: close\r\ncontent-type: {kind}\r\n\
             content-length: {}\r\n\r\n",
            app.addr,
            app.origin,
            ada.cookies().expect("a session"),
            body.len()
        );
        line.write_all(head.as_bytes()).await.expect("an open line");
        let (mut reading, mut writing) = line.into_split();
        let mut taken = 0;
        let mut answer = [0; 12];
        let write = async {
            for piece in body.as_bytes().chunks(16_384) {
                if writing.write_all(piece).await.is_err() {
                    break;
                }
                taken += piece.len();
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = write => {}
            _ = in_time("an answer", reading.read_exact(&mut answer)) => {}
        }
        // What waits in the sockets between us was taken by nobody.
        assert!(taken < 15_000_000, "{taken}");
        assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 303");
    }
}

#[tokio::test]
async fn a_form_of_unknown_length_is_taken_too() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let begun = begun(&app, &ada, &conversation, "transfer-encoding: chunked");
    let (head, fields) = begun.split_once("\r\n\r\n").expect("a head");
    let body = [fields.as_bytes(), &[7; 200_000], format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let mut line = TcpStream::connect(app.addr).await.expect("a connection");
    line.write_all(format!("{head}\r\n\r\n").as_bytes()).await.expect("an open line");
    for chunk in body.chunks(7_001) {
        let framed = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        line.write_all(&framed).await.expect("an open line");
    }
    line.write_all(b"0\r\n\r\n").await.expect("an open line");
    let mut answer = String::new();
    in_time("an answer", line.read_to_string(&mut answer)).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let message = messages(&ben, &conversation).await.pop().expect("a message");
    assert_eq!(message["attachments"][0]["size"], 200_000);
}
