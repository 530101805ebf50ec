//! Files that come with the form of a page without scripting. They are taken out of it and received as uploads are;
//! the rest goes on as the form that it would be without them, and its handler finds them as [`Enclosed`]. So what a
//! feature does with a form is the same with files and without.

use super::{holds::Holds, multipart::Fields, receive::receive_all, uploads::begin_unmeasured};
use crate::{
    files::words,
    kit::{
        AppState, AuthSession, Login, codec,
        error::Refused,
        forms::{Enclosed, Posts},
        internal, note_erased,
        route::MAX_BODY,
    },
};
use axum::{
    Extension,
    body::{Body, HttpBody, to_bytes},
    extract::{MatchedPath, Request, State},
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures::{StreamExt, TryStreamExt};
use model::{
    error::AppError,
    file::{MAX_ATTACHMENTS, too_many_attachments},
    id::{FileId, UserId},
};
use multer::Field;
use std::sync::Arc;
use store::FileState;
use tokio::time::timeout;
use tracing::Instrument;

/// The field that files are in.
const FILES: &str = "files";

/// Takes the files out of a form whose handler takes some, and lets go of those that are in no message afterwards: it
/// was refused, or it is one that was sent before.
pub async fn take_files(
    State((app, posts)): State<(AppState, Arc<Posts>)>,
    Extension(session): Extension<AuthSession>,
    matched: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let takes = matched.and_then(|path| posts.get(path.as_str()).copied());
    let takes_files = *request.method() == Method::POST && takes.is_some_and(|takes| takes.files);
    let boundary = boundary(request.headers()).filter(|_| takes_files);
    let Some(boundary) = boundary else { return next.run(request).await };
    let (mut parts, body) = request.into_parts();
    let answering = async move {
        let mut form = Form::default();
        let Some(Login(account)) = session.user else {
            // Nothing of theirs is kept, and the handler refuses them.
            let _ = timeout(app.config.timeouts.body, to_bytes(body, MAX_BODY)).await;
            return next.run(form.without_files(parts)).await;
        };
        let owner = account.user.id;
        let received = form.receive(&app, owner, body, boundary).await;
        parts.extensions.insert(Enclosed(received.map(|()| form.files.clone())));
        let response = next.run(form.without_files(parts)).await;
        let _ = form.let_go(&app, owner).await.inspect_err(|error| {
            tracing::warn!(%error, "files that were not sent are kept for a day");
        });
        response
    };
    // A task of its own: when the line breaks nobody waits for the answer, and what came is not to stay.
    tokio::spawn(answering.in_current_span())
        .await
        .unwrap_or_else(|error| Refused(internal(error)).into_response())
}

/// What stands between the fields of a form with files; `None`: it is none.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(content_type).ok()
}

/// What came with a form.
#[derive(Default)]
struct Form {
    /// Names and values, but for files.
    fields: Vec<(String, String)>,
    /// The files, also of which not all came.
    files: Vec<FileId>,
}

impl Form {
    /// Reads it and receives its files. After a refusal no more of them are received, but read. Errors: those of an
    /// upload; `invalid_message`, they are too many.
    async fn receive(
        &mut self,
        app: &AppState,
        owner: UserId,
        body: Body,
        boundary: String,
    ) -> Result<(), AppError> {
        let files = app.config.files.size.saturating_mul(MAX_ATTACHMENTS as u64);
        // With what they say of themselves, and the words beside them.
        let most = files.saturating_add(2 * MAX_BODY as u64);
        let length = body.size_hint().exact();
        // Reading all of it would be in vain.
        let is_too_much = length.is_some_and(|length| length > most);
        let mut refusal = is_too_much.then(|| words::too_much(files));
        let mut left = length.unwrap_or(most);
        let mut fields = Fields::new(body, boundary, most, app.config.timeouts.body);
        while let Some(mut field) = fields.next().await? {
            match (field.name(), field.file_name()) {
                (Some(name), None) => {
                    let name = name.to_owned();
                    self.fields.push((name, fields.text(field).await?));
                }
                // A browser sends one without a name where none was chosen.
                (Some(FILES), Some(name)) if !name.is_empty() => {
                    let name = name.to_owned();
                    if refusal.is_none() {
                        let received = self.receive_one(app, owner, &name, &mut field, left).await;
                        left = left.saturating_sub(*received.as_ref().unwrap_or(&0));
                        refusal = received.err();
                    }
                    if is_too_much {
                        break;
                    }
                    fields.skip(field).await?;
                }
                _ => fields.skip(field).await?,
            }
        }
        refusal.map_or(Ok(()), Err)
    }

    /// Receives a file of fewer than `most` bytes. Returns how many are kept.
    async fn receive_one(
        &mut self,
        app: &AppState,
        owner: UserId,
        name: &str,
        field: &mut Field<'static>,
        most: u64,
    ) -> Result<u64, AppError> {
        if self.files.len() == MAX_ATTACHMENTS {
            return Err(too_many_attachments());
        }
        let file = begin_unmeasured(app, owner, name, most).await?;
        self.files.push(file.id);
        let hold = app.part::<Holds>().take(file.id).await.ok_or_else(AppError::not_found)?;
        Ok(receive_all(app, file, field.map_err(Into::into).boxed(), &hold).await?.size)
    }

    /// The form as it would be without files.
    fn without_files(&self, mut parts: Parts) -> Request {
        let fields = serde_urlencoded::to_string(&self.fields).unwrap_or_default();
        parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(codec::FORM));
        parts.headers.remove(header::TRANSFER_ENCODING);
        parts.headers.insert(header::CONTENT_LENGTH, fields.len().into());
        Request::from_parts(parts, Body::from(fields))
    }

    /// Erases those that are in no message.
    async fn let_go(&self, app: &AppState, owner: UserId) -> Result<(), AppError> {
        if self.files.is_empty() {
            return Ok(());
        }
        let files = app.store.files(&self.files).await?;
        for file in files.iter().filter(|file| !matches!(file.state, FileState::Sent { .. })) {
            if app.store.discard_file(file.id, owner).await? {
                note_erased(app);
            }
        }
        Ok(())
    }
}
