//! Conversations and how a list shows them.

use crate::Result;
use model::{
    content::{Content, System},
    group::{GroupName, Role, Settings},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, Message, Summary},
    time::Timestamp,
};
use std::{collections::BTreeMap, sync::Arc};

/// A change of who belongs to a group. It is a message, the one that says so, and takes the
/// conversation's next version with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The group.
    pub conversation: ConversationId,
    /// Who joins or leaves.
    pub member: UserId,
    /// Who does it.
    pub by: UserId,
    /// A new id, for the message that says so.
    pub message: MessageId,
    /// Now.
    pub at: Timestamp,
}

impl Membership {
    /// Whether whoever does it lets somebody in as a member, or joins by themselves.
    pub(super) fn may_add(&self, members: &[UserId]) -> bool {
        self.by == self.member || members.contains(&self.by)
    }

    /// The message that says so, in its place.
    pub(super) fn said(&self, what: System, seq: u64) -> Message {
        let content = Content::System(what);
        Message::new(self.message, self.conversation, seq, self.by, content, self.at)
    }
}

/// What is changed of a group, besides its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupChange {
    /// It is called so.
    Name(GroupName),
    /// The member may do this.
    Role(Role),
    /// All settings, those that stay among them.
    Settings(Settings),
}

impl GroupChange {
    /// Puts it into `group`. `None`: it is so already.
    pub(super) fn put(&self, group: &mut Conversation, member: UserId) -> Option<System> {
        let before = group.clone();
        let said = match self {
            Self::Name(name) => {
                group.name = Some(name.as_str().to_owned());
                System::Renamed(name.as_str().to_owned())
            }
            Self::Role(role) => {
                group.roles.give(member, *role);
                group.roles = std::mem::take(&mut group.roles).settled(&group.members);
                System::Role(member, *role)
            }
            Self::Settings(settings) => {
                group.settings = settings.clone();
                System::Settings
            }
        };
        (*group != before).then_some(said)
    }
}

/// Conversations. Direct ones come into being with what they belong to, see
/// [`Friendships::commit_friendship`](crate::Friendships::commit_friendship), and their members
/// never change; to the functions here that change a group they do not exist.
#[async_trait::async_trait]
pub trait Conversations: Send + Sync {
    /// The conversation with its members.
    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>>;

    /// Every conversation of `viewer` as their list shows it, in no special order.
    async fn summaries(&self, viewer: UserId) -> Result<Vec<Summary>>;

    /// One of them. `None`: there is no such conversation, or `viewer` is not a member.
    async fn summary(&self, id: ConversationId, viewer: UserId) -> Result<Option<Summary>>;

    /// Makes a group with a new id, which belongs to `first.member`; `others` are in it from the beginning. Returns
    /// the message that says so, its first.
    ///
    /// Errors: `Full` (more than [`MAX_MEMBERS`](model::message::MAX_MEMBERS)), `NotFound` (one of them has no account).
    async fn create_group(
        &self,
        first: Membership,
        name: Option<GroupName>,
        others: Vec<UserId>,
    ) -> Result<Arc<Message>>;

    /// Adds a member, who has read everything up to the message that says so. `None`: they are a
    /// member already, and nothing was changed. With `by` the new member they come by themselves: whether they
    /// may is decided before.
    ///
    /// Errors: `NotFound` (no such group, `by` is neither a member nor the new one, or that one has no account), `Full` (it has
    /// [`MAX_MEMBERS`](model::message::MAX_MEMBERS)).
    async fn add_member(&self, change: Membership) -> Result<Option<Arc<Message>>>;

    /// Gives a group a name, a member a role, or other settings; `change.member` is whom a role is for.
    /// Who may do that is decided before. `None`: it is so already, and nothing was changed.
    ///
    /// Errors: `NotFound` (no such group, or `by` or `member` is not in it).
    async fn change_group(&self, change: Membership, what: GroupChange) -> Result<Option<Arc<Message>>>;

    /// Takes a member out. `None`: they are no member, and nothing was changed. When nobody is
    /// left, the group is gone from the same moment on, with everything in it.
    ///
    /// Errors: `NotFound` (no such group, or `by` is not a member).
    async fn remove_member(&self, change: Membership) -> Result<Option<Arc<Message>>>;

    /// How many groups a user is in; for a moment maybe one more, that they have just left.
    async fn count_groups(&self, user: UserId) -> Result<u64>;

    /// Since which seq each member of a group belongs to it: that of the message that says so. Empty: there is no
    /// such group.
    async fn joined(&self, group: ConversationId) -> Result<BTreeMap<UserId, u64>>;

    /// Erases a group with everything in it, if it is there; `by.member` is who does it. Who may is decided before.
    async fn erase_group(&self, by: Membership) -> Result<()>;
}
