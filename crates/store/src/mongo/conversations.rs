//! Conversations and how a list shows them. A direct one is there as long as a friendship names
//! it, a group as long as the newest message about its members names any; neither needs a document
//! of its own.

use super::{
    Db, MongoStore,
    documents::{Stored, state_word},
    error::{Failure, READ, answered},
    friendships, groups, messages, preferences, read_cursors,
};
use crate::{Conversations, GroupChange, Membership, Result};
use futures::{StreamExt, TryStreamExt, future::ready, stream};
use model::{
    friendship::{Friendship, State},
    group::GroupName,
    id::{ConversationId, UserId},
    message::{Conversation, ConversationKind, Message, Summary},
};
use mongodb::{bson::doc, options::ReadConcern};
use std::{collections::BTreeMap, sync::Arc};

/// How many summaries are put together at the same time.
const AT_ONCE: usize = 8;
/// How often one is put together at most, where messages come faster than it can be.
const TRIES: usize = 4;

#[async_trait::async_trait]
impl Conversations for MongoStore {
    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        let known = self.read(find(&self.db, id, self.db.durable.clone())).await?;
        Ok(known.map(|known| known.conversation))
    }

    async fn summaries(&self, viewer: UserId) -> Result<Vec<Summary>> {
        self.read(summarize_all(&self.db, viewer)).await
    }

    async fn summary(&self, id: ConversationId, viewer: UserId) -> Result<Option<Summary>> {
        self.read(summarize(&self.db, id, viewer)).await
    }

    async fn create_group(
        &self,
        first: Membership,
        name: Option<GroupName>,
        others: Vec<UserId>,
    ) -> Result<Arc<Message>> {
        self.write(groups::create(self.db.clone(), first, name, others)).await
    }

    async fn add_member(&self, change: Membership) -> Result<Option<Arc<Message>>> {
        self.write(self.lanes.run(change.conversation, groups::add(self.db.clone(), change))).await
    }

    async fn change_group(&self, change: Membership, what: GroupChange) -> Result<Option<Arc<Message>>> {
        self.write(self.lanes.run(change.conversation, groups::change(self.db.clone(), change, what))).await
    }

    async fn remove_member(&self, change: Membership) -> Result<Option<Arc<Message>>> {
        self.write(self.lanes.run(change.conversation, groups::remove(self.db.clone(), change))).await
    }

    async fn count_groups(&self, user: UserId) -> Result<u64> {
        self.read(groups::count(&self.db, user)).await
    }

    async fn joined(&self, group: ConversationId) -> Result<BTreeMap<UserId, u64>> {
        let known = self.read(groups::find(&self.db, group, self.db.durable.clone())).await?;
        Ok(known.map(|known| known.since).unwrap_or_default())
    }

    async fn erase_group(&self, by: Membership) -> Result<()> {
        self.write(self.lanes.run(by.conversation, groups::erase_all(self.db.clone(), by))).await
    }
}

/// A conversation, and since which seq each member of a group belongs to it.
pub(super) struct Known {
    pub(super) conversation: Conversation,
    pub(super) since: BTreeMap<UserId, u64>,
}

/// The conversation with its members.
pub(super) async fn find(
    db: &Db,
    id: ConversationId,
    as_of: ReadConcern,
) -> std::result::Result<Option<Known>, Failure> {
    let friendship = db.friendships.find_one(doc! { "conversation": id.bson() }).read_concern(as_of.clone());
    match answered(friendship.max_time(READ)).await? {
        Some(document) => Ok(direct(&document.record()?)),
        None => groups::find(db, id, as_of).await,
    }
}

/// Whether `user` belongs to it as of now, with changes that no majority has yet; nobody belongs
/// to one that does not exist.
pub(super) async fn is_member_now(
    db: &Db,
    id: ConversationId,
    user: UserId,
) -> std::result::Result<bool, Failure> {
    let known = find(db, id, ReadConcern::local()).await?;
    Ok(known.is_some_and(|known| known.conversation.members.contains(&user)))
}

async fn summarize_all(db: &Db, viewer: UserId) -> std::result::Result<Vec<Summary>, Failure> {
    let contacts = doc! { "users": viewer.bson(), "state": state_word(State::Contacts) };
    let mut all: Vec<_> = friendships::select(db, contacts).await?.iter().filter_map(direct).collect();
    all.extend(groups::of(db, viewer).await?);
    let summaries = all.into_iter().map(|known| complete(db.clone(), known, viewer));
    let summaries = stream::iter(summaries.collect::<Vec<_>>()).buffer_unordered(AT_ONCE);
    summaries.try_filter_map(|summary| ready(Ok(summary))).try_collect().await
}

async fn summarize(
    db: &Db,
    id: ConversationId,
    viewer: UserId,
) -> std::result::Result<Option<Summary>, Failure> {
    let known = find(db, id, db.durable.clone()).await?;
    let Some(known) = known.filter(|known| known.conversation.members.contains(&viewer)) else {
        return Ok(None);
    };
    complete(db.clone(), known, viewer).await
}

/// A handful of look-ups by index, however long the conversation is, and once more where it has
/// changed between them: what is told must belong together. `None`: the viewer has left meanwhile.
async fn complete(db: Db, mut known: Known, viewer: UserId) -> std::result::Result<Option<Summary>, Failure> {
    let id = known.conversation.id;
    let mut head = messages::head(&db, id).await?;
    let mut tries = TRIES;
    loop {
        if known.conversation.kind == ConversationKind::Group {
            let group = groups::find(&db, id, db.durable.clone()).await?;
            let group = group.filter(|group| group.conversation.members.contains(&viewer));
            let Some(group) = group else { return Ok(None) };
            known = group;
        }
        let summary = assemble(&db, &known, viewer, head).await?;
        let now = messages::head(&db, id).await?;
        tries -= 1;
        if now == head || tries == 0 {
            return Ok(Some(summary));
        }
        head = now;
    }
}

/// The head came first: what is stored meanwhile lies beyond it, and a device asks for that. Unread
/// messages are counted up to the newest one that is shown.
async fn assemble(
    db: &Db,
    known: &Known,
    viewer: UserId,
    head: u64,
) -> std::result::Result<Summary, Failure> {
    let conversation = known.conversation.clone();
    let id = conversation.id;
    let mut read = read_cursors::of(db, id).await?;
    read.retain(|user, _| conversation.members.contains(user));
    for (user, joined) in &known.since {
        let cursor = read.entry(*user).or_default();
        *cursor = (*joined).max(*cursor);
    }
    let last_message = messages::newest(db, id).await?;
    let cursor = read.get(&viewer).copied().unwrap_or(0);
    let unread = match &last_message {
        Some(newest) if newest.seq > cursor => {
            messages::count_unread(db, id, viewer, cursor, newest.seq).await?
        }
        Some(_) | None => 0,
    };
    let mentions = match &last_message {
        Some(newest) if unread > 0 => messages::mentions(db, id, viewer, cursor, newest.seq).await?,
        Some(_) | None => Vec::new(),
    };
    let from = match conversation.hides_history() {
        true => known.since.get(&viewer).copied().unwrap_or(u64::MAX),
        false => 0,
    };
    let pins = messages::pin_ids(db, id, from).await?;
    let prefs = preferences::of(db, known, viewer).await?.settled(last_message.as_deref());
    Ok(Summary { conversation, head, read, unread, last_message, pins, mentions, prefs })
}

fn direct(record: &Friendship) -> Option<Known> {
    let members = vec![record.pair.min, record.pair.max];
    let mut conversation = Conversation::new(record.conversation?, ConversationKind::Direct, members);
    conversation.closed = record.is_blocked();
    Some(Known { conversation, since: BTreeMap::new() })
}
