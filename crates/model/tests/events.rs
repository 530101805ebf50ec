//! The socket's language, letter by letter: what other clients may rely on.

use model::{
    content::{Content, System},
    event::{ClientEvent, ServerEvent, Target},
    id::{ConversationId, MessageId, UserId},
    message::Message,
    time::Timestamp,
};
use serde_json::{Value, json};
use uuid::Uuid;

const A: &str = "00000000-0000-0000-0000-00000000000a";
const B: &str = "00000000-0000-0000-0000-00000000000b";
const C: &str = "00000000-0000-0000-0000-00000000000c";
const AT: &str = "2026-11-23T08:11:35.123Z";

fn message() -> Value {
    json!({
        "id": A, "conversation_id": C, "seq": 3, "version": 5, "sender": B, "kind": "text",
        "body": "Hi", "reply_to": B, "created_at": AT, "edited_at": AT,
    })
}

fn reacted_to() -> Value {
    let mut message = message();
    message["reactions"] = json!([{"emoji": "🦆", "users": [A, B]}, {"emoji": "a.b", "users": [B]}]);
    message
}

fn pinned() -> Value {
    let mut message = message();
    message["pinned"] = json!({"by": A, "at": AT});
    message
}

fn meant() -> Value {
    let mut message = message();
    message["mentions"] = json!([A]);
    message["mentions_all"] = json!(true);
    message
}

fn with_files() -> Value {
    let mut message = message();
    message["body"] = json!("");
    message["attachments"] = json!([
        {
            "file": B, "name": "Müller \"1\".jpg", "size": 12_345, "type": "image/jpeg", "width": 640, "height": 480,
            "placeholder": "3OcRJYB4d3h/iIeHeEh3eIhw+j3A", "alt": "A duck",
        },
        {"file": C, "name": "a.opus", "size": 0, "type": "audio/ogg", "duration": 1500},
    ]);
    message
}

fn joined() -> Value {
    json!({
        "id": A, "conversation_id": C, "seq": 3, "version": 3, "sender": B, "kind": "joined", "subject": A,
        "body": "", "created_at": AT,
    })
}

fn hidden() -> Value {
    let at = "1970-01-01T00:00:00.000Z";
    json!({
        "id": A, "conversation_id": C, "seq": 3, "version": 5, "sender": Uuid::nil(), "kind": "hidden", "body": "",
        "created_at": at,
    })
}

fn summary() -> Value {
    json!({
        "id": C, "kind": "direct", "members": [A, B], "head": 5, "read": {A: 3}, "unread": 1,
        "last_message": message(),
    })
}

fn invitation() -> Value {
    json!({
        "conversation_id": C, "name": "Ducks", "members": 3, "by": user(), "sent_at": AT, "expires_at": AT,
    })
}

fn user() -> Value {
    json!({"id": B, "username": "bo.b"})
}

fn contact() -> Value {
    json!({"id": B, "username": "bo.b", "conversation_id": C, "online": true, "last_seen": AT})
}

fn request() -> Value {
    json!({"id": A, "user": user(), "direction": "incoming", "sent_at": AT})
}

fn requests() -> Value {
    json!({"incoming": [request()], "outgoing": []})
}

/// Everywhere the same: what stands under `error`.
fn refusal() -> Value {
    json!({"code": "invalid_message", "message": "Too long.", "field": "body"})
}

fn client_events() -> Vec<Value> {
    vec![
        json!({"type": "resume", "cursors": {C: 5}}),
        json!({"type": "resume", "cursors": {}}),
        json!({"type": "load_conversation", "conversation_id": C}),
        json!({"type": "find_messages", "conversation_id": C, "ids": [A, B]}),
        json!({"type": "load_conversation", "contact_id": B, "before": 3, "limit": 20}),
        json!({"type": "send_private_message", "id": A, "contact_id": B, "body": "Hi"}),
        json!({"type": "send_private_message", "id": A, "conversation_id": C, "body": "Hi", "reply_to": B}),
        json!({"type": "edit_message", "conversation_id": C, "id": A, "body": "Ho"}),
        json!({"type": "delete_message", "conversation_id": C, "id": A}),
        json!({"type": "react", "conversation_id": C, "id": A, "emoji": "🦆", "on": true}),
        json!({"type": "pin_message", "conversation_id": C, "id": A, "on": true, "change": B}),
        json!({"type": "mark_read", "conversation_id": C, "seq": 3}),
    ]
}

fn server_events() -> Vec<Value> {
    vec![
        json!({
            "type": "resumed", "me": user(), "contacts": [contact()], "requests": requests(),
            "conversations": [summary()], "missed": [message()], "stale": [C],
        }),
        json!({
            "type": "conversation_loaded", "conversation_id": C, "before": 4, "messages": [message()],
            "has_more": true,
        }),
        json!({
            "type": "message_acked", "id": A, "conversation_id": C, "seq": 3, "version": 3, "created_at": AT,
        }),
        json!({"type": "message_refused", "id": A, "error": refusal()}),
        json!({"type": "new_message", "message": message()}),
        json!({"type": "message_changed", "message": message()}),
        json!({"type": "message_changed", "message": reacted_to()}),
        json!({"type": "message_changed", "message": pinned()}),
        json!({"type": "new_message", "message": meant()}),
        json!({"type": "new_message", "message": with_files()}),
        json!({
            "type": "message_acked", "id": A, "conversation_id": C, "seq": 3, "version": 3, "created_at": AT,
            "mentions": [A], "mentions_all": true,
        }),
        json!({"type": "pins_changed", "conversation_id": C, "pins": [A, B], "version": 5}),
        json!({"type": "new_message", "message": joined()}),
        json!({"type": "messages_found", "conversation_id": C, "messages": [message(), hidden()]}),
        json!({"type": "message_changed", "message": hidden()}),
        json!({"type": "friend_request_received", "request": request()}),
        json!({"type": "friend_request_changed", "requests": requests()}),
        json!({"type": "contacts_updated", "contacts": [contact()]}),
        json!({"type": "conversation_changed", "conversation": summary()}),
        json!({"type": "group_changed", "conversation_id": C, "settings": {"writes": "admins"}}),
        json!({"type": "invited", "invitation": invitation()}),
        json!({"type": "invitation_ended", "conversation_id": C}),
        json!({"type": "blocked", "user_id": B, "on": true}),
        json!({"type": "user_changed", "user": user()}),
        json!({"type": "conversation_removed", "conversation_id": C}),
        json!({"type": "presence_changed", "user_id": B, "online": false, "last_seen": AT}),
        json!({"type": "presence_changed", "user_id": B, "online": true, "last_seen": null}),
        json!({"type": "read_cursor_moved", "conversation_id": C, "user_id": B, "seq": 3}),
        json!({"type": "read_cursor_moved", "conversation_id": C, "user_id": A, "seq": 3, "unread": 0}),
        json!({"type": "error", "error": refusal()}),
        json!({"type": "going_away", "reconnect_after_ms": 500}),
    ]
}

fn read<T: serde::de::DeserializeOwned>(json: &Value) -> T {
    serde_json::from_str(&json.to_string()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn heard(json: &Value) -> ServerEvent {
    ServerEvent::from_json(&json.to_string()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn said(event: &ServerEvent) -> Value {
    serde_json::from_str(&event.to_json().expect("a frame")).expect("JSON")
}

fn written(event: &impl serde::Serialize) -> Value {
    serde_json::to_value(event).expect("JSON")
}

/// The same with a field that nobody knows yet, first and last.
fn with_more(json: &Value) -> String {
    let text = json.to_string();
    format!(r#"{{"mood":{{"a":[1]}},{},"weather":null}}"#, &text[1..text.len() - 1])
}

#[test]
fn each_client_event_is_read_and_written_as_the_contract_has_it() {
    for json in client_events() {
        let event: ClientEvent = read(&json);
        assert_eq!(written(&event), json);
    }
}

#[test]
fn each_server_event_is_read_and_written_as_the_contract_has_it() {
    for json in server_events() {
        let event = heard(&json);
        assert_ne!(event, ServerEvent::Unknown, "{json}");
        assert_eq!(said(&event), json);
    }
}

#[test]
fn fields_that_nobody_knows_yet_are_ignored() {
    for json in client_events() {
        let event: ClientEvent = serde_json::from_str(&with_more(&json)).expect("an event");
        assert_eq!(event, read::<ClientEvent>(&json));
    }
    for json in server_events() {
        let event = ServerEvent::from_json(&with_more(&json)).expect("an event");
        assert_eq!(event, heard(&json));
    }
}

#[test]
fn the_page_passes_over_what_a_newer_server_says() {
    let event = heard(&json!({"type": "call_started", "call": {"id": A}, "ice": [1, 2]}));
    assert_eq!(event, ServerEvent::Unknown);
    let mut newer = message();
    newer["kind"] = json!("voice");
    let ServerEvent::NewMessage { message } = heard(&json!({"type": "new_message", "message": newer})) else {
        panic!("a message of a new kind is a message");
    };
    assert_eq!(message.content, Content::Unknown);
}

#[test]
fn every_content_travels_in_the_fields_that_clients_know() {
    let fields = ["kind", "subject", "body", "edited_at", "deleted_at"];
    for (content, flat) in [
        (Content::text("Hi"), json!(["text", null, "Hi", null, null])),
        (
            Content::Text { body: "Ho".into(), attachments: vec![], edited_at: Some(Timestamp(0)) },
            json!(["text", null, "Ho", "1970-01-01T00:00:00.000Z", null]),
        ),
        (Content::Deleted { at: Timestamp(0) }, json!(["text", null, "", null, "1970-01-01T00:00:00.000Z"])),
        (Content::System(System::Created), json!(["created", null, "", null, null])),
        (Content::System(System::Joined(UserId(Uuid::from_u128(11)))), json!(["joined", B, "", null, null])),
        (Content::System(System::Left(UserId(Uuid::from_u128(11)))), json!(["left", B, "", null, null])),
        (Content::System(System::Renamed("Ducks".into())), json!(["renamed", null, "Ducks", null, null])),
        (Content::Hidden, json!(["hidden", null, "", null, null])),
        (Content::Unknown, json!(["unknown", null, "", null, null])),
    ] {
        let id = MessageId(Uuid::from_u128(1));
        let sent = Message::new(id, ConversationId(id.0), 3, UserId(id.0), content, Timestamp(0));
        let json = serde_json::to_value(&sent).expect("JSON");
        assert_eq!(Value::from_iter(fields.map(|field| json[field].clone())), flat);
        let absent = |field: &&str| json.get(*field) == Some(&Value::Null);
        assert!(!fields.iter().any(absent), "what it does not have is left out: {json}");
        assert_eq!(serde_json::from_value::<Message>(json).expect("the message"), sent);
    }
}

#[test]
fn what_does_not_fit_together_is_no_reason_to_lose_a_message() {
    let mut joined = message();
    joined["kind"] = json!("joined");
    let ServerEvent::NewMessage { message } = heard(&json!({"type": "new_message", "message": joined}))
    else {
        panic!("a message")
    };
    assert_eq!(message.content, Content::Unknown, "nobody is said to have joined");
}

#[test]
fn a_code_that_the_page_does_not_know_is_still_an_error_with_a_sentence() {
    let json =
        json!({"type": "error", "error": {"code": "too_sleepy", "message": "Later.", "field": "mood"}});
    let ServerEvent::Error { error } = heard(&json) else { panic!("an error") };
    assert_eq!(
        (error.code, error.message.as_str(), error.field.as_deref()),
        (model::error::ErrorCode::Unknown, "Later.", Some("mood"))
    );
}

#[test]
fn the_server_refuses_what_it_does_not_know() {
    for json in [
        json!({"type": "start_call", "contact_id": B}),
        json!({"cursors": {}}),
        json!({"type": "resume"}),
        json!({"type": "resume", "cursors": {"c": 1}}),
        json!({"type": "resume", "cursors": {C: -1}}),
        json!({"type": "send_private_message", "id": A, "body": "to nobody"}),
        json!({"type": "send_private_message", "id": A, "contact_id": B}),
        json!({"type": "load_conversation", "conversation_id": "../etc"}),
        json!({"type": "load_conversation", "conversation_id": C, "limit": "many"}),
        json!({"type": "mark_read", "conversation_id": C, "seq": 1.5}),
        json!([]),
        json!("resume"),
    ] {
        assert!(serde_json::from_value::<ClientEvent>(json.clone()).is_err(), "{json}");
    }
}

#[test]
fn a_target_is_a_contact_or_a_conversation() {
    let target = |json: Value| match read(&json) {
        ClientEvent::LoadConversation { target, .. } => target,
        event => panic!("{event:?}"),
    };
    let (contact, conversation) = (B.parse().expect("an id"), C.parse().expect("an id"));
    assert_eq!(target(json!({"type": "load_conversation", "contact_id": B})), Target::Contact(contact));
    let json = json!({"type": "load_conversation", "limit": 5, "conversation_id": C});
    assert_eq!(target(json), Target::Conversation(conversation));
}
