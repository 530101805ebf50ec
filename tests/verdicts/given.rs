//! Two devices, one conversation, two messages: all well. Or a group, in which more happens.

use crate::judge::{
    About, Belongs, Deed, Entry, Fault, Glance, How, Kept, KeptFile, Promise, State, Talk, What, judge,
};
use model::{
    content::{Content, System},
    file::{Attachment, FileName, MediaType},
    group::{Roles, Settings},
    id::{ConversationId, FileId, MessageId, UserId},
    message::{Message, Reaction},
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};
use uuid::Uuid;

pub const TALK: ConversationId = ConversationId(Uuid::from_u128(1));
pub const ANNA: UserId = UserId(Uuid::from_u128(11));
pub const BEN: UserId = UserId(Uuid::from_u128(12));
pub const CLEO: UserId = UserId(Uuid::from_u128(13));

pub fn id(number: u128) -> MessageId {
    MessageId(Uuid::from_u128(100 + number))
}

pub fn message(number: u128, seq: u64, sender: UserId) -> Arc<Message> {
    let content = Content::text(format!("text {number}"));
    Arc::new(Message::new(id(number), TALK, seq, sender, content, Timestamp(0)))
}

pub fn begun(device: &str, number: u128) -> Entry {
    let body = format!("text {number}");
    entry(device, What::Begun { conversation: TALK, id: id(number), body, file: None })
}

pub fn acked(device: &str, number: u128, seq: u64) -> Entry {
    entry(device, What::Acked { conversation: TALK, id: id(number), seq })
}

pub const FILE: FileId = FileId(Uuid::from_u128(31));
/// What it adds up to.
pub const DIGEST: &str = "5fd924625f6ab16a19cc9807c7c506ae1813490e4ba675f843d5a10e0baacdb8";

/// A message with the file.
pub fn message_with_file(number: u128, seq: u64, sender: UserId) -> Arc<Message> {
    let attachment = Attachment {
        file: FILE,
        name: FileName::of("duck"),
        size: 7,
        kind: MediaType::of(MediaType::UNKNOWN),
        width: None,
        height: None,
        duration: None,
        placeholder: None,
        alt: None,
    };
    let content =
        Content::Text { body: format!("text {number}"), attachments: vec![attachment], edited_at: None };
    Arc::new(Message { content, ..Message::clone(&message(number, seq, sender)) })
}

/// It is sent, beside the socket.
pub fn begun_with_file(device: &str, number: u128) -> Entry {
    let body = format!("text {number}");
    entry(device, What::Begun { conversation: TALK, id: id(number), body, file: Some(FILE) })
}

pub fn uploaded(device: &str) -> Entry {
    entry(device, What::Uploaded { file: FILE, sha256: DIGEST.into() })
}

/// The file as it should be.
pub fn kept(belongs: Belongs) -> KeptFile {
    KeptFile { belongs, sha256: Some(DIGEST.into()) }
}

/// A message as Anna wrote it.
pub fn heard(device: &str, number: u128, seq: u64) -> Entry {
    heard_of(device, &message(number, seq, ANNA))
}

pub fn heard_of(device: &str, message: &Message) -> Entry {
    let Message { id, seq, version, .. } = *message;
    entry(device, What::Heard { conversation: TALK, id, seq, version, state: State::of(message) })
}

/// What the server noted as `seq`.
pub fn noted(seq: u64, by: UserId, what: System) -> Arc<Message> {
    Arc::new(Message::new(id(1000 + u128::from(seq)), TALK, seq, by, Content::System(what), Timestamp(0)))
}

/// A change of a message is sent; `number` names it.
pub fn changing(device: &str, number: u128, message: u128, how: How) -> Entry {
    entry(device, What::Changing { conversation: TALK, id: id(number), message: id(message), how })
}

pub fn changed(device: &str, number: u128, version: u64) -> Entry {
    entry(device, What::Changed { conversation: TALK, id: id(number), version })
}

pub fn asked(device: &str, number: u128, deed: Deed) -> Entry {
    entry(device, What::Asked { conversation: TALK, id: id(number), deed })
}

pub fn done(device: &str, number: u128, head: Option<u64>) -> Entry {
    entry(device, What::Done { conversation: TALK, id: id(number), head })
}

pub fn read(device: &str, user: UserId, seq: u64) -> Entry {
    entry(device, What::Read { conversation: TALK, user, seq })
}

pub fn resumed(device: &str, head: u64, read: &[(UserId, u64)]) -> Entry {
    let glance = Glance { head, read: read.iter().copied().collect() };
    entry(device, What::Resumed { talks: BTreeMap::from([(TALK, glance)]) })
}

pub fn entry(device: &str, what: What) -> Entry {
    Entry { device: device.into(), what }
}

/// A run that went well; what a test breaks.
pub struct Run {
    pub history: Vec<Entry>,
    pub talk: Talk,
    /// What each device holds in the end.
    pub ends: BTreeMap<&'static str, Talk>,
    /// What is kept of files.
    pub files: BTreeMap<FileId, KeptFile>,
}

impl Run {
    /// Anna writes 1, which is stored as 1; then Ben, who has read it, writes 2.
    pub fn good() -> Self {
        let talk = Talk {
            about: about(false, &[ANNA, BEN], Roles::default()),
            joined: BTreeMap::new(),
            head: 2,
            messages: vec![message(1, 1, ANNA), message(2, 2, BEN)],
            read: BTreeMap::from([(BEN, 1)]),
        };
        let history = vec![
            entry("anna-1", What::Came { user: ANNA }),
            entry("ben-1", What::Came { user: BEN }),
            entry("anna-1", What::Connected),
            entry("ben-1", What::Connected),
            resumed("anna-1", 0, &[]),
            resumed("ben-1", 0, &[]),
            begun("anna-1", 1),
            acked("anna-1", 1, 1),
            heard("ben-1", 1, 1),
            entry("ben-1", What::Seen { conversation: TALK, seq: 1 }),
            read("anna-1", BEN, 1),
            begun("ben-1", 2),
            heard_of("anna-1", &message(2, 2, BEN)),
            acked("ben-1", 2, 2),
        ];
        let ends = BTreeMap::from([("anna-1", talk.clone()), ("ben-1", talk.clone())]);
        Self { history, ends, talk, files: BTreeMap::new() }
    }

    /// The same, and then Anna sends a file as 3.
    pub fn with_file() -> Self {
        let mut run = Self::good();
        run.history.extend([uploaded("anna-1"), begun_with_file("anna-1", 3), acked("anna-1", 3, 3)]);
        run.everywhere(|talk| {
            talk.messages.push(message_with_file(3, 3, ANNA));
            talk.head = 3;
        });
        run.files.insert(FILE, kept(Belongs::Message(TALK, id(3))));
        run
    }

    /// Anna has made a group with Ben and writes 2; she adds Cleo as 3, and Ben writes 4. He reacts to it as 5
    /// and takes his words back as 6. Cleo leaves as 7, and Anna writes 8.
    pub fn of_group() -> Self {
        let roles = Roles::default().settled(&[ANNA]);
        let deleted = Message {
            version: 6,
            content: Content::Deleted { at: Timestamp(0) },
            ..Message::clone(&message(4, 4, BEN))
        };
        let [first, last] = [message(2, 2, ANNA), message(8, 8, ANNA)];
        let notes = [
            noted(1, ANNA, System::Created),
            noted(3, ANNA, System::Joined(CLEO)),
            noted(7, CLEO, System::Left(CLEO)),
        ];
        let [made, joined, left] = notes;
        let talk = Talk {
            about: about(true, &[ANNA, BEN], roles),
            joined: BTreeMap::from([(ANNA, 1), (BEN, 1)]),
            head: 8,
            messages: vec![made, first, joined, Arc::new(deleted.clone()), left, last],
            read: BTreeMap::new(),
        };
        let reacted =
            Message { version: 5, reactions: reactions(BEN), ..Message::clone(&message(4, 4, BEN)) };
        let history = vec![
            entry("anna-1", What::Came { user: ANNA }),
            entry("ben-1", What::Came { user: BEN }),
            entry("cleo-1", What::Came { user: CLEO }),
            begun("anna-1", 2),
            acked("anna-1", 2, 2),
            heard("ben-1", 2, 2),
            asked("anna-1", 20, Deed::Add(CLEO)),
            heard_of("cleo-1", &noted(3, ANNA, System::Joined(CLEO))),
            done("anna-1", 20, Some(3)),
            begun("ben-1", 4),
            acked("ben-1", 4, 4),
            heard_of("cleo-1", &message(4, 4, BEN)),
            changing("ben-1", 21, 4, How::React { emoji: DUCK.into(), on: true }),
            heard_of("cleo-1", &reacted),
            changed("ben-1", 21, 5),
            changing("ben-1", 22, 4, How::Delete),
            heard_of("anna-1", &deleted),
            changed("ben-1", 22, 6),
            asked("cleo-1", 23, Deed::Remove(CLEO)),
            done("cleo-1", 23, None),
            begun("anna-1", 8),
            acked("anna-1", 8, 8),
        ];
        let ends = BTreeMap::from([("anna-1", talk.clone()), ("ben-1", talk.clone())]);
        Self { history, ends, talk, files: BTreeMap::new() }
    }

    /// The same change in the store and on every device.
    pub fn everywhere(&mut self, change: impl Fn(&mut Talk)) {
        change(&mut self.talk);
        self.ends.values_mut().for_each(change);
    }

    pub fn verdict(&self) -> Vec<Fault> {
        let mut history = self.history.clone();
        history.extend(self.ends.iter().map(|(device, held)| {
            let Talk { about, head, messages, read, .. } = held.clone();
            entry(device, What::Ended { about, cursor: head, read, pins: Vec::new(), messages })
        }));
        judge(
            &history,
            &Kept { talks: BTreeMap::from([(TALK, self.talk.clone())]), files: self.files.clone() },
        )
    }

    /// That exactly this promise is broken, whatever else is.
    #[track_caller]
    pub fn assert_broken(&self, promise: Promise) {
        let faults = self.verdict();
        assert!(!faults.is_empty() && faults.iter().all(|fault| fault.promise == promise), "{faults:?}");
    }
}

pub const DUCK: &str = "🦆";

/// A duck of his.
pub fn reactions(of: UserId) -> Vec<Reaction> {
    vec![Reaction { emoji: DUCK.into(), users: vec![of] }]
}

fn about(is_group: bool, members: &[UserId], roles: Roles) -> About {
    let (members, settings) = (members.to_vec(), Settings::new());
    About { conversation: TALK, is_group, members, name: None, roles, settings }
}
