//! Removing a contact: the dialog that asks.

use crate::{
    browser::focus,
    device::Device,
    kit::error::Refused,
    people::{api, words},
    ui::{dialog::Dialog, route::Route, toast::Toasts},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use model::{friendship::Contact, id::ConversationId};

/// The dialog.
#[component]
pub fn RemoveDialog(
    /// Which conversation ends.
    id: ConversationId,
    /// With whom.
    contact: Contact,
    /// Whether it is open.
    asked: RwSignal<bool>,
) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let route = expect_context::<Route>();
    let busy = RwSignal::new(false);
    let name = contact.name().to_owned();
    let close = move || {
        asked.set(false);
        // Back to what opened it.
        focus::rescue(".listed-opener button");
    };
    let device = expect_context::<Device>();
    let lost = device.state.with_untracked(|state| -> Option<String> {
        let thread = state.threads.get(&id)?;
        let last = thread.last_message()?.seq;
        Some(words::lost(last, &id.made_at().civil(0).date()))
    });
    let remove = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match api::remove_contact(contact.id).await {
                Ok(_) => {
                    route.leave(&format!("/c/{id}"));
                    focus::rescue(".find input");
                }
                Err(Refused(error)) => {
                    busy.try_set(false);
                    toasts.failed(&error);
                }
            }
        });
    };
    view! {
        <Dialog role="alertdialog" labelled="remove-title" described="remove-text" close=Callback::new(move |()| close())>
            <h2 id="remove-title">{words::remove_whom(&name)}</h2>
            <div id="remove-text">
                <p>{words::removal(&name)}</p>
                {lost.map(|lost| view! { <p class="lost">{lost}</p> })}
            </div>
            <div class="acts">
                <form method="get" action=format!("/c/{id}") on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    close();
                }>
                    <button class="btn" autofocus=true>{words::CANCEL}</button>
                </form>
                <form method="post" action="/api/contacts/remove" on:submit=remove>
                    <input type="hidden" name="contact_id" value=contact.id.to_string()/>
                    <button class="btn danger">{words::REMOVE}</button>
                </form>
            </div>
        </Dialog>
    }
}
