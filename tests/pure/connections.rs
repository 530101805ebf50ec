//! Room for connections, as far as it can be shown without any.

use sotto::{
    kit::{
        Config,
        config::{Limits, Networks},
    },
    web::connections::{Connections, Full},
};
use std::net::IpAddr;

fn ip(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn config() -> Config {
    Config::read(|_| None).expect("the usual settings")
}

#[test]
fn an_ipv6_household_counts_as_one() {
    let connections = Connections::new(&Limits { connections_per_address: 2, ..Limits::default() });
    let enter = |from: &str| connections.enter(&config(), ip(from));
    let _open = (enter("2001:db8:1:2::1").expect("room"), enter("2001:db8:1:2:3:4:5:6").expect("room"));
    assert_eq!(enter("2001:db8:1:2:ffff::").err(), Some(Full::Network));
    assert!(enter("2001:db8:1:3::1").is_ok());
}

#[test]
fn an_ipv4_address_is_the_same_in_ipv6_clothes() {
    let connections = Connections::new(&Limits { connections_per_address: 1, ..Limits::default() });
    let enter = |from: &str| connections.enter(&config(), ip(from));
    let _open = enter("192.0.2.7").expect("room");
    assert_eq!(enter("::ffff:192.0.2.7").err(), Some(Full::Network));
    assert!(enter("192.0.2.8").is_ok());
}

#[test]
fn a_trusted_proxy_has_no_bound_of_its_own_but_counts() {
    let config = Config { trusted_proxies: Networks(vec![ip("10.0.0.2").into()]), ..config() };
    let limits = Limits { connections: 4, connections_per_address: 1, ..Limits::default() };
    let connections = Connections::new(&limits);
    let enter = |from: &str| connections.enter(&config, ip(from));
    let mut open: Vec<_> = (0..4).map(|_| enter("::ffff:10.0.0.2").expect("room")).collect();
    for from in ["10.0.0.2", "192.0.2.7"] {
        assert_eq!(enter(from).err(), Some(Full::Server));
    }
    open.pop();
    assert!(enter("192.0.2.7").is_ok());
}

#[test]
fn no_network_has_more_than_half_and_a_place_is_given_back() {
    let limits = Limits { connections: 10, connections_per_address: 100, ..Limits::default() };
    let connections = Connections::new(&limits);
    let enter = |from: &str| connections.enter(&config(), ip(from));
    for _ in 0..3 {
        let open: Vec<_> = (0..5).map(|_| enter("192.0.2.1").expect("room")).collect();
        assert_eq!(enter("192.0.2.1").err(), Some(Full::Network));
        drop(open);
    }
}

#[test]
fn without_rates_only_open_files_bound_connections() {
    let limits = Limits { rates: false, connections: 1, connections_per_address: 1, ..Limits::default() };
    let connections = Connections::new(&limits);
    let open: Vec<_> = (0..50).map(|_| connections.enter(&config(), ip("127.0.0.1"))).collect();
    assert!(open.iter().all(Result::is_ok));
}
