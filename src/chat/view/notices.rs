//! The menu's entry that turns notifications on and off.

use crate::{
    chat::words,
    device::Notices,
    ui::{dynamic::text, toast::Toasts},
};
use leptos::{prelude::*, task::spawn_local};
use model::error::{AppError, ErrorCode};

/// Hidden where there are none.
#[component]
pub fn NoticesItem() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let notices = RwSignal::new(Notices::Unsupported);
    Effect::new(move || notices.set(Notices::now()));
    let change = move || match Notices::now() {
        Notices::Unsupported => {}
        Notices::On => notices.set(Notices::turn_off()),
        Notices::Off | Notices::Blocked => spawn_local(async move {
            let now = Notices::turn_on().await;
            notices.try_set(now);
            match now {
                Notices::On => toasts.done(words::NOTIFYING),
                Notices::Blocked => toasts.failed(&blocked()),
                Notices::Off | Notices::Unsupported => {}
            }
        }),
    };
    view! {
        <button class="menu-item" role="menuitem" hidden=Signal::derive(move || notices.get() == Notices::Unsupported)
            on:click=move |_| change()>
            {text(move || Some(match notices.get() {
                Notices::On => words::DO_NOT_NOTIFY,
                Notices::Off | Notices::Blocked | Notices::Unsupported => words::NOTIFY,
            }))}
        </button>
    }
}

fn blocked() -> AppError {
    AppError::new(ErrorCode::Unknown, words::NOTICES_BLOCKED)
}
