//! Pages are rendered in turn, however many are asked for, and nothing else waits for them.

use crate::app::{TestApp, in_time};
use futures::FutureExt;
use sotto::web::pages::Renderings;
use std::{
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::task::{JoinSet, yield_now};

/// Fewer than may wait under one name.
const PAGES: usize = 40;

#[tokio::test]
async fn a_flood_of_large_pages_is_rendered_a_few_at_a_time_and_sockets_do_not_wait_for_it() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for number in 0..60 {
        ben.write(&conversation, &format!("{number} {}", "x".repeat(3900))).await;
    }
    let (mut a, mut b) = (ada.socket().await, ben.socket().await);

    // As if so many pages were being rendered as are at once.
    let renderings = app.state.part::<Renderings>();
    let mut held = Vec::new();
    while let Some(turn) = renderings.0.take(IpAddr::from([192, 0, 2, 1]), "somebody else").now_or_never() {
        held.push(turn.expect("nobody waits"));
    }
    assert!((1..=64).contains(&held.len()), "half of the cores: {}", held.len());
    // One that was asked for above waits no longer.
    drop(held.pop());
    held.extend(renderings.0.take(IpAddr::from([192, 0, 2, 1]), "somebody else").await);

    let answered = Arc::new(AtomicUsize::new(0));
    let mut flood = JoinSet::new();
    for _ in 0..PAGES {
        let (visitor, page, answered) = (ada.copy(), format!("/c/{conversation}"), answered.clone());
        flood.spawn(async move {
            let answer = visitor.get(&page).await;
            answered.fetch_add(1, Ordering::Relaxed);
            answer
        });
    }
    in_time("all of them to wait", async {
        while renderings.0.waiting() < PAGES {
            yield_now().await;
        }
    })
    .await;

    // Each of them waits, and a message does not.
    for number in 0..20 {
        a.write(&conversation, &format!("meanwhile {number}")).await;
        assert_eq!(b.hear_bodies(1).await, [format!("meanwhile {number}")]);
    }
    assert_eq!((renderings.0.waiting(), answered.load(Ordering::Relaxed)), (PAGES, 0));

    drop(held);
    while let Some(answer) = flood.join_next().await {
        let answer = answer.expect("an answer");
        assert_eq!(answer.status, 200);
        assert!(answer.text.len() > 100_000, "a large one: {}", answer.text.len());
    }
}
