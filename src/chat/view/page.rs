//! The whole page: the sidebar beside the open conversation.

use crate::{
    browser::{
        clock::{self, Zone},
        page, worker,
    },
    chat::{
        view::{
            conversation::ConversationPane,
            group::Drawn,
            list::ConversationList,
            listed::Listed,
            notifications::NotificationsItem,
            palette::{ASKED, Board, Boards, WAYS},
        },
        words,
    },
    device::{
        Device,
        first::{FirstPaint, Loaded, title},
    },
    files::view::Sending,
    people::{
        self,
        view::{PEOPLE, contacts::REMOVE, requests::Requests},
    },
    search::view::Search,
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, part, text},
        empty::Empty,
        flash::CurrentFlash,
        icon::Mark,
        lazy::Opening,
        menu::Menu,
        route::Route,
        toast::{ToastStack, Toasts},
        words::TRY_AGAIN,
    },
};
use leptos::{ev::MouseEvent, prelude::*, task::spawn_local};
use model::{
    error::AppError,
    event::ServerEvent,
    id::ConversationId,
    message::Anchor,
    state::{ChatState, Touched},
    user::initials,
};

/// How often it is looked whether a silence has ended, in milliseconds.
const LOOK_MS: i64 = 60_000;

/// `/` and `/c/{id}`.
#[component]
pub fn ChatPage() -> impl IntoView {
    let loaded =
        SharedValue::new(|| use_context::<Loaded>().unwrap_or_else(|| Loaded(Err(AppError::not_found()))));
    match loaded.into_inner() {
        Loaded(Ok(first)) => view! { <Chat first/> }.into_any(),
        Loaded(Err(error)) => view! { <Failed error/> }.into_any(),
    }
}

/// The conversation that the address names.
fn open_conversation(route: Route) -> Memo<Option<ConversationId>> {
    Memo::new(move |_| route.path().strip_prefix("/c/")?.trim_end_matches('/').parse().ok())
}

#[component]
fn Chat(first: FirstPaint) -> impl IntoView {
    let FirstPaint { snapshot, opened, search, details, key, zone, next_id } = first;
    let route = expect_context::<Route>();
    let open = open_conversation(route);
    provide_context(Drawn(open.get_untracked().zip(details)));
    let mut state = ChatState::begin(snapshot);
    if let Some(opened) = opened {
        let (conversation_id, page) = (opened.conversation, opened.page);
        state.apply(ServerEvent::MessagesFound { conversation_id, messages: opened.others });
        // An older page is a part by itself, wherever it was asked for.
        let place = match page.messages.first() {
            Some(first) if opened.place != Anchor::default() => Anchor::around(first.seq),
            _ => opened.place,
        };
        let (messages, has_more) = (page.messages, page.has_more);
        state.apply(ServerEvent::ConversationLoaded { conversation_id, place, messages, has_more });
    }
    let me = state.me.clone();
    let device = Device::new(state, key, Zone::rendered(&zone));
    provide_context(device);
    let toasts = Toasts::provide();
    let sending = Sending::provide(device, toasts);
    let removal = Opening::new(REMOVE, || PEOPLE.loader(), RwSignal::new(false));
    let listed = Listed::provide(open.get_untracked(), removal);
    Effect::new(move || {
        device.start();
        worker::start(move |path| route.go(&path));
    });

    // Whatever form it was, its error has a place to be seen; the composer shows its own.
    let flash = expect_context::<CurrentFlash>().0.filter(|flash| !flash.path.ends_with("/messages"));
    if let Some(flash) = flash {
        toasts.failed(&flash.error);
    }

    // What is looked at, and how it was left, opens without a network.
    let keep = move || {
        let path = open.get().map_or("/".to_owned(), |id| format!("/c/{id}"));
        worker::tell(&["keep", &path]);
    };
    Effect::new(move || {
        keep();
        let left = window_event_listener(leptos::ev::visibilitychange, move |_| {
            if !page::is_visible() {
                keep();
            }
        });
        on_cleanup(move || left.remove());
    });

    Effect::new(move || {
        if let Some(error) = device.refused.get() {
            toasts.failed(&error);
        }
    });

    // Said on the screens of both.
    Effect::new(move || {
        if let Some(name) = device.parted.get() {
            toasts.done(people::words::parted(&name));
        }
    });

    let boards = Boards::provide(open);
    let over = Signal::derive(move || {
        let row = move |board: Board| {
            Row::new(board as u128, 0, move || WAYS.get().map(|ways| (ways.board)(board, boards)).into_any())
        };
        boards.shown().map(row).collect()
    });
    let unread = Memo::new(move |_| device.state.with(|state| state.unread(clock::now())));
    end_silences(device);
    Effect::new(move || page::show_count(unread.get()));
    let with = Memo::new(move |_| {
        device.state.with_people(|_| ());
        device.state.with_thread(open.get()?, |state, thread| state.title(&thread.conversation)).flatten()
    });
    Effect::new(move || page::set_title(&title(unread.get(), with.get().as_deref())));
    let banner = text(move || match (device.is_lost.get(), device.is_polling.get()) {
        (true, _) => Some(words::RECONNECTING),
        (false, true) => Some(words::POLLING),
        (false, false) => None,
    });
    let is_calm = Signal::derive(move || device.is_polling.get() && !device.is_lost.get());
    let pane = part(move || match open.get() {
        Some(id) => view! { <ConversationPane id next_id/> }.into_any(),
        None => view! { <NothingOpen/> }.into_any(),
    });
    view! {
        <a class="skip btn" href="#message" rel="external" hidden=Signal::derive(move || open.get().is_none())>{words::SKIP}</a>
        <main class="app" class:open=Signal::derive(move || open.get().is_some())>
            <p class="banner" class:calm=is_calm role="status">{banner}</p>
            <div class="side">
                <header class="bar">
                    <a class="home" href="/"><Mark/><h1 class="brand">"Sotto"</h1></a>
                    <Account name=me.name().to_owned() initials=initials(me.name()) seed=me.id.0.as_u128()/>
                </header>
                <Search search/>
                <div class="list">
                    <Requests/>
                    <ConversationList open/>
                </div>
            </div>
            {pane}
        </main>
        {listed.menu()}
        <Rows rows=over/>
        {sending.draw()}
        <ToastStack/>
    }
}

/// Shows that a conversation is silent no longer, once that is so.
fn end_silences(device: Device) {
    let next = Memo::new(move |_| device.state.with(|state| state.unmuted_at(clock::now())));
    Effect::new(move || {
        let Some(end) = next.get() else { return };
        spawn_local(async move {
            while next.try_get_untracked() == Some(Some(end)) {
                match end.0 - clock::now().0 {
                    // In steps: a timer does not run on while the machine sleeps.
                    left @ 1.. => page::sleep(left.min(LOOK_MS) as u32).await,
                    _ => {
                        device.state.change(|_| ((), Touched::Everything));
                        return;
                    }
                }
            }
        });
    });
}

#[component]
fn Account(name: String, initials: String, seed: u128) -> impl IntoView {
    let face = move || view! { <Avatar initials=initials.clone() seed small=true/> };
    let boards = expect_context::<Boards>();
    let item = move |board: Board, class: &'static str, label: &'static str| {
        let clicked = move |event: MouseEvent| {
            event.prevent_default();
            boards.open(board);
        };
        let address = format!("/?{}=1", ASKED[board as usize]);
        view! { <a class=class role="menuitem" href=address rel="external" on:click=clicked>{label}</a> }
    };
    view! {
        <Menu label=words::ACCOUNT class="account" face>
            <p class="menu-head">{name}</p>
            <NotificationsItem/>
            {item(Board::GoTo, "menu-item scripted", words::GO_TO)}
            {item(Board::Sheet, "menu-item", words::SHORTCUTS)}
            <a class="menu-item" role="menuitem" href="/settings" rel="external">{words::SETTINGS}</a>
            <form method="post" action="/auth/logout">
                <button class="menu-item" role="menuitem">{words::LOG_OUT}</button>
            </form>
        </Menu>
    }
}

#[component]
fn NothingOpen() -> impl IntoView {
    view! {
        <section class="conv" aria-label=words::NOTHING_OPEN>
            <Empty title=words::CHOOSE.0 hint=words::CHOOSE.1/>
        </section>
    }
}

/// The chat could not be loaded.
#[component]
fn Failed(error: AppError) -> impl IntoView {
    view! {
        <main class="empty page">
            <h1>{words::NOT_LOADED}</h1>
            <p role="alert">{error.message}</p>
            <a class="btn main" href="" rel="external">{TRY_AGAIN}</a>
        </main>
    }
}
