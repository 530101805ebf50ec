//! Who may sign up where not everybody may, and links into groups.

use crate::{Membership, NewAccount, Result};
use model::{
    id::{ConversationId, UserId},
    invitation::{Invitation, InvitationToken},
    message::Message,
    time::Timestamp,
    user::User,
};
use std::sync::Arc;

/// Invitations: for signing up, and links into groups. One is good until it has ended, is used up or was taken back; from then on it does
/// not exist for anybody. Links into a group end with it, and when whoever has made them leaves it.
#[async_trait::async_trait]
pub trait Invitations: Send + Sync {
    /// Stores a new one, and sweeps away those that had ended when it was made.
    async fn create_invitation(&self, invitation: Invitation) -> Result<()>;

    /// The invitation, if it is good at `now`.
    async fn invitation(&self, token: InvitationToken, now: Timestamp) -> Result<Option<Invitation>>;

    /// The newest `limit` of those for signing up that are good at `now`, the newest first; with `made_by` only that
    /// user's.
    async fn invitations(
        &self,
        made_by: Option<UserId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>>;

    /// The newest `limit` links into a group that are good at `now`, the newest first.
    async fn invite_links(
        &self,
        group: ConversationId,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>>;

    /// Takes a link into this group back. `false`: there is no such one.
    async fn revoke_invite_link(&self, token: InvitationToken, group: ConversationId) -> Result<bool>;

    /// Adds a member as [`Conversations::add_member`](crate::Conversations::add_member) does, and counts it as one
    /// use of the link, which must be good at `change.at` and lead into this group. Of many at once as many succeed as
    /// there are uses left. `None`: they are a member already, and nothing was used up. Errors: `NotInvited`, `Full`;
    /// neither uses anything up.
    ///
    /// A store that cannot do this at once takes the use first, as for a new account.
    async fn join_by_link(&self, token: InvitationToken, change: Membership) -> Result<Option<Arc<Message>>>;

    /// Takes one back; with `made_by` only if that user has made it. `false`: there is no such one.
    async fn revoke_invitation(&self, token: InvitationToken, made_by: Option<UserId>) -> Result<bool>;

    /// Makes an account as [`Users::create_user`](crate::Users::create_user) does, and counts it as one
    /// use of the invitation, which must be good when the account is made. Of many at once as many
    /// succeed as there are uses left. Errors: `NotInvited`, `UsernameTaken`; neither uses anything up.
    ///
    /// A store that cannot do this at once takes the use first and gives it back if there is no account
    /// for it; a crash between the two may cost a use, never make an account that was not invited.
    async fn create_invited_user(&self, new: NewAccount, token: InvitationToken) -> Result<User>;
}
