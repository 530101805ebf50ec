//! Who connects and says nothing, or too little, or takes nothing, holds up nobody.

use crate::app::{TestApp, in_time, narrow_listener};
use serde_json::json;
use sotto::{
    kit::config::{Networks, TlsSetting},
    web::client::{self, Trust},
};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};

/// So short that tests can wait for it.
const SOON: Duration = Duration::from_millis(200);
/// So long that no test does.
const NEVER: Duration = Duration::from_secs(3600);
const LIVE: &str = "GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n";

/// A connection from an address of this machine, `127.0.0.` and a number.
async fn connect_from(host: u8, addr: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from(([127, 0, 0, host], 0))).expect("an address");
    socket.connect(addr).await.expect("a connection")
}

/// Asks for something; whether it was answered rather than disconnected.
async fn is_answered(stream: &mut TcpStream) -> bool {
    // It may have been closed already.
    let _ = stream.write_all(LIVE.as_bytes()).await;
    let mut answer = [0; 1024];
    match in_time("an answer or the end", stream.read(&mut answer)).await {
        Ok(length @ 1..) => answer[..length].starts_with(b"HTTP/1.1 200"),
        Ok(0) | Err(_) => false,
    }
}

/// Waits until the server disconnects; returns what it said before.
async fn said_until_the_end(stream: &mut TcpStream) -> String {
    let mut said = Vec::new();
    // Also by a reset.
    let _ = in_time("the end", stream.read_to_end(&mut said)).await;
    String::from_utf8(said).expect("UTF-8")
}

/// Connects again and again, until there is room.
async fn wait_for_room(host: u8, addr: SocketAddr) -> TcpStream {
    in_time("room", async {
        loop {
            let mut stream = connect_from(host, addr).await;
            if is_answered(&mut stream).await {
                return stream;
            }
        }
    })
    .await
}

#[tokio::test]
async fn who_sends_no_request_or_half_of_one_is_disconnected() {
    let app = TestApp::with(|config| config.timeouts.head = SOON).await;
    for beginning in ["", "GET /health/live HTTP/1.1\r\nhost: "] {
        let mut stream = connect_from(1, app.addr).await;
        stream.write_all(beginning.as_bytes()).await.expect("sent");
        assert_eq!(said_until_the_end(&mut stream).await, "", "{beginning:?}");
    }
    let mut stream = connect_from(1, app.addr).await;
    assert!(is_answered(&mut stream).await);
    assert_eq!(said_until_the_end(&mut stream).await, "", "nor is one kept that asks nothing more");
}

#[tokio::test]
async fn a_trusted_proxy_may_keep_connections_in_stock() {
    let app = TestApp::with(|config| {
        config.timeouts.head = SOON;
        config.trusted_proxies =
            Networks(vec!["127.0.0.2".parse::<std::net::IpAddr>().expect("an address").into()]);
    })
    .await;
    let (mut proxy, mut stranger) = (connect_from(2, app.addr).await, connect_from(1, app.addr).await);
    said_until_the_end(&mut stranger).await;
    assert!(is_answered(&mut proxy).await);
}

#[tokio::test]
async fn a_head_much_longer_than_any_is_refused() {
    let app = TestApp::start().await;
    let mut stream = connect_from(1, app.addr).await;
    let head = format!("GET /health/live HTTP/1.1\r\nhost: x\r\nx-long: {}\r\n\r\n", "x".repeat(100 * 1024));
    let _ = stream.write_all(head.as_bytes()).await;
    let answer = said_until_the_end(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 431") || answer.is_empty(), "{answer}");
}

#[tokio::test]
async fn a_body_that_trickles_in_is_not_waited_for() {
    let app = TestApp::with(|config| config.timeouts.body = SOON).await;
    for content_type in ["application/json", "application/x-www-form-urlencoded"] {
        let (mut reading, mut writing) = connect_from(1, app.addr).await.into_split();
        let head = format!(
            "POST /auth HTTP/1.1\r\nhost: {}\r\norigin: {}\r\naccept: application/json\r\n\
             content-type: {content_type}\r\ncontent-length: 60000\r\n\r\n",
            app.addr, app.origin
        );
        writing.write_all(head.as_bytes()).await.expect("a head");
        let trickling = tokio::spawn(async move {
            let mut every = tokio::time::interval(SOON / 10);
            while writing.write_all(b"x").await.is_ok() {
                every.tick().await;
            }
        });
        let mut answer = vec![0; 4096];
        let length = in_time("an answer", reading.read(&mut answer)).await.expect("an answer");
        let answer = String::from_utf8_lossy(&answer[..length]);
        assert!(answer.starts_with("HTTP/1.1 400") && answer.contains("\"malformed\""), "{answer}");
        in_time("the end", trickling).await.expect("no panic");
    }
}

#[tokio::test]
async fn who_takes_no_answer_is_disconnected() {
    let app = TestApp::on(narrow_listener(), |config| config.timeouts.write = SOON);
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut stream = socket.connect(app.addr).await.expect("a connection");
    let asking = async { while stream.write_all(LIVE.as_bytes()).await.is_ok() {} };
    in_time("the end", asking).await;
}

#[tokio::test]
async fn a_socket_may_be_silent_for_longer_than_a_request() {
    let app = TestApp::with(|config| {
        config.timeouts.head = SOON;
        config.timeouts.body = SOON;
        config.timeouts.write = SOON;
    })
    .await;
    let ada = app.person("ada").await;
    let mut socket = ada.connect().await.expect("an open socket");
    said_until_the_end(&mut connect_from(1, app.addr).await).await;
    socket.resume(json!({})).await;
}

#[tokio::test]
async fn an_address_has_so_many_connections_and_others_find_room() {
    let app = TestApp::with(|config| config.limits.connections_per_address = 2).await;
    let first = connect_from(1, app.addr).await;
    let mut second = connect_from(1, app.addr).await;
    assert!(!is_answered(&mut connect_from(1, app.addr).await).await);
    assert!(is_answered(&mut connect_from(2, app.addr).await).await);
    assert!(is_answered(&mut second).await, "those that are open are not concerned");
    drop(first);
    wait_for_room(1, app.addr).await;
}

#[tokio::test]
async fn a_socket_keeps_its_place_until_it_is_closed() {
    let app = TestApp::with(|config| config.limits.connections_per_address = 2).await;
    // Whose browser keeps the connection of its requests.
    let ada = app.person("ada").await;
    let socket = ada.socket().await;
    assert!(!is_answered(&mut connect_from(1, app.addr).await).await);
    socket.leave().await;
    wait_for_room(1, app.addr).await;
}

#[tokio::test]
async fn the_server_has_so_many_connections_in_all() {
    let app = TestApp::with(|config| config.limits.connections = 4).await;
    let mut open = Vec::new();
    for host in [1, 1, 2] {
        open.push(connect_from(host, app.addr).await);
    }
    assert!(!is_answered(&mut connect_from(1, app.addr).await).await, "nobody has more than half");
    open.push(connect_from(3, app.addr).await);
    assert!(!is_answered(&mut connect_from(4, app.addr).await).await);
    open.remove(0);
    wait_for_room(4, app.addr).await;
}

#[tokio::test]
async fn a_proxy_carries_everybody_and_load_tests_come_from_one_address() {
    let proxied = TestApp::with(|config| {
        config.limits.connections_per_address = 1;
        config.trusted_proxies = Networks(vec!["127.0.0.0/8".parse().expect("a network")]);
    })
    .await;
    let unlimited = TestApp::with(|config| {
        config.limits.rates = false;
        config.limits.connections = 1;
        config.limits.connections_per_address = 1;
    })
    .await;
    for app in [proxied, unlimited] {
        let mut open = Vec::new();
        for _ in 0..20 {
            let mut stream = connect_from(1, app.addr).await;
            assert!(is_answered(&mut stream).await);
            open.push(stream);
        }
    }
}

/// A server that speaks TLS, and the folder of its certificate.
async fn over_tls(handshake: Duration) -> (TestApp, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let app = TestApp::with(|config| {
        config.tls = TlsSetting::SelfSigned;
        config.data = folder.path().to_owned();
        config.timeouts.handshake = handshake;
    })
    .await;
    (app, folder)
}

#[tokio::test]
async fn who_begins_no_handshake_is_disconnected() {
    let (app, _folder) = over_tls(SOON).await;
    assert_eq!(said_until_the_end(&mut connect_from(1, app.addr).await).await, "");
}

#[tokio::test]
async fn handshakes_that_are_never_begun_keep_nobody_out() {
    let (app, _folder) = over_tls(NEVER).await;
    let mut silent = Vec::new();
    for _ in 0..300 {
        silent.push(connect_from(1, app.addr).await);
    }
    let live = client::get(&app.origin, "/health/live", &Trust::Anything);
    assert_eq!(in_time("an answer", live).await.expect("an answer"), (200, "live\n".to_owned()));
}

#[tokio::test]
async fn an_address_that_begins_no_handshake_keeps_out_itself_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = TestApp::with(|config| {
        config.tls = TlsSetting::SelfSigned;
        config.data = folder.path().to_owned();
        config.timeouts.handshake = NEVER;
        config.limits.connections_per_address = 2;
    })
    .await;
    let _silent = (connect_from(2, app.addr).await, connect_from(2, app.addr).await);
    assert_eq!(said_until_the_end(&mut connect_from(2, app.addr).await).await, "");
    let live = client::get(&app.origin, "/health/live", &Trust::Anything);
    assert_eq!(in_time("an answer", live).await.expect("an answer").0, 200);
}
