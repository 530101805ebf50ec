//! Forms posted without scripting: a redirect back, and the error in the page that follows.

use crate::app::{PASSWORD, TestApp, Visitor, message_id};

const WRONG: &str = "my wrong password";

async fn fail(visitor: &Visitor, from: &str) -> crate::app::Answer {
    let fields = [("mode", "login"), ("username", "Ada\"<b>"), ("password", WRONG)];
    visitor.post_form("/auth", from, &fields).await
}

#[tokio::test]
async fn a_refused_form_leads_back_to_its_page_which_says_why_once() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    assert_eq!(fail(&visitor, "/auth?next=%2Fc%2F1").await.redirect(), "/auth?next=%2Fc%2F1");

    let page = visitor.get("/auth?next=%2Fc%2F1").await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("Wrong username or password."), "{}", page.text);
    assert!(page.text.contains("Ada&quot;"), "what was typed is there, escaped: {}", page.text);
    assert!(!page.text.contains("Ada\"<b>"), "{}", page.text);
    assert!(!page.text.contains(WRONG), "the password is never shown");

    let again = visitor.get("/auth?next=%2Fc%2F1").await;
    assert!(!again.text.contains("Wrong username or password"), "said once");
    assert!(!again.text.contains("Ada&quot;"), "shown once");
}

#[tokio::test]
async fn an_error_is_shown_to_nobody_else() {
    let app = TestApp::start().await;
    fail(&app.visitor(), "/auth").await.redirect();
    let page = app.visitor().get("/auth").await;
    assert!(!page.text.contains("Wrong username or password"));
}

#[tokio::test]
async fn an_errors_cookie_signs_nobody_in() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    fail(&visitor, "/auth").await.redirect();
    visitor.get("/api/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn signing_up_by_form_leads_on_signed_in() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let fields = [("mode", "signup"), ("username", "ada"), ("password", PASSWORD)];
    let back = visitor.post_form("/auth", "/auth?mode=signup&next=%2Fc%2F1", &fields).await;
    // The form's page sends on whoever is signed in.
    let on = visitor.get(back.redirect()).await;
    assert_eq!(on.redirect(), "/c/1");
    assert_eq!(visitor.get("/api/me").await.ok()["username"], "ada");
}

#[tokio::test]
async fn logging_out_by_form_leads_to_the_log_in() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let back = ada.post_form("/auth/logout", "/", &[]).await;
    assert_eq!(ada.get(back.redirect()).await.redirect(), "/auth");
}

#[tokio::test]
async fn a_form_leads_back_within_the_site_only() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let fields = [("mode", "login"), ("username", "ada"), ("password", WRONG)];
    for referer in ["https://evil.example//evil.example/x", "no address", "http://[", "//evil.example"] {
        let form = visitor.call(reqwest::Method::POST, "/auth").form(&fields).header("referer", referer);
        let to = form.send().await.redirect().to_owned();
        assert!(to.starts_with('/') && !to.starts_with("//"), "{referer} led to {to}");
    }
    let without = visitor.call(reqwest::Method::POST, "/auth").form(&fields).send().await;
    assert_eq!(without.redirect(), "/");
}

#[tokio::test]
async fn a_message_can_be_sent_by_form_and_posted_twice_it_is_one() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (page, path) = (format!("/c/{conversation}"), format!("/api/conversations/{conversation}/messages"));
    let id = message_id();
    for _ in 0..2 {
        let back = ada.post_form(&path, &page, &[("id", &id), ("body", "without scripting")]).await;
        assert_eq!(back.redirect(), page);
    }
    let history = ben.history(&conversation, "").await.ok();
    assert_eq!(history["messages"].as_array().map(Vec::len), Some(1), "{history}");
    assert!(ada.get(&page).await.text.contains("without scripting"));
}

#[tokio::test]
async fn a_refused_message_stays_in_the_composer() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let (page, path) = (format!("/c/{conversation}"), format!("/api/conversations/{conversation}/messages"));
    let body = format!("begins here {}", "x".repeat(4000));
    let back = ada.post_form(&path, &page, &[("id", &message_id()), ("body", &body)]).await;
    assert_eq!(back.redirect(), page);
    let html = ada.get(&page).await.text;
    assert!(html.contains("begins here"), "what was written is not lost");
    assert!(html.contains("A message has at most 4000 characters"), "{html}");
}

#[tokio::test]
async fn requests_can_be_sent_and_answered_by_form() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let back = ada.post_form("/api/friend-requests/send", "/?find=be", &[("username", "ben")]).await;
    assert_eq!(back.redirect(), "/?find=be");
    let pending = ben.get("/api/friend-requests/pending").await.ok();
    let request = pending["incoming"][0]["id"].as_str().expect("a request");
    ben.post_form("/api/friend-requests/accept", "/", &[("request_id", request)]).await.redirect();
    assert_eq!(ada.get("/api/contacts").await.ok()[0]["username"], "ben");

    let again = ada.post_form("/api/friend-requests/send", "/", &[("username", "ben")]).await;
    assert!(ada.get(again.redirect()).await.text.contains("already one of your contacts"));
}

#[tokio::test]
async fn nobodys_session_keeps_the_words_of_somebody_who_is_not_signed_in() {
    const WORDS: &str = "words for nobody else";
    let app = TestApp::start().await;
    let (ada, _, conversation) = app.contacts("ada", "ben").await;
    let (page, path) = (format!("/c/{conversation}"), format!("/api/conversations/{conversation}/messages"));
    let fields = [("id", message_id()), ("body", WORDS.to_owned())];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    // As after a session that ended while the page was open; then whoever logs in here is somebody else.
    let visitor = app.visitor();
    assert_eq!(visitor.post_form(&path, &page, &fields).await.status, 303);
    assert!(visitor.cookie("sid").is_some(), "what was wrong is kept for them");
    visitor.log_in(&ada.name, PASSWORD).await.ok();
    for shown in [page.as_str(), "/", "/settings"] {
        assert!(!visitor.get(shown).await.text.contains(WORDS), "{shown}");
    }
    // Of somebody who is signed in it is kept, and shown again.
    let long = format!("{WORDS} {}", "x".repeat(4000));
    let fields = [("id", message_id()), ("body", long)];
    let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
    ada.post_form(&path, &page, &fields).await;
    assert!(ada.get(&page).await.text.contains(WORDS));
}

#[tokio::test]
async fn the_head_of_every_answer_can_be_asked_for() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for path in ["/", "/settings", "/api/me", "/api/contacts", "/api/users/search?q=ada", "/health/ready"] {
        let (whole, head) = (ada.get(path).await, ada.call(reqwest::Method::HEAD, path).send().await);
        assert_eq!((head.status, head.text.as_str()), (whole.status, ""), "{path}");
    }
}
