//! Taking text along.

use crate::{browser::page, chat::words, ui::toast::Toasts};
use leptos::task::spawn_local;
use model::error::{AppError, ErrorCode};

/// Puts a text into the clipboard, and says so in these words; or that it is not there.
pub fn copy(toasts: Toasts, text: String, done: &'static str) {
    spawn_local(async move {
        match page::copy(&text).await {
            true => toasts.done(done),
            false => toasts.failed(&AppError::new(ErrorCode::Unknown, words::NOT_COPIED)),
        }
    });
}
