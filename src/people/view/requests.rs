//! Where the requests and invitations that wait stand, if any do.

use crate::{
    device::Device,
    people::view::PEOPLE,
    ui::{
        dynamic::part,
        lazy::{fetch, load},
        words,
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::request::Pending;

/// The viewer's requests, and the groups that they are asked into; nothing at all if there are none.
#[component]
pub fn Requests() -> impl IntoView {
    let device = expect_context::<Device>();
    let any = Memo::new(move |_| {
        device.state.with_people(|state| {
            let Pending { incoming, outgoing } = &state.requests;
            !incoming.is_empty() || !outgoing.is_empty() || !state.invitations.is_empty()
        })
    });
    // Whether what draws them came, where it was not there.
    let came = RwSignal::new(None);
    // Nobody has asked: a page that is older than its server does not begin anew for it.
    Effect::new(move || {
        if any.get() && PEOPLE.loader().is_some() {
            spawn_local(async move {
                let result = fetch(PEOPLE.loader()).await;
                came.try_set(Some(result));
            });
        }
    });
    let retry = move |_| {
        spawn_local(async move {
            let result = load(PEOPLE.loader(), Box::new(String::new)).await;
            came.try_set(Some(result.is_ok()));
        });
    };
    part(move || {
        if !any.get() {
            return ().into_any();
        }
        match (PEOPLE.get(), came.get()) {
            (Some(people), _) => (people.requests)(),
            (None, Some(false)) => view! {
                <p class="hint" role="alert">
                    {words::PART_MISSING}
                    <button class="btn small" on:click=retry>{words::TRY_AGAIN}</button>
                </p>
            }
            .into_any(),
            (None, _) => ().into_any(),
        }
    })
}
