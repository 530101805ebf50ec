//! Who is asked into groups.

use super::{
    Db, MongoStore,
    documents::Stored,
    error::{Failure, READ, answered},
    tries::{Tries, repeated},
};
use crate::{GroupInvitations, Result, StoreError};
use futures::TryStreamExt;
use model::{
    group_invitation::{Invite, MAX_INVITATIONS, MAX_INVITED},
    id::{ConversationId, UserId},
    time::Timestamp,
};
use mongodb::bson::{Binary, DateTime, Document, Uuid, doc, spec::BinarySubtype};
use serde::{Deserialize, Serialize};

/// Who is asked into a group, in `group_invitations`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InviteDocument {
    #[serde(rename = "_id")]
    id: Binary,
    group: Uuid,
    user: Uuid,
    by: Uuid,
    sent_at: DateTime,
    expires_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    declined_at: Option<DateTime>,
}

impl From<InviteDocument> for Invite {
    fn from(document: InviteDocument) -> Self {
        Self {
            group: Stored::of(document.group),
            user: Stored::of(document.user),
            by: Stored::of(document.by),
            sent_at: Stored::of(document.sent_at),
            expires_at: Stored::of(document.expires_at),
            declined_at: document.declined_at.map(Timestamp::of),
        }
    }
}

impl From<&Invite> for InviteDocument {
    fn from(invite: &Invite) -> Self {
        Self {
            id: key(invite.group, invite.user),
            group: invite.group.field(),
            user: invite.user.field(),
            by: invite.by.field(),
            sent_at: invite.sent_at.field(),
            expires_at: invite.expires_at.field(),
            declined_at: invite.declined_at.map(Stored::field),
        }
    }
}

/// Both ids, the group's first: there is one for each group and person.
fn key(group: ConversationId, user: UserId) -> Binary {
    let bytes = [group.0.into_bytes(), user.0.into_bytes()].concat();
    Binary { subtype: BinarySubtype::Generic, bytes }
}

#[async_trait::async_trait]
impl GroupInvitations for MongoStore {
    async fn invite(&self, new: &Invite) -> Result<bool> {
        self.write(insert(self.db.clone(), new.clone())).await
    }

    async fn invite_of(&self, group: ConversationId, user: UserId) -> Result<Option<Invite>> {
        self.read(find(&self.db, group, user)).await
    }

    async fn invites_for(&self, user: UserId) -> Result<Vec<Invite>> {
        self.read(select(&self.db, doc! { "user": user.bson() }, doc! { "sent_at": -1, "group": 1 })).await
    }

    async fn invites_into(&self, group: ConversationId) -> Result<Vec<Invite>> {
        self.read(select(&self.db, doc! { "group": group.bson() }, doc! { "sent_at": -1, "user": 1 })).await
    }

    async fn decline_invite(&self, group: ConversationId, user: UserId, at: Timestamp) -> Result<bool> {
        self.write(decline(self.db.clone(), group, user, at)).await
    }

    async fn end_invite(&self, group: ConversationId, user: UserId) -> Result<bool> {
        self.write(end(self.db.clone(), group, user)).await
    }
}

async fn insert(db: Db, new: Invite) -> Result<bool> {
    let ended = doc! { "expires_at": { "$lte": new.sent_at.bson() } };
    repeated(|| async { answered(db.group_invitations.delete_many(ended.clone())).await }).await?;
    let document = InviteDocument::from(&new);
    let mut tries = Tries::new();
    loop {
        let stored = find(&db, new.group, new.user).await?;
        let outcome = match &stored {
            // Maybe an earlier attempt of this call has put it there.
            Some(stored) if !stored.gives_way(&new) => return Ok(tries.doubtful && *stored == new),
            Some(stored) => {
                let as_it_was = doc! {
                    "_id": &document.id,
                    "by": stored.by.bson(),
                    "sent_at": stored.sent_at.bson(),
                    "declined_at": stored.declined_at.map(Stored::bson),
                };
                let replaced = answered(db.group_invitations.replace_one(as_it_was, &document)).await;
                replaced.map(|outcome| outcome.matched_count == 1)
            }
            None if is_full(&db, &new).await? => return Err(StoreError::TooManyInvitations),
            None => answered(db.group_invitations.insert_one(&document)).await.map(|_| true),
        };
        match outcome {
            Ok(true) => return Ok(true),
            // Somebody was faster: it is looked at anew, and then is one that stays.
            Ok(false) | Err(Failure::Duplicate) => {}
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn is_full(db: &Db, new: &Invite) -> std::result::Result<bool, Failure> {
    for (of, most) in [
        (doc! { "group": new.group.bson() }, MAX_INVITED),
        (doc! { "user": new.user.bson(), "declined_at": { "$exists": false } }, MAX_INVITATIONS),
    ] {
        let count = answered(db.group_invitations.count_documents(of).limit(most as u64).max_time(READ));
        if count.await? >= most as u64 {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn find(db: &Db, group: ConversationId, user: UserId) -> std::result::Result<Option<Invite>, Failure> {
    let found = db.group_invitations.find_one(doc! { "_id": key(group, user) }).max_time(READ);
    Ok(answered(found).await?.map(Invite::from))
}

async fn select(db: &Db, of: Document, by: Document) -> std::result::Result<Vec<Invite>, Failure> {
    let find = db.group_invitations.find(of).sort(by).max_time(READ);
    let found: Vec<InviteDocument> = answered(async { find.await?.try_collect().await }).await?;
    Ok(found.into_iter().map(Invite::from).collect())
}

async fn decline(db: Db, group: ConversationId, user: UserId, at: Timestamp) -> Result<bool> {
    let waiting = doc! {
        "_id": key(group, user),
        "declined_at": { "$exists": false },
        "expires_at": { "$gt": at.bson() },
    };
    let declined = doc! { "$set": { "declined_at": at.bson() } };
    let mut tries = Tries::new();
    loop {
        match answered(db.group_invitations.update_one(waiting.clone(), declined.clone())).await {
            // An attempt whose answer was lost may have noted it.
            Ok(outcome) => return Ok(tries.doubtful || outcome.matched_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

/// Takes one back, or notes by that that they have joined.
pub(super) async fn end(db: Db, group: ConversationId, user: UserId) -> Result<bool> {
    let mut tries = Tries::new();
    loop {
        match answered(db.group_invitations.delete_one(doc! { "_id": key(group, user) })).await {
            Ok(outcome) => return Ok(tries.doubtful || outcome.deleted_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

/// Those that a member who leaves has sent.
pub(super) async fn end_sent(db: &Db, group: ConversationId, by: UserId) -> Result<()> {
    delete(db, doc! { "group": group.bson(), "by": by.bson() }).await
}

/// All of a group that is erased.
pub(super) async fn end_all(db: &Db, group: ConversationId) -> Result<()> {
    delete(db, doc! { "group": group.bson() }).await
}

/// Those from and to a user who is about to be deleted.
pub(super) async fn delete_of(db: &Db, user: UserId) -> Result<()> {
    delete(db, doc! { "$or": [{ "user": user.bson() }, { "by": user.bson() }] }).await
}

async fn delete(db: &Db, of: Document) -> Result<()> {
    repeated(|| async { answered(db.group_invitations.delete_many(of.clone())).await }).await.map(drop)
}
