//! The rules of friend requests: authorize, store, then tell both.

pub mod blocks;
mod routes;

pub use routes::ROUTES;

use crate::{
    kit::{AppState, Config, Part, internal, limits::Limiter, note_erased, route::Leads},
    live::{
        Audience, Live,
        roster::{contacts_of, pending_of, seen_by, tell_contacts, tell_conversation, tell_pending},
    },
    people::api::RemoveContact,
};
use model::{
    error::{AppError, ErrorCode},
    event::ServerEvent,
    friendship::{Contact, Friendship, Move, Pair, Removed, State},
    id::{ConversationId, RequestId, UserId},
    request::{Outcome, Pending},
    user::{User, Username},
};
use server_fn::ServerFn;
use store::now;

/// Where forms of server functions lead, if not back.
pub const FORMS: &[(&str, Leads)] = &[
    // The conversation that it was posted from is gone.
    (RemoveContact::PATH, Leads::To("/")),
];

/// Friend requests, by sender.
struct Requests(Limiter<UserId>);

impl Part for Requests {
    fn new(config: &Config) -> Self {
        Self(Limiter::new(config.limits.hourly(config.limits.requests_per_hour)))
    }
}

/// How often a move is tried again when the other side was faster each time.
const TRIES: usize = 16;

/// Sends a request by name. Errors: `no_such_user`, `own_account`, `already_contact`,
/// `already_requested`, `too_many`.
pub async fn send(app: &AppState, actor: User, username: &str) -> Result<Outcome, AppError> {
    app.part::<Requests>().0.take(&actor.id).inspect_err(|_| {
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
        Outcome::Removed => {
            note_erased(app);
            Ok(Removed { contact_id: contact, conversation_id })
        }
        _ => Err(internal("a removal led elsewhere")),
    }
}

/// The requests of a user that wait, newest first.
pub async fn pending(app: &AppState, user: UserId) -> Result<Pending, AppError> {
    pending_of(&app.live, user).await
}

/// The contacts of a user with their presence, by name.
pub async fn contacts(app: &AppState, user: UserId) -> Result<Vec<Contact>, AppError> {
    contacts_of(&app.live, user).await
}

/// Loads, moves, stores if nobody was faster, and only then tells both.
async fn make_move(app: &AppState, actor: User, pair: Pair, action: Move) -> Result<Outcome, AppError> {
    for _ in 0..TRIES {
        let before = app.store.friendship(pair).await?;
        let after = Friendship::after(before.as_ref(), pair, actor.id, action, now())
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
    let (live, actor, after) = (app.live.clone(), actor.clone(), after.clone());
    // No message may be on its way into a conversation while it is erased.
    app.live
        .in_lane(ended, async move {
            let committed = live.store().commit_friendship(&after).await?;
            if committed && let Err(error) = tell(&live, &actor, &after, ended, action).await {
                // It is stored all the same; the devices see it when they next resume.
                tracing::warn!(%error, "a move was not told to everyone");
            }
            Ok(committed)
        })
        .await
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
            let contacts = contacts_of(&app.live, actor.id).await?;
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
    live: &Live,
    actor: &User,
    friendship: &Friendship,
    ended: Option<ConversationId>,
    action: Move,
) -> Result<(), AppError> {
    let other = friendship.pair.other(actor.id);
    match friendship.state {
        State::Contacts => {
            for user in [actor.id, other] {
                tell_contacts(live, user).await?;
                if let Some(conversation) = friendship.conversation {
                    tell_conversation(live, user, conversation).await?;
                }
                tell_pending(live, user).await?;
            }
        }
        State::Requested => {
            let request = seen_by(other, actor.clone(), friendship);
            live.tell(Audience::User(other), &ServerEvent::FriendRequestReceived { request }).await;
            tell_pending(live, actor.id).await?;
        }
        State::Ended => {
            if let Some(conversation_id) = ended {
                let removed = ServerEvent::ConversationRemoved { conversation_id };
                for user in [actor.id, other] {
                    live.tell(Audience::User(user), &removed).await;
                    tell_contacts(live, user).await?;
                }
            }
            tell_pending(live, actor.id).await?;
            tell_pending(live, other).await?;
        }
        State::Rejected | State::Withdrawn => {
            debug_assert!(matches!(action, Move::Reject | Move::Cancel | Move::Request));
            tell_pending(live, actor.id).await?;
        }
    }
    Ok(())
}

fn no_such_contact() -> AppError {
    AppError::new(ErrorCode::NotFound, "This person is not, or no longer, one of your contacts.")
}

fn no_such_request() -> AppError {
    AppError::new(ErrorCode::NotFound, "This request is no longer there. It may have been taken back.")
}
