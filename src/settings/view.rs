//! The page: forms that a browser posts by itself.

use super::model::{SignedInDevice, Theme};
use crate::{
    auth::model::{DisplayName, User},
    browser::clock::{self, Zone},
    error::AppError,
    time::Timestamp,
    ui::{
        avatar::Avatar,
        flash::Flash,
        icon::{Glyph, Icon},
    },
};
use leptos::prelude::*;
use serde::Deserialize;

/// What the address asks for; what cannot be read is passed over.
#[derive(Default, Deserialize)]
pub struct Asked {
    /// To be asked whether the account is to be deleted.
    pub delete: Option<String>,
}

/// What the page shows.
pub struct Shown {
    /// Whose settings.
    pub user: User,
    /// The theme of this browser.
    pub theme: Theme,
    /// Where they are signed in, this device first.
    pub devices: Vec<SignedInDevice>,
    /// The zone that times are shown in.
    pub zone: Zone,
    /// What the address asks for.
    pub asked: Asked,
    /// What the last form was refused for.
    pub flash: Option<Flash>,
    /// What the last form has done.
    pub notice: Option<String>,
}

/// `/settings`.
#[component]
pub fn Settings(shown: Shown) -> impl IntoView {
    let Shown { user, theme, devices, zone, asked, flash, notice } = shown;
    let refusal = Refusal(flash);
    view! {
        <main class="settings">
            <header class="bar">
                <a class="icon" href="/" aria-label="Back to your conversations"><Glyph icon=Icon::Back size=20/></a>
                <h1>"Settings"</h1>
            </header>
            <div class="panels">
                <p class="said" role="status">{notice}</p>
                <p class="said bad" role="alert">{refusal.general()}</p>
                <Profile user=user.clone() refusal=refusal.clone()/>
                <Appearance theme/>
                <Password username=user.username.to_string() refusal=refusal.clone()/>
                <Devices devices zone/>
                <Data/>
                <Deletion asked=asked.delete.is_some() refusal/>
            </div>
        </main>
    }
}

/// The settings could not be loaded.
#[component]
pub fn Failed(error: AppError) -> impl IntoView {
    view! {
        <main class="empty page">
            <h1>"Your settings could not be loaded"</h1>
            <p role="alert">{error.message}</p>
            <a class="btn main" href="/settings">"Try again"</a>
        </main>
    }
}

/// What the last form was refused for.
#[derive(Clone)]
struct Refusal(Option<Flash>);

impl Refusal {
    /// What is wrong with a field of the form that posts to `path`.
    fn about(&self, path: &str, field: &str) -> Option<String> {
        let flash = self.0.as_ref().filter(|flash| flash.path == path)?;
        (flash.error.field.as_deref() == Some(field)).then(|| flash.error.message.clone())
    }

    /// What is wrong with no field.
    fn general(&self) -> Option<String> {
        let flash = self.0.as_ref().filter(|flash| flash.error.field.is_none())?;
        Some(flash.error.message.clone())
    }

    /// What was typed into a field.
    fn typed(&self, path: &str, field: &str) -> Option<String> {
        self.0.as_ref().filter(|flash| flash.path == path)?.typed.get(field).cloned()
    }
}

/// A part of the page under a heading.
#[component]
fn Panel(id: &'static str, title: &'static str, children: Children) -> impl IntoView {
    view! {
        <section class="panel" id=id aria-labelledby=format!("{id}-title")>
            <h2 id=format!("{id}-title")>{title}</h2>
            {children()}
        </section>
    }
}

/// A label, its input, help, and what is wrong with it.
#[component]
fn Field(
    id: &'static str,
    label: &'static str,
    name: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    #[prop(optional)] value: Option<String>,
    #[prop(optional)] max: Option<usize>,
    #[prop(optional)] help: Option<&'static str>,
    #[prop(optional)] required: bool,
    wrong: Option<String>,
) -> impl IntoView {
    let is_wrong = wrong.is_some();
    let (hint, help_id, hint_id) = (wrong, format!("{id}-help"), format!("{id}-hint"));
    view! {
        <div class="fld" class:bad=is_wrong>
            <label for=id>{label}</label>
            <input id=id name=name type=kind value=value maxlength=max.map(|max| max.to_string())
                autocomplete=autocomplete required=required autofocus=is_wrong
                aria-invalid=is_wrong.then_some("true")
                aria-describedby=format!("{hint_id} {help_id}")/>
            <small id=hint_id role="alert">{hint}</small>
            <p class="help" id=help_id>{help}</p>
        </div>
    }
}

#[component]
fn Profile(user: User, refusal: Refusal) -> impl IntoView {
    const PATH: &str = "/api/me/display-name";
    let now = user.display_name.as_ref().map(|name| name.as_str().to_owned());
    view! {
        <Panel id="profile" title="Profile">
            <div class="me">
                <Avatar initials=user.username.initials() seed=user.id.0.as_u128()/>
                <div><b>{user.name().to_owned()}</b><p>{format!("Your username: {}", user.username)}</p></div>
            </div>
            <form method="post" action=PATH>
                <Field id="display-name" label="Display name" name="display_name" kind="text" autocomplete="name"
                    value=refusal.typed(PATH, "display_name").or(now).unwrap_or_default() max=DisplayName::MAX
                    help="What others call you. Leave it empty to be called by your username, which they always see, too."
                    wrong=refusal.about(PATH, "display_name")/>
                <button class="btn main">"Save name"</button>
            </form>
        </Panel>
    }
}

#[component]
fn Appearance(theme: Theme) -> impl IntoView {
    let choice = move |choice: Theme| {
        let (value, name) = match choice {
            Theme::System => ("system", "System"),
            Theme::Light => ("light", "Light"),
            Theme::Dark => ("dark", "Dark"),
        };
        view! {
            <label class="choice">
                <input type="radio" name="theme" value=value checked=choice == theme/>
                <span>{name}</span>
            </label>
        }
    };
    view! {
        <Panel id="theme" title="Theme">
            <form method="post" action="/api/me/theme">
                <div class="choices" role="radiogroup" aria-labelledby="theme-title">
                    {Theme::ALL.map(choice).collect_view()}
                </div>
                <p class="help">"Of Sotto in this browser. System follows your device."</p>
                <button class="btn main">"Save theme"</button>
            </form>
        </Panel>
    }
}

#[component]
fn Password(username: String, refusal: Refusal) -> impl IntoView {
    const PATH: &str = "/api/me/password";
    view! {
        <Panel id="password" title="Password">
            <form method="post" action=PATH>
                // For programs that keep passwords.
                <input type="text" name="username" value=username autocomplete="username" hidden readonly/>
                <Field id="current-password" label="Current password" name="current_password" kind="password"
                    autocomplete="current-password" required=true
                    wrong=refusal.about(PATH, "current_password")/>
                <Field id="new-password" label="New password" name="new_password" kind="password"
                    autocomplete="new-password" required=true
                    help="8 characters or more. Everywhere else you will be signed out."
                    wrong=refusal.about(PATH, "new_password")/>
                <button class="btn main">"Change password"</button>
            </form>
        </Panel>
    }
}

#[component]
fn Devices(devices: Vec<SignedInDevice>, zone: Zone) -> impl IntoView {
    let several = devices.len() > 1;
    view! {
        <Panel id="devices" title="Devices">
            <p class="help">"Where you are signed in."</p>
            <ul class="plain devices" aria-label="Devices">
                {devices.into_iter().map(|device| view! { <Device device zone=zone.clone()/> }).collect_view()}
            </ul>
            {several.then(|| view! {
                <form method="post" action="/api/me/sessions/end-others">
                    <button class="btn">"Sign out everywhere else"</button>
                </form>
            })}
        </Panel>
    }
}

#[component]
fn Device(device: SignedInDevice, zone: Zone) -> impl IntoView {
    let when = |what: &str, at: Option<Timestamp>| at.map(|at| format!("{what} {}", moment(at, &zone)));
    let used = if device.current { None } else { when("last used", device.last_used_at) };
    let times: Vec<_> = [when("signed in", device.signed_in_at), used].into_iter().flatten().collect();
    view! {
        <li>
            <div>
                <b>{device.device.clone()}</b>
                {device.current.then(|| view! { <span class="tag">"This device"</span> })}
                <p>{capitalized(&times.join(", "))}</p>
            </div>
            <form method="post" action="/api/me/sessions/end">
                <input type="hidden" name="session" value=device.session/>
                <button class="btn small" aria-label=format!("Sign out {}", device.device)>"Sign out"</button>
            </form>
        </li>
    }
}

/// `today at 14:32`, there.
fn moment(at: Timestamp, zone: &Zone) -> String {
    let civil = |at: Timestamp| at.civil(zone.offset(at));
    let (then, now) = (civil(at), civil(clock::now()));
    match now.days - then.days {
        0 | 1 => format!("{} at {}", then.day_label(&now).to_lowercase(), then.clock()),
        _ => format!("on {} at {}", then.day_label(&now), then.clock()),
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

#[component]
fn Data() -> impl IntoView {
    view! {
        <Panel id="data" title="Your data">
            <p class="help">"Your account, contacts, requests, and every message that you wrote, as one JSON file."</p>
            <a class="btn" href="/api/me/export" download="">"Download my data"</a>
        </Panel>
    }
}

#[component]
fn Deletion(asked: bool, refusal: Refusal) -> impl IntoView {
    const PATH: &str = "/api/me/delete";
    // A refused one is about to be tried again.
    let wrong = refusal.about(PATH, "password");
    let ask = || {
        view! {
            <p class="help">"Your account and all your conversations, for everyone in them."</p>
            <form method="get" action="/settings#delete">
                <button class="btn bad" name="delete" value="1">"Delete my account"</button>
            </form>
        }
    };
    let confirm = |wrong| {
        view! {
            <div class="warning" role="group" aria-label="Delete my account for ever">
                <p>"This cannot be undone. These vanish at once:"</p>
                <ul>
                    <li>"your account and your name, which anybody may then take;"</li>
                    <li>"you, from the contacts of everyone who has you there, and every request between you and others;"</li>
                    <li>"every conversation that you are in, with all messages in it, for you and for whom you had it with."</li>
                </ul>
                <p>
                    "You may want to "<a href="/api/me/export" download="">"download my data"</a>" first."
                </p>
                <form method="post" action=PATH>
                    <Field id="delete-password" label="Your password" name="password" kind="password"
                        autocomplete="current-password" required=true wrong/>
                    <div class="acts">
                        <a class="btn" href="/settings">"Keep my account"</a>
                        <button class="btn danger">"Delete my account"</button>
                    </div>
                </form>
            </div>
        }
    };
    view! {
        <Panel id="delete" title="Delete your account">
            {if asked || wrong.is_some() { confirm(wrong).into_any() } else { ask().into_any() }}
        </Panel>
    }
}
