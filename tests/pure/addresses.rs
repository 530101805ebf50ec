//! Which addresses are those of the public internet: each range that is not, at both of its ends and next to them.

use sotto::kit::outbound::address::is_public;

#[track_caller]
fn all(are_public: bool, addresses: &[&str]) {
    for address in addresses {
        let parsed = address.parse().expect("an address");
        assert_eq!(is_public(parsed), are_public, "{address}");
    }
}

#[test]
fn no_special_address_of_ipv4_is_public() {
    for (first, last, before, after) in [
        ("0.0.0.0", "0.255.255.255", None, Some("1.0.0.0")),
        ("10.0.0.0", "10.255.255.255", Some("9.255.255.255"), Some("11.0.0.0")),
        ("100.64.0.0", "100.127.255.255", Some("100.63.255.255"), Some("100.128.0.0")),
        ("127.0.0.0", "127.255.255.255", Some("126.255.255.255"), Some("128.0.0.0")),
        ("169.254.0.0", "169.254.255.255", Some("169.253.255.255"), Some("169.255.0.0")),
        ("172.16.0.0", "172.31.255.255", Some("172.15.255.255"), Some("172.32.0.0")),
        ("192.0.0.0", "192.0.0.255", Some("191.255.255.255"), Some("192.0.1.0")),
        ("192.0.2.0", "192.0.2.255", Some("192.0.1.255"), Some("192.0.3.0")),
        ("192.88.99.0", "192.88.99.255", Some("192.88.98.255"), Some("192.88.100.0")),
        ("192.168.0.0", "192.168.255.255", Some("192.167.255.255"), Some("192.169.0.0")),
        ("198.18.0.0", "198.19.255.255", Some("198.17.255.255"), Some("198.20.0.0")),
        ("198.51.100.0", "198.51.100.255", Some("198.51.99.255"), Some("198.51.101.0")),
        ("203.0.113.0", "203.0.113.255", Some("203.0.112.255"), Some("203.0.114.0")),
        ("224.0.0.0", "255.255.255.255", Some("223.255.255.255"), None),
    ] {
        all(false, &[first, last]);
        all(true, &before.into_iter().chain(after).collect::<Vec<_>>());
        // The same in every form of IPv6 that has it within.
        for (v4, is_one) in [(first, false), (last, false)].into_iter().chain(before.zip(Some(true))) {
            let [a, b, c, d] = v4.parse::<std::net::Ipv4Addr>().expect("an address").octets();
            all(
                is_one,
                &[
                    &format!("::ffff:{v4}"),
                    &format!("64:ff9b::{v4}"),
                    &format!("2002:{a:02x}{b:02x}:{c:02x}{d:02x}::1"),
                ],
            );
        }
    }
    all(false, &["169.254.169.254", "127.0.0.1", "255.255.255.255", "240.0.0.1", "239.255.255.250"]);
    all(true, &["1.1.1.1", "8.8.8.8", "93.184.215.14", "223.255.255.255"]);
}

#[test]
fn no_special_address_of_ipv6_is_public() {
    all(
        false,
        &[
            // Nothing, this machine, and what looks like IPv4.
            "::",
            "::1",
            "::2",
            "::7f00:1",
            "::8.8.8.8",
            "::ffff:0:8.8.8.8",
            // A translator of one's own, and what nobody has.
            "64:ff9a:ffff:ffff::",
            "64:ff9b::1:0:0",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            // Protocols: Teredo, measurements, keys for addresses.
            "2001::",
            "2001::ffff:ffff:ffff",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff",
            // Documents, and a trial.
            "2001:db8::",
            "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
            "3fff::",
            "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff",
            "3ffe::",
            "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            // Routing by segments, private, this link, this site, many.
            "4000::",
            "5f00::1",
            "fc00::",
            "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "fd00:ec2::254",
            "fe80::",
            "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "fec0::1",
            "ff00::",
            "ff02::1",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ],
    );
    all(
        true,
        &[
            "2000::",
            "2001:200::",
            "2001:4860:4860::8888",
            "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff",
            "2001:db9::",
            "2003::1",
            "2606:4700:4700::1111",
            "2a00:1450:4001::1",
            "3ffd:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "3fff:1000::",
            "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
            "2002:808:808::1",
            "64:ff9b::8.8.8.8",
        ],
    );
}
