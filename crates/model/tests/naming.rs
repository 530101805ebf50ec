//! Who can be named, and what they are called.

use super::server::{ME, Server, person};
use model::{
    event::ServerEvent,
    friendship::Contact,
    id::{ConversationId, RequestId},
    request::{Direction, FriendRequest},
    state::ChatState,
    time::Timestamp,
    user::{DisplayName, User, Username},
};
use std::collections::BTreeMap;

fn user(number: u128, display_name: Option<&str>) -> User {
    let username = Username::parse(&format!("user{number}")).expect("a username");
    let display_name = display_name.map(|name| DisplayName::parse(name).expect("a name"));
    User { id: person(number), username, display_name }
}

/// A device with a contact (2), somebody from a group (3) and somebody who asks (4).
fn begun() -> ChatState {
    let mut snapshot = Server::new().snapshot(&BTreeMap::new());
    let User { id, username, display_name } = user(2, None);
    let (conversation_id, online, last_seen) = (ConversationId::new(), false, None);
    snapshot.contacts = vec![Contact { id, username, display_name, conversation_id, online, last_seen }];
    snapshot.users = vec![user(3, None)];
    let (id, direction) = (RequestId::new(), Direction::Incoming);
    snapshot.requests.incoming =
        vec![FriendRequest { id, user: user(4, None), direction, sent_at: Timestamp(0) }];
    ChatState::begin(snapshot)
}

#[test]
fn contacts_and_members_of_groups_can_be_named() {
    let state = begun();
    assert_eq!(state.name_of(person(2)), Some("user2"));
    assert_eq!(state.name_of(person(3)), Some("user3"));
    assert_eq!(state.name_of(ME), Some(state.me.name()));
    assert_eq!(state.name_of(person(5)), None);
}

#[test]
fn a_new_name_is_taken_in_wherever_somebody_stands() {
    let mut state = begun();
    for number in [2, 3, 4, 5] {
        let user = user(number, Some(&format!("Friend {number}")));
        state.apply(ServerEvent::UserChanged { user });
        assert_eq!(state.name_of(person(number)), Some(&*format!("Friend {number}")));
    }
    assert_eq!(state.requests.incoming[0].user.name(), "Friend 4");
    assert_eq!((state.contacts.len(), state.contacts[&person(2)].name()), (1, "Friend 2"));
    let me = User { id: ME, ..user(1, Some("Myself")) };
    state.apply(ServerEvent::UserChanged { user: me.clone() });
    assert_eq!(state.me, me);
}

#[test]
fn a_snapshot_says_anew_who_can_be_named() {
    let mut state = begun();
    state.apply(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())));
    assert_eq!((state.name_of(person(2)), state.name_of(person(3))), (None, None));
}
