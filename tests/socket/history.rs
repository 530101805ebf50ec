//! Loading a history over the socket.

use crate::app::{Socket, TestApp, message_id};
use serde_json::{Value, json};

async fn load(socket: &mut Socket, fields: Value) -> (Value, Vec<u64>, bool) {
    let mut event = json!({ "type": "load_conversation" });
    let event_fields = event.as_object_mut().expect("an object");
    event_fields.extend(fields.as_object().expect("an object").clone());
    socket.say(event).await;
    let loaded = socket.hear("conversation_loaded").await;
    let messages = loaded["messages"].as_array().expect("a list").iter();
    let seqs = messages.map(|message| message["seq"].as_u64().expect("a seq")).collect();
    (loaded["conversation_id"].clone(), seqs, loaded["has_more"].as_bool().expect("a word"))
}

#[tokio::test]
async fn a_history_is_loaded_by_contact_or_by_conversation_in_pages() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for n in 1..=60 {
        ben.write(&conversation, &n.to_string()).await;
    }
    let mut socket = ada.socket().await;
    let id = json!(conversation);
    let newest: Vec<_> = (11..=60).collect();
    let by_contact = load(&mut socket, json!({ "contact_id": ben.id })).await;
    assert_eq!(by_contact, (id.clone(), newest, true));
    let by_id = load(&mut socket, json!({ "conversation_id": conversation })).await;
    assert_eq!(by_id, by_contact);

    let older = json!({ "conversation_id": conversation, "before": 11, "limit": 4 });
    assert_eq!(load(&mut socket, older).await, (id.clone(), vec![7, 8, 9, 10], true));
    let first = json!({ "contact_id": ben.id, "before": 3 });
    assert_eq!(load(&mut socket, first).await, (id, vec![1, 2], false));
    let many = json!({ "contact_id": ben.id, "limit": 1000 });
    assert_eq!(load(&mut socket, many).await.1.len(), 60);
}

#[tokio::test]
async fn a_page_says_where_it_lies_as_it_was_asked_for() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut last = Value::Null;
    for n in 1..=9 {
        last = ben.write(&conversation, &n.to_string()).await;
    }
    let mut socket = ada.socket().await;
    for (asked, told) in [
        (json!({ "after": 3 }), json!({ "after": 3 })),
        (json!({ "around": 5 }), json!({ "around": 5 })),
        (json!({ "before": 4 }), json!({ "before": 4 })),
        (json!({ "at_time": last["created_at"] }), json!({ "around": 9 })),
        (json!({}), json!({})),
    ] {
        let mut event = json!({ "type": "load_conversation", "conversation_id": conversation, "limit": 2 });
        event.as_object_mut().expect("an object").extend(asked.as_object().expect("an object").clone());
        socket.say(event).await;
        let loaded = socket.hear("conversation_loaded").await;
        for name in ["before", "after", "around"] {
            assert_eq!(loaded.get(name), told.get(name), "{asked}");
        }
    }
}

#[tokio::test]
async fn a_conversation_of_others_looks_like_none() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let eve = app.person("eve").await;
    let mut socket = eve.socket().await;
    let mut answers = Vec::new();
    for target in [
        json!({ "type": "load_conversation", "conversation_id": conversation }),
        json!({ "type": "load_conversation", "conversation_id": message_id() }),
        json!({ "type": "load_conversation", "contact_id": ada.id }),
        json!({ "type": "load_conversation", "contact_id": message_id() }),
    ] {
        socket.say(target).await;
        answers.push(socket.hear("error").await);
    }
    assert_eq!(answers[0]["error"]["code"], "not_found");
    assert!(answers.windows(2).all(|two| two[0] == two[1]), "{answers:?}");
}
