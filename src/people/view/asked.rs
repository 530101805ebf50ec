//! What the address asks about somebody: who they are, or whether to block them.

use crate::{
    people::view::PEOPLE,
    ui::{
        dynamic::{Row, Rows},
        lazy::when_there,
        route::Route,
        toast::Toasts,
    },
};
use leptos::prelude::*;
use model::id::{ConversationId, UserId};

/// What the address says while somebody's card is open: who they are.
pub const PERSON: &str = "person";
/// What it says while it is asked whether to block them, or to end that.
pub const BLOCK: &str = "block";

/// The address at which somebody's card is open, over a conversation.
pub fn card_of(user: UserId, over: ConversationId) -> String {
    format!("/c/{over}?{PERSON}={user}")
}

/// The dialog that the address asks for, over a conversation.
#[component]
pub fn AboutSomebody(
    /// Over which.
    id: ConversationId,
) -> impl IntoView {
    let (route, toasts) = (expect_context::<Route>(), expect_context::<Toasts>());
    let asked = Memo::new(move |_| {
        let of = |name| route.query(name)?.parse::<UserId>().ok();
        of(BLOCK).map(|user| (user, true)).or_else(|| Some((of(PERSON)?, false)))
    });
    let is_there = RwSignal::new(PEOPLE.loader().is_none());
    Effect::new(move || {
        if asked.get().is_some() && !is_there.get_untracked() {
            let again = move || route.here();
            let there = move || {
                is_there.try_set(true);
            };
            when_there(PEOPLE.loader(), toasts, Box::new(again), Box::new(there));
        }
    });
    let rows = Signal::derive(move || {
        let row = |(user, blocks): (UserId, bool)| {
            let draw = move || PEOPLE.get().map(|people| (people.about)(id, user, blocks)).into_any();
            Row::new(user.0.as_u128(), u64::from(blocks), draw)
        };
        asked.get().filter(|_| is_there.get()).map(row).into_iter().collect()
    });
    view! { <Rows rows/> }
}
