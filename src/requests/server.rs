//! The rules of friend requests: authorize, store, then tell both.

use crate::{
    browser::clock,
    chat::server::Frame,
    contacts::server::{contacts_of, tell_contacts},
    web::{AppState, internal},
};
use model::{
    error::{AppError, ErrorCode},
    event::ServerEvent,
    friendship::{Friendship, Move, Pair, Removed, State},
    id::{ConversationId, RequestId, UserId},
    request::{Direction, FriendRequest, Outcome, Pending},
    time::Timestamp,
    user::{User, Username},
};
use std::{cmp::Reverse, collections::HashMap};

/// How often a move is tried again when the other side was faster each time.
const TRIES: usize = 16;

/// Sends a request by name. Errors: `no_such_user`, `own_account`, `already_contact`,
/// `already_requested`, `too_many`.
pub async fn send(app: &AppState, actor: User, username: &str) -> Result<Outcome, AppError> {
    app.rates.requests.take(&actor.id).inspect_err(|_| {
        tracing::warn!(audit = "limit", limit = "requests", user = %actor.id, "refused by a limit");
    })?;
    let nobody = || {
        AppError::new(ErrorCode::NoSuchUser, "Nobody here has this name. Check how it is written.")
            .on("username")
    };
    let username = Username::parse(username).map_err(|_| nobody())?;
    let other = app.store.account_by_name(&username).await?.ok_or_else(nobody)?.user;
    let pair = Pair::of(actor.id, other.id).ok_or_else(|| {
        AppError::new(ErrorCode::OwnAccount, "This is you. You cannot be your own contact.").on("username")
    })?;
    make_move(app, actor, pair, Move::Request).await
}

/// Accepts, rejects or cancels. Errors: `not_found`, also for a request of other people.
pub async fn answer(
    app: &AppState,
    actor: User,
    request: RequestId,
    action: Move,
) -> Result<Outcome, AppError> {
    let friendship = app.store.friendship_by_request(request).await?;
    let pair = friendship
        .map(|friendship| friendship.pair)
        .filter(|pair| pair.contains(actor.id))
        .ok_or_else(no_such_request)?;
    make_move(app, actor, pair, action).await
}

/// Ends being contacts; what the two wrote to each other is erased. Errors: `not_found`.
pub async fn remove(app: &AppState, actor: User, contact: UserId) -> Result<Removed, AppError> {
    let pair = Pair::of(actor.id, contact).ok_or_else(no_such_contact)?;
    let friendship = app.store.friendship(pair).await?;
    let conversation_id =
        friendship.and_then(|friendship| friendship.conversation).ok_or_else(no_such_contact)?;
    match make_move(app, actor, pair, Move::Remove).await? {
        Outcome::Removed => Ok(Removed { contact_id: contact, conversation_id }),
        _ => Err(internal("a removal led elsewhere")),
    }
}

/// Tells a user that somebody whom they had to do with was deleted, and `ended` with them.
pub async fn tell_parting(
    app: &AppState,
    user: UserId,
    ended: Option<ConversationId>,
) -> Result<(), AppError> {
    if let Some(conversation_id) = ended {
        // Behind the last message that was stored before it ended.
        let _lane = app.hub.lane_of_conversation(conversation_id).await;
        app.hub.send(user, &Frame::of(&ServerEvent::ConversationRemoved { conversation_id }));
    }
    tell_contacts(app, user).await?;
    tell_pending(app, user).await
}

/// The requests of a user that wait, newest first.
pub async fn pending_of(app: &AppState, user: UserId) -> Result<Pending, AppError> {
    let now = clock::now();
    let mut friendships = app.store.friendships_of(user).await?;
    friendships.retain(|friendship| friendship.is_pending_for(user, now));
    let ids: Vec<_> = friendships.iter().map(|friendship| friendship.pair.other(user)).collect();
    let accounts = app.store.users(&ids).await?;
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

/// Loads, moves, stores if nobody was faster, and only then tells both.
async fn make_move(app: &AppState, actor: User, pair: Pair, action: Move) -> Result<Outcome, AppError> {
    for _ in 0..TRIES {
        let before = app.store.friendship(pair).await?;
        let after = Friendship::after(before.as_ref(), pair, actor.id, action, clock::now())
            .map_err(|error| if error.code == ErrorCode::NotFound { no_such_request() } else { error })?;
        let Some(after) = after else {
            // Already so: the answer is the same as the first time, and nobody is told again.
            return match before {
                Some(unchanged) => outcome(app, &actor, &unchanged, action).await,
                None => Err(no_such_request()),
            };
        };
        let ended = before.and_then(|before| before.conversation);
        if commit_and_tell(app, &actor, &after, ended, action).await? {
            return outcome(app, &actor, &after, action).await;
        }
    }
    Err(AppError::new(ErrorCode::Changed, "The other side was faster. Look again and decide anew."))
}

/// Stores the move if nobody was faster, and then tells both. Once begun it is finished, also if
/// the caller goes away.
async fn commit_and_tell(
    app: &AppState,
    actor: &User,
    after: &Friendship,
    ended: Option<ConversationId>,
    action: Move,
) -> Result<bool, AppError> {
    let (app, actor, after) = (app.clone(), actor.clone(), after.clone());
    let done = tokio::spawn(async move {
        // No message may be on its way into a conversation while it is erased.
        let _lane = match ended {
            Some(conversation) => Some(app.hub.lane_of_conversation(conversation).await),
            None => None,
        };
        let committed = app.store.commit_friendship(&after).await?;
        if committed && let Err(error) = tell(&app, &actor, &after, ended, action).await {
            // It is stored all the same; the devices see it when they next resume.
            tracing::warn!(%error, "a move was not told to everyone");
        }
        Ok(committed)
    });
    done.await.map_err(internal)?
}

async fn outcome(
    app: &AppState,
    actor: &User,
    friendship: &Friendship,
    action: Move,
) -> Result<Outcome, AppError> {
    let other = friendship.pair.other(actor.id);
    match (friendship.state, action) {
        (State::Contacts, _) => {
            let contacts = contacts_of(app, actor.id).await?;
            let contact = contacts.into_iter().find(|contact| contact.id == other);
            contact.map(|contact| Outcome::Accepted { contact }).ok_or_else(no_such_request)
        }
        (_, Move::Remove) => Ok(Outcome::Removed),
        (_, Move::Cancel) => Ok(Outcome::Cancelled),
        (_, Move::Reject) => Ok(Outcome::Rejected),
        // A request that was rejected in silence looks like any other to its sender.
        (State::Requested | State::Rejected, _) => {
            let account = app.store.account(other).await?.ok_or_else(no_such_request)?;
            Ok(Outcome::Pending { request: seen_by(actor.id, account.user, friendship) })
        }
        (State::Withdrawn | State::Ended, _) => Err(internal("a move led to an end without a reason")),
    }
}

/// Tells the devices of both what they may know of it.
async fn tell(
    app: &AppState,
    actor: &User,
    friendship: &Friendship,
    ended: Option<ConversationId>,
    action: Move,
) -> Result<(), AppError> {
    let other = friendship.pair.other(actor.id);
    match friendship.state {
        State::Contacts => {
            for user in [actor.id, other] {
                tell_contacts(app, user).await?;
                tell_conversation(app, user, friendship).await?;
                tell_pending(app, user).await?;
            }
        }
        State::Requested => {
            let request = seen_by(other, actor.clone(), friendship);
            app.hub.send(other, &Frame::of(&ServerEvent::FriendRequestReceived { request }));
            tell_pending(app, actor.id).await?;
        }
        State::Ended => {
            if let Some(conversation_id) = ended {
                let removed = Frame::of(&ServerEvent::ConversationRemoved { conversation_id });
                for user in [actor.id, other] {
                    app.hub.send(user, &removed);
                    tell_contacts(app, user).await?;
                }
            }
            tell_pending(app, actor.id).await?;
            tell_pending(app, other).await?;
        }
        State::Rejected | State::Withdrawn => {
            debug_assert!(matches!(action, Move::Reject | Move::Cancel | Move::Request));
            tell_pending(app, actor.id).await?;
        }
    }
    Ok(())
}

/// Sends a user's devices their waiting requests anew.
pub async fn tell_pending(app: &AppState, user: UserId) -> Result<(), AppError> {
    let _lane = app.hub.lane_of_user(user).await;
    let requests = pending_of(app, user).await?;
    app.hub.send(user, &Frame::of(&ServerEvent::FriendRequestChanged { requests }));
    Ok(())
}

async fn tell_conversation(app: &AppState, user: UserId, friendship: &Friendship) -> Result<(), AppError> {
    let Some(id) = friendship.conversation else { return Ok(()) };
    if let Some(conversation) = app.store.summary(id, user).await? {
        app.hub.send(user, &Frame::of(&ServerEvent::ConversationChanged { conversation }));
    }
    Ok(())
}

fn seen_by(viewer: UserId, other: User, friendship: &Friendship) -> FriendRequest {
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

fn no_such_contact() -> AppError {
    AppError::new(ErrorCode::NotFound, "This person is not, or no longer, one of your contacts.")
}

fn no_such_request() -> AppError {
    AppError::new(ErrorCode::NotFound, "This request is no longer there. It may have been taken back.")
}
