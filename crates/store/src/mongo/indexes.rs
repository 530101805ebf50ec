//! The indexes, which are all the schema that there is. Each unique one of a collection that may
//! be sharded (`messages`, `read_cursors` and `prefs`, by `conversation`) begins with its shard key.

use super::{
    Db,
    error::{Failure, answered},
    open::OpenError,
};
use mongodb::{
    Collection, IndexModel,
    bson::{Document, doc},
    options::IndexOptions,
};
use std::time::Duration;

/// Makes those that are missing. Errors: the first that cannot be made, by name, or that is there
/// but differs.
pub(super) async fn make(db: &Db) -> Result<(), OpenError> {
    let users = &db.users.clone_with_type();
    unique(users, doc! { "username_folded": 1 }).await?;
    plain(users, doc! { "username_suffixes": 1 }).await?;
    where_present(users, doc! { "going": 1 }).await?;

    let sessions = &db.sessions.clone_with_type();
    plain(sessions, doc! { "user": 1 }).await?;
    expiring(sessions, doc! { "expires_at": 1 }).await?;

    let invitations = &db.invitations.clone_with_type();
    where_present(invitations, doc! { "made_by": 1 }).await?;
    plain(invitations, doc! { "expires_at": 1 }).await?;
    where_present(invitations, doc! { "group": 1 }).await?;

    let group_invitations = &db.group_invitations.clone_with_type();
    plain(group_invitations, doc! { "user": 1 }).await?;
    plain(group_invitations, doc! { "group": 1 }).await?;
    plain(group_invitations, doc! { "by": 1 }).await?;
    plain(group_invitations, doc! { "expires_at": 1 }).await?;

    let friendships = &db.friendships.clone_with_type();
    unique(friendships, doc! { "request_id": 1 }).await?;
    unique_where_present(friendships, doc! { "conversation": 1 }).await?;
    plain(friendships, doc! { "users": 1, "state": 1 }).await?;
    where_present(friendships, doc! { "erasing": 1 }).await?;

    let partings = &db.partings.clone_with_type();
    plain(partings, doc! { "user": 1 }).await?;

    let messages = &db.messages.clone_with_type();
    unique(messages, doc! { "conversation": 1, "version": 1 }).await?;
    take_versions(messages).await?;
    unique(messages, doc! { "conversation": 1, "taken": 1 }).await?;
    where_present(messages, doc! { "group": 1 }).await?;
    where_present(messages, doc! { "members.user": 1 }).await?;
    unique(messages, doc! { "conversation": 1, "id": 1 }).await?;
    plain(messages, doc! { "conversation": 1, "seq": 1, "sender": 1 }).await?;
    where_there(messages, doc! { "conversation": 1, "pinned_at": 1 }, "pinned_at").await?;
    where_there(messages, doc! { "conversation": 1, "mentions": 1, "seq": 1 }, "mentions").await?;
    note_links(messages).await?;
    where_there(messages, doc! { "conversation": 1, "holds": 1, "seq": 1 }, "holds").await?;

    let files = &db.files.clone_with_type();
    plain(files, doc! { "owner": 1, "state": 1, "size": 1 }).await?;
    where_there(files, doc! { "conversation": 1, "message": 1 }, "conversation").await?;
    where_there(files, doc! { "expires_at": 1, "_id": 1 }, "expires_at").await?;
    where_present(files, doc! { "doubtful_until": 1 }).await?;

    let read_cursors = &db.read_cursors.clone_with_type();
    unique(read_cursors, doc! { "conversation": 1, "user": 1 }).await?;

    let prefs = &db.prefs.clone_with_type();
    unique(prefs, doc! { "conversation": 1, "user": 1 }).await?;
    plain(prefs, doc! { "user": 1, "pinned": 1 }).await
}

/// Messages of earlier versions of Sotto do not say yet which numbers they have taken.
async fn take_versions(messages: &Collection<Document>) -> Result<(), OpenError> {
    // An index that is there says that this was done; one cannot be made over what is missing.
    let names = answered(messages.list_index_names()).await.unwrap_or_default();
    if names.iter().any(|name| name == "conversation_1_taken_1") {
        return Ok(());
    }
    let missing = doc! { "taken": { "$exists": false } };
    let taking = messages.update_many(missing, vec![doc! { "$set": { "taken": ["$version"] } }]);
    answered(taking).await.map(drop).map_err(|failure| OpenError::Refused {
        reason: format!("the numbers of messages cannot be noted: {failure:?}"),
    })
}

/// Messages of earlier versions of Sotto do not say yet that an address stands in them, which is looked for as
/// `link::may_stand_in` does. None of them has files.
async fn note_links(messages: &Collection<Document>) -> Result<(), OpenError> {
    // An index that is there says that this was done.
    let names = answered(messages.list_index_names()).await.unwrap_or_default();
    if names.iter().any(|name| name == "conversation_1_holds_1_seq_1") {
        return Ok(());
    }
    let has_address = doc! {
        "holds": { "$exists": false },
        "kind": "text",
        "body": { "$regex": "https?://", "$options": "i" },
    };
    let noting = messages.update_many(has_address, doc! { "$set": { "holds": ["links"] } });
    answered(noting).await.map(drop).map_err(|failure| OpenError::Refused {
        reason: format!("the links in messages cannot be noted: {failure:?}"),
    })
}

async fn plain(collection: &Collection<Document>, keys: Document) -> Result<(), OpenError> {
    index(collection, keys, IndexOptions::default()).await
}

async fn unique(collection: &Collection<Document>, keys: Document) -> Result<(), OpenError> {
    index(collection, keys, IndexOptions::builder().unique(true).build()).await
}

async fn where_present(collection: &Collection<Document>, keys: Document) -> Result<(), OpenError> {
    index(collection, keys, IndexOptions::builder().sparse(true).build()).await
}

/// One over several fields, of those documents alone that have `field`.
async fn where_there(
    collection: &Collection<Document>,
    keys: Document,
    field: &str,
) -> Result<(), OpenError> {
    let only = doc! { field: { "$exists": true } };
    index(collection, keys, IndexOptions::builder().partial_filter_expression(only).build()).await
}

async fn unique_where_present(collection: &Collection<Document>, keys: Document) -> Result<(), OpenError> {
    index(collection, keys, IndexOptions::builder().unique(true).sparse(true).build()).await
}

/// One by which the server itself sweeps. Where it cannot, our own sweep does it, by a plain one.
async fn expiring(collection: &Collection<Document>, keys: Document) -> Result<(), OpenError> {
    let options = IndexOptions::builder().expire_after(Duration::ZERO).build();
    match index(collection, keys.clone(), options).await {
        Err(OpenError::Index { reason, .. }) => {
            tracing::warn!(%reason, "the server does not sweep away expired sessions; Sotto does");
            plain(collection, keys).await
        }
        outcome => outcome,
    }
}

async fn index(
    collection: &Collection<Document>,
    keys: Document,
    options: IndexOptions,
) -> Result<(), OpenError> {
    let model = IndexModel::builder().keys(keys.clone()).options(options).build();
    answered(collection.create_index(model)).await.map(drop).map_err(|failure| match failure {
        Failure::Unknown(reason) => OpenError::Unreachable { reason },
        Failure::Duplicate => OpenError::Index {
            collection: collection.name().into(),
            keys: keys.to_string(),
            reason: "it must be unique, and what is stored is not".into(),
        },
        Failure::Refused(reason) => {
            OpenError::Index { collection: collection.name().into(), keys: keys.to_string(), reason }
        }
    })
}
