//! Where it stands what is pinned in a conversation: the line above its messages, and the panel. Both are drawn by the
//! part of messages.

use crate::{
    chat::view::message::{Doing, MESSAGE},
    device::Device,
    ui::{dynamic::part, lazy::fetch, route::Route},
};
use leptos::{prelude::*, task::spawn_local};

/// What the address says while the panel is open.
pub const PINS: &str = "pins";
/// What finds the line in a page.
pub const LINE: &str = ".pins-line";

/// Whether the panel is open at first: as the address says.
pub fn is_panel_asked() -> bool {
    untrack(|| expect_context::<Route>().query(PINS)).is_some()
}

/// The line, while anything is pinned.
pub fn line(doing: Doing) -> AnyView {
    let device = expect_context::<Device>();
    let any = Memo::new(move |_| {
        device.state.with_thread(doing.id, |_, thread| !thread.shown_pins().is_empty()).unwrap_or_default()
    });
    let came = RwSignal::new(MESSAGE.get().is_some());
    // Nobody has asked: where it does not come, what is pinned stands in the menu of each message.
    Effect::new(move || {
        if any.get() && !came.get_untracked() {
            spawn_local(async move {
                let has_come = fetch(MESSAGE.loader()).await;
                came.try_set(has_come);
            });
        }
    });
    let line = move || (any.get() && came.get()).then(|| Some((MESSAGE.get()?.pin_line)(doing)));
    part(move || line().flatten().into_any()).into_any()
}

/// The panel, while it is open and no other is. Beside the conversation, not in it: it is a landmark of its own.
pub fn panel(doing: Doing) -> AnyView {
    let is_open = Memo::new(move |_| doing.pins.get() && !doing.details.get());
    part(move || is_open.get().then(|| Some((MESSAGE.get()?.pins)(doing))).flatten().into_any()).into_any()
}
