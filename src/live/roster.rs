//! Whom somebody has to do with (their contacts, the requests that wait), told anew when it has
//! changed; and who comes and goes.

use super::{Audience, Lane, Leaving, Live};
use model::{
    error::AppError,
    event::ServerEvent,
    friendship::{Contact, Friendship, State},
    id::{ConversationId, UserId},
    message::{Message, Summary},
    request::{Direction, FriendRequest, Pending},
    time::Timestamp,
    user::User,
};
use std::{
    cmp::Reverse,
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
    time::Duration,
};
use store::{StoreError, now};

/// How long somebody may be gone before their contacts hear of it: a reload is no absence.
const ABSENCE: Duration = Duration::from_secs(5);

/// The contacts of a user with their presence, by name.
pub async fn contacts_of(live: &Live, user: UserId) -> Result<Vec<Contact>, AppError> {
    let friends = friends_of(live, user).await?;
    let ids: Vec<_> = friends.iter().map(|friendship| friendship.pair.other(user)).collect();
    let accounts = live.store().users(&ids).await?;
    let online = live.online(&ids).await;
    let mut accounts: HashMap<_, _> = accounts.into_iter().map(|a| (a.user.id, a)).collect();
    let mut contacts: Vec<_> = friends
        .into_iter()
        .filter_map(|friendship| {
            let account = accounts.remove(&friendship.pair.other(user))?;
            Some(Contact {
                id: account.user.id,
                username: account.user.username,
                display_name: account.user.display_name,
                conversation_id: friendship.conversation?,
                online: online.contains(&account.user.id) && !friendship.is_blocked(),
                last_seen: seen_before(&friendship, user, account.last_seen),
            })
        })
        .collect();
    contacts.sort_by_key(|contact| contact.username.folded());
    Ok(contacts)
}

/// When a contact was last seen, as `viewer` may know it: nothing of whoever they block, and of whoever blocks
/// them nothing that came after that.
fn seen_before(friendship: &Friendship, viewer: UserId, last_seen: Option<Timestamp>) -> Option<Timestamp> {
    if friendship.blocked_by(viewer).is_some() {
        return None;
    }
    match friendship.blocked_by(friendship.pair.other(viewer)) {
        Some(since) => last_seen.map(|seen| seen.min(since)),
        None => last_seen,
    }
}

/// The requests of a user that wait, newest first.
pub async fn pending_of(live: &Live, user: UserId) -> Result<Pending, AppError> {
    let now = now();
    let mut friendships = live.store().friendships_of(user).await?;
    friendships.retain(|friendship| friendship.is_pending_for(user, now));
    let ids: Vec<_> = friendships.iter().map(|friendship| friendship.pair.other(user)).collect();
    let accounts = live.store().users(&ids).await?;
    let users: HashMap<_, _> = accounts.into_iter().map(|a| (a.user.id, a.user)).collect();

    friendships.sort_by_key(|friendship| Reverse(friendship.request_id));
    let mut pending = Pending::default();
    for friendship in friendships {
        let Some(other) = users.get(&friendship.pair.other(user)) else { continue };
        let request = seen_by(user, other.clone(), &friendship);
        match request.direction {
            Direction::Incoming => pending.incoming.push(request),
            Direction::Outgoing => pending.outgoing.push(request),
        }
    }
    Ok(pending)
}

/// A friendship as a request that `viewer` sees.
pub fn seen_by(viewer: UserId, other: User, friendship: &Friendship) -> FriendRequest {
    FriendRequest {
        id: friendship.request_id,
        user: other,
        direction: match friendship.requested_by == viewer {
            true => Direction::Outgoing,
            false => Direction::Incoming,
        },
        sent_at: sent_at(friendship),
    }
}

/// When the request was made, which its id holds (UUIDv7): a rejection, of which the sender may
/// not know, changes the record but not this.
fn sent_at(friendship: &Friendship) -> Timestamp {
    let (seconds, nanoseconds) =
        friendship.request_id.0.get_timestamp().map_or((0, 0), |moment| moment.to_unix());
    Timestamp(seconds as i64 * 1000 + i64::from(nanoseconds / 1_000_000))
}

/// Sends a user's devices their contacts anew.
pub async fn tell_contacts(live: &Live, user: UserId) -> Result<(), AppError> {
    let _lane = live.lane(Lane::User(user)).await;
    let contacts = contacts_of(live, user).await?;
    live.tell(Audience::User(user), &ServerEvent::ContactsUpdated { contacts }).await;
    Ok(())
}

/// Sends a user's devices their waiting requests anew.
pub async fn tell_pending(live: &Live, user: UserId) -> Result<(), AppError> {
    let _lane = live.lane(Lane::User(user)).await;
    let requests = pending_of(live, user).await?;
    live.tell(Audience::User(user), &ServerEvent::FriendRequestChanged { requests }).await;
    Ok(())
}

/// Gives a user's devices a conversation that is new to them.
pub async fn tell_conversation(live: &Live, user: UserId, id: ConversationId) -> Result<(), AppError> {
    if let Some(conversation) = live.store().summary(id, user).await? {
        let friends = friends_of(live, user).await?;
        let contacts = friends.iter().map(|friendship| friendship.pair.other(user));
        let users = to_name(live, user, contacts, std::slice::from_ref(&conversation), &[]).await?;
        live.tell(Audience::User(user), &ServerEvent::ConversationChanged { conversation, users }).await;
    }
    Ok(())
}

/// Whom a device of `viewer` must be able to name, beside the viewer and `contacts`: members of groups,
/// and authors of what it is told.
pub async fn to_name(
    live: &Live,
    viewer: UserId,
    contacts: impl Iterator<Item = UserId>,
    conversations: &[Summary],
    told: &[Arc<Message>],
) -> Result<Vec<User>, AppError> {
    let named: HashSet<_> = contacts.chain([viewer]).collect();
    let members = conversations.iter().flat_map(|summary| &summary.conversation.members).copied();
    let newest = conversations.iter().flat_map(|summary| &summary.last_message);
    let authors = newest.chain(told).map(|message| message.sender);
    let others: BTreeSet<_> = members.chain(authors).filter(|user| !named.contains(user)).collect();
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let accounts = live.store().users(&others.into_iter().collect::<Vec<_>>()).await?;
    Ok(accounts.into_iter().map(|account| account.user).collect())
}

/// Tells everybody who can name `user`, themselves included, what they are called now: contacts, those who
/// share a group with them, and those between whom and them a request waits.
pub async fn tell_user(live: &Live, user: User) -> Result<(), AppError> {
    let mut audience: BTreeSet<_> = [user.id].into();
    audience.extend(live.store().friendships_of(user.id).await?.iter().filter_map(|friendship| {
        let sees = matches!(friendship.state, State::Contacts | State::Requested | State::Rejected);
        sees.then(|| friendship.pair.other(user.id))
    }));
    let groups = live.store().summaries(user.id).await?;
    audience.extend(groups.iter().flat_map(|summary| &summary.conversation.members));
    let audience: Vec<_> = audience.into_iter().collect();
    live.tell(Audience::Users(&audience), &ServerEvent::UserChanged { user }).await;
    Ok(())
}

/// Tells a user that somebody whom they had to do with was deleted, and what became of the conversation that they
/// shared: a direct one has ended; of a group its newest message is told, by whose version a device sees that
/// others have changed before it.
pub async fn tell_parting(live: &Live, user: UserId, shared: Option<ConversationId>) -> Result<(), AppError> {
    if let Some(conversation_id) = shared {
        // Behind the last message that was stored before it ended.
        let _lane = live.lane(Lane::Conversation(conversation_id)).await;
        let group = live.store().summary(conversation_id, user).await?;
        if let Some(message) = group.and_then(|group| group.last_message) {
            live.tell(Audience::User(user), &ServerEvent::NewMessage { message }).await;
            return Ok(());
        }
        live.tell(Audience::User(user), &ServerEvent::ConversationRemoved { conversation_id }).await;
    }
    tell_contacts(live, user).await?;
    tell_pending(live, user).await
}

/// Tells one contact of `of` that they are there, or have gone, since when.
pub async fn tell_presence(live: &Live, to: UserId, of: UserId, gone: Option<Timestamp>) {
    let _lane = live.lane(Lane::User(of)).await;
    let event = ServerEvent::PresenceChanged { user_id: of, online: gone.is_none(), last_seen: gone };
    live.tell(Audience::User(to), &event).await;
}

/// Tells a user's contacts that they have come.
pub async fn announce_arrival(live: &Live, user: UserId) {
    let _lane = live.lane(Lane::User(user)).await;
    announce(live, user, true, None).await;
}

/// Tells a user's contacts that they have gone, unless they come back within [`ABSENCE`].
pub fn announce_departure(live: &Live, user: UserId, leaving: Leaving) {
    let live = live.clone();
    tokio::spawn(async move {
        let at = now();
        if let Err(error) = live.store().set_last_seen(user, at).await {
            tracing::warn!(%error, "the time of a departure was not kept");
        }
        tokio::time::sleep(ABSENCE).await;
        let _lane = live.lane(Lane::User(user)).await;
        if live.hub().is_gone(user, leaving) {
            announce(&live, user, false, Some(at)).await;
        }
    });
}

async fn announce(live: &Live, user: UserId, online: bool, last_seen: Option<Timestamp>) {
    match friends_of(live, user).await {
        Ok(friends) => {
            // Where one blocks the other, neither sees whether the other is there.
            let friends = friends.iter().filter(|friendship| !friendship.is_blocked());
            let friends: Vec<_> = friends.map(|friendship| friendship.pair.other(user)).collect();
            let event = ServerEvent::PresenceChanged { user_id: user, online, last_seen };
            live.tell(Audience::Users(&friends), &event).await;
        }
        Err(error) => tracing::warn!(%error, "presence was not announced"),
    }
}

async fn friends_of(live: &Live, user: UserId) -> Result<Vec<Friendship>, StoreError> {
    let mut friendships = live.store().friendships_of(user).await?;
    friendships.retain(|friendship| friendship.state == State::Contacts);
    Ok(friendships)
}

/// Whom a user blocks, the one blocked last first.
pub async fn blocked_by(live: &Live, user: UserId) -> Result<Vec<UserId>, AppError> {
    let all = live.store().friendships_of(user).await?;
    let since = |friendship: &Friendship| Some((friendship.blocked_by(user)?, friendship.pair.other(user)));
    let mut blocked: Vec<_> = all.iter().filter_map(since).collect();
    blocked.sort_unstable_by(|a, b| b.cmp(a));
    Ok(blocked.into_iter().map(|(_, other)| other).collect())
}

/// The same, by who they are.
pub async fn blocked_users(live: &Live, user: UserId) -> Result<Vec<User>, AppError> {
    let blocked = blocked_by(live, user).await?;
    let accounts = live.store().users(&blocked).await?;
    let mut users: HashMap<_, _> = accounts.into_iter().map(|a| (a.user.id, a.user)).collect();
    Ok(blocked.iter().filter_map(|id| users.remove(id)).collect())
}
