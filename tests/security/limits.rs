//! How often one person or address may do a thing.

use crate::app::{Answer, PASSWORD, Person, TestApp};
use model::{
    event::close,
    id::{ConversationId, MessageId},
    message::MAX_GROUPS,
};
use serde_json::json;
use sotto::{browser::clock, kit::config::Networks};
use store::Membership;
use tokio_tungstenite::tungstenite::Message;

/// 429, and after how many seconds to try again.
#[track_caller]
fn too_many(answer: &Answer) -> u32 {
    answer.refused(429, "too_many");
    let seconds = answer.header("retry-after").expect("Retry-After").parse().expect("seconds");
    assert!(seconds > 0);
    seconds
}

#[tokio::test]
async fn twenty_sign_ups_per_hour_and_address() {
    let app = TestApp::start().await;
    for n in 0..20 {
        app.person(&format!("person-{n}")).await;
    }
    let seconds = too_many(&app.visitor().sign_up("one-more", PASSWORD).await);
    assert!(seconds <= 3600 / 20, "one more may come after a twentieth of an hour: {seconds}");
    app.visitor().log_in("person-0", PASSWORD).await.ok();
    app.visitor().log_in("one-more", PASSWORD).await.refused(401, "wrong_credentials");
}

#[tokio::test]
async fn a_forged_address_does_not_help() {
    let app = TestApp::with(|config| config.limits.signups_per_hour = 1).await;
    app.person("ada").await;
    for header in ["x-forwarded-for", "forwarded", "x-real-ip"] {
        let fields = json!({ "mode": "signup", "username": "one-more", "password": PASSWORD });
        let call =
            app.visitor().call(reqwest::Method::POST, "/auth").json(fields).header(header, "203.0.113.9");
        too_many(&call.send().await);
    }
}

#[tokio::test]
async fn behind_a_trusted_proxy_everybody_has_their_own_limits() {
    let app = TestApp::with(|config| {
        config.limits.signups_per_hour = 1;
        config.trusted_proxies =
            Networks(vec!["127.0.0.0/8".parse().expect("a network"), "10.1.1.1/32".parse().expect("one")]);
    })
    .await;
    let sign_up = async |name: &str, forwarded: &str| {
        let fields = json!({ "mode": "signup", "username": name, "password": PASSWORD });
        let call = app.visitor().call(reqwest::Method::POST, "/auth").json(fields);
        call.header("x-forwarded-for", forwarded).send().await
    };
    sign_up("ada", "203.0.113.1").await.ok();
    sign_up("ben", "203.0.113.2").await.ok();
    too_many(&sign_up("one-more", "203.0.113.1").await);
    // What a client wrote itself stands before what the proxies added.
    too_many(&sign_up("one-more", "198.51.100.7, 203.0.113.1").await);
    too_many(&sign_up("one-more", "198.51.100.7, 203.0.113.1, 10.1.1.1").await);
    sign_up("cleo", "203.0.113.1, 198.51.100.7").await.ok();
    // As proxies write it: with a port, in brackets, in quotation marks.
    too_many(&sign_up("one-more", "203.0.113.1:51234").await);
    sign_up("dora", "203.0.113.3:51234").await.ok();
    too_many(&sign_up("one-more", "\"203.0.113.3\"").await);
    sign_up("emil", "[2001:db8:1::1]:443").await.ok();
    for same in ["2001:db8:1::1", "[2001:db8:1::1]", "\"[2001:db8:1::1]:51234\"", "2001:db8:1::1%eth0"] {
        too_many(&sign_up("one-more", same).await);
    }
}

#[tokio::test]
async fn whoever_may_make_no_account_learns_no_names() {
    let app = TestApp::with(|config| config.limits.signups_per_hour = 1).await;
    app.person("ada").await;
    for name in ["ada", "nobody", "ADA"] {
        too_many(&app.visitor().sign_up(name, PASSWORD).await);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn guesses_at_the_same_moment_are_limited_too() {
    let app = TestApp::with(|config| config.limits.login_failures_per_hour = 3).await;
    app.person("ada").await;
    let guesses = (0..40).map(|n| {
        let visitor = app.visitor();
        async move { visitor.log_in("ada", &format!("not the password {n}")).await.status }
    });
    let answers = futures::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 3, "{answers:?}");
    assert_eq!(answers.iter().filter(|status| **status == 429).count(), 37, "{answers:?}");
}

#[tokio::test]
async fn thirty_failed_log_ins_per_hour_and_address_and_then_not_even_the_right_password() {
    let app = TestApp::start().await;
    app.person("ada").await;
    for n in 0..30 {
        let answer = app.visitor().log_in(&format!("nobody-{n}"), "not the password").await;
        answer.refused(401, "wrong_credentials");
    }
    too_many(&app.visitor().log_in("ada", PASSWORD).await);
    too_many(&app.visitor().log_in("nobody", PASSWORD).await);
}

#[tokio::test]
async fn asking_which_names_are_taken_costs_as_much_as_a_failed_log_in() {
    let app = TestApp::with(|config| config.limits.login_failures_per_hour = 2).await;
    app.person("ada").await;
    for _ in 0..2 {
        app.visitor().sign_up("ada", PASSWORD).await.refused(409, "username_taken");
    }
    // What is said then is the same of a name that nobody has.
    for name in ["ada", "nobody"] {
        too_many(&app.visitor().sign_up(name, PASSWORD).await);
    }
    // Nor does a password that would never do tell anything.
    app.visitor().sign_up("ada", "short").await.refused(422, "invalid_password");
}

#[tokio::test]
async fn log_ins_that_succeed_are_not_counted() {
    let app = TestApp::with(|config| config.limits.login_failures_per_hour = 2).await;
    app.person("ada").await;
    for _ in 0..5 {
        app.visitor().log_in("ada", PASSWORD).await.ok();
    }
}

#[tokio::test]
async fn thirty_friend_requests_per_hour_and_person() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    for n in 0..30 {
        ada.try_ask(&format!("nobody-{n}")).await.refused(404, "no_such_user");
    }
    too_many(&ada.try_ask("ben").await);
    ben.try_ask("ada").await.ok();
}

#[tokio::test]
async fn a_socket_that_floods_is_closed_and_only_that_person_waits() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let (mut flood, mut calm) = (ada.socket().await, ben.socket().await);
    for _ in 0..400 {
        if !flood.try_say(json!({ "type": "no_such_type" })).await {
            break;
        }
    }
    assert_eq!(flood.closed().await, close::FLOODING);
    ben.write(&conversation, "still here").await;
    calm.hear("new_message").await;
}

#[tokio::test]
async fn frames_that_nobody_answers_count_as_well() {
    let app = TestApp::start().await;
    let frames = [
        ("ada", Message::binary(vec![1])),
        ("ben", Message::Ping(vec![1].into())),
        ("cleo", Message::Pong(vec![1].into())),
    ];
    for (name, frame) in frames {
        let mut flood = app.person(name).await.socket().await;
        for _ in 0..400 {
            if !flood.try_say_raw(frame.clone()).await {
                break;
            }
        }
        assert_eq!(flood.closed().await, close::FLOODING, "{frame:?}");
    }
}

#[tokio::test]
async fn messages_posted_count_as_events() {
    let app = TestApp::with(|config| {
        config.limits.events_per_second = 1;
        config.limits.event_burst = 5;
    })
    .await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut refused = None;
    for n in 0..20 {
        let answer = ada.try_write(&conversation, &crate::app::message_id(), &n.to_string()).await;
        if answer.status == 429 {
            refused = Some(answer);
            break;
        }
    }
    too_many(&refused.expect("a flood is refused"));
}

#[tokio::test]
async fn a_person_has_so_many_sockets_and_no_more() {
    let app = TestApp::with(|config| config.limits.sockets_per_user = 2).await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let (first, _second) = (ada.socket().await, ada.socket().await);
    assert_eq!(ada.connect().await.err(), Some(429));
    ben.connect().await.expect("others are not concerned");
    first.leave().await;
    ada.connect().await.expect("room for another");
}

#[tokio::test]
async fn limits_can_be_switched_off() {
    let app = TestApp::without_rates().await;
    let ada = app.person("ada").await;
    for _ in 0..40 {
        app.visitor().log_in("ada", "not the password").await.refused(401, "wrong_credentials");
        ada.try_ask("nobody").await.refused(404, "no_such_user");
    }
}

#[tokio::test]
async fn so_many_groups_an_hour_and_so_many_for_one_person() {
    let app = TestApp::start().await;
    let [ada, ben] = [app.person("ada").await, app.person("ben").await];
    ada.befriend(&ben).await;
    let (mut made, mut refused) = (0, None);
    while refused.is_none() {
        let answer = ada.post("/api/groups", group_of(&ben)).await;
        match answer.status {
            200 => made += 1,
            _ => refused = Some(answer),
        }
    }
    refused.expect("an answer").refused(429, "too_many");
    assert_eq!(made, 60);

    // Contacts are in unasked, so there is an end to it also for somebody with patience.
    let app = TestApp::without_rates().await;
    let [ada, ben] = [app.person("ada").await, app.person("ben").await];
    ada.befriend(&ben).await;
    let [id_of_ada, id_of_ben] = [&ada, &ben].map(|person| person.id.parse().expect("an id"));
    for _ in 0..MAX_GROUPS {
        let first = Membership {
            conversation: ConversationId::new(),
            member: id_of_ada,
            by: id_of_ada,
            message: MessageId::new(),
            at: clock::now(),
        };
        app.store.create_group(first, None, vec![id_of_ben]).await.expect("a group");
    }
    let refused = ada.post("/api/groups", group_of(&ben)).await.refused(403, "not_allowed");
    assert_eq!(refused.as_deref(), Some("members"));
}

fn group_of(member: &Person) -> serde_json::Value {
    json!({ "name": "Ducks", "members": [member.id] })
}
