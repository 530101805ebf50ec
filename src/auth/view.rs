//! `/auth`: log in, or sign up. Rendered by the server alone; its forms need no scripting.

use crate::{
    auth::{model::Mode, words},
    kit::own_path,
    ui::{
        document::PageFiles,
        field::{Field, Refusal},
        icon::Mark,
    },
};
use leptos::{nonce::Nonce, prelude::*};
use model::{
    invitation::JOIN,
    user::{Password, User, Username},
};
use serde::Deserialize;

/// Where the forms post to.
const PATH: &str = "/auth";
/// Tells the server, by a cookie, in which zone to render times, and with how many hours ([`model::time::TWELVE`]).
const REMEMBER_ZONE: &str = "{ const { timeZone, hour12 } = Intl.DateTimeFormat([], { hour: 'numeric' }).resolvedOptions(); \
    document.cookie = `tz=${timeZone}${hour12 ? '~12' : ''}; path=/; max-age=31536000; samesite=lax` }";

/// Sends the form without leaving the page; `RULES` stands for the words of what may be wrong.
const FORM: &str = include_str!("form.js");

/// Has the chat's files fetched while somebody types; once the page is there, so that on a slow line
/// they take nothing away from it.
fn script(PageFiles { js, wasm, .. }: &PageFiles, has_form: bool) -> String {
    let form = if has_form { FORM.replace("RULES", &rules()) } else { String::new() };
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
pub struct AuthQuery {
    /// `signup` for that form.
    mode: Option<String>,
    /// Where to go after the log-in.
    next: Option<String>,
    /// Where somebody has just deleted their account.
    deleted: Option<String>,
    /// What somebody was sent who is invited.
    invite: Option<String>,
}

/// Who may sign up here.
#[derive(Clone)]
pub enum Door {
    /// Anybody.
    Open,
    /// Whoever has what is asked for here; what is wrong with what the address has.
    Invite { wrong: Option<String> },
    /// Whoever opened this address, because they are invited by somebody or whoever runs the server.
    Invited { by: Option<User> },
    /// Nobody.
    Closed,
}

impl AuthQuery {
    fn mode(&self) -> Mode {
        match self.mode.as_deref() {
            Some("signup") => Mode::Signup,
            Some("login") => Mode::Login,
            _ if self.invite().is_some() => Mode::Signup,
            _ => Mode::Login,
        }
    }

    /// The same page with the form of another mode; what it was opened with stays.
    fn address_of(&self, mode: &str) -> String {
        let is_usual = (mode == "signup") == self.invite().is_some();
        let mode = (!is_usual).then_some(("mode", mode));
        let next = self.next.as_deref().filter(|next| own_path(next) == *next).map(|next| ("next", next));
        let invite = self.invite().map(|invite| ("invite", invite));
        let query: Vec<_> = [mode, next, invite].into_iter().flatten().collect();
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        if query.is_empty() { PATH.to_owned() } else { format!("{PATH}?{query}") }
    }

    /// The link into a group that somebody is on the way to.
    pub fn joining(&self) -> Option<&str> {
        self.next.as_deref()?.strip_prefix(JOIN)
    }

    /// Whether it is about signing up.
    pub fn is_signup(&self) -> bool {
        self.mode() == Mode::Signup
    }

    /// What somebody was sent who is invited.
    pub fn invite(&self) -> Option<&str> {
        self.invite.as_deref().filter(|invite| !invite.is_empty())
    }

    /// What the window is called.
    pub fn title(&self) -> &'static str {
        match self.mode() {
            Mode::Login => words::LOG_IN.window,
            Mode::Signup => words::SIGN_UP.window,
        }
    }
}

/// The page, with the form that the address names.
#[component]
pub fn AuthPage(
    asked: AuthQuery,
    door: Door,
    refusal: Refusal,
    files: PageFiles,
    nonce: Option<Nonce>,
) -> impl IntoView {
    let has_form = has_form(&asked, &door);
    view! {
        <div class="auth">
            <header class="hero">
                <div class="brand"><Mark/>"Sotto"</div>
                <div>
                    <p class="title">{words::CLAIM}</p>
                    <p class="lead">{words::WHAT_IT_IS}</p>
                </div>
                <ul>{words::REASONS.map(|reason| view! { <li>{reason}</li> }).collect_view()}</ul>
            </header>
            <Card asked door refusal has_form/>
        </div>
        <script nonce=nonce inner_html=script(&files, has_form)></script>
    }
}

fn has_form(asked: &AuthQuery, door: &Door) -> bool {
    !(asked.is_signup() && matches!(door, Door::Closed))
}

#[component]
fn Card(asked: AuthQuery, door: Door, refusal: Refusal, has_form: bool) -> impl IntoView {
    let mode = asked.mode();
    let form = match mode {
        Mode::Login => words::LOG_IN,
        Mode::Signup => words::SIGN_UP,
    };
    let tab = |other: words::Form| {
        let href = asked.address_of(other.mode);
        view! { <a href=href aria-current=(other.mode == form.mode).then_some("page")>{other.name}</a> }
    };
    // A refusal of the other form is not about this one.
    let refusal = if refusal.typed(PATH, "mode").is_some_and(|mode| mode == form.mode) {
        refusal
    } else {
        Refusal(None)
    };
    let lead = match (mode, &door) {
        (Mode::Login, _) | (Mode::Signup, Door::Open) => form.lead.into_any(),
        (Mode::Signup, Door::Invited { by }) => invited_by(by.as_ref()).into_any(),
        (Mode::Signup, Door::Invite { .. }) => words::INVITATION_NEEDED.into_any(),
        (Mode::Signup, Door::Closed) => words::CLOSED.into_any(),
    };
    let invite = match (mode, &door) {
        (Mode::Signup, Door::Invited { .. }) => {
            let sent = asked.invite().or(asked.joining()).map(str::to_owned);
            view! { <input type="hidden" name="invite" value=sent/> }.into_any()
        }
        (Mode::Signup, Door::Invite { wrong }) => {
            let wrong = refusal.about(PATH, "invite").or_else(|| wrong.clone());
            view! {
                <Field id="invite" label=words::INVITATION name="invite" kind="text" autocomplete="off" is_name=true
                    value=refusal.typed(PATH, "invite").or(asked.invite().map(str::to_owned)).unwrap_or_default()
                    help=words::INVITATION_HELP wrong/>
            }
            .into_any()
        }
        (Mode::Login, _) | (Mode::Signup, Door::Open | Door::Closed) => ().into_any(),
    };
    // Where nobody can sign up, there is nothing to choose between but for whoever asks for it.
    let tabs = !matches!(door, Door::Closed) || mode == Mode::Signup;
    view! {
        <main class="card">
            {asked.deleted.is_some().then(|| view! { <p class="said" role="status">{words::DELETED}</p> })}
            <h1>{form.title}</h1>
            <p>{lead}</p>
            {tabs.then(|| view! { <nav class="seg" aria-label=words::TABS>{tab(words::LOG_IN)}{tab(words::SIGN_UP)}</nav> })}
            {has_form.then(|| view! {
                <form method="post" action=PATH aria-label=form.name novalidate>
                    <input type="hidden" name="mode" value=form.mode/>
                    {invite}
                    <Field id="username" label=words::USERNAME name="username" kind="text" autocomplete="username" max=40
                        value=refusal.typed(PATH, "username").unwrap_or_default() is_name=true
                        help=form.name_help.unwrap_or_default() wrong=refusal.about(PATH, "username")/>
                    <Field id="password" label=words::PASSWORD name="password" kind="password" autocomplete=form.password
                        help=form.password_help wrong=refusal.about(PATH, "password")/>
                    <button class="btn main wide">{form.name}</button>
                    <p class="form-error" role="alert">{refusal.general()}</p>
                </form>
            })}
        </main>
    }
}

fn invited_by(inviter: Option<&User>) -> impl IntoView + use<> {
    let who = inviter.map(|inviter| inviter.name().to_owned());
    let invites = if who.is_some() { words::INVITES } else { words::INVITED };
    view! { <bdi>{who}</bdi>{invites}" "{words::ALL_YOU_NEED} }
}
