//! What is special to the store in MongoDB: answers that are lost, indexes, crashes of the server.

mod crash;
mod erasure;
mod explain;
mod losses;
mod numbers;
mod open;
mod proxy;
mod servers;

use std::time::Duration;
use tokio::time::sleep;

/// Asks until it is so, for half a minute at least.
pub async fn until(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    for _ in 0..600 {
        if is_so().await {
            return;
        }
        sleep(Duration::from_millis(50)).await;
    }
    panic!("waited too long for {what}");
}
