//! Which addresses this server asks for somebody else: those of the public internet alone (the IANA registries of
//! special-purpose addresses, RFC 6890).

use ipnet::{Ipv4Net, Ipv6Net};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What is not the public internet.
const NOT_PUBLIC_V4: [Ipv4Net; 15] = [
    // This network (RFC 1122), which many systems take for themselves.
    v4([0, 0, 0, 0], 8),
    // Private (RFC 1918).
    v4([10, 0, 0, 0], 8),
    v4([172, 16, 0, 0], 12),
    v4([192, 168, 0, 0], 16),
    // Behind the address translation of a provider (RFC 6598).
    v4([100, 64, 0, 0], 10),
    // This machine (RFC 1122).
    v4([127, 0, 0, 0], 8),
    // This link (RFC 3927): here clouds tell a machine its secrets.
    v4([169, 254, 0, 0], 16),
    // For protocols (RFC 6890), and the way to 6to4 (RFC 7526).
    v4([192, 0, 0, 0], 24),
    v4([192, 88, 99, 0], 24),
    // For documents (RFC 5737).
    v4([192, 0, 2, 0], 24),
    v4([198, 51, 100, 0], 24),
    v4([203, 0, 113, 0], 24),
    // For measurements (RFC 2544).
    v4([198, 18, 0, 0], 15),
    // Many at once (RFC 5771).
    v4([224, 0, 0, 0], 4),
    // Reserved (RFC 1112), and everybody on this link (RFC 919).
    v4([240, 0, 0, 0], 4),
];

/// All that is assigned to be reached from anywhere (RFC 4291). Outside are this machine, links, private networks
/// (`fc00::/7`), many at once, and what nobody has.
const PUBLIC_V6: Ipv6Net = v6([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

/// What of it is not the public internet.
const NOT_PUBLIC_V6: [Ipv6Net; 4] = [
    // For protocols (RFC 2928); Teredo among them (RFC 4380), behind which is an address of IPv4.
    v6([0x2001, 0, 0, 0, 0, 0, 0, 0], 23),
    // For documents (RFC 3849, RFC 9637).
    v6([0x2001, 0x0db8, 0, 0, 0, 0, 0, 0], 32),
    v6([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20),
    // A trial that is over (RFC 3701).
    v6([0x3ffe, 0, 0, 0, 0, 0, 0, 0], 16),
];

/// Addresses of IPv4 written as IPv6 (RFC 4291, 2.5.5.2).
const MAPPED: Ipv6Net = v6([0, 0, 0, 0, 0, 0xffff, 0, 0], 96);
/// What a translator makes addresses of IPv4 of (RFC 6052).
const NAT64: Ipv6Net = v6([0x0064, 0xff9b, 0, 0, 0, 0, 0, 0], 96);
/// Networks of which each lies behind an address of IPv4 (RFC 3056).
const SIX_TO_FOUR: Ipv6Net = v6([0x2002, 0, 0, 0, 0, 0, 0, 0], 16);

const fn v4([a, b, c, d]: [u8; 4], bits: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), bits)
}

const fn v6([a, b, c, d, e, f, g, h]: [u16; 8], bits: u8) -> Ipv6Net {
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, e, f, g, h), bits)
}

/// Whether an address is one of the public internet. One that has another within is what that is.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => match within(address) {
            Some(within) => is_public_v4(within),
            None => PUBLIC_V6.contains(&address) && !NOT_PUBLIC_V6.iter().any(|net| net.contains(&address)),
        },
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    !NOT_PUBLIC_V4.iter().any(|net| net.contains(&address))
}

/// The address of IPv4 that a packet to this one may end at.
fn within(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [_, b, c, .., d, e] = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    if MAPPED.contains(&address) || NAT64.contains(&address) {
        return Some(of(d, e));
    }
    SIX_TO_FOUR.contains(&address).then(|| of(b, c))
}
