//! Who may do what: every address and every socket event, asked by nobody, by a stranger, by a
//! former contact and by a member (OWASP ASVS 5.0, 8.2.2). One without a row fails.

use crate::app::{Answer, PASSWORD, Person, TestApp, Visitor, message_id};
use model::{
    event::{ClientEvent, Target},
    id::{ConversationId, MessageId, UserId},
    message::PageRequest,
};
use reqwest::Method;
use serde_json::{Value, json};
use sotto::web::addresses;
use std::collections::{BTreeMap, BTreeSet};

/// Ada and Ben are contacts; Dora was one of Ada's; Eve never was one of anybody's.
struct World {
    app: TestApp,
    ada: Person,
    ben: Person,
    dora: Person,
    eve: Person,
    /// Of Ada and Ben.
    conversation: String,
    /// Of Ada and Dora, until they parted.
    former: String,
    /// What Ada has written there.
    own: String,
    /// Groups of Ada's with Ben.
    groups: [String; 2],
    /// Into the second of them.
    link: String,
    /// A picture that Ada has sent to Ben, and one that she is about to.
    files: [String; 2],
}

impl World {
    async fn new() -> Self {
        let app = TestApp::without_rates().await;
        let (ada, ben, conversation) = app.contacts("ada", "ben").await;
        let (dora, eve) = (app.person("dora").await, app.person("eve").await);
        let former = ada.befriend(&dora).await;
        dora.write(&former, "a secret that is no more").await;
        ada.post("/api/contacts/remove", json!({ "contact_id": dora.id })).await.ok();
        ben.write(&conversation, SECRET).await;
        let own = ada.write(&conversation, "and I").await["id"].as_str().expect("an id").to_owned();
        let groups = [ada.make_group("Ducks", &[&ben]).await, ada.make_group("Geese", &[&ben]).await];
        let link = ada.in_group(&groups[1], "invites", json!({})).await.ok();
        let link = link["token"].as_str().expect("a token").to_owned();
        let file = ada.upload("holiday.jpg", PICTURE).await;
        ada.attach(&conversation, "", &[&file]).await.ok();
        let begun = ada.begin_upload("holiday.jpg", 1000).await;
        let files = [format!("/api/files/{file}"), begun];
        Self { app, ada, ben, dora, eve, conversation, former, own, groups, link, files }
    }
}

const PICTURE: &[u8] = include_bytes!("../corpus/files/placed.jpg");

/// What stands in the conversation of Ada and Ben.
const SECRET: &str = "between the two of us";

/// What an address answers.
enum Row {
    /// The same to everybody.
    Open(Method, &'static str, u16),
    /// 401 without a session; about oneself alone with one.
    Own(Method, &'static str, Value, u16),
    /// 401 without a session; about a thing that only its members may know of.
    Members(Method, &'static str, fn(&World) -> (String, Value), u16),
    /// A page: leads to the log-in without a session.
    Page(&'static str, fn(&World) -> String),
}

impl Row {
    /// Without what is asked for in the query.
    fn address(&self) -> (String, &'static str) {
        let (method, path) = match self {
            Self::Open(method, path, _) | Self::Own(method, path, ..) | Self::Members(method, path, ..) => {
                (method.clone(), path)
            }
            Self::Page(path, _) => (Method::GET, path),
        };
        (method.to_string(), path.split('?').next().unwrap_or(path))
    }
}

fn rows() -> Vec<Row> {
    use Row::{Members, Open, Own, Page};
    let (get, post) = (|| Method::GET, || Method::POST);
    let nothing = || json!({});
    let of_nobody = || json!({ "request_id": message_id() });
    vec![
        Open(get(), "/health/live", 200),
        Open(get(), "/health/ready", 200),
        // Not asked as a socket.
        Open(get(), "/health/ws", 400),
        // Not asked by a page of ours; as a socket it is asked below.
        Open(get(), "/ws", 403),
        Open(get(), "/api/emojis", 200),
        Open(post(), "/auth", 400),
        Page("/", |_| "/".into()),
        Page("/c/{id}", |world| format!("/c/{}", world.conversation)),
        Page("/settings", |_| "/settings".into()),
        Page("/join/{token}", |world| format!("/join/{}", world.link)),
        Own(get(), "/api/me", nothing(), 200),
        Own(get(), "/api/contacts", nothing(), 200),
        Own(get(), "/api/conversations", nothing(), 200),
        Own(get(), "/api/friend-requests/pending", nothing(), 200),
        Own(get(), "/api/users/search?q=ada", nothing(), 200),
        Own(post(), "/api/friend-requests/send", json!({ "username": "nobody" }), 404),
        Own(post(), "/api/me/display-name", json!({ "display_name": "" }), 200),
        Own(post(), "/api/me/theme", json!({ "theme": "dark" }), 204),
        Own(
            post(),
            "/api/me/password",
            json!({ "current_password": "not the password", "new_password": "a goose on a lake" }),
            401,
        ),
        Own(get(), "/api/me/sessions", nothing(), 200),
        Own(get(), "/api/me/export", nothing(), 200),
        Own(get(), "/api/me/invitations", nothing(), 200),
        // Where members do not invite.
        Own(post(), "/api/me/invitations/make", json!({ "uses": 1, "days": 1 }), 403),
        Own(post(), "/api/me/invitations/revoke", json!({ "token": message_id() }), 404),
        // What each frame may know is asked below.
        Own(post(), "/api/exchange", json!([]), 200),
        Own(post(), "/api/me/sessions/end-others", nothing(), 204),
        Own(post(), "/api/me/delete", json!({ "password": "not the password" }), 401),
        Own(post(), "/api/friend-requests/accept", of_nobody(), 404),
        Own(post(), "/api/friend-requests/reject", of_nobody(), 404),
        Own(post(), "/api/friend-requests/cancel", of_nobody(), 404),
        Own(post(), "/api/me/sessions/end", json!({ "session": "00000000" }), 404),
        Members(
            get(),
            "/api/conversations/{id}/messages",
            |world| (format!("/api/conversations/{}/messages", world.conversation), json!({})),
            200,
        ),
        Members(
            post(),
            "/api/conversations/{id}/messages",
            |world| {
                let body = json!({ "id": message_id(), "body": "heard by two" });
                (format!("/api/conversations/{}/messages", world.conversation), body)
            },
            200,
        ),
        Members(
            get(),
            "/api/conversations/{id}/messages/{message}",
            |world| (of_message(world, ""), json!({})),
            200,
        ),
        Members(
            get(),
            "/api/conversations/{id}/messages/{message}/readers",
            |world| (of_message(world, "/readers"), json!({})),
            200,
        ),
        Members(
            post(),
            "/api/conversations/{id}/messages/{message}/edit",
            |world| (of_message(world, "/edit"), json!({ "body": "and me" })),
            200,
        ),
        Members(
            post(),
            "/api/conversations/{id}/messages/{message}/react",
            |world| (of_message(world, "/react"), json!({ "emoji": "👍", "on": true })),
            200,
        ),
        Members(
            post(),
            "/api/conversations/{id}/messages/{message}/pin",
            |world| (of_message(world, "/pin"), json!({})),
            200,
        ),
        Members(
            post(),
            "/api/conversations/{id}/messages/{message}/unpin",
            |world| (of_message(world, "/unpin"), json!({})),
            200,
        ),
        Members(
            get(),
            "/api/conversations/{id}/pins",
            |world| (format!("/api/conversations/{}/pins", world.conversation), json!({})),
            200,
        ),
        Members(
            get(),
            "/api/conversations/{id}/media",
            |world| (format!("/api/conversations/{}/media", world.conversation), json!({})),
            200,
        ),
        Members(
            post(),
            "/api/conversations/{id}/messages/{message}/delete",
            |world| (of_message(world, "/delete"), json!({})),
            200,
        ),
        Own(get(), "/api/groups/invitations", nothing(), 200),
        Own(post(), "/api/groups/join", json!({ "token": message_id() }), 404),
        Own(post(), "/api/people/block", json!({ "user_id": message_id() }), 404),
        // Whoever is not blocked already is not afterwards.
        Own(post(), "/api/people/unblock", json!({ "user_id": message_id() }), 204),
        Members(
            post(),
            "/api/conversations/{id}/prefs",
            |world| {
                let path = format!("/api/conversations/{}/prefs", world.conversation);
                (path, json!({ "pinned": true, "unread": true }))
            },
            204,
        ),
        Own(post(), "/api/groups", json!({ "name": "Nobody's", "members": [message_id()] }), 403),
        Members(
            post(),
            "/api/groups/{id}/rename",
            |world| in_group(world, "rename", json!({ "name": "Swans" })),
            200,
        ),
        Members(
            post(),
            "/api/groups/{id}/add",
            |world| in_group(world, "add", json!({ "members": [world.ben.id] })),
            200,
        ),
        Members(get(), "/api/groups/{id}/invites", |world| in_group(world, "invites", json!({})), 200),
        Members(post(), "/api/groups/{id}/invites", |world| in_group(world, "invites", json!({})), 200),
        Members(
            post(),
            "/api/groups/{id}/invites/revoke",
            |world| in_group(world, "invites/revoke", json!({ "token": world.link })),
            404,
        ),
        // Whoever is in it already joins it again; the others were not asked.
        Members(post(), "/api/groups/{id}/accept", |world| in_group(world, "accept", json!({})), 200),
        Members(post(), "/api/groups/{id}/decline", |world| in_group(world, "decline", json!({})), 404),
        Members(
            post(),
            "/api/groups/{id}/uninvite",
            |world| in_group(world, "uninvite", json!({ "member": world.eve.id })),
            404,
        ),
        Members(
            post(),
            "/api/groups/{id}/settings",
            |world| in_group(world, "settings", json!({ "writes": "admins" })),
            200,
        ),
        Members(
            post(),
            "/api/groups/{id}/role",
            |world| in_group(world, "role", json!({ "member": world.ben.id, "role": "admin" })),
            200,
        ),
        Members(
            post(),
            "/api/groups/{id}/remove",
            |world| in_group(world, "remove", json!({ "member": world.ben.id })),
            200,
        ),
        Members(
            post(),
            "/api/groups/{id}/owner",
            |world| in_group(world, "owner", json!({ "member": world.ada.id })),
            200,
        ),
        Members(post(), "/api/groups/{id}/leave", |world| in_group(world, "leave", json!({})), 204),
        Members(
            post(),
            "/api/groups/{id}/delete",
            |world| (format!("/api/groups/{}/delete", world.groups[1]), json!({})),
            204,
        ),
        // Without the length of a file.
        Own(post(), "/api/files", nothing(), 400),
        Own(Method::OPTIONS, "/api/files", nothing(), 204),
        Own(Method::OPTIONS, "/api/files/{id}", nothing(), 204),
        Members(get(), "/api/files/{id}", |world| (world.files[0].clone(), json!({})), 200),
        Members(
            get(),
            "/api/files/{id}/thumbnail",
            |world| (format!("{}/thumbnail", world.files[0]), json!({})),
            200,
        ),
        Members(Method::HEAD, "/api/files/{id}", |world| (world.files[1].clone(), json!({})), 200),
        Members(Method::PATCH, "/api/files/{id}", |world| (world.files[1].clone(), json!({})), 204),
        Members(Method::DELETE, "/api/files/{id}", |world| (world.files[1].clone(), json!({})), 204),
        // Last but one: the two are no longer contacts.
        Members(
            post(),
            "/api/contacts/remove",
            |world| ("/api/contacts/remove".into(), json!({ "contact_id": world.ben.id })),
            200,
        ),
        // Last: there is no session any more.
        Open(post(), "/auth/logout", 204),
    ]
}

fn of_message(world: &World, what: &str) -> String {
    format!("/api/conversations/{}/messages/{}{what}", world.conversation, world.own)
}

fn in_group(world: &World, what: &str, body: Value) -> (String, Value) {
    (format!("/api/groups/{}/{what}", world.groups[0]), body)
}

async fn ask(who: &Visitor, method: &Method, path: &str, body: &Value) -> Answer {
    // What tus asks is asked in tus.
    let tus = || who.call(method.clone(), path).header("tus-resumable", "1.0.0").header("upload-offset", "0");
    match *method {
        Method::GET => who.get(path).await,
        Method::PATCH => tus().body("application/offset+octet-stream", "").send().await,
        _ if path.starts_with("/api/files") => tus().send().await,
        _ => who.call(method.clone(), path).json(body.clone()).send().await,
    }
}

#[tokio::test]
async fn every_address_has_its_row() {
    // Server functions are all registered once there is a router.
    let _app = TestApp::start().await;
    let answered: BTreeSet<_> =
        addresses().into_iter().map(|(method, path)| (method.to_string(), path)).collect();
    let mut rows: BTreeSet<_> = rows().iter().map(Row::address).collect();
    // The one page for those who are not signed in: the row below asks it.
    rows.insert((Method::GET.to_string(), "/auth"));
    assert!(answered.len() > 25, "{answered:?}");
    assert_eq!(answered, rows, "an address without a row, or a row without an address");
}

#[tokio::test]
async fn every_address_answers_each_what_they_may_know() {
    let world = World::new().await;
    let nobody = world.app.visitor();
    for row in rows() {
        // Others first: a member's request may change what there is.
        match row {
            Row::Open(method, path, status) => {
                for who in [&nobody, &*world.eve, &*world.dora, &*world.ada] {
                    let answer = ask(who, &method, path, &json!({})).await;
                    assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
                }
            }
            Row::Own(method, path, body, status) => {
                ask(&nobody, &method, path, &body).await.refused(401, "not_signed_in");
                for who in [&world.eve, &world.dora, &world.ada] {
                    let answer = ask(who, &method, path, &body).await;
                    assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
                    let others = who.name != "ada" && answer.text.contains(SECRET);
                    assert!(!others, "{method} {path} tells {} {}", who.name, answer.text);
                }
            }
            Row::Members(method, _, of, status) => {
                let (path, body) = of(&world);
                let refused = |answer: Answer, status, code| match method {
                    // There is nothing but the status.
                    Method::HEAD => assert_eq!(answer.status, status, "{path}"),
                    _ => drop(answer.refused(status, code)),
                };
                refused(ask(&nobody, &method, &path, &body).await, 401, "not_signed_in");
                for who in [&world.eve, &world.dora] {
                    refused(ask(who, &method, &path, &body).await, 404, "not_found");
                }
                let answer = ask(&world.ada, &method, &path, &body).await;
                assert_eq!(answer.status, status, "{method} {path}: {}", answer.text);
            }
            Row::Page(_, of) => {
                let path = of(&world);
                assert!(nobody.get(&path).await.redirect().starts_with("/auth"), "{path}");
                for who in [&world.eve, &world.dora, &world.ada] {
                    let page = who.get(&path).await;
                    assert_eq!(page.status, 200, "{path}");
                    assert!(who.name == "ada" || !page.text.contains(SECRET), "{path} tells {}", who.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn what_was_said_with_a_former_contact_is_nobodys() {
    let world = World::new().await;
    let path = format!("/api/conversations/{}/messages", world.former);
    for who in [&world.ada, &world.dora, &world.eve] {
        who.get(&path).await.refused(404, "not_found");
        who.try_write(&world.former, &message_id(), "too late").await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_request_and_a_session_are_their_owners_alone() {
    let world = World::new().await;
    let request = world.eve.ask(&world.ben).await;
    for action in ["accept", "reject", "cancel"] {
        world.ada.answer(action, &request).await.refused(404, "not_found");
    }
    world.eve.answer("accept", &request).await.refused(404, "not_found");
    world.ben.answer("cancel", &request).await.refused(404, "not_found");
    let label = world.ada.get("/api/me/sessions").await.ok()[0]["session"].clone();
    world.eve.post("/api/me/sessions/end", json!({ "session": label })).await.refused(404, "not_found");
    world.ada.get("/api/me").await.ok();
}

/// The event after another one, each with the right to it: a new event does not compile without a
/// place here.
fn following(world: &World, event: Option<&ClientEvent>, target: Target) -> Option<ClientEvent> {
    let conversation_id = world.conversation.parse::<ConversationId>().expect("an id");
    match event {
        None => Some(ClientEvent::Resume { cursors: BTreeMap::from([(conversation_id, 0)]) }),
        Some(ClientEvent::Resume { .. }) => {
            Some(ClientEvent::LoadConversation { target, page: PageRequest::default() })
        }
        Some(ClientEvent::LoadConversation { .. }) => {
            let ids = vec![world.own.parse().expect("an id")];
            Some(ClientEvent::FindMessages { conversation_id, ids })
        }
        Some(ClientEvent::FindMessages { .. }) => Some(ClientEvent::SendPrivateMessage {
            id: MessageId::new(),
            target,
            body: "heard by two".into(),
            attachments: Vec::new(),
            reply_to: None,
        }),
        Some(&ClientEvent::SendPrivateMessage { id, .. }) => Some(ClientEvent::EditMessage {
            conversation_id,
            id,
            body: "said otherwise".into(),
            change: None,
        }),
        Some(&ClientEvent::EditMessage { id, .. }) => {
            Some(ClientEvent::React { conversation_id, id, emoji: "👍".into(), on: true, change: None })
        }
        Some(&ClientEvent::React { id, .. }) => {
            Some(ClientEvent::PinMessage { conversation_id, id, on: true, change: None })
        }
        Some(&ClientEvent::PinMessage { id, .. }) => {
            Some(ClientEvent::DeleteMessage { conversation_id, id, change: None })
        }
        Some(ClientEvent::DeleteMessage { .. }) => {
            Some(ClientEvent::MarkRead { conversation_id, seq: u64::MAX })
        }
        Some(ClientEvent::MarkRead { .. }) => Some(ClientEvent::Typing { conversation_id }),
        Some(ClientEvent::Typing { .. }) => None,
    }
}

/// What answers an event where one may, if anything does, and where one may not.
fn answers(event: &ClientEvent) -> (Option<&'static str>, &'static str) {
    match event {
        // To everybody: with what they may see.
        ClientEvent::Resume { .. } => (Some("resumed"), "resumed"),
        ClientEvent::LoadConversation { .. } => (Some("conversation_loaded"), "error"),
        ClientEvent::FindMessages { .. } => (Some("messages_found"), "error"),
        ClientEvent::SendPrivateMessage { .. } => (Some("message_acked"), "message_refused"),
        ClientEvent::EditMessage { .. }
        | ClientEvent::DeleteMessage { .. }
        | ClientEvent::React { .. }
        | ClientEvent::PinMessage { .. } => (Some("message_changed"), "error"),
        ClientEvent::Typing { .. } => (None, "error"),
        ClientEvent::MarkRead { .. } => (Some("read_cursor_moved"), "error"),
    }
}

#[tokio::test]
async fn every_socket_event_is_answered_as_one_may_know() {
    let world = World::new().await;
    assert_eq!(world.app.visitor().connect().await.err(), Some(401), "nobody has no socket at all");
    let conversation = world.conversation.parse().expect("an id");
    let ben = world.ben.id.parse::<UserId>().expect("an id");
    for target in [Target::Conversation(conversation), Target::Contact(ben)] {
        // A member last: what others do must have changed nothing.
        for (who, may) in [(&world.eve, false), (&world.dora, false), (&world.ada, true)] {
            let mut socket = who.connect().await.expect("an open socket");
            let mut event = following(&world, None, target);
            while let Some(asked) = event {
                socket.say(serde_json::to_value(&asked).expect("JSON")).await;
                let (yes, no) = answers(&asked);
                let Some(expected) = (if may { yes } else { Some(no) }) else { break };
                let answer = socket.hear_any(&[yes.unwrap_or(no), no]).await;
                assert_eq!(answer["type"], expected, "{asked:?} by {}: {answer}", who.name);
                if !may {
                    assert!(!answer.to_string().contains(SECRET), "{asked:?} tells {} {answer}", who.name);
                    if let Some(error) = answer.get("error") {
                        assert_eq!(error["code"], "not_found", "{asked:?} by {}", who.name);
                    }
                }
                event = following(&world, Some(&asked), target);
            }
        }
    }
    let history = world.ben.history(&world.conversation, "").await.ok();
    let bodies: Vec<_> = history["messages"].as_array().expect("a list").iter().map(|m| &m["body"]).collect();
    assert_eq!(bodies, [SECRET, "and I", "", "", ""], "a member's last two, which they deleted");
}

#[tokio::test]
async fn a_log_in_is_needed_to_be_sent_on_from_it() {
    let world = World::new().await;
    assert_eq!(world.app.visitor().get("/auth").await.status, 200);
    assert_eq!(world.ada.get("/auth").await.redirect(), "/");
    world.app.visitor().log_in("ada", PASSWORD).await.ok();
}
