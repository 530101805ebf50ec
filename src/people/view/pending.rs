//! The requests that wait, with what can be done about each.

use crate::{
    browser::focus,
    device::Device,
    kit::error::Refused,
    people::{api, words},
    ui::{
        act::Act,
        avatar::Avatar,
        dynamic::{Row, Rows, part, text},
        icon::{Glyph, Icon},
        toast::Toasts,
    },
};
use leptos::{prelude::*, task::spawn_local};
use model::{
    id::RequestId,
    request::{FriendRequest, Outcome, Pending},
    user::{User, initials},
};
use std::future::Future;

/// Where the focus goes when the button that had it is gone: to the next request, or to the search.
pub const NEXT: &str = ".req button, .find input";

/// Sends a request to somebody and says what came of it.
pub fn ask(toasts: Toasts, username: String) {
    report(toasts, api::send_request(username));
}

/// Accepts somebody's request and says what came of it.
pub fn accept(toasts: Toasts, request: RequestId) {
    report(toasts, api::accept_request(request));
}

/// The viewer's requests.
#[component]
pub fn PendingRequests() -> impl IntoView {
    let device = expect_context::<Device>();
    let requests = Memo::new(move |_| device.state.with_people(|state| state.requests.clone()));
    let count = text(move || {
        Some(requests.with(|r| r.incoming.len())).filter(|count| *count > 0).map(|count| count.to_string())
    });
    let rows = Signal::derive(move || {
        let Pending { incoming, outgoing } = requests.get();
        let incoming = incoming.into_iter().map(|request| {
            Row::new(request.id.0.as_u128(), 0, move || {
                view! { <Incoming request=request.clone()/> }.into_any()
            })
        });
        let outgoing = outgoing.into_iter().map(|request| {
            Row::new(request.id.0.as_u128(), 1, move || {
                view! { <Outgoing request=request.clone()/> }.into_any()
            })
        });
        incoming.chain(outgoing).collect()
    });
    let any = Memo::new(move |_| {
        requests.with(|requests| !requests.incoming.is_empty() || !requests.outgoing.is_empty())
    });
    let list = move || {
        view! {
        <section class="waiting requests" aria-labelledby="requests-head">
            <h2 class="head" id="requests-head">
                {words::REQUESTS}" "
                <span aria-hidden="true">{count}</span>
            </h2>
            <ul class="plain"><Rows rows/></ul>
        </section>
        }
    };
    part(move || any.get().then(list).into_any())
}

#[component]
fn Incoming(request: FriendRequest) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let name = request.user.username.to_string();
    let id = request.id;
    let accept = Callback::new(move |()| accept(toasts, id));
    let reject = Callback::new(move |()| report(toasts, api::reject_request(id)));
    view! {
        <li class="req">
            <Avatar initials=initials(request.user.name()) seed=request.user.id.0.as_u128() small=true/>
            <Who user=request.user what=words::ASKS/>
            <div class="acts">
                <Act action="/api/friend-requests/accept" field="request_id" value=id.to_string()
                    label=words::accept(&name) class="btn main round" run=accept>
                    <Glyph icon=Icon::Check size=16/>
                </Act>
                <Act action="/api/friend-requests/reject" field="request_id" value=id.to_string()
                    label=words::reject(&name) class="btn round" run=reject>
                    <Glyph icon=Icon::Cross size=16/>
                </Act>
            </div>
        </li>
    }
}

#[component]
fn Outgoing(request: FriendRequest) -> impl IntoView {
    let toasts = expect_context::<Toasts>();
    let name = request.user.username.to_string();
    let id = request.id;
    let cancel = Callback::new(move |()| report(toasts, api::cancel_request(id)));
    view! {
        <li class="req">
            <Avatar initials=initials(request.user.name()) seed=request.user.id.0.as_u128() small=true/>
            <Who user=request.user what=words::WAITS/>
            <div class="acts">
                <Act action="/api/friend-requests/cancel" field="request_id" value=id.to_string()
                    label=words::take_back(&name) class="btn round" run=cancel>
                    <Glyph icon=Icon::Undo size=16/>
                </Act>
            </div>
        </li>
    }
}

/// Somebody, and what they do; by their username too where they are called otherwise.
#[component]
fn Who(user: User, what: &'static str) -> impl IntoView {
    let what = match &user.display_name {
        Some(_) => words::who_does(user.username.as_str(), what),
        None => what.to_owned(),
    };
    view! { <div><b>{user.name().to_owned()}</b><p>{what}</p></div> }
}

/// Waits for a move and says what came of it; the lists follow over the socket.
fn report(toasts: Toasts, action: impl Future<Output = Result<Outcome, Refused>> + 'static) {
    spawn_local(async move {
        match action.await {
            Ok(Outcome::Pending { request }) => {
                toasts.done(words::sent(request.user.username.as_str()));
            }
            Ok(Outcome::Accepted { contact }) => {
                toasts.done(words::accepted(contact.name()));
            }
            Ok(Outcome::Rejected) => toasts.done(words::REJECTED),
            Ok(Outcome::Cancelled) => toasts.done(words::TAKEN_BACK),
            // Not asked for here.
            Ok(Outcome::Removed) => {}
            Err(Refused(error)) => toasts.failed(&error),
        }
        // The button that was pressed is gone by now, or will be.
        focus::rescue(NEXT);
    });
}
