//! The list of conversations, those pinned first, then the newest activity; and the archive in its place.

use crate::{
    browser::{COLUMN, clock, focus},
    chat::{
        view::{
            group::NewGroup,
            listed::{ARCHIVED, LISTED_FORM, Listed, RowOptions},
        },
        words,
    },
    device::Device,
    ui::{
        avatar::Avatar,
        dynamic::{self, Rows, part, text},
        empty::Empty,
        route::Route,
        words::in_brief,
    },
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    html,
    prelude::*,
};
use model::{
    content::Content,
    id::ConversationId,
    message::{ConversationKind, Message},
    state::ChatState,
    text::{beginning, without_directions},
    thread::Thread,
    user::initials,
};

/// The longest part of a message that a row holds, in characters.
const SHOWN: usize = 120;
/// What the arrow keys move between.
const ROWS: &str = "a.row";

/// All conversations.
#[component]
pub fn ConversationList(open: Memo<Option<ConversationId>>) -> impl IntoView {
    let (device, route) = (expect_context::<Device>(), expect_context::<Route>());
    let is_archive = Memo::new(move |_| route.query(ARCHIVED).is_some());
    // What is shown, and how many are in the archive.
    let all = Memo::new(move |_| {
        device.state.with(|state| {
            let mut ids = state.listed();
            let is_archived = |id: &ConversationId| state.threads[id].is_archived();
            let archived = ids.iter().filter(|id| is_archived(id)).count();
            ids.retain(|id| is_archived(id) == is_archive.get());
            (ids, archived)
        })
    });
    let ids = Memo::new(move |_| all.with(|(ids, _)| ids.clone()));
    // One stop of the Tab key for all, once there are arrows to move by: the row that had the focus last.
    let focused = RwSignal::new(None);
    let stop = Memo::new(move |_| {
        let ids = ids.read();
        let among = |id: &ConversationId| ids.contains(id);
        let stop = focused.get().filter(among).or(open.get().filter(among)).or(ids.first().copied());
        stop.filter(|_| device.is_started.get())
    });
    let rows = Signal::derive(move || {
        let row = |id: ConversationId| {
            let query = if is_archive.get() { "?archived=1" } else { "" };
            dynamic::Row::new(id.0.as_u128(), 0, move || {
                view! { <Row id query open stop focused/> }.into_any()
            })
        };
        ids.get().into_iter().map(row).collect()
    });
    let nothing = part(move || {
        // Whoever has archived everything has somebody to talk to.
        all.with(|(ids, archived)| ids.is_empty() && (*archived == 0 || is_archive.get()))
            .then(|| {
                let (title, hint) =
                    if is_archive.get() { words::NOTHING_ARCHIVED } else { words::NOBODY_YET };
                view! { <Empty title hint/> }
            })
            .into_any()
    });
    // Leads between the list and the archive; the open conversation stays.
    let other = move |query: &str| open.get().map_or_else(|| "/".to_owned(), |id| format!("/c/{id}")) + query;
    let archive = part(move || {
        let archived = all.with(|(_, archived)| *archived);
        (archived > 0 && !is_archive.get())
            .then(
                || view! { <a class="to-archive" href=other("?archived=1")>{words::archived(archived)}</a> },
            )
            .into_any()
    });
    let back = part(move || {
        is_archive
            .get()
            .then(|| view! { <a class="from-archive" href=other("")>{words::TO_ALL}</a> })
            .into_any()
    });
    let head = text(move || Some(if is_archive.get() { words::ARCHIVED } else { words::CONVERSATIONS }));
    let list = NodeRef::<html::Nav>::new();
    let key = move |event: KeyboardEvent| {
        if let Some(list) = list.get_untracked() {
            focus::walk(&event, &list, ROWS, COLUMN);
        }
    };
    view! {
        <nav class="conversations" aria-label=words::CONVERSATIONS node_ref=list on:keydown=key>
            <h2 class="head">{head}</h2>
            <NewGroup/>
            {back}
            <ul class="plain"><Rows rows/></ul>
            {nothing}
            {archive}
            <form id=LISTED_FORM method="get" hidden=true></form>
            <p class="unseen" role="status" data-next=words::NO_UNREAD></p>
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
    /// What it looks like.
    class: String,
    is_marked: bool,
    is_muted: bool,
    is_pinned: bool,
    /// Who has said it, or that nobody has yet.
    lead: Option<&'static str>,
    preview: String,
    time: String,
    datetime: String,
}

#[component]
fn Row(
    id: ConversationId,
    query: &'static str,
    open: Memo<Option<ConversationId>>,
    stop: Memo<Option<ConversationId>>,
    focused: RwSignal<Option<ConversationId>>,
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
        for (is, word) in [
            (shown.unread == 0 && shown.is_marked, ", unread"),
            (shown.online, ", online"),
            (shown.is_pinned, ", pinned"),
            (shown.is_muted, ", muted"),
        ] {
            if is {
                label.push_str(word);
            }
        }
        Some(label)
    });
    let is_read = Signal::derive(move || shown.with(|shown| shown.unread == 0 && !shown.is_marked));
    let badge = text(move || Some(shown.read().unread).filter(|unread| *unread > 0).map(count));
    let current = text(move || (open.get() == Some(id)).then_some("page"));
    let tabindex = text(move || stop.get().filter(|stop| *stop != id).map(|_| "-1"));
    let options = text(move || Some(words::options_for(&shown.read().name)));
    let listed = expect_context::<Listed>();
    let pointed_at = move |event: MouseEvent| {
        event.prevent_default();
        listed.show(id, false);
    };
    let (initials, seed) = shown.with_untracked(|shown| (shown.initials.clone(), shown.seed));
    view! {
        <li on:contextmenu=pointed_at on:focusin=move |_| focused.set(Some(id))>
            <a class=text(move || Some(shown.read().class.clone())) href=format!("/c/{id}{query}") aria-label=label
                tabindex=tabindex aria-current=current>
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
                <span class="badge" hidden=is_read>{badge}</span>
            </a>
            <RowOptions id label=options tabindex/>
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
    let writers = device.writers(id);
    let writes = (!writers.is_empty()).then(|| match is_group {
        true => words::writing(state, &writers),
        false => words::TYPING.to_owned(),
    });
    // What is written at this moment is no draft yet.
    let draft =
        if is_open || !device.is_started.get() { None } else { device.draft(id).map(|draft| line(&draft)) };
    let (lead, preview) = match (waiting, last) {
        _ if writes.is_some() => (None, writes.unwrap_or_default()),
        _ if draft.is_some() => (Some(words::DRAFT), draft.unwrap_or_default()),
        (Some(waiting), _) => {
            let said = waiting.new_text().unwrap_or_default();
            (Some(words::YOU), line(&in_brief(said, waiting.attachments())))
        }
        (None, Some(message)) => match &message.content {
            Content::System(system) => (None, words::noted(state, message.sender, system)),
            _ if message.sender == state.me.id => (Some(words::YOU), preview(&message)),
            _ if is_group => (None, words::said(&words::somebody(state, message.sender), &preview(&message))),
            _ => (None, preview(&message)),
        },
        (None, None) => (None, words::SAY_HELLO.to_owned()),
    };
    let zone = device.zone.get();
    let unread = thread.unread(state.me.id);
    let (is_marked, is_pinned) = (thread.prefs.unread, thread.prefs.pinned);
    let is_muted = thread.prefs.is_muted(clock::now());
    let mut class = String::from("row");
    for (is, name) in [
        (unread > 0 || is_marked, " unread"),
        (unread == 0 && is_marked, " marked"),
        (is_pinned, " pinned"),
        (is_muted, " muted"),
        (thread.calls(state.me.id, clock::now()) > 0, " calls"),
    ] {
        if is {
            class.push_str(name);
        }
    }
    Shown {
        initials: initials(contact.map_or(title.as_str(), |contact| contact.name())),
        name: title,
        seed: contact.map_or(id.0, |contact| contact.id.0).as_u128(),
        online: contact.is_some_and(|contact| device.is_online(contact)),
        mentions: thread.mentions(),
        unread,
        class,
        is_marked,
        is_muted,
        is_pinned,
        lead,
        preview,
        time: moment.map(|at| zone.civil(at).short_label(&zone.civil(clock::now()))).unwrap_or_default(),
        datetime: moment.map(|at| at.to_string()).unwrap_or_default(),
    }
}

fn preview(message: &Message) -> String {
    line(&words::without_marks(&message.content))
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
