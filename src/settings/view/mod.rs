//! The page: forms that a browser posts by itself.

mod account;
mod blocked;
mod devices;
mod farewell;
mod invitations;
mod parts;

use crate::{
    browser::clock::Zone,
    settings::{
        model::{MadeInvitation, SignedInDevice},
        words,
    },
    ui::{
        field::Refusal,
        flash::Flash,
        icon::{Glyph, Icon},
        theme::Theme,
    },
};
use account::{Appearance, Password, Profile};
use blocked::Blocked;
use devices::Devices;
use farewell::{Data, Deletion};
use invitations::Invitations;
use leptos::{nonce::Nonce, prelude::*};
use model::{error::AppError, user::User};
use serde::Deserialize;

/// What the address asks for; what cannot be read is passed over.
#[derive(Default, Deserialize)]
pub struct SettingsQuery {
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
    /// What they have invited people with, where members may; the newest first.
    pub invitations: Option<Vec<MadeInvitation>>,
    /// Whom they block, the one blocked last first.
    pub blocked: Vec<User>,
    /// The zone that times are shown in.
    pub zone: Zone,
    /// What the address asks for.
    pub asked: SettingsQuery,
    /// What the last form was refused for.
    pub flash: Option<Flash>,
    /// What the last form has done.
    pub notice: Option<String>,
}

/// `/settings`.
#[component]
pub fn Settings(shown: Shown, nonce: Option<Nonce>) -> impl IntoView {
    let Shown { user, theme, devices, invitations, blocked, zone, asked, flash, notice } = shown;
    let refusal = Refusal(flash);
    view! {
        <main class="settings">
            <header class="bar">
                <a class="icon" href="/" aria-label=words::BACK><Glyph icon=Icon::Back size=20/></a>
                <h1>{words::SETTINGS}</h1>
            </header>
            <div class="panels">
                <p class="said" role="status">{notice}</p>
                <p class="said bad" role="alert">{refusal.general()}</p>
                <Profile user=user.clone() refusal=refusal.clone()/>
                <Appearance theme/>
                <Password username=user.username.to_string() refusal=refusal.clone()/>
                <Devices devices zone=zone.clone()/>
                {invitations.map(|made| view! { <Invitations made zone/> })}
                <Blocked blocked/>
                <Data/>
                <Deletion asked=asked.delete.is_some() refusal/>
            </div>
        </main>
        <script nonce=nonce inner_html=SCRIPT></script>
    }
}

/// What works without it works sooner with it, and links can be copied.
const SCRIPT: &str = concat!("{", include_str!("settings.js"), "}");

/// The settings could not be loaded.
#[component]
pub fn Failed(error: AppError) -> impl IntoView {
    view! {
        <main class="empty page">
            <h1>{words::FAILED}</h1>
            <p role="alert">{error.message}</p>
            <a class="btn main" href="/settings">{words::TRY_AGAIN}</a>
        </main>
    }
}
