//! Everything that is kept about somebody, as one JSON file. It is written piece by piece while it
//! is read, so that a long history costs no more memory than a short one. Of files it has what is known of them and
//! their addresses, under which their bytes are had one by one, and go on where a line broke.

use crate::{
    kit::{AppState, SignedIn},
    live::roster::{blocked_users, contacts_of, pending_of},
    settings::server::{Rates, devices::devices, invitations},
};
use axum::{
    body::{Body, Bytes},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use futures::stream;
use model::{
    error::AppError,
    friendship::Contact,
    id::ConversationId,
    message::{Conversation, ConversationKind, MAX_PAGE, Message, PageRequest},
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::now;
use tokio::sync::mpsc;

/// How many pieces may wait for a reader who is slow.
const WAITING: usize = 4;

/// The file, as a download. Errors: `too_many`, `unavailable`; whatever fails later cuts it short.
pub async fn export(app: AppState, owner: SignedIn) -> Result<Response, AppError> {
    app.part::<Rates>().exports.take(&owner.account.user.id)?;
    let file = format!("attachment; filename=\"sotto-{}.json\"", owner.account.user.username);
    let contacts = contacts_of(&app.live, owner.account.user.id).await?;
    let head = head(&app, &owner, &contacts).await?;
    let (pieces, mut written) = mpsc::channel(WAITING);
    tokio::spawn(async move {
        let mut file = File { pieces, app };
        // A reader who is gone wants no more of it.
        if let Err(Cut::By(error)) = file.write(&owner, head, contacts).await {
            tracing::warn!(%error, "an export was cut short");
            let _ = file.pieces.send(Err(error)).await;
        }
    });
    let body = Body::from_stream(stream::poll_fn(move |context| written.poll_recv(context)));
    Ok(([(CONTENT_TYPE, "application/json".to_owned()), (CONTENT_DISPOSITION, file)], body).into_response())
}

/// The small things.
async fn head(
    app: &AppState,
    owner: &SignedIn,
    contacts: &[Contact],
) -> Result<serde_json::Map<String, Value>, AppError> {
    let account = &owner.account;
    let head = json!({
        "exported_at": now(),
        "account": {
            "id": account.user.id,
            "username": account.user.username,
            "display_name": account.user.display_name,
            "created_at": account.created_at,
            "last_seen": account.last_seen,
        },
        "devices": devices(app, owner).await?,
        "contacts": contacts,
        "friend_requests": pending_of(&app.live, account.user.id).await?,
        "invitations": invitations::made(app, account.user.id).await?,
        "blocked": blocked_users(&app.live, account.user.id).await?,
    });
    match head {
        Value::Object(head) => Ok(head),
        _ => Err(crate::kit::internal("an export begins with no object")),
    }
}

/// Why writing ends early.
enum Cut {
    Gone,
    By(AppError),
}

impl<E: Into<AppError>> From<E> for Cut {
    fn from(error: E) -> Self {
        Self::By(error.into())
    }
}

struct File {
    pieces: mpsc::Sender<Result<Bytes, AppError>>,
    app: AppState,
}

impl File {
    async fn write(
        &mut self,
        owner: &SignedIn,
        head: serde_json::Map<String, Value>,
        contacts: Vec<Contact>,
    ) -> Result<(), Cut> {
        let head = Value::Object(head).to_string();
        let open = head.strip_suffix('}').unwrap_or(&head);
        self.say(format!("{open},\"conversations\":[")).await?;
        let summaries = self.app.store.summaries(owner.account.user.id).await?;
        let kept: BTreeMap<_, _> = summaries
            .iter()
            .filter(|summary| !summary.prefs.is_empty())
            .map(|summary| (summary.conversation.id, json!(summary.prefs)))
            .collect();
        let of_contacts = contacts.into_iter().map(|contact| {
            (contact.conversation_id, json!({ "id": contact.conversation_id, "with": contact.username }))
        });
        let groups = summaries.into_iter().map(|summary| summary.conversation);
        let groups = groups.filter(|conversation| conversation.kind == ConversationKind::Group);
        let of_groups = groups.map(|Conversation { id, name, members, .. }| {
            (id, json!({ "id": id, "group": name, "members": members }))
        });
        let conversations: Vec<_> = of_contacts.chain(of_groups).collect();
        for (n, (id, mut head)) in conversations.into_iter().enumerate() {
            if let Some(prefs) = kept.get(&id) {
                head["prefs"] = prefs.clone();
            }
            let comma = if n == 0 { "" } else { "," };
            let head = head.to_string();
            let open = head.strip_suffix('}').unwrap_or(&head);
            self.say(format!("{comma}\n{open},\"own_messages\":[")).await?;
            self.messages(owner, id).await?;
            self.say("]}".into()).await?;
        }
        self.say("],\"unsent_files\":[".into()).await?;
        self.unsent_files(owner).await?;
        self.say("]}\n".into()).await
    }

    /// What the owner has uploaded and not sent yet, page by page.
    async fn unsent_files(&mut self, owner: &SignedIn) -> Result<(), Cut> {
        let (mut after, mut comma) = (None, "");
        loop {
            let page = self.app.store.unsent_files(owner.account.user.id, after, MAX_PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = Some(last.id);
            let mut piece = String::new();
            for file in &page {
                let mut said = json!(file.attachment(None));
                said["received"] = file.received.into();
                said["address"] = self.address(&said["file"]);
                piece.push_str(&format!("{comma}\n{said}"));
                comma = ",";
            }
            self.say(piece).await?;
        }
    }

    /// Where the bytes of a file are had, by its owner and who else may.
    fn address(&self, file: &Value) -> Value {
        let file = file.as_str().unwrap_or_default();
        format!("{}/api/files/{file}", self.app.config.url()).into()
    }

    /// A message, with the addresses of its files.
    fn said(&self, message: &Message) -> Result<Value, AppError> {
        let mut said = serde_json::to_value(message).map_err(crate::kit::internal)?;
        let files = said.get_mut("attachments").and_then(Value::as_array_mut);
        for file in files.into_iter().flatten() {
            file["address"] = self.address(&file["file"]);
        }
        Ok(said)
    }

    /// What the owner wrote in a conversation, page by page.
    async fn messages(&mut self, owner: &SignedIn, conversation: ConversationId) -> Result<(), Cut> {
        let me = owner.account.user.id;
        let (mut after, mut comma) = (0, "");
        loop {
            let request = PageRequest { after: Some(after), limit: Some(MAX_PAGE), ..PageRequest::default() };
            let page = self.app.store.page(conversation, request).await?;
            let Some(last) = page.messages.last() else { return Ok(()) };
            after = last.seq;
            let mut piece = String::new();
            let own = page.messages.iter().filter(|message| message.sender == me);
            for message in own {
                piece.push_str(comma);
                piece.push('\n');
                piece.push_str(&self.said(message)?.to_string());
                comma = ",";
            }
            self.say(piece).await?;
            if !page.has_more {
                return Ok(());
            }
        }
    }

    async fn say(&mut self, piece: String) -> Result<(), Cut> {
        self.pieces.send(Ok(piece.into())).await.map_err(|_| Cut::Gone)
    }
}
