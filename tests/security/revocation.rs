//! What ends a session ends its sockets, too, on every server (OWASP ASVS 5.0, 7.4 and 8.3.2).
//! Nothing but the look that every server takes once a second closes those of another server
//! before a test's patience is over: a socket looks by itself every quarter of an hour only.

use crate::{
    app::{PASSWORD, Person, Socket, TestApp},
    backend::{Backend, Shared},
};
use axum::http::Method;
use model::{
    event::close,
    id::UserId,
    user::{Password, Username},
};
use serde_json::json;
use sotto::{
    browser::clock,
    kit::{
        is_good,
        password::{Asker, Hasher},
    },
};

use tower_sessions::session::Id;

const NEW: &str = "a goose on a lake";

/// The data of a server that runs already.
#[derive(Default)]
struct SameData(Option<Shared>);

#[async_trait::async_trait]
impl Backend for SameData {
    async fn open(&self) -> Shared {
        self.0.clone().expect("another server's data")
    }
}

/// Ada at home and on her phone, which speaks to another server on the same data.
struct Two {
    home: Person,
    phone: Person,
    at_home: Socket,
    on_phone: Socket,
    // In this order: the second server has no data of its own.
    _second: TestApp,
    first: TestApp,
}

impl Two {
    async fn new() -> Self {
        let first = TestApp::start().await;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let second = TestApp::over(SameData(Some(first.store.clone())), listener, |_| {});
        let home = first.person("ada").await;
        let visitor = second.visitor();
        visitor.log_in("ada", PASSWORD).await.ok();
        let phone = Person::signed_in(visitor, &home);
        let (at_home, on_phone) = (home.socket().await, phone.socket().await);
        Self { home, phone, at_home, on_phone, _second: second, first }
    }

    fn ada(&self) -> UserId {
        self.home.id.parse().expect("an id")
    }

    /// Both are signed out, and so are their sockets.
    async fn all_ended(mut self) {
        for (person, socket) in [(&self.home, &mut self.at_home), (&self.phone, &mut self.on_phone)] {
            assert_eq!(socket.closed().await, close::SIGNED_OUT);
            person.get("/api/me").await.refused(401, "not_signed_in");
            assert_eq!(person.connect().await.err(), Some(401));
        }
    }

    /// The phone is signed out, and nothing else has happened.
    async fn phone_ended(mut self) {
        assert_eq!(self.on_phone.closed().await, close::SIGNED_OUT);
        self.phone.get("/api/me").await.refused(401, "not_signed_in");
        assert_eq!(self.phone.connect().await.err(), Some(401));
        self.at_home.resume(json!({})).await;
        self.home.get("/api/me").await.ok();
        self.home.socket().await;
    }
}

#[tokio::test]
async fn what_the_store_knows_of_a_session_lets_nobody_in() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = ada.id.parse().expect("an id");
    let key = app.store.sessions_of(id, clock::now()).await.expect("an answer")[0].id;
    for cookie in [Id(key).to_string(), Id(key.swap_bytes()).to_string()] {
        assert_ne!(ada.cookie("sid"), Some(cookie.clone()));
        let asked = app.visitor().call(Method::GET, "/api/me").header("cookie", &format!("sid={cookie}"));
        asked.send().await.refused(401, "not_signed_in");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_log_out_ends_this_session_and_no_other() {
    let two = Two::new().await;
    two.phone.post("/auth/logout", json!({})).await;
    two.phone_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_new_password_ends_every_other_session() {
    let two = Two::new().await;
    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    assert_eq!(two.home.post("/api/me/password", change).await.status, 204);
    two.phone.log_in("ada", PASSWORD).await.refused(401, "wrong_credentials");
    two.phone_ended().await;
}

#[tokio::test]
async fn a_new_password_spoils_the_sessions_that_could_not_be_ended() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let id = ada.id.parse().expect("an id");
    let session = app.store.sessions_of(id, clock::now()).await.expect("an answer")[0].id;
    assert_eq!(is_good(&*app.store, session).await, Ok(true));
    // As a crash leaves it between the two steps of MongoDB.
    let name = Username::parse(&ada.name).expect("a name");
    let new = app
        .state
        .part::<Hasher>()
        .hash_new(&Asker::operator(), Password::new(NEW), &name)
        .await
        .expect("a hash");
    assert_eq!(app.store.set_password(id, new, Some(session)).await, Ok(Some(0)));
    assert_eq!(is_good(&*app.store, session).await, Ok(false), "a socket that looks is closed");
    assert_eq!(ada.connect().await.err(), Some(401));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_a_device_out_ends_its_session_and_no_other() {
    let two = Two::new().await;
    let devices = two.home.get("/api/me/sessions").await.ok();
    let answer = two.home.post("/api/me/sessions/end", json!({ "session": devices[1]["session"] })).await;
    assert_eq!(answer.status, 204);
    two.phone_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn signing_out_everywhere_else_does() {
    let two = Two::new().await;
    assert_eq!(two.home.post("/api/me/sessions/end-others", json!({})).await.status, 204);
    two.phone_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disabling_ends_every_session() {
    let two = Two::new().await;
    let (store, ada) = (two.first.store.clone(), two.ada());
    // As `sotto user disable` does, which tests/cli runs.
    assert_eq!(store.set_disabled(ada, Some(clock::now())).await, Ok(Some(2)));
    two.all_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deleting_an_account_ends_every_session() {
    let two = Two::new().await;
    assert_eq!(two.home.post("/api/me/delete", json!({ "password": PASSWORD })).await.status, 204);
    two.all_ended().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deletion_reaches_the_open_pages_of_others_on_every_server() {
    let two = Two::new().await;
    let (ben, cleo) = (two.first.person("ben").await, two.first.person("cleo").await);
    let conversation = two.home.befriend(&ben).await;
    two.home.ask(&cleo).await;
    // Dora only shares a group with her.
    let dora = two.first.person("dora").await;
    ben.befriend(&dora).await;
    let group = ben.make_group("Ducks", &[&two.home, &dora]).await;
    let said = two.home.write(&group, "soon to be gone").await;
    let elsewhere = Person::signed_in(two._second.visitor(), &ben);
    elsewhere.log_in("ben", PASSWORD).await.ok();
    let mut sockets = [ben.socket().await, elsewhere.socket().await];
    let mut asked = cleo.socket().await;
    let mut met = dora.socket().await;
    assert_eq!(two.home.post("/api/me/delete", json!({ "password": PASSWORD })).await.status, 204);
    for socket in &mut sockets {
        let removed = socket.hear("conversation_removed").await;
        assert_eq!(removed["conversation_id"], conversation.as_str());
        let contacts = socket.hear("contacts_updated").await["contacts"].clone();
        assert_eq!((&contacts[0]["id"], &contacts[1]), (&json!(dora.id), &json!(null)));
    }
    let left = met.hear("new_message").await["message"].clone();
    assert_eq!((&left["kind"], &left["subject"]), (&json!("left"), &json!(two.home.id)));
    // By its version her device sees that it has missed the change of the words.
    assert!(left["version"].as_u64() > said["version"].as_u64().map(|version| version + 1), "{left}");
    let changed = asked.hear("friend_request_changed").await;
    assert_eq!(changed["requests"], json!({ "incoming": [], "outgoing": [] }));
    two.all_ended().await;
}
