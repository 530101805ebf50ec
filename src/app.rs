//! The sitemap: the HTML around every page, and every route.

use crate::{
    auth::view::AuthPage,
    chat::{first::Loaded, view::ChatPage},
    ui::flash::provide_flash,
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, Title, provide_meta_context};
use leptos_router::{
    WildcardSegment,
    components::{FlatRoutes, Route, Router},
    path,
};

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
    let hydrate = format!(
        "import({js:?}).then(page => page.default({{module_or_path: {wasm:?}}}).then(() => page.hydrate()))"
    );
    let zone = with_context::<Loaded, _>(|Loaded(first)| first.as_ref().ok().map(|first| first.zone.clone()))
        .flatten();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-zone=zone>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"/>
                <meta name="description" content="Private chat on a server that is yours."/>
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#17171e" media="(prefers-color-scheme: dark)"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <link rel="stylesheet" href=css/>
                <AutoReload options/>
                <link rel="modulepreload" href=js/>
                <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin=""/>
                <script type="module" nonce=use_nonce()>{hydrate}</script>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Every page. Without a session, all but `/auth` are redirected there before they are rendered.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_flash();
    view! {
        <Router>
            <FlatRoutes fallback=NotFound>
                <Route path=path!("/auth") view=AuthPage/>
                // `/` and `/c/{id}` are one route, so that the chat lives on while conversations
                // change. Other addresses come here, too; for them nothing is loaded.
                <Route path=WildcardSegment("address") view=ChatPage/>
            </FlatRoutes>
        </Router>
    }
}

/// An address that leads nowhere.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Title text="Not found · Sotto"/>
        <main class="empty page">
            <h1>"There is nothing here"</h1>
            <p>"The address may be mistyped, or what was here is gone."</p>
            <a class="btn main" href="/" rel="external">"Go to your conversations"</a>
        </main>
    }
}
