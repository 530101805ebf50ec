//! `/auth`: log in, or sign up. Rendered by the server alone; its forms need no scripting.

use crate::{
    auth::model::Mode,
    kit::own_path,
    ui::{
        document::PageFiles,
        field::{Field, Refusal},
        icon::Mark,
    },
};
use leptos::{nonce::Nonce, prelude::*};
use model::user::{Password, Username};
use serde::Deserialize;

/// Where the forms post to.
const PATH: &str = "/auth";
/// Tells the server, by a cookie, in which zone to render times.
const REMEMBER_ZONE: &str = "document.cookie = `tz=${Intl.DateTimeFormat().resolvedOptions().timeZone}; path=/; max-age=31536000; samesite=lax`";

/// Sends the form without leaving the page; `RULES` stands for the words of what may be wrong.
const FORM: &str = include_str!("form.js");

/// Has the chat's files fetched while somebody types; once the page is there, so that on a slow line
/// they take nothing away from it.
fn script(PageFiles { js, wasm, .. }: &PageFiles) -> String {
    let form = FORM.replace("RULES", &rules());
    format!(
        "{REMEMBER_ZONE};\
         addEventListener('load', () => {{ for (const href of [{js:?}, {wasm:?}]) \
         document.head.append(Object.assign(document.createElement('link'), {{rel: 'prefetch', href, crossOrigin: ''}})) }});\
         {{ {form} }}"
    )
}

/// What is wrong with a name or a password, in the server's own words.
fn rules() -> String {
    let of_name = |name| Username::parse(name).err().map(|error| error.message);
    let password = Password::new("").check_length().err().map(|error| error.message);
    let rules = serde_json::json!({
        "length": of_name(""), "characters": of_name("a b"), "ends": of_name("-ab"), "password": password,
    });
    // Nothing in a script ends it.
    rules.to_string().replace('<', "\\u003c")
}

/// What the address asks for; what cannot be read is passed over.
#[derive(Default, Deserialize)]
pub struct Asked {
    /// `signup` for that form.
    mode: Option<String>,
    /// Where to go after the log-in.
    next: Option<String>,
    /// Where somebody has just deleted their account.
    deleted: Option<String>,
}

impl Asked {
    fn mode(&self) -> Mode {
        if self.mode.as_deref() == Some("signup") { Mode::Signup } else { Mode::Login }
    }

    /// What the window is called.
    pub fn title(&self) -> &'static str {
        match self.mode() {
            Mode::Login => "Log in · Sotto",
            Mode::Signup => "Sign up · Sotto",
        }
    }
}

/// The words of the two forms.
struct Words {
    mode: &'static str,
    name: &'static str,
    title: &'static str,
    lead: &'static str,
    password: &'static str,
    name_help: Option<&'static str>,
    password_help: &'static str,
}

const LOG_IN: Words = Words {
    mode: "login",
    name: "Log in",
    title: "Welcome back",
    lead: "Log in to continue your conversations.",
    password: "current-password",
    name_help: None,
    password_help: "Forgotten it? Whoever runs this server can set a new one for you.",
};
const SIGN_UP: Words = Words {
    mode: "signup",
    name: "Sign up",
    title: "Create your account",
    lead: "All you need is a username and a password.",
    password: "new-password",
    name_help: Some("3 to 20 letters, digits, dots, hyphens or underscores. Others find you by it."),
    password_help: "At least 8 characters. Keep it safe: there is no e-mail to reset it with, only whoever runs this server can.",
};

/// The page, with the form that the address names.
#[component]
pub fn AuthPage(asked: Asked, refusal: Refusal, files: PageFiles, nonce: Option<Nonce>) -> impl IntoView {
    let mode = asked.mode();
    let Asked { next, deleted, .. } = asked;
    let next = next.filter(|next| own_path(next) == next);
    view! {
        <div class="auth">
            <header class="hero">
                <div class="brand"><Mark/>"Sotto"</div>
                <div>
                    <p class="title">"Speak freely, among yourselves."</p>
                    <p class="lead">
                        "Private chat on a server of your own. Every message arrives, and nobody else is listening."
                    </p>
                </div>
                <ul>
                    <li>"One program, one folder of data"</li>
                    <li>"Quick on any connection, and offline too"</li>
                    <li>"Your words stay on your server"</li>
                </ul>
            </header>
            <Card mode next deleted=deleted.is_some() refusal/>
        </div>
        <script nonce=nonce inner_html=script(&files)></script>
    }
}

#[component]
fn Card(mode: Mode, next: Option<String>, deleted: bool, refusal: Refusal) -> impl IntoView {
    let words = match mode {
        Mode::Login => LOG_IN,
        Mode::Signup => SIGN_UP,
    };
    let tab = |other: Words, this: Mode| {
        let mode = (this == Mode::Signup).then_some(("mode", "signup"));
        let query: Vec<_> = mode.into_iter().chain(next.as_deref().map(|next| ("next", next))).collect();
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        let href = if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") };
        view! { <a href=href aria-current=(mode.is_some() == (words.mode == "signup")).then_some("page")>{other.name}</a> }
    };
    // A refusal of the other form is not about this one.
    let refusal = if refusal.typed(PATH, "mode").is_some_and(|mode| mode == words.mode) {
        refusal
    } else {
        Refusal(None)
    };
    view! {
        <main class="card">
            {deleted.then(|| view! { <p class="said" role="status">"Your account was deleted."</p> })}
            <h1>{words.title}</h1>
            <p>{words.lead}</p>
            <nav class="seg" aria-label="Account">{tab(LOG_IN, Mode::Login)}{tab(SIGN_UP, Mode::Signup)}</nav>
            <form method="post" action=PATH aria-label=words.name novalidate>
                <input type="hidden" name="mode" value=words.mode/>
                <Field id="username" label="Username" name="username" kind="text" autocomplete="username" max=40
                    value=refusal.typed(PATH, "username").unwrap_or_default() is_name=true
                    help=words.name_help.unwrap_or_default() wrong=refusal.about(PATH, "username")/>
                <Field id="password" label="Password" name="password" kind="password" autocomplete=words.password
                    help=words.password_help wrong=refusal.about(PATH, "password")/>
                <button class="btn main wide">{words.name}</button>
                <p class="form-error" role="alert">{refusal.general()}</p>
            </form>
        </main>
    }
}
