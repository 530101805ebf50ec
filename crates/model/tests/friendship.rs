//! Every state, every move, both people: the whole table.

use model::{
    error::ErrorCode,
    friendship::{Blocks, Friendship, Move, Pair, REJECTED_FOR, State},
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
        blocks: Blocks::default(),
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

/// What is stored after a move; it must be allowed and change something.
fn moved(before: &Friendship, actor: UserId, action: Move, now: Timestamp) -> Friendship {
    let next = Friendship::after(Some(before), pair(), actor, action, now).expect("an allowed move");
    let next = next.expect("a change");
    assert_eq!(next.rev, before.rev + 1);
    next
}

#[test]
fn a_block_ends_a_request_and_leaves_everything_else_as_it_was() {
    for state in STATES {
        for (blocker, left) in [(ASKER, State::Ended), (OTHER, State::Rejected)] {
            let before = friendship(state);
            let blocked = moved(&before, blocker, Move::Block, IN_TIME);
            let expected = if state == State::Requested { left } else { state };
            assert_eq!((blocked.state, blocked.conversation), (expected, before.conversation), "{state:?}");
            assert_eq!(blocked.blocked_by(blocker), Some(IN_TIME));
            assert_eq!(blocked.blocked_by(pair().other(blocker)), None);
            let again = Friendship::after(Some(&blocked), pair(), blocker, Move::Block, IN_TIME);
            assert_eq!(again, Ok(None));
            let free = moved(&blocked, blocker, Move::Unblock, IN_TIME);
            assert!(!free.is_blocked() && free.state == blocked.state);
            assert_eq!(Friendship::after(Some(&free), pair(), blocker, Move::Unblock, IN_TIME), Ok(None));
        }
    }
}

#[test]
fn strangers_can_be_blocked_and_unblocked() {
    assert_eq!(Friendship::after(None, pair(), ASKER, Move::Unblock, THEN), Ok(None));
    let blocked =
        Friendship::after(None, pair(), ASKER, Move::Block, THEN).expect("allowed").expect("a record");
    assert_eq!((blocked.state, blocked.rev, blocked.blocked_by(ASKER)), (State::Ended, 1, Some(THEN)));
    assert!(!blocked.is_pending_for(ASKER, THEN) && !blocked.is_pending_for(OTHER, THEN));
}

#[test]
fn a_request_to_whoever_blocks_its_sender_looks_asked_and_reaches_nobody() {
    for state in STATES.into_iter().filter(|state| *state != State::Contacts) {
        // The blocker may have asked, or been asked.
        for (blocker, sender) in [(ASKER, OTHER), (OTHER, ASKER)] {
            let blocked = moved(&friendship(state), blocker, Move::Block, THEN);
            match Friendship::after(Some(&blocked), pair(), sender, Move::Request, IN_TIME) {
                Ok(Some(asked)) => {
                    assert_eq!((asked.state, asked.requested_by), (State::Rejected, sender), "{state:?}");
                    assert!(asked.blocked_by(blocker).is_some(), "{state:?}");
                    assert!(asked.is_pending_for(sender, IN_TIME) && !asked.is_pending_for(blocker, IN_TIME));
                    let accepted = Friendship::after(Some(&asked), pair(), blocker, Move::Accept, IN_TIME);
                    assert_eq!(accepted.map_err(|error| error.code), Err(ErrorCode::NotFound));
                }
                other => panic!("{state:?}: {other:?}"),
            }
            let asks = Friendship::after(Some(&blocked), pair(), blocker, Move::Request, IN_TIME);
            assert_eq!(asks.map_err(|error| error.code), Err(ErrorCode::NotAllowed), "whoever blocks");
        }
    }
}

#[test]
fn contacts_who_block_stay_contacts_and_can_part() {
    let blocked = moved(&friendship(State::Contacts), ASKER, Move::Block, THEN);
    let both = moved(&blocked, OTHER, Move::Block, THEN);
    assert!(both.blocked_by(ASKER).is_some() && both.blocked_by(OTHER).is_some());
    let parted = moved(&both, OTHER, Move::Remove, IN_TIME);
    assert_eq!((parted.state, parted.conversation), (State::Ended, None));
    assert!(parted.blocked_by(ASKER).is_some(), "removing somebody unblocks nobody");
}
