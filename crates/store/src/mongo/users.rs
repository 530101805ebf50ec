//! Accounts, and the search over their names.

use super::{
    Db, MongoStore,
    documents::{AccountDocument, Stored, number, one_more},
    error::{Failure, READ, answered},
    files, friendships, group_invitations, groups, invitations,
    lanes::Lanes,
    partings, preferences, sessions,
    tries::{Tries, repeated},
};
use crate::{Account, NewAccount, Parting, PasswordHash, Result, StoreError, Users};
use futures::TryStreamExt;
use model::{
    id::UserId,
    message::Conversation,
    search::SearchTerm,
    time::Timestamp,
    user::{DisplayName, User, Username},
};
use mongodb::{
    bson::{DateTime, Document, doc, serialize_to_document},
    options::Hint,
};

#[async_trait::async_trait]
impl Users for MongoStore {
    async fn create_user(&self, new: NewAccount) -> Result<User> {
        self.write(insert(self.db.clone(), new)).await
    }

    async fn account(&self, id: UserId) -> Result<Option<Account>> {
        self.read(find(&self.db, doc! { "_id": id.bson() })).await
    }

    async fn account_by_name(&self, username: &Username) -> Result<Option<Account>> {
        self.read(find(&self.db, doc! { "username_folded": username.folded() })).await
    }

    async fn users(&self, ids: &[UserId]) -> Result<Vec<Account>> {
        self.read(several(&self.db, ids)).await
    }

    async fn search_users(&self, term: &SearchTerm, but: UserId, limit: usize) -> Result<Vec<User>> {
        self.read(search(&self.db, term.folded(), but, limit)).await
    }

    async fn set_last_seen(&self, id: UserId, at: Timestamp) -> Result<()> {
        let raised = doc! { "$max": { "last_seen": at.bson() } };
        self.write(update(self.db.clone(), id, raised)).await.map(drop)
    }

    async fn users_page(&self, after: Option<&Username>, limit: usize) -> Result<Vec<Account>> {
        self.read(page(&self.db, after.map(Username::folded).unwrap_or_default(), limit)).await
    }

    async fn set_display_name(&self, id: UserId, name: Option<DisplayName>) -> Result<bool> {
        let change = match name {
            Some(name) => doc! { "$set": { "display_name": name.as_str() } },
            None => doc! { "$unset": { "display_name": "" } },
        };
        self.write(update(self.db.clone(), id, change)).await
    }

    async fn set_password(&self, id: UserId, hash: PasswordHash, keep: Option<i128>) -> Result<Option<u64>> {
        let change = doc! { "$set": { "password_hash": hash.0 } };
        self.write(update_and_end(self.db.clone(), id, change, keep)).await
    }

    async fn set_disabled(&self, id: UserId, at: Option<Timestamp>) -> Result<Option<u64>> {
        let Some(at) = at else {
            let enabled = enable(self.db.clone(), id);
            return Ok(self.write(enabled).await?.then_some(0));
        };
        let change = doc! { "$set": { "disabled_at": at.bson() } };
        self.write(update_and_end(self.db.clone(), id, change, None)).await
    }

    async fn delete_user(&self, id: UserId) -> Result<bool> {
        self.write(delete(self.db.clone(), self.lanes.clone(), id)).await
    }

    async fn partings(&self) -> Result<Vec<Parting>> {
        self.read(partings::newest(&self.db)).await
    }
}

pub(super) async fn insert(db: Db, new: NewAccount) -> Result<User> {
    let folded = new.username.folded();
    let document = AccountDocument {
        id: new.id.field(),
        username: new.username.as_str().into(),
        username_suffixes: folded.char_indices().skip(1).map(|(start, _)| folded[start..].into()).collect(),
        username_folded: folded,
        display_name: None,
        password_hash: new.password_hash.0,
        created_at: new.created_at.field(),
        last_seen: None,
        disabled_at: None,
    };
    let mut document =
        serialize_to_document(&document).map_err(|error| StoreError::Broken(error.to_string()))?;
    document.remove("_id");
    let mut tries = Tries::new();
    loop {
        // The id is new, so if it is there, an earlier attempt of this call has put it there.
        let inserting = db
            .users
            .update_one(doc! { "_id": new.id.bson() }, doc! { "$setOnInsert": &document })
            .upsert(true);
        match answered(inserting).await {
            Ok(_) => return Ok(User { id: new.id, username: new.username, display_name: None }),
            Err(Failure::Duplicate) => return Err(StoreError::UsernameTaken),
            Err(failure) => tries.after(failure).await?,
        }
    }
}

async fn find(db: &Db, filter: Document) -> std::result::Result<Option<Account>, Failure> {
    let found = answered(db.users.find_one(filter).projection(without_suffixes()).max_time(READ)).await?;
    found.map(AccountDocument::account).transpose()
}

async fn several(db: &Db, ids: &[UserId]) -> std::result::Result<Vec<Account>, Failure> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let find = db
        .users
        .find(doc! { "_id": { "$in": ids.iter().map(|id| id.bson()).collect::<Vec<_>>() } })
        .projection(without_suffixes())
        .max_time(READ);
    let found: Vec<AccountDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(AccountDocument::account).collect()
}

/// Two ranges: names that begin with the term, which are few and come in order, and only if
/// they are not enough, names in which it begins later.
async fn search(db: &Db, term: &str, but: UserId, limit: usize) -> std::result::Result<Vec<User>, Failure> {
    // No text that begins with the term sorts after the term with the last of all characters,
    // which no name contains.
    let begins = doc! { "$gte": term, "$lt": format!("{term}{}", char::MAX) };
    let mut found = by_name(db, doc! { "username_folded": &begins }, "username_folded", but, limit).await?;
    if found.len() < limit {
        let later = doc! {
            "username_suffixes": { "$elemMatch": &begins },
            "username_folded": { "$not": &begins },
        };
        found.extend(by_name(db, later, "username_suffixes", but, limit - found.len()).await?);
    }
    Ok(found)
}

/// Up to `limit` users other than `but`, found through the index over `field`.
async fn by_name(
    db: &Db,
    filter: Document,
    field: &str,
    but: UserId,
    limit: usize,
) -> std::result::Result<Vec<User>, Failure> {
    // One more, in whose place the other stands.
    let find = db.users.find(filter).sort(doc! { "username_folded": 1 }).limit(one_more(limit));
    let find = find.hint(Hint::Keys(doc! { field: 1 })).projection(without_suffixes()).max_time(READ);
    let found: Vec<AccountDocument> = answered(async { find.await?.try_collect().await }).await?;
    let users = found.into_iter().map(AccountDocument::user);
    let mut users = users.collect::<std::result::Result<Vec<_>, _>>()?;
    users.retain(|user| user.id != but);
    users.truncate(limit);
    Ok(users)
}

/// `false`: there is no such user.
async fn update(db: Db, id: UserId, change: Document) -> Result<bool> {
    let updated =
        repeated(|| async { answered(db.users.update_one(doc! { "_id": id.bson() }, change.clone())).await });
    Ok(updated.await?.matched_count == 1)
}

/// Changes an account so that its sessions are good no more, and ends them but `keep`. Returns how
/// many; `None`: there is no such user.
async fn update_and_end(db: Db, id: UserId, change: Document, keep: Option<i128>) -> Result<Option<u64>> {
    if !update(db.clone(), id, change).await? {
        return Ok(None);
    }
    sessions::end_all(db, id, keep).await.map(Some)
}

async fn page(db: &Db, after: String, limit: usize) -> std::result::Result<Vec<Account>, Failure> {
    let find = db.users.find(doc! { "username_folded": { "$gt": after } });
    let find = find.sort(doc! { "username_folded": 1 }).limit(number(limit as u64));
    let find = find.projection(without_suffixes()).max_time(READ);
    let found: Vec<AccountDocument> = answered(async { find.await?.try_collect().await }).await?;
    found.into_iter().map(AccountDocument::account).collect()
}

/// Not one that is being deleted: what is left of it is nobody's any more.
async fn enable(db: Db, id: UserId) -> Result<bool> {
    let stays = || doc! { "_id": id.bson(), "going": { "$exists": false } };
    let enabled = || doc! { "$unset": { "disabled_at": "" } };
    let outcome = repeated(|| async { answered(db.users.update_one(stays(), enabled())).await }).await?;
    Ok(outcome.matched_count == 1)
}

/// So many accounts are asked for at once, so that no question takes long.
const ASKED: usize = 200;

/// Whether all of these have an account that is not being deleted.
pub(super) async fn stay(db: &Db, ids: &[UserId]) -> std::result::Result<bool, Failure> {
    for ids in ids.chunks(ASKED) {
        let count = ids.len() as u64;
        let ids: Vec<_> = ids.iter().map(|id| id.bson()).collect();
        let stays = doc! { "_id": { "$in": ids }, "going": { "$exists": false } };
        if answered(db.users.count_documents(stays).max_time(READ)).await? != count {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Accounts whose deletion was cut short.
pub(super) async fn going(db: &Db) -> std::result::Result<Vec<UserId>, Failure> {
    let find = db.users.find(doc! { "going": { "$exists": true } }).projection(without_suffixes());
    let found: Vec<AccountDocument> =
        answered(async { find.max_time(READ).await?.try_collect().await }).await?;
    Ok(found.into_iter().map(|user| Stored::of(user.id)).collect())
}

/// Noted first, so that the next start completes what a crash leaves; and nobody can sign in to what is
/// left. The account goes last.
pub(super) async fn delete(db: Db, lanes: Lanes, id: UserId) -> Result<bool> {
    let going = || doc! { "$set": { "going": true, "disabled_at": DateTime::now() } };
    let noted =
        repeated(|| async { answered(db.users.update_one(doc! { "_id": id.bson() }, going())).await })
            .await?;
    sessions::end_all(db.clone(), id, None).await?;
    partings::sweep(&db, id).await?;
    invitations::delete_of(&db, id).await?;
    group_invitations::delete_of(&db, id).await?;
    files::erase_unsent(&db, id).await?;
    // Before the friends, who come last: of the newest alone it is certain that they are read.
    let mut partings = Vec::new();
    for group in groups::of(&db, id).await? {
        let Conversation { id: group, members, .. } = group.conversation;
        partings.extend(members.into_iter().filter(|member| *member != id).map(|member| (member, group)));
    }
    partings.truncate(Parting::MOST_IN_GROUPS);
    for (member, group) in partings {
        partings::leave(&db, Parting::new(member, Some(group))).await?;
    }
    for friendship in friendships::select(&db, doc! { "users": id.bson() }).await? {
        let conversation = friendships::delete(&db, &lanes, friendship.pair).await?;
        partings::leave(&db, Parting::new(friendship.pair.other(id), conversation)).await?;
    }
    groups::leave_all(&db, &lanes, id).await?;
    preferences::delete_of(&db, id).await?;
    repeated(|| async { answered(db.users.delete_one(doc! { "_id": id.bson() })).await }).await?;
    // Once more: only now is all of it gone.
    sessions::count_ending(&db).await?;
    // What completes cut-off deletions after a start may have been faster with the rest of this one.
    Ok(noted.matched_count == 1)
}

fn without_suffixes() -> Document {
    doc! { "username_suffixes": 0 }
}
