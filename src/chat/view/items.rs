//! What stands in a conversation from top to bottom: days, messages in groups, and what is said
//! under each group. Pure, so that it is tested without a page.

use crate::{
    browser::clock::Zone,
    chat::{
        model::Message,
        state::{Outgoing, Thread},
    },
    error::AppError,
    id::{MessageId, UserId},
    time::Timestamp,
};

/// Messages of one sender that lie closer together than this are one group, in milliseconds.
const GROUP: i64 = 5 * 60_000;

/// One thing in a conversation.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A day begins, with this message.
    Day(String, MessageId),
    /// What follows was not read when the conversation was opened.
    Unread,
    /// A message.
    Bubble(Bubble),
}

/// A message as it is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct Bubble {
    /// The message's id.
    pub id: MessageId,
    /// Its text; `None` once it is deleted.
    pub body: Option<String>,
    /// Whether the viewer wrote it.
    pub mine: bool,
    /// Whether a group begins with it.
    pub first: bool,
    /// Whether a group ends with it; the time stands below.
    pub last: bool,
    /// `14:32`.
    pub time: String,
    /// The moment in full, for pointing at.
    pub exact: String,
    /// The moment for programs.
    pub datetime: String,
    /// How far an own message has come.
    pub progress: Option<Progress>,
}

/// How far an own message has come.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// On its way.
    Sending,
    /// Stored.
    Sent,
    /// Seen by everyone else.
    Read,
    /// Refused.
    Failed(AppError),
}

impl Progress {
    /// The word for it, as the accessible description has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Read => "read",
            Self::Failed(_) => "failed",
        }
    }
}

/// A bubble before its place in a group is known.
struct Draft {
    id: MessageId,
    body: Option<String>,
    sender: UserId,
    at: Timestamp,
    progress: Option<Progress>,
    unread: bool,
}

/// The items of stored messages, and after them of those on their way.
pub fn items<'a>(
    thread: &Thread,
    messages: impl Iterator<Item = &'a Message>,
    outbox: &[Outgoing],
    me: UserId,
    unread_after: Option<u64>,
    zone: &Zone,
    now: Timestamp,
) -> Vec<Item> {
    let stored = messages.map(|message| Draft {
        id: message.id,
        body: message.deleted_at.is_none().then(|| message.body.clone()),
        sender: message.sender,
        at: message.created_at,
        progress: (message.sender == me).then(|| match thread.is_read(message.seq, me) {
            true => Progress::Read,
            false => Progress::Sent,
        }),
        unread: message.sender != me && unread_after.is_some_and(|seq| message.seq > seq),
    });
    let waiting = outbox.iter().map(|message| Draft {
        id: message.id,
        body: Some(message.body.clone()),
        sender: me,
        at: message.written_at,
        progress: Some(message.failed.clone().map_or(Progress::Sending, Progress::Failed)),
        unread: false,
    });
    let drafts: Vec<_> = stored.chain(waiting).collect();

    let civil = |at: Timestamp| at.civil(zone.offset(at));
    let today = civil(now);
    let mut items = Vec::with_capacity(drafts.len() + 4);
    let mut divided = false;
    for (index, draft) in drafts.iter().enumerate() {
        let there = civil(draft.at);
        let before = index.checked_sub(1).map(|before| &drafts[before]);
        let after = drafts.get(index + 1);
        let new_day = before.is_none_or(|before| civil(before.at).days != there.days);
        let divides = draft.unread && !divided;
        if new_day {
            items.push(Item::Day(there.day_label(&today), draft.id));
        }
        if divides {
            divided = true;
            items.push(Item::Unread);
        }
        let joins = |a: &Draft, b: &Draft| {
            a.sender == b.sender
                && b.at.0 - a.at.0 < GROUP
                && civil(a.at).days == civil(b.at).days
                && !matches!(a.progress, Some(Progress::Failed(_)))
        };
        let first = divides || before.is_none_or(|before| !joins(before, draft));
        let next_divides = after.is_some_and(|after| after.unread && !divided);
        let last = next_divides || after.is_none_or(|after| !joins(draft, after));
        items.push(Item::Bubble(Bubble {
            id: draft.id,
            body: draft.body.clone(),
            mine: draft.sender == me,
            first,
            last,
            time: there.clock(),
            exact: format!("{}, {}", there.date(), there.clock()),
            datetime: draft.at.to_string(),
            progress: draft.progress.clone(),
        }));
    }
    items
}
