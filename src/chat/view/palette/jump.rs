//! Leads to a day of a conversation, however far back it lies.

use crate::{
    browser::{
        clock::{self, Zone},
        focus,
    },
    chat::words,
    device::Device,
    kit::{codec, error::Refused},
    ui::{dialog::Dialog, dynamic::text, toast::Toasts},
};
use leptos::{
    ev::{MouseEvent, SubmitEvent},
    html,
    prelude::*,
    task::spawn_local,
};
use model::{error::AppError, id::ConversationId, message::Page, time::Timestamp};

/// Asks for a day. `goal` gets the seq of the first message of it, or of the next one.
#[component]
pub fn JumpToDate(id: ConversationId, goal: RwSignal<Option<u64>>, open: RwSignal<bool>) -> impl IntoView {
    let (device, toasts) = (expect_context::<Device>(), expect_context::<Toasts>());
    focus::keep();
    let field = NodeRef::<html::Input>::new();
    let error = RwSignal::new(None);
    let close = Callback::new(move |()| {
        open.set(false);
        focus::give_back();
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        let Some(moment) = beginning_of(&chosen, &device.zone.get_untracked()) else {
            return error.set(Some(words::NO_DATE));
        };
        open.set(false);
        spawn_local(async move {
            match first_since(id, moment).await {
                Ok(seq) => drop(goal.try_set(seq)),
                Err(error) => toasts.failed(&error),
            }
        });
    };
    let zone = device.zone.get_untracked();
    let day = |at: Timestamp| zone.civil(at).iso_date();
    let (first, today) = (day(id.made_at()), day(clock::now()));
    view! {
        <Dialog role="dialog" labelled="jump-title" class="dialog" close>
            <h2 id="jump-title">{words::JUMP_TO_DATE}</h2>
            <form method="get" action=format!("/c/{id}") on:submit=submit>
                <div class="fld">
                    <label for="jump-date">{words::DATE}</label>
                    <input type="date" id="jump-date" name="date" min=first max=today.clone() value=today required=true autofocus=true
                        node_ref=field aria-describedby="jump-error"/>
                    <p class="hint" id="jump-error" role="alert">{text(move || error.get())}</p>
                </div>
                <div class="acts">
                    <a class="btn" href=format!("/c/{id}") on:click=move |event: MouseEvent| {
                        event.prevent_default();
                        close.run(());
                    }>{words::CANCEL}</a>
                    <button class="btn main">{words::JUMP}</button>
                </div>
            </form>
        </Dialog>
    }
}

/// The seq of the first message of that moment or later, or of the last one; `None`: there is none.
async fn first_since(id: ConversationId, moment: Timestamp) -> Result<Option<u64>, AppError> {
    let path = format!("/api/conversations/{id}/messages?at_time={moment}&limit=1");
    let answer = codec::get(&path).await.map_err(|Refused(error)| error)?;
    let page: Page = model::json::from_str(&answer).map_err(AppError::malformed)?;
    Ok(page.first_since(moment))
}

/// When a day (`2026-11-23`) begins in a zone.
pub fn beginning_of(day: &str, zone: &Zone) -> Option<Timestamp> {
    let midnight = Timestamp::parse(&format!("{day}T00:00:00Z"))?;
    let there = |guess: Timestamp| Timestamp(midnight.0 - i64::from(zone.place(guess).offset) * 60_000);
    // The offset that holds there may be another than the one at that time of UTC.
    Some(there(there(midnight)))
}
