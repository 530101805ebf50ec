//! The HTML around every page. Which page stands where, `web/pages.rs` says: the chat, which lives on
//! in the browser, at `/` and `/c/{id}`; `/auth` and `/settings`, which need no scripting.

use crate::{
    chat::view::ChatPage,
    device::first::{FirstPaint, Loaded},
    ui::{
        document::{PageFiles, head},
        flash::provide_flash,
        route::Route,
        theme::Theme,
    },
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_router::components::Router;

/// The HTML document; rendered by the server only.
pub fn shell(options: LeptosOptions, files: PageFiles) -> impl IntoView {
    let PageFiles { js, wasm, css } = files;
    // What can be read and used is painted before the rest is asked for. A page that nobody sees paints nothing.
    let hydrate = format!(
        "let begun; const start = () => {{ if (begun) return; begun = true; const wasm = fetch({wasm:?}); \
         import({js:?}).then(page => page.default({{module_or_path: wasm}}).then(() => page.hydrate())) }}; \
         new PerformanceObserver(start).observe({{type: 'paint', buffered: true}}); \
         setTimeout(start, document.hidden ? 0 : 1000)"
    );
    let theme = use_context::<Theme>().unwrap_or_default();
    let first = use_context::<Loaded>().and_then(|Loaded(first)| first.ok());
    let title = first.as_ref().map_or_else(|| "Sotto".to_owned(), FirstPaint::title);
    let zone = first.map(|first| first.zone);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-zone=zone data-theme=theme.forced()>
            <head>
                {head(css, theme, title)}
                <AutoReload options/>
                <script type="module" nonce=use_nonce()>{hydrate}</script>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
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
            <h1>"There is nothing here"</h1>
            <p>"The address may be mistyped, or what was here is gone."</p>
            <a class="btn main" href="/">"Go to your conversations"</a>
        </main>
    }
}
