//! The HTML around every page. Which page stands where, `web/pages.rs` says: the chat, which lives on
//! in the browser, at `/` and `/c/{id}`; `/auth` and `/settings`, which need no scripting.

use crate::{
    browser::{element, page},
    chat::{
        view::{
            ChatPage,
            group::{GROUPS, NEW, PANEL},
            listed::OPTIONS,
            message::{ASKED, MESSAGE, Panel, VIEWER},
            palette::{self, WAYS},
            pins::{LINE, PINS},
        },
        words::CODE_COPIED,
    },
    device::first::{FirstPaint, Loaded},
    people::view::{
        PEOPLE,
        asked::{BLOCK, PERSON},
        contacts::REMOVE,
    },
    search::{FIND, FINDING},
    ui::{
        document::{PageFiles, head},
        flash::provide_flash,
        lazy,
        route::Route,
        theme::Theme,
        words,
    },
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_router::components::Router;
use model::error::AppError;

/// The element that the page is taken over in.
pub const ROOT: &str = "sotto";
/// Takes over the page; `JS`, `WASM` and `AHEAD`, a list, stand for their addresses.
const TAKEOVER: &str = include_str!("ui/takeover.js");
/// What is copied from a conversation; `COPIED` stands for the word that says so.
const COPY: &str = include_str!("chat/view/copy.js");
/// What a long press does on a message, or a conversation in the list.
const PRESS: &str = include_str!("chat/view/press.js");
/// What opens a picture.
const OPEN: &str = include_str!("chat/view/open.js");
/// Leads to the next conversation that is unread.
const NEXT: &str = include_str!("chat/view/next.js");
/// What is dropped on a conversation, or pasted into it.
const CHOOSING: &str = include_str!("files/view/choosing.js");
/// What is seen of a picture until it is there.
const PLACEHOLDER: &str = include_str!("files/view/placeholder.js");

/// The HTML document; rendered by the server only.
pub fn shell(options: LeptosOptions, files: PageFiles) -> impl IntoView {
    let PageFiles { js, wasm, css, parts, ahead } = files;
    let takeover = TAKEOVER.replace("WASM)", &format!("{wasm:?})")).replace("JS)", &format!("{js:?})"));
    let takeover = takeover.replace("AHEAD)", &format!("{ahead:?})"));
    let script =
        takeover + &COPY.replace("COPIED", CODE_COPIED) + PRESS + NEXT + OPEN + CHOOSING + PLACEHOLDER;
    let theme = use_context::<Theme>().unwrap_or_default();
    let first = use_context::<Loaded>().and_then(|Loaded(first)| first.ok());
    let title = first.as_ref().map_or_else(|| "Sotto".to_owned(), FirstPaint::title);
    let user = first.as_ref().map(|first| first.snapshot.me.id.to_string());
    let name = first.as_ref().map(|first| first.snapshot.me.name().to_owned());
    let zone = first.map(|first| first.zone);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-zone=zone data-user=user data-name=name data-theme=theme.forced()>
            <head>
                {head(css, theme, title)}
                // The service worker keeps what is named in here.
                <meta name="parts" content=parts.join(" ")/>
                <AutoReload options/>
                <script type="module" nonce=use_nonce()>{script}</script>
            </head>
            <body>
                // Not the body itself: extensions put elements into it before the page is taken over.
                <div id=ROOT><App/></div>
            </body>
        </html>
    }
}

/// What the server has drawn of parts that are loaded later must be there before the page is taken over.
/// Errors: it did not come.
pub async fn prepare() -> Result<(), AppError> {
    let drawn = [
        (page::asks_for(&[FIND]), FINDING.loader()),
        (page::asks_for(&[REMOVE, PERSON, BLOCK]) || element::shows(".waiting"), PEOPLE.loader()),
        (page::asks_for(&[NEW, PANEL, OPTIONS]), GROUPS.loader()),
        (page::asks_for(&ASKED) || page::asks_for(&[PINS]) || element::shows(LINE), MESSAGE.loader()),
        (page::asks_for(&[Panel::Picture.name()]), VIEWER.loader()),
        (page::asks_for(&palette::ASKED), WAYS.loader()),
    ];
    for (is_drawn, loader) in drawn {
        if is_drawn {
            lazy::load(loader, Box::new(String::new)).await?;
        }
    }
    Ok(())
}

/// The page that lives on in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_flash();
    view! { <Router><Routed/></Router> }
}

/// What stands below the router.
#[component]
fn Routed() -> impl IntoView {
    Route::provide();
    view! { <ChatPage/> }
}

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <main class="empty page">
            <h1>{words::NOTHING_HERE}</h1>
            <p>{words::NOTHING_HERE_BECAUSE}</p>
            <a class="btn main" href="/">{words::TO_CONVERSATIONS}</a>
        </main>
    }
}
