//! `sotto serve`.

use super::program::Place;

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_and_ends_when_told_to() {
    let place = Place::new();
    let server = place.serve();
    assert_eq!(server.visitor().get("/health/ready").await.status, 200);
    assert!(place.path().join("data/sotto.db").is_file());
    assert!(server.stop().contains("stopping"));
}

#[test]
fn without_a_command_it_serves_too() {
    let place = Place::new();
    std::fs::remove_dir_all(place.path().join("site")).expect("a folder");
    let refusal = place.run(&[]).failed();
    assert!(refusal.starts_with("the page's files are not in"), "{refusal}");
}

#[test]
fn an_address_in_use_is_said_in_one_sentence() {
    let place = Place::new();
    let server = place.serve();
    let second = Place::new().run(&["--addr", &server.addr().to_string()]).failed();
    assert!(second.contains("is in use"), "{second}");
}
