//! Sends a message into other conversations, too.

use super::{Doing, OPTIONS_FORM, close};
use crate::{
    browser::form,
    chat::words,
    device::Device,
    ui::{avatar::Avatar, dialog::Dialog, toast::Toasts},
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::{id::ConversationId, message::Message, user::initials};
use std::sync::Arc;

/// The name of the choices.
const TO: &str = "to";

/// Conversations to choose from.
#[component]
pub fn Forward(doing: Doing, message: Arc<Message>) -> impl IntoView {
    let (device, toasts) = (expect_context::<Device>(), expect_context::<Toasts>());
    let seq = message.seq;
    let done = Callback::new(move |()| close(doing, Some(seq)));
    let choices = device.state.with_untracked(|state| {
        let choice = |id: ConversationId| {
            let conversation = &state.threads.get(&id)?.conversation;
            let name = state.title(conversation)?;
            conversation.lets_write(state.me.id).then_some((id, name))
        };
        state.listed().into_iter().filter_map(choice).collect::<Vec<_>>()
    });
    let row = |(id, name): (ConversationId, String)| {
        view! {
            <li>
                <label class="pick">
                    <input type="checkbox" name=TO value=id.to_string()/>
                    <Avatar initials=initials(&name) seed=id.0.as_u128() small=true/>
                    <span>{name}</span>
                </label>
            </li>
        }
    };
    let rows = choices.into_iter().map(row).collect_view();
    let send = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen: Vec<ConversationId> =
            form::chosen(&event, TO).iter().filter_map(|id| id.parse().ok()).collect();
        if chosen.is_empty() {
            return toasts.done(words::NOWHERE_CHOSEN);
        }
        let body = message.content.words().unwrap_or_default();
        for to in &chosen {
            if let Err(error) = device.compose(*to, body, None, Vec::new()) {
                return toasts.failed(&error);
            }
        }
        done.run(());
        toasts.done(words::forwarded(chosen.len()));
    };
    view! {
        <Dialog role="dialog" labelled="forward-title" close=done>
            <h2 id="forward-title">{words::FORWARD_TO}</h2>
            <p class="unscripted">{words::NEEDS_SCRIPTING}</p>
            <form on:submit=send>
                <ul class="plain pick-list">{rows}</ul>
                <div class="acts">
                    <button class="btn" form=OPTIONS_FORM on:click=move |event| {
                        event.prevent_default();
                        done.run(());
                    }>{words::CANCEL}</button>
                    <button class="btn main">{words::FORWARD}</button>
                </div>
            </form>
        </Dialog>
    }
}
