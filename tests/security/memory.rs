//! What somebody asks for and does not take costs them, and nobody else.

use crate::app::{Person, Socket, TestApp, in_time, narrow_listener};
use model::event::close;
use serde_json::{Value, json};
use sotto::kit::budget::Budget;
use std::{collections::BTreeSet, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

/// Four bytes each, so 16 KB.
fn long(n: usize) -> String {
    format!("{n:04}{}", "🦆".repeat(3990))
}

/// Two contacts, and a conversation with so many long messages.
async fn talk(app: &TestApp, messages: usize) -> (Person, Person, String) {
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for n in 0..messages {
        ben.write(&conversation, &long(n)).await;
    }
    (ada, ben, conversation)
}

async fn unlimited() -> TestApp {
    TestApp::on(narrow_listener(), |config| config.limits.rates = false)
}

/// Asks for the newest page, over a connection that takes very little by itself.
async fn ask(person: &Person, conversation: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.set_recv_buffer_size(4096).expect("a small buffer");
    let mut stream = socket.connect(person.addr).await.expect("a connection");
    let request = format!(
        "GET /api/conversations/{conversation}/messages?limit=100 HTTP/1.1\r\nHost: {}\r\nCookie: {}\r\n\r\n",
        person.addr,
        person.cookies().expect("a session"),
    );
    stream.write_all(request.as_bytes()).await.expect("a request");
    stream
}

fn seqs(page: &Value) -> Vec<u64> {
    let messages = page["messages"].as_array().expect("a list");
    messages.iter().map(|message| message["seq"].as_u64().expect("a seq")).collect()
}

#[tokio::test]
async fn a_page_of_long_messages_holds_fewer_and_none_is_left_out() {
    let app = unlimited().await;
    let (ada, ben, conversation) = talk(&app, 40).await;
    let whole: Vec<u64> = (1..=40).collect();
    let (mut backwards, mut before, mut pages) = (BTreeSet::new(), 41, 0);
    while before > 1 {
        let page = ada.history(&conversation, &format!("before={before}&limit=100")).await;
        assert!(page.text.len() < 300 * 1024, "{} bytes", page.text.len());
        let found = seqs(&page.ok());
        assert_eq!(found.last(), Some(&(before - 1)), "it lies next to what was asked for");
        assert_eq!(page.ok()["has_more"], found[0] > 1);
        before = found[0];
        backwards.extend(found);
        pages += 1;
    }
    assert_eq!((backwards.into_iter().collect::<Vec<_>>(), pages > 2), (whole.clone(), true));
    let (mut forwards, mut has_more) = (Vec::new(), true);
    while has_more {
        let after = forwards.last().copied().unwrap_or(0);
        let page = ada.history(&conversation, &format!("after={after}&limit=100")).await.ok();
        forwards.extend(seqs(&page));
        has_more = page["has_more"] == true;
    }
    assert_eq!(forwards, whole);
    // Over a socket as well, and of short messages as many as asked for.
    let mut socket = ada.socket().await;
    socket.say(json!({ "type": "load_conversation", "conversation_id": conversation, "limit": 100 })).await;
    let loaded = socket.hear("conversation_loaded").await;
    assert_eq!((seqs(&loaded).last(), &loaded["has_more"]), (Some(&40), &json!(true)));
    for n in 0..100 {
        ben.write(&conversation, &format!("{n}")).await;
    }
    assert_eq!(seqs(&ada.history(&conversation, "limit=100").await.ok()).len(), 100);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_takes_has_so_much_room_and_no_more() {
    const ROOM: usize = 2 * 1024 * 1024;
    let app = TestApp::on(narrow_listener(), |config| {
        config.limits.rates = false;
        config.answer_room = ROOM;
    });
    let (ada, ben, conversation) = talk(&app, 20).await;
    let budget = app.state.part::<Budget>();
    let mut open = Vec::new();
    for _ in 0..12 {
        open.push(ask(&ada, &conversation).await);
    }
    in_time("answers that fill it", async {
        while budget.taken() < ROOM - 300 * 1024 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    assert!(budget.taken() <= ROOM, "{} bytes", budget.taken());
    ben.history(&conversation, "limit=100").await.refused(503, "unavailable");
    // What is small goes on, and so does everything once it is taken or given up.
    ben.write(&conversation, "still here").await;
    assert_eq!(ben.history(&conversation, "limit=1").await.status, 200);
    drop(open);
    in_time("room", async {
        while budget.taken() > 0 {
            tokio::task::yield_now().await;
        }
    })
    .await;
    ben.history(&conversation, "limit=100").await.ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_is_taken_at_a_certain_speed_or_not_at_all() {
    let app = TestApp::on(narrow_listener(), |config| {
        config.limits.rates = false;
        config.timeouts.write = Duration::from_millis(400);
    });
    let (ada, _ben, conversation) = talk(&app, 20).await;
    // Something every now and then is enough for no patience of any kind, but not fast enough.
    let mut slow = ask(&ada, &conversation).await;
    let mut taken = 0;
    let ended = in_time("the end", async {
        let mut piece = [0; 128];
        loop {
            match slow.read(&mut piece).await {
                Ok(0) | Err(_) => return true,
                Ok(bytes) => taken += bytes,
            }
            if taken > 200 * 1024 {
                return false;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    });
    assert!(ended.await, "it was given all that time for {taken} bytes");
    // Others are served.
    ada.history(&conversation, "limit=1").await.ok();
}

#[tokio::test]
async fn pages_of_history_have_the_rate_of_frames() {
    let app = TestApp::with(|config| {
        config.limits.event_burst = 5;
        config.limits.events_per_second = 1;
    })
    .await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    for _ in 0..5 {
        ada.history(&conversation, "").await.ok();
    }
    ada.history(&conversation, "").await.refused(429, "too_many");
}

/// A part of a text message.
fn part(opcode: Data, text: &str, is_last: bool) -> Message {
    Message::Frame(Frame::message(text.to_owned(), OpCode::Data(opcode), is_last))
}

async fn say_in_parts(socket: &mut Socket, text: &str, size: usize) {
    let parts: Vec<_> = text.as_bytes().chunks(size).map(|part| String::from_utf8_lossy(part)).collect();
    for (index, text) in parts.iter().enumerate() {
        let opcode = if index == 0 { Data::Text } else { Data::Continue };
        socket.say_raw(part(opcode, text, index + 1 == parts.len())).await;
    }
}

#[tokio::test]
async fn a_message_in_parts_is_put_together_and_one_without_an_end_is_given_up() {
    let app = TestApp::without_rates().await;
    let ada = app.person("ada").await;
    let mut socket = ada.socket().await;
    // As large as a frame may be, in small parts, again and again.
    let resume = json!({ "type": "resume", "cursors": {}, "padding": "x".repeat(60_000) }).to_string();
    for _ in 0..3 {
        say_in_parts(&mut socket, &resume, 16).await;
        socket.hear("resumed").await;
    }
    assert!(socket.try_say_raw(part(Data::Text, "", false)).await);
    let mut parts = 0;
    while parts < 1_000_000 && socket.try_say_raw(part(Data::Continue, "", false)).await {
        parts += 1;
    }
    assert_eq!(socket.closed().await, close::FLOODING);
    assert!(parts < 500_000, "{parts} parts");
    // Nobody else has noticed.
    ada.socket().await;
}

#[tokio::test]
async fn an_exchange_answers_so_much_and_no_more() {
    let app = unlimited().await;
    let (ada, _ben, conversation) = talk(&app, 20).await;
    let load = json!({ "type": "load_conversation", "conversation_id": conversation, "limit": 100 });
    let answers = ada.post("/api/exchange", vec![load; 20].into()).await;
    assert!(answers.text.len() < 1024 * 1024, "{} bytes", answers.text.len());
    let answers = answers.ok();
    let answers = answers.as_array().expect("a list");
    assert_eq!((answers.len(), &answers[0]["type"]), (20, &json!("conversation_loaded")));
    assert_eq!(answers[19]["error"]["code"], "unavailable");
}
