//! `/auth`: log in, or sign up.

use super::{
    api,
    model::{Mode, Password, own_path},
};
use crate::{
    browser::page,
    error::AppError,
    ui::{
        dynamic::{part, text},
        flash::flash_for,
        icon::Mark,
    },
};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

/// The words of the two forms.
struct Words {
    mode: &'static str,
    name: &'static str,
    title: &'static str,
    lead: &'static str,
    password: &'static str,
}

const LOG_IN: Words = Words {
    mode: "login",
    name: "Log in",
    title: "Welcome back",
    lead: "Log in to go on where you left off.",
    password: "current-password",
};
const SIGN_UP: Words = Words {
    mode: "signup",
    name: "Sign up",
    title: "Create your account",
    lead: "A name and a password are all it takes.",
    password: "new-password",
};

/// The page, with the form that the address names.
#[component]
pub fn AuthPage() -> impl IntoView {
    let query = use_query_map();
    let mode = Memo::new(move |_| match query.read().get_str("mode") {
        Some("signup") => Mode::Signup,
        _ => Mode::Login,
    });
    let next = Memo::new(move |_| query.read().get("next").filter(|next| own_path(next) == next));
    // Where somebody has just deleted their account.
    let deleted = query.with_untracked(|query| query.get_str("deleted").is_some());
    Effect::new(page::remember_zone);
    view! {
        <div class="auth">
            <header class="hero">
                <div class="brand"><Mark/>"Sotto"</div>
                <div>
                    <p class="title">"Speak freely, among yourselves."</p>
                    <p class="lead">
                        "Private chat on a server that is yours. Nothing is lost, and nobody else is listening."
                    </p>
                </div>
                <ul>
                    <li>"One program, one folder of data"</li>
                    <li>"Works before the page has finished loading"</li>
                    <li>"Your words stay on your own server"</li>
                </ul>
            </header>
            {part(move || view! { <Card mode=mode.get() next=next.get() deleted/> }.into_any())}
        </div>
    }
}

#[component]
fn Card(mode: Mode, next: Option<String>, deleted: bool) -> impl IntoView {
    let words = match mode {
        Mode::Login => LOG_IN,
        Mode::Signup => SIGN_UP,
    };
    let tab = |other: Words, this: Mode| {
        let mut query = String::new();
        if this == Mode::Signup {
            query.push_str("mode=signup&");
        }
        if let Some(next) = &next {
            query.push_str("next=");
            query.push_str(&leptos_router::location::Url::escape(next));
        }
        let query = query.trim_end_matches('&');
        let href = if query.is_empty() { "/auth".to_owned() } else { format!("/auth?{query}") };
        view! { <a href=href aria-current=(mode == this).then_some("page")>{other.name}</a> }
    };

    // A form posted without scripting brings back its error and what was typed.
    let flash = flash_for("/auth").filter(|flash| flash.typed.get("mode").is_some_and(|m| m == words.mode));
    let typed = flash.as_ref().and_then(|flash| flash.typed.get("username").cloned()).unwrap_or_default();
    let error = RwSignal::new(flash.map(|flash| flash.error));
    let busy = RwSignal::new(false);
    let username = NodeRef::<html::Input>::new();
    let password = NodeRef::<html::Input>::new();

    let tabs = view! { <nav class="seg" aria-label="Account">{tab(LOG_IN, Mode::Login)}{tab(SIGN_UP, Mode::Signup)}</nav> };
    let next = StoredValue::new(next);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(username), Some(password)) = (username.get_untracked(), password.get_untracked()) else {
            return;
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match api::enter(mode, username.value(), Password::new(password.value())).await {
                Ok(_) => page::go_to(next.get_value().as_deref().unwrap_or("/")),
                Err(refused) => {
                    busy.set(false);
                    let wrong =
                        if refused.field.as_deref() == Some("username") { &username } else { &password };
                    let _ = wrong.focus();
                    error.set(Some(refused));
                }
            }
        });
    };
    view! {
        <Title text=format!("{} · Sotto", words.name)/>
        <main class="card">
            {deleted.then(|| view! { <p class="said" role="status">"Your account was deleted."</p> })}
            <h1>{words.title}</h1>
            <p>{words.lead}</p>
            {tabs}
            <form method="post" action="/auth" aria-label=words.name novalidate on:submit=submit>
                <input type="hidden" name="mode" value=words.mode/>
                <Field name="username" label="Username" error>
                    <input id="username" name="username" value=typed node_ref=username
                        autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="40"
                        aria-invalid=invalid(error, "username")
                        aria-describedby="username-hint"/>
                </Field>
                <Field name="password" label="Password" error>
                    <input id="password" name="password" type="password" node_ref=password
                        autocomplete=words.password
                        aria-invalid=invalid(error, "password")
                        aria-describedby="password-hint"/>
                </Field>
                <button class="btn main wide" aria-busy=text(move || busy.get().then_some("true"))>{words.name}</button>
                <p class="form-error" role="alert">
                    {text(move || error.get().filter(|error| error.field.is_none()).map(|error| error.message))}
                </p>
            </form>
        </main>
    }
}

/// A label, its input, and what is wrong with it.
#[component]
fn Field(
    name: &'static str,
    label: &'static str,
    error: RwSignal<Option<AppError>>,
    children: Children,
) -> impl IntoView {
    let message = text(move || {
        error.get().filter(|error| error.field.as_deref() == Some(name)).map(|error| error.message)
    });
    view! {
        <div class="fld" class:bad=Signal::derive(move || is_about(error, name))>
            <label for=name>{label}</label>
            {children()}
            <small id=format!("{name}-hint") role="alert">{message}</small>
        </div>
    }
}

fn invalid(error: RwSignal<Option<AppError>>, field: &'static str) -> Signal<Option<String>> {
    text(move || is_about(error, field).then_some("true"))
}

fn is_about(error: RwSignal<Option<AppError>>, field: &str) -> bool {
    error.read().as_ref().is_some_and(|error| error.field.as_deref() == Some(field))
}
