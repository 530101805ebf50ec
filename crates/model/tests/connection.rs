//! When devices come back, what they say first, and when they give a socket up.

use super::server::{Server, talk_id};
use model::{
    connection::{Connection, Next, Pace, pause},
    due::Wishes,
    error::{AppError, ErrorCode},
    event::{ClientEvent, ServerEvent, close},
    id::MessageId,
    state::{ChatState, Need},
    thread::Outgoing,
    time::Timestamp,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

proptest! {
    #[test]
    fn nobody_comes_back_before_the_server_asked_or_later_than_twice_that(
        after in 1..120_000_u32,
        random in 0.0..1.0_f64,
    ) {
        prop_assert!((after..=2 * after).contains(&pause(Some(after), 500, random)));
    }

    #[test]
    fn without_a_word_the_wait_is_the_most_and_half_of_it_the_least(
        wait in 500..10_000_u32,
        random in 0.0..1.0_f64,
    ) {
        prop_assert!((wait / 2..=wait).contains(&pause(None, wait, random)));
    }
}

#[test]
fn devices_that_lost_the_same_server_are_spread_over_all_of_the_time() {
    let moments: Vec<_> = (0..10).map(|tenth| pause(Some(1000), 500, f64::from(tenth) / 10.0)).collect();
    assert!(moments.windows(2).all(|pair| pair[1] - pair[0] >= 99), "{moments:?}");
}

/// A device that was told to begin at moment 0.
struct Device {
    connection: Connection,
    state: ChatState,
    wishes: Wishes,
}

impl Device {
    fn open() -> Self {
        let state = ChatState::begin(Server::new().snapshot(&BTreeMap::new()));
        let mut connection = Connection::new(Pace::default());
        connection.opened(false, 0);
        Self { connection, state, wishes: Wishes::default() }
    }

    /// One that has resumed, with nothing to say.
    fn resumed() -> Self {
        let mut device = Self::open();
        assert!(matches!(device.due(0)[..], [ClientEvent::Resume { .. }]));
        device.hear(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())), 0);
        assert!(device.due(0).is_empty());
        device
    }

    fn due(&mut self, now: i64) -> Vec<ClientEvent> {
        self.connection.due(Some(&self.state), &mut self.wishes, |_| true, now)
    }

    fn hear(&mut self, event: ServerEvent, now: i64) {
        self.connection.alive(now);
        self.connection.heard(&event, &mut self.wishes, now);
        let need = self.state.apply(event).need;
        self.connection.applied(need);
    }

    fn write(&mut self) {
        let message = Outgoing::text(MessageId::new(), "Hi", Timestamp(0));
        self.state.compose(talk_id(0), message);
    }
}

fn unavailable() -> ServerEvent {
    ServerEvent::Error { error: AppError::new(ErrorCode::Unavailable, "Not now.") }
}

#[test]
fn a_device_resumes_before_it_says_anything_else() {
    let mut device = Device::open();
    device.write();
    assert!(matches!(device.due(0)[..], [ClientEvent::Resume { .. }]));
    assert!(device.due(1).is_empty(), "not before it knows what the server knows");
    device.hear(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())), 2);
    assert!(matches!(device.due(2)[..], [ClientEvent::SendPrivateMessage { .. }]));
    assert!(device.due(3).is_empty(), "once");
}

#[test]
fn what_is_missing_is_asked_for_once() {
    let mut device = Device::resumed();
    device.connection.applied(Need::CatchUp);
    assert!(matches!(device.due(5)[..], [ClientEvent::Resume { .. }]));
    device.connection.applied(Need::CatchUp);
    assert!(device.due(6).is_empty(), "it is being asked for");
}

#[test]
fn a_silent_socket_is_given_up_and_sooner_where_something_is_to_be_answered() {
    let pace = Pace::default();
    let mut device = Device::resumed();
    assert_eq!(device.connection.wakes_at(), i64::from(pace.silence));
    assert!(device.connection.wake(i64::from(pace.silence) - 1));
    device.write();
    assert_eq!(device.due(1000).len(), 1);
    assert_eq!(device.connection.wakes_at(), 1000 + i64::from(pace.answer));
    assert!(!device.connection.wake(1000 + i64::from(pace.answer)));
}

#[test]
fn somebody_who_looks_again_learns_soon_that_a_socket_is_dead() {
    let pace = Pace::default();
    let mut device = Device::resumed();
    device.connection.probe(false, i64::from(pace.probe) - 1);
    assert!(device.due(1).is_empty(), "it has just shown that it lives");
    device.connection.probe(false, 30_000);
    assert!(matches!(device.due(30_000)[..], [ClientEvent::Resume { .. }]), "which is answered");
    assert!(!device.connection.wake(30_000 + i64::from(pace.probe)), "or the socket is dead");
    device.connection.alive(30_001);
    assert!(device.connection.wake(30_000 + i64::from(pace.probe)), "or it lives");
}

#[test]
fn what_the_server_could_not_do_is_asked_for_again_after_a_while() {
    let retry = i64::from(Pace::default().retry);
    let mut device = Device::resumed();
    device.write();
    assert_eq!(device.due(0).len(), 1);
    device.hear(unavailable(), 10);
    device.hear(unavailable(), 20);
    assert!(device.due(20).is_empty(), "not at once");
    assert_eq!(device.connection.wakes_at(), 10 + retry, "the first refusal counts");
    assert!(device.connection.wake(10 + retry));
    assert!(matches!(device.due(10 + retry)[..], [ClientEvent::Resume { .. }]));
    device.hear(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())), 3000);
    assert!(matches!(device.due(3000)[..], [ClientEvent::SendPrivateMessage { .. }]), "and the message");
}

#[test]
fn a_server_that_closes_at_once_is_asked_ever_more_seldom() {
    let mut connection = Connection::new(Pace::default());
    let mut waits = Vec::new();
    for _ in 0..8 {
        connection.opened(false, 0);
        let Next::Again { after, ask_session } = connection.lost(Some(1006), 0, 1.0) else { panic!("again") };
        assert!(ask_session, "it may have been refused for want of a session");
        waits.push(after);
    }
    assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000]);
}

#[test]
fn a_snapshot_on_a_slow_line_has_twice_as_long_each_time() {
    let pace = Pace::default();
    let mut connection = Connection::new(pace);
    for patience in [pace.answer, 2 * pace.answer, 4 * pace.answer, pace.longest_resume, pace.longest_resume]
    {
        connection.opened(false, 0);
        assert_eq!(connection.wakes_at(), i64::from(patience));
        connection.lost(None, 0, 0.0);
    }
}

#[test]
fn after_a_connection_that_lasted_the_next_try_comes_soon() {
    let mut device = Device::resumed();
    assert_eq!(device.connection.lost(None, 1, 1.0), Next::Again { after: 500, ask_session: false });
    device.connection.opened(false, 2);
    device.hear(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())), 3);
    assert_eq!(device.connection.lost(None, 4, 1.0), Next::Again { after: 1000, ask_session: false });
    device.connection.opened(false, 5);
    device.hear(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())), 6);
    assert_eq!(device.connection.lost(None, 60_000, 1.0), Next::Again { after: 500, ask_session: false });
}

#[test]
fn how_a_socket_was_closed_decides_when_to_come_back() {
    let closed = |code| Device::resumed().connection.lost(Some(code), 1, 0.0);
    assert_eq!(closed(close::SIGNED_OUT), Next::SignedOut);
    assert_eq!(closed(close::FLOODING), Next::Again { after: Pace::default().calm, ask_session: false });
    assert_eq!(closed(close::TOO_SLOW), Next::Again { after: 250, ask_session: false });
    let mut device = Device::resumed();
    device.hear(ServerEvent::GoingAway { reconnect_after_ms: 3000 }, 1);
    assert_eq!(
        device.connection.lost(Some(close::RESTART), 2, 0.0),
        Next::Again { after: 3000, ask_session: false }
    );
}

#[test]
fn whoever_knows_nothing_yet_asks_for_everything() {
    let mut connection = Connection::new(Pace::default());
    connection.opened(false, 0);
    let due = connection.due(None, &mut Wishes::default(), |_| true, 0);
    assert!(matches!(&due[..], [ClientEvent::Resume { cursors }] if cursors.is_empty()), "{due:?}");
    assert!(connection.due(None, &mut Wishes::default(), |_| true, 1).is_empty());
}

#[test]
fn a_line_that_was_said_to_be_lost_has_to_show_that_it_is_not() {
    let mut device = Device::resumed();
    device.connection.probe(true, 1);
    assert!(matches!(device.due(1)[..], [ClientEvent::Resume { .. }]));
}

#[test]
fn a_device_whose_sockets_bring_nothing_does_without_one() {
    let pace = Pace::default();
    let patience = i64::from(pace.sockets);
    let mut device = Device::resumed();
    device.connection.lost(None, 0, 0.0);
    let nothing_comes = |device: &mut Device, now| {
        assert!(!device.connection.trying(now));
        device.connection.opened(false, now);
        assert!(matches!(device.connection.lost(None, now, 0.0), Next::Again { ask_session: true, .. }));
    };
    nothing_comes(&mut device, 0);
    device.connection.reached(1);
    nothing_comes(&mut device, patience);
    assert!(!device.connection.trying(patience), "the server may just not be there");
    device.connection.reached(patience);
    assert!(device.connection.trying(patience));

    device.connection.opened(true, patience);
    assert!(matches!(device.due(patience)[..], [ClientEvent::Resume { .. }]));
    device.hear(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())), patience);
    assert!(device.due(patience).is_empty());
    // Nobody tells it what is new, so it asks.
    let next = patience + i64::from(pace.poll);
    assert_eq!(device.connection.wakes_at(), next);
    assert!(device.connection.wake(next));
    assert!(matches!(device.due(next)[..], [ClientEvent::Resume { .. }]));

    // When even that is lost, sockets are tried first.
    device.connection.lost(None, next, 0.0);
    nothing_comes(&mut device, next);
    device.connection.reached(next + patience);
    assert!(device.connection.trying(next + patience));
    // Over a socket that brings something the device stays.
    device.connection.opened(false, next);
    device.hear(ServerEvent::Resumed(Server::new().snapshot(&BTreeMap::new())), next);
    assert!(!device.connection.trying(next));
    assert_eq!(device.connection.wakes_at(), next + i64::from(pace.silence));
}
