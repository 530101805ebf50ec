//! Who may sign up where not everybody may.

use crate::{NewAccount, Result};
use model::{
    id::UserId,
    invitation::{Invitation, InvitationToken},
    time::Timestamp,
    user::User,
};

/// Invitations. One is good until it has ended, is used up or was taken back; from then on it does
/// not exist for anybody.
#[async_trait::async_trait]
pub trait Invitations: Send + Sync {
    /// Stores a new one, and sweeps away those that had ended when it was made.
    async fn create_invitation(&self, invitation: Invitation) -> Result<()>;

    /// The invitation, if it is good at `now`.
    async fn invitation(&self, token: InvitationToken, now: Timestamp) -> Result<Option<Invitation>>;

    /// The newest `limit` of those that are good at `now`, the newest first; with `made_by` only that
    /// user's.
    async fn invitations(
        &self,
        made_by: Option<UserId>,
        now: Timestamp,
        limit: usize,
    ) -> Result<Vec<Invitation>>;

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
