//! A dialog that has to be answered; works without scripting, too.

use crate::ui::{
    dynamic::part,
    toast::{ToastStack, Toasts},
};
use leptos::{
    ev::{Event, KeyboardEvent},
    html,
    prelude::*,
};

/// While it is there nothing else can be reached. The focus begins at what has `autofocus` in it.
#[component]
pub fn Dialog(
    /// `dialog`, or `alertdialog` where something is about to be lost.
    role: &'static str,
    /// How it looks.
    #[prop(default = "dialog")]
    class: &'static str,
    /// The id of what it is called.
    labelled: &'static str,
    /// The id of what is said about it.
    #[prop(optional)]
    described: Option<&'static str>,
    /// What Escape does.
    close: Callback<()>,
    /// What stands in it.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let is_modal = RwSignal::new(false);
    // Opened by the attribute where there is no scripting; with it, as a modal one.
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            dialog.close();
            let _ = dialog.show_modal();
            is_modal.set(use_context::<Toasts>().is_some());
        }
    });
    // A search field would take the first Escape for itself.
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" && !event.is_composing() {
            event.prevent_default();
            close.run(());
        }
    };
    // Escape while nothing has the focus, or a phone's way back; where the browser does not ask first it closes the
    // dialog by itself.
    let asked = move |event: Event| {
        event.prevent_default();
        close.run(());
    };
    let closed = move |_: Event| {
        if dialog.try_get_untracked().flatten().is_some_and(|dialog| !dialog.open()) {
            close.run(());
        }
    };
    view! {
        <dialog class=class role=role open=true node_ref=dialog on:keydown=escape on:cancel=asked on:close=closed
            aria-labelledby=labelled aria-describedby=described>
            {children()}
            // Those of the page cannot be reached, nor heard, behind it.
            {part(move || is_modal.get().then(|| view! { <ToastStack/> }).into_any())}
        </dialog>
    }
}
