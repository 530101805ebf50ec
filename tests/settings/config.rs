//! Settings that cannot be used are refused by name.

use sotto::kit::{Config, config::Origin};

fn read(settings: &[(&str, &str)]) -> Result<Config, String> {
    let get =
        |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Config::read(get).map_err(|error| error.to_string())
}

#[track_caller]
fn refused(settings: &[(&str, &str)], by: &str) {
    let error = read(settings).err().unwrap_or_else(|| panic!("{settings:?} was accepted"));
    assert!(error.starts_with(by), "{error} does not begin with {by}");
}

#[test]
fn without_settings_the_server_is_private_and_limited() {
    let config = read(&[]).expect("the usual settings");
    assert_eq!(config.addr.to_string(), "127.0.0.1:3000");
    assert!(config.limits.rates && !config.is_https());
    assert_eq!((config.limits.signups_per_hour, config.limits.login_failures_per_hour), (20, 30));
    assert_eq!((config.limits.events_per_second, config.limits.event_burst), (20, 200));
    assert_eq!((config.limits.requests_per_hour, config.limits.sockets_per_user), (30, 20));
    assert_eq!((config.limits.connections, config.limits.connections_per_address), (20_000, 1000));
    assert_eq!(config.bcrypt_cost, 12);
}

#[test]
fn limits_can_be_off_on_loopback_only() {
    let site = ("SOTTO_ORIGIN", "https://chat.example.org");
    let plain = ("SOTTO_PLAIN_HTTP", "allowed");
    for addr in ["127.0.0.1:1", "[::1]:1", "127.8.8.8:1"] {
        let config = read(&[("SOTTO_ADDR", addr), ("SOTTO_RATE_LIMITS", "off")]).expect("loopback");
        assert!(!config.limits.rates);
    }
    for addr in ["0.0.0.0:3000", "[::]:3000", "192.0.2.1:3000", "[2001:db8::1]:3000"] {
        refused(&[("SOTTO_ADDR", addr), ("SOTTO_RATE_LIMITS", "off"), site], "SOTTO_RATE_LIMITS");
        assert!(read(&[("SOTTO_ADDR", addr), ("SOTTO_RATE_LIMITS", "on"), site, plain]).is_ok());
    }
}

#[test]
fn beyond_loopback_the_sites_address_must_be_known() {
    refused(&[("SOTTO_ADDR", "0.0.0.0:3000")], "SOTTO_ORIGIN");
}

#[test]
fn what_cannot_be_used_is_refused_by_name() {
    for (name, value) in [
        ("SOTTO_ADDR", "localhost"),
        ("SOTTO_ADDR", "127.0.0.1"),
        ("SOTTO_ADDR", "127.0.0.1:70000"),
        ("SOTTO_TRUSTED_PROXIES", "localhost"),
        ("SOTTO_TRUSTED_PROXIES", "10.0.0.0/33"),
        ("SOTTO_RATE_LIMITS", "OFF"),
        ("SOTTO_RATE_LIMITS", "false"),
        ("SOTTO_LIMIT_SIGNUPS", "0"),
        ("SOTTO_LIMIT_SIGNUPS", "-1"),
        ("SOTTO_LIMIT_LOGIN_FAILURES", "many"),
        ("SOTTO_LIMIT_REQUESTS", "1.5"),
        ("SOTTO_LIMIT_EVENTS", "0"),
        ("SOTTO_LIMIT_BURST", "99999999999"),
        ("SOTTO_LIMIT_SOCKETS", "0"),
        ("SOTTO_ORIGIN", "chat.example.org"),
        ("SOTTO_ORIGIN", "ftp://chat.example.org"),
        ("SOTTO_ORIGIN", "https://chat.example.org/path"),
        ("SOTTO_ORIGIN", "https://"),
        ("SOTTO_ORIGIN", "https://user@chat.example.org"),
        ("SOTTO_ORIGIN", "https://Chat.example.org"),
        ("MONGODB_URI", "localhost:27017"),
        ("MONGODB_URI", "postgres://localhost"),
    ] {
        refused(&[(name, value)], name);
    }
}

#[test]
fn a_mongodb_uri_chooses_that_store_and_is_never_shown() {
    assert!(read(&[("DATABASE_NAME", "chat")]).expect("usable settings").mongo.is_none());
    let uri = "mongodb://sotto:secret@db.example.org/?tls=true";
    let config = read(&[("MONGODB_URI", uri)]).expect("usable settings");
    let mongo = config.mongo.as_ref().expect("a database");
    assert_eq!((mongo.uri.as_str(), mongo.database.as_str()), (uri, "sotto"));
    assert!(!format!("{config:?}").contains("secret"));
    let error = read(&[("MONGODB_URI", "sotto:secret@db.example.org")]).expect_err("no scheme");
    assert!(!error.contains("secret"), "{error}");

    let named = read(&[("MONGODB_URI", uri), ("DATABASE_NAME", "chat")]).expect("usable settings");
    assert_eq!(named.mongo.expect("a database").database, "chat");
    for name in ["a b", "a.b", "$a", "a/b", "a\0b", &"x".repeat(64)] {
        refused(&[("MONGODB_URI", uri), ("DATABASE_NAME", name)], "DATABASE_NAME");
    }
}

#[test]
fn a_bucket_needs_its_key_which_is_never_shown() {
    assert!(
        read(&[("SOTTO_S3_KEY", "anna"), ("SOTTO_FILES", "")]).expect("usable settings").bucket.is_none()
    );
    let (key, secret) = (("SOTTO_S3_KEY", "anna"), ("SOTTO_S3_SECRET", "hunter2"));
    let config = read(&[("SOTTO_FILES", "s3://chat/a/b/"), key, secret]).expect("usable settings");
    assert!(!format!("{config:?}").contains("hunter2"));
    let bucket = config.bucket.expect("a bucket");
    assert_eq!((&*bucket.name, &*bucket.prefix, &*bucket.region), ("chat", "a/b", "us-east-1"));
    assert_eq!((bucket.endpoint, &*bucket.key, &*bucket.secret), (None, "anna", "hunter2"));
    let own = [("SOTTO_S3_ENDPOINT", "http://127.0.0.1:9000"), ("SOTTO_S3_REGION", "garage")];
    let bucket = read(&[&[("SOTTO_FILES", "s3://chat"), key, secret], &own[..]].concat());
    let bucket = bucket.expect("usable settings").bucket.expect("a bucket");
    assert_eq!(
        (bucket.endpoint.as_deref(), &*bucket.region, &*bucket.prefix),
        (Some(own[0].1), own[1].1, "")
    );
    refused(&[("SOTTO_FILES", "s3://chat"), key], "SOTTO_S3_SECRET");
    refused(&[("SOTTO_FILES", "s3://chat"), secret], "SOTTO_S3_KEY");
    for files in ["/srv/files", "s3://", "s3:///files", "s3://anna:hunter2@chat", "https://chat"] {
        refused(&[("SOTTO_FILES", files), key, secret], "SOTTO_FILES");
    }
    for endpoint in ["s3.example.org", "ftp://s3.example.org", "https://anna:hunter2@s3.example.org"] {
        let settings = [("SOTTO_FILES", "s3://chat"), key, secret, ("SOTTO_S3_ENDPOINT", endpoint)];
        let error = read(&settings).expect_err("no address");
        assert!(error.starts_with("SOTTO_S3_ENDPOINT") && !error.contains("hunter2"), "{error}");
    }
}

#[test]
fn an_origin_is_compared_as_browsers_send_it() {
    for (written, sent) in [
        ("https://chat.example.org", "https://chat.example.org"),
        ("https://chat.example.org/", "https://chat.example.org"),
        ("https://chat.example.org:443", "https://chat.example.org"),
        ("http://chat.example.org:80", "http://chat.example.org"),
        ("https://chat.example.org:8443", "https://chat.example.org:8443"),
    ] {
        let config = read(&[("SOTTO_ORIGIN", written)]).expect("an origin");
        assert!(config.is_own_origin(sent, ""), "{written}");
        assert!(!config.is_own_origin(&format!("{sent}.evil.example"), ""), "{written}");
        assert!(!config.is_own_origin("http://127.0.0.1:3000", "127.0.0.1:3000"), "{written}");
    }
    assert_eq!(Origin::parse("https://a.b:443"), Origin::parse("https://a.b"));
    assert_ne!(Origin::parse("https://a.b:80"), Origin::parse("https://a.b"));
}

#[test]
fn beyond_loopback_plain_http_must_be_allowed() {
    let site = ("SOTTO_ORIGIN", "https://chat.example.org");
    let public = ("SOTTO_ADDR", "0.0.0.0:3000");
    refused(&[public, site], "SOTTO_PLAIN_HTTP");
    refused(&[public, site, ("SOTTO_PLAIN_HTTP", "yes")], "SOTTO_PLAIN_HTTP");
    assert!(read(&[public, site, ("SOTTO_PLAIN_HTTP", "allowed")]).is_ok());
    assert!(read(&[public, site, ("SOTTO_TLS", "self-signed")]).is_ok());
}

#[test]
fn https_built_in_makes_the_site_https() {
    let own = ("SOTTO_TLS", "self-signed");
    let config = read(&[own]).expect("HTTPS on loopback");
    assert!(config.is_https() && config.is_own_origin("https://localhost:3000", "localhost:3000"));
    assert!(!config.is_own_origin("http://localhost:3000", "localhost:3000"));
    assert_eq!(config.url(), "https://127.0.0.1:3000");
    refused(&[own, ("SOTTO_ORIGIN", "http://chat.example.org")], "SOTTO_ORIGIN");
    let (cert, key) = (("SOTTO_TLS_CERT", "c.pem"), ("SOTTO_TLS_KEY", "k.pem"));
    assert!(read(&[cert, key]).expect("HTTPS from files").is_https());
    refused(&[cert], "SOTTO_TLS_KEY");
    refused(&[key], "SOTTO_TLS_CERT");
    refused(&[own, cert, key], "SOTTO_TLS");
    refused(&[("SOTTO_TLS", "on")], "SOTTO_TLS");
}
