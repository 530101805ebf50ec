//! What a device makes of invitations and blocks, and how long an invitation holds.

use super::server::Server;
use model::{
    event::ServerEvent,
    group_invitation::{DECLINED_FOR, GroupInvitation, Invite, LASTS},
    id::{ConversationId, UserId},
    state::{ChatState, Touched},
    time::Timestamp,
    user::{User, Username},
};
use std::collections::BTreeMap;
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_000_000_000_000);

fn later(ms: i64) -> Timestamp {
    Timestamp(NOW.0 + ms)
}

fn invitation(group: u128) -> GroupInvitation {
    let username = Username::parse("bo.b").expect("a name");
    GroupInvitation {
        conversation_id: ConversationId(Uuid::from_u128(group)),
        name: None,
        members: 3,
        by: User { id: UserId(Uuid::from_u128(9)), username, display_name: None },
        sent_at: NOW,
        expires_at: later(LASTS),
    }
}

#[test]
fn each_group_asks_once_and_the_newest_stands_first() {
    let mut state = ChatState::begin(Server::new().snapshot(&BTreeMap::new()));
    for group in [1, 2, 1] {
        let applied = state.apply(ServerEvent::Invited { invitation: invitation(group) });
        assert_eq!(applied.touched, Touched::People);
    }
    assert_eq!(state.invitations, [invitation(1), invitation(2)]);
    let conversation_id = invitation(1).conversation_id;
    for _ in 0..2 {
        state.apply(ServerEvent::InvitationEnded { conversation_id });
        assert_eq!(state.invitations, [invitation(2)]);
    }
    state.apply(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())));
    assert_eq!(state.invitations, [], "the snapshot knows of none");
}

#[test]
fn whoever_is_blocked_twice_is_blocked_once() {
    let mut state = ChatState::begin(Server::new().snapshot(&BTreeMap::new()));
    let user_id = UserId(Uuid::from_u128(9));
    for (on, blocked) in [(true, vec![user_id]), (true, vec![user_id]), (false, vec![]), (false, vec![])] {
        state.apply(ServerEvent::Blocked { user_id, on });
        assert_eq!(state.blocked, blocked);
    }
}

#[test]
fn an_invitation_waits_until_its_end_and_a_no_holds_for_a_while() {
    let [group, user, by] = [1, 2, 3].map(Uuid::from_u128);
    let at = |now| Invite::new(ConversationId(group), UserId(user), UserId(by), now);
    let invite = at(NOW);
    assert!(invite.is_open(NOW) && !invite.gives_way(&at(NOW)));
    assert!(invite.is_open(later(LASTS - 1)) && !invite.gives_way(&at(later(LASTS - 1))));
    assert!(!invite.is_there(later(LASTS)) && invite.gives_way(&at(later(LASTS))));
    let declined = Invite { declined_at: Some(later(5)), ..invite.clone() };
    assert!(declined.is_there(later(5)) && !declined.is_open(later(5)));
    assert!(!declined.gives_way(&at(later(4 + DECLINED_FOR))));
    assert!(declined.gives_way(&at(later(5 + DECLINED_FOR))));
    let (in_vain, of_another) = (invite.in_vain(), Invite { by: UserId(group), ..at(later(1)) });
    assert!(!in_vain.is_open(NOW) && !in_vain.gives_way(&at(later(1))) && in_vain.gives_way(&of_another));
    assert!(!declined.gives_way(&of_another), "a no is one to the group");
}
