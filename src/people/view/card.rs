//! Somebody's card: who they are, and what can be done.

use super::{asked::BLOCK, contacts::presence};
use crate::{
    browser::focus,
    device::Device,
    kit::poster::Poster,
    people::words,
    ui::{
        avatar::Avatar,
        dialog::Dialog,
        dynamic::{Row, Rows, text},
        route::Route,
        toast::Toasts,
    },
};
use leptos::{ev::SubmitEvent, prelude::*};
use model::{
    id::{ConversationId, RequestId, UserId},
    message::ConversationKind,
    request::FriendRequest,
    state::ChatState,
    user::initials,
};

/// What somebody is to the viewer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tie {
    /// Themselves.
    Me,
    /// Their account is gone, or they are nobody whom this page can name.
    Gone,
    Contact(ConversationId),
    /// The viewer has asked them.
    Requested,
    /// They ask the viewer.
    Incoming(RequestId),
    None,
}

/// What the card shows.
#[derive(Clone, PartialEq)]
struct Shown {
    name: String,
    username: Option<String>,
    tie: Tie,
    blocked: bool,
    groups: Vec<(ConversationId, String)>,
}

impl Shown {
    fn of(state: &ChatState, user: UserId) -> Self {
        let contact = state.contacts.get(&user);
        let username = state.username_of(user);
        let among = |requests: &[FriendRequest]| {
            requests.iter().find(|request| request.user.id == user).map(|request| request.id)
        };
        let tie = match contact {
            _ if user == state.me.id => Tie::Me,
            Some(contact) => Tie::Contact(contact.conversation_id),
            None if username.is_none() => Tie::Gone,
            None => match (among(&state.requests.outgoing), among(&state.requests.incoming)) {
                (Some(_), _) => Tie::Requested,
                (None, Some(request)) => Tie::Incoming(request),
                (None, None) => Tie::None,
            },
        };
        let in_common = state.listed().into_iter().filter_map(|id| {
            let conversation = &state.threads.get(&id)?.conversation;
            let is_common =
                conversation.kind == ConversationKind::Group && conversation.members.contains(&user);
            is_common.then(|| Some((id, state.title(conversation)?))).flatten()
        });
        let groups = if user == state.me.id { Vec::new() } else { in_common.collect() };
        Self {
            name: state.name_of(user).unwrap_or(words::DELETED_ACCOUNT).to_owned(),
            username: username.map(ToString::to_string),
            tie,
            blocked: state.blocked.contains(&user),
            groups,
        }
    }
}

/// The card.
#[component]
pub fn Card(
    /// Over which conversation.
    id: ConversationId,
    /// Whose.
    user: UserId,
) -> impl IntoView {
    let (device, route) = (expect_context::<Device>(), expect_context::<Route>());
    let shown = Memo::new(move |_| device.state.with(|state| Shown::of(state, user)));
    let contact = Memo::new(move |_| device.state.with_people(|state| state.contacts.get(&user).cloned()));
    let online =
        Signal::derive(move || contact.read().as_ref().is_some_and(|contact| device.is_online(contact)));
    let about = text(move || {
        let shown = shown.read();
        match (shown.tie, shown.blocked) {
            (Tie::Me, _) => Some(words::YOURSELF.to_owned()),
            (Tie::Gone, _) => Some(words::ACCOUNT_GONE.to_owned()),
            (_, true) => Some(words::IS_BLOCKED.to_owned()),
            (_, false) => presence(device, &contact.get()?),
        }
    });
    let groups = Signal::derive(move || {
        let row = |(group, name): (ConversationId, String)| {
            let link = move || view! { <li><a href=format!("/c/{group}")>{name.clone()}</a></li> }.into_any();
            Row::new(group.0.as_u128(), 0, link)
        };
        shown.with(|shown| shown.groups.iter().cloned().map(row).collect())
    });
    let no_groups = Signal::derive(move || shown.read().groups.is_empty());
    // Another tie is another button.
    let acts = Signal::derive(move || {
        let shown = shown.get();
        let look = match shown.tie {
            Tie::Me | Tie::Gone => return Vec::new(),
            Tie::Contact(_) => 0,
            Tie::Requested => 1,
            Tie::Incoming(_) => 2,
            Tie::None => 3,
        };
        let key = look * 2 + u64::from(shown.blocked);
        vec![Row::new(0, key, move || view! { <Acts id user shown=shown.clone()/> }.into_any())]
    });
    let close = move || {
        route.replace(&format!("/c/{id}"));
        focus::rescue("#message");
    };
    let letters = shown.with_untracked(|shown| initials(&shown.name));
    view! {
        <Dialog role="dialog" class="dialog somebody" labelled="card-title" close=Callback::new(move |()| close())>
            <Avatar initials=letters seed=user.0.as_u128() online/>
            <h2 id="card-title">{text(move || Some(shown.read().name.clone()))}</h2>
            <p class="username">{text(move || shown.read().username.as_ref().map(|name| format!("@{name}")))}</p>
            <p>{about}</p>
            <div hidden=no_groups>
                <h3 id="common-head">{words::IN_COMMON}</h3>
                <ul class="plain" aria-labelledby="common-head"><Rows rows=groups/></ul>
            </div>
            <div class="acts">
                <form method="get" action=format!("/c/{id}") on:submit=move |event: SubmitEvent| {
                    event.prevent_default();
                    close();
                }>
                    <button class="btn" autofocus=true>{words::CLOSE}</button>
                </form>
                <Rows rows=acts/>
            </div>
        </Dialog>
    }
}

#[component]
fn Acts(id: ConversationId, user: UserId, shown: Shown) -> impl IntoView {
    let (poster, toasts) = (Poster::from_context(), expect_context::<Toasts>());
    let form = move |path: &'static str,
                     field: &'static str,
                     value: String,
                     said: &'static str,
                     label: AnyView| {
        view! {
                <form method="post" action=path on:submit=move |event| poster.post(&event, move |_| toasts.done(said))>
                    <input type="hidden" name=field value=value/>
                    {label}
                </form>
            }
            .into_any()
    };
    let main = |word: &'static str| view! { <button class="btn main">{word}</button> }.into_any();
    let block = match shown.blocked {
        true => {
            let button = view! { <button class="btn">{words::UNBLOCK}</button> }.into_any();
            form("/api/people/unblock", "user_id", user.to_string(), words::UNBLOCKED, button)
        }
        false => {
            view! { <a class="btn bad" href=format!("/c/{id}?{BLOCK}={user}")>{words::BLOCK}</a> }.into_any()
        }
    };
    let tie = match shown.tie {
        Tie::Contact(conversation) => {
            view! { <a class="btn main" href=format!("/c/{conversation}")>{words::MESSAGE}</a> }.into_any()
        }
        Tie::Requested => view! { <span class="tag">{words::REQUESTED}</span> }.into_any(),
        Tie::Incoming(request) => {
            let accept = main(words::ACCEPT);
            form(
                "/api/friend-requests/accept",
                "request_id",
                request.to_string(),
                words::NOW_CONTACTS,
                accept,
            )
        }
        Tie::None if !shown.blocked => {
            let name = shown.username.unwrap_or_default();
            form("/api/friend-requests/send", "username", name, words::ASKED, main(words::ADD_AS_CONTACT))
        }
        Tie::None | Tie::Me | Tie::Gone => ().into_any(),
    };
    view! { {block}{tie} }
}
