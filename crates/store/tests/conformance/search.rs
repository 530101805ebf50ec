use super::{Backend, given};
use model::{id::UserId, search::SearchTerm};
use store::Store;

async fn found(store: &dyn Store, term: &str, but: UserId, limit: usize) -> Vec<String> {
    let term = SearchTerm::parse(term).expect("a valid term");
    let found = store.search_users(&term, but, limit).await.expect("an answer");
    found.into_iter().map(|user| user.username.to_string()).collect()
}

async fn anyone_finds(store: &dyn Store, term: &str) -> Vec<String> {
    found(store, term, UserId::new(), 10).await
}

pub async fn a_term_is_found_anywhere_in_a_name_regardless_of_case(place: impl Backend) {
    let store = place.open().await;
    given::users(&*store, ["Johanna", "ben"]).await;
    for term in ["Johanna", "joh", "HANN", "nna", "a"] {
        assert_eq!(anyone_finds(&*store, term).await, ["Johanna"], "{term}");
    }
    for term in ["johannas", "xjohanna", "jhn", "johanna ben"] {
        assert!(anyone_finds(&*store, term).await.is_empty(), "{term}");
    }
}

pub async fn names_that_begin_with_the_term_come_first_then_by_name(place: impl Backend) {
    let store = place.open().await;
    given::users(&*store, ["zoe-an", "Andy", "bo.an", "anna", "AN3", "an-b", "susan"]).await;
    let expected = ["an-b", "AN3", "Andy", "anna", "bo.an", "susan", "zoe-an"];
    assert_eq!(anyone_finds(&*store, "an").await, expected);
}

pub async fn one_does_not_find_oneself(place: impl Backend) {
    let store = place.open().await;
    let [anna, hanna, _] = given::users(&*store, ["anna", "hanna", "joanna"]).await;
    assert_eq!(found(&*store, "anna", anna, 10).await, ["hanna", "joanna"]);
    assert_eq!(found(&*store, "anna", hanna, 10).await, ["anna", "joanna"]);
    assert_eq!(found(&*store, "anna", hanna, 1).await, ["anna"], "oneself takes no place");
}

pub async fn a_search_returns_no_more_than_its_limit(place: impl Backend) {
    let store = place.open().await;
    for n in 0..12 {
        given::user(&*store, &format!("user{n:02}")).await;
        given::user(&*store, &format!("a-user{n:02}")).await;
    }
    let first: Vec<_> = (0..12).map(|n| format!("user{n:02}")).collect();
    assert_eq!(anyone_finds(&*store, "user").await, first[..10]);
    let all = found(&*store, "user", UserId::new(), 14).await;
    assert_eq!(all[..12], first);
    assert_eq!(all[12..], ["a-user00", "a-user01"]);
    assert!(found(&*store, "user", UserId::new(), 0).await.is_empty());
}

pub async fn a_name_that_contains_the_term_twice_is_found_once(place: impl Backend) {
    let store = place.open().await;
    given::users(&*store, ["anana", "banana", "aaaa"]).await;
    assert_eq!(anyone_finds(&*store, "ana").await, ["anana", "banana"]);
    assert_eq!(anyone_finds(&*store, "a").await, ["aaaa", "anana", "banana"]);
}

pub async fn terms_are_literal(place: impl Backend) {
    let store = place.open().await;
    given::users(&*store, ["a_b", "axb", "a.b", "aab", "a-b"]).await;
    assert_eq!(anyone_finds(&*store, "_").await, ["a_b"]);
    assert_eq!(anyone_finds(&*store, "a.b").await, ["a.b"]);
    assert_eq!(anyone_finds(&*store, "-").await, ["a-b"]);
    let hostile = [
        "%",
        "a%b",
        "a*b",
        "a?b",
        "(a+)+$",
        ".*",
        "^a",
        "[a-z]",
        r#"{"$ne":null}"#,
        r"a\_b",
        "' OR 1=1 --",
        "\"",
        "a\0b",
        "\u{1F980}",
        "a\u{1F980}",
        "\u{10FFFF}",
        "a\u{10FFFF}",
        "\u{D7FF}",
        "\u{E000}",
        "ä",
        "İ",
        "\u{7F}",
    ];
    for term in hostile {
        assert!(anyone_finds(&*store, term).await.is_empty(), "{term:?}");
    }
}
