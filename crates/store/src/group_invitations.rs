//! Who is asked into groups.

use crate::Result;
use model::{
    group_invitation::Invite,
    id::{ConversationId, UserId},
    time::Timestamp,
};

/// Invitations into groups, at most one for each group and person. What else ends one:
/// [`add_member`](crate::Conversations::add_member) that of the new member,
/// [`remove_member`](crate::Conversations::remove_member) those that the member has sent,
/// [`erase_group`](crate::Conversations::erase_group) all of a group's, and
/// [`delete_user`](crate::Users::delete_user) those from and to the user.
///
/// A store that cannot do that at once does it right afterwards, and a crash between the two may leave one: so
/// whoever reads one looks whether the person who sent it is still in the group, and the other is not.
#[async_trait::async_trait]
pub trait GroupInvitations: Send + Sync {
    /// Stores a new one, in the place of one that [gives way](Invite::gives_way), and sweeps away those that
    /// had ended when it was sent. `false`: there is one that does not, and nothing was changed.
    ///
    /// Errors: `TooManyInvitations`, above [`MAX_INVITED`](model::group_invitation::MAX_INVITED) of the group or
    /// [`MAX_INVITATIONS`](model::group_invitation::MAX_INVITATIONS) of the person that were not declined. Where several ask one person
    /// at the same moment, a store may let a few more through.
    async fn invite(&self, new: &Invite) -> Result<bool>;

    /// That of one person, whatever became of it.
    async fn invite_of(&self, group: ConversationId, user: UserId) -> Result<Option<Invite>>;

    /// All of one person, those that have ended among them, the newest first.
    async fn invites_for(&self, user: UserId) -> Result<Vec<Invite>>;

    /// All of a group, those that have ended among them, the newest first.
    async fn invites_into(&self, group: ConversationId) -> Result<Vec<Invite>>;

    /// Notes that it was answered with no. `false`: there is none that waits.
    async fn decline_invite(&self, group: ConversationId, user: UserId, at: Timestamp) -> Result<bool>;

    /// Takes it back. `false`: there is none.
    async fn end_invite(&self, group: ConversationId, user: UserId) -> Result<bool>;
}
