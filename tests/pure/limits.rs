//! Rates, as far as they can be shown without waiting.

use model::{error::ErrorCode, id::UserId};
use sotto::kit::{
    Config, Part,
    config::Limits,
    guesses::Failures,
    limits::{Limiter, network_of},
};
use std::{
    hash::Hash,
    net::IpAddr,
    time::{Duration, Instant},
};

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

/// What is counted of wrong passwords, with certain limits.
fn failures(limits: Limits) -> Failures {
    Failures::new(&Config { limits, ..Config::read(|_| None).expect("the usual settings") })
}

/// Takes all tokens; there are exactly `burst`, and the next is refused for at most `wait` seconds.
fn assert_burst<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K, burst: u32, wait: u32) {
    for taken in 0..burst {
        assert_eq!(limiter.peek(key), Ok(()), "{taken} of {burst} were taken");
        assert_eq!(limiter.take(key), Ok(()), "{taken} of {burst} were taken");
    }
    for refused in [limiter.peek(key), limiter.take(key)] {
        let error = refused.expect_err("an empty bucket");
        assert_eq!(error.code, ErrorCode::TooMany);
        let seconds = error.retry_after.expect("a time to come back");
        assert!((1..=wait).contains(&seconds), "{seconds} s of {wait}");
    }
}

#[test]
fn each_rate_has_its_own_burst_and_wait() {
    // So slow that nothing grows back while this runs.
    let limits = Limits {
        signups_per_hour: 2,
        login_failures_per_hour: 3,
        requests_per_hour: 4,
        events_per_second: 1,
        event_burst: 5,
        ..Limits::default()
    };
    let hourly = |count| Limiter::new(limits.hourly(count));
    assert_burst(&hourly(limits.signups_per_hour), &ip("192.0.2.1"), 2, 1800);
    assert_burst(&hourly(limits.requests_per_hour), &ip("192.0.2.1"), 4, 900);
    assert_burst(&Limiter::new(limits.events()), &UserId::new(), 5, 1);
    let failures = failures(limits);
    assert_burst(&failures.by_address, &ip("192.0.2.1"), 3, 1200);
    assert_burst(&failures.confirmations, &UserId::new(), 3, 1200);
}

#[test]
fn one_key_does_not_use_up_anothers_tokens() {
    let signups = Limiter::new(Limits::default().hourly(1));
    assert_burst(&signups, &ip("192.0.2.1"), 1, 3600);
    assert_burst(&signups, &ip("192.0.2.2"), 1, 3600);
}

#[test]
fn looking_and_being_refused_cost_nothing() {
    let failures = failures(Limits { login_failures_per_hour: 1, ..Limits::default() });
    let (limiter, key) = (&failures.by_address, ip("192.0.2.1"));
    (0..50).for_each(|_| assert_eq!(limiter.peek(&key), Ok(())));
    assert_eq!(limiter.take(&key), Ok(()));
    (0..50).for_each(|_| assert!(limiter.take(&key).is_err()));
    let wait = limiter.peek(&key).expect_err("an empty bucket").retry_after;
    assert!(wait.is_some_and(|seconds| seconds <= 3600), "insisting does not make the wait longer");
}

/// How many seconds a name is left alone, tried from that network at that moment.
fn wait(failures: &Failures, name: &str, from: &str, now: Instant) -> u32 {
    let Err(error) = failures.by_name.check(name, ip(from), now) else { return 0 };
    assert_eq!(error.code, ErrorCode::TooMany);
    error.retry_after.expect("a time to come back")
}

#[test]
fn failures_at_one_name_make_the_next_wait_longer_and_longer_and_never_for_good() {
    let failures = failures(Limits { login_failures_per_hour: 3, ..Limits::default() });
    let mut now = Instant::now();
    for expected in [0, 0, 10, 20, 40, 60, 60, 60] {
        failures.by_name.count("bob", now);
        assert_eq!(wait(&failures, "bob", "192.0.2.1", now), expected);
        assert_eq!(wait(&failures, "bob", "2001:db8::1", now), expected, "wherever it comes from");
        assert_eq!(wait(&failures, "ann", "192.0.2.1", now), 0, "nobody else is concerned");
        now += Duration::from_secs(expected.into());
        assert_eq!(wait(&failures, "bob", "192.0.2.1", now), 0, "then it may be tried");
    }
    now += Duration::from_secs(3 * 3600);
    failures.by_name.count("bob", now);
    assert_eq!(wait(&failures, "bob", "192.0.2.1", now), 0, "what was long ago is forgotten");
}

#[test]
fn where_a_name_has_logged_in_others_failures_do_not_delay_it() {
    let failures = failures(Limits { login_failures_per_hour: 1, ..Limits::default() });
    let now = Instant::now();
    failures.by_name.know("bob", ip("192.0.2.1"), now);
    for name in ["ann", "bob"] {
        failures.by_name.count(name, now);
    }
    assert_eq!(wait(&failures, "bob", "192.0.2.1", now), 0);
    assert_eq!(wait(&failures, "bob", "192.0.2.2", now), 10);
    assert_eq!(wait(&failures, "ann", "192.0.2.1", now), 10, "another name is not known there");
    let months_later = now + Duration::from_secs(60 * 24 * 3600);
    failures.by_name.count("bob", months_later);
    assert_eq!(wait(&failures, "bob", "192.0.2.1", months_later), 10, "nor is one for ever");
}

#[test]
fn rates_that_are_off_refuse_nothing() {
    let limits = Limits { rates: false, login_failures_per_hour: 1, event_burst: 1, ..Limits::default() };
    let (signups, events) = (Limiter::new(limits.hourly(1)), Limiter::new(limits.events()));
    let failures = failures(limits);
    let (user, address) = (UserId::new(), ip("192.0.2.1"));
    for _ in 0..500 {
        assert_eq!(signups.take(&address), Ok(()));
        assert_eq!(events.take(&user), Ok(()));
        failures.by_name.count("bob", Instant::now());
        assert_eq!(wait(&failures, "bob", "192.0.2.1", Instant::now()), 0);
    }
}

#[test]
fn the_largest_settings_do_not_overflow() {
    let most = u32::MAX;
    let limits = Limits {
        signups_per_hour: most,
        login_failures_per_hour: most,
        requests_per_hour: most,
        events_per_second: 1,
        event_burst: most,
        ..Limits::default()
    };
    let (signups, events) = (Limiter::new(limits.hourly(most)), Limiter::new(limits.events()));
    let failures = failures(limits);
    failures.by_name.count("bob", Instant::now());
    assert_eq!(signups.take(&ip("::1")), Ok(()));
    assert_eq!(events.take(&UserId::new()), Ok(()));
}

#[test]
fn a_network_is_an_ipv4_address_or_a_households_64() {
    for (address, network) in [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::1", "::"),
    ] {
        assert_eq!(network_of(ip(address)), ip(network), "{address}");
    }
}
