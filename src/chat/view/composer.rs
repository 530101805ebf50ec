//! Where a message is written. Never disabled, and nothing typed here is lost.

use crate::{
    browser::page,
    chat::words,
    device::Device,
    ui::{
        dynamic::text,
        flash::flash_for,
        icon::{Glyph, Icon},
    },
};
use leptos::{
    ev::{self, KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
    web_sys::HtmlTextAreaElement,
};
use model::{
    id::{ConversationId, MessageId},
    message::MessageBody,
};

/// The composer of a conversation. `next_id` names the message of a page without scripting, so
/// that the same form posted twice is one message. `sent` runs after each message.
#[component]
pub fn Composer(id: ConversationId, next_id: MessageId, sent: Callback<()>) -> impl IntoView {
    let device = expect_context::<Device>();
    let action = format!("/api/conversations/{id}/messages");
    let flash = flash_for(&action);
    let refused = flash.as_ref().and_then(|flash| flash.typed.get("body").cloned());
    let written = refused.unwrap_or_default();
    let error = RwSignal::new(flash.map(|flash| flash.error.message));
    let input = NodeRef::<html::Textarea>::new();

    let room = RwSignal::new(None::<String>);
    let look = move |input: &HtmlTextAreaElement| {
        page::fit_height(input);
        room.set(words::room(input.value().chars().count(), MessageBody::MAX));
    };
    let send = move || {
        let Some(input) = input.get_untracked() else { return };
        let text = input.value();
        if text.trim().is_empty() {
            return;
        }
        match device.compose(id, &text) {
            Ok(()) => {
                input.set_value("");
                device.keep_draft(id, "");
                error.set(None);
                sent.run(());
            }
            Err(refused) => error.set(Some(refused.message)),
        }
        look(&input);
        let _ = input.focus();
    };
    // What stands there was typed before the page was taken over, or refused; else there may be a draft.
    Effect::new(move || {
        let Some(input) = input.get() else { return };
        match input.value() {
            text if text.is_empty() => input.set_value(&device.draft(id).unwrap_or_default()),
            text => device.keep_draft(id, &text),
        }
        look(&input);
        // With a mouse and keys one writes next; under fingers a keyboard would come up unasked.
        if page::is_touched() {
            input.set_attribute("enterkeyhint", "enter").unwrap_or_default();
        } else if !page::is_typing() {
            let _ = input.focus();
        }
    });
    // Another tab has gone on writing, or has sent it.
    Effect::new(move || {
        let changed = window_event_listener(ev::storage, move |event| {
            let Some(input) = input.get_untracked() else { return };
            let opened =
                |kept: Option<String>| kept.and_then(|kept| device.open_draft(kept)).unwrap_or_default();
            if event.key() == Some(device.draft_key(id)) && input.value() == opened(event.old_value()) {
                input.set_value(&opened(event.new_value()));
                look(&input);
            }
        });
        on_cleanup(move || changed.remove());
    });
    let typed = move |input: HtmlTextAreaElement| {
        let text = input.value();
        device.keep_draft(id, &text);
        error.set(None);
        look(&input);
        if !text.trim().is_empty() {
            device.writes(id);
        }
    };
    let keydown = move |event: KeyboardEvent| {
        // An input method's Enter chooses a word; 229 is what some browsers report for it.
        let chooses = event.is_composing() || event.key_code() == 229;
        if event.key() == "Enter" && !event.shift_key() && !chooses && !page::is_touched() {
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
                <textarea name="body" rows="1" placeholder=words::MESSAGE aria-label=words::MESSAGE
                    id="message" enterkeyhint="send" node_ref=input
                    aria-invalid=text(move || error.read().is_some().then_some("true"))
                    aria-describedby="composer-error composer-room"
                    on:keydown=keydown
                    on:input:target=move |event| typed(event.target())>
                    {written}
                </textarea>
            </div>
            <button class="send" aria-label=words::SEND title=words::SEND><Glyph icon=Icon::Send size=22/></button>
        </form>
        <p class="composer-room" id="composer-room" role="status">{text(move || room.get())}</p>
        <p class="composer-error" id="composer-error" role="alert">{text(move || error.get())}</p>
    }
}
