//! A queue that nobody can have for themselves.

use futures::{FutureExt, future::join_all};
use sotto::kit::turns::{Turn, Turns};
use std::{net::IpAddr, pin::Pin};

type Waiting<'a> = Pin<Box<dyn Future<Output = Option<Turn>> + 'a>>;

fn network(n: u8) -> IpAddr {
    IpAddr::from([203, 0, 113, n])
}

/// Joins the queue.
fn join(turns: &Turns, of: u8, name: impl Into<String>) -> Waiting<'_> {
    let name = name.into();
    let mut waiting: Waiting = Box::pin(async move { turns.take(network(of), &name).await });
    assert!((&mut waiting).now_or_never().is_none(), "there is a free turn, or no room");
    waiting
}

/// Whether it has a turn by now; a turn that it had is over then.
fn has_turn(waiting: &mut Waiting) -> bool {
    waiting.now_or_never().is_some_and(|turn| turn.is_some())
}

#[tokio::test]
async fn networks_take_turns_however_many_wait_from_one() {
    let turns = Turns::new(1);
    let first = turns.take(network(1), "mallory-0").await;
    let mut flood: Vec<_> = (1..=40).map(|n| join(&turns, 1, format!("mallory-{n}"))).collect();
    let mut anna = join(&turns, 2, "anna");
    drop(first);
    assert!(has_turn(&mut anna), "whoever was not served yet comes first");
    // Her turn is over, too: the others go on in the order in which they came.
    assert!(has_turn(&mut flood[0]));
    assert!(has_turn(&mut flood[1]));
}

#[tokio::test]
async fn names_of_one_network_take_turns() {
    let turns = Turns::new(1);
    let first = turns.take(network(1), "mallory").await;
    let mut again: Vec<_> = (0..50).map(|_| join(&turns, 1, "mallory")).collect();
    assert!(turns.take(network(1), "mallory").await.is_none(), "so many are her share");
    let mut anna = join(&turns, 1, "anna");
    drop(first);
    assert!(has_turn(&mut anna));
    assert!(again.iter_mut().all(has_turn));
}

#[tokio::test]
async fn whoever_has_most_waiting_makes_room() {
    let turns = Turns::new(1);
    let first = turns.take(network(1), "mallory").await;
    let flood: Vec<_> = (0..200).map(|n| join(&turns, 1, format!("mallory-{n}"))).collect();
    assert_eq!(turns.waiting(), 200);
    assert!(turns.take(network(1), "one-more").await.is_none());
    let mut anna = join(&turns, 2, "anna");
    assert_eq!(turns.waiting(), 200);
    drop(first);
    assert!(has_turn(&mut anna));
    // Each passes its turn on.
    let served = join_all(flood.into_iter().map(|waiting| waiting.map(|turn| turn.is_some()))).await;
    assert_eq!(served.iter().filter(|served| **served).count(), 199, "one was put out");
}

#[tokio::test]
async fn whoever_leaves_holds_nobody_up() {
    let turns = Turns::new(2);
    let (one, two) = (turns.take(network(1), "a").await, turns.take(network(1), "b").await);
    let gone = join(&turns, 2, "gone");
    let mut anna = join(&turns, 2, "anna");
    drop(gone);
    drop((one, two));
    assert!(has_turn(&mut anna));
    assert!(turns.take(network(1), "a").await.is_some(), "all turns are free again");
    assert_eq!(turns.waiting(), 0);
}

#[tokio::test]
async fn in_one_network_whoever_has_most_under_a_name_makes_room() {
    let turns = Turns::new(1);
    let first = turns.take(network(1), "mallory").await;
    let names = ["mallory", "mallory-2", "mallory-3", "mallory-4"];
    let mut flood: Vec<_> = names.iter().flat_map(|name| (0..50).map(|_| join(&turns, 1, *name))).collect();
    let mut anna = join(&turns, 1, "anna");
    assert_eq!(turns.waiting(), 200);
    drop(first);
    // Once around the names that were not served yet.
    assert!([50, 100, 150].into_iter().all(|first| has_turn(&mut flood[first])));
    assert!(has_turn(&mut anna));
}

#[tokio::test]
async fn a_turn_on_its_way_to_somebody_who_has_left_is_not_lost() {
    let turns = Turns::new(1);
    let first = turns.take(network(1), "a").await;
    let leaving = join(&turns, 2, "leaving");
    drop(first);
    // It has been handed over, and nobody looks any more.
    drop(leaving);
    assert!(turns.take(network(1), "a").now_or_never().is_some_and(|turn| turn.is_some()));
    let first = turns.take(network(1), "b").await;
    let (leaving, mut anna) = (join(&turns, 2, "leaving"), join(&turns, 3, "anna"));
    drop(first);
    drop(leaving);
    assert!(has_turn(&mut anna));
}
