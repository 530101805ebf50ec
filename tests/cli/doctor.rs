//! `sotto doctor`.

use super::program::Place;
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
