//! Every state, every move, both people: the whole table.

use model::{
    error::ErrorCode,
    friendship::{Friendship, Move, Pair, REJECTED_FOR, State},
    id::{ConversationId, RequestId, UserId},
    time::Timestamp,
};
use uuid::Uuid;

const ASKER: UserId = UserId(Uuid::from_u128(1));
const OTHER: UserId = UserId(Uuid::from_u128(2));
/// When the state last changed.
const THEN: Timestamp = Timestamp(1_000_000);
/// A moment before, and the moment at which a rejected person may ask again.
const TOO_EARLY: Timestamp = Timestamp(THEN.0 + REJECTED_FOR - 1);
const IN_TIME: Timestamp = Timestamp(THEN.0 + REJECTED_FOR);

const STATES: [State; 5] =
    [State::Requested, State::Contacts, State::Rejected, State::Withdrawn, State::Ended];
const MOVES: [Move; 5] = [Move::Request, Move::Accept, Move::Reject, Move::Cancel, Move::Remove];

/// What a move makes of a friendship.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Becomes {
    /// The same request in another state.
    Is(State),
    /// A new request by the one who moved.
    InFlight,
    /// There is nothing to change.
    Same,
    Refused(ErrorCode),
}

use Becomes::{InFlight, Is, Refused, Same};
const NOTHING: Becomes = Refused(ErrorCode::NotFound);
const NEITHER: (Becomes, Becomes) = (NOTHING, NOTHING);
const WAITING: Becomes = Refused(ErrorCode::AlreadyRequested);
const CONTACT: Becomes = Refused(ErrorCode::AlreadyContact);

/// By rows the states (as in `STATES`), by columns the moves; in a cell what the asker's move makes of it and what
/// the other's does. `early` is before the 24 hours after a rejection are over.
#[rustfmt::skip] // a table is read by its columns
fn table(early: bool) -> [[(Becomes, Becomes); 5]; 5] {
    use State::{Contacts, Ended, Rejected, Withdrawn};
    let asks_again = if early { WAITING } else { InFlight };
    let asks_anew = if early { Is(Rejected) } else { InFlight };
    [
        // Request                    Accept                   Reject                   Cancel                   Remove
        [(WAITING, Is(Contacts)),    (NOTHING, Is(Contacts)), (NOTHING, Is(Rejected)), (Is(Ended), NOTHING),     NEITHER],
        [(CONTACT, CONTACT),         (NOTHING, Same),         NEITHER,                 NEITHER,                  (Is(Ended), Is(Ended))],
        [(asks_again, Is(Contacts)), NEITHER,                 (NOTHING, Same),         (Is(Withdrawn), NOTHING), NEITHER],
        [(asks_anew, InFlight),         NEITHER,                 NEITHER,                 NEITHER,                  NEITHER],
        [(InFlight, InFlight),             NEITHER,                 NEITHER,                 NEITHER,                  NEITHER],
    ]
}

fn pair() -> Pair {
    Pair::of(ASKER, OTHER).expect("two people")
}

fn friendship(state: State) -> Friendship {
    let conversation = (state == State::Contacts).then(ConversationId::new);
    let request_id = RequestId::new();
    Friendship {
        pair: pair(),
        state,
        requested_by: ASKER,
        request_id,
        conversation,
        changed_at: THEN,
        rev: 7,
    }
}

#[test]
fn every_move_makes_what_the_table_says() {
    for (now, early) in [(TOO_EARLY, true), (IN_TIME, false)] {
        for (state, row) in STATES.into_iter().zip(table(early)) {
            for (action, cell) in MOVES.into_iter().zip(row) {
                for (actor, expected) in [(ASKER, cell.0), (OTHER, cell.1)] {
                    check(&friendship(state), actor, action, now, expected);
                }
            }
        }
    }
}

fn check(before: &Friendship, actor: UserId, action: Move, now: Timestamp, expected: Becomes) {
    let who = if actor == ASKER { "the asker" } else { "the other" };
    let case = format!("{who}: {action:?} in {:?} at {now}", before.state);
    let after = match Friendship::after(Some(before), pair(), actor, action, now) {
        Err(error) => return assert_eq!(Refused(error.code), expected, "{case}"),
        Ok(None) => return assert_eq!(Same, expected, "{case}"),
        Ok(Some(after)) => after,
    };
    assert_eq!(after.rev, before.rev + 1, "{case}: each write counts");
    assert_eq!(after.pair, before.pair, "{case}");
    assert_eq!(after.conversation.is_some(), after.state == State::Contacts, "{case}: contacts can talk");
    let asked_in_vain = (before.state, after.state) == (State::Withdrawn, State::Rejected);
    assert!(!asked_in_vain || after.request_id != before.request_id, "{case}: a request of its own");
    if asked_in_vain || after.request_id == before.request_id {
        assert_eq!(Is(after.state), expected, "{case}");
        assert_eq!(after.requested_by, before.requested_by, "{case}");
        let keeps_waiting = matches!(
            (before.state, after.state),
            (State::Rejected, State::Withdrawn) | (State::Withdrawn, State::Rejected)
        );
        let changed_at = if keeps_waiting { before.changed_at } else { now };
        assert_eq!(after.changed_at, changed_at, "{case}: the wait goes on from the rejection");
    } else {
        assert_eq!(InFlight, expected, "{case}");
        let asked = (after.state, after.requested_by, after.changed_at);
        assert_eq!(asked, (State::Requested, actor, now), "{case}");
    }
}

#[test]
fn people_who_never_met_can_only_ask() {
    for action in MOVES {
        match Friendship::after(None, pair(), OTHER, action, THEN) {
            Ok(Some(after)) => {
                assert_eq!(action, Move::Request);
                assert_eq!((after.state, after.requested_by, after.rev), (State::Requested, OTHER, 1));
                assert_eq!((after.conversation, after.changed_at), (None, THEN));
            }
            Err(error) => assert_eq!((error.code, action == Move::Request), (ErrorCode::NotFound, false)),
            Ok(None) => panic!("{action:?} does something or is refused"),
        }
    }
}

#[test]
fn a_rejected_person_sees_their_request_wait_until_they_may_ask_again() {
    for (state, asker_early, asker_later, other) in [
        (State::Requested, true, true, true),
        (State::Contacts, false, false, false),
        (State::Rejected, true, false, false),
        (State::Withdrawn, false, false, false),
        (State::Ended, false, false, false),
    ] {
        let friendship = friendship(state);
        assert_eq!(friendship.is_pending_for(ASKER, TOO_EARLY), asker_early, "{state:?}");
        assert_eq!(friendship.is_pending_for(ASKER, IN_TIME), asker_later, "{state:?}");
        for now in [TOO_EARLY, IN_TIME] {
            assert_eq!(friendship.is_pending_for(OTHER, now), other, "{state:?}");
        }
    }
}

#[test]
fn cancelling_is_no_way_around_the_wait() {
    let early = |before: &Friendship, action| {
        Friendship::after(Some(before), pair(), ASKER, action, TOO_EARLY).expect("allowed").expect("a change")
    };
    let cancelled = early(&friendship(State::Rejected), Move::Cancel);
    let asked = early(&cancelled, Move::Request);
    assert_eq!(asked.state, State::Rejected, "the other is not asked again");
    assert!(asked.is_pending_for(ASKER, TOO_EARLY) && !asked.is_pending_for(OTHER, TOO_EARLY));
    let after = Friendship::after(Some(&asked), pair(), ASKER, Move::Request, IN_TIME);
    assert_eq!(after.expect("allowed").expect("a change").state, State::Requested);
}

#[test]
fn a_pair_is_the_same_whoever_asks() {
    assert_eq!(Pair::of(ASKER, OTHER), Pair::of(OTHER, ASKER));
    assert_eq!(Pair::of(ASKER, ASKER), None);
    assert_eq!((pair().other(ASKER), pair().other(OTHER)), (OTHER, ASKER));
    assert!(pair().contains(ASKER) && pair().contains(OTHER));
    assert!(!pair().contains(UserId(Uuid::from_u128(3))));
}
