//! The open conversation: who it is with, what was said, and the composer.

use crate::{
    browser::{clock, page},
    chat::view::{
        chunks::{Part, chunks},
        composer::Composer,
        group::{self, PanelOpener},
        items::{Stored, items},
        listed::{ARCHIVED, ConversationOptions, Listed},
        message::{Doing, Forms, MESSAGE, Panel},
        messages::Messages,
        pins,
        scroll::Scroll,
    },
    chat::words,
    device::{Device, first::Opened},
    people::{
        self,
        view::{
            asked::AboutSomebody,
            contacts::{block_link, presence, removal},
        },
    },
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, part, text},
        empty::Empty,
        icon::{Glyph, Icon},
        route::Route,
    },
};
use leptos::{
    ev::{KeyboardEvent, MouseEvent},
    prelude::*,
};
use model::{
    friendship::Contact,
    id::{ConversationId, MessageId},
    message::ConversationKind,
    state::ChatState,
    thread::Thread,
    user::initials,
};

/// What the arrow keys move between.
const STORED: &str = "article[id]";
/// What the address says to lead to a message: its seq.
pub const AT: &str = "at";

/// A conversation, or the words that there is none.
#[component]
pub fn ConversationPane(id: ConversationId, archive: Option<Opened>, next_id: MessageId) -> impl IntoView {
    let device = expect_context::<Device>();
    let contact = Memo::new(move |_| device.state.with_people(|state| state.contact_in(id).cloned()));
    // Of what kind it is, while it is there.
    let kind = Memo::new(move |_| {
        let known = device.state.with_thread(id, |_, thread| thread.conversation.kind);
        known.filter(|kind| *kind == ConversationKind::Group || contact.read().is_some())
    });
    let was = StoredValue::new(None);
    part(move || match kind.get() {
        Some(kind) => {
            was.set_value(Some(kind));
            view! { <Conversation id kind contact archive=archive.clone() next_id/> }.into_any()
        }
        None => view! { <Missing was=was.get_value()/> }.into_any(),
    })
}

#[component]
fn Missing(was: Option<ConversationKind>) -> impl IntoView {
    let (title, hint) = match was {
        Some(ConversationKind::Direct) => words::GONE,
        Some(ConversationKind::Group) => words::GROUP_GONE,
        None => words::MISSING,
    };
    view! {
        <section class="conv" aria-label=words::NO_SUCH>
            <header class="bar"><BackLink/></header>
            <Empty title hint/>
        </section>
    }
}

#[component]
fn BackLink() -> impl IntoView {
    let route = expect_context::<Route>();
    let list = text(move || Some(if route.query(ARCHIVED).is_some() { "/?archived=1" } else { "/" }));
    view! { <a class="icon back" href=list aria-label=words::BACK title=words::BACK><Glyph icon=Icon::Back size=20/></a> }
}

#[component]
fn Conversation(
    id: ConversationId,
    kind: ConversationKind,
    contact: Memo<Option<Contact>>,
    archive: Option<Opened>,
    next_id: MessageId,
) -> impl IntoView {
    let device = expect_context::<Device>();
    let is_archive = archive.is_some();
    let doing = Doing::provide(id);
    let older = older_than(id, archive.as_ref());
    let divider = divider(id);
    let contents = contents(id, archive, divider);
    let scroll = Scroll::new(device, id, older, contents, divider);
    let newest = Memo::new(move |_| {
        device.state.with_thread(id, |_, thread| thread.messages.keys().next_back().copied()).flatten()
    });
    let loaded = Memo::new(move |_| device.state.with_thread(id, |_, thread| thread.loaded).unwrap_or(true));

    Effect::new(move || {
        if !loaded.get() {
            device.load(id, None);
        }
    });
    // What somebody has marked as unread they see when they open it.
    let marked = |state: &ChatState| {
        let thread = state.threads.get(&id).filter(|thread| thread.prefs.unread)?;
        Some(thread.read_by(state.me.id))
    };
    if let Some(seq) = device.state.with_untracked(marked) {
        device.mark_read(id, seq);
    }
    on_cleanup(move || {
        device.state.change(|state| ((), state.rest(id)));
    });
    scroll.follow(newest);
    lead_to(id, is_archive, scroll);
    ask_for_quotes(id, contents);
    let is_group = kind == ConversationKind::Group;
    let open = doing.details;
    open.set(is_group && group::is_panel_asked());
    let name = if is_group { group_name(id) } else { name_of(contact) };
    let head = match is_group {
        true => view! { <GroupHead id open/> }.into_any(),
        false => view! { <Head id contact/> }.into_any(),
    };
    let may_write = Memo::new(move |_| {
        let may = |state: &ChatState, thread: &Thread| thread.conversation.lets_write(state.me.id);
        device.state.with_thread(id, may).unwrap_or(true)
    });
    // What stands open of a message: another thing is another element, which begins anew.
    let panels = Signal::derive(move || {
        let row = |(panel, message): (Panel, MessageId)| {
            let draw = move || MESSAGE.get().map(|part| (part.panel)(doing, panel, message)).into_any();
            Row::new(message.0.as_u128(), panel as u64, draw)
        };
        doing.panel.get().map(row).into_iter().collect()
    });
    let sent = Callback::new(move |()| scroll.to_end());
    // What stands in its place is where the link past the lists leads, too.
    let mut composer = part(move || match may_write.get() {
        true => view! { <Composer id next_id sent/> }.into_any(),
        false => view! { <p class="read-only" id="message" tabindex="-1">{words::READ_ONLY}</p> }.into_any(),
    });
    // In the place of the composer, with somebody whom the viewer blocks.
    let blocked = Memo::new(move |_| {
        let contact = contact.get()?;
        let is_blocked = device.state.with_people(|state| state.blocked.contains(&contact.id));
        is_blocked.then(|| (contact.id, people::words::you_block(contact.name())))
    });
    let composer = part(move || match blocked.get() {
        Some((user, why)) => {
            let ends = block_link(id, user, "btn");
            view! { <div class="read-only" id="message" tabindex="-1"><p>{why}</p>{ends}</div> }.into_any()
        }
        None => composer().into_any(),
    });
    // Arrows move among the messages; each has a menu of its own.
    let key = move |event: KeyboardEvent| {
        let Some(log) = scroll.log.get_untracked() else { return };
        match event.key().as_str() {
            "ArrowDown" => page::focus_next(&log, STORED, 1),
            "ArrowUp" => page::focus_next(&log, STORED, -1),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <section class="conv" aria-label=name>
            {head}
            {pins::line(doing)}
            <div class="log" class:grows-above=scroll.grows_above role="log" aria-label=words::MESSAGES tabindex="0"
                // What is put in above is old, and nothing to be read aloud.
                aria-live=text(move || scroll.grows_above.get().then_some("off"))
                node_ref=scroll.log on:keydown=key on:scroll=move |_| scroll.scrolled()>
                <div class="messages">
                    {older_link(id, scroll)}
                    {nothing_yet(contents)}
                    <Messages parts=contents/>
                    <Typing id/>
                    {is_archive.then(|| view! {
                        <a class="older btn" href=format!("/c/{id}")>{words::NEWEST}</a>
                    })}
                </div>
            </div>
            <Jump scroll/>
            {composer}
            <Forms doing/>
            <Rows rows=panels/>
            <AboutSomebody id/>
        </section>
        {is_group.then(|| group::panel(id, open))}
        {pins::panel(doing)}
    }
}

/// Leads to the message that the address names, however far back it stands. With scripting the newest messages are
/// here, and older ones load in place, so what the server has drawn of them instead gives way.
fn lead_to(id: ConversationId, is_archive: bool, scroll: Scroll) {
    let (device, route) = (expect_context::<Device>(), expect_context::<Route>());
    let at = Memo::new(move |_| route.query(AT).and_then(|at| at.parse::<u64>().ok()));
    Effect::new(move || {
        let Some(seq) = at.get() else {
            if is_archive {
                route.replace(&format!("/c/{id}"));
            }
            return;
        };
        let older = device.state.with_thread(id, |_, thread| {
            if !thread.loaded { Some(u64::MAX) } else { thread.older_than().filter(|oldest| *oldest > seq) }
        });
        match older.flatten() {
            Some(_) => scroll.load_older_held(),
            None => {
                route.replace(&format!("/c/{id}"));
                scroll.to(seq);
            }
        }
    });
}

/// What others answer and is not held is asked for.
fn ask_for_quotes(id: ConversationId, contents: Memo<Vec<Part>>) {
    let device = expect_context::<Device>();
    Effect::new(move || {
        let mut missing = Vec::new();
        contents.with(|parts| {
            for part in parts {
                let Part::Chunk(chunk) = part else { continue };
                let quotes = chunk.bubbles.iter().filter_map(|bubble| bubble.quote.as_ref());
                missing.extend(quotes.filter(|quote| quote.message.is_none()).map(|quote| quote.id));
            }
        });
        if !missing.is_empty() {
            device.find(id, missing);
        }
    });
}

/// Leads to the end while it is out of sight, and says how much has come there meanwhile.
#[component]
fn Jump(scroll: Scroll) -> impl IntoView {
    let news = move || scroll.news.get();
    let is_hidden = Signal::derive(move || news() == 0 && !scroll.is_far.get());
    let label = text(move || Some(if news() > 0 { words::NEW_MESSAGES } else { words::TO_THE_END }));
    let count = text(move || Some(news()).filter(|news| *news > 0).map(|news| news.to_string()));
    let go = move |_| {
        scroll.to_end();
        // The button is about to go.
        page::rescue_focus("#message");
    };
    view! {
        <button class="jump btn" hidden=is_hidden aria-label=label title=label on:click=go>
            <Glyph icon=Icon::Down size=16/>
            <span>{text(move || (news() > 0).then_some(words::NEW_MESSAGES))}</span>
            <span class="badge" aria-hidden="true">{count}</span>
        </button>
    }
}

/// The seq after which nothing was read when the conversation was opened, or when something came while
/// nobody looked; there the divider stays until the next time.
fn divider(id: ConversationId) -> RwSignal<Option<u64>> {
    let device = expect_context::<Device>();
    let unread_after = move |state: &ChatState| {
        let thread = state.threads.get(&id)?;
        (thread.unread(state.me.id) > 0).then(|| thread.read_by(state.me.id))
    };
    let divider = RwSignal::new(device.state.with_untracked(unread_after));
    Effect::new(move || {
        device.state.with_thread(id, |_, _| ());
        if let Some(after) = device.state.with_untracked(unread_after).filter(|_| !page::is_watched()) {
            divider.maybe_update(|divider| divider.replace(after) != Some(after));
        }
    });
    divider
}

/// What stands in the conversation, or in the older part of it that the address names.
fn contents(id: ConversationId, archive: Option<Opened>, divider: RwSignal<Option<u64>>) -> Memo<Vec<Part>> {
    let device = expect_context::<Device>();
    let revision = Memo::new(move |_| device.state.with_thread(id, |_, thread| thread.revision()));
    Memo::new(move |before: Option<&Vec<Part>>| {
        let (zone, now, unread_after) = (device.zone.get(), clock::now(), divider.get());
        revision.get();
        device.state.with_untracked(|state| {
            let Some(thread) = state.threads.get(&id) else { return Vec::new() };
            let me = state.me.id;
            let items = match &archive {
                Some(archive) => items(thread, Stored::Page(&archive.page.messages), me, None, &zone, now),
                None => items(thread, Stored::Held, me, unread_after, &zone, now),
            };
            chunks(items, before.map_or(&[], Vec::as_slice))
        })
    })
}

/// The seq before which there are messages that are not shown; `None`: there are none.
fn older_than(id: ConversationId, archive: Option<&Opened>) -> Memo<Option<u64>> {
    let device = expect_context::<Device>();
    let of_archive = archive.map(|Opened { page, .. }| {
        page.has_more.then(|| page.messages.first().map(|message| message.seq)).flatten()
    });
    Memo::new(move |_| match of_archive {
        Some(older) => older,
        None => device.state.with_thread(id, |_, thread| thread.older_than()).flatten(),
    })
}

fn older_link(id: ConversationId, scroll: Scroll) -> impl IntoView {
    let clicked = move |event: MouseEvent| {
        event.prevent_default();
        scroll.load_older();
    };
    part(move || {
        scroll.older.get()
            .map(|seq| view! {
                <a class="older btn" href=format!("/c/{id}?before={seq}") on:click=clicked>{words::OLDER}</a>
            })
            .into_any()
    })
}

fn nothing_yet(contents: Memo<Vec<Part>>) -> impl IntoView {
    part(move || {
        contents
            .with(Vec::is_empty)
            .then(|| {
                view! {
                    <Empty title=words::NOTHING_SAID hint=words::FIRST/>
                }
            })
            .into_any()
    })
}

/// Three dots where the other's message will stand.
#[component]
fn Typing(id: ConversationId) -> impl IntoView {
    let device = expect_context::<Device>();
    let writer = Memo::new(move |_| device.typing.with(|typing| typing.get(&id).map(|(user, _)| *user)));
    let label = text(move || {
        let writer = writer.get()?;
        Some(device.state.with_people(|state| words::writes(&words::somebody(state, writer))))
    });
    let writes = Memo::new(move |_| writer.get().is_some());
    part(move || {
        writes.get()
            .then(|| view! { <div class="msg first last typing" role="img" aria-label=label><i></i><i></i><i></i></div> })
            .into_any()
    })
}

fn name_of(contact: Memo<Option<Contact>>) -> Signal<Option<String>> {
    text(move || contact.read().as_ref().map(|contact| contact.name().to_owned()))
}

fn group_name(id: ConversationId) -> Signal<Option<String>> {
    let device = expect_context::<Device>();
    text(move || device.state.with_thread(id, |state, thread| state.title(&thread.conversation)).flatten())
}

#[component]
fn GroupHead(id: ConversationId, open: RwSignal<bool>) -> impl IntoView {
    let device = expect_context::<Device>();
    let name = group_name(id);
    let initials = name.with_untracked(|name| initials(name.as_deref().unwrap_or_default()));
    let about = text(move || {
        let writer = device.typing.with(|typing| typing.get(&id).map(|(user, _)| *user));
        if let Some(writer) = writer {
            return Some(device.state.with_people(|state| words::writes(&words::somebody(state, writer))));
        }
        device.state.with_thread(id, |_, thread| words::members(thread.conversation.members.len()))
    });
    view! {
        <header class="bar">
            <BackLink/>
            <Avatar initials seed=id.0.as_u128() small=true/>
            <div class="who">
                <h1>{name}</h1>
                <span>{about}</span>
            </div>
            <ConversationOptions id/>
            <PanelOpener id open/>
        </header>
    }
}

#[component]
fn Head(id: ConversationId, contact: Memo<Option<Contact>>) -> impl IntoView {
    let device = expect_context::<Device>();
    let online =
        Signal::derive(move || contact.read().as_ref().is_some_and(|contact| device.is_online(contact)));
    let avatar = contact.get_untracked().map(|contact| {
        view! {
            <Avatar initials=initials(contact.name()) seed=contact.id.0.as_u128() small=true online/>
        }
    });
    let presence = text(move || {
        let contact = contact.get()?;
        if device.typing.with(|typing| typing.contains_key(&id)) {
            return Some(words::TYPING.to_owned());
        }
        presence(device, &contact)
    });
    // Whoever calls themselves like somebody else is told apart by this.
    let username = text(move || {
        let contact = contact.get()?;
        contact.display_name.is_some().then(|| contact.username.to_string())
    });
    view! {
        <header class="bar">
            <BackLink/>
            {avatar}
            <div class="who">
                <h1>{name_of(contact)}</h1>
                <span class="username">{username}</span>
                <span class:online=online>{presence}</span>
            </div>
            <ConversationOptions id/>
        </header>
        {removal(id, contact, expect_context::<Listed>().removal)}
    }
}
