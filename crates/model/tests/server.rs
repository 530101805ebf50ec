//! A server small enough to be right at a glance: what the devices must end up with.

use model::{
    change,
    content::{Content, System},
    error::AppError,
    event::ServerEvent,
    group::{HIDDEN, HISTORY, Role, SHOWN, shows_history},
    id::{ConversationId, MessageId, UserId},
    mention::Mentions,
    message::{Anchor, Conversation, ConversationKind, MAX_UNREAD, Message, MessageBody, Snapshot, Summary},
    prefs::{Prefs, PrefsChange},
    request::Pending,
    time::Timestamp,
    user::{User, Username},
};
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

/// The viewer; the other people are 2 and 3.
pub const ME: UserId = UserId(Uuid::from_u128(1));
/// Small, so that short histories have several pages.
pub const PAGE: usize = 3;
/// Small, so that short absences make a conversation stale.
pub const MAX_MISSED: usize = 4;

pub fn person(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

pub fn talk_id(number: usize) -> ConversationId {
    ConversationId(Uuid::from_u128(100 + number as u128))
}

/// What can happen on the server; `talk` and `pick` are taken modulo what there is, and who does
/// not belong to a conversation does nothing in it.
#[derive(Clone, Debug)]
pub enum Change {
    Send {
        talk: usize,
        by: u128,
    },
    /// Words that mean the viewer, or everybody.
    Mention {
        talk: usize,
        by: u128,
        all: bool,
    },
    Edit {
        talk: usize,
        pick: usize,
    },
    Delete {
        talk: usize,
        pick: usize,
    },
    /// A reaction is there, or is not, whichever it was not.
    React {
        talk: usize,
        by: u128,
        pick: usize,
        emoji: usize,
    },
    /// It is pinned, or is not, whichever it was not.
    Pin {
        talk: usize,
        by: u128,
        pick: usize,
    },
    /// What is pinned is said, whether it was before or not.
    Pins {
        talk: usize,
    },
    Read {
        talk: usize,
        by: u128,
        pick: usize,
    },
    Join {
        talk: usize,
        who: u128,
    },
    Leave {
        talk: usize,
        who: u128,
    },
    Rename {
        talk: usize,
    },
    /// A member, an admin or the owner from now on.
    Appoint {
        talk: usize,
        who: u128,
        role: usize,
    },
    /// Whether members see what was said before they joined.
    Show {
        talk: usize,
        on: bool,
    },
    /// The viewer wants something of it to be otherwise, on another device.
    Prefer {
        talk: usize,
        what: PrefsChange,
    },
    Begin,
}

const EMOJIS: [&str; 3] = ["👍", "a.b", "$set"];

/// One conversation.
#[derive(Clone, Debug)]
pub struct Talk {
    pub conversation: Conversation,
    pub messages: BTreeMap<u64, Arc<Message>>,
    pub head: u64,
    pub read: BTreeMap<UserId, u64>,
    /// From which seq on the viewer sees it where earlier history is hidden.
    joined: u64,
    /// What the viewer keeps of it.
    pub prefs: Prefs,
    /// Whether the viewer has ever left it: what waited to be sent may be lost then.
    pub was_left: bool,
}

/// All conversations of the viewer.
#[derive(Clone, Debug, Default)]
pub struct Server {
    pub talks: Vec<Talk>,
    /// Counts everything that happened: a clock, and a source of message ids.
    moments: i64,
}

impl Server {
    pub fn new() -> Self {
        let mut server = Self::default();
        server.make(&Change::Begin);
        server.make(&Change::Begin);
        server
    }

    /// Makes a change; returns what the viewer is told about it.
    pub fn make(&mut self, change: &Change) -> Vec<ServerEvent> {
        self.moments += 1;
        let (number, now) = (self.moments as u128, Timestamp(self.moments * 1000));
        let count = self.talks.len();
        let told = match *change {
            Change::Begin => {
                let members = vec![ME, person(2), person(3)];
                let conversation = Conversation::new(talk_id(count), ConversationKind::Group, members);
                let (messages, read) = (BTreeMap::new(), BTreeMap::new());
                let prefs = Prefs::default();
                self.talks.push(Talk {
                    conversation,
                    messages,
                    head: 0,
                    read,
                    prefs,
                    joined: 0,
                    was_left: false,
                });
                Some(ServerEvent::ConversationChanged {
                    conversation: self.talks[count].summary(),
                    users: vec![],
                })
            }
            Change::Send { talk, by } => self.talks[talk % count].send(id(number), person(by), now),
            Change::Mention { talk, by, all } => {
                let mentions = Mentions { users: if all { vec![] } else { vec![ME] }, all };
                self.talks[talk % count].send_to(id(number), person(by), mentions, now)
            }
            Change::Edit { talk, pick } => {
                let text = MessageBody::parse(&format!("edited {number}")).expect("a text");
                self.talks[talk % count].change(pick, None, now, |_| change::Change::Edit(text))
            }
            Change::Delete { talk, pick } => {
                self.talks[talk % count].change(pick, None, now, |_| change::Change::Delete)
            }
            Change::React { talk, by, pick, emoji } => {
                let by = person(by);
                self.talks[talk % count].change(pick, Some(by), now, |message| {
                    let emoji = change::Emoji::parse(EMOJIS[emoji % EMOJIS.len()]).expect("an emoji");
                    let is_there = |text: &str| {
                        message.reactions.iter().any(|known| known.emoji == text && known.users.contains(&by))
                    };
                    let on = !is_there(emoji.as_str());
                    change::Change::React { emoji, on }
                })
            }
            Change::Pin { talk, by, pick } => {
                self.talks[talk % count].change(pick, Some(person(by)), now, |message| change::Change::Pin {
                    on: message.pinned.is_none(),
                })
            }
            Change::Pins { talk } => {
                let talk = &self.talks[talk % count];
                let (conversation_id, pins, version) = (talk.conversation.id, talk.pins(), talk.head);
                talk.told(ServerEvent::PinsChanged { conversation_id, pins, version })
            }
            Change::Read { talk, by, pick } => self.talks[talk % count].mark_read(person(by), pick),
            Change::Join { talk, who } => self.talks[talk % count].join(id(number), person(who), now),
            Change::Leave { talk, who } => self.talks[talk % count].leave(id(number), person(who), now),
            Change::Prefer { talk, what } => self.talks[talk % count].prefer(what, now),
            Change::Rename { talk } => self.talks[talk % count].rename(id(number), format!("{number}"), now),
            Change::Appoint { talk, who, role } => {
                let role = Role::ALL[role % Role::ALL.len()];
                self.talks[talk % count].appoint(id(number), person(who), role, now)
            }
            Change::Show { talk, on } => return self.talks[talk % count].show(id(number), on, now),
        };
        told.into_iter().collect()
    }

    /// The time there.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.moments * 1000)
    }

    /// The conversations that the viewer belongs to.
    pub fn visible(&self) -> impl Iterator<Item = &Talk> {
        self.talks.iter().filter(|talk| talk.is_member(ME))
    }

    /// Stores what a device sends, the same id only once; returns the acknowledgement, or the
    /// refusal where the viewer does not belong.
    pub fn accept(&mut self, conversation: ConversationId, id: MessageId) -> ServerEvent {
        self.moments += 1;
        let now = Timestamp(self.moments * 1000);
        let talk = self.talks.iter_mut().find(|talk| talk.conversation.id == conversation).expect("a talk");
        if !talk.is_member(ME) {
            return ServerEvent::MessageRefused { id, error: AppError::not_found() };
        }
        let stored = talk.messages.values().find(|message| message.id == id).cloned();
        acked(&stored.unwrap_or_else(|| talk.append(id, ME, None, now)))
    }

    /// Makes a change that a device asks for under a name; returns what the viewer is told, that they are
    /// acknowledged or refused included.
    pub fn alter(
        &mut self,
        conversation: ConversationId,
        name: MessageId,
        message: MessageId,
        change: &change::Change,
    ) -> Vec<ServerEvent> {
        self.moments += 1;
        let now = Timestamp(self.moments * 1000);
        let talk = self.talks.iter_mut().find(|talk| talk.conversation.id == conversation).expect("a talk");
        let visible = talk.visible_from();
        let found = talk.messages.values().find(|known| known.id == message && known.seq >= visible).cloned();
        let found = found.filter(|_| talk.is_member(ME)).ok_or_else(AppError::not_found);
        let next = found.and_then(|found| Ok((found.after(ME, change, now)?, found)));
        let stored = match next {
            Err(error) => return vec![ServerEvent::MessageRefused { id: name, error }],
            Ok((None, found)) => found,
            Ok((Some(next), _)) => talk.store(next),
        };
        let acked =
            ServerEvent::ChangeAcked { id: name, conversation_id: conversation, version: stored.version };
        vec![ServerEvent::MessageChanged { message: stored }, acked]
    }

    pub fn snapshot(&self, cursors: &BTreeMap<ConversationId, u64>) -> Snapshot {
        self.snapshot_of(cursors, self.summaries())
    }

    /// All conversations as the viewer's list shows them.
    pub fn summaries(&self) -> Vec<Summary> {
        self.visible().map(Talk::summary).collect()
    }

    /// A snapshot whose summaries may be older than what was missed, as happens when something
    /// changes between the two.
    pub fn snapshot_of(
        &self,
        cursors: &BTreeMap<ConversationId, u64>,
        conversations: Vec<Summary>,
    ) -> Snapshot {
        let (mut missed, mut stale) = (Vec::new(), Vec::new());
        for summary in &conversations {
            let id = summary.conversation.id;
            let Some(cursor) = cursors.get(&id).filter(|cursor| **cursor != summary.head) else { continue };
            let talk = self.talks.iter().find(|talk| talk.conversation.id == id).expect("a talk");
            let changes = talk.messages.values().filter(|m| m.version > *cursor);
            let mut changes: Vec<_> = changes.map(|message| talk.seen(message.clone())).collect();
            changes.sort_unstable_by_key(|message| message.version);
            match changes.len() {
                0..=MAX_MISSED => missed.extend(changes),
                _ => stale.push(id),
            }
        }
        let me =
            User { id: ME, username: Username::parse("viewer").expect("a valid name"), display_name: None };
        Snapshot {
            me,
            contacts: vec![],
            users: vec![],
            requests: Pending::default(),
            invitations: vec![],
            blocked: vec![],
            conversations,
            missed,
            stale,
        }
    }

    /// A page of history, as JSON, so that the frame may hold more than this version reads.
    pub fn page(&self, conversation: ConversationId, place: Anchor) -> Option<ServerEvent> {
        let talk = self.visible().find(|talk| talk.conversation.id == conversation)?;
        let from = talk.visible_from();
        let before = |seq: u64, limit: usize| {
            let mut messages: Vec<_> =
                talk.messages.range(from..seq.max(from)).rev().take(limit + 1).collect();
            let has_more = messages.len() > limit;
            messages.truncate(limit);
            messages.reverse();
            (messages, has_more)
        };
        let (messages, has_more) = match place {
            Anchor { around: Some(seq), .. } => {
                let (mut messages, has_more) = before(seq.max(from), PAGE / 2);
                messages.extend(talk.messages.range(seq.max(from)..).take(PAGE - messages.len()));
                (messages, has_more)
            }
            Anchor { after: Some(seq), .. } => {
                let mut messages: Vec<_> = talk.messages.range(from.max(seq + 1)..).take(PAGE + 1).collect();
                let has_more = messages.len() > PAGE;
                messages.truncate(PAGE);
                (messages, has_more)
            }
            Anchor { before: seq, .. } => before(seq.unwrap_or(u64::MAX), PAGE),
        };
        let messages: Vec<_> = messages.into_iter().map(|(_, message)| message).collect();
        let page = json!({
            "type": "conversation_loaded", "conversation_id": conversation, "before": place.before,
            "after": place.after, "around": place.around, "messages": messages, "has_more": has_more,
        });
        Some(ServerEvent::from_json(&page.to_string()).expect("a page"))
    }
}

fn id(number: u128) -> MessageId {
    MessageId(Uuid::from_u128(number))
}

impl Talk {
    pub fn is_member(&self, user: UserId) -> bool {
        self.conversation.members.contains(&user)
    }

    fn append(
        &mut self,
        id: MessageId,
        sender: UserId,
        noted: Option<System>,
        created_at: Timestamp,
    ) -> Arc<Message> {
        self.head += 1;
        let content = noted.map_or_else(|| Content::text(format!("body of {id}")), Content::System);
        let message = Message::new(id, self.conversation.id, self.head, sender, content, created_at);
        let message = Arc::new(message);
        self.messages.insert(message.seq, message.clone());
        message
    }

    /// Puts a message's next state in the place of the one that is there.
    fn store(&mut self, next: Message) -> Arc<Message> {
        self.head += 1;
        let message = Arc::new(Message { version: self.head, ..next });
        self.messages.insert(message.seq, message.clone());
        message
    }

    /// The seq from which on the viewer sees the history.
    pub fn visible_from(&self) -> u64 {
        if shows_history(&self.conversation.settings) { 0 } else { self.joined }
    }

    /// A message as the viewer is told it.
    fn seen(&self, message: Arc<Message>) -> Arc<Message> {
        if message.seq < self.visible_from() { Arc::new(message.hidden()) } else { message }
    }

    fn rename(&mut self, id: MessageId, name: String, now: Timestamp) -> Option<ServerEvent> {
        let by = *self.conversation.members.first()?;
        self.conversation.name = Some(name.clone());
        let message = self.append(id, by, Some(System::Renamed(name)), now);
        self.told(ServerEvent::NewMessage { message })
    }

    fn appoint(&mut self, id: MessageId, who: UserId, role: Role, now: Timestamp) -> Option<ServerEvent> {
        // Whoever owns it stays that until somebody else does.
        if !self.is_member(who) || self.conversation.roles.of(who) == Role::Owner {
            return None;
        }
        let by = self.conversation.roles.owner?;
        self.conversation.roles.give(who, role);
        let message = self.append(id, by, Some(System::Role(who, role)), now);
        self.told(ServerEvent::NewMessage { message })
    }

    fn show(&mut self, id: MessageId, on: bool, now: Timestamp) -> Vec<ServerEvent> {
        let Some(by) = self.conversation.members.first().copied() else { return vec![] };
        let word = if on { SHOWN } else { HIDDEN };
        self.conversation.settings.insert(HISTORY.into(), word.into());
        let message = self.append(id, by, Some(System::Settings), now);
        let settings = self.conversation.settings.clone();
        let changed = ServerEvent::GroupChanged { conversation_id: self.conversation.id, settings };
        // Who sees more or less of the history sees other pins.
        let (conversation_id, pins, version) = (self.conversation.id, self.pins(), self.head);
        let pinned = ServerEvent::PinsChanged { conversation_id, pins, version };
        let told = [ServerEvent::NewMessage { message }, changed, pinned];
        told.into_iter().filter_map(|event| self.told(event)).collect()
    }

    /// News reach the viewer while they belong.
    fn told(&self, event: ServerEvent) -> Option<ServerEvent> {
        self.is_member(ME).then_some(event)
    }

    fn send(&mut self, id: MessageId, by: UserId, now: Timestamp) -> Option<ServerEvent> {
        self.send_to(id, by, Mentions::default(), now)
    }

    fn send_to(
        &mut self,
        id: MessageId,
        by: UserId,
        mentions: Mentions,
        now: Timestamp,
    ) -> Option<ServerEvent> {
        if !self.is_member(by) {
            return None;
        }
        let message = Arc::new(Message { mentions, ..Message::clone(&self.append(id, by, None, now)) });
        self.messages.insert(message.seq, message.clone());
        self.told(ServerEvent::NewMessage { message })
    }

    fn join(&mut self, id: MessageId, who: UserId, now: Timestamp) -> Option<ServerEvent> {
        let by = *self.conversation.members.first()?;
        if self.is_member(who) {
            return None;
        }
        self.conversation.members.push(who);
        let message = self.append(id, by, Some(System::Joined(who)), now);
        self.read.insert(who, message.seq);
        if who == ME {
            self.joined = message.seq;
        }
        match who == ME {
            true => Some(ServerEvent::ConversationChanged { conversation: self.summary(), users: vec![] }),
            false => self.told(ServerEvent::NewMessage { message }),
        }
    }

    /// The last one stays.
    fn leave(&mut self, id: MessageId, who: UserId, now: Timestamp) -> Option<ServerEvent> {
        if !self.is_member(who) || self.conversation.members.len() == 1 {
            return None;
        }
        let message = self.append(id, who, Some(System::Left(who)), now);
        self.conversation.members.retain(|member| *member != who);
        self.read.remove(&who);
        let mut roles = std::mem::take(&mut self.conversation.roles);
        roles.forget(who);
        self.conversation.roles = roles.settled(&self.conversation.members);
        self.was_left |= who == ME;
        if who == ME {
            self.prefs = Prefs::default();
        }
        match who == ME {
            true => Some(ServerEvent::ConversationRemoved { conversation_id: self.conversation.id }),
            false => self.told(ServerEvent::NewMessage { message }),
        }
    }

    /// By the rules of the program; `by` is the sender unless said otherwise.
    fn change(
        &mut self,
        pick: usize,
        by: Option<UserId>,
        now: Timestamp,
        what: impl FnOnce(&Message) -> change::Change,
    ) -> Option<ServerEvent> {
        let living = self.messages.values().filter(|m| m.content.words().is_some());
        let living: Vec<_> = living.cloned().collect();
        let message = living.get(pick.checked_rem(living.len())?)?;
        let by = by.unwrap_or(message.sender);
        if !self.is_member(by) {
            return None;
        }
        let what = what(message);
        let mut next = message.after(by, &what, now).expect("an allowed change")?;
        // Other words mean others: the viewer, if they were not meant before.
        if matches!(what, change::Change::Edit(_)) {
            let meant = !message.mentions.users.contains(&ME);
            next.mentions = Mentions { users: meant.then_some(ME).into_iter().collect(), all: false };
        }
        let message = self.store(next);
        self.told(ServerEvent::MessageChanged { message: self.seen(message) })
    }

    fn mark_read(&mut self, by: UserId, pick: usize) -> Option<ServerEvent> {
        let seqs: Vec<_> = self.messages.keys().copied().collect();
        let seq = seqs[pick.checked_rem(seqs.len())?];
        if !self.is_member(by) || self.read.get(&by).is_some_and(|read| *read >= seq) {
            return None;
        }
        self.read.insert(by, seq);
        let unread = (by == ME).then(|| self.unread());
        let conversation_id = self.conversation.id;
        self.told(ServerEvent::ReadCursorMoved { conversation_id, user_id: by, seq, unread })
    }

    fn prefer(&mut self, what: PrefsChange, now: Timestamp) -> Option<ServerEvent> {
        let next = what.after(self.settled(), self.head, now).filter(|_| self.is_member(ME))?;
        self.prefs = next;
        Some(ServerEvent::PrefsChanged { conversation_id: self.conversation.id, prefs: next })
    }

    pub fn unread(&self) -> u64 {
        let read = self.read.get(&ME).copied().unwrap_or_default();
        let others =
            self.messages.range(read + 1..).filter(|(_, m)| m.sender != ME && !m.content.is_deleted());
        (others.count() as u64).min(MAX_UNREAD)
    }

    /// The seqs of the unread messages that mean the viewer.
    pub fn mentions(&self) -> Vec<u64> {
        let read = self.read.get(&ME).copied().unwrap_or_default();
        let mentions = self.messages.range(read + 1..).filter(|(_, message)| message.means(ME));
        mentions.map(|(seq, _)| *seq).take(MAX_UNREAD as usize).collect()
    }

    /// What is pinned, in the order in which it was.
    pub fn pins(&self) -> Vec<MessageId> {
        let pinned = |message: &Arc<Message>| Some((message.pinned?.at, message.id));
        let visible = self.messages.range(self.visible_from()..);
        let mut pins: Vec<_> = visible.filter_map(|(_, message)| pinned(message)).collect();
        pins.sort_unstable();
        pins.into_iter().map(|(_, id)| id).collect()
    }

    fn settled(&self) -> Prefs {
        self.prefs.settled(self.newest().map(|message| &**message))
    }

    fn newest(&self) -> Option<&Arc<Message>> {
        self.messages.values().next_back()
    }

    pub fn summary(&self) -> Summary {
        Summary {
            conversation: self.conversation.clone(),
            head: self.head,
            read: self.read.clone(),
            unread: self.unread(),
            pins: self.pins(),
            mentions: self.mentions(),
            last_message: self.newest().cloned(),
            prefs: self.settled(),
        }
    }
}

pub fn acked(message: &Message) -> ServerEvent {
    ServerEvent::MessageAcked {
        id: message.id,
        conversation_id: message.conversation_id,
        seq: message.seq,
        version: message.version,
        created_at: message.created_at,
        attachments: message.content.attachments().to_vec(),
        mentions: message.mentions.clone(),
    }
}
