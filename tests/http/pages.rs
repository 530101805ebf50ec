//! Pages have their content before any script runs, and are shown to those who may see them.

use crate::app::{TestApp, message_id};

#[tokio::test]
async fn without_a_session_pages_lead_to_the_log_in_and_back() {
    let app = TestApp::start().await;
    let nobody = app.visitor();
    assert_eq!(nobody.get("/").await.redirect(), "/auth");
    let wanted = format!("/c/{}?before=7", message_id());
    let there = nobody.get(&wanted).await.redirect().to_owned();
    assert!(there.starts_with("/auth?next=%2Fc%2F"), "{there}");

    let ada = app.person("ada").await;
    assert_eq!(ada.get(&there).await.redirect(), wanted);
}

#[tokio::test]
async fn nobody_is_led_to_another_site() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let evil = [
        "%2F%2Fevil.example",
        "https%3A%2F%2Fevil.example",
        "%2F%5Cevil.example",
        "%5C%5Cevil.example",
        "%2F%09%2Fevil.example",
        "%2F%0A%2Fevil.example",
        "javascript%3Aalert(1)",
        "evil.example",
        "",
    ];
    for next in evil {
        assert_eq!(ada.get(&format!("/auth?next={next}")).await.redirect(), "/", "{next}");
    }
    assert_eq!(ada.get("/auth").await.redirect(), "/");
}

#[tokio::test]
async fn the_log_in_page_carries_on_only_own_paths() {
    let app = TestApp::start().await;
    let page = app.visitor().get("/auth?next=https%3A%2F%2Fevil.example").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Welcome back"));
    // The address stands in data for hydration at most, never in a link.
    assert!(!page.text.contains("href=\"/auth?mode=signup&amp;next=https"), "{}", page.text);
    assert!(app.visitor().get("/auth?mode=signup").await.text.contains("Create your account"));
}

#[tokio::test]
async fn the_chat_shows_contacts_requests_and_the_newest_words() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let cleo = app.person("cleo").await;
    cleo.ask(&ada).await;
    ben.write(&conversation, "the newest words").await;
    let page = ada.get("/").await;
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").is_some_and(|kind| kind.starts_with("text/html")));
    for expected in [">ben<", "the newest words", &format!("href=\"/c/{conversation}\""), ">cleo<"] {
        assert!(page.text.contains(expected), "{expected} is missing: {}", page.text);
    }
}

#[tokio::test]
async fn a_conversation_shows_its_messages_escaped() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let hostile = "</script><script>alert(1)</script><img src=x onerror=alert(2)> & \"quotes\"";
    ben.write(&conversation, hostile).await;
    let page = ada.get(&format!("/c/{conversation}")).await.text;
    assert!(page.contains("&lt;img src=x onerror=alert(2)&gt; &amp; "), "{page}");
    assert!(!page.contains("<img src=x"), "{page}");
    assert!(!page.contains("</script><script>alert(1)"), "{page}");
}

#[tokio::test]
async fn older_messages_can_be_reached_by_a_link() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for n in 1..=60 {
        ben.write(&conversation, &format!("number {n:02}.")).await;
    }
    let newest = ada.get(&format!("/c/{conversation}")).await.text;
    assert!(newest.contains("number 60.") && newest.contains("number 11."));
    assert!(!newest.contains("number 10."), "a page holds 50");
    let link = format!("/c/{conversation}?before=11");
    assert!(newest.contains(&format!("href=\"{link}\"")), "{newest}");
    let older = ada.get(&link).await.text;
    assert!(older.contains("number 01.") && older.contains("number 10."));
}

#[tokio::test]
async fn people_are_found_by_a_link() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    app.person("benedict").await;
    let page = ada.get("/?find=NEDI").await;
    assert!(page.text.contains("benedict"), "{}", page.text);
}

#[tokio::test]
async fn a_conversation_of_others_looks_like_none() {
    let app = TestApp::start().await;
    let (_ada, ben, conversation) = app.contacts("ada", "ben").await;
    ben.write(&conversation, "between us").await;
    let eve = app.person("eve").await;
    let others = eve.get(&format!("/c/{conversation}")).await;
    let none = eve.get(&format!("/c/{}", message_id())).await;
    for page in [&others, &none] {
        assert!(page.text.contains("There is no such conversation"), "{}", page.text);
        assert!(!page.text.contains("between us"));
    }
    assert_eq!(others.status, none.status);
}

#[tokio::test]
async fn an_address_that_leads_nowhere_is_a_page_with_404() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for visitor in [&app.visitor(), &*ada] {
        let page = visitor.get("/no/such/page").await;
        assert_eq!(page.status, 404);
        assert!(page.text.contains("There is nothing here"), "{}", page.text);
        visitor.get("/api/no/such/thing").await.refused(404, "not_found");
    }
}
