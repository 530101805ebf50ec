//! Where a message is written. Never disabled, and nothing typed here is lost.

use crate::{
    browser::{field, focus, page},
    chat::{
        view::{
            message::{Doing, MESSAGE, Writing},
            writing::{Help, ToolbarToggle},
        },
        words,
    },
    device::Device,
    files::view::{Sending, words::ATTACH},
    ui::{
        dynamic::{part, text},
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
    change::Change,
    id::{ConversationId, MessageId},
    message::{Message, MessageBody},
    state::ChatState,
    thread::Operation,
};
use std::sync::Arc;

/// The composer of a conversation. `next_id` names the message of a page without scripting, so
/// that the same form posted twice is one message. `sent` runs after each message.
#[component]
pub fn Composer(id: ConversationId, next_id: MessageId, sent: Callback<()>) -> impl IntoView {
    let (device, doing, files) =
        (expect_context::<Device>(), expect_context::<Doing>(), expect_context::<Sending>());
    // The text that is to be another, and the place where what takes its place is kept meanwhile.
    let edited = move |writing: Option<Writing>| match writing {
        Some(Writing::Edit(message)) => Some(message),
        Some(Writing::Reply(_)) | None => None,
    };
    let text_of = move |message: MessageId| {
        let text = |state: &ChatState| {
            let thread = state.threads.get(&id)?;
            let message = thread.shown(thread.message(message)?, state.me.id);
            message.content.words().map(str::to_owned)
        };
        device.state.with_untracked(text).unwrap_or_default()
    };
    let kept_at =
        move || edited(doing.writing.get_untracked()).map_or(id, |message| ConversationId(message.0));
    let begun = edited(doing.writing.get_untracked());
    let action = match begun {
        Some(message) => doing.action(message, "edit"),
        None => format!("/api/conversations/{id}/messages"),
    };
    // Without scripting: what is edited takes no files.
    let (encoding, files_name) = match begun {
        Some(_) => ("application/x-www-form-urlencoded", ""),
        None => ("multipart/form-data", "files"),
    };
    let flash = flash_for(&action);
    let refused = flash.as_ref().and_then(|flash| flash.typed.get("body").cloned());
    let written = refused.or_else(|| begun.map(text_of)).unwrap_or_default();
    let error = RwSignal::new(flash.map(|flash| flash.error.message));
    let input = NodeRef::<html::Textarea>::new();
    let help = Help::new(id, input);

    let room = RwSignal::new(None::<String>);
    let look = move |input: &HtmlTextAreaElement| {
        field::fit_height(input);
        room.set(words::room(input.value().chars().count(), MessageBody::MAX));
    };
    let send = move || {
        let Some(input) = input.get_untracked() else { return };
        let text = input.value();
        let writing = doing.writing.get_untracked();
        let may_be_empty = edited(writing).is_none() && files.any(id);
        if text.trim().is_empty() && !may_be_empty {
            return;
        }
        let done = match writing {
            Some(Writing::Edit(message)) => MessageBody::parse(&text).map(|words| {
                device.perform(id, Operation::Change { message, change: Change::Edit(words) });
            }),
            Some(Writing::Reply(message)) => files.compose(id, &text, Some(message)),
            None => files.compose(id, &text, None),
        };
        match done {
            Ok(()) => {
                input.set_value("");
                device.keep_draft(kept_at(), "");
                error.set(None);
                if edited(writing).is_none() {
                    sent.run(());
                }
                doing.writing.set(None);
                doing.complete(String::new());
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
            text if text.is_empty() => input.set_value(&device.draft(kept_at()).unwrap_or_default()),
            text => device.keep_draft(kept_at(), &text),
        }
        look(&input);
        files.choose_early(id);
        // With a mouse and keys one writes next; under fingers a keyboard would come up unasked.
        if page::is_touched() {
            input.set_attribute("enterkeyhint", "enter").unwrap_or_default();
        } else if !focus::is_typing() {
            let _ = input.focus();
        }
    });
    // What it is about is another: its own draft is there.
    Effect::new(move |before: Option<Option<Writing>>| {
        let (before, now) = (before.flatten(), doing.writing.get());
        let Some(input) = input.get_untracked().filter(|_| before != now) else { return now };
        if edited(before) != edited(now) {
            let draft = device.draft(kept_at());
            let draft = draft.or_else(|| edited(now).map(text_of)).unwrap_or_default();
            input.set_value(&draft);
            look(&input);
        }
        error.set(None);
        doing.complete(String::new());
        let _ = input.focus();
        now
    });
    let line = part(move || {
        let writing = doing.writing.get();
        writing.and_then(|writing| Some((MESSAGE.get()?.line)(doing, writing))).into_any()
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
        device.keep_draft(kept_at(), &text);
        error.set(None);
        look(&input);
        doing.complete(field::before_caret(&input));
        help.typed(&text);
        if !text.trim().is_empty() {
            device.writes(id);
        }
    };
    let keydown = move |event: KeyboardEvent| {
        // An input method's keys are its own: its Enter chooses a word; 229 is what some browsers report for them.
        let chooses = event.is_composing() || event.key_code() == 229;
        if let Some((part, field)) = MESSAGE.get().zip(input.get_untracked())
            && !chooses
            && (part.take_key)(doing, device, &event, &field)
        {
            return;
        }
        if !chooses && help.takes(&event) {
            return;
        }
        if event.key() == "Enter" && !event.shift_key() && !chooses && !page::is_touched() && device.keeps() {
            event.prevent_default();
            send();
        }
        let is_empty = || input.get_untracked().is_some_and(|input| input.value().is_empty());
        match event.key().as_str() {
            // What is offered is for where one writes.
            "ArrowLeft" | "ArrowRight" | "Home" | "End" => doing.complete(String::new()),
            "Escape" if !chooses => doing.writing.maybe_update(|writing| writing.take().is_some()),
            "ArrowUp" if !chooses && doing.writing.read_untracked().is_none() && is_empty() => {
                let last = device.state.with_untracked(|state| {
                    let of_mine = |message: &&Arc<Message>| {
                        message.sender == state.me.id && message.content.words().is_some()
                    };
                    Some(state.threads.get(&id)?.messages.values().rev().find(of_mine)?.id)
                });
                if let Some(last) = last {
                    event.prevent_default();
                    doing.write(Writing::Edit(last));
                }
            }
            _ => {}
        }
    };
    let is_completing = Memo::new(move |_| {
        // Also once the part has come.
        doing.completing.with(|before| !before.is_empty() && MESSAGE.get().is_some())
    });
    let people =
        part(move || is_completing.get().then(|| Some((MESSAGE.get()?.people)(doing))).flatten().into_any());
    view! {
        <form class="composer" method="post" enctype=encoding action=action on:submit=move |event: SubmitEvent| {
            if device.keeps() {
                event.prevent_default();
                send();
            }
        }>
            <input type="hidden" name="id" value=next_id.to_string()/>
            {line}
            {people}
            {part(move || help.draw().into_any())}
            {files.list(id)}
            <div class="field">
                <textarea name="body" rows="1" placeholder=words::MESSAGE aria-label=words::MESSAGE
                    id="message" enterkeyhint="send" node_ref=input
                    aria-invalid=text(move || error.read().is_some().then_some("true"))
                    aria-describedby="composer-error composer-room"
                    on:keydown=keydown
                    on:input:target=move |event| typed(event.target())>
                    {written}
                </textarea>
                <ToolbarToggle help/>
            </div>
            // `choosing.js` has this pressed, too, when something was chosen.
            <span class="attach" title=ATTACH on:click=move |_| files.choose(id)>
                <input type="file" name=files_name multiple=true aria-label=ATTACH/>
                <Glyph icon=Icon::Clip size=20/>
            </span>
            <button class="send" aria-label=words::SEND title=words::SEND><Glyph icon=Icon::Send size=22/></button>
        </form>
        <p class="composer-room" id="composer-room" role="status">{text(move || room.get())}</p>
        <p class="composer-error" id="composer-error" role="alert">{text(move || error.get())}</p>
    }
}
