//! Guessing passwords tells nothing and costs the server the same, whoever is guessed at
//! (OWASP ASVS 5.0, 6.3).

use crate::app::{Answer, PASSWORD, TestApp};
use model::time::Timestamp;
use sotto::{
    browser::clock,
    kit::{config::Networks, password::Hasher},
};
use std::collections::BTreeMap;

/// The rounds of one comparison at the cost that tests hash with.
const ONE: u64 = 1 << 4;

/// All of an answer but what is another one each time.
fn look(answer: &Answer) -> (u16, String, BTreeMap<String, String>) {
    let headers =
        answer.headers.iter().filter(|(name, _)| !["date", "x-request-id"].contains(&name.as_str()));
    let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| {
        let value = value.to_str().expect("an ASCII header");
        // A nonce differs, too.
        let value = value.split("'nonce-").next().unwrap_or_default();
        (name.to_string(), value.to_owned())
    };
    (answer.status, answer.text.clone(), headers.map(header).collect())
}

#[tokio::test]
async fn every_guess_gets_the_same_answer_after_the_same_work() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let disabled = ben.id.parse().expect("an id");
    app.store.set_disabled(disabled, Some(Timestamp(0))).await.expect("an answer").expect("Ben");
    let long = "x".repeat(10_000);
    let mut looks = Vec::new();
    for (name, password) in [
        ("ada", "not the password"),
        ("ADA", "not the password"),
        ("nobody", "not the password"),
        ("nobody", PASSWORD),
        ("ben", "not the password"),
        ("no name at all", "not the password"),
        ("{\"$ne\":null}", "not the password"),
        ("", "not the password"),
        ("ada", ""),
        ("nobody", ""),
        ("ada", &long),
        ("nobody", &long),
    ] {
        let before = app.state.part::<Hasher>().rounds();
        let answer = app.visitor().log_in(name, password).await;
        answer.refused(401, "wrong_credentials");
        assert_eq!(app.state.part::<Hasher>().rounds() - before, ONE, "{name:?} {} bytes", password.len());
        looks.push(look(&answer));
    }
    for other in &looks {
        assert_eq!(other, &looks[0], "nobody learns whose name it was");
    }
    let before = app.state.part::<Hasher>().rounds();
    app.visitor().log_in(&ada.name, PASSWORD).await.ok();
    assert_eq!(app.state.part::<Hasher>().rounds() - before, ONE, "the right one takes no other time");
}

#[tokio::test]
async fn a_refusal_by_a_limit_costs_no_comparison() {
    let app = TestApp::with(|config| config.limits.login_failures_per_hour = 2).await;
    app.person("ada").await;
    for _ in 0..2 {
        app.visitor().log_in("ada", "not the password").await.refused(401, "wrong_credentials");
    }
    let before = app.state.part::<Hasher>().rounds();
    for (name, password) in [("ada", PASSWORD), ("ada", "not the password"), ("nobody", PASSWORD)] {
        app.visitor().log_in(name, password).await.refused(429, "too_many");
    }
    assert_eq!(app.state.part::<Hasher>().rounds(), before, "a flood of guesses keeps no core busy");
}

#[tokio::test]
async fn guesses_at_one_account_from_many_addresses_are_delayed_and_lock_nobody_out() {
    let app = TestApp::with(|config| {
        config.limits.login_failures_per_hour = 3;
        config.trusted_proxies = Networks(vec!["127.0.0.0/8".parse().expect("a network")]);
    })
    .await;
    app.person("ada").await;
    app.person("ben").await;
    let guess = async |name: &str, password: &str, from: &str| {
        let fields = serde_json::json!({ "mode": "login", "username": name, "password": password });
        let call = app.visitor().call(reqwest::Method::POST, "/auth").json(fields);
        call.header("x-forwarded-for", from).send().await
    };
    for n in 0..3 {
        let answer = guess("ada", "not the password", &format!("203.0.113.{n}")).await;
        answer.refused(401, "wrong_credentials");
    }
    for name in ["ada", "ADA"] {
        let answer = guess(name, PASSWORD, "203.0.113.77").await;
        answer.refused(429, "too_many");
        let wait: u32 = answer.header("retry-after").expect("Retry-After").parse().expect("seconds");
        assert!((1..=60).contains(&wait), "never for long: {wait} s");
    }
    guess("ben", PASSWORD, "203.0.113.0").await.ok();
    guess("ada", PASSWORD, "127.0.0.1").await.ok();
    guess("ada", "not the password", "127.0.0.1").await.refused(401, "wrong_credentials");
    guess("ada", PASSWORD, "203.0.113.77").await.refused(429, "too_many");
}

#[tokio::test]
async fn an_account_has_so_many_sessions_and_the_one_unused_for_longest_goes() {
    let app = TestApp::without_rates().await;
    let ada = app.person("ada").await;
    for _ in 0..100 {
        app.visitor().log_in("ada", PASSWORD).await.ok();
    }
    let sessions =
        app.store.sessions_of(ada.id.parse().expect("an id"), clock::now()).await.expect("an answer");
    assert_eq!(sessions.len(), 100);
    ada.get("/api/me").await.refused(401, "not_signed_in");
}

#[tokio::test]
async fn guesses_at_the_same_moment_cost_no_more_than_one_after_the_other() {
    let app = TestApp::with(|config| config.limits.login_failures_per_hour = 5).await;
    let before = app.state.part::<Hasher>().rounds();
    let guesses = (0..60).map(|n| {
        let visitor = app.visitor();
        async move { visitor.log_in(&format!("nobody-{n}"), "not the password").await.status }
    });
    let answers = futures::future::join_all(guesses).await;
    assert_eq!(answers.iter().filter(|status| **status == 401).count(), 5, "{answers:?}");
    // Others whose turn had begun before the last of the five was over.
    let at_once = std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1)) as u64;
    let compared = (app.state.part::<Hasher>().rounds() - before) / ONE;
    assert!((5..5 + at_once).contains(&compared), "{compared} were compared");
}

#[tokio::test]
async fn one_account_with_its_password_keeps_nobody_out() {
    let app = TestApp::with(|config| {
        config.limits.signups_per_hour = 100;
        // As long as a comparison takes in earnest, but for a factor.
        config.bcrypt_cost = 8;
    })
    .await;
    app.person("mallory").await;
    let others: Vec<_> = (0..6).map(|n| format!("other-{n}")).collect();
    for other in &others {
        app.person(other).await;
    }
    let flood = (0..140).map(|_| {
        let visitor = app.visitor();
        tokio::spawn(async move { visitor.log_in("mallory", PASSWORD).await.status })
    });
    let flood: Vec<_> = flood.collect();
    for other in &others {
        // From the same address, at their first try.
        app.visitor().log_in(other, PASSWORD).await.ok();
    }
    let mut busy = 0;
    for answer in flood {
        busy += usize::from(answer.await.expect("no panic") == 503);
    }
    assert!(busy > 0, "the flood was none");
}

#[tokio::test]
async fn even_the_right_password_opens_so_many_sessions_an_hour() {
    let app = TestApp::start().await;
    app.person("ada").await;
    app.person("ben").await;
    for _ in 0..60 {
        app.visitor().log_in("ada", PASSWORD).await.ok();
    }
    let before = app.state.part::<Hasher>().rounds();
    app.visitor().log_in("Ada", PASSWORD).await.refused(429, "too_many");
    assert_eq!(app.state.part::<Hasher>().rounds(), before);
    app.visitor().log_in("ben", PASSWORD).await.ok();
}
