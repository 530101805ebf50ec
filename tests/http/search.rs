//! Finding people.

use crate::app::{Person, TestApp};
use serde_json::Value;

async fn names(person: &Person, q: &str) -> Vec<String> {
    let query = serde_urlencoded::to_string([("q", q)]).expect("a query");
    let found = person.get(&format!("/api/users/search?{query}")).await.ok();
    let found = found.as_array().expect("a list");
    found.iter().map(|user| user["username"].as_str().expect("a name").to_owned()).collect()
}

async fn found(person: &Person, name: &str) -> Value {
    person.get(&format!("/api/users/search?q={name}")).await.ok()[0].clone()
}

#[tokio::test]
async fn a_part_of_a_name_is_found_regardless_of_case_beginnings_first() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for name in ["Malice", "alice", "Alina", "bob"] {
        app.person(name).await;
    }
    assert_eq!(names(&ada, "aLi").await, ["alice", "Alina", "Malice"]);
    assert_eq!(names(&ada, " LICE ").await, ["alice", "Malice"]);
    assert!(names(&ada, "zzz").await.is_empty());
}

#[tokio::test]
async fn one_does_not_find_oneself_and_no_more_than_ten() {
    let app = TestApp::start().await;
    let person = app.person("twin-0").await;
    for n in 1..=12 {
        app.person(&format!("twin-{n}")).await;
    }
    let found = names(&person, "twin").await;
    assert_eq!(found.len(), 10);
    assert!(!found.contains(&"twin-0".to_owned()));
}

#[tokio::test]
async fn a_search_has_1_to_20_characters() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for q in ["", "%20%20", "aaaaaaaaaaaaaaaaaaaaa"] {
        let field = ada.get(&format!("/api/users/search?q={q}")).await.refused(422, "invalid_search");
        assert_eq!(field.as_deref(), Some("q"));
    }
    assert!(names(&ada, &"a".repeat(20)).await.is_empty());
    assert!(names(&ada, &"🦆".repeat(20)).await.is_empty());
    ada.get("/api/users/search").await.refused(400, "malformed");
}

#[tokio::test]
async fn a_search_says_what_people_are_to_each_other() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let stranger = found(&ada, "ben").await;
    assert_eq!((&stranger["relation"], &stranger["online"]), (&"none".into(), &false.into()));
    assert_eq!(stranger["id"], ben.id.as_str());

    let request = ada.ask(&ben).await;
    assert_eq!(found(&ada, "ben").await["relation"], "requested");
    assert_eq!(found(&ben, "ada").await["relation"], "incoming");
    assert_eq!(found(&ben, "ada").await["request_id"], request.as_str());

    ben.answer("accept", &request).await.ok();
    assert_eq!(found(&ada, "ben").await["relation"], "contact");
    assert_eq!(found(&ben, "ada").await["relation"], "contact");
}

#[tokio::test]
async fn only_contacts_see_who_is_online() {
    let app = TestApp::start().await;
    let (ada, ben, _) = app.contacts("ada", "ben").await;
    let eve = app.person("eve").await;
    let _socket = ben.socket().await;
    assert_eq!(found(&ada, "ben").await["online"], true);
    assert_eq!(found(&eve, "ben").await["online"], false);
}

#[tokio::test]
async fn a_rejection_does_not_show_in_the_senders_search() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let request = ada.ask(&ben).await;
    let before = found(&ada, "ben").await;
    ben.answer("reject", &request).await.ok();
    assert_eq!(found(&ada, "ben").await, before);
    assert_eq!(found(&ben, "ada").await["relation"], "none");
}
