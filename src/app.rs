//! The HTML around every page. Which page stands where, `web/pages.rs` says: the chat, which lives on
//! in the browser, at `/` and `/c/{id}`; `/auth` and `/settings`, which need no scripting.

use crate::{
    chat::{
        first::{FirstPaint, Loaded},
        view::ChatPage,
    },
    settings::model::Theme,
    ui::{address::Address, flash::provide_flash},
};
use leptos::{nonce::use_nonce, prelude::*};

/// What the page's own files are called: paths on this site, with hashes in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFiles {
    /// The script that loads the rest.
    pub js: String,
    /// The rest.
    pub wasm: String,
    /// The styles.
    pub css: String,
}

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

/// The HTML document of a page that lives without scripts; rendered by the server only.
pub fn still(title: &'static str, css: String, theme: Theme, page: AnyView) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme.forced()>
            <head>{head(css, theme, title.to_owned())}</head>
            <body>{page}</body>
        </html>
    }
}

/// What stands in the head of every document.
fn head(css: String, theme: Theme, title: String) -> impl IntoView {
    // As text it would be followed by a mark for hydration, which a title shows.
    let title = title.replace('&', "&amp;").replace('<', "&lt;");
    // One that was chosen counts whatever the system wants.
    let colors: &[(&'static str, Option<&'static str>)] = match theme {
        Theme::System => &[
            ("#ffffff", Some("(prefers-color-scheme: light)")),
            ("#17171e", Some("(prefers-color-scheme: dark)")),
        ],
        Theme::Light => &[("#ffffff", None)],
        Theme::Dark => &[("#17171e", None)],
    };
    let color = |(color, media): &(&'static str, Option<&'static str>)| {
        view! { <meta name="theme-color" content=*color/> }.add_any_attr(leptos::attr::media(*media))
    };
    view! {
        <meta charset="utf-8"/>
        <meta name="viewport"
            content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
        <meta name="description" content="Private chat on a server that is yours."/>
        {colors.iter().map(color).collect_view()}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
        <link rel="manifest" href="/manifest.webmanifest"/>
        <link rel="stylesheet" href=css/>
        <title inner_html=title></title>
    }
}

/// The page that lives on in the browser.
#[component]
pub fn App() -> impl IntoView {
    provide_flash();
    Address::provide();
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
