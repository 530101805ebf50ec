//! A dialog that has to be answered; works without scripting, too.

use leptos::{ev::KeyboardEvent, html, prelude::*};

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
    // Opened by the attribute where there is no scripting; with it, as a modal one.
    Effect::new(move || {
        if let Some(dialog) = dialog.get() {
            dialog.close();
            let _ = dialog.show_modal();
        }
    });
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            close.run(());
        }
    };
    view! {
        <dialog class=class role=role open=true node_ref=dialog on:keydown=escape
            aria-labelledby=labelled aria-describedby=described>
            {children()}
        </dialog>
    }
}
