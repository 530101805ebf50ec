//! Where a message is written. Never disabled, and nothing typed here is lost.

use crate::{
    device::Live,
    ui::{
        dynamic::text,
        flash::flash_for,
        icon::{Glyph, Icon},
    },
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};
use model::id::{ConversationId, MessageId};

/// The composer of a conversation. `next_id` names the message of a page without scripting, so
/// that the same form posted twice is one message. `sent` runs after each message.
#[component]
pub fn Composer(id: ConversationId, next_id: MessageId, sent: Callback<()>) -> impl IntoView {
    let live = expect_context::<Live>();
    let action = format!("/api/conversations/{id}/messages");
    let flash = flash_for(&action);
    let refused = flash.as_ref().and_then(|flash| flash.typed.get("body").cloned());
    let written = refused.unwrap_or_default();
    let error = RwSignal::new(flash.map(|flash| flash.error.message));
    let input = NodeRef::<html::Textarea>::new();

    let send = move || {
        let Some(input) = input.get_untracked() else { return };
        let text = input.value();
        if text.trim().is_empty() {
            return;
        }
        match live.compose(id, &text) {
            Ok(()) => {
                input.set_value("");
                live.keep_draft(id, "");
                error.set(None);
                sent.run(());
            }
            Err(refused) => error.set(Some(refused.message)),
        }
        let _ = input.focus();
    };
    // What stands there was typed before the page was taken over, or refused; else there may be a draft.
    Effect::new(move || {
        let Some(input) = input.get() else { return };
        match input.value() {
            text if text.is_empty() => input.set_value(&live.draft(id).unwrap_or_default()),
            text => live.keep_draft(id, &text),
        }
    });
    let typed = move |text: String| {
        live.keep_draft(id, &text);
        if !text.trim().is_empty() {
            live.writes(id);
        }
    };
    let keydown = move |event: KeyboardEvent| {
        // An input method's Enter chooses a word; 229 is what some browsers report for it.
        let chooses = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !chooses {
            event.prevent_default();
            send();
        }
    };
    view! {
        <form class="composer" method="post" action=action on:submit=move |event: SubmitEvent| {
            event.prevent_default();
            send();
        }>
            <input type="hidden" name="id" value=next_id.to_string()/>
            <div class="field">
                <textarea name="body" rows="1" placeholder="Message" aria-label="Message"
                    enterkeyhint="send" node_ref=input
                    aria-invalid=text(move || error.read().is_some().then_some("true"))
                    aria-describedby="composer-error"
                    on:keydown=keydown
                    on:input:target=move |event| typed(event.target().value())>
                    {written}
                </textarea>
            </div>
            <button class="send" aria-label="Send"><Glyph icon=Icon::Send size=22/></button>
        </form>
        <p class="composer-error" id="composer-error" role="alert">{text(move || error.get())}</p>
    }
}
