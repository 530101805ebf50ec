//! Somebody with an account.

use super::{Answer, Socket, Visitor, client::Call, message_id};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use std::ops::Deref;

/// Everyone's password, unless a test says another.
pub const PASSWORD: &str = "two ducks on one pond";

/// A visitor who is signed in.
pub struct Person {
    visitor: Visitor,
    pub id: String,
    pub name: String,
}

impl Deref for Person {
    type Target = Visitor;

    fn deref(&self) -> &Visitor {
        &self.visitor
    }
}

impl Person {
    pub async fn sign_up(visitor: Visitor, name: &str) -> Self {
        let user = visitor.sign_up(name, PASSWORD).await.ok();
        Self { visitor, id: text(&user["id"]), name: name.to_owned() }
    }

    /// Somebody who has an account, as a visitor that has logged in or is about to.
    pub fn signed_in(visitor: Visitor, person: &Self) -> Self {
        Self { visitor, id: person.id.clone(), name: person.name.clone() }
    }

    /// The same person on another device, with a session of its own.
    pub async fn on_another_device(&self) -> Self {
        let visitor = Visitor::new(self.addr, &self.origin);
        visitor.log_in(&self.name, PASSWORD).await.ok();
        Self::signed_in(visitor, self)
    }

    /// Sends a request; returns its id.
    pub async fn ask(&self, other: &Self) -> String {
        let outcome = self.try_ask(&other.name).await.ok();
        text(&outcome["request"]["id"])
    }

    pub async fn try_ask(&self, name: &str) -> Answer {
        self.post("/api/friend-requests/send", json!({ "username": name })).await
    }

    /// Accepts, rejects or cancels.
    pub async fn answer(&self, action: &str, request: &str) -> Answer {
        self.post(&format!("/api/friend-requests/{action}"), json!({ "request_id": request })).await
    }

    /// Asks, and has the other accept; returns their conversation.
    pub async fn befriend(&self, other: &Self) -> String {
        let request = self.ask(other).await;
        let outcome = other.answer("accept", &request).await.ok();
        text(&outcome["contact"]["conversation_id"])
    }

    pub async fn write(&self, conversation: &str, body: &str) -> Value {
        self.try_write(conversation, &message_id(), body).await.ok()
    }

    pub async fn try_write(&self, conversation: &str, id: &str, body: &str) -> Answer {
        let path = format!("/api/conversations/{conversation}/messages");
        self.post(&path, json!({ "id": id, "body": body })).await
    }

    /// Makes a group with these contacts; returns its id.
    /// Announces a file of so many bytes; its address.
    pub async fn begin_upload(&self, name: &str, size: usize) -> String {
        let begun = self.try_upload(name, size).await;
        assert_eq!(begun.status, 201, "{}", begun.text);
        begun.header("location").expect("an address").to_owned()
    }

    pub async fn try_upload(&self, name: &str, size: usize) -> Answer {
        let metadata = format!("filename {}", BASE64_STANDARD.encode(name));
        let begin = self.tus(Method::POST, "/api/files").header("upload-length", &size.to_string());
        begin.header("upload-metadata", &metadata).send().await
    }

    /// A request in tus.
    pub fn tus(&self, method: Method, path: &str) -> Call {
        self.call(method, path).header("tus-resumable", "1.0.0")
    }

    /// Sends bytes of an upload, from there on.
    pub async fn send_bytes(&self, address: &str, at: usize, bytes: &[u8]) -> Answer {
        let patch = self.tus(Method::PATCH, address).header("upload-offset", &at.to_string());
        patch.body("application/offset+octet-stream", bytes).send().await
    }

    /// A whole file, in no message yet; its id.
    pub async fn upload(&self, name: &str, bytes: &[u8]) -> String {
        let address = self.begin_upload(name, bytes.len()).await;
        let sent = self.send_bytes(&address, 0, bytes).await;
        assert_eq!(
            (sent.status, sent.header("upload-offset")),
            (204, Some(&*bytes.len().to_string())),
            "{}",
            sent.text
        );
        address.rsplit('/').next().expect("an id").to_owned()
    }

    /// Sends a message with files.
    pub async fn attach(&self, conversation: &str, body: &str, files: &[&str]) -> Answer {
        let files: Vec<_> = files.iter().map(|file| json!({ "file": file })).collect();
        let message = json!({ "id": message_id(), "body": body, "attachments": files });
        self.post(&format!("/api/conversations/{conversation}/messages"), message).await
    }

    pub async fn make_group(&self, name: &str, others: &[&Self]) -> String {
        let members: Vec<_> = others.iter().map(|other| &other.id).collect();
        text(&self.post("/api/groups", json!({ "name": name, "members": members })).await.ok()["id"])
    }

    /// Does something in a group: `what` is the end of the address.
    pub async fn in_group(&self, group: &str, what: &str, body: Value) -> Answer {
        self.post(&format!("/api/groups/{group}/{what}"), body).await
    }

    /// Lets somebody into a group.
    pub async fn add(&self, group: &str, who: &Self) -> Answer {
        self.in_group(group, "add", json!({ "members": [who.id] })).await
    }

    /// A part of a history, `query` as in the address.
    pub async fn history(&self, conversation: &str, query: &str) -> Answer {
        self.get(&format!("/api/conversations/{conversation}/messages?{query}")).await
    }

    /// A socket whose first frame has been answered.
    pub async fn socket(&self) -> Socket {
        self.resume(json!({})).await
    }

    /// A socket that has caught up from these cursors.
    pub async fn resume(&self, cursors: Value) -> Socket {
        let mut socket = self.connect().await.expect("an open socket");
        socket.resume(cursors).await;
        socket
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("a text instead of {value}")).to_owned()
}
