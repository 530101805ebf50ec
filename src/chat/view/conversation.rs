//! The open conversation: who it is with, what was said, and the composer.

use crate::{
    browser::{COLUMN, clock, focus, page},
    chat::view::{
        chunks::{Part, chunks},
        composer::Composer,
        group::{self, PanelOpener},
        items::items,
        listed::{ARCHIVED, ConversationOptions, Listed},
        media::MEDIA,
        message::{Doing, Forms, Panel, opened},
        messages::Messages,
        palette::{JUMP, WAYS},
        pins,
        scroll::Scroll,
    },
    chat::words,
    device::Device,
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
        lazy::Opening,
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
/// What it says to lead to the messages before one.
const BEFORE: &str = "before";

/// A conversation, or the words that there is none.
#[component]
pub fn ConversationPane(id: ConversationId, next_id: MessageId) -> impl IntoView {
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
            view! { <Conversation id kind contact next_id/> }.into_any()
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
    next_id: MessageId,
) -> impl IntoView {
    let device = expect_context::<Device>();
    let doing = Doing::provide(id);
    let divider = divider(id);
    let contents = contents(id, divider);
    let route = expect_context::<Route>();
    let at = Memo::new(move |_| route.query(AT).and_then(|at| at.parse::<u64>().ok()));
    let scroll = Scroll::new(device, id, at.get_untracked(), contents, divider);
    let newest = Memo::new(move |_| {
        device.state.with_thread(id, |_, thread| thread.messages.keys().next_back().copied()).flatten()
    });
    let loaded = Memo::new(move |_| device.state.with_thread(id, |_, thread| thread.loaded).unwrap_or(true));

    Effect::new(move || {
        // One page at a time: whoever is led somewhere comes there first.
        if !loaded.get() && scroll.goal.get().is_none() {
            scroll.load_newest();
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
    // The address forgets where it has led: whoever goes on from there would be led back by every reload.
    Effect::new(move || {
        let (seq, before) = (at.get(), route.query(BEFORE));
        if seq.is_some() {
            scroll.goal.set(seq);
        }
        if seq.is_some() || before.is_some() {
            route.forget(&[AT, BEFORE]);
        }
    });
    scroll.lead();
    ask_for_quotes(id, contents);
    let is_group = kind == ConversationKind::Group;
    let details = is_group.then(|| group::opening(doing.details));
    let jump = Opening::new(JUMP, || WAYS.loader(), RwSignal::new(false));
    let jumping = jump.is_open;
    let media = Opening::new(MEDIA, || WAYS.loader(), RwSignal::new(false)).is_open;
    let name = if is_group { group_name(id) } else { name_of(contact) };
    let head = match details {
        Some(details) => view! { <GroupHead id details/> }.into_any(),
        None => view! { <Head id contact/> }.into_any(),
    };
    let may_write = Memo::new(move |_| {
        let may = |state: &ChatState, thread: &Thread| thread.conversation.lets_write(state.me.id);
        device.state.with_thread(id, may).unwrap_or(true)
    });
    // What stands open of a message: another thing is another element, which begins anew.
    let panels = Signal::derive(move || {
        let row = |(panel, message): (Panel, MessageId)| {
            Row::new(message.0.as_u128(), panel as u64, move || opened(doing, panel, message))
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
        if let Some(log) = scroll.log.get_untracked() {
            focus::walk(&event, &log, STORED, COLUMN);
        }
    };
    view! {
        <section class="conv" aria-label=name>
            {head}
            {pins::line(doing)}
            <FirstUnread id scroll/>
            <div class="log" class:grows-above=scroll.grows_above role="log" aria-label=words::MESSAGES tabindex="0"
                // What is put in above is old, and nothing to be read aloud.
                aria-live=text(move || (scroll.grows_above.get() || scroll.newer.get().is_some()).then_some("off"))
                node_ref=scroll.log on:keydown=key on:scroll=move |_| scroll.scrolled()>
                <div class="messages">
                    {older_link(id, scroll)}
                    {nothing_yet(contents)}
                    <Messages parts=contents/>
                    {below(id, scroll)}
                </div>
            </div>
            <Jump scroll/>
            {part(move || {
                jumping.get().then(|| Some((WAYS.get()?.jump)(id, scroll.goal, jumping))).flatten().into_any()
            })}
            {composer}
            <Forms doing/>
            <Rows rows=panels/>
            <AboutSomebody id/>
        </section>
        {details.map(|details| group::panel(id, details.is_open))}
        {pins::panel(doing)}
        {part(move || media.get().then(|| Some((WAYS.get()?.media)(doing, media))).flatten().into_any())}
    }
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

/// Leads to where begins what was not read, where all that is shown lies below it.
#[component]
fn FirstUnread(id: ConversationId, scroll: Scroll) -> impl IntoView {
    let first = scroll.first_unread();
    let address = text(move || first.get().map(|seq| format!("/c/{id}?{AT}={seq}#m{seq}")));
    view! {
        <a class="jump up btn" hidden=Signal::derive(move || first.get().is_none()) href=address>
            <Glyph icon=Icon::Send size=16/>
            <span>{words::FIRST_UNREAD}</span>
        </a>
    }
}

/// Leads to the end while it is out of sight, and says how much has come there meanwhile.
#[component]
fn Jump(scroll: Scroll) -> impl IntoView {
    let news = move || scroll.news.get();
    let is_hidden =
        Signal::derive(move || news() == 0 && !scroll.is_far.get() && scroll.newer.get().is_none());
    let label = text(move || Some(if news() > 0 { words::NEW_MESSAGES } else { words::TO_THE_END }));
    let count = text(move || Some(news()).filter(|news| *news > 0).map(|news| news.to_string()));
    let go = move |_| {
        scroll.to_end();
        // The button is about to go.
        focus::rescue("#message");
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

/// What stands in the part of the conversation that is looked at.
fn contents(id: ConversationId, divider: RwSignal<Option<u64>>) -> Memo<Vec<Part>> {
    let device = expect_context::<Device>();
    let revision = Memo::new(move |_| device.state.with_thread(id, |_, thread| thread.revision()));
    Memo::new(move |before: Option<&Vec<Part>>| {
        let (zone, now, unread_after) = (device.zone.get(), clock::now(), divider.get());
        revision.get();
        device.state.with_untracked(|state| {
            let Some(thread) = state.threads.get(&id) else { return Vec::new() };
            let items = items(thread, state.me.id, unread_after, &zone, now);
            chunks(items, before.map_or(&[], Vec::as_slice))
        })
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

/// Below an older part of the conversation, what leads on from it; below the newest, who writes.
fn below(id: ConversationId, scroll: Scroll) -> impl IntoView {
    let clicked = move |event: MouseEvent| {
        event.prevent_default();
        scroll.load_newer();
    };
    part(move || match scroll.newer.get() {
        Some(seq) => view! {
            <a class="older btn" href=format!("/c/{id}?{AT}={seq}#m{seq}") on:click=clicked>{words::NEWER}</a>
            <a class="older btn unscripted" href=format!("/c/{id}")>{words::NEWEST}</a>
        }
        .into_any(),
        None => view! { <Typing id/> }.into_any(),
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

/// Who writes, in words.
fn who_writes(device: Device, id: ConversationId) -> Option<String> {
    let writers = Some(device.writers(id)).filter(|writers| !writers.is_empty())?;
    Some(device.state.with_people(|state| words::writing(state, &writers)))
}

/// Three dots where the others' messages will stand.
#[component]
fn Typing(id: ConversationId) -> impl IntoView {
    let device = expect_context::<Device>();
    let label = text(move || who_writes(device, id));
    let writes = Memo::new(move |_| !device.writers(id).is_empty());
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
fn GroupHead(id: ConversationId, details: Opening) -> impl IntoView {
    let device = expect_context::<Device>();
    let name = group_name(id);
    let initials = name.with_untracked(|name| initials(name.as_deref().unwrap_or_default()));
    let about = text(move || {
        who_writes(device, id).or_else(|| {
            device.state.with_thread(id, |_, thread| words::members(thread.conversation.members.len()))
        })
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
            <PanelOpener id details/>
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
        if !device.writers(id).is_empty() {
            return Some(words::TYPING.to_owned());
        }
        presence(device, &contact)
    });
    // Whoever calls themselves like somebody else is told apart by this.
    let username = text(move || {
        let contact = contact.get()?;
        contact.display_name.is_some().then(|| contact.username.to_string())
    });
    let removing = expect_context::<Listed>().removal.is_open;
    // It was asked of this conversation, not of the next.
    on_cleanup(move || {
        removing.try_set(false);
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
        {removal(id, contact, removing)}
    }
}
