//! A group's panel: who is in it, and what can be done about that.

use super::{making::people, post};
use crate::{
    browser::page,
    chat::words,
    device::Device,
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, part, text},
        icon::{Glyph, Icon},
        route::Route,
        toast::Toasts,
    },
};
use leptos::{
    ev::{KeyboardEvent, SubmitEvent},
    html,
    prelude::*,
};
use model::{
    friendship::Contact,
    group::{Act, GroupName, Role, may},
    id::{ConversationId, UserId},
    message::Conversation,
    state::ChatState,
    user::initials,
};

/// What opens the panel, and what closes it.
const OPENER: &str = ".details-opener button";
const CLOSER: &str = ".details header button";

/// What the panel shows of its group.
#[derive(Clone, PartialEq)]
struct Shown {
    group: Conversation,
    me: UserId,
}

impl Shown {
    fn may(&self, act: Act) -> bool {
        may(self.group.roles.of(self.me), act, &self.group.settings)
    }
}

/// The panel.
#[component]
pub fn Panel(
    /// Whose.
    id: ConversationId,
    /// Whether it is open.
    open: RwSignal<bool>,
) -> impl IntoView {
    let device = expect_context::<Device>();
    let shown = Memo::new(move |_| {
        device
            .state
            .with_thread(id, |state, thread| Shown { group: thread.conversation.clone(), me: state.me.id })
    });
    let rows = Signal::derive(move || {
        let Some(shown) = shown.get() else { return Vec::new() };
        let mine = shown.group.roles.of(shown.me) as u64;
        let row = |member: &UserId| {
            let (member, role) = (*member, shown.group.roles.of(*member));
            let shown = shown.clone();
            Row::new(member.0.as_u128(), role as u64 * 4 + mine, move || {
                view! { <Member id member role shown=shown.clone()/> }.into_any()
            })
        };
        shown.group.members.iter().map(row).collect()
    });
    let acts = part(move || shown.get().map(|shown| view! { <Acts id shown open/> }).into_any());
    let close = move || {
        open.set(false);
        page::rescue_focus(OPENER);
    };
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    let closer = NodeRef::<html::Button>::new();
    Effect::new(move || {
        if let Some(closer) = closer.get() {
            let _ = closer.focus();
        }
    });
    view! {
        <aside class="details" aria-label=words::GROUP_DETAILS on:keydown=escape>
            <header>
                <h2>{words::GROUP_DETAILS}</h2>
                <form method="get" action=format!("/c/{id}") on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    close();
                }>
                    <button class="icon" node_ref=closer aria-label=words::CLOSE title=words::CLOSE><Glyph icon=Icon::Cross size=16/></button>
                </form>
            </header>
            <h3 id="members-head">{words::MEMBERS}</h3>
            <ul class="plain members" aria-labelledby="members-head"><Rows rows/></ul>
            {acts}
        </aside>
    }
}

#[component]
fn Member(id: ConversationId, member: UserId, role: Role, shown: Shown) -> impl IntoView {
    let device = expect_context::<Device>();
    let toasts = expect_context::<Toasts>();
    let name = device.state.with_untracked(|state| words::somebody(state, member));
    let called = text(move || Some(device.state.with_people(|state| words::somebody(state, member))));
    let is_me = member == shown.me;
    // The button that was pressed is gone by now, or will be.
    let submit = move |event: SubmitEvent| post(&event, toasts, |_| page::rescue_focus(CLOSER));
    let act = move |what: &str,
                    extra: Option<&'static str>,
                    label: String,
                    class: &'static str,
                    word: &'static str| {
        view! {
            <form method="post" action=format!("/api/groups/{id}/{what}") on:submit=submit>
                <input type="hidden" name="member" value=member.to_string()/>
                {extra.map(|role| view! { <input type="hidden" name="role" value=role/> })}
                <button class=class aria-label=label>{word}</button>
            </form>
        }
    };
    let appoint = (!is_me && role == Role::Member && shown.may(Act::Appoint))
        .then(|| act("role", Some("admin"), words::make_admin(&name), "btn small", words::MAKE_ADMIN));
    let dismiss = (!is_me && role == Role::Admin && shown.may(Act::Appoint))
        .then(|| act("role", Some("member"), words::dismiss_admin(&name), "btn small", words::DISMISS_ADMIN));
    let remove = (!is_me && shown.may(Act::Remove(role)))
        .then(|| act("remove", None, words::remove_member(&name), "btn small", words::REMOVE));
    view! {
        <li>
            <Avatar initials=initials(&name) seed=member.0.as_u128() small=true/>
            <div><b>{called}</b><p>{words::role(role, is_me)}</p></div>
            <div class="acts">{appoint}{dismiss}{remove}</div>
        </li>
    }
}

/// What can be done with the group itself, each behind its word.
#[component]
fn Acts(id: ConversationId, shown: Shown, open: RwSignal<bool>) -> impl IntoView {
    let device = expect_context::<Device>();
    let (toasts, route) = (expect_context::<Toasts>(), expect_context::<Route>());
    let stay = move |event: SubmitEvent| post(&event, toasts, |_| {});
    let leave = move |event: SubmitEvent| {
        post(&event, toasts, move |_| {
            open.try_set(false);
            route.go("/");
        });
    };
    let address = |what: &str| format!("/api/groups/{id}/{what}");
    let others = |state: &ChatState| -> Vec<Contact> {
        state
            .contacts
            .values()
            .filter(|contact| !shown.group.members.contains(&contact.id))
            .cloned()
            .collect()
    };
    let add = shown.may(Act::Add).then(|| {
        view! {
            <details class="act">
                <summary class="btn">{words::ADD_PEOPLE}</summary>
                <form method="post" action=address("add") on:submit=stay>
                    {people(device.state.with_untracked(others))}
                    <button class="btn main">{words::ADD}</button>
                </form>
            </details>
        }
    });
    let rename = shown.may(Act::Rename).then(|| {
        view! {
            <details class="act">
                <summary class="btn">{words::RENAME_GROUP}</summary>
                <form method="post" action=address("rename") on:submit=stay>
                    <label class="fld">
                        <span>{words::GROUP_NAME}</span>
                        <input name="name" required=true maxlength=GroupName::MAX.to_string() autocomplete="off"
                            value=shown.group.name.clone().unwrap_or_default()/>
                    </label>
                    <button class="btn main">{words::SAVE}</button>
                </form>
            </details>
        }
    });
    let sure = move |what: &'static str, summary: &'static str, warning: &'static str, word: &'static str| {
        view! {
            <details class="act">
                <summary class="btn bad">{summary}</summary>
                <form method="post" action=format!("/api/groups/{id}/{what}") on:submit=leave>
                    <p>{warning}</p>
                    <button class="btn danger">{word}</button>
                </form>
            </details>
        }
    };
    view! {
        <div class="group-acts">
            {add}
            {rename}
            {sure("leave", words::LEAVE_GROUP, words::LEAVING, words::LEAVE)}
            {shown.may(Act::Erase).then(|| sure("delete", words::DELETE_GROUP, words::DELETING, words::DELETE))}
        </div>
    }
}
