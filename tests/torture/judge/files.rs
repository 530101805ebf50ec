//! Files: there, byte for byte, for as long as their messages are; and gone with them.

use super::{Entry, Fault, Kept, Promise, What};
use model::{
    content::Content,
    id::{ConversationId, FileId, MessageId},
};
use std::collections::{BTreeMap, HashMap};

/// A file in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptFile {
    pub belongs: Belongs,
    /// What its bytes add up to, in hexadecimal digits; `None`: they are not all there.
    pub sha256: Option<String>,
}

/// What a file is to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Belongs {
    /// There are bytes, or is a note that there were, and nothing else.
    Nowhere,
    /// Not all of it was received.
    Upload,
    /// It is in no message yet, and may end by itself.
    Owner,
    /// It is in this one.
    Message(ConversationId, MessageId),
}

/// What the server said that it has is what was sent, as long as there is any of it; and a message that was
/// acknowledged has the file that it was sent with.
pub fn are_whole(history: &[Entry], kept: &Kept) -> Vec<Fault> {
    let messages = kept.messages();
    let uploads = uploads(history);
    let mut faults = Vec::new();
    let mut broken = |what: String| faults.push(Promise::FilesAreWhole.broken(what));
    for (name, file, acked) in enclosed(history) {
        let Some(message) = messages.get(&name) else { continue };
        let Content::Text { attachments, .. } = &message.content else { continue };
        let has = attachments.iter().map(|known| known.file);
        if !has.eq([file]) {
            let how = if acked { "acknowledged" } else { "stored" };
            broken(format!("{} of {} was {how} without the file {file}", name.1, name.0));
        }
    }
    for ((conversation, id), message) in &messages {
        for attachment in message.content.attachments() {
            let file = attachment.file;
            let is = match (kept.files.get(&file), uploads.get(&file)) {
                (None, _) => "is not there".to_owned(),
                (_, None) => "was uploaded by nobody".to_owned(),
                (Some(KeptFile { sha256, .. }), Some(sent)) if sha256.as_deref() != Some(sent) => {
                    format!("is not what was sent, but {sha256:?}")
                }
                (Some(KeptFile { belongs, .. }), _) if *belongs != Belongs::Message(*conversation, *id) => {
                    format!("belongs {belongs:?}")
                }
                _ => continue,
            };
            broken(format!("the file {file} in {id} of {conversation} {is}"));
        }
    }
    for (file, KeptFile { belongs, sha256 }) in &kept.files {
        let (Belongs::Owner, Some(sent)) = (belongs, uploads.get(file)) else { continue };
        if sha256.as_deref() != Some(sent) {
            broken(format!("the file {file}, of which all was there, is not what was sent, but {sha256:?}"));
        }
    }
    faults
}

/// Nothing is left of a file whose message is gone, nor of anything that nobody knows of.
pub fn go_with_their_messages(_: &[Entry], kept: &Kept) -> Vec<Fault> {
    let messages = kept.messages();
    let mut faults = Vec::new();
    for (file, KeptFile { belongs, .. }) in &kept.files {
        let why = match belongs {
            Belongs::Nowhere => "nobody knows of it".to_owned(),
            Belongs::Message(conversation, id) => {
                let message = messages.get(&(*conversation, *id));
                let has = |known: &model::file::Attachment| known.file == *file;
                if message.is_some_and(|message| message.content.attachments().iter().any(has)) {
                    continue;
                }
                format!("{id} of {conversation} does not have it")
            }
            Belongs::Upload | Belongs::Owner => continue,
        };
        faults.push(Promise::ErasedIsGone.broken(format!("the file {file} is still there: {why}")));
    }
    faults
}

/// What was sent of each file of which the server said that it has all.
fn uploads(history: &[Entry]) -> BTreeMap<FileId, &str> {
    let uploads = history.iter().filter_map(|Entry { what, .. }| match what {
        What::Uploaded { file, sha256 } => Some((*file, sha256.as_str())),
        _ => None,
    });
    uploads.collect()
}

type Name = (ConversationId, MessageId);

/// The messages that were sent with a file, and whether they were acknowledged.
fn enclosed(history: &[Entry]) -> Vec<(Name, FileId, bool)> {
    let (mut sent, mut places) = (Vec::new(), HashMap::new());
    for Entry { what, .. } in history {
        match what {
            What::Begun { conversation, id, file: Some(file), .. } => {
                places.insert(*id, sent.len());
                sent.push(((*conversation, *id), *file, false));
            }
            What::Acked { id, .. } => {
                if let Some(place) = places.get(id) {
                    sent[*place].2 = true;
                }
            }
            _ => {}
        }
    }
    sent
}
