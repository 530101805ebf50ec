//! Who is connected, and the one way to tell them anything.
//!
//! A feature says what happened and to whom ([`Live::tell`]); how it gets there is known here alone.
//! - [`hub`]: the sockets that are open on this server, each with its queue.
//! - [`bus`]: what brings an event to every server on which somebody of its audience is connected.
//! - [`lanes`]: what keeps the order in which news are told that in which they were stored.
//! - [`roster`]: who somebody has to do with, told anew when it has changed; and who comes and goes.

pub mod bus;
pub mod doubtful;
pub mod hub;
mod lanes;
pub mod roster;

pub use bus::{Audience, Bus, Heard};
pub use hub::{Frame, Hub, Leaving};
pub use lanes::Lane;

use bus::Local;
use doubtful::Doubtful;
use lanes::Lanes;
use model::{error::AppError, event::ServerEvent, id::UserId};
use std::{collections::HashSet, sync::Arc};
use store::{Store, internal};
use tracing::Instrument;

/// Everything that telling needs; a cheap handle.
#[derive(Clone)]
pub struct Live(Arc<Inner>);

struct Inner {
    store: Arc<dyn Store>,
    hub: Hub,
    bus: Box<dyn Bus>,
    lanes: Lanes,
    doubtful: Doubtful,
}

impl Live {
    /// Nobody is connected; one server alone.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let hub = Hub::new();
        let bus = Box::new(Local(hub.clone()));
        Self(Arc::new(Inner { store, hub, bus, lanes: Lanes::new(), doubtful: Doubtful::default() }))
    }

    /// The sockets of this server.
    pub fn hub(&self) -> &Hub {
        &self.0.hub
    }

    /// What is kept.
    pub fn store(&self) -> &dyn Store {
        &*self.0.store
    }

    /// What is to be told to all although it is stored already.
    pub fn doubtful(&self) -> &Doubtful {
        &self.0.doubtful
    }

    /// Tells an event to its audience, wherever they are connected. Who heard nothing of it, because
    /// none of their devices is connected, is in the answer.
    pub async fn tell(&self, audience: Audience<'_>, event: &ServerEvent) -> Heard {
        self.0.bus.tell(audience, Frame::of(event)).await
    }

    /// Which of these people are connected anywhere.
    pub async fn online(&self, users: &[UserId]) -> HashSet<UserId> {
        self.0.bus.online(users).await
    }

    /// Whether somebody is connected anywhere.
    pub async fn is_online(&self, user: UserId) -> bool {
        !self.online(&[user]).await.is_empty()
    }

    /// Does something in a lane: authorize, store, tell. What is told in one lane is told in the
    /// order in which it was stored. Once begun the work is finished, also if its caller goes away.
    /// Errors: those of the work.
    pub async fn in_lane<T: Send + 'static>(
        &self,
        lane: impl Into<Lane>,
        work: impl Future<Output = Result<T, AppError>> + Send + 'static,
    ) -> Result<T, AppError> {
        let (live, lane) = (self.clone(), lane.into());
        let work = async move {
            let _held = live.lane(lane).await;
            work.await
        };
        tokio::spawn(work.in_current_span()).await.map_err(internal)?
    }
}
