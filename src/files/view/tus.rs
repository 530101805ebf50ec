//! The way of a file to the server: tus 1.0.0, from this side (`files::server::tus` is the other).

use super::chosen::{self, File};
use crate::browser::{
    files::{Answer, Bytes, ask, base64, show_progress},
    page,
};
use model::{
    error::{AppError, ErrorBody},
    id::FileId,
};
use std::{cell::RefCell, collections::HashSet};

/// So often the server is asked to end an upload that it is busy with, and how long is waited in between. What is not
/// ended expires.
const MOST_ENDS: u32 = 5;
const BETWEEN_ENDS_MS: u32 = 5000;

/// What came of a try.
pub enum Outcome {
    /// All of it is at the server, which calls it so.
    There(FileId),
    /// The server does not want it.
    Refused(AppError),
    /// To be tried again, and why, where the server has said it.
    Later(Option<String>),
    /// Nobody wants it sent any more.
    Gone,
}

/// Statuses of refusals that pass: another log-in, a slow line, somebody else writes, it is further than was thought,
/// the bytes were changed on their way, too many at once.
const PASSING: [u16; 6] = [401, 408, 409, 423, 429, 460];

/// Sends what the server has not of a file.
pub async fn send(file: File) -> Outcome {
    let (id, size) = (file.id(), file.about.attachment.size);
    let Some(bytes) = chosen::bytes(id) else { return Outcome::Gone };
    let (stored, at) = match reached(&file).await {
        Ok(reached) => reached,
        Err(outcome) => return outcome,
    };
    if chosen::find(id).is_none() {
        end(stored).await;
        return Outcome::Gone;
    }
    chosen::change(id, |file| file.about.stored = Some(stored));
    chosen::keep(id).await;
    if at < size {
        match append(id, stored, &bytes, at, size).await {
            Ok(reached) if reached == size => {}
            Ok(_) => return Outcome::Later(None),
            Err(outcome) => return outcome,
        }
    }
    Outcome::There(stored)
}

/// What the server calls it, and how many bytes of it are there.
async fn reached(file: &File) -> Result<(FileId, u64), Outcome> {
    if let Some(stored) = file.about.stored {
        let answer = asked("HEAD", &address(stored), &[], None, Box::new(|_| true)).await?;
        match answer.status {
            200 => return Ok((stored, number(&answer)?)),
            // Nothing came of it for so long that the server has forgotten it.
            404 | 410 => {}
            _ => return Err(refused(&answer)),
        }
    }
    let attachment = &file.about.attachment;
    let [name, kind] = [attachment.name.as_str(), attachment.kind.as_str()].map(base64);
    let headers = [
        ("Upload-Length", attachment.size.to_string()),
        ("Upload-Metadata", format!("filename {name},filetype {kind}")),
    ];
    let answer = asked("POST", "/api/files", &headers, None, Box::new(|_| true)).await?;
    if answer.status != 201 {
        return Err(refused(&answer));
    }
    let location = answer.header("Location").unwrap_or_default();
    let stored = location.rsplit('/').next().and_then(|id| id.parse().ok());
    stored.map(|stored| (stored, 0)).ok_or(Outcome::Later(None))
}

/// Sends the bytes from one of them on. How many are there then.
async fn append(id: FileId, stored: FileId, bytes: &Bytes, at: u64, size: u64) -> Result<u64, Outcome> {
    let headers =
        [("Upload-Offset", at.to_string()), ("Content-Type", "application/offset+octet-stream".to_owned())];
    let shown = id.to_string();
    let goes_on = move |gone: u64| {
        let percent = 100.0 * (at + gone) as f64 / size as f64;
        show_progress(&shown, percent);
        chosen::find(id).is_some()
    };
    let answer = asked("PATCH", &address(stored), &headers, Some((bytes, at)), Box::new(goes_on)).await;
    if chosen::find(id).is_none() {
        end(stored).await;
        return Err(Outcome::Gone);
    }
    let answer = answer?;
    if answer.status == 204 { number(&answer) } else { Err(refused(&answer)) }
}

thread_local! {
    static ENDED: RefCell<HashSet<FileId>> = RefCell::default();
}

/// Has the server forget an upload, once: who takes a file out and who was sending it both see its end. Where the server
/// does not hear of it, it forgets it by itself.
pub async fn end(stored: FileId) {
    if !ENDED.with_borrow_mut(|ended| ended.insert(stored)) {
        return;
    }
    for _ in 0..MOST_ENDS {
        match asked("DELETE", &address(stored), &[], None, Box::new(|_| true)).await {
            // The server is still looking at what came of it.
            Ok(Answer { status: 423, .. }) => page::sleep(BETWEEN_ENDS_MS).await,
            _ => break,
        }
    }
}

fn address(stored: FileId) -> String {
    format!("/api/files/{stored}")
}

async fn asked(
    method: &str,
    address: &str,
    headers: &[(&str, String)],
    body: Option<(&Bytes, u64)>,
    goes_on: Box<dyn Fn(u64) -> bool>,
) -> Result<Answer, Outcome> {
    let mut all = vec![("Tus-Resumable", "1.0.0".to_owned())];
    all.extend_from_slice(headers);
    ask(method, address, &all, body, goes_on).await.ok_or(Outcome::Later(None))
}

fn number(answer: &Answer) -> Result<u64, Outcome> {
    let offset = answer.header("Upload-Offset").and_then(|offset| offset.parse().ok());
    offset.ok_or(Outcome::Later(None))
}

fn refused(answer: &Answer) -> Outcome {
    let error = model::json::from_str(&answer.body).ok().map(|ErrorBody { error }| error);
    match (answer.status, error) {
        (400..500, Some(error)) if !PASSING.contains(&answer.status) => Outcome::Refused(error),
        (_, error) => Outcome::Later(error.map(|error| error.message)),
    }
}
