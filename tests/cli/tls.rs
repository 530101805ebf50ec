//! HTTPS built in.

use super::program::{Place, Serving};
use sotto::web::{
    client::{self, Trust},
    tls::Files,
};
use std::{fs, os::unix::fs::PermissionsExt, path::Path};
use tokio_tungstenite::tungstenite;

fn https() -> Place {
    Place::new()
}

fn own(place: &Path) -> Files {
    Files { cert: place.join("data/tls/cert.pem"), key: place.join("data/tls/key.pem") }
}

async fn live(server: &Serving, trusted: &Files) -> Result<(u16, String), String> {
    let trust = Trust::SystemAnd(trusted.certificates().expect("a certificate"));
    client::get(&server.url, "/health/live", &trust).await.map_err(|error| error.to_string())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_made_on_first_start_and_kept() {
    let place = https();
    let server = place.serve_with(&["--tls", "self-signed"], &[]);
    assert!(server.url.starts_with("https://127.0.0.1:"), "{}", server.url);
    let files = own(place.path());
    for file in [&files.cert, &files.key] {
        assert_eq!(fs::metadata(file).expect("made").permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(live(&server, &files).await, Ok((200, "live\n".into())));
    let plain = client::get(&server.url.replace("https", "http"), "/health/live", &Trust::Anything).await;
    assert!(plain.is_err(), "{plain:?}");
    let trust = Trust::SystemAnd(Vec::new());
    assert!(client::get(&server.url, "/health/live", &trust).await.is_err(), "only who knows it trusts it");
    let trust = Trust::SystemAnd(files.certificates().expect("a certificate"));
    client::greet_socket(&server.url, &trust).await.expect("a WebSocket over TLS");
    let made = fs::read(&files.cert).expect("a certificate");
    let silent = std::net::TcpStream::connect(server.addr()).expect("a connection");
    let begun = std::time::Instant::now();
    server.stop();
    assert!(begun.elapsed().as_secs() < 4, "a stop waits for nobody who is gone or says nothing");
    drop(silent);

    let server = place.serve_with(&["--tls", "self-signed"], &[]);
    assert_eq!(fs::read(&files.cert).expect("a certificate"), made);
    assert_eq!(live(&server, &files).await, Ok((200, "live\n".into())));
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookie_is_bound_to_the_host_and_browsers_are_told_to_stay() {
    let place = https();
    let server = place.serve_with(&["--tls", "self-signed"], &[]);
    let http = client::http(&Trust::Anything).expect("a client");
    let page = http.get(format!("{}/auth", server.url)).send().await.expect("a page");
    let transport = page.headers()["strict-transport-security"].to_str().expect("text");
    assert!(transport.starts_with("max-age="), "{transport}");
    let cookie = cookie_of_anna(&server).await;
    assert!(cookie.starts_with("__Host-sid="), "{cookie}");
    assert!(cookie.contains("Secure") && cookie.contains("HttpOnly"), "{cookie}");
    server.stop();
}

/// Signs Anna up; the cookie as it was set.
async fn cookie_of_anna(server: &Serving) -> String {
    let http = client::http(&Trust::Anything).expect("a client");
    let anna = serde_json::json!({"mode": "signup", "username": "anna", "password": "two ducks on one pond"});
    let request = http.post(format!("{}/auth", server.url)).header("origin", &server.url).json(&anna);
    let answer = request.send().await.expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.headers()["set-cookie"].to_str().expect("text").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_over_https_hears_that_the_server_goes_away() {
    use futures::{SinkExt, StreamExt};
    let place = https();
    let server = place.serve_with(&["--tls", "self-signed"], &[]);
    let cookie = cookie_of_anna(&server).await;
    let cookie = cookie.split(';').next().expect("a value").to_owned();
    let mut socket = client::open_socket(&server.url, "/ws", &[("cookie", &cookie)], &Trust::Anything)
        .await
        .expect("a socket");
    socket.send(tungstenite::Message::text(r#"{"type":"resume","cursors":{}}"#)).await.expect("sent");
    let mut heard = Vec::new();
    let stopping = tokio::task::spawn_blocking(move || {
        std::thread::sleep(std::time::Duration::from_millis(500));
        server.stop()
    });
    while let Some(Ok(message)) = socket.next().await {
        heard.push(message);
    }
    stopping.await.expect("a clean stop");
    let texts: Vec<_> = heard.iter().filter_map(|message| message.to_text().ok()).collect();
    assert!(
        texts[0].contains("resumed") && texts.iter().any(|text| text.contains("going_away")),
        "{texts:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_certificate_is_taken_up_without_a_restart() {
    let (place, other) = (https(), https());
    for made in [&place, &other] {
        made.serve_with(&["--tls", "self-signed"], &[]).stop();
    }
    let (first, second) = (own(place.path()), own(other.path()));
    let files = Files { cert: place.path().join("c.pem"), key: place.path().join("k.pem") };
    let renew = |from: &Files| {
        fs::copy(&from.key, &files.key).expect("a copy");
        fs::copy(&from.cert, &files.cert).expect("a copy");
    };
    renew(&first);
    let server = place.serve_with(&["--tls-cert", "c.pem", "--tls-key", "k.pem"], &[]);
    assert!(live(&server, &first).await.is_ok());
    assert!(live(&server, &second).await.is_err());
    renew(&second);
    let waited = std::time::Instant::now();
    while live(&server, &second).await.is_err() {
        assert!(waited.elapsed().as_secs() < 20, "not taken up");
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    fs::write(&files.cert, "no certificate").expect("a file");
    tokio::time::sleep(std::time::Duration::from_secs(11)).await;
    assert!(live(&server, &second).await.is_ok(), "what cannot be used is not used");
    assert!(server.stop().contains("the renewed certificate is not used"));
}

#[test]
fn files_that_cannot_be_used_are_named() {
    let place = https();
    let run = || place.run(&["--addr", "127.0.0.1:0", "--tls-cert", "c.pem", "--tls-key", "k.pem"]).failed();
    assert!(run().starts_with("c.pem cannot be used for HTTPS"), "{}", run());
    fs::write(place.path().join("c.pem"), "").expect("a file");
    assert!(run().starts_with("c.pem cannot be used for HTTPS: it holds no certificate"), "{}", run());
}
