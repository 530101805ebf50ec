//! Where somebody is signed in.

use crate::{
    browser::clock::Zone,
    settings::{
        model::SignedInDevice,
        view::parts::{Panel, moment},
        words,
    },
};
use leptos::prelude::*;
use model::time::Timestamp;

/// All of them, each with a way to sign it out.
#[component]
pub(super) fn Devices(devices: Vec<SignedInDevice>, zone: Zone) -> impl IntoView {
    let several = devices.len() > 1;
    view! {
        <Panel id="devices" title=words::DEVICES>
            <p class="help">{words::DEVICES_HELP}</p>
            <ul class="plain devices" aria-label=words::DEVICES>
                {devices.into_iter().map(|device| view! { <Device device zone=zone.clone()/> }).collect_view()}
            </ul>
            {several.then(|| view! {
                <form method="post" action="/api/me/sessions/end-others">
                    <button class="btn">{words::LOG_OUT_ELSEWHERE}</button>
                </form>
            })}
        </Panel>
    }
}

#[component]
fn Device(device: SignedInDevice, zone: Zone) -> impl IntoView {
    let when = |what: &str, at: Option<Timestamp>| at.map(|at| format!("{what} {}", moment(at, &zone)));
    let used = if device.current { None } else { when(words::LAST_USED, device.last_used_at) };
    let times: Vec<_> = [when(words::LOGGED_IN, device.signed_in_at), used].into_iter().flatten().collect();
    view! {
        <li>
            <div>
                <b>{device.device.clone()}</b>
                {device.current.then(|| view! { <span class="tag">{words::THIS_DEVICE}</span> })}
                <p>{capitalized(&times.join(", "))}</p>
            </div>
            <form method="post" action="/api/me/sessions/end">
                <input type="hidden" name="session" value=device.session/>
                <button class="btn small" aria-label=words::log_out_of(&device.device)>{words::LOG_OUT}</button>
            </form>
        </li>
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
