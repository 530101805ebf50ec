//! Settings: what is refused is refused by name.

use sotto::kit::config::{Config, Origin, Signups};

fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
    let get =
        |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
    Config::read(get).map_err(|error| error.to_string())
}

fn config(settings: &[(&str, &str)]) -> Config {
    read(settings).unwrap_or_else(|error| panic!("{settings:?}: {error}"))
}

#[test]
fn without_settings_the_server_is_private_to_its_machine() {
    let config = config(&[]);
    assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
    assert_eq!((config.data.to_str(), config.log.as_str()), (Some("data"), "info"));
    assert_eq!(config.origin, None);
    assert!(config.limits.rates && !config.is_https());
    assert_eq!(config.bcrypt_cost, 12);
}

#[test]
fn every_setting_is_taken() {
    let config = config(&[
        ("SOTTO_ADDR", "0.0.0.0:8080"),
        ("SOTTO_DATA", "/srv/sotto"),
        ("SOTTO_ORIGIN", "https://chat.example.org"),
        ("SOTTO_PLAIN_HTTP", "allowed"),
        ("SOTTO_LOG", "debug"),
        ("SOTTO_LIMIT_SIGNUPS", "1"),
        ("SOTTO_LIMIT_LOGIN_FAILURES", "2"),
        ("SOTTO_LIMIT_REQUESTS", "3"),
        ("SOTTO_LIMIT_EVENTS", "4"),
        ("SOTTO_LIMIT_BURST", "5"),
        ("SOTTO_LIMIT_SOCKETS", "6"),
        ("SOTTO_LIMIT_CONNECTIONS", "8"),
        ("SOTTO_LIMIT_CONNECTIONS_PER_ADDRESS", "7"),
    ]);
    assert_eq!(config.addr.to_string(), "0.0.0.0:8080");
    assert_eq!((config.data.to_str(), config.log.as_str()), (Some("/srv/sotto"), "debug"));
    assert!(config.is_https() && config.is_own_origin("https://chat.example.org", ""));
    let limits = config.limits;
    assert_eq!(
        (limits.signups_per_hour, limits.login_failures_per_hour, limits.requests_per_hour),
        (1, 2, 3)
    );
    assert_eq!((limits.events_per_second, limits.event_burst, limits.sockets_per_user), (4, 5, 6));
    assert_eq!((limits.connections_per_address, limits.connections), (7, 8));
}

#[test]
fn a_wrong_value_is_refused_by_its_name() {
    for (name, value) in [
        ("SOTTO_ADDR", "localhost:3000"),
        ("SOTTO_SIGNUPS", "nobody"),
        ("SOTTO_MEMBER_INVITES", "on"),
        ("SOTTO_ADDR", "127.0.0.1"),
        ("SOTTO_ADDR", "127.0.0.1:65536"),
        ("SOTTO_ORIGIN", "chat.example.org"),
        ("SOTTO_RATE_LIMITS", "false"),
        ("SOTTO_GROUP_MEMBERS", "1"),
        ("SOTTO_GROUP_MEMBERS", "1001"),
        ("SOTTO_LIMIT_SIGNUPS", "0"),
        ("SOTTO_LIMIT_LOGIN_FAILURES", "-1"),
        ("SOTTO_LIMIT_REQUESTS", "many"),
        ("SOTTO_LIMIT_EVENTS", "1.5"),
        ("SOTTO_LIMIT_BURST", "4294967296"),
        ("SOTTO_LIMIT_SOCKETS", "0"),
        ("SOTTO_LIMIT_CONNECTIONS", "0"),
        ("SOTTO_LIMIT_CONNECTIONS_PER_ADDRESS", "none"),
    ] {
        let error = read(&[(name, value)]).expect_err(name);
        assert!(error.starts_with(&format!("{name} is {value:?}: ")), "{error}");
    }
}

#[test]
fn beyond_loopback_an_origin_is_needed_and_rates_cannot_be_off() {
    let error = read(&[("SOTTO_ADDR", "0.0.0.0:3000")]).expect_err("no origin");
    assert!(error.starts_with("SOTTO_ORIGIN"), "{error}");
    let public =
        [("SOTTO_ADDR", "[::]:3000"), ("SOTTO_ORIGIN", "https://a.org"), ("SOTTO_RATE_LIMITS", "off")];
    let error = read(&public).expect_err("no limits");
    assert!(error.starts_with("SOTTO_RATE_LIMITS"), "{error}");
    for addr in ["127.0.0.1:3000", "[::1]:3000"] {
        assert!(!config(&[("SOTTO_ADDR", addr), ("SOTTO_RATE_LIMITS", "off")]).limits.rates);
    }
}

#[test]
fn an_origin_is_what_a_browser_sends() {
    for (text, sent) in [
        ("https://chat.example.org", "https://chat.example.org"),
        ("https://chat.example.org/", "https://chat.example.org"),
        ("https://chat.example.org:443", "https://chat.example.org"),
        ("http://chat.example.org:80", "http://chat.example.org"),
        ("http://chat.example.org:443", "http://chat.example.org:443"),
        ("https://chat.example.org:8443", "https://chat.example.org:8443"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://192.0.2.1", "https://192.0.2.1"),
    ] {
        let site = config(&[("SOTTO_ORIGIN", text)]);
        assert!(site.is_own_origin(sent, "whatever"), "{text} is {sent}");
        assert_eq!(site.is_https(), text.starts_with("https"), "{text}");
        for other in ["null", "", "https://example.org", &format!("{sent}.evil.org"), &format!("{sent}/")] {
            assert!(!site.is_own_origin(other, "whatever"), "{text} is not {other}");
        }
    }
}

#[test]
fn what_no_browser_would_send_is_no_origin() {
    for text in [
        "",
        "/",
        "https://",
        "https:///",
        "ftp://example.org",
        "example.org",
        "//example.org",
        "https://example.org/chat",
        "https://user@example.org",
        "https://example.org?x",
        "https://Example.org",
        "HTTPS://example.org",
        "https://exam ple.org",
        " https://example.org",
        "https://bücher.example",
        "https://*",
        "null",
        "https://:443",
        "https://example.org:",
        "https://example.org:https",
        "https://example.org:99999",
    ] {
        assert_eq!(Origin::parse(text), None, "{text}");
    }
}

#[test]
fn on_loopback_the_site_is_itself_under_each_of_its_names() {
    let usual = config(&[]);
    for host in
        ["127.0.0.1:3000", "localhost:3000", "[::1]:3000", "localhost", "LocalHost:3000", "localhost:4000"]
    {
        assert!(usual.is_own_host(host), "{host}");
        assert!(
            usual.is_own_origin(&format!("http://{}", host.to_lowercase()), &host.to_lowercase()),
            "{host}"
        );
    }
    for host in
        ["evil.localhost:3000", "localhost.evil:3000", "evil.example", "", ":3000", "127.0.0.1.evil.example"]
    {
        assert!(!usual.is_own_host(host), "{host}");
        assert!(!usual.is_own_origin(&format!("http://{host}"), host), "{host}");
    }
    // A page of another port here is another site.
    for other in
        ["http://localhost", "https://localhost:3000", "http://localhost:3001", "http://127.0.0.1:3000"]
    {
        assert!(!usual.is_own_origin(other, "localhost:3000"), "{other}");
    }
    let site = config(&[("SOTTO_ORIGIN", "https://chat.example.org")]);
    for (host, own) in [
        ("chat.example.org", true),
        ("Chat.Example.org:443", true),
        ("chat.example.org:80", false),
        ("localhost:3000", false),
    ] {
        assert_eq!(site.is_own_host(host), own, "{host}");
    }
    let plain = config(&[("SOTTO_ADDR", "127.0.0.1:80")]);
    assert!(plain.is_own_origin("http://localhost", "localhost"), "a browser leaves the usual port out");
}

#[test]
fn a_server_that_others_reach_is_by_invitation() {
    const PUBLIC: (&str, &str) = ("SOTTO_ORIGIN", "https://chat.example.org");
    const EVERYWHERE: (&str, &str) = ("SOTTO_ADDR", "0.0.0.0:3000");
    const PLAIN: (&str, &str) = ("SOTTO_PLAIN_HTTP", "allowed");
    for (settings, expected) in [
        (&[][..], Signups::Open),
        (&[("SOTTO_ADDR", "[::1]:3000")], Signups::Open),
        (&[("SOTTO_ORIGIN", "http://localhost:4100")], Signups::Open),
        (&[("SOTTO_ORIGIN", "http://chat.localhost")], Signups::Open),
        (&[("SOTTO_ORIGIN", "http://[::1]:3000")], Signups::Open),
        // Something on this machine passes on what comes from elsewhere.
        (&[PUBLIC], Signups::Invite),
        (&[EVERYWHERE, PLAIN, PUBLIC], Signups::Invite),
        // The port may be published.
        (&[EVERYWHERE, PLAIN, ("SOTTO_ORIGIN", "http://localhost:3000")], Signups::Invite),
        (&[PUBLIC, ("SOTTO_SIGNUPS", "open")], Signups::Open),
        (&[("SOTTO_SIGNUPS", "invite")], Signups::Invite),
        (&[("SOTTO_SIGNUPS", "closed")], Signups::Closed),
    ] {
        assert_eq!(config(settings).signups(), expected, "{settings:?}");
    }
    let allowed = ("SOTTO_MEMBER_INVITES", "allowed");
    assert!(config(&[PUBLIC, allowed]).members_invite() && !config(&[PUBLIC]).members_invite());
    assert!(!config(&[allowed]).members_invite(), "where anybody can sign up, nobody needs to");
}
