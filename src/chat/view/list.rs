//! The list of conversations, the newest activity first.

use crate::{
    browser::clock,
    chat::words,
    device::Live,
    ui::{
        avatar::Avatar,
        dynamic::{self, Rows, part, text},
        empty::Empty,
    },
};
use leptos::prelude::*;
use model::{
    id::{ConversationId, UserId},
    message::Message,
    state::ChatState,
    thread::{Outgoing, Thread},
};

/// All conversations.
#[component]
pub fn ConversationList(open: Memo<Option<ConversationId>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let ids = Memo::new(move |_| live.state.with(ChatState::by_activity));
    let rows = Signal::derive(move || {
        let row = |id: ConversationId| {
            dynamic::Row::new(id.0.as_u128(), 0, move || view! { <Row id open/> }.into_any())
        };
        ids.get().into_iter().map(row).collect()
    });
    let nothing = part(move || {
        ids.with(Vec::is_empty)
            .then(|| view! {
                <Empty title="No conversations yet"
                    hint="Find people by name above and send them a request. Once they accept, you can talk here."/>
            })
            .into_any()
    });
    view! {
        <nav class="conversations" aria-label="Conversations">
            <h2 class="head">"Conversations"</h2>
            <ul class="plain"><Rows rows/></ul>
            {nothing}
        </nav>
    }
}

/// What a row shows of a conversation.
#[derive(Clone, Default, PartialEq)]
struct Shown {
    name: String,
    initials: String,
    user: Option<UserId>,
    online: bool,
    unread: u64,
    preview: String,
    time: String,
    datetime: String,
}

#[component]
fn Row(id: ConversationId, open: Memo<Option<ConversationId>>) -> impl IntoView {
    let live = expect_context::<Live>();
    let shown = Memo::new(move |_| {
        live.state.with_people(|_| ());
        live.state.with_thread(id, |state, thread| shown(state, thread, live)).unwrap_or_default()
    });
    let label = text(move || {
        let shown = shown.read();
        let mut label = shown.name.clone();
        if shown.unread > 0 {
            label.push_str(&format!(", {} unread", count(shown.unread)));
        }
        if shown.online {
            label.push_str(", online");
        }
        Some(label)
    });
    let unread = Signal::derive(move || shown.read().unread > 0);
    let badge = text(move || Some(shown.read().unread).filter(|unread| *unread > 0).map(count));
    let current = text(move || (open.get() == Some(id)).then_some("page"));
    let (initials, seed) =
        shown.with_untracked(|shown| (shown.initials.clone(), shown.user.map_or(0, |user| user.0.as_u128())));
    view! {
        <li>
            <a class="row" class:unread=unread href=format!("/c/{id}") aria-label=label
                aria-current=current>
                <Avatar initials seed online=Signal::derive(move || shown.read().online)/>
                <b>{text(move || Some(shown.read().name.clone()))}</b>
                <time datetime=text(move || Some(shown.read().datetime.clone()))>
                    {text(move || Some(shown.read().time.clone()))}
                </time>
                <p>{text(move || Some(shown.read().preview.clone()))}</p>
                <span class="badge" hidden=Signal::derive(move || !unread.get())>{badge}</span>
            </a>
        </li>
    }
}

fn shown(state: &ChatState, thread: &Thread, live: Live) -> Shown {
    let id = thread.conversation.id;
    let contact = state.contact_in(id);
    let last = thread.last_message().map(|message| thread.shown(message, state.me.id));
    let waiting = thread.unsent().next_back();
    let moment =
        waiting.map(|message| message.written_at).or(last.as_ref().map(|message| message.created_at));
    let writes = live.typing.with(|typing| typing.contains_key(&id));
    let preview = match (waiting.and_then(Outgoing::new_text), last) {
        _ if writes => "typing…".to_owned(),
        (Some(text), _) => format!("You: {text}"),
        (None, Some(message)) => preview(&message, state.me.id),
        (None, None) => "Say hello".to_owned(),
    };
    let zone = live.zone.get();
    let civil = |at| model::time::Timestamp::civil(at, zone.offset(at));
    Shown {
        name: contact.map(|contact| contact.name().to_owned()).unwrap_or_default(),
        initials: contact.map(|contact| contact.username.initials()).unwrap_or_default(),
        user: contact.map(|contact| contact.id),
        online: contact.is_some_and(|contact| live.is_online(contact)),
        unread: thread.unread(state.me.id),
        preview,
        time: moment.map(|at| civil(at).short_label(&civil(clock::now()))).unwrap_or_default(),
        datetime: moment.map(|at| at.to_string()).unwrap_or_default(),
    }
}

fn preview(message: &Message, me: UserId) -> String {
    let Some(words) = message.content.words() else { return words::without(&message.content).into() };
    let line = words.lines().next().unwrap_or_default();
    let line: String = line.chars().take(120).collect();
    if message.sender == me { format!("You: {line}") } else { line }
}

fn count(unread: u64) -> String {
    match unread {
        0..100 => unread.to_string(),
        _ => "99+".into(),
    }
}
