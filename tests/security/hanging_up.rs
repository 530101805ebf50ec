//! Whoever hangs up in the middle of a new password finds it set with all that belongs to it, or
//! not at all.

use crate::app::{PASSWORD, Person, Socket, TestApp};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode},
};
use model::event::close;
use serde_json::json;
use sotto::web;
use std::{future::poll_fn, net::SocketAddr, pin::pin, task::Poll};
use tokio::runtime;
use tower::ServiceExt;

const NEW: &str = "a goose on a lake";

/// The request of a device that asks for a new password.
fn change(ada: &Person) -> Request<Body> {
    let fields = json!({ "current_password": PASSWORD, "new_password": NEW });
    Request::post("/api/me/password")
        .header("origin", &ada.origin)
        .header("cookie", ada.cookies().expect("a session"))
        .header("content-type", "application/json")
        .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 1))))
        .body(Body::from(fields.to_string()))
        .expect("a request")
}

/// Drops a future that is not done after this many polls, as the server does when the client is
/// gone.
async fn for_so_long<T>(future: impl Future<Output = T>, polls: usize) -> Option<T> {
    let (mut future, mut polled) = (pin!(future), 0);
    poll_fn(|context| {
        if polled == polls {
            return Poll::Ready(None);
        }
        polled += 1;
        let done = future.as_mut().poll(context).map(Some);
        if done.is_pending() && polled == polls { Poll::Ready(None) } else { done }
    })
    .await
}

/// All of it, or nothing. Returns whether the password is another one.
async fn is_changed(app: &TestApp, ada: &Person, phone: &Person, mut on_phone: Socket) -> bool {
    let changed = app.visitor().log_in(&ada.name, NEW).await.status == 200;
    if changed {
        assert_eq!(on_phone.closed().await, close::SIGNED_OUT);
        phone.get("/api/me").await.refused(401, "not_signed_in");
    } else {
        app.visitor().log_in(&ada.name, PASSWORD).await.ok();
        phone.get("/api/me").await.ok();
    }
    ada.get("/api/me").await.ok();
    changed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_is_set_with_all_that_belongs_to_it_or_not_at_all() {
    let app = TestApp::without_rates().await;
    let server = runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let server = server.expect("a runtime");
    let mut cut_off = Vec::new();
    let (mut polls, mut passes) = (1, 0);
    // How far a poll comes depends on the other threads: in some passes none ends between the moment
    // from which the change goes on by itself and the answer.
    while passes < 20 && !(cut_off.contains(&true) && cut_off.contains(&false)) {
        let ada = app.person(&format!("ada-{passes}-{polls}")).await;
        let phone = ada.on_another_device().await;
        let on_phone = phone.socket().await;
        let answering = for_so_long(web::router(app.state.clone()).oneshot(change(&ada)), polls);
        let answer = server.spawn(answering).await.expect("no panic");
        // What goes on without the client comes to its end, and what is queued is stored.
        while server.metrics().num_alive_tasks() > 0 {
            tokio::task::yield_now().await;
        }
        app.store.check_ready().await.expect("a store");
        let changed = is_changed(&app, &ada, &phone, on_phone).await;
        if let Some(Ok(answer)) = answer {
            assert_eq!((answer.status(), changed), (StatusCode::NO_CONTENT, true));
            (polls, passes) = (1, passes + 1);
        } else {
            cut_off.push(changed);
            polls += 1;
        }
    }
    server.shutdown_background();
    assert!(cut_off.contains(&true) && cut_off.contains(&false), "cut off at every moment: {cut_off:?}");
}
