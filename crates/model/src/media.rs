//! What a conversation holds besides words: its pictures and films, its other files, and the links in its messages.

use crate::{
    content::Content,
    file::Attachment,
    id::{MessageId, UserId},
    markup::{Node, Style, link, parse, plain},
    message::Message,
    text::beginning,
    thread::Thread,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use std::{fmt, ops::Range, str::FromStr, sync::Arc};

/// The most entries of one page.
pub const MEDIA_PAGE: usize = 50;
/// About how many bytes a page has on the wire at most, unless it is one entry.
const MAX_BYTES: usize = 256 * 1024;
/// The longest part of a text that stands beside a link, in characters.
const BESIDE: usize = 140;

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaKind {
    /// Pictures and films.
    #[default]
    Media,
    /// All other files; sounds are among them.
    Files,
    /// Links in texts.
    Links,
}

impl MediaKind {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Self; 3] = [Self::Media, Self::Files, Self::Links];

    /// The word for it, in addresses and in stores.
    pub fn word(self) -> &'static str {
        match self {
            Self::Media => "media",
            Self::Files => "files",
            Self::Links => "links",
        }
    }

    /// The kind that a word stands for.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Where a file is listed. A picture that the server could not read is a file like any other.
    pub fn of_file(file: &Attachment) -> Self {
        let is_shown = file.width.is_some() && file.height.is_some();
        if is_shown || file.kind.as_str().starts_with("video/") { Self::Media } else { Self::Files }
    }
}

/// The kinds by which a message is found, which a store notes beside it. Links are found by a test that a database can
/// make as well as this program, and that no change of the parser makes wrong: whether `http://` or `https://` stands in
/// the text. What of that is a link, [`entries`] says when it is read.
pub fn kinds(content: &Content) -> Vec<MediaKind> {
    let Content::Text { body, attachments, .. } = content else { return Vec::new() };
    let has = |kind: &MediaKind| match kind {
        MediaKind::Links => link::may_stand_in(body),
        kind => attachments.iter().any(|file| MediaKind::of_file(file) == *kind),
    };
    MediaKind::ALL.into_iter().filter(has).collect()
}

/// One thing that is listed, and the message that it is in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaEntry {
    /// The message.
    pub message: MessageId,
    /// Its place in the history.
    pub seq: u64,
    /// Who wrote it.
    pub sender: UserId,
    /// When it was stored.
    pub created_at: Timestamp,
    /// The place of the entry among those of its message, from 0.
    pub at: u32,
    /// The file; `None` of a link.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment: Option<Attachment>,
    /// The link; `None` of a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<SharedLink>,
}

/// A link in a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedLink {
    /// Where it leads: an address of `http` or `https`.
    pub url: String,
    /// What the text says in its place, if it says anything else, of at most 140 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How the message begins, without marks, of at most 140 characters.
    pub text: String,
}

impl MediaEntry {
    /// About how many bytes it has on the wire.
    fn weight(&self) -> usize {
        /// Names, ids, times and numbers.
        const ENVELOPE: usize = 500;
        let file = |file: &Attachment| file.alt.as_ref().map_or(0, |alt| alt.as_str().len());
        let link =
            |link: &SharedLink| link.url.len() + link.label.as_ref().map_or(0, String::len) + link.text.len();
        ENVELOPE + self.attachment.as_ref().map_or(0, file) + self.link.as_ref().map_or(0, link)
    }
}

/// What a message has of a kind, in the order in which it stands there. An address that stands in a text more than once
/// is one link; what is hidden in a spoiler stays hidden, and what is code is none.
pub fn entries(message: &Message, kind: MediaKind) -> Vec<MediaEntry> {
    let Content::Text { body, attachments, .. } = &message.content else { return Vec::new() };
    let mut entries = Vec::new();
    let mut put = |attachment: Option<Attachment>, link: Option<SharedLink>| {
        let Message { id, seq, sender, created_at, .. } = *message;
        let at = entries.len() as u32;
        entries.push(MediaEntry { message: id, seq, sender, created_at, at, attachment, link });
    };
    match kind {
        MediaKind::Media | MediaKind::Files => {
            let files = attachments.iter().filter(|file| MediaKind::of_file(file) == kind);
            files.for_each(|file| put(Some(file.clone()), None));
        }
        MediaKind::Links if link::may_stand_in(body) => {
            let mut links = Vec::new();
            gather(&parse(body), &mut links);
            let text = cut(&plain(body));
            for (url, label) in links {
                put(None, Some(SharedLink { url, label, text: text.clone() }));
            }
        }
        MediaKind::Links => {}
    }
    entries
}

/// The links among these, each address once.
fn gather(nodes: &[Node], links: &mut Vec<(String, Option<String>)>) {
    for node in nodes {
        match node {
            Node::Link { url, label } if links.iter().all(|(known, _)| known != url) => {
                let mut said = String::new();
                label.iter().for_each(|label| crate::markup::flatten(label, &mut said));
                links.push((url.clone(), Some(cut(&said)).filter(|said| !said.is_empty())));
            }
            Node::Styled(Style::Spoiler, _) | Node::Link { .. } => {}
            Node::Styled(_, within) => gather(within, links),
            Node::Text(_) | Node::Mention(_) | Node::Code(_) | Node::Fenced(_) => {}
        }
    }
}

fn cut(text: &str) -> String {
    beginning(text.trim(), BESIDE).to_owned()
}

/// Where a list goes on. As text, which is how it travels, `SEQ` or `SEQ.AT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MediaCursor {
    /// With what is older than the message with this seq.
    pub seq: u64,
    /// And before that with those entries of that message that stand behind the one at this place.
    pub after: Option<u32>,
}

impl MediaCursor {
    /// The seqs of the messages in which the rest of a list stands, from this one on.
    pub fn seqs(cursor: Option<Self>, from: u64) -> Range<u64> {
        let end = |cursor: Self| cursor.after.map_or(cursor.seq, |_| cursor.seq.saturating_add(1));
        from..cursor.map_or(u64::MAX, end)
    }

    fn leads_to(self, entry: &MediaEntry) -> bool {
        entry.seq < self.seq || entry.seq == self.seq && self.after.is_some_and(|after| entry.at > after)
    }
}

impl fmt::Display for MediaCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.after {
            Some(after) => write!(f, "{}.{after}", self.seq),
            None => write!(f, "{}", self.seq),
        }
    }
}

impl FromStr for MediaCursor {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (seq, after) = text.split_once('.').map_or((text, None), |(seq, after)| (seq, Some(after)));
        Ok(Self { seq: seq.parse()?, after: after.map(str::parse).transpose()? })
    }
}

impl TryFrom<String> for MediaCursor {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<MediaCursor> for String {
    fn from(cursor: MediaCursor) -> Self {
        cursor.to_string()
    }
}

/// What is asked for of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaRequest {
    /// Of what.
    #[serde(default)]
    pub kind: MediaKind,
    /// Where it goes on; `None`: from its beginning, which is the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<MediaCursor>,
}

/// A part of a list, the newest messages first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MediaPage {
    /// At most [`MEDIA_PAGE`].
    pub entries: Vec<MediaEntry>,
    /// Where it goes on, as a [`MediaCursor`]; `None`: nowhere. A page without entries may be followed by others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

impl MediaPage {
    /// So many messages are needed for a page: the first may have been listed already, and one more says that the list
    /// goes on.
    pub const MESSAGES: usize = MEDIA_PAGE + 2;

    /// What of these messages fits, which are the newest [`Self::MESSAGES`] of those in which the rest of the list
    /// stands.
    pub fn of(messages: &[Arc<Message>], request: MediaRequest) -> Self {
        let is_next = |entry: &MediaEntry| request.before.is_none_or(|before| before.leads_to(entry));
        let mut page = Self::default();
        let mut room = MAX_BYTES;
        let all = messages.iter().flat_map(|message| entries(message, request.kind));
        for entry in all.filter(is_next) {
            let fits = entry.weight() <= room && page.entries.len() < MEDIA_PAGE;
            match page.entries.last() {
                Some(MediaEntry { seq, at, .. }) if !fits => {
                    page.before = Some(MediaCursor { seq: *seq, after: Some(*at) }.to_string());
                    return page;
                }
                _ => {}
            }
            room = room.saturating_sub(entry.weight());
            page.entries.push(entry);
        }
        let oldest = messages.get(Self::MESSAGES - 1);
        page.before = oldest.map(|message| MediaCursor { seq: message.seq, after: None }.to_string());
        page
    }
}

/// What a device lists: what the server has told it, and in the place of that the messages that it holds, which it is
/// told every change of. Those are the newest without holes, so what was told begins where they end.
pub fn with_held(told: &[MediaEntry], thread: &Thread, me: UserId, kind: MediaKind) -> Vec<MediaEntry> {
    let oldest = thread.messages.keys().next().copied().unwrap_or(u64::MAX);
    let held = thread.messages.values().rev().flat_map(|message| entries(&thread.shown(message, me), kind));
    held.chain(told.iter().filter(|entry| entry.seq < oldest).cloned()).collect()
}
