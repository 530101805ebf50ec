//! What stands in a conversation from top to bottom: days, messages in groups, and what is said
//! under each group. Pure, so that it is tested without a page.

use crate::{browser::clock::Zone, chat::words};
use model::{
    content::{Content, System},
    error::AppError,
    file::Attachment,
    id::{MessageId, UserId},
    message::{Conversation, ConversationKind, MOST_READERS, Message},
    thread::{Outgoing, Thread},
    time::{Civil, Place, Timestamp},
};
use std::{cell::Cell, collections::HashSet, sync::Arc};

/// Messages of one sender that lie closer together than this are one group, in milliseconds.
const GROUP: i64 = 5 * 60_000;
/// So long it is said that a message was deleted, in milliseconds; longer where another one answers it.
const TOMBSTONE: i64 = 60 * 60_000;

/// One thing in a conversation. Light: there may be thousands, and all are compared whenever
/// something changes; what they look like is worked out when they are drawn.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bubble {
    /// The message's id.
    pub id: MessageId,
    /// What it says.
    pub words: Words,
    /// What it answers.
    pub quote: Option<Quote>,
    /// Whether the viewer wrote it.
    pub mine: bool,
    /// Who wrote it, where that has to be said: above the others' runs in a group.
    pub author: Option<UserId>,
    /// Whether a group begins with it.
    pub first: bool,
    /// Whether a group ends with it; the time stands below.
    pub last: bool,
    /// When it was written.
    pub at: Timestamp,
    /// Where it is looked at.
    pub place: Place,
    /// How far an own message has come.
    pub progress: Option<Progress>,
    /// In a group that is not too large for it, who has read this own message, and none of one's own after it.
    pub readers: Vec<UserId>,
}

/// A message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Quote {
    /// Which.
    pub id: MessageId,
    /// The message, if it is known; [`Content::Hidden`] of one that is not there.
    pub message: Option<Arc<Message>>,
}

/// The text of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Words {
    /// Stored.
    Stored(Arc<Message>),
    /// On its way, with its files.
    Waiting(String, Vec<Attachment>),
}

impl Words {
    /// What the server noted, and who did it.
    pub fn noted(&self) -> Option<(UserId, &System)> {
        match self {
            Self::Stored(message) => match &message.content {
                Content::System(system) => Some((message.sender, system)),
                _ => None,
            },
            Self::Waiting(..) => None,
        }
    }
}

impl Bubble {
    /// Its text, or what stands in its place.
    pub fn body(&self) -> Result<&str, &'static str> {
        match &self.words {
            Words::Stored(message) => message.content.words().ok_or_else(|| words::without(&message.content)),
            Words::Waiting(body, _) => Ok(body),
        }
    }

    /// The message, once it is stored.
    pub fn stored(&self) -> Option<&Arc<Message>> {
        match &self.words {
            Words::Stored(message) => Some(message),
            Words::Waiting(..) => None,
        }
    }

    /// Whether it is pinned for everybody.
    pub fn is_pinned(&self) -> bool {
        self.stored().is_some_and(|message| message.pinned.is_some())
    }

    /// Whether something stands under it.
    pub fn has_foot(&self) -> bool {
        self.last || !self.readers.is_empty()
    }

    /// When its text was last changed, whether it is gone, and whether its files are at the server: with the same
    /// revision it shows the same, words also on their way as well as stored.
    pub fn revision(&self) -> (Option<Timestamp>, bool, bool) {
        match &self.words {
            Words::Stored(message) => match &message.content {
                Content::Text { edited_at, .. } => (*edited_at, false, true),
                Content::System(_) | Content::Hidden | Content::Unknown => (None, false, true),
                Content::Deleted { .. } => (None, true, true),
            },
            Words::Waiting(_, files) => (None, false, files.is_empty()),
        }
    }

    /// When it was written, where it is looked at.
    pub fn there(&self) -> Civil {
        self.at.civil(self.place)
    }

    /// The moment in full, for pointing at.
    pub fn exact(&self) -> String {
        let there = self.there();
        format!("{}, {}", there.date(), there.clock())
    }
}

/// How far an own message has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Its files are on their way, and it behind them: it can still be taken back.
    Uploading,
    /// On its way.
    Sending,
    /// Stored.
    Sent,
    /// Seen by everyone else.
    Read,
    /// Refused.
    Failed(Box<AppError>),
}

impl Progress {
    /// The word for it, as the accessible description has it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Uploading | Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Read => "read",
            Self::Failed(_) => "failed",
        }
    }
}

/// A bubble before its place in a group is known.
struct Ungrouped {
    id: MessageId,
    words: Words,
    reply_to: Option<MessageId>,
    sender: UserId,
    at: Timestamp,
    place: Place,
    progress: Option<Progress>,
    unread: bool,
}

/// The items of what is looked at of a conversation. What is on its way stands after the newest messages.
pub fn items(
    thread: &Thread,
    me: UserId,
    unread_after: Option<u64>,
    zone: &Zone,
    now: Timestamp,
) -> Vec<Item> {
    // Asking for a place's offset is dear, and within a quarter of an hour it is always the same.
    let asked = Cell::new((i64::MIN, Place::from(0)));
    let place = |at: Timestamp| {
        let quarter = at.0.div_euclid(15 * 60_000);
        if asked.get().0 != quarter {
            asked.set((quarter, zone.place(at)));
        }
        asked.get().1
    };
    let read = thread.read_by_all(me);
    let is_group = thread.conversation.kind == ConversationKind::Group;
    let all: Vec<_> = thread.part().0.values().collect();
    let unsent: Vec<_> = thread.unsent().filter(|_| thread.window.is_none()).collect();
    let quotes = Quotes::new(thread, &all, &unsent);
    let is_over = |message: &Message| match message.content {
        Content::Deleted { at } => now.0 - at.0 > TOMBSTONE && !quotes.wanted.contains(&message.id),
        _ => false,
    };
    let stored = all.iter().filter(|message| !is_over(message)).map(|message| {
        let shown = thread.shown(message, me);
        Ungrouped {
            id: message.id,
            reply_to: shown.reply_to,
            words: Words::Stored(shown),
            sender: message.sender,
            at: message.created_at,
            place: place(message.created_at),
            progress: (message.sender == me).then(|| match message.seq <= read {
                true => Progress::Read,
                false => Progress::Sent,
            }),
            unread: message.sender != me && unread_after.is_some_and(|seq| message.seq > seq),
        }
    });
    let waiting = unsent.iter().map(|message| Ungrouped {
        id: message.id,
        words: Words::Waiting(
            message.new_text().unwrap_or_default().to_owned(),
            message.attachments().to_vec(),
        ),
        reply_to: message.reply_to(),
        sender: me,
        at: message.written_at,
        place: place(message.written_at),
        progress: Some(match &message.failed {
            Some(error) => Progress::Failed(error.clone().into()),
            None if message.awaited().is_empty() => Progress::Sending,
            None => Progress::Uploading,
        }),
        unread: false,
    });
    let mut drafts = stored.chain(waiting).peekable();
    let readers = readers(thread, me);

    let today = zone.civil(now);
    let mut items = Vec::new();
    let mut divided = false;
    let mut before: Option<Neighbour> = None;
    while let Some(draft) = drafts.next() {
        let this = Neighbour::of(&draft);
        let divides = draft.unread && !divided;
        if before.as_ref().is_none_or(|before| before.day != this.day) {
            items.push(Item::Day(draft.at.civil(draft.place).day_label(&today), draft.id));
        }
        if divides {
            divided = true;
            items.push(Item::Unread);
        }
        let first = divides || before.as_ref().is_none_or(|before| !before.joins(&this));
        let last = drafts
            .peek()
            .is_none_or(|after| (after.unread && !divided) || !this.joins(&Neighbour::of(after)));
        let Ungrouped { id, words, reply_to, sender, at, place, progress, .. } = draft;
        let quote = reply_to.map(|id| quotes.quote(id, me));
        let mine = sender == me;
        let readers = match &words {
            Words::Stored(message) => readers.iter().find(|(seq, _)| *seq == message.seq),
            Words::Waiting(..) => None,
        };
        let readers = readers.map(|(_, readers)| readers.clone()).unwrap_or_default();
        let author = Some(sender).filter(|_| is_group && first && !mine && !this.noted);
        let bubble = Bubble { id, words, quote, mine, author, first, last, at, place, progress, readers };
        items.push(Item::Bubble(bubble));
        before = Some(this);
    }
    items
}

/// Of a group, the members who have read something of one's own, by the seq of the newest that they have.
fn readers(thread: &Thread, me: UserId) -> Vec<(u64, Vec<UserId>)> {
    let mut readers = Vec::<(u64, Vec<UserId>)>::new();
    let Conversation { kind, members, .. } = &thread.conversation;
    if *kind != ConversationKind::Group || members.len() > MOST_READERS || thread.window.is_some() {
        return readers;
    }
    let mut own = Vec::new();
    for message in thread.messages.values() {
        if message.sender == me && message.content.words().is_some() {
            own.push(message.seq);
        }
    }
    for member in members.iter().filter(|member| **member != me) {
        let read = thread.read_by(*member);
        // What was written before somebody joined counts as read by them, but they have not seen it.
        let joined = thread.messages.get(&read).is_some_and(
            |message| matches!(&message.content, Content::System(System::Joined(who)) if who == member),
        );
        let Some(seq) = own[..own.partition_point(|seq| *seq <= read)].last().filter(|_| !joined) else {
            continue;
        };
        let seq = *seq;
        match readers.iter_mut().find(|(under, _)| *under == seq) {
            Some((_, others)) => others.push(*member),
            None => readers.push((seq, vec![*member])),
        }
    }
    readers
}

/// What the messages of a conversation answer.
struct Quotes<'a> {
    thread: &'a Thread,
    /// All that is answered.
    wanted: HashSet<MessageId>,
    /// What of it is known.
    known: Vec<&'a Arc<Message>>,
}

impl<'a> Quotes<'a> {
    /// One pass over the messages that are shown, however many of them answer others.
    fn new(thread: &'a Thread, shown: &[&'a Arc<Message>], unsent: &[&Outgoing]) -> Self {
        let mut wanted = HashSet::new();
        wanted.extend(shown.iter().filter_map(|message| message.reply_to));
        wanted.extend(unsent.iter().filter_map(|message| message.reply_to()));
        let mut known = Vec::new();
        if !wanted.is_empty() {
            let mut look = |message: &'a Arc<Message>| {
                if wanted.contains(&message.id) {
                    known.push(message);
                }
            };
            shown.iter().for_each(|message| look(message));
            thread.messages.values().for_each(&mut look);
            thread.quoted.iter().for_each(&mut look);
        }
        Self { thread, wanted, known }
    }

    fn quote(&self, id: MessageId, me: UserId) -> Quote {
        let known = self.known.iter().find(|message| message.id == id);
        Quote { id, message: known.map(|message| self.thread.shown(message, me)) }
    }
}

/// What a message's neighbours must know of it.
struct Neighbour {
    sender: UserId,
    at: Timestamp,
    day: i64,
    /// Whether something can be done about it, for which there are buttons below.
    acts: bool,
    noted: bool,
}

impl Neighbour {
    fn of(draft: &Ungrouped) -> Self {
        let acts = matches!(draft.progress, Some(Progress::Failed(_) | Progress::Uploading));
        let noted = draft.words.noted().is_some();
        Self { sender: draft.sender, at: draft.at, day: draft.at.day(draft.place.offset), acts, noted }
    }

    /// Whether the next one belongs to the same group.
    fn joins(&self, next: &Self) -> bool {
        self.sender == next.sender
            && next.at.0 - self.at.0 < GROUP
            && self.day == next.day
            && !self.acts
            && !self.noted
            && !next.noted
    }
}
