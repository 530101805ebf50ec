//! The emojis to react with.

use super::{Doing, OPTIONS_FORM, close};
use crate::{
    chat::{
        view::emojis::{self, Group},
        words,
    },
    device::Device,
    ui::{
        dialog::Dialog,
        dynamic::{part, text},
        icon::{Glyph, Icon},
    },
};
use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};
use model::message::Message;
use std::sync::Arc;

/// A hand in each tone.
const TONES: [&str; 6] = ["✋", "✋🏻", "✋🏼", "✋🏽", "✋🏾", "✋🏿"];

/// The dialog.
#[component]
pub fn EmojiPicker(doing: Doing, message: Arc<Message>) -> impl IntoView {
    let device = expect_context::<Device>();
    let (id, seq) = (message.id, message.seq);
    let (typed, groups) = (RwSignal::new(String::new()), RwSignal::new(None::<Result<emojis::Emojis, ()>>));
    let tone = RwSignal::new(0_usize);
    Effect::new(move || {
        tone.set(emojis::tone());
        spawn_local(async move {
            let all = emojis::all().await;
            groups.try_set(Some(all.ok_or(())));
        });
    });
    let done = Callback::new(move |()| close(doing, Some(seq)));
    let choose = Callback::new(move |emoji: String| {
        emojis::keep_recent(&emoji);
        doing.react(device, id, &emoji, true);
        done.run(());
    });
    let grid = part(move || {
        let wanted = typed.get().trim().to_lowercase();
        let tone = tone.get();
        groups.with(|groups| match groups {
            None => ().into_any(),
            Some(Err(())) => view! { <p role="alert">{words::NO_EMOJI}</p> }.into_any(),
            Some(Ok(groups)) => {
                let found: Vec<_> =
                    groups.iter().filter_map(|group| section(group, &wanted, tone, choose)).collect();
                match (found.is_empty(), wanted.is_empty()) {
                    (true, _) => view! { <p>{words::NO_EMOJI_FOUND}</p> }.into_any(),
                    (false, true) => view! { {recent(choose)}{found} }.into_any(),
                    (false, false) => found.into_any(),
                }
            }
        })
    });
    let tones = TONES.into_iter().enumerate().map(move |(number, hand)| {
        view! { <option value=number.to_string() selected=move || tone.get() == number>{hand}</option> }
    });
    let post = doing.action(id, "react");
    view! {
        <Dialog role="dialog" labelled="emoji-title" class="dialog emoji" close=done>
            <header>
                <h2 id="emoji-title">{words::EMOJI}</h2>
                <button class="icon" form=OPTIONS_FORM aria-label=words::CLOSE title=words::CLOSE on:click=move |event: MouseEvent| {
                    event.prevent_default();
                    done.run(());
                }><Glyph icon=Icon::Cross size=16/></button>
            </header>
            <div class="emoji-head scripted">
                <input type="search" aria-label=words::FIND_EMOJI placeholder=words::FIND_EMOJI autocomplete="off" autofocus=true
                    on:input:target=move |event| typed.set(event.target().value())/>
                <select aria-label=words::SKIN_TONE on:change:target=move |event| {
                    let chosen = event.target().value();
                    emojis::keep_tone(&chosen);
                    tone.set(chosen.parse().unwrap_or_default());
                }>{tones.collect_view()}</select>
            </div>
            // Without scripting: any one that the keyboard has.
            <form class="unscripted" method="post" action=post>
                <input type="hidden" name="on" value="true"/>
                <label class="fld"><span>{words::EMOJI}</span><input name="emoji" required=true autocomplete="off"/></label>
                <button class="btn main">{words::REACT}</button>
            </form>
            <div class="emoji-grid" tabindex="-1" aria-busy=text(move || groups.with(Option::is_none).then_some("true"))>{grid}</div>
        </Dialog>
    }
}

/// Those of a group that are wanted, in a tone.
fn section((name, emojis): &Group, wanted: &str, tone: usize, choose: Callback<String>) -> Option<AnyView> {
    let is_wanted = |found_by: &str| wanted.split_whitespace().all(|word| found_by.contains(word));
    let found: Vec<_> = emojis
        .iter()
        .filter(|(_, found_by, _)| is_wanted(found_by))
        .map(|(emoji, found_by, tones)| {
            (emojis::toned(emoji, tones, tone), emojis::name(found_by).to_owned())
        })
        .collect();
    (!found.is_empty()).then(|| rows(name.clone(), found, choose))
}

/// A heading with buttons below it.
fn rows(title: String, emojis: Vec<(String, String)>, choose: Callback<String>) -> AnyView {
    let button = |(emoji, name): (String, String)| {
        let chosen = emoji.clone();
        let label = format!("{emoji} {name}");
        view! {
            <button type="button" aria-label=label title=name on:click=move |_| choose.run(chosen.clone())>{emoji}</button>
        }
    };
    let buttons = emojis.into_iter().map(button).collect_view();
    view! { <section aria-label=title.clone()><h3>{title.clone()}</h3><div class="emojis">{buttons}</div></section> }.into_any()
}

fn recent(choose: Callback<String>) -> Option<AnyView> {
    let emojis: Vec<_> = emojis::recent().into_iter().map(|emoji| (emoji, String::new())).collect();
    (!emojis.is_empty()).then(|| rows(words::RECENT.to_owned(), emojis, choose))
}
