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

#[test]
fn contacts_whose_names_look_the_same_are_told_apart() {
    let contact = |number: u128, username: &str, display_name: Option<&str>| {
        let display_name = display_name.map(|name| DisplayName::parse(name).expect("a name"));
        let username = Username::parse(username).expect("a name");
        Contact {
            id: person(number),
            username,
            display_name,
            conversation_id: ConversationId::new(),
            online: false,
            last_seen: None,
        }
    };
    let mut state = ChatState::begin(Server::new().snapshot(&BTreeMap::new()));
    let contacts = vec![
        contact(11, "ada.l", Some("Ada Lovelace")),
        contact(12, "mallory", Some("Ada\u{a0}L\u{43e}velace")),
        contact(13, "grace", Some("Grace")),
        contact(14, "grace2", None),
    ];
    state.apply(ServerEvent::ContactsUpdated { contacts });
    let label = |state: &ChatState, number| state.label(&state.contacts[&person(number)]);
    assert_eq!(label(&state, 11), "Ada Lovelace (ada.l)");
    assert_eq!(label(&state, 12), "Ada\u{a0}L\u{43e}velace (mallory)");
    assert_eq!((label(&state, 13), label(&state, 14)), ("Grace".into(), "grace2".into()));
    let mut renamed = state.contacts[&person(12)].clone();
    renamed.display_name = None;
    let user = User { id: renamed.id, username: renamed.username, display_name: None };
    state.apply(ServerEvent::UserChanged { user });
    assert_eq!(label(&state, 11), "Ada Lovelace", "nobody else is called so any more");
}
