//! Whom somebody lets in.

use crate::{
    browser::clock::Zone,
    settings::{
        model::MadeInvitation,
        view::parts::{Panel, moment},
        words,
    },
};
use leptos::prelude::*;

/// The links that are still good, and a form for another one.
#[component]
pub(super) fn Invitations(made: Vec<MadeInvitation>, zone: Zone) -> impl IntoView {
    let made = made.into_iter().map(|invitation| view! { <Made invitation zone=zone.clone()/> });
    let made: Vec<_> = made.collect();
    view! {
        <Panel id="invitations" title=words::INVITATIONS>
            <p class="help">{words::INVITATIONS_HELP}</p>
            {(!made.is_empty()).then(|| view! { <ul class="plain invitations" aria-label=words::INVITATIONS>{made}</ul> })}
            <form method="post" action="/api/me/invitations/make" class="inviting">
                <div>
                    <label for="invitation-uses">{words::FOR}</label>
                    <select id="invitation-uses" name="uses">
                        <option value="1">"one person"</option>
                        <option value="3">"3 people"</option>
                        <option value="10">"10 people"</option>
                    </select>
                </div>
                <div>
                    <label for="invitation-days">{words::GOOD_FOR}</label>
                    <select id="invitation-days" name="days">
                        <option value="1">"a day"</option>
                        <option value="7" selected>"a week"</option>
                        <option value="30">"30 days"</option>
                    </select>
                </div>
                <button class="btn main">{words::MAKE_INVITATION}</button>
            </form>
        </Panel>
    }
}

#[component]
fn Made(invitation: MadeInvitation, zone: Zone) -> impl IntoView {
    let MadeInvitation { token, url, uses, used, expires_at, .. } = invitation;
    view! {
        <li>
            <div class="link">
                <input type="text" readonly value=url aria-label=words::INVITATION_LINK/>
                <button type="button" class="btn small copy" hidden>{words::COPY}</button>
            </div>
            <div class="about">
                <p>{words::good_until(uses, used, &moment(expires_at, &zone))}</p>
                <form method="post" action="/api/me/invitations/revoke">
                    <input type="hidden" name="token" value=token.to_string()/>
                    <button class="btn small bad">{words::TAKE_BACK}</button>
                </form>
            </div>
        </li>
    }
}
