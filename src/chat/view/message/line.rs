//! What the composer is about: the message that is answered, or is to be other words.

use super::{Doing, OPTIONS_FORM, Writing};
use crate::{
    chat::{view::bubble::quoted, words},
    device::Device,
    ui::{
        dynamic::text,
        icon::{Glyph, Icon},
    },
};
use leptos::{ev::MouseEvent, prelude::*};

/// Stands above the field, with a button that ends it.
#[component]
pub fn Line(doing: Doing, writing: Writing) -> impl IntoView {
    let device = expect_context::<Device>();
    let (message, cancel, reply_to) = match writing {
        Writing::Reply(message) => (message, words::CANCEL_REPLY, Some(message)),
        Writing::Edit(message) => (message, words::CANCEL_EDIT, None),
    };
    let known = Memo::new(move |_| {
        let message = device.state.with_thread(doing.id, |_, thread| thread.message(message).cloned())??;
        quoted(device, &message)
    });
    let title = text(move || match writing {
        Writing::Edit(_) => Some(words::EDITING.to_owned()),
        Writing::Reply(_) => {
            Some(known.with(|known| words::replying_to(known.as_ref().map(|(name, _)| name.as_str()))))
        }
    });
    let said = text(move || known.with(|known| known.as_ref().map(|(_, said)| said.clone())));
    let end = move |event: MouseEvent| {
        event.prevent_default();
        doing.writing.set(None);
    };
    view! {
        <div class="about">
            <p role="status"><b>{title}</b><span>{said}</span></p>
            {reply_to.map(|message| view! { <input type="hidden" name="reply_to" value=message.to_string()/> })}
            <button class="icon small" form=OPTIONS_FORM aria-label=cancel title=cancel on:click=end>
                <Glyph icon=Icon::Cross size=14/>
            </button>
        </div>
    }
}
