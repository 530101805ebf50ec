//! The groups that the viewer is asked into, with what can be done about each.

use crate::{
    browser::focus,
    device::Device,
    kit::{codec, error::Refused},
    people::{view::pending::NEXT, words},
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, part},
        icon::{Glyph, Icon},
        route::Route,
        toast::Toasts,
    },
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use model::{group_invitation::GroupInvitation, user::initials};

/// The viewer's invitations; nothing at all if there are none.
#[component]
pub fn GroupInvitations() -> impl IntoView {
    let device = expect_context::<Device>();
    let all = Memo::new(move |_| device.state.with_people(|state| state.invitations.clone()));
    let rows = Signal::derive(move || {
        let row = |invitation: GroupInvitation| {
            let (id, sent) = (invitation.conversation_id.0.as_u128(), invitation.sent_at.0 as u64);
            Row::new(id, sent, move || view! { <Invitation invitation=invitation.clone()/> }.into_any())
        };
        all.get().into_iter().map(row).collect()
    });
    let any = Memo::new(move |_| !all.read().is_empty());
    part(move || {
        let list = || {
            view! {
                <section class="waiting invitations" aria-labelledby="invitations-head">
                    <h2 class="head" id="invitations-head">{words::INVITATIONS}</h2>
                    <ul class="plain"><Rows rows/></ul>
                </section>
            }
        };
        any.get().then(list).into_any()
    })
}

#[component]
fn Invitation(invitation: GroupInvitation) -> impl IntoView {
    let (route, toasts) = (expect_context::<Route>(), expect_context::<Toasts>());
    let GroupInvitation { conversation_id: id, name, members, by, .. } = invitation;
    let name = name.unwrap_or_else(|| words::GROUP.to_owned());
    let answer = move |event: SubmitEvent, what: &'static str| {
        event.prevent_default();
        spawn_local(async move {
            match codec::post(&format!("/api/groups/{id}/{what}"), "{}".to_owned()).await {
                Ok(_) if what == ACCEPT => route.go(&format!("/c/{id}")),
                Ok(_) => {
                    toasts.done(words::DECLINED);
                }
                Err(Refused(error)) => toasts.failed(&error),
            }
            // The button that was pressed is gone by now, or will be.
            focus::rescue(NEXT);
        });
    };
    let button = move |what: &'static str, label: String, class: &'static str, icon: Icon| {
        view! {
            <form method="post" action=format!("/api/groups/{id}/{what}") on:submit=move |event| answer(event, what)>
                <button class=class aria-label=label><Glyph icon size=16/></button>
            </form>
        }
    };
    view! {
        <li class="req">
            <Avatar initials=initials(&name) seed=id.0.as_u128() small=true/>
            <div><b>{name.clone()}</b><p>{words::invites(by.name(), members)}</p></div>
            <div class="acts">
                {button(ACCEPT, words::join(&name), "btn main round", Icon::Check)}
                {button("decline", words::decline(&name), "btn round", Icon::Cross)}
            </div>
        </li>
    }
}

/// Says yes.
const ACCEPT: &str = "accept";
