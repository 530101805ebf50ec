//! Whom somebody lets in.

use crate::{
    browser::clock::Zone,
    settings::{
        model::MadeInvitation,
        view::parts::{Panel, moment},
    },
};
use leptos::prelude::*;

/// The links that are still good, and a form for another one.
#[component]
pub(super) fn Invitations(made: Vec<MadeInvitation>, zone: Zone) -> impl IntoView {
    let made = made.into_iter().map(|invitation| view! { <Made invitation zone=zone.clone()/> });
    let made: Vec<_> = made.collect();
    view! {
        <Panel id="invitations" title="Invitations">
            <p class="help">"Whoever has one of your links can make an account here."</p>
            {(!made.is_empty()).then(|| view! { <ul class="plain invitations" aria-label="Invitations">{made}</ul> })}
            <form method="post" action="/api/me/invitations/make" class="inviting">
                <div>
                    <label for="invitation-uses">"For"</label>
                    <select id="invitation-uses" name="uses">
                        <option value="1">"one person"</option>
                        <option value="3">"3 people"</option>
                        <option value="10">"10 people"</option>
                    </select>
                </div>
                <div>
                    <label for="invitation-days">"Good for"</label>
                    <select id="invitation-days" name="days">
                        <option value="1">"a day"</option>
                        <option value="7" selected>"a week"</option>
                        <option value="30">"30 days"</option>
                    </select>
                </div>
                <button class="btn main">"Make an invitation"</button>
            </form>
        </Panel>
    }
}

#[component]
fn Made(invitation: MadeInvitation, zone: Zone) -> impl IntoView {
    let MadeInvitation { token, url, uses, used, expires_at, .. } = invitation;
    let people = match uses {
        1 => "For one person".to_owned(),
        _ => format!("Used by {used} of {uses} people"),
    };
    view! {
        <li>
            <div class="link">
                <input type="text" readonly value=url aria-label="Invitation link"/>
                <button type="button" class="btn small copy" hidden>"Copy"</button>
            </div>
            <div class="about">
                <p>{format!("{people}, good until {}", moment(expires_at, &zone))}</p>
                <form method="post" action="/api/me/invitations/revoke">
                    <input type="hidden" name="token" value=token.to_string()/>
                    <button class="btn small bad">"Take back"</button>
                </form>
            </div>
        </li>
    }
}
