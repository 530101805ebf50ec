//! Who writes at this moment.

use crate::app::{Socket, TestApp};
use serde_json::json;

async fn say_typing(socket: &mut Socket, conversation: &str) {
    socket.say(json!({ "type": "typing", "conversation_id": conversation })).await;
}

#[tokio::test]
async fn writing_is_told_to_the_others_alone_and_not_oftener_than_every_two_seconds() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut phone, mut tablet, mut reader) = (ada.socket().await, ada.socket().await, ben.socket().await);
    for _ in 0..3 {
        say_typing(&mut phone, &conversation).await;
    }
    phone.write(&conversation, "done").await;
    let told = reader.hear("typing").await;
    assert_eq!((&told["conversation_id"], &told["user_id"]), (&json!(conversation), &json!(ada.id)));
    for device in [&mut reader, &mut tablet] {
        device.hear("new_message").await;
        assert_eq!(device.passed_over("typing"), 0);
    }
    phone.hear("message_acked").await;
    assert_eq!(phone.passed_over("typing") + phone.passed_over("error"), 0, "it is not answered");
}

#[tokio::test]
async fn nobody_hears_of_it_from_a_stranger() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let eve = app.person("eve").await;
    let (mut stranger, mut reader) = (eve.socket().await, ben.socket().await);
    say_typing(&mut stranger, &conversation).await;
    assert_eq!(stranger.hear("error").await["error"]["code"], "not_found");
    ada.write(&conversation, "only me").await;
    reader.hear("new_message").await;
    assert_eq!(reader.passed_over("typing"), 0);
}
