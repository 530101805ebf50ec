//! Groups: making one, and the panel of one. What is seldom wanted of them, and of any conversation in the list, is
//! loaded when it is.

mod details;
mod invited;
mod links;
mod making;

use crate::{
    chat::{
        view::listed::{Listed, ListedMenu},
        words,
    },
    ui::{
        dynamic::{part, text},
        icon::{Glyph, Icon},
        lazy::{Opening, lazy},
    },
};
use details::Panel;
pub use invited::Drawn;
use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
};
use making::MakeGroup;
use model::id::ConversationId;

/// What is seldom wanted of groups, and of conversations in the list.
#[derive(Clone, Copy)]
pub struct Groups {
    /// Draws the dialog that makes one; the signal says whether it is open.
    pub make: fn(RwSignal<bool>) -> AnyView,
    /// Draws the panel of one; the signal says whether it is open.
    pub panel: fn(ConversationId, RwSignal<bool>) -> AnyView,
    /// Draws the menu of a conversation; the flag says whether it was opened from its head.
    pub listed: fn(Listed, ConversationId, bool) -> AnyView,
}

lazy! {
    /// All of it.
    pub static GROUPS: Groups = groups(Groups {
        make: |open| view! { <MakeGroup open/> }.into_any(),
        panel: |id, open| view! { <Panel id open/> }.into_any(),
        listed: |listed, id, from_head| view! { <ListedMenu listed id from_head/> }.into_any(),
    })
}

/// What the address says while the dialog that makes a group is open.
pub const NEW: &str = "new";
/// What it says while a group's panel is.
pub const PANEL: &str = "details";

/// What opens the dialog that makes a group, and the dialog.
#[component]
pub fn NewGroup() -> impl IntoView {
    let making = Opening::new(NEW, || GROUPS.loader(), RwSignal::new(false));
    let is_open = making.is_open;
    let clicked = move |event: MouseEvent| {
        event.prevent_default();
        making.open();
    };
    let dialog =
        part(move || is_open.get().then(|| Some((GROUPS.get()?.make)(is_open))).flatten().into_any());
    view! {
        <a class="new-group" href=format!("/?{NEW}=group") rel="external" on:click=clicked>{words::NEW_GROUP}</a>
        {dialog}
    }
}

/// A group's panel; the signal says whether it is open.
pub fn opening(is_open: RwSignal<bool>) -> Opening {
    Opening::new(PANEL, || GROUPS.loader(), is_open)
}

/// What opens a group's panel, and closes it.
#[component]
pub fn PanelOpener(
    /// Whose.
    id: ConversationId,
    /// The panel.
    details: Opening,
) -> impl IntoView {
    let open = details.is_open;
    let clicked = move |event: SubmitEvent| {
        event.prevent_default();
        match open.get_untracked() {
            true => open.set(false),
            false => details.open(),
        }
    };
    view! {
        <form class="details-opener" method="get" action=format!("/c/{id}") on:submit=clicked>
            <button class="icon" name=PANEL value="1" aria-label=words::GROUP_DETAILS title=words::GROUP_DETAILS
                aria-expanded=text(move || Some(open.get().to_string()))>
                <Glyph icon=Icon::People size=20/>
            </button>
        </form>
    }
}

/// The panel, while it is open. Beside the conversation, not in it: it is a landmark of its own.
pub fn panel(id: ConversationId, open: RwSignal<bool>) -> AnyView {
    part(move || open.get().then(|| Some((GROUPS.get()?.panel)(id, open))).flatten().into_any()).into_any()
}
