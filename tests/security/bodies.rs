//! Nothing larger than 64 KiB is read.

use crate::app::{NO_CLOSE_FRAME, Person, TestApp, message_id};
use reqwest::Method;
use serde_json::json;
use std::io::{Read, Write};
use tokio_tungstenite::tungstenite::Message;

const LIMIT: usize = 64 * 1024;

/// A message's JSON of exactly so many bytes.
fn message_of(bytes: usize) -> String {
    let empty = json!({ "id": message_id(), "body": "x", "padding": "" }).to_string();
    empty.replace("\"padding\":\"\"", &format!("\"padding\":\"{}\"", " ".repeat(bytes - empty.len())))
}

#[tokio::test]
async fn a_body_of_64_kib_is_read_and_a_larger_one_is_not() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let path = format!("/api/conversations/{conversation}/messages");
    let post = |body: String| ada.call(Method::POST, &path).body("application/json", body).send();
    post(message_of(LIMIT)).await.ok();
    post(message_of(LIMIT + 1)).await.refused(413, "too_large");
    let fields = json!({ "mode": "login", "username": "ada", "password": "x".repeat(LIMIT) });
    app.visitor().post("/auth", fields).await.refused(413, "too_large");
    let form = ada.call(Method::POST, &path).form(&[("body", &"x".repeat(LIMIT))]);
    form.send().await.refused(413, "too_large");
}

#[tokio::test]
async fn a_body_of_unknown_length_is_cut_off_too() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let path = format!("/api/conversations/{conversation}/messages");
    assert_eq!(status_of_chunked(&ada, &path, LIMIT).await, 200);
    assert_eq!(status_of_chunked(&ada, &path, LIMIT + 1).await, 413);
    assert_eq!(status_of_chunked(&ada, "/auth", LIMIT + 1).await, 413);
}

/// Posts in chunks, without a `Content-Length`.
async fn status_of_chunked(person: &Person, path: &str, bytes: usize) -> u16 {
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nCookie: {}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        person.addr,
        person.origin,
        person.cookies().expect("a session"),
    );
    let (addr, body) = (person.addr, message_of(bytes));
    let answer = tokio::task::spawn_blocking(move || {
        let mut connection = std::net::TcpStream::connect(addr).expect("a connection");
        connection.write_all(head.as_bytes()).expect("a head");
        for chunk in body.as_bytes().chunks(8192) {
            let mut framed = format!("{:x}\r\n", chunk.len()).into_bytes();
            framed.extend_from_slice(chunk);
            framed.extend_from_slice(b"\r\n");
            connection.write_all(&framed).expect("a chunk");
        }
        let _ = connection.write_all(b"0\r\n\r\n");
        let mut answer = [0; 64];
        let length = connection.read(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer[..length]).into_owned()
    });
    let answer = answer.await.expect("no panic");
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status")
}

#[tokio::test]
async fn a_frame_of_64_kib_is_read_and_a_larger_one_closes_the_socket() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let (mut socket, mut other) = (ada.socket().await, ada.socket().await);
    let frame = |bytes: usize| {
        let empty = json!({ "type": "no_such_type", "padding": "" }).to_string();
        let padding = format!("\"padding\":\"{}\"", " ".repeat(bytes - empty.len()));
        Message::text(empty.replace("\"padding\":\"\"", &padding))
    };
    socket.say_raw(frame(LIMIT)).await;
    assert_eq!(socket.hear("error").await["error"]["code"], "malformed");
    socket.say_raw(frame(LIMIT + 1)).await;
    let code = socket.closed().await;
    assert_ne!(code, NO_CLOSE_FRAME, "it is told why");
    assert_eq!(code, 1009, "RFC 6455, 7.4.1: a message that is too big");
    other.resume(json!({})).await;
}

#[tokio::test]
async fn a_body_that_is_none_is_malformed() {
    let app = TestApp::start().await;
    let head = format!(
        "POST /auth HTTP/1.1\r\nHost: {}\r\nOrigin: {}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        app.addr, app.origin
    );
    for chunks in ["no length\r\n", "-1\r\n", "5\r\nabc\r\n0\r\n\r\n"] {
        let (addr, text) = (app.addr, format!("{head}{chunks}"));
        let answer = tokio::task::spawn_blocking(move || {
            let mut connection = std::net::TcpStream::connect(addr).expect("a connection");
            connection.write_all(text.as_bytes()).expect("a request");
            let _ = connection.shutdown(std::net::Shutdown::Write);
            let mut answer = String::new();
            let _ = connection.read_to_string(&mut answer);
            answer
        });
        let answer = answer.await.expect("no panic");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{chunks:?}: {answer}");
    }
}
