//! A group of 1,000 with 50 devices on line: each message reaches all of them, is encoded once, and nobody who
//! does not read costs more than a queue.

use crate::app::{Person, TestApp, in_time, message_id};
use futures::future::join_all;
use model::{
    event::close,
    group::GroupName,
    id::{ConversationId, MessageId, UserId},
    message::MAX_MEMBERS,
    time::Timestamp,
    user::Username,
};
use serde_json::{Value, json};
use sotto::live::{Frame, Hub, hub::Connection};
use store::{Membership, NewAccount};

/// Devices on line, one of them the writer's.
const DEVICES: usize = 50;
/// Frames that may wait for one device.
const QUEUE: usize = 256;

/// Who writes, the others who are on line, and the group of all of them and of those who are not.
async fn world(app: &TestApp) -> (Person, Vec<Person>, String) {
    let names: Vec<_> = (0..DEVICES).map(|number| format!("member-{number}")).collect();
    let mut people = join_all(names.iter().map(|name| app.person(name))).await;
    let ada = people.remove(0);
    let maker = id(&ada);
    let hash = app.store.account(maker).await.expect("an answer").expect("Ada").password_hash;
    let mut others: Vec<_> = people.iter().map(id).collect();
    while others.len() < MAX_MEMBERS - 1 {
        let new = NewAccount {
            id: UserId::new(),
            username: Username::parse(&format!("away-{}", others.len())).expect("a name"),
            password_hash: hash.clone(),
            created_at: Timestamp(0),
        };
        others.push(app.store.create_user(new).await.expect("an account").id);
    }
    let conversation = ConversationId::new();
    let first =
        Membership { conversation, member: maker, by: maker, message: MessageId::new(), at: Timestamp(0) };
    let name = GroupName::parse("All of us").expect("a name");
    app.store.create_group(first, Some(name), others).await.expect("a group");
    (ada, people, conversation.to_string())
}

fn id(person: &Person) -> UserId {
    person.id.parse().expect("an id")
}

/// A device's end of its queue, where a socket would take frames from it.
struct Device {
    connection: Connection,
    user: UserId,
    hub: Hub,
}

impl Drop for Device {
    fn drop(&mut self) {
        self.hub.disconnect(self.user, self.connection.id);
    }
}

async fn connect(app: &TestApp, person: &Person) -> Device {
    let (user, hub) = (id(person), app.state.live.hub().clone());
    let sessions = app.store.sessions_of(user, Timestamp(0)).await.expect("an answer");
    let session = sessions.first().expect("a session").id;
    Device { connection: hub.connect(user, session, 10).expect("room for a socket"), user, hub }
}

async fn connect_all(app: &TestApp, people: &[Person]) -> Vec<Device> {
    join_all(people.iter().map(|person| connect(app, person))).await
}

async fn next(device: &mut Device) -> Frame {
    in_time("a frame", device.connection.frames.recv()).await.expect("an open queue")
}

fn said(frame: &Frame) -> Value {
    serde_json::from_str(frame.0.as_str()).expect("JSON")
}

#[tokio::test]
async fn a_message_reaches_every_device_and_is_encoded_once() {
    let app = TestApp::without_rates().await;
    let (ada, people, group) = world(&app).await;
    let mut devices = connect_all(&app, &people).await;
    let mut own = ada.socket().await;
    for number in 0..20 {
        let body = format!("to all, number {number}");
        own.write(&group, &body).await;
        own.hear("message_acked").await;
        let mut bytes = None;
        for device in &mut devices {
            let frame = next(device).await;
            assert_eq!(said(&frame)["message"]["body"], json!(body));
            // The same bytes for everybody, not a copy of them.
            assert_eq!(*bytes.get_or_insert(frame.0.as_ptr()), frame.0.as_ptr());
        }
        // Changes of it, too.
        let message = ada.history(&group, "limit=1").await.ok()["messages"][0]["id"].clone();
        let change =
            json!({ "type": "react", "conversation_id": group, "id": message, "emoji": "🦆", "on": true });
        own.say(change).await;
        let frames = join_all(devices.iter_mut().map(next)).await;
        assert!(frames.iter().all(|frame| frame.0.as_ptr() == frames[0].0.as_ptr()));
        assert_eq!(said(&frames[0])["type"], "message_changed");
    }
}

#[tokio::test]
async fn whoever_does_not_read_costs_a_queue_and_no_more_and_the_others_miss_nothing() {
    let app = TestApp::without_rates().await;
    let (ada, people, group) = world(&app).await;
    let mut devices = connect_all(&app, &people).await;
    let deaf = devices.split_off(DEVICES - 6);
    let mut own = ada.socket().await;
    let hub = app.state.live.hub();
    let messages = 2 * QUEUE + 50;
    let mut begun = false;
    for number in 0..messages {
        own.write(&group, &format!("number {number}")).await;
        own.hear("message_acked").await;
        for device in &mut devices {
            let message = said(&next(device).await)["message"].clone();
            assert_eq!(message["body"], format!("number {number}"), "each one, in order");
        }
        let load = hub.load();
        assert!(
            load.longest_queue <= QUEUE && load.frames_waiting <= deaf.len() * QUEUE + DEVICES,
            "{load:?}"
        );
        begun |= load.longest_queue == QUEUE;
    }
    assert!(begun, "the queues of those who do not read were full");
    for mut device in deaf {
        let closing = device.connection.closing.borrow_and_update().clone().map(|closing| closing.code);
        assert_eq!(closing, Some(close::TOO_SLOW));
        assert_eq!(device.connection.frames.len(), QUEUE, "what came before it was full");
    }
    assert_eq!(hub.load().frames_waiting, 0, "of those who are there");
}

#[tokio::test]
async fn reading_costs_two_frames_however_many_belong_to_the_group() {
    let app = TestApp::without_rates().await;
    let (ada, people, group) = world(&app).await;
    let seq = ada.write(&group, "to be read by all").await["seq"].clone();
    let mut author = connect(&app, &ada).await;
    let mut devices = connect_all(&app, &people).await;
    for person in &people {
        let read = json!([{ "type": "mark_read", "conversation_id": group, "seq": seq }]);
        assert_eq!(person.post("/api/exchange", read).await.ok(), json!([]));
    }
    for (person, device) in people.iter().zip(&mut devices) {
        let own = said(&next(device).await);
        assert_eq!((&own["type"], &own["user_id"]), (&json!("read_cursor_moved"), &json!(person.id)));
        assert!(device.connection.frames.is_empty(), "nobody hears of the others");
        let told = said(&next(&mut author).await);
        assert_eq!((&told["type"], &told["user_id"]), (&json!("read_cursor_moved"), &json!(person.id)));
    }
    assert!(author.connection.frames.is_empty());
    // Nothing else was on its way.
    ada.try_write(&group, &message_id(), "and on").await.ok();
    for device in devices.iter_mut().chain([&mut author]) {
        assert_eq!(said(&next(device).await)["type"], "new_message");
    }
}
