//! What can be done with a contact: a menu, which opens dialogs.

use crate::{
    people::{view::PEOPLE, words},
    ui::{
        dynamic::part,
        icon::{Glyph, Icon},
        lazy::open,
        menu::Menu,
        route::Route,
        toast::Toasts,
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::{friendship::Contact, id::ConversationId};

/// What the address says while the dialog is open, so that it opens without scripting, too.
pub const REMOVE: &str = "remove";

/// The menu of a conversation, and the dialog that it opens.
#[component]
pub fn ConversationOptions(
    /// Which conversation.
    id: ConversationId,
    /// Who it is with.
    contact: Memo<Option<Contact>>,
) -> impl IntoView {
    let asked = RwSignal::new(untrack(|| expect_context::<Route>().query(REMOVE)).is_some());
    let toasts = expect_context::<Toasts>();
    let ask = move |event: SubmitEvent| {
        event.prevent_default();
        open(PEOPLE.loader(), asked, toasts, move || format!("/c/{id}?{REMOVE}=1"));
    };
    let face = move || view! { <Glyph icon=Icon::More size=20/> };
    let dialog = part(move || {
        asked
            .get()
            .then(|| Some((PEOPLE.get()?.removal)(id, contact.get_untracked()?, asked)))
            .flatten()
            .into_any()
    });
    view! {
        <Menu label=words::OPTIONS class="options" face>
            <form method="get" action=format!("/c/{id}") on:submit=ask>
                <button class="menu-item danger" name=REMOVE value="1">{words::REMOVE_CONTACT}</button>
            </form>
        </Menu>
        {dialog}
    }
}
