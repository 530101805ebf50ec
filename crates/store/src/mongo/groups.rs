//! Who belongs to a group: what the newest message about its members says.
//!
//! Whoever joins or leaves is one document like every other change: the message that says so, with
//! all members from there on. It takes the conversation's next number, so of two changes at the
//! same moment one has seen the other. Older such messages say nothing any more and are relieved
//! of their lists, which may be left undone: the newest counts.

use super::error::damaged;
use super::{
    Db,
    conversations::Known,
    documents::{MemberDocument, MessageDocument, Stored, number, number_of},
    erasure,
    error::{Failure, READ, answered},
    group_invitations, invitations,
    lanes::Lanes,
    messages, preferences,
    tries::Tries,
    users,
};
use crate::{GroupChange, Membership, Result, StoreError, clock};
use futures::TryStreamExt;
use model::{
    content::System,
    group::{GroupName, Role, Roles},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, ConversationKind, MAX_MEMBERS, MAX_PAGE, Message, PageRequest},
    time::Timestamp,
};
use mongodb::{
    bson::{Document, deserialize_from_document, doc, serialize_to_document},
    options::ReadConcern,
};
use std::{collections::BTreeMap, sync::Arc};

/// What came of an attempt.
enum Attempt {
    Said(Arc<Message>),
    Unchanged,
    Refused(StoreError),
}

/// The group, if anybody belongs to it.
pub(super) async fn find(
    db: &Db,
    id: ConversationId,
    as_of: ReadConcern,
) -> std::result::Result<Option<Known>, Failure> {
    let newest = newest(db, doc! { "group": id.bson() }, as_of).await?;
    newest.into_values().next().map_or(Ok(None), known)
}

/// How many a user is in, with those whose outdated lists of members still name them.
pub(super) async fn count(db: &Db, user: UserId) -> std::result::Result<u64, Failure> {
    answered(db.messages.count_documents(doc! { "members.user": user.bson() }).max_time(READ)).await
}

/// The groups of a user, in no special order.
pub(super) async fn of(db: &Db, user: UserId) -> std::result::Result<Vec<Known>, Failure> {
    let named = newest(db, doc! { "members.user": user.bson() }, db.durable.clone()).await?;
    let ids: Vec<_> = named.into_keys().collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    // A message that names them may not be the newest.
    let groups = newest(
        db,
        doc! { "group": { "$in": ids.into_iter().map(Stored::bson).collect::<Vec<_>>() } },
        db.durable.clone(),
    )
    .await?;
    let groups: Vec<_> = groups.into_values().map(known).collect::<std::result::Result<_, _>>()?;
    let theirs = |group: &Known| group.conversation.members.contains(&user);
    Ok(groups.into_iter().flatten().filter(theirs).collect())
}

/// Groups that their last member has left and that are not erased yet, each with the message that
/// says so.
pub(super) async fn abandoned(db: &Db) -> std::result::Result<Vec<(ConversationId, MessageId)>, Failure> {
    let empty = doc! { "group": { "$exists": true }, "members": { "$exists": false } };
    let empty = newest(db, empty, db.durable.clone()).await?;
    Ok(empty.into_iter().map(|(id, last)| (id, Stored::of(last.id))).collect())
}

pub(super) async fn create(
    db: Db,
    first: Membership,
    name: Option<GroupName>,
    others: Vec<UserId>,
) -> Result<Arc<Message>> {
    if others.len() >= MAX_MEMBERS {
        return Err(StoreError::Full);
    }
    if !users::stay(&db, &others).await? {
        return Err(StoreError::NotFound);
    }
    let mut tries = Tries::new();
    // Whoever has joined with the same version stands in the order of ids.
    let since: BTreeMap<_, _> =
        [first.member].into_iter().chain(others.iter().copied()).map(|member| (member, 1)).collect();
    let members = since.keys().copied().collect();
    let mut conversation = Conversation::new(first.conversation, ConversationKind::Group, members);
    conversation.name = name.map(String::from);
    conversation.roles = Roles { owner: Some(first.member), admins: Vec::new() };
    let group = Known { conversation, since };
    let said = loop {
        match say(&db, &first, System::Created, 1, &group).await {
            Ok(said) => break said,
            Err(Failure::Duplicate) if !tries.doubtful => return Err(StoreError::IdTaken),
            Err(Failure::Duplicate) => {
                let stored = messages::stored(&db, first.conversation, first.message, &mut tries).await?;
                break stored.ok_or(StoreError::IdTaken)?;
            }
            Err(failure) => tries.after(failure).await?,
        }
    };
    if !users::stay(&db, &others).await? {
        for other in others {
            let out = Membership { member: other, by: other, message: MessageId::new(), ..first };
            if !users::stay(&db, &[other]).await? {
                remove(db.clone(), out).await?;
            }
        }
    }
    Ok(said)
}

/// `None`: they are a member already.
pub(super) async fn add(db: Db, change: Membership) -> Result<Option<Arc<Message>>> {
    if !users::stay(&db, &[change.member]).await? {
        return Err(StoreError::NotFound);
    }
    let said = until_known(&db, &change, || attempt(&db, &change, System::Joined(change.member))).await?;
    if said.is_some() {
        let ended = group_invitations::end(db.clone(), change.conversation, change.member).await;
        left_behind(ended.map(drop));
        // An account that goes leaves the groups that it finds itself in, maybe before this one.
        if !users::stay(&db, &[change.member]).await? {
            remove(db, Membership { by: change.member, message: MessageId::new(), ..change }).await?;
            return Err(StoreError::NotFound);
        }
    }
    Ok(said)
}

/// `None`: it is so already.
pub(super) async fn change(db: Db, by: Membership, what: GroupChange) -> Result<Option<Arc<Message>>> {
    until_known(&db, &by, || attempt_change(&db, &by, &what)).await
}

/// `None`: they are no member.
pub(super) async fn remove(db: Db, change: Membership) -> Result<Option<Arc<Message>>> {
    let said = until_known(&db, &change, || attempt(&db, &change, System::Left(change.member))).await?;
    if said.is_some() {
        left_behind(group_invitations::end_sent(&db, change.conversation, change.member).await);
        left_behind(invitations::delete_links(&db, change.conversation, Some(change.member)).await);
    }
    Ok(said)
}

/// An invitation that should have ended is good no more: whoever reads it looks who is in the group.
fn left_behind(ended: Result<()>) {
    if let Err(error) = ended {
        tracing::warn!(%error, "an invitation into a group is left behind");
    }
}

/// Erases a group, if it is there. Its last message says that everybody has left it, so it is out of reach from
/// one moment on, as one that its last member leaves.
pub(super) async fn erase_all(db: Db, by: Membership) -> Result<()> {
    until_known(&db, &by, || attempt_erasure(&db, &by)).await.map(drop)
}

/// Takes somebody whose account goes out of all groups, with their words and reactions.
pub(super) async fn leave_all(db: &Db, lanes: &Lanes, user: UserId) -> Result<()> {
    let at = clock::now();
    for group in of(db, user).await? {
        let conversation = group.conversation.id;
        // In its lane, where what they are writing meanwhile comes before or not at all.
        let leaving = async {
            erase_words(db, conversation, user, at).await?;
            let message = MessageId::new();
            match remove(db.clone(), Membership { conversation, member: user, by: user, message, at }).await {
                // They have left it meanwhile.
                Err(StoreError::NotFound) => Ok(None),
                left => left,
            }
        };
        lanes.run(conversation, leaving).await?;
    }
    Ok(())
}

async fn erase_words(db: &Db, conversation: ConversationId, user: UserId, at: Timestamp) -> Result<()> {
    let mut after = 0;
    loop {
        let request = PageRequest { after: Some(after), limit: Some(MAX_PAGE), ..PageRequest::default() };
        let page = messages::page(db, conversation, request).await?;
        for message in page.messages {
            after = message.seq;
            let mut now = Some(message);
            while let Some(rest) = now.as_ref().and_then(|message| message.without(user, at)) {
                if messages::commit(db.clone(), rest.clone()).await?.is_some() {
                    break;
                }
                now = messages::by_id(db, conversation, rest.id, db.durable.clone()).await?;
            }
        }
        if !page.has_more {
            return Ok(());
        }
    }
}

async fn until_known<F: Future<Output = std::result::Result<Attempt, Failure>>>(
    db: &Db,
    change: &Membership,
    mut attempt: impl FnMut() -> F,
) -> Result<Option<Arc<Message>>> {
    let mut tries = Tries::new();
    loop {
        if tries.doubtful
            && let Some(said) = messages::stored(db, change.conversation, change.message, &mut tries).await?
        {
            return Ok(Some(said));
        }
        match attempt().await {
            Ok(Attempt::Said(said)) => return Ok(Some(said)),
            Ok(Attempt::Unchanged) => return Ok(None),
            Ok(Attempt::Refused(error)) => return Err(error),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn attempt(db: &Db, change: &Membership, what: System) -> std::result::Result<Attempt, Failure> {
    // The head first: what changes the members after it takes the number that this one wants.
    let head = messages::local_head(db, change.conversation).await?;
    let group = find(db, change.conversation, ReadConcern::local()).await?;
    let leaves = matches!(what, System::Left(_));
    let may =
        |members: &[UserId]| if leaves { members.contains(&change.by) } else { change.may_add(members) };
    let Some(mut group) = group.filter(|group| may(&group.conversation.members)) else {
        return Ok(Attempt::Refused(StoreError::NotFound));
    };
    let members = &mut group.conversation.members;
    if members.contains(&change.member) != leaves {
        return Ok(Attempt::Unchanged);
    }
    if leaves {
        members.retain(|member| *member != change.member);
        group.conversation.roles.forget(change.member);
    } else if members.len() >= MAX_MEMBERS {
        return Ok(Attempt::Refused(StoreError::Full));
    } else {
        members.push(change.member);
        group.since.insert(change.member, head + 1);
    }
    let said = say(db, change, what, head + 1, &group).await?;
    if group.conversation.members.is_empty() {
        erase_abandoned(db, change).await;
    } else if leaves {
        preferences::forget(db, change.conversation, change.member).await;
    }
    Ok(Attempt::Said(said))
}

async fn attempt_erasure(db: &Db, by: &Membership) -> std::result::Result<Attempt, Failure> {
    let head = messages::local_head(db, by.conversation).await?;
    let Some(mut group) = find(db, by.conversation, ReadConcern::local()).await? else {
        return Ok(Attempt::Unchanged);
    };
    group.conversation.members.clear();
    let said = say(db, by, System::Left(by.member), head + 1, &group).await?;
    erase_abandoned(db, by).await;
    Ok(Attempt::Said(said))
}

async fn erase_abandoned(db: &Db, last: &Membership) {
    // Out of reach already; what fails here is completed by the next start.
    if let Err(error) = erasure::erase_group(db, last.conversation, last.message).await {
        tracing::warn!(%error, "an abandoned group is not erased yet");
    }
}

async fn attempt_change(
    db: &Db,
    change: &Membership,
    what: &GroupChange,
) -> std::result::Result<Attempt, Failure> {
    let head = messages::local_head(db, change.conversation).await?;
    let is_theirs = |group: &Known| {
        [change.by, change.member].iter().all(|user| group.conversation.members.contains(user))
    };
    let group = find(db, change.conversation, ReadConcern::local()).await?;
    let Some(mut group) = group.filter(is_theirs) else {
        return Ok(Attempt::Refused(StoreError::NotFound));
    };
    match what.put(&mut group.conversation, change.member) {
        Some(said) => Ok(Attempt::Said(say(db, change, said, head + 1, &group).await?)),
        None => Ok(Attempt::Unchanged),
    }
}

/// Stores the message that says what the group is from now on.
async fn say(
    db: &Db,
    change: &Membership,
    what: System,
    seq: u64,
    group: &Known,
) -> std::result::Result<Arc<Message>, Failure> {
    let said = change.said(what, seq);
    let Conversation { members, name, roles, settings, .. } = &group.conversation;
    let member = |user: &UserId| MemberDocument {
        user: user.field(),
        since: number(group.since.get(user).copied().unwrap_or(seq)),
        role: Some(roles.of(*user)).filter(|role| *role != Role::Member).map(|role| role.word().to_owned()),
    };
    let document = MessageDocument {
        group: Some(change.conversation.field()),
        members: members.iter().map(member).collect(),
        group_name: name.clone(),
        group_settings: serialize_to_document(settings).map_err(damaged)?,
        ..MessageDocument::from(&said)
    };
    answered(db.messages.insert_one(document)).await?;
    let outdated = doc! { "group": change.conversation.bson(), "seq": { "$lt": number(seq) } };
    let relieved = doc! { "$unset": { "group": "", "members": "", "group_name": "", "group_settings": "" } };
    if let Err(error) = answered(db.messages.update_many(outdated, relieved)).await {
        tracing::debug!(?error, "an outdated list of members is left");
    }
    Ok(Arc::new(said))
}

/// Of the messages that match, the newest of each group.
async fn newest(
    db: &Db,
    filter: Document,
    as_of: ReadConcern,
) -> std::result::Result<BTreeMap<ConversationId, MessageDocument>, Failure> {
    let find = db.messages.find(filter).sort(doc! { "seq": 1 }).read_concern(as_of).max_time(READ);
    let found: Vec<MessageDocument> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.into_iter().map(|message| (Stored::of(message.conversation), message)).collect())
}

/// `None`: nobody belongs to it.
fn known(newest: MessageDocument) -> std::result::Result<Option<Known>, Failure> {
    let (mut since, mut roles) = (BTreeMap::new(), Roles::default());
    for member in &newest.members {
        let user = Stored::of(member.user);
        since.insert(user, number_of(member.since)?);
        if let Some(role) = member.role.as_deref().and_then(Role::of) {
            roles.give(user, role);
        }
    }
    let members: Vec<_> = newest.members.into_iter().map(|member| Stored::of(member.user)).collect();
    let conversation = Conversation {
        id: Stored::of(newest.conversation),
        kind: ConversationKind::Group,
        roles: roles.settled(&members),
        members,
        name: newest.group_name,
        settings: deserialize_from_document(newest.group_settings).map_err(damaged)?,
        closed: false,
    };
    Ok((!since.is_empty()).then_some(Known { conversation, since }))
}
