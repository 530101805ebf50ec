//! Short notices that go by themselves: what was done, or what went wrong.

use crate::{
    browser::page,
    ui::{
        dynamic::{Row, Rows},
        icon::{Glyph, Icon},
        words,
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::error::AppError;
use std::sync::Arc;

/// How long a toast stays, unless somebody points at it.
const STAYS_MS: u32 = 3000;
/// The same of one that offers to take back what was done: as long as that can be.
const UNDOABLE_MS: u32 = model::outgoing::UNDO_MS;
/// The most toasts at once; an older one gives way.
const MOST: usize = 4;

/// Where toasts are put.
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    /// How many stacks there are: that of the page, and those of dialogs over it. The last one shows them.
    stacks: RwSignal<u32>,
    next: StoredValue<u32>,
}

#[derive(Clone)]
struct Toast {
    id: u32,
    is_error: bool,
    text: String,
    /// What takes it back, and its word.
    undo: Option<Undo>,
}

/// What takes something back, and its word. No callback of a view: it outlives the one that it was done in.
type Undo = (&'static str, Arc<dyn Fn() + Send + Sync>);

impl Toasts {
    /// Puts an empty stack into the context.
    pub fn provide() -> Self {
        let toasts = Self { shown: RwSignal::default(), stacks: RwSignal::new(0), next: StoredValue::new(0) };
        provide_context(toasts);
        toasts
    }

    /// Something was done.
    pub fn done(self, text: impl Into<String>) {
        self.show(false, text.into(), None);
    }

    /// Something was done that can be taken back for a while.
    pub fn undoable(self, text: &str, word: &'static str, undo: impl Fn() + Send + Sync + 'static) {
        self.show(false, text.to_owned(), Some((word, Arc::new(undo))));
    }

    /// Something went wrong.
    pub fn failed(self, error: &AppError) {
        self.show(true, error.message.clone(), None);
    }

    fn show(self, is_error: bool, text: String, undo: Option<Undo>) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.shown.update(|shown| {
            shown.push(Toast { id, is_error, text, undo });
            if shown.len() > MOST {
                shown.remove(0);
            }
        });
    }

    fn dismiss(self, id: u32) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// The stack of toasts.
#[component]
pub fn ToastStack() -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    toasts.stacks.update(|stacks| *stacks += 1);
    let own = toasts.stacks.get_untracked();
    on_cleanup(move || {
        toasts.stacks.try_update(|stacks| *stacks -= 1);
    });
    let rows = Signal::derive(move || {
        if toasts.stacks.get() != own {
            return Vec::new();
        }
        let row = |toast: Toast| {
            Row::new(toast.id.into(), 0, move || view! { <ToastView toast=toast.clone()/> }.into_any())
        };
        toasts.shown.get().into_iter().map(row).collect()
    });
    view! { <div class="toasts"><Rows rows/></div> }
}

#[component]
fn ToastView(toast: Toast) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let id = toast.id;
    let is_undoable = toast.undo.is_some();
    let undo = toast.undo.map(|(word, undo)| {
        view! {
            <button class="btn small" on:click=move |_| {
                undo();
                toasts.dismiss(id);
            }>{word}</button>
        }
    });
    let (pointed_at, focused) = (RwSignal::new(false), RwSignal::new(false));
    // The time begins anew whenever nobody holds it any more.
    let turn = StoredValue::new(0_u32);
    Effect::new(move || {
        let held = pointed_at.get() || focused.get();
        let now = turn.get_value() + 1;
        turn.set_value(now);
        // What can be taken back can be for so long, whoever holds it.
        let stays = if is_undoable { UNDOABLE_MS } else { STAYS_MS };
        if !held || is_undoable && now == 1 {
            spawn_local(async move {
                page::sleep(stays).await;
                if is_undoable || turn.try_get_value() == Some(now) {
                    toasts.dismiss(id);
                }
            });
        }
    });
    let (class, role, sign) =
        if toast.is_error { ("toast error", "alert", "!") } else { ("toast ok", "status", "✓") };
    view! {
        <div class=class role=role
            on:pointerenter=move |_| pointed_at.set(true) on:pointerleave=move |_| pointed_at.set(false)
            on:focusin=move |_| focused.set(true) on:focusout=move |_| focused.set(false)>
            <i aria-hidden="true">{sign}</i>
            <span>{toast.text}</span>
            {undo}
            <button class="icon small" aria-label=words::DISMISS on:click=move |_| toasts.dismiss(id)>
                <Glyph icon=Icon::Cross size=14/>
            </button>
        </div>
    }
}
