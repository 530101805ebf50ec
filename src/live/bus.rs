//! What carries events to the servers on which somebody of their audience is connected.

use super::{Frame, Hub};
use model::id::UserId;
use std::collections::HashSet;

/// Whom something is told.
#[derive(Clone, Copy, Debug)]
pub enum Audience<'a> {
    /// Every device of one user.
    User(UserId),
    /// Every device of these users.
    Users(&'a [UserId]),
    /// Every device of these users but one: that of the first of the pair with this socket.
    But(&'a [UserId], (UserId, u64)),
    /// One device, if its socket is still open: it is on this server, which got its frame.
    Device(UserId, u64),
}

/// Whom an event has reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    /// Those of the audience none of whose devices is connected anywhere.
    pub nowhere: Vec<UserId>,
}

/// Brings events to every server. Frames of one caller arrive in the order in which they were given.
#[async_trait::async_trait]
pub trait Bus: Send + Sync {
    /// Puts the frame into the queues of the audience's devices. A device that does not keep up is
    /// closed, so that it resumes; nobody waits for it.
    async fn tell(&self, audience: Audience<'_>, frame: Frame) -> Heard;

    /// Which of these users have a device that is connected, or had one a moment ago.
    async fn online(&self, users: &[UserId]) -> HashSet<UserId>;
}

/// For one server alone: everybody who is connected is connected here.
pub struct Local(pub Hub);

#[async_trait::async_trait]
impl Bus for Local {
    async fn tell(&self, audience: Audience<'_>, frame: Frame) -> Heard {
        let Self(hub) = self;
        let (users, but) = match audience {
            Audience::User(user) => {
                let heard = hub.send(user, None, &frame);
                return Heard { nowhere: if heard { Vec::new() } else { vec![user] } };
            }
            Audience::Device(user, socket) => {
                hub.send_to(user, socket, &frame);
                return Heard::default();
            }
            Audience::Users(users) => (users, None),
            Audience::But(users, but) => (users, Some(but)),
        };
        let but_of = |user| but.filter(|(other, _)| *other == user).map(|(_, socket)| socket);
        let nowhere = users.iter().copied().filter(|user| !hub.send(*user, but_of(*user), &frame));
        Heard { nowhere: nowhere.collect() }
    }

    async fn online(&self, users: &[UserId]) -> HashSet<UserId> {
        users.iter().copied().filter(|user| self.0.is_online(*user)).collect()
    }
}
