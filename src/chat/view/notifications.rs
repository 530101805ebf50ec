//! The menu's entry that turns notifications on and off.

use crate::{
    chat::words,
    device::Notifications,
    ui::{dynamic::text, toast::Toasts},
};
use leptos::{prelude::*, task::spawn_local};
use model::error::{AppError, ErrorCode};

/// Hidden where there are none.
#[component]
pub fn NotificationsItem() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let notifications = RwSignal::new(Notifications::Unsupported);
    Effect::new(move || notifications.set(Notifications::now()));
    let change = move || match Notifications::now() {
        Notifications::Unsupported => {}
        Notifications::On => notifications.set(Notifications::turn_off()),
        Notifications::Off | Notifications::Blocked => spawn_local(async move {
            let now = Notifications::turn_on().await;
            notifications.try_set(now);
            match now {
                Notifications::On => toasts.done(words::NOTIFYING),
                Notifications::Blocked => toasts.failed(&blocked()),
                Notifications::Off | Notifications::Unsupported => {}
            }
        }),
    };
    view! {
        <button class="menu-item" role="menuitem" hidden=Signal::derive(move || notifications.get() == Notifications::Unsupported)
            on:click=move |_| change()>
            {text(move || Some(match notifications.get() {
                Notifications::On => words::DO_NOT_NOTIFY,
                Notifications::Off | Notifications::Blocked | Notifications::Unsupported => words::NOTIFY,
            }))}
        </button>
    }
}

fn blocked() -> AppError {
    AppError::new(ErrorCode::Unknown, words::NOTICES_BLOCKED)
}
