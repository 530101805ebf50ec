//! A group's panel: who is in it, and what can be done about that.

use super::{
    invited::{Doors, FindOthers, InvitedList},
    links::InviteLinks,
    making::people,
};
use crate::{
    browser::focus,
    chat::words,
    device::Device,
    kit::poster::Poster,
    people::view::{asked::card_of, contacts::block_link},
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, part, text},
        focus::inherited,
        icon::{Glyph, Icon},
        menu::Menu,
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
    user::initials,
};

/// With more members than these there is a field to find one.
const FEW: usize = 10;
/// What opens the panel.
const OPENER: &str = ".details-opener button";
/// What closes it.
const CLOSER: &str = ".details header button";

/// What the panel shows of its group.
#[derive(Clone, PartialEq)]
pub struct Shown {
    group: Conversation,
    me: UserId,
}

impl Shown {
    /// Whether the viewer may do this.
    pub fn may(&self, act: Act) -> bool {
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
    let closer = NodeRef::<html::Button>::new();
    let shown = Memo::new(move |_| {
        device
            .state
            .with_thread(id, |state, thread| Shown { group: thread.conversation.clone(), me: state.me.id })
    });
    let typed = RwSignal::new(String::new());
    let rows = Signal::derive(move || {
        let Some(shown) = shown.get() else { return Vec::new() };
        let wanted = typed.get().trim().to_lowercase();
        let is_wanted = |member: &&UserId| {
            let called = || device.state.with_untracked(|state| words::somebody(state, **member));
            wanted.is_empty() || called().to_lowercase().contains(&wanted)
        };
        let row = |member: &UserId| {
            let (member, role, is_me) = (*member, shown.group.roles.of(*member), *member == shown.me);
            let rights = Rights {
                appoints: !is_me && role != Role::Owner && shown.may(Act::Appoint),
                hands_over: !is_me && role != Role::Owner && shown.may(Act::HandOver),
                removes: !is_me && shown.may(Act::Remove(role)),
                is_me,
            };
            let of = [rights.appoints, rights.hands_over, rights.removes];
            let look = of.iter().fold(role as u64, |look, has| look * 2 + u64::from(*has));
            Row::new(member.0.as_u128(), look, move || {
                view! { <Member id member role rights closer/> }.into_any()
            })
        };
        shown.group.members.iter().filter(is_wanted).map(row).collect()
    });
    let is_large = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.group.members.len() > FEW))
    });
    let search = part(move || {
        let field = || {
            view! {
                <input class="find-member scripted" type="search" aria-label=words::FIND_MEMBER placeholder=words::FIND_MEMBER
                    autocomplete="off" on:input:target=move |event| typed.set(event.target().value())/>
            }
        };
        is_large.get().then(field).into_any()
    });
    let count = Memo::new(move |_| shown.read().as_ref().map_or(0, |shown| shown.group.members.len()));
    let doors = Doors::new(id, count);
    let close = move || {
        open.set(false);
        focus::rescue(OPENER);
    };
    let escape = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            close();
        }
    };
    Effect::new(move || {
        closer.track();
        take_focus(closer);
    });
    inherited(move || shown.track(), CLOSER);
    view! {
        <aside class="details" aria-label=words::GROUP_DETAILS on:keydown=escape
            on:focusin=move |event| focus::note(&event)>
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
            {search}
            <ul class="plain members" aria-labelledby="members-head"><Rows rows/></ul>
            <InvitedList doors shown/>
            <Acts id shown open doors/>
        </aside>
    }
}

/// What the viewer may do about a member.
#[derive(Clone, Copy)]
struct Rights {
    appoints: bool,
    hands_over: bool,
    removes: bool,
    is_me: bool,
}

#[component]
fn Member(
    id: ConversationId,
    member: UserId,
    role: Role,
    rights: Rights,
    closer: NodeRef<html::Button>,
) -> impl IntoView {
    let device = expect_context::<Device>();
    let poster = Poster::from_context();
    let name = device.state.with_untracked(|state| words::somebody(state, member));
    let called = text(move || Some(device.state.with_people(|state| words::somebody(state, member))));
    let contact = Memo::new(move |_| device.state.with_people(|state| state.contacts.get(&member).cloned()));
    let online =
        Signal::derive(move || contact.read().as_ref().is_some_and(|contact| device.is_online(contact)));
    // The button that was pressed goes, sooner or later: with the news of what it did.
    let submit = move |event: SubmitEvent| poster.post(&event, move |_| take_focus(closer));
    let act = move |what: &str, role: Option<&'static str>, word: &'static str| {
        view! {
            <form method="post" action=format!("/api/groups/{id}/{what}") on:submit=submit>
                <input type="hidden" name="member" value=member.to_string()/>
                {role.map(|role| view! { <input type="hidden" name="role" value=role/> })}
                <button class="menu-item" role="menuitem">{word}</button>
            </form>
        }
    };
    // Somebody whom the viewer knows from here alone.
    let stranger = device.state.with_untracked(|state| {
        let is_known = rights.is_me || state.contacts.contains_key(&member);
        state.users.iter().find(|user| user.id == member && !is_known).map(|user| user.username.to_string())
    });
    let toasts = expect_context::<Toasts>();
    let ask = move |event: SubmitEvent| poster.post(&event, move |_| toasts.done(words::ASKED));
    let asks = stranger.map(|username| {
        view! {
            <form method="post" action="/api/friend-requests/send" on:submit=ask>
                <input type="hidden" name="username" value=username/>
                <button class="menu-item" role="menuitem">{words::ADD_AS_CONTACT}</button>
            </form>
        }
    });
    let blocks = (!rights.is_me).then(|| block_link(id, member, "menu-item danger"));
    let appoints = rights.appoints.then(|| match role {
        Role::Admin => act("role", Some("member"), words::DISMISS_ADMIN),
        Role::Member | Role::Owner => act("role", Some("admin"), words::MAKE_ADMIN),
    });
    let hands_over = rights.hands_over.then(|| act("owner", None, words::HAND_OVER));
    let removes = rights.removes.then(|| act("remove", None, words::REMOVE_MEMBER));
    let face = || view! { <Glyph icon=Icon::More size=16/> };
    let menu = (!rights.is_me).then(|| {
        view! {
            <Menu label=words::options_for(&name) class="options" face>{asks}{appoints}{hands_over}{removes}{blocks}</Menu>
        }
    });
    view! {
        <li>
            <Avatar initials=initials(&name) seed=member.0.as_u128() small=true online/>
            <div><a href=card_of(member, id)><b>{called}</b></a><p>{words::role(role, rights.is_me)}</p></div>
            {menu}
        </li>
    }
}

/// What can be done with the group itself, each behind its word. Each is drawn anew only when the right to it comes
/// or goes: what was typed into it stays while others change the group.
#[component]
fn Acts(id: ConversationId, shown: Memo<Option<Shown>>, open: RwSignal<bool>, doors: Doors) -> impl IntoView {
    let (poster, route) = (Poster::from_context(), expect_context::<Route>());
    let may = move |act: Act| Memo::new(move |_| shown.read().as_ref().is_some_and(|shown| shown.may(act)));
    let (adds, renames, sets, erases) = (may(Act::Add), may(Act::Rename), may(Act::Set), may(Act::Erase));
    let leave = move |event: SubmitEvent| {
        poster.post(&event, move |_| {
            open.try_set(false);
            route.leave(&format!("/c/{id}"));
        });
    };
    let sure = move |what: &'static str, summary: &'static str, warning: &'static str, word: &'static str| {
        view! {
            <details class="act">
                <summary class="btn bad" role="button">{summary}</summary>
                <form method="post" action=format!("/api/groups/{id}/{what}") on:submit=leave>
                    <p>{warning}</p>
                    <button class="btn danger">{word}</button>
                </form>
            </details>
        }
    };
    view! {
        <div class="group-acts">
            {part(move || adds.get().then(|| view! { <AddPeople id shown doors/> }).into_any())}
            <InviteLinks id doors shown/>
            {part(move || renames.get().then(|| view! { <Rename id shown/> }).into_any())}
            {part(move || sets.get().then(|| view! { <SettingsForm id shown/> }).into_any())}
            {sure("leave", words::LEAVE_GROUP, words::LEAVING, words::LEAVE)}
            {part(move || {
                erases.get().then(|| sure("delete", words::DELETE_GROUP, words::DELETING, words::DELETE)).into_any()
            })}
        </div>
    }
}

#[component]
fn AddPeople(id: ConversationId, shown: Memo<Option<Shown>>, doors: Doors) -> impl IntoView {
    let device = expect_context::<Device>();
    let poster = Poster::from_context();
    let details = NodeRef::<html::Details>::new();
    let members = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().map(|shown| shown.group.members.clone()).unwrap_or_default())
    });
    let others = Memo::new(move |_| {
        let members = members.read();
        let is_new = |contact: &&Contact| !members.contains(&contact.id);
        device.state.with_people(|state| state.contacts.values().filter(is_new).cloned().collect::<Vec<_>>())
    });
    // Anew after each time: what was typed and found is done with.
    let times = RwSignal::new(0);
    let add = move |event: SubmitEvent| {
        poster.post(&event, move |_| {
            shut(details);
            doors.ask();
            times.try_update(|times| *times += 1);
        });
    };
    let find = Signal::derive(move || {
        vec![Row::new(0, times.get(), move || view! { <FindOthers members/> }.into_any())]
    });
    view! {
        <details class="act" node_ref=details>
            <summary class="btn" role="button">{words::ADD_PEOPLE}</summary>
            <form method="post" action=format!("/api/groups/{id}/add") on:submit=add>
                {people(others.into())}
                <Rows rows=find/>
                <button class="btn main">{words::ADD}</button>
            </form>
        </details>
    }
}

#[component]
fn Rename(id: ConversationId, shown: Memo<Option<Shown>>) -> impl IntoView {
    let poster = Poster::from_context();
    let details = NodeRef::<html::Details>::new();
    let name = shown.with_untracked(|shown| shown.as_ref().and_then(|shown| shown.group.name.clone()));
    let rename = move |event: SubmitEvent| poster.post(&event, move |_| shut(details));
    view! {
        <details class="act" node_ref=details>
            <summary class="btn" role="button">{words::RENAME_GROUP}</summary>
            <form method="post" action=format!("/api/groups/{id}/rename") on:submit=rename>
                <label class="fld">
                    <span>{words::GROUP_NAME}</span>
                    <input name="name" required=true maxlength=GroupName::MAX.to_string() autocomplete="off" value=name/>
                </label>
                <button class="btn main">{words::SAVE}</button>
            </form>
        </details>
    }
}

/// Who may do what in the group, each as a choice.
#[component]
fn SettingsForm(id: ConversationId, shown: Memo<Option<Shown>>) -> impl IntoView {
    let poster = Poster::from_context();
    let details = NodeRef::<html::Details>::new();
    let set = move |event: SubmitEvent| poster.post(&event, move |_| shut(details));
    let choice =
        move |name: &'static str, label: &'static str, choices: [(&'static str, &'static str); 2]| {
            // The first is what holds where nothing is set.
            let is_other = move || {
                shown.with(|shown| {
                    shown.as_ref().is_some_and(|shown| {
                        shown.group.settings.get(name).is_some_and(|set| set == choices[1].0)
                    })
                })
            };
            view! {
                <label class="fld">
                    <span>{label}</span>
                    <select name=name>
                        <option value=choices[0].0 selected=move || !is_other()>{choices[0].1}</option>
                        <option value=choices[1].0 selected=is_other>{choices[1].1}</option>
                    </select>
                </label>
            }
        };
    let who = [("everyone", words::EVERYONE), ("admins", words::ADMINS)];
    view! {
        <details class="act" node_ref=details>
            <summary class="btn" role="button">{words::GROUP_SETTINGS}</summary>
            <form method="post" action=format!("/api/groups/{id}/settings") on:submit=set>
                {choice("writes", words::WHO_WRITES, who)}
                {choice("adds", words::WHO_ADDS, who)}
                {choice("pins", words::WHO_PINS, who)}
                {choice("history", words::NEWCOMERS_SEE, [("hidden", words::WHAT_FOLLOWS), ("shown", words::EVERYTHING)])}
                <button class="btn main">{words::SAVE}</button>
            </form>
        </details>
    }
}

fn take_focus(button: NodeRef<html::Button>) {
    // It may be an answer that does this, and come when the panel is closed.
    if let Some(button) = button.try_get_untracked().flatten() {
        let _ = button.focus();
    }
}

/// What it was opened for is done.
fn shut(details: NodeRef<html::Details>) {
    if let Some(details) = details.try_get_untracked().flatten() {
        details.set_open(false);
    }
}
