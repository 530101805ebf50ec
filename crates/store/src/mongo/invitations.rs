//! Who may sign up where not everybody may, and links into groups.

use super::{
    Db, MongoStore,
    documents::{Stored, number},
    error::{Failure, READ, answered, damaged},
    groups,
    tries::{Tries, repeated},
    users,
};
use crate::{Invitations, Membership, NewAccount, Result, StoreError};
use futures::TryStreamExt;
use model::{
    id::{ConversationId, UserId},
    invitation::{Invitation, InvitationToken},
    message::Message,
    time::Timestamp,
    user::User,
};
use mongodb::bson::{DateTime, Document, Uuid, doc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What lets people sign up or into a group, in `invitations`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InvitationDocument {
    #[serde(rename = "_id")]
    token: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_by: Option<Uuid>,
    /// The group that it leads into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<Uuid>,
    /// How many accounts can still be made, or people join, with it.
    left: i64,
    /// The accounts that were, or the messages that say who has joined.
    used_by: Vec<Uuid>,
    created_at: DateTime,
    expires_at: DateTime,
}

impl From<Invitation> for InvitationDocument {
    fn from(invitation: Invitation) -> Self {
        Self {
            token: invitation.token.field(),
            made_by: invitation.made_by.map(Stored::field),
            group: invitation.group.map(Stored::field),
            left: i64::from(invitation.uses - invitation.used),
            used_by: Vec::new(),
            created_at: invitation.created_at.field(),
            expires_at: invitation.expires_at.field(),
        }
    }
}

impl InvitationDocument {
    fn invitation(self) -> std::result::Result<Invitation, Failure> {
        let used = u32::try_from(self.used_by.len()).map_err(damaged)?;
        let left = u32::try_from(self.left).map_err(damaged)?;
        Ok(Invitation {
            token: Stored::of(self.token),
            made_by: self.made_by.map(Stored::of),
            group: self.group.map(Stored::of),
            uses: left.checked_add(used).ok_or_else(|| damaged("an invitation's uses"))?,
            used,
            created_at: Stored::of(self.created_at),
            expires_at: Stored::of(self.expires_at),
        })
    }
}

#[async_trait::async_trait]
impl Invitations for MongoStore {
    async fn create_invitation(&self, invitation: Invitation) -> Result<()> {
        self.write(insert(self.db.clone(), invitation)).await
    }

    async fn invitation(&self, token: InvitationToken, now: Timestamp) -> Result<Option<Invitation>> {
        let found =
            self.read(async { find(&self.db, token).await?.map(InvitationDocument::invitation).transpose() });
        Ok(found.await?.filter(|invitation| invitation.is_good(now)))
    }

    async fn invitations(
        &self,
        made_by: Option<UserId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        let mut of = doc! { "group": { "$exists": false } };
        if let Some(made_by) = made_by {
            of.insert("made_by", made_by.bson());
        }
        self.read(newest(&self.db, of, now, limit)).await
    }

    async fn invite_links(
        &self,
        group: ConversationId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>> {
        self.read(newest(&self.db, doc! { "group": group.bson() }, now, limit)).await
    }

    async fn revoke_invite_link(&self, token: InvitationToken, group: ConversationId) -> Result<bool> {
        self.write(delete(self.db.clone(), doc! { "_id": token.bson(), "group": group.bson() })).await
    }

    async fn join_by_link(&self, token: InvitationToken, change: Membership) -> Result<Option<Arc<Message>>> {
        self.write(self.lanes.run(change.conversation, join(self.db.clone(), token, change))).await
    }

    async fn revoke_invitation(&self, token: InvitationToken, made_by: Option<UserId>) -> Result<bool> {
        let mut theirs = doc! { "_id": token.bson() };
        if let Some(made_by) = made_by {
            theirs.insert("made_by", made_by.bson());
        }
        self.write(delete(self.db.clone(), theirs)).await
    }

    async fn create_invited_user(&self, new: NewAccount, token: InvitationToken) -> Result<User> {
        self.write(insert_invited(self.db.clone(), new, token)).await
    }
}

async fn insert(db: Db, invitation: Invitation) -> Result<()> {
    let ended = doc! { "expires_at": { "$lte": invitation.created_at.bson() } };
    repeated(|| async { answered(db.invitations.delete_many(ended.clone())).await }).await?;
    let document = InvitationDocument::from(invitation);
    let mut tries = Tries::new();
    loop {
        match answered(db.invitations.insert_one(&document)).await {
            Ok(_) => return Ok(()),
            // The token is new, so if it is there, an earlier attempt of this call has put it there.
            Err(Failure::Duplicate) if tries.doubtful => return Ok(()),
            Err(Failure::Duplicate) => return Err(StoreError::Broken("a token was given twice".into())),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn find(db: &Db, token: InvitationToken) -> std::result::Result<Option<InvitationDocument>, Failure> {
    answered(db.invitations.find_one(doc! { "_id": token.bson() }).max_time(READ)).await
}

async fn newest(
    db: &Db,
    mut good: Document,
    now: Timestamp,
    limit: usize,
) -> std::result::Result<Vec<Invitation>, Failure> {
    good.extend(doc! { "expires_at": { "$gt": now.bson() }, "left": { "$gt": 0 } });
    let find = db.invitations.find(good).sort(doc! { "created_at": -1, "_id": 1 });
    let find = find.limit(number(limit as u64)).max_time(READ);
    let found: Vec<InvitationDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(InvitationDocument::invitation).collect()
}

async fn delete(db: Db, theirs: Document) -> Result<bool> {
    let mut tries = Tries::new();
    loop {
        match answered(db.invitations.delete_one(theirs.clone())).await {
            // An attempt whose answer was lost may have deleted it.
            Ok(outcome) => return Ok(tries.doubtful || outcome.deleted_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

/// Deletes those that a user has made.
pub(super) async fn delete_of(db: &Db, user: UserId) -> Result<()> {
    let theirs = || doc! { "made_by": user.bson() };
    repeated(|| async { answered(db.invitations.delete_many(theirs())).await }).await.map(drop)
}

/// Deletes the links into a group that a member who leaves it has made, or with `None` all of them.
pub(super) async fn delete_links(db: &Db, group: ConversationId, made_by: Option<UserId>) -> Result<()> {
    let mut links = doc! { "group": group.bson() };
    if let Some(made_by) = made_by {
        links.insert("made_by", made_by.bson());
    }
    repeated(|| async { answered(db.invitations.delete_many(links.clone())).await }).await.map(drop)
}

/// The use is taken first, under the name of the message that says who has joined: somebody may leave and come
/// again.
async fn join(db: Db, token: InvitationToken, change: Membership) -> Result<Option<Arc<Message>>> {
    let leads_there =
        find(&db, token).await?.is_some_and(|link| link.group == Some(change.conversation.field()));
    if !leads_there || !use_up(&db, token, change.message.field(), change.at).await? {
        return Err(StoreError::NotInvited);
    }
    let outcome = groups::add(db.clone(), change).await;
    if matches!(outcome, Ok(None) | Err(StoreError::Full | StoreError::NotFound)) {
        give_back(&db, token, change.message.field()).await?;
    }
    outcome
}

/// The use is taken first: nobody gets in who was not invited.
async fn insert_invited(db: Db, new: NewAccount, token: InvitationToken) -> Result<User> {
    let id = new.id;
    if !use_up(&db, token, id.field(), new.created_at).await? {
        return Err(StoreError::NotInvited);
    }
    let outcome = users::insert(db.clone(), new).await;
    if outcome == Err(StoreError::UsernameTaken) {
        give_back(&db, token, id.field()).await?;
    }
    outcome
}

async fn give_back(db: &Db, token: InvitationToken, id: Uuid) -> Result<()> {
    let is_used = || doc! { "_id": token.bson(), "used_by": id };
    let given_back = || doc! { "$inc": { "left": 1 }, "$pull": { "used_by": id } };
    repeated(|| async { answered(db.invitations.update_one(is_used(), given_back())).await }).await.map(drop)
}

/// Counts a use under a new id. `false`: the invitation is not good.
async fn use_up(db: &Db, token: InvitationToken, id: Uuid, now: Timestamp) -> Result<bool> {
    let is_good = doc! {
        "_id": token.bson(),
        "expires_at": { "$gt": now.bson() },
        "left": { "$gt": 0 },
        "used_by": { "$ne": id },
    };
    let count = doc! { "$inc": { "left": -1 }, "$push": { "used_by": id } };
    let mut tries = Tries::new();
    loop {
        match answered(db.invitations.update_one(is_good.clone(), count.clone())).await {
            // An attempt whose answer was lost may have counted it already.
            Ok(outcome) if outcome.matched_count == 0 && tries.doubtful => {
                let found = find(db, token).await?;
                return Ok(found.is_some_and(|found| found.used_by.contains(&id)));
            }
            Ok(outcome) => return Ok(outcome.matched_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}
