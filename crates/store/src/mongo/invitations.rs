//! Who may sign up where not everybody may.

use super::{
    Db, MongoStore,
    documents::{Stored, number},
    error::{Failure, READ, answered, damaged},
    tries::{Tries, repeated},
    users,
};
use crate::{Invitations, NewAccount, Result, StoreError};
use futures::TryStreamExt;
use model::{
    id::UserId,
    invitation::{Invitation, InvitationToken},
    time::Timestamp,
    user::User,
};
use mongodb::bson::{DateTime, Uuid, doc};
use serde::{Deserialize, Serialize};

/// What lets people sign up, in `invitations`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct InvitationDocument {
    #[serde(rename = "_id")]
    token: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    made_by: Option<Uuid>,
    /// How many accounts can still be made with it.
    left: i64,
    /// The accounts that were.
    used_by: Vec<Uuid>,
    created_at: DateTime,
    expires_at: DateTime,
}

impl From<Invitation> for InvitationDocument {
    fn from(invitation: Invitation) -> Self {
        Self {
            token: invitation.token.field(),
            made_by: invitation.made_by.map(Stored::field),
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
        self.read(newest(&self.db, made_by, now, limit)).await
    }

    async fn revoke_invitation(&self, token: InvitationToken, made_by: Option<UserId>) -> Result<bool> {
        self.write(delete(self.db.clone(), token, made_by)).await
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
    made_by: Option<UserId>,
    now: Timestamp,
    limit: usize,
) -> std::result::Result<Vec<Invitation>, Failure> {
    let mut good = doc! { "expires_at": { "$gt": now.bson() }, "left": { "$gt": 0 } };
    if let Some(made_by) = made_by {
        good.insert("made_by", made_by.bson());
    }
    let find = db.invitations.find(good).sort(doc! { "created_at": -1, "_id": 1 });
    let find = find.limit(number(limit as u64)).max_time(READ);
    let found: Vec<InvitationDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(InvitationDocument::invitation).collect()
}

async fn delete(db: Db, token: InvitationToken, made_by: Option<UserId>) -> Result<bool> {
    let mut theirs = doc! { "_id": token.bson() };
    if let Some(made_by) = made_by {
        theirs.insert("made_by", made_by.bson());
    }
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

/// The use is taken first: nobody gets in who was not invited.
async fn insert_invited(db: Db, new: NewAccount, token: InvitationToken) -> Result<User> {
    let id = new.id;
    if !use_up(&db, token, id, new.created_at).await? {
        return Err(StoreError::NotInvited);
    }
    let outcome = users::insert(db.clone(), new).await;
    if outcome == Err(StoreError::UsernameTaken) {
        let is_used = || doc! { "_id": token.bson(), "used_by": id.bson() };
        let give_back = || doc! { "$inc": { "left": 1 }, "$pull": { "used_by": id.bson() } };
        repeated(|| async { answered(db.invitations.update_one(is_used(), give_back())).await }).await?;
    }
    outcome
}

/// Counts a use for a new user. `false`: the invitation is not good.
async fn use_up(db: &Db, token: InvitationToken, id: UserId, now: Timestamp) -> Result<bool> {
    let is_good = doc! {
        "_id": token.bson(),
        "expires_at": { "$gt": now.bson() },
        "left": { "$gt": 0 },
        "used_by": { "$ne": id.bson() },
    };
    let count = doc! { "$inc": { "left": -1 }, "$push": { "used_by": id.bson() } };
    let mut tries = Tries::new();
    loop {
        match answered(db.invitations.update_one(is_good.clone(), count.clone())).await {
            // An attempt whose answer was lost may have counted it already.
            Ok(outcome) if outcome.matched_count == 0 && tries.doubtful => {
                let found = find(db, token).await?;
                return Ok(found.is_some_and(|found| found.used_by.contains(&id.field())));
            }
            Ok(outcome) => return Ok(outcome.matched_count == 1),
            Err(failure) => tries.after(failure).await?,
        }
    }
}
