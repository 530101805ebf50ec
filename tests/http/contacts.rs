//! Removing a contact.

use crate::app::{TestApp, message_id};
use serde_json::json;

#[tokio::test]
async fn a_removed_contact_is_gone_for_both_with_all_that_was_said() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let cleo = app.person("cleo").await;
    ben.write(&conversation, "soon gone").await;

    let remove = json!({ "contact_id": ben.id });
    cleo.post("/api/contacts/remove", remove.clone()).await.refused(404, "not_found");
    app.visitor().post("/api/contacts/remove", remove.clone()).await.refused(401, "not_signed_in");
    let removed = ada.post("/api/contacts/remove", remove.clone()).await.ok();
    assert_eq!(removed, json!({ "contact_id": ben.id, "conversation_id": conversation }));

    for person in [&ada, &ben] {
        assert_eq!(person.get("/api/contacts").await.ok(), json!([]));
        assert_eq!(person.get("/api/conversations").await.ok(), json!([]));
        person.history(&conversation, "").await.refused(404, "not_found");
        person.try_write(&conversation, &message_id(), "too late").await.refused(404, "not_found");
        let page = person.get(&format!("/c/{conversation}")).await;
        assert!(!page.text.contains("soon gone"), "{}", page.text);
    }
    ada.post("/api/contacts/remove", remove).await.refused(404, "not_found");

    let again = ben.befriend(&ada).await;
    assert_ne!(again, conversation);
    assert_eq!(ada.history(&again, "").await.ok()["messages"], json!([]));
}

#[tokio::test]
async fn without_scripting_the_page_asks_first_and_leads_to_the_list() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let page = format!("/c/{conversation}?remove=1");
    let asked = ada.get(&page).await;
    assert!(asked.text.contains("role=\"alertdialog\""), "{}", asked.text);
    assert!(asked.text.contains("erased for both of you"));
    let answer = ada.post_form("/api/contacts/remove", &page, &[("contact_id", &ben.id)]).await;
    assert_eq!(answer.redirect(), "/");
    assert_eq!(ada.get("/api/contacts").await.ok(), json!([]));
}
