//! Sees to it that the files that somebody has chosen reach the server, and that messages go with them.

use super::{
    chosen::{self, File, State},
    tus::{self, Outcome},
    words,
};
use crate::{
    browser::{page, tabs},
    device::Device,
};
use leptos::{ev, prelude::*, task::spawn_local};
use model::{
    error::AppError,
    id::{ConversationId, FileId, MessageId, UserId},
    state::ChatState,
};
use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

/// The longest wait between two tries, in seconds.
const MOST_WAIT: u32 = 30;
/// After so long in milliseconds the outbox is known to be read: a file of a message that is not in it is not wanted.
const SETTLED_MS: u32 = 60_000;

thread_local! {
    /// What is being sent from this page.
    static GOING: RefCell<HashSet<FileId>> = RefCell::default();
}

/// Sends a file until it is there, or not wanted here or there. One that is being made is sent once it is: its bytes
/// would be others in the middle.
pub async fn send(device: Device, id: FileId) {
    let is_made = chosen::find(id).is_some_and(|file| file.state != State::Making);
    if !is_made || !GOING.with_borrow_mut(|going| going.insert(id)) {
        return;
    }
    chosen::change(id, |file| file.state = State::Going);
    let mut wait = 1;
    loop {
        let outcome = {
            let _hold = tabs::hold(&format!("file:{id}")).await;
            // Another tab may have begun its upload, or ended it.
            let mine = device.state.try_with_untracked(|state| state.me.id);
            let Some(me) = mine else { break };
            chosen::restore(me).await;
            let Some(file) = chosen::find(id) else { break };
            tus::send(file).await
        };
        match outcome {
            Outcome::There(stored) => {
                chosen::change(id, |file| file.state = State::There);
                device.file_came(id, stored);
                break;
            }
            Outcome::Refused(error) => {
                chosen::change(id, |file| file.state = State::Refused(error.message.clone()));
                refuse(device, id, error);
                break;
            }
            Outcome::Gone => break,
            Outcome::Later(why) => chosen::change(id, |file| file.state = State::Waiting(why)),
        }
        page::sleep(wait * 1000).await;
        wait = (wait * 2).min(MOST_WAIT);
    }
    GOING.with_borrow_mut(|going| going.remove(&id));
}

/// Sends one again that was refused.
pub fn again(device: Device, id: FileId) {
    spawn_local(send(device, id));
}

/// Says of the message that waits for a file why it cannot go.
fn refuse(device: Device, file: FileId, error: AppError) {
    let waiting = device.state.with_untracked(|state| {
        let waiting = state.outgoing().find(|(_, message)| message.awaited().contains(&file));
        waiting.map(|(_, message)| message.id)
    });
    if let Some(message) = waiting {
        device.refuse(message, error);
    }
}

/// Writes a message with what is chosen in a conversation, and the text.
/// Errors: `invalid_message`, or why one of the files cannot be sent.
pub fn compose(
    device: Device,
    conversation: ConversationId,
    text: &str,
    reply_to: Option<MessageId>,
) -> Result<(), AppError> {
    let files = chosen::of(conversation, &chosen::all().read_untracked());
    for file in &files {
        if let State::Refused(why) = &file.state {
            return Err(words::refused(file.about.attachment.name.as_str(), why));
        }
    }
    let attachments = files.iter().map(|file| file.about.attachment.clone()).collect();
    device.compose(conversation, text, reply_to, attachments)?;
    for file in files {
        let id = file.id();
        // After the message: what is in none would else be taken for what is not wanted.
        take(id);
        if let (State::There, Some(stored)) = (file.state, file.about.stored) {
            device.file_came(id, stored);
        }
    }
    Ok(())
}

/// Sends what an earlier page has left and what is to be tried once more, and lets go of what is stored or given up.
#[component]
pub fn SeeTo(device: Device) -> impl IntoView {
    let is_read = RwSignal::new(false);
    let me = device.state.with_untracked(|state| state.me.id);
    // Another tab may have gone on with what is shown here.
    let focus = window_event_listener(ev::focus, move |_| spawn_local(take_over(device, me)));
    on_cleanup(move || focus.remove());
    spawn_local(async move {
        take_over(device, me).await;
        is_read.try_set(true);
        page::sleep(SETTLED_MS).await;
        let wanted = in_messages(device);
        for file in chosen::all().get_untracked() {
            if file.about.taken && waits_in(&wanted, &file).is_none() {
                chosen::forget(file.id());
            }
        }
    });
    // In which message which waits a file was seen.
    let seen = StoredValue::new(HashMap::new());
    Effect::new(move || {
        let awaited = device.state.with(|state| {
            let waiting = state.outgoing().filter(|(_, message)| message.failed.is_none());
            waiting.map(|(_, message)| (message.id, message.awaited().to_vec())).collect::<Vec<_>>()
        });
        if !is_read.get() {
            return;
        }
        for (message, files) in awaited {
            for id in files {
                match chosen::find(id) {
                    Some(file) if file.state == State::There => {
                        if let Some(stored) = file.about.stored {
                            device.file_came(id, stored);
                        }
                    }
                    Some(_) => spawn_local(send(device, id)),
                    None => spawn_local(look(device, message, id)),
                }
            }
        }
        let wanted = in_messages(device);
        for file in chosen::all().get_untracked() {
            let (id, upload) = (file.id(), file.about.stored);
            if let Some(message) = waits_in(&wanted, &file) {
                seen.update_value(|seen| {
                    seen.insert(id, message);
                });
                if !file.about.taken {
                    // An earlier page ended between the two.
                    take(id);
                }
            } else if let Some(message) = seen.try_update_value(|seen| seen.remove(&id)).flatten() {
                let is_stored = device.state.with_untracked(|state| {
                    let thread = state.threads.get(&file.about.conversation);
                    thread.is_none_or(|thread| thread.message(message).is_some())
                });
                chosen::forget(id);
                if let Some(upload) = upload.filter(|_| !is_stored) {
                    spawn_local(tus::end(upload));
                }
            }
        }
    });
}

/// Sends what was kept by an earlier page, or in another tab.
async fn take_over(device: Device, me: UserId) {
    for id in chosen::restore(me).await {
        spawn_local(send(device, id));
    }
}

/// Notes that a file is in a message that was written.
fn take(id: FileId) {
    chosen::change(id, |file| file.about.taken = true);
    spawn_local(chosen::keep(id));
}

/// Looks for a file that another tab has, once that tab has kept it, or sent it, or is gone.
async fn look(device: Device, message: MessageId, id: FileId) {
    if !GOING.with_borrow_mut(|going| going.insert(id)) {
        return;
    }
    let _hold = tabs::hold(&chosen::lock_of(id)).await;
    if let Some(me) = device.state.try_with_untracked(|state| state.me.id) {
        chosen::restore(me).await;
    }
    GOING.with_borrow_mut(|going| going.remove(&id));
    let awaits = |state: &ChatState| {
        state.outgoing().any(|(_, waiting)| waiting.id == message && waiting.awaited().contains(&id))
    };
    if chosen::find(id).is_some() {
        send(device, id).await;
    } else if device.state.try_with_untracked(awaits) == Some(true) {
        device.refuse(message, words::lost());
    }
}

/// The message that a file waits in, among those that [`in_messages`] has found.
fn waits_in(wanted: &HashMap<FileId, MessageId>, file: &File) -> Option<MessageId> {
    wanted.get(&file.id()).or_else(|| wanted.get(&file.about.stored?)).copied()
}

/// The files of all messages that wait, by the names that they have there, and in which.
fn in_messages(device: Device) -> HashMap<FileId, MessageId> {
    device.state.with_untracked(|state| {
        let files = state.outgoing().flat_map(|(_, message)| {
            message.attachments().iter().map(|attachment| (attachment.file, message.id))
        });
        files.collect()
    })
}
