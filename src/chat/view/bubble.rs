//! One message: what it answers, what it says, how people reacted, how far it has come.

use crate::{
    chat::{
        view::{
            attachments::attachments,
            items::{Bubble, Progress, Quote, Words},
            message::{Doing, OPTIONS_FORM, Panel},
            messages::Here,
            text::{Meant, body as marked},
        },
        words,
    },
    device::Device,
    people::view::asked::card_of,
    ui::{
        avatar::{Avatar, hue},
        dynamic::{part, text},
    },
};
use leptos::{ev::MouseEvent, prelude::*};
use model::{
    content::{Content, System},
    id::{MessageId, UserId},
    mention::ALL,
    message::{Message, Reaction},
    text::beginning,
    user::initials,
};

/// The longest part of an answered message that is shown, in characters.
const QUOTED: usize = 140;

/// A message, with its author above and its time below where these are said.
#[component]
pub fn BubbleView(begun: Bubble, here: Here) -> impl IntoView {
    let id = begun.id;
    if let Some((actor, system)) = begun.words.noted() {
        return view! { <Noted actor system=system.clone()/> }.into_any();
    }
    let doing = expect_context::<Doing>();
    let body = match begun.body() {
        Ok("") => ().into_any(),
        Ok(written) => marked(written, meant(expect_context::<Device>(), doing, &begun)),
        Err(instead) => view! { <p class="body gone">{instead}</p> }.into_any(),
    };
    let files = match &begun.words {
        Words::Stored(message) => attachments(message.content.attachments(), false),
        Words::Waiting(_, files) => attachments(files, true),
    };
    let edited = begun
        .stored()
        .is_some_and(|message| matches!(message.content, Content::Text { edited_at: Some(_), .. }));
    let edited = edited.then(|| view! { <small class="edited">{words::EDITED}</small> });
    let has_words = begun.body().is_ok();
    let has_quote = begun.quote.is_some();
    let bubble = Memo::new(move |before: Option<&Bubble>| {
        let now = here.get().bubbles.iter().find(|bubble| bubble.id == id).cloned();
        // One that has left its chunk is about to go.
        now.unwrap_or_else(|| before.unwrap_or(&begun).clone())
    });
    let class = text(move || Some(bubble.with(class_of)));
    let exact = text(move || Some(bubble.with(Bubble::exact)));
    let state = text(move || bubble.with(described));
    let quote = has_quote.then(|| {
        part(move || {
            bubble.with(|bubble| bubble.quote.clone().map(|quote| view! { <QuoteView quote/> })).into_any()
        })
    });
    // Stands still while the message comes further.
    let stored = Memo::new(move |_| bubble.with(|bubble| bubble.stored().cloned()));
    let anchor =
        text(move || stored.with(|message| message.as_ref().map(|message| format!("m{}", message.seq))));
    let is_waiting = Signal::derive(move || stored.with(Option::is_none));
    let reactions = part(move || {
        let message = stored.get().filter(|message| !message.reactions.is_empty());
        message.map(|message| view! { <Reactions message=(*message).clone()/> }).into_any()
    });
    let foot = part(move || {
        bubble
            .with(|bubble| bubble.has_foot().then(|| view! { <Foot bubble=bubble.clone()/> }.into_any()))
            .into_any()
    });
    let author =
        part(move || bubble.with(|bubble| bubble.author).map(|author| view! { <Author author/> }).into_any());
    let pointed_at = move |event: MouseEvent| {
        if !has_words || is_waiting.get_untracked() {
            return;
        }
        // A picture was pressed (`open.js`).
        if event.button() == 1 {
            doing.show(&event, Panel::Picture, id);
        } else if doing.takes_menu(&event) {
            doing.show(&event, Panel::Options, id);
        }
    };
    view! {
        {author}
        <article class=class id=anchor tabindex="-1" title=exact aria-description=state on:contextmenu=pointed_at>
            {quote}
            {files}
            {body}
            {edited}
            {has_words.then(|| view! { <OptionsButton id is_waiting/> })}
            {reactions}
        </article>
        {foot}
    }
    .into_any()
}

/// Who is meant by a message. What is on its way means those whom the server will find: members.
fn meant(device: Device, doing: Doing, bubble: &Bubble) -> Vec<Meant> {
    if !bubble.body().is_ok_and(|written| written.contains('@')) {
        return Vec::new();
    }
    device.state.with_untracked(|state| {
        let members = state.threads.get(&doing.id).map(|thread| &thread.conversation.members);
        let (users, means_all) = match bubble.stored() {
            Some(message) => (Some(&message.mentions.users), message.mentions.all),
            None => (members, false),
        };
        let card = |user: &UserId| {
            let name = state.username_of(*user)?.to_string();
            Some(Meant { name, card: Some(card_of(*user, doing.id)), is_me: *user == state.me.id })
        };
        let all = Meant { name: ALL.to_owned(), card: None, is_me: !bubble.mine };
        let users = users.into_iter().flatten().filter(|user| !bubble.mine || **user != state.me.id);
        means_all.then_some(all).into_iter().chain(users.filter_map(card)).collect()
    })
}

/// What opens the options of a message.
#[component]
fn OptionsButton(id: MessageId, is_waiting: Signal<bool>) -> impl IntoView {
    let doing = expect_context::<Doing>();
    view! {
        <button class="more" hidden=is_waiting form=OPTIONS_FORM name=Panel::Options.name() value=id.to_string()
            aria-label=words::MESSAGE_OPTIONS on:click=move |event| doing.show(&event, Panel::Options, id)></button>
    }
}

/// What a message answers; leads there.
#[component]
fn QuoteView(quote: Quote) -> impl IntoView {
    let (device, doing) = (expect_context::<Device>(), expect_context::<Doing>());
    let known = quote.message.map(|message| (message.seq, quoted(device, &message)));
    let (seq, (name, said)) = match known {
        Some((seq, Some(quoted))) => (seq, quoted),
        other => {
            let instead = if other.is_some() { words::QUOTE_GONE } else { words::QUOTE_COMING };
            return view! { <span class="quote">{instead}</span> }.into_any();
        }
    };
    let label = words::replying(&name, &said);
    view! {
        <a class="quote" href=doing.address_of(seq) aria-label=label>
            <b>{name}</b>
            <span>{said}</span>
        </a>
    }
    .into_any()
}

/// Who has written a message that is answered, and how it begins; `None`: it is not there.
pub fn quoted(device: Device, message: &Message) -> Option<(String, String)> {
    let said = match &message.content {
        Content::Hidden => return None,
        Content::System(_) => String::new(),
        content => beginning(&words::without_marks(content), QUOTED).replace('\n', " "),
    };
    Some((device.state.with_people(|state| words::author(state, message.sender)), said))
}

/// How people reacted, each emoji a button that adds one's own or takes it back.
#[component]
fn Reactions(message: Message) -> impl IntoView {
    let (device, doing) = (expect_context::<Device>(), expect_context::<Doing>());
    let id = message.id;
    let react = move |reaction: Reaction| {
        let (label, is_mine) = device
            .state
            .with_people(|state| (words::reaction(state, &reaction), reaction.users.contains(&state.me.id)));
        let emoji = reaction.emoji.clone();
        let toggle = move |event: MouseEvent| {
            event.prevent_default();
            doing.react(device, id, &emoji, !is_mine);
        };
        view! {
            <button class="reaction" form=doing.reaction_form(!is_mine) formaction=doing.action(id, "react") name="emoji"
                value=reaction.emoji.clone() aria-pressed=is_mine.to_string() aria-label=label.clone() title=label on:click=toggle>
                {format!("{} {}", reaction.emoji, reaction.users.len())}
            </button>
        }
    };
    view! {
        <div class="reactions" role="group" aria-label=words::REACTIONS>
            {message.reactions.into_iter().map(react).collect_view()}
            <button class="reaction" form=OPTIONS_FORM name=Panel::Emoji.name() value=id.to_string()
                aria-label=words::ADD_REACTION on:click=move |event| doing.show(&event, Panel::Emoji, id)>
                "+"
            </button>
        </div>
    }
}

/// Who has written what follows.
#[component]
fn Author(author: UserId) -> impl IntoView {
    let (device, doing) = (expect_context::<Device>(), expect_context::<Doing>());
    let name = Memo::new(move |_| device.state.with_people(|state| words::somebody(state, author)));
    let initials = name.with_untracked(|name| initials(name));
    view! {
        <a class=format!("author {}", hue(author.0.as_u128())) href=card_of(author, doing.id)>
            <Avatar initials seed=author.0.as_u128() small=true/>
            <b>{text(move || Some(name.get()))}</b>
        </a>
    }
}

/// What the server noted in a group's history, with names.
#[component]
fn Noted(actor: UserId, system: System) -> impl IntoView {
    let device = expect_context::<Device>();
    let said = text(move || Some(device.state.with_people(|state| words::noted(state, actor, &system))));
    view! { <article class="noted">{said}</article> }
}

/// How far it has come, and that it is pinned.
fn described(bubble: &Bubble) -> Option<String> {
    let pinned = bubble.is_pinned().then_some(words::PINNED_TOO);
    let state = bubble.progress.as_ref().map(Progress::word);
    (state.is_some() || pinned.is_some()).then(|| match (state, pinned) {
        (Some(state), Some(pinned)) => [state, ", ", pinned].concat(),
        (state, pinned) => [state.unwrap_or_default(), pinned.unwrap_or_default()].concat(),
    })
}

fn class_of(bubble: &Bubble) -> String {
    let mut class = String::from("msg");
    for (is, name) in [
        (bubble.mine, " me"),
        (bubble.first, " first"),
        (bubble.last, " last"),
        (matches!(bubble.progress, Some(Progress::Sending | Progress::Uploading)), " pending"),
        (matches!(bubble.progress, Some(Progress::Failed(_))), " failed"),
        (bubble.is_pinned(), " is-pinned"),
    ] {
        if is {
            class.push_str(name);
        }
    }
    class
}

/// What stands under a group: when, and how far it has come; and under a message who has read no further.
#[component]
fn Foot(bubble: Bubble) -> impl IntoView {
    let device = expect_context::<Device>();
    let id = bubble.id;
    let readers = bubble.readers.clone();
    let readers = (!readers.is_empty()).then(|| {
        let names = text(move || Some(device.state.with_people(|state| words::read_by(state, &readers))));
        view! { <small class="read-by">{names}</small> }
    });
    if !bubble.last {
        return readers.into_any();
    }
    let time = view! {
        <time datetime=bubble.at.to_string() title=bubble.exact()>{bubble.there().clock()}</time>
    };
    let state = match bubble.progress {
        None => view! { <span class="stamp">{time}</span> }.into_any(),
        Some(Progress::Sending) => view! { <span class="state">{words::SENDING}</span> }.into_any(),
        Some(Progress::Uploading) => view! {
            <span class="state">
                {words::SENDING} <button on:click=move |_| device.discard(id)>{words::CANCEL}</button>
            </span>
        }
        .into_any(),
        Some(Progress::Sent) => view! { <span class="state">{time}{words::SENT}</span> }.into_any(),
        Some(Progress::Read) => view! { <span class="state">{time}{words::READ}</span> }.into_any(),
        Some(Progress::Failed(error)) => view! {
            <span class="state fail" role="alert">
                <span>{words::not_sent(&error.message)}</span>
                <button on:click=move |_| device.retry(id)>{words::RETRY}</button>
                <button on:click=move |_| device.discard(id)>{words::DELETE}</button>
            </span>
        }
        .into_any(),
    };
    view! { {state}{readers} }.into_any()
}
