//! What a member keeps of a conversation in the list: what opens its menu, which is loaded when it is wanted.

mod menu;

use crate::{
    chat::{view::group::GROUPS, words},
    ui::{
        dynamic::part,
        icon::{Glyph, Icon},
        lazy::{self, Opening},
        route::Route,
        toast::Toasts,
    },
};
use leptos::{
    ev::{MouseEvent, SubmitEvent},
    prelude::*,
};
pub use menu::ListedMenu;
use model::id::ConversationId;

/// What the address says while the menu of a conversation is open: its id.
pub const OPTIONS: &str = "conversation";
/// What it says while the archive is shown in the place of the list.
pub const ARCHIVED: &str = "archived";
/// The id of the form without scripting that asks for a menu.
pub const LISTED_FORM: &str = "listed-options";

/// Which conversation's menu is open, if one is. A cheap handle, found in the context of the page's views.
#[derive(Clone, Copy)]
pub struct Listed {
    /// The conversation, and whether the menu was opened from its head.
    pub open: RwSignal<Option<(ConversationId, bool)>>,
    /// Whether it is asked whether the contact of the open conversation is to be removed.
    pub removal: Opening,
    toasts: Toasts,
}

impl Listed {
    /// Puts it into the context, as the address says. `opened` is the conversation beside the list.
    pub fn provide(opened: Option<ConversationId>, removal: Opening) -> Self {
        let (route, toasts) = (expect_context::<Route>(), expect_context::<Toasts>());
        let asked = untrack(|| route.query(OPTIONS));
        let menu = asked.and_then(|id| id.parse().ok()).map(|id| (id, opened == Some(id)));
        let listed = Self { open: RwSignal::new(menu), removal, toasts };
        provide_context(listed);
        listed
    }

    /// Opens the menu of a conversation.
    pub fn show(self, id: ConversationId, from_head: bool) {
        let show = move || {
            self.open.try_set(Some((id, from_head)));
        };
        lazy::when_there(
            GROUPS.loader(),
            self.toasts,
            Box::new(move || format!("/c/{id}?{OPTIONS}={id}")),
            Box::new(show),
        );
    }

    /// The open menu. Above the whole page: the list is out of sight on a phone while a conversation is open.
    pub fn menu(self) -> impl IntoView {
        part(move || {
            let open = self.open.get();
            open.and_then(|(id, from_head)| Some((GROUPS.get()?.listed)(self, id, from_head))).into_any()
        })
    }
}

/// What opens the menu of a conversation in the list.
#[component]
pub fn RowOptions(
    /// Which.
    id: ConversationId,
    /// What it is called, with "Options for".
    #[prop(into)]
    label: Signal<Option<String>>,
    /// Whether the Tab key stops at it.
    #[prop(into)]
    tabindex: Signal<Option<String>>,
) -> impl IntoView {
    let listed = expect_context::<Listed>();
    let clicked = move |event: MouseEvent| {
        event.prevent_default();
        listed.show(id, false);
    };
    view! {
        <button class="row-options" form=LISTED_FORM name=OPTIONS value=id.to_string() tabindex=tabindex aria-label=label
            on:click=clicked></button>
    }
}

/// What opens the menu of the open conversation.
#[component]
pub fn ConversationOptions(
    /// Which.
    id: ConversationId,
) -> impl IntoView {
    let listed = expect_context::<Listed>();
    let asked = move |event: SubmitEvent| {
        event.prevent_default();
        listed.show(id, true);
    };
    view! {
        <form class="listed-opener" method="get" action=format!("/c/{id}") on:submit=asked>
            <button class="icon" name=OPTIONS value=id.to_string() aria-haspopup="menu" aria-label=words::OPTIONS title=words::OPTIONS>
                <Glyph icon=Icon::More size=20/>
            </button>
        </form>
    }
}
