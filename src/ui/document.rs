//! The HTML document around every page.

use super::{theme::Theme, words};
use leptos::prelude::*;

/// What the page's own files are called: paths on this site, under the release that they belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageFiles {
    /// The script that loads the rest.
    pub js: String,
    /// The rest.
    pub wasm: String,
    /// The styles.
    pub css: String,
    /// What is loaded when it is first wanted (`ui::lazy`), and the script that loads it.
    pub parts: Vec<String>,
    /// Of these, what is wanted as soon as the page lives (`device::LINE`).
    pub ahead: Vec<String>,
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
pub fn head(css: String, theme: Theme, title: String) -> impl IntoView {
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
        <meta name="description" content=words::DESCRIPTION/>
        {colors.iter().map(color).collect_view()}
        <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
        <link rel="apple-touch-icon" href="/apple-touch-icon.png"/>
        <link rel="manifest" href="/manifest.webmanifest"/>
        <link rel="stylesheet" href=css/>
        <title inner_html=title></title>
    }
}
