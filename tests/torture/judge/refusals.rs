//! Nobody is refused anything, or told anything else of that kind, without a reason.

use super::{
    Deed, Entry, Fault, How, Kept, Promise, What,
    asked::{changes, owners, requests},
};
use model::{
    error::ErrorCode,
    group::{ADMINS, Setting},
    id::{ConversationId, UserId},
};
use std::collections::HashMap;

pub fn have_a_reason(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let owners = owners(history);
    let (changes, requests) = (changes(history), requests(history));
    let stored = kept.messages();
    let sent: HashMap<_, _> = history
        .iter()
        .filter_map(|Entry { what, .. }| match what {
            What::Begun { conversation, id, file, .. } => Some((*id, (*conversation, *file))),
            _ => None,
        })
        .collect();
    // Until this line.
    let was_taken_out = |user: UserId, from: Option<ConversationId>, until: usize| {
        requests.iter().take_while(|request| request.asked < until).any(|request| {
            *request.deed == Deed::Remove(user) && from.is_none_or(|from| request.conversation == from)
        })
    };
    let was_restricted = |conversation: ConversationId, setting: Setting, until: usize| {
        requests.iter().take_while(|request| request.asked < until).any(|request| {
            request.conversation == conversation
                && matches!(request.deed, Deed::Set(name, word) if name == setting.word() && word == ADMINS)
        })
    };
    let mut faults = Vec::new();
    for (line, Entry { device, what }) in history.iter().enumerate() {
        let Some(user) = owners.get(device.as_str()).copied() else { continue };
        let reason = match what {
            What::Refused { id, code, why } => {
                let change = changes.iter().find(|change| change.id == *id);
                let (conversation, message, file) = match (sent.get(id), change) {
                    (Some((conversation, file)), _) => (*conversation, None, *file),
                    (None, Some(change)) => (change.conversation, Some(change.message), None),
                    (None, None) => {
                        faults.push(Promise::Healing.broken(format!("{device} never sent {id}: {why}")));
                        continue;
                    }
                };
                let message = message.and_then(|message| stored.get(&(conversation, message)));
                let is_others = message.is_some_and(|message| message.sender != user);
                let was_deleted = message.is_some_and(|message| {
                    changes.iter().any(|change| {
                        (change.message, change.how) == (message.id, &How::Delete) && change.begun < line
                    })
                });
                let setting = match change.map(|change| change.how) {
                    Some(How::Pin { .. }) => Setting::Pins,
                    _ => Setting::Writes,
                };
                let is_for_one =
                    change.is_some_and(|change| matches!(change.how, How::Edit(_) | How::Delete));
                let has_reason = match code {
                    ErrorCode::NotAllowed => {
                        (is_others && is_for_one) || was_restricted(conversation, setting, line)
                    }
                    // A file that is in no message ends by itself, and does so at once where the clock jumps.
                    ErrorCode::NotFound => {
                        was_deleted
                            || was_taken_out(user, Some(conversation), line)
                            || file.is_some_and(|file| !kept.files.contains_key(&file))
                    }
                    _ => false,
                };
                (has_reason, format!("{id} of {device} was refused, {code:?}: {why}"))
            }
            What::Complaint { code, why } => {
                let has_reason = *code == ErrorCode::NotFound && was_taken_out(user, None, line);
                (has_reason, format!("{device} was told, {code:?}: {why}"))
            }
            _ => continue,
        };
        if let (false, what) = reason {
            faults.push(Promise::Healing.broken(what));
        }
    }
    faults
}
