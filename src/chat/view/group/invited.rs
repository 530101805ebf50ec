//! Who is asked into a group, and finding somebody else to ask.

use super::details::Shown;
use crate::{
    browser::{focus, page},
    chat::words,
    device::Device,
    kit::{codec, error::Refused, poster::Poster},
    search::{PAUSE_MS, api::search_users},
    ui::{
        avatar::Avatar,
        dynamic::{Row, Rows, part, text},
        icon::{Glyph, Icon},
    },
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use model::{
    group::Act,
    group_invitation::{Entrances, Invited},
    id::{ConversationId, UserId},
    search::{Found, Relation},
    user::{Username, initials},
};

/// What the server has loaded of a panel that it draws, and of which conversation: JSON, which only the part of the
/// page reads that draws the panel.
#[derive(Clone)]
pub struct Drawn(pub Option<(ConversationId, String)>);

/// How people may come into the group, as the panel knows it; a cheap handle.
#[derive(Clone, Copy)]
pub struct Doors {
    id: ConversationId,
    now: RwSignal<Entrances>,
}

impl Doors {
    /// Those of a group: as drawn, and asked for anew whenever its members are others.
    pub fn new(id: ConversationId, members: Memo<usize>) -> Self {
        let drawn = use_context::<Drawn>().and_then(|Drawn(drawn)| drawn.filter(|(of, _)| *of == id));
        let drawn = drawn.and_then(|(_, json)| model::json::from_str(&json).ok());
        let doors = Self { id, now: RwSignal::new(drawn.unwrap_or_default()) };
        Effect::new(move || {
            // Read, not only tracked: a memo that nobody reads notices nothing.
            members.get();
            doors.ask();
        });
        doors
    }

    /// As it is now.
    pub fn now(self) -> Entrances {
        self.now.get()
    }

    /// Asks the server how it is by now. What fails shows as it was.
    pub fn ask(self) {
        spawn_local(async move {
            let answer = codec::get(&format!("/api/groups/{}/invites", self.id)).await;
            if let Some(now) = answer.ok().and_then(|answer| model::json::from_str(&answer).ok()) {
                self.now.try_set(now);
            }
        });
    }
}

/// Those who are asked; nothing at all if nobody is.
#[component]
pub fn InvitedList(doors: Doors, shown: Memo<Option<Shown>>) -> impl IntoView {
    let adds = Memo::new(move |_| shown.read().as_ref().is_some_and(|shown| shown.may(Act::Add)));
    let rows = Signal::derive(move || {
        let adds = adds.get();
        let row = |invited: Invited| {
            Row::new(invited.user.id.0.as_u128(), u64::from(adds), move || {
                view! { <One doors invited=invited.clone() adds/> }.into_any()
            })
        };
        doors.now.get().invited.into_iter().map(row).collect()
    });
    let any = Memo::new(move |_| !doors.now.read().invited.is_empty());
    part(move || {
        let list = || {
            view! {
                <h3 id="invited-head">{words::INVITED}</h3>
                <ul class="plain members" aria-labelledby="invited-head"><Rows rows/></ul>
            }
        };
        any.get().then(list).into_any()
    })
}

#[component]
fn One(doors: Doors, invited: Invited, adds: bool) -> impl IntoView {
    let device = expect_context::<Device>();
    let poster = Poster::from_context();
    let Invited { user, by, .. } = invited;
    let name = user.name().to_owned();
    let about = device.state.with_untracked(|state| words::invited_by(&words::author(state, by)));
    let take_back = move |event: SubmitEvent| {
        poster.post(&event, move |_| {
            doors.ask();
            focus::rescue(".details header button");
        });
    };
    let button = adds.then(|| {
        let label = words::uninvite(&name);
        view! {
            <form method="post" action=format!("/api/groups/{}/uninvite", doors.id) on:submit=take_back>
                <input type="hidden" name="member" value=user.id.to_string()/>
                <button class="btn round" aria-label=label.clone() title=label><Glyph icon=Icon::Undo size=16/></button>
            </form>
        }
    });
    view! {
        <li>
            <Avatar initials=initials(&name) seed=user.id.0.as_u128() small=true/>
            <div><b>{name}</b><p>{about}</p></div>
            {button}
        </li>
    }
}

/// A field that finds people who are no contacts: those found can be chosen. Without scripting it is a name.
#[component]
pub fn FindOthers(members: Memo<Vec<UserId>>) -> impl IntoView {
    let device = expect_context::<Device>();
    let (typed, found) = (RwSignal::new(String::new()), RwSignal::new(Vec::<Found>::new()));
    // Those who stay chosen, whatever is searched for next.
    let chosen = RwSignal::new(Vec::<Found>::new());
    let said = RwSignal::new(None::<String>);
    // Who was chosen only because their whole name stands there.
    let named = StoredValue::new(None);
    let is_new = move |found: &Found| {
        found.relation != Relation::Contact && !members.with(|members| members.contains(&found.id))
    };
    let search = move |text: String| {
        typed.set(text.clone());
        spawn_local(async move {
            page::sleep(PAUSE_MS).await;
            let is_last = || typed.try_with_untracked(|now| *now == text).unwrap_or_default();
            if !is_last() {
                return;
            }
            let meant = text.trim().to_lowercase();
            let answer = if meant.is_empty() { Ok(Vec::new()) } else { search_users(text.clone()).await };
            if !is_last() {
                return;
            }
            let (others, error) = match answer {
                Ok(others) => (others.into_iter().filter(is_new).collect::<Vec<_>>(), None),
                Err(Refused(error)) => (Vec::new(), Some(error.message)),
            };
            // Whoever is on the way to a longer name was not meant.
            let by_name = named.get_value();
            chosen.update(|chosen| {
                chosen.retain(|one| Some(one.id) != by_name || !is_begun(&one.username.folded(), &meant));
            });
            let nobody =
                (others.is_empty() && !meant.is_empty()).then(|| words::NOBODY_OF_THIS_NAME.to_owned());
            said.set(error.or(nobody));
            let known =
                |one: &Found| chosen.with_untracked(|chosen| chosen.iter().any(|other| other.id == one.id));
            let whole = others.iter().find(|one| one.username.folded() == meant && !known(one));
            named.set_value(whole.map(|one| one.id));
            if let Some(whole) = whole {
                choose(chosen, whole.clone(), true);
            }
            found.set(others);
        });
    };
    let rows = Signal::derive(move || {
        let found = found.get();
        let others = chosen.get().into_iter().filter(|one| found.iter().all(|found| found.id != one.id));
        let row =
            |found: Found| Row::new(found.id.0.as_u128(), 0, move || other(found.clone(), chosen, named));
        others.collect::<Vec<_>>().into_iter().chain(found).filter(is_new).map(row).collect()
    });
    // Posted as a name only where nobody can be chosen by it.
    let name = move || (!device.is_started.get()).then_some("username");
    view! {
        <label class="fld">
            <span>{words::FIND_OTHERS}</span>
            <input type="search" name=name maxlength=Username::MAX.to_string() autocomplete="off" autocapitalize="none" spellcheck="false"
                on:input:target=move |event| search(event.target().value())/>
        </label>
        <ul class="plain pick-list others"><Rows rows/></ul>
        <p class="hint" role="status">{text(move || said.get())}</p>
        <p>{words::OTHERS_ARE_ASKED}</p>
    }
}

/// Whether this is the beginning of a longer name that is typed by now, or what is left of one.
fn is_begun(name: &str, typed: &str) -> bool {
    name != typed && !typed.is_empty() && (typed.starts_with(name) || name.starts_with(typed))
}

fn choose(chosen: RwSignal<Vec<Found>>, one: Found, is_chosen: bool) {
    chosen.update(|chosen| {
        chosen.retain(|other| other.id != one.id);
        if is_chosen {
            chosen.push(one);
        }
    });
}

fn other(found: Found, chosen: RwSignal<Vec<Found>>, named: StoredValue<Option<UserId>>) -> AnyView {
    let user = model::user::called(&found.username, found.display_name.as_ref()).to_owned();
    let username =
        found.display_name.is_some().then(|| view! { <small>{found.username.to_string()}</small> });
    let id = found.id;
    let is_chosen = Signal::derive(move || chosen.with(|chosen| chosen.iter().any(|one| one.id == id)));
    view! {
        <li>
            <label class="pick">
                <input type="checkbox" name="members" value=id.to_string() prop:checked=is_chosen
                    on:change:target=move |event| {
                        named.set_value(None);
                        choose(chosen, found.clone(), event.target().checked());
                    }/>
                <Avatar initials=initials(&user) seed=id.0.as_u128() small=true/>
                <span>{user}" "{username}</span>
            </label>
        </li>
    }
    .into_any()
}
