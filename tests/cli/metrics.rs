//! Figures for Prometheus.

use super::program::Place;
use crate::app::{PASSWORD, Person, Visitor};

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_is_counted_on_an_address_of_its_own() {
    let place = Place::new();
    let mut server = place.serve_with(&["--metrics-addr", "0"], &[]);
    let anna = Person::sign_up(server.visitor(), "anna").await;
    let ben = Person::sign_up(server.visitor(), "ben").await;
    let conversation = anna.befriend(&ben).await;
    let mut socket = ben.socket().await;
    anna.write(&conversation, "hello").await;
    socket.hear_bodies(1).await;
    server.visitor().log_in("anna", "another password").await.refused(401, "wrong_credentials");
    server.visitor().log_in("anna", PASSWORD).await.ok();

    let metrics = server.second_line();
    let (_, url) = metrics.split_once("Metrics are at http://").expect("an address");
    let addr: std::net::SocketAddr = url.trim().trim_end_matches("/metrics").parse().expect("an address");
    assert!(addr.ip().is_loopback());
    let answer = Visitor::new(addr, "http://x").get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.header("content-type").is_some_and(|kind| kind.starts_with("application/openmetrics-text"))
    );
    let text = answer.text;
    for line in [
        "sotto_sockets 1",
        "sotto_users_online 1",
        "sotto_messages_stored_total 1",
        "sotto_signups_total 2",
        "sotto_logins_total 1",
        "sotto_logins_refused_total{reason=\"wrong_credentials\"} 1",
        "sotto_http_requests_total{method=\"POST\",route=\"/api/conversations/{id}/messages\",status=\"200\"} 1",
        "sotto_frames_waiting 0",
        "sotto_hashes_waiting 0",
        "sotto_store_waiting{kind=\"write\"} 0",
    ] {
        assert!(text.lines().any(|one| one == line), "{line} is not in {text}");
    }
    for part in [
        "sotto_store_seconds_bucket{le=\"0.001\",kind=\"write\"}",
        "sotto_delivery_seconds_count",
        "sotto_connections ",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    for name in ["anna", "ben", &anna.id, &conversation, "127.0.0.1"] {
        assert!(!text.contains(name), "{name}: nobody is named");
    }
    let public = server.visitor().get("/metrics").await;
    assert!(!public.text.contains("sotto_sockets"), "and not where people are");
    server.stop();
}
