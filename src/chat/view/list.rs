//! The list of conversations, the newest activity first.

use crate::{
    browser::{clock, page},
    chat::{view::group::NewGroup, words},
    device::Device,
    ui::{
        avatar::Avatar,
        dynamic::{self, Rows, part, text},
        empty::Empty,
    },
};
use leptos::{ev::KeyboardEvent, html, prelude::*};
use model::{
    content::Content,
    id::ConversationId,
    message::{ConversationKind, Message},
    state::ChatState,
    text::{beginning, without_directions},
    thread::{Outgoing, Thread},
    user::initials,
};

/// The longest part of a message that a row holds, in characters.
const SHOWN: usize = 120;
/// What the arrow keys move between.
const ROWS: &str = "a.row";

/// All conversations.
#[component]
pub fn ConversationList(open: Memo<Option<ConversationId>>) -> impl IntoView {
    let device = expect_context::<Device>();
    let ids = Memo::new(move |_| device.state.with(ChatState::listed));
    // One stop of the Tab key for all, once there are arrows to move by.
    let stop = Memo::new(move |_| {
        let ids = ids.read();
        let stop = open.get().filter(|open| ids.contains(open)).or(ids.first().copied());
        stop.filter(|_| device.is_started.get())
    });
    let rows = Signal::derive(move || {
        let row = |id: ConversationId| {
            dynamic::Row::new(id.0.as_u128(), 0, move || view! { <Row id open stop/> }.into_any())
        };
        ids.get().into_iter().map(row).collect()
    });
    let nothing = part(move || {
        ids.with(Vec::is_empty)
            .then(|| {
                view! {
                    <Empty title=words::NOBODY_YET.0 hint=words::NOBODY_YET.1/>
                }
            })
            .into_any()
    });
    let list = NodeRef::<html::Nav>::new();
    let key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" => page::focus_next(&list, ROWS, 1),
            "ArrowUp" => page::focus_next(&list, ROWS, -1),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <nav class="conversations" aria-label=words::CONVERSATIONS node_ref=list on:keydown=key>
            <h2 class="head">{words::CONVERSATIONS}</h2>
            <NewGroup/>
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
    seed: u128,
    online: bool,
    unread: u64,
    mentions: u64,
    /// Who has said it, or that nobody has yet.
    lead: Option<&'static str>,
    preview: String,
    time: String,
    datetime: String,
}

#[component]
fn Row(
    id: ConversationId,
    open: Memo<Option<ConversationId>>,
    stop: Memo<Option<ConversationId>>,
) -> impl IntoView {
    let device = expect_context::<Device>();
    let shown = Memo::new(move |_| {
        device.state.with_people(|_| ());
        let is_open = open.get() == Some(id);
        device
            .state
            .with_thread(id, |state, thread| shown(state, thread, device, is_open))
            .unwrap_or_default()
    });
    let label = text(move || {
        let shown = shown.read();
        let mut label = shown.name.clone();
        if shown.unread > 0 {
            label.push_str(&format!(", {} unread", count(shown.unread)));
        }
        if shown.mentions > 0 {
            label.push_str(", ");
            label.push_str(&words::mentions(&count(shown.mentions)));
        }
        if shown.online {
            label.push_str(", online");
        }
        Some(label)
    });
    let unread = Signal::derive(move || shown.read().unread > 0);
    let badge = text(move || Some(shown.read().unread).filter(|unread| *unread > 0).map(count));
    let current = text(move || (open.get() == Some(id)).then_some("page"));
    let (initials, seed) = shown.with_untracked(|shown| (shown.initials.clone(), shown.seed));
    view! {
        <li>
            <a class="row" class:unread=unread href=format!("/c/{id}") aria-label=label
                tabindex=text(move || stop.get().filter(|stop| *stop != id).map(|_| "-1")) aria-current=current>
                <Avatar initials seed online=Signal::derive(move || shown.read().online)/>
                <b>{text(move || Some(shown.read().name.clone()))}</b>
                <time datetime=text(move || Some(shown.read().datetime.clone()))>
                    {text(move || Some(shown.read().time.clone()))}
                </time>
                <p>
                    <span class:draft=Signal::derive(move || shown.read().lead == Some(words::DRAFT))>
                        {text(move || shown.read().lead)}
                    </span>
                    <bdi>{text(move || Some(shown.read().preview.clone()))}</bdi>
                </p>
                <span class="badge mention" hidden=Signal::derive(move || shown.read().mentions == 0) aria-hidden="true">"@"</span>
                <span class="badge" hidden=Signal::derive(move || !unread.get())>{badge}</span>
            </a>
        </li>
    }
}

fn shown(state: &ChatState, thread: &Thread, device: Device, is_open: bool) -> Shown {
    let id = thread.conversation.id;
    let contact = state.contact_in(id);
    let is_group = thread.conversation.kind == ConversationKind::Group;
    let title = state.title(&thread.conversation).unwrap_or_default();
    let last = thread.last_message().map(|message| thread.shown(message, state.me.id));
    let waiting = thread.unsent().next_back();
    let moment =
        waiting.map(|message| message.written_at).or(last.as_ref().map(|message| message.created_at));
    let writer = device.typing.with(|typing| typing.get(&id).map(|(user, _)| *user));
    let writes = writer.map(|user| match is_group {
        true => words::writes(&words::somebody(state, user)),
        false => words::TYPING.to_owned(),
    });
    // What is written at this moment is no draft yet.
    let draft =
        if is_open || !device.is_started.get() { None } else { device.draft(id).map(|draft| line(&draft)) };
    let (lead, preview) = match (waiting.and_then(Outgoing::new_text), last) {
        _ if writes.is_some() => (None, writes.unwrap_or_default()),
        _ if draft.is_some() => (Some(words::DRAFT), draft.unwrap_or_default()),
        (Some(text), _) => (Some(words::YOU), line(text)),
        (None, Some(message)) => match &message.content {
            Content::System(system) => (None, words::noted(state, message.sender, system)),
            _ if message.sender == state.me.id => (Some(words::YOU), preview(&message)),
            _ if is_group => (None, words::said(&words::somebody(state, message.sender), &preview(&message))),
            _ => (None, preview(&message)),
        },
        (None, None) => (None, words::SAY_HELLO.to_owned()),
    };
    let zone = device.zone.get();
    Shown {
        initials: initials(contact.map_or(title.as_str(), |contact| contact.name())),
        name: title,
        seed: contact.map_or(id.0, |contact| contact.id.0).as_u128(),
        online: contact.is_some_and(|contact| device.is_online(contact)),
        unread: thread.unread(state.me.id),
        mentions: thread.mentions(),
        lead,
        preview,
        time: moment.map(|at| zone.civil(at).short_label(&zone.civil(clock::now()))).unwrap_or_default(),
        datetime: moment.map(|at| at.to_string()).unwrap_or_default(),
    }
}

fn preview(message: &Message) -> String {
    message.content.words().map_or_else(|| words::without(&message.content).into(), line)
}

/// The first line of a text, as far as a row may have room for it.
fn line(text: &str) -> String {
    without_directions(beginning(text.lines().next().unwrap_or_default(), SHOWN))
}

fn count(unread: u64) -> String {
    match unread {
        0..100 => unread.to_string(),
        _ => "99+".into(),
    }
}
