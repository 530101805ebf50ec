//! Requests about groups, which go beside the socket: one at a time, and never twice.

use super::orders::Orders;
use crate::judge::Deed;
use model::{
    group::Role,
    id::{ConversationId, MessageId, UserId},
};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::sync::mpsc;

/// How long an answer may take. What comes of the request later is not known here.
const PATIENCE: Duration = Duration::from_secs(3);

/// What became of a request.
pub struct Errand {
    pub conversation: ConversationId,
    pub id: MessageId,
    pub said: Said,
}

pub enum Said {
    /// It is done; the group's counter then, unless one has left it.
    Done(Option<u64>),
    /// It never will be.
    Declined(String),
    /// Nobody knows.
    Nothing,
}

pub struct Errands {
    http: reqwest::Client,
    url: String,
    origin: String,
    cookies: String,
    answers: mpsc::Sender<Errand>,
    answered: mpsc::Receiver<Errand>,
    /// Whether one is on its way.
    pub is_out: bool,
}

impl Errands {
    pub fn new(orders: &Orders) -> Self {
        let (answers, answered) = mpsc::channel(1);
        let http = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).timeout(PATIENCE).build();
        Self {
            http: http.expect("a client"),
            url: format!("http://{}/api/groups", orders.addr),
            origin: orders.origin.clone(),
            cookies: orders.cookies.clone(),
            answers,
            answered,
            is_out: false,
        }
    }

    /// Sends a request; `me` is who asks.
    pub fn run(&mut self, conversation: ConversationId, id: MessageId, deed: &Deed, me: UserId) {
        self.is_out = true;
        let (what, body) = posted(deed, me);
        let request = self.http.post(format!("{}/{conversation}/{what}", self.url)).json(&body);
        // The line knows one request on each connection.
        let request = request.header("connection", "close").header("accept", "application/json");
        let request = request.header("origin", &self.origin).header("cookie", &self.cookies);
        let answers = self.answers.clone();
        tokio::spawn(async move {
            let said = said(request).await;
            // It ends with the device.
            let _ = answers.send(Errand { conversation, id, said }).await;
        });
    }

    /// The next answer; never, if nothing was asked.
    pub async fn next(&mut self) -> Errand {
        match self.answered.recv().await {
            Some(errand) => {
                self.is_out = false;
                errand
            }
            None => std::future::pending().await,
        }
    }
}

async fn said(request: reqwest::RequestBuilder) -> Said {
    let Ok(answer) = request.send().await else { return Said::Nothing };
    let status = answer.status();
    let Ok(text) = answer.text().await else { return Said::Nothing };
    let json: Value = serde_json::from_str(&text).unwrap_or_default();
    match status {
        status if status.is_success() => Said::Done(json["head"].as_u64()),
        status if status.is_client_error() => {
            Said::Declined(json["error"]["code"].as_str().unwrap_or_default().to_owned())
        }
        _ => Said::Nothing,
    }
}

/// The end of the address, and what is posted there.
fn posted(deed: &Deed, me: UserId) -> (&'static str, Value) {
    match deed {
        Deed::Rename(name) => ("rename", json!({ "name": name })),
        Deed::Add(who) => ("add", json!({ "members": [who] })),
        Deed::Remove(who) if *who == me => ("leave", json!({})),
        Deed::Remove(who) => ("remove", json!({ "member": who })),
        Deed::Role(who, Role::Owner) => ("owner", json!({ "member": who })),
        Deed::Role(who, role) => ("role", json!({ "member": who, "role": role.word() })),
        Deed::Set(name, word) => ("settings", json!({ name: word })),
    }
}
