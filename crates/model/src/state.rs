//! The reducer: what a device knows, and how each event changes it.
//!
//! Pure: no clock, no network. The server renders from it, the page lives on it, and the same
//! events in any order, doubled or lost, end in the server's state after one catch-up.

use crate::{
    error::AppError,
    event::ServerEvent,
    friendship::Contact,
    group_invitation::GroupInvitation,
    id::{ConversationId, FileId, MessageId, UserId},
    message::{Conversation, ConversationKind, Snapshot, Summary},
    prefs::{ALWAYS, Prefs, PrefsChange},
    request::Pending,
    text::look,
    thread::{Outgoing, Thread},
    time::Timestamp,
    user::{User, Username},
};
use std::collections::BTreeMap;

/// The most cursors that a `resume` names, so that it is a frame (`event::MAX_FRAME`).
pub const MAX_CURSORS: usize = 1000;

/// Everything one signed-in device knows.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatState {
    /// The viewer.
    pub me: User,
    /// Contacts by id.
    pub contacts: BTreeMap<UserId, Contact>,
    /// Who else can be named, in no special order.
    pub users: Vec<User>,
    /// Requests that wait.
    pub requests: Pending,
    /// Groups that the viewer is asked into, the newest first.
    pub invitations: Vec<GroupInvitation>,
    /// Whom the viewer blocks.
    pub blocked: Vec<UserId>,
    /// Conversations by id.
    pub threads: BTreeMap<ConversationId, Thread>,
    /// Contacts whose names look like another contact's.
    alike: Vec<UserId>,
}

/// What an event did to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Applied {
    /// What has to be asked for.
    pub need: Need,
    /// What looks otherwise.
    pub touched: Touched,
}

/// Which part of the state has changed, so that only what shows it is drawn again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touched {
    /// None.
    Nothing,
    /// One conversation: its messages, its cursors, what waits in it.
    Thread(ConversationId),
    /// Who somebody is, is called, or is to the viewer; not any message.
    People,
    /// All of it may have.
    Everything,
}

/// What the device has to ask the server for after an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// Nothing.
    Nothing,
    /// Something is missing: `resume` with [`ChatState::cursors`].
    CatchUp,
}

impl ChatState {
    /// The state that a snapshot without missed messages stands for.
    pub fn begin(snapshot: Snapshot) -> Self {
        let mut state = Self {
            me: snapshot.me.clone(),
            contacts: BTreeMap::new(),
            users: Vec::new(),
            requests: Pending::default(),
            invitations: Vec::new(),
            blocked: Vec::new(),
            threads: BTreeMap::new(),
            alike: Vec::new(),
        };
        state.resume(snapshot);
        state
    }

    /// What to name in `resume`: the cursors of the conversations that are pinned or were active last, at most
    /// [`MAX_CURSORS`]. Of the others those that were active meanwhile begin anew.
    pub fn cursors(&self) -> BTreeMap<ConversationId, u64> {
        let mut cursors = BTreeMap::new();
        for id in self.listed().into_iter().take(MAX_CURSORS) {
            cursors.insert(id, self.threads[&id].cursor);
        }
        cursors
    }

    /// Takes in what the server said.
    pub fn apply(&mut self, event: ServerEvent) -> Applied {
        let mut need = Need::Nothing;
        let me = self.me.id;
        let touched = match event {
            ServerEvent::Resumed(snapshot) => {
                self.resume(snapshot);
                Touched::Everything
            }
            ServerEvent::ConversationLoaded { conversation_id, place, messages, has_more } => {
                self.in_thread(conversation_id, |thread| thread.load(place, messages, has_more))
            }
            ServerEvent::MessagesFound { conversation_id, messages } => {
                self.in_thread(conversation_id, |thread| thread.find(messages))
            }
            ServerEvent::NewMessage { message } | ServerEvent::MessageChanged { message } => {
                let id = message.conversation_id;
                need = Need::CatchUp;
                self.in_thread(id, |thread| need = thread.advance(message, me))
            }
            ServerEvent::MessageAcked {
                id,
                conversation_id,
                seq,
                version,
                created_at,
                attachments,
                mentions,
            } => {
                let acknowledge = |thread: &mut Thread| {
                    need = thread.acknowledge(id, me, (seq, version, created_at), attachments, mentions)
                };
                self.in_thread(conversation_id, acknowledge)
            }
            ServerEvent::ChangeAcked { id, conversation_id, version } => {
                self.in_thread(conversation_id, |thread| need = thread.acknowledge_change(id, version))
            }
            ServerEvent::MessageRefused { id, error } => self.fail(id, Some(error)),
            ServerEvent::FriendRequestReceived { request } => {
                self.requests.incoming.retain(|known| known.user.id != request.user.id);
                self.requests.incoming.insert(0, request);
                Touched::People
            }
            ServerEvent::FriendRequestChanged { requests } => {
                self.requests = requests;
                Touched::People
            }
            ServerEvent::ContactsUpdated { contacts } => {
                self.set_contacts(contacts);
                Touched::People
            }
            ServerEvent::ConversationChanged { conversation, users } => {
                // Whoever is in it is asked no more.
                self.end_invitation(conversation.conversation.id);
                self.take_summary(conversation, false);
                users.into_iter().for_each(|user| self.know(user));
                Touched::Everything
            }
            ServerEvent::GroupChanged { conversation_id, settings } => {
                self.in_thread(conversation_id, |thread| thread.set(settings))
            }
            ServerEvent::PinsChanged { conversation_id, pins, version } => {
                self.in_thread(conversation_id, |thread| need = thread.set_pins(pins, version))
            }
            ServerEvent::Invited { invitation } => {
                self.end_invitation(invitation.conversation_id);
                self.invitations.insert(0, invitation);
                Touched::People
            }
            ServerEvent::InvitationEnded { conversation_id } => {
                self.end_invitation(conversation_id);
                Touched::People
            }
            ServerEvent::Blocked { user_id, on } => {
                self.blocked.retain(|blocked| *blocked != user_id);
                self.blocked.extend(on.then_some(user_id));
                Touched::People
            }
            ServerEvent::PrefsChanged { conversation_id, prefs } => {
                self.in_thread(conversation_id, |thread| thread.keep(prefs))
            }
            ServerEvent::UserChanged { user } => {
                self.know(user);
                Touched::People
            }
            ServerEvent::ConversationRemoved { conversation_id } => {
                self.threads.remove(&conversation_id);
                Touched::Everything
            }
            ServerEvent::PresenceChanged { user_id, online, last_seen } => {
                if let Some(contact) = self.contacts.get_mut(&user_id) {
                    contact.online = online;
                    contact.last_seen = contact.last_seen.max(last_seen);
                }
                Touched::People
            }
            ServerEvent::ReadCursorMoved { conversation_id, user_id, seq, unread } => {
                self.in_thread(conversation_id, |thread| thread.move_read_cursor(user_id, me, seq, unread))
            }
            // What passes by itself is no state.
            ServerEvent::Typing { .. }
            | ServerEvent::Error { .. }
            | ServerEvent::GoingAway { .. }
            | ServerEvent::Alive {}
            | ServerEvent::Unknown => Touched::Nothing,
        };
        Applied { need, touched }
    }

    /// Takes in what the person did here, to be shown at once and sent.
    pub fn compose(&mut self, conversation: ConversationId, outgoing: Outgoing) -> Touched {
        self.in_thread(conversation, |thread| thread.compose(outgoing))
    }

    /// Takes in what was done here before this page, or in another tab, or its newer state; what is
    /// stored by now is passed over. [`Touched::Nothing`]: there is no such conversation.
    pub fn restore(&mut self, conversation: ConversationId, outgoing: Outgoing) -> Touched {
        self.in_thread(conversation, |thread| thread.restore(outgoing))
    }

    /// Shows at once what the viewer wants to be otherwise of a conversation; returns what they kept of it before, for
    /// [`Self::take_back`]. `None`: there is no such conversation.
    pub fn prefer(
        &mut self,
        conversation: ConversationId,
        change: PrefsChange,
        now: Timestamp,
    ) -> Option<Prefs> {
        let thread = self.threads.get_mut(&conversation)?;
        let before = thread.prefs;
        thread.prefer(change, now);
        Some(before)
    }

    /// Undoes that, because it was refused, unless something newer is known by now.
    pub fn take_back(&mut self, conversation: ConversationId, before: Prefs) -> Touched {
        self.in_thread(conversation, |thread| thread.prefs.take_back(before))
    }

    /// Everything that waits to be sent, or was refused.
    pub fn outgoing(&self) -> impl Iterator<Item = (ConversationId, &Outgoing)> {
        self.threads.iter().flat_map(|(id, thread)| thread.outbox.iter().map(|message| (*id, message)))
    }

    /// Sends again what was refused.
    pub fn retry(&mut self, id: MessageId) -> Touched {
        self.fail(id, None)
    }

    /// What cannot be sent as it is, and why: one of its files was refused.
    pub fn refuse(&mut self, id: MessageId, error: AppError) -> Touched {
        self.fail(id, Some(error))
    }

    /// A file that messages wait for is at the server, which calls it `stored`.
    pub fn file_came(&mut self, file: FileId, stored: FileId) -> Touched {
        let mut waiting = self.threads.iter_mut();
        let held = waiting.find_map(|(of, thread)| thread.file_came(file, stored).then_some(*of));
        held.map_or(Touched::Nothing, Touched::Thread)
    }

    /// Forgets what was never stored; the person decided so.
    pub fn discard(&mut self, id: MessageId) -> Touched {
        let held = self.threads.iter_mut().find_map(|(of, thread)| thread.settle(id).then_some(*of));
        held.map_or(Touched::Nothing, Touched::Thread)
    }

    /// Lets go of older messages of a conversation that nobody looks at any more.
    pub fn rest(&mut self, conversation: ConversationId) -> Touched {
        let me = self.me.id;
        self.in_thread(conversation, |thread| thread.rest(me))
    }

    /// Looks at the newest messages again.
    pub fn leave_window(&mut self, conversation: ConversationId) -> Touched {
        match self.threads.get_mut(&conversation).is_some_and(Thread::leave_window) {
            true => Touched::Thread(conversation),
            false => Touched::Nothing,
        }
    }

    /// What somebody is called: the viewer, a contact, or anybody else that the device has heard of.
    pub fn name_of(&self, user: UserId) -> Option<&str> {
        let others = || self.users.iter().find(|known| known.id == user).map(User::name);
        let contact = self.contacts.get(&user).map(Contact::name);
        (user == self.me.id).then(|| self.me.name()).or(contact).or_else(others)
    }

    /// The username of anybody whom [`Self::name_of`] can name.
    pub fn username_of(&self, user: UserId) -> Option<&Username> {
        let others = || self.users.iter().find(|known| known.id == user).map(|known| &known.username);
        let contact = self.contacts.get(&user).map(|contact| &contact.username);
        (user == self.me.id).then_some(&self.me.username).or(contact).or_else(others)
    }

    /// What a contact is called where their name stands alone: with the username where another contact's
    /// name looks the same.
    pub fn label(&self, contact: &Contact) -> String {
        match self.alike.contains(&contact.id) {
            true => format!("{} ({})", contact.name(), contact.username),
            false => contact.name().to_owned(),
        }
    }

    /// The direct conversation's other member, while they are a contact.
    pub fn contact_in(&self, conversation: ConversationId) -> Option<&Contact> {
        let conversation = &self.threads.get(&conversation)?.conversation;
        let is_direct = conversation.kind == ConversationKind::Direct;
        let other = conversation.members.iter().find(|member| is_direct && **member != self.me.id)?;
        self.contacts.get(other)
    }

    /// What a conversation is called: what a group is, or the contact. `None`: they are a contact no more.
    pub fn title(&self, conversation: &Conversation) -> Option<String> {
        match conversation.kind {
            ConversationKind::Group => Some(conversation.name.clone().unwrap_or_default()),
            ConversationKind::Direct => self.contact_in(conversation.id).map(|contact| self.label(contact)),
        }
    }

    /// Conversations for a list, those in the archive among them: those that are pinned, as they were pinned, then the
    /// one with the newest activity.
    pub fn listed(&self) -> Vec<ConversationId> {
        let mut ids: Vec<_> = self.threads.iter().map(|(id, thread)| (thread.place(), *id)).collect();
        ids.sort_unstable_by(|a, b| b.cmp(a));
        ids.into_iter().map(|(_, id)| id).collect()
    }

    /// How much the viewer has not read of what is neither silent at this moment nor in the archive.
    pub fn unread(&self, now: Timestamp) -> u64 {
        self.threads.values().map(|thread| thread.calls(self.me.id, now)).sum()
    }

    /// When the next silence ends after a moment, if any does by itself.
    pub fn unmuted_at(&self, now: Timestamp) -> Option<Timestamp> {
        let ends = self.threads.values().filter_map(|thread| thread.prefs.muted_until);
        ends.filter(|until| *until > now && *until < ALWAYS).min()
    }

    fn resume(&mut self, snapshot: Snapshot) {
        self.me = snapshot.me;
        self.requests = snapshot.requests;
        self.invitations = snapshot.invitations;
        self.blocked = snapshot.blocked;
        self.set_contacts(snapshot.contacts);
        self.users = snapshot.users;
        // Looked through for each conversation: they are few, and a map of its own would weigh more in the page.
        let is_there = |id| snapshot.conversations.iter().any(|summary| summary.conversation.id == id);
        self.threads.retain(|id, _| is_there(*id));
        let missed = |id| snapshot.missed.iter().filter(move |message| message.conversation_id == id);
        for summary in snapshot.conversations {
            let (id, head) = (summary.conversation.id, summary.head);
            // Only a device that named a cursor is told what it missed.
            let has_all = self.threads.get(&id).is_some_and(|thread| thread.cursor == head);
            let caught_up = (has_all || (self.threads.contains_key(&id) && missed(id).next().is_some()))
                && !snapshot.stale.contains(&id);
            let prefs = summary.prefs;
            self.take_summary(summary, !caught_up);
            let Some(thread) = self.threads.get_mut(&id) else { continue };
            // Also where it counts from its beginning again, since the viewer has left and come back.
            thread.prefs = prefs;
            if caught_up {
                // What was missed reaches the head, and only that may move the cursor: nothing is
                // told of a conversation that became known after the cursors were named.
                for message in missed(id) {
                    thread.cursor = thread.cursor.max(message.version);
                    // What the summary did not know yet.
                    if message.version > head {
                        thread.uncount(message, self.me.id);
                        thread.change_members(message);
                        thread.repin(message);
                        thread.mention(message, self.me.id);
                    }
                    thread.upsert(message.clone());
                }
            }
        }
    }

    fn end_invitation(&mut self, group: ConversationId) {
        self.invitations.retain(|invitation| invitation.conversation_id != group);
    }

    /// Takes in what somebody is called now, wherever they stand.
    fn know(&mut self, user: User) {
        if user.id == self.me.id {
            self.me = user;
            return;
        }
        let requests = self.requests.incoming.iter_mut().chain(&mut self.requests.outgoing);
        for request in requests.filter(|request| request.user.id == user.id) {
            request.user = user.clone();
        }
        match self.contacts.get_mut(&user.id) {
            Some(contact) => {
                contact.username = user.username;
                contact.display_name = user.display_name;
                self.compare_names();
            }
            None => {
                self.users.retain(|known| known.id != user.id);
                self.users.push(user);
            }
        }
    }

    fn set_contacts(&mut self, contacts: Vec<Contact>) {
        self.contacts.clear();
        for contact in contacts {
            self.contacts.insert(contact.id, contact);
        }
        self.compare_names();
    }

    fn compare_names(&mut self) {
        // Each with each: a look is a number, and a sort would weigh more in the page than all of this.
        let looks: Vec<u64> = self.contacts.values().map(|contact| look(contact.name())).collect();
        let is_double = |look: &u64| looks.iter().filter(|other| *other == look).nth(1).is_some();
        let ids = self.contacts.keys().zip(&looks);
        self.alike = ids.filter(|(_, look)| is_double(look)).map(|(id, _)| *id).collect();
    }

    /// Begins a thread with its summary, or brings a known one up to date.
    fn take_summary(&mut self, summary: Summary, anew: bool) {
        let thread = self.threads.entry(summary.conversation.id);
        thread.or_insert_with(|| Thread::new(summary.conversation.clone())).take_summary(summary, anew);
    }

    fn fail(&mut self, id: MessageId, error: Option<AppError>) -> Touched {
        let held =
            self.threads.iter_mut().find_map(|(of, thread)| thread.fail(id, error.clone()).then_some(*of));
        held.map_or(Touched::Nothing, Touched::Thread)
    }

    fn in_thread(&mut self, id: ConversationId, change: impl FnOnce(&mut Thread)) -> Touched {
        let Some(thread) = self.threads.get_mut(&id) else { return Touched::Nothing };
        change(thread);
        Touched::Thread(id)
    }
}
