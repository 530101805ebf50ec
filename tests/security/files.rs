//! What people send is not believed: neither what it is, nor how large, nor what it is called (OWASP ASVS 5.0, 5.2 to 5.4).

use super::hostile::{self, CANARY, Expected, PLACED_JPEG, PLACED_PNG, PLACED_WEBP, SCRIPT, Sample};
use crate::{
    app::{Answer, Person, TestApp},
    cli::program::Place,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde_json::Value;

/// How a file comes onto the server: all of them go through each.
#[derive(Clone, Copy, Debug)]
enum Door {
    /// An upload that can be resumed.
    Tus,
}

const DOORS: [Door; 1] = [Door::Tus];

impl Door {
    /// Sends a file; its id.
    async fn send(self, who: &Person, name: &str, bytes: &[u8]) -> String {
        match self {
            Self::Tus => who.upload(name, bytes).await,
        }
    }
}

/// What a browser may show in its place: nothing of it runs.
const SHOWN: [&str; 10] = [
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/avif",
    "video/mp4",
    "video/webm",
    "audio/ogg",
    "audio/mpeg",
    "audio/mp4",
];

/// That nothing in an answer can run or be taken for something else, wherever it is opened; returns its type.
#[track_caller]
fn harmless(answer: &Answer) -> &str {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let says = |name| answer.header(name).unwrap_or_else(|| panic!("no {name}"));
    assert_eq!(says("x-content-type-options"), "nosniff");
    let policy = says("content-security-policy");
    assert!(policy.starts_with("default-src 'none';") && policy.ends_with("; sandbox"), "{policy}");
    assert!(!policy.contains("script"), "{policy}");
    let (kind, disposition) = (says("content-type"), says("content-disposition"));
    let is_shown = SHOWN.contains(&kind);
    assert!(is_shown || kind == "application/octet-stream", "{kind}");
    assert_eq!(disposition.split(';').next(), Some(if is_shown { "inline" } else { "attachment" }), "{kind}");
    kind
}

fn holds(bytes: &[u8], what: &[u8]) -> bool {
    bytes.windows(what.len()).any(|window| window == what)
}

/// Sends a file with a message: what that says of it, and what the other one gets.
async fn exchange(
    door: Door,
    pair: (&Person, &Person),
    conversation: &str,
    sample: &Sample,
) -> (Value, Answer) {
    let (ada, ben) = pair;
    let file = door.send(ada, sample.name, &sample.bytes).await;
    let sent = ada.attach(conversation, "", &[&file]).await.ok();
    let address = format!("/api/files/{file}");
    let (got, small) = (ben.get(&address).await, ben.get(&format!("{address}/thumbnail")).await);
    let said = sent["attachments"][0].clone();
    let name = format!("{door:?}, {}", sample.name);
    let kind = harmless(&got).to_owned();
    let is_seen = said["width"].is_u64() && said["placeholder"].is_string();
    let found = match (kind.as_str(), is_seen) {
        ("application/octet-stream", false) => Expected::Saved,
        (kind, is_seen) => {
            let kind = SHOWN.into_iter().find(|shown| *shown == kind).expect("a type that is shown");
            if is_seen { Expected::Seen(kind) } else { Expected::Shown(kind) }
        }
    };
    assert_eq!(found, sample.expected, "{name}");
    match sample.expected {
        Expected::Seen(_) => assert!(["image/jpeg", "image/png"].contains(&harmless(&small)), "{name}"),
        Expected::Shown(_) | Expected::Saved => drop(small.refused(404, "not_found")),
    }
    (said, got)
}

/// That the server still looks at pictures.
async fn is_alive(app: &TestApp, who: &Person) {
    assert_eq!(app.visitor().get("/health/live").await.status, 200);
    let file = who.upload("duck.jpg", &hostile::jpeg()).await;
    assert_eq!(who.get(&format!("/api/files/{file}/thumbnail")).await.status, 200);
}

#[tokio::test]
async fn no_file_is_served_as_anything_that_runs() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for door in DOORS {
        for sample in hostile::disguised() {
            let (_, got) = exchange(door, (&ada, &ben), &conversation, &sample).await;
            match sample.expected {
                // Not even as what nobody reads.
                Expected::Seen(_) => assert!(!holds(&got.bytes, SCRIPT), "{}", sample.name),
                Expected::Shown(_) | Expected::Saved => {
                    assert_eq!(got.bytes, sample.bytes, "{}", sample.name)
                }
            }
        }
    }
    is_alive(&app, &ada).await;
}

#[tokio::test]
async fn a_picture_tells_nothing_wherever_it_hides_it() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for door in DOORS {
        for sample in hostile::telling() {
            assert!(holds(&sample.bytes, CANARY), "the sample has what is to go");
            let (said, got) = exchange(door, (&ada, &ben), &conversation, &sample).await;
            assert!(!holds(&got.bytes, CANARY), "{}", sample.name);
            assert_eq!(said["size"], got.bytes.len(), "{}", sample.name);
        }
    }
}

#[tokio::test]
async fn what_only_says_that_it_is_large_is_not_unpacked() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for door in DOORS {
        for sample in hostile::bombs() {
            exchange(door, (&ada, &ben), &conversation, &sample).await;
        }
    }
    is_alive(&app, &ada).await;
}

/// More than the server takes for all of them: a few copies of the largest, and the room for what a picture says before
/// its pixels. One that is unpacked takes a quarter of a gigabyte.
const ROOM: u64 = 96 * 1024 * 1024;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_picture_takes_more_memory_than_there_is_for_pictures() {
    let place = Place::new();
    let server = place.serve_with(&[], &[("SOTTO_RATE_LIMITS", "off")]);
    let ada = Person::sign_up(server.visitor(), "ada").await;
    ada.upload("duck.jpg", &hostile::jpeg()).await;
    // Where the system does not say it there is nothing to compare.
    let Some(before) = server.peak_memory() else { return };
    for sample in hostile::bombs() {
        ada.upload(sample.name, &sample.bytes).await;
        let taken = server.peak_memory().expect("a process") - before;
        assert!(taken < ROOM, "{} has taken {} MB", sample.name, taken >> 20);
    }
    server.stop();
}

#[tokio::test]
async fn a_picture_that_is_cut_off_anywhere_does_no_harm() {
    let app = TestApp::without_rates().await;
    let ada = app.person("ada").await;
    for door in DOORS {
        for (name, bytes) in [("cut.jpg", PLACED_JPEG), ("cut.png", PLACED_PNG), ("cut.webp", PLACED_WEBP)] {
            // Every head, and some of the rest.
            for length in (1..bytes.len()).filter(|length| *length < 48 || length % 17 == 0) {
                let file = door.send(&ada, name, &bytes[..length]).await;
                let got = ada.get(&format!("/api/files/{file}")).await;
                let kind = harmless(&got);
                let is_shown = kind != "application/octet-stream";
                assert!(!is_shown || !holds(&got.bytes, CANARY), "{name} of {length} bytes as {kind}");
            }
        }
    }
    is_alive(&app, &ada).await;
}

#[tokio::test]
async fn a_name_does_nothing_but_name() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let long = format!("{}.png", "ä".repeat(126));
    let samples: [(&str, &str); 12] = [
        ("../../../../etc/passwd", ".._.._.._.._etc_passwd"),
        ("..\\..\\boot.ini", ".._.._boot.ini"),
        ("/etc/shadow", "_etc_shadow"),
        ("a\r\nSet-Cookie: session=b\r\n\r\n<html>", "a__Set-Cookie: session=b____<html>"),
        ("a\0b\u{7f}c\u{85}d.txt", "a_b_c_d.txt"),
        ("bill\u{202e}gpj.exe", "billgpj.exe"),
        ("\u{2067}bill\u{2069}\u{200f}.exe", "bill.exe"),
        ("say \"cheese\"; filename=b.html", "say \"cheese\"; filename=b.html"),
        ("\"><img src=x onerror=alert(1)>.png", "\"><img src=x onerror=alert(1)>.png"),
        ("%0d%0a%22'`${x}.txt", "%0d%0a%22'`${x}.txt"),
        (&long, &long),
        ("\u{2028}\u{2029}", "file"),
    ];
    assert_eq!(long.len(), 256, "one byte too many, in the middle of a letter");
    for door in DOORS {
        for (name, kept) in samples {
            // Cut before its extension.
            let kept = if name == long { format!("{}.png", "ä".repeat(125)) } else { kept.to_owned() };
            let file = door.send(&ada, name, b"hello").await;
            let sent = ada.attach(&conversation, "", &[&file]).await.ok();
            assert_eq!(sent["attachments"][0]["name"], kept, "{door:?}, {name:?}");
            let got = ben.get(&format!("/api/files/{file}")).await;
            harmless(&got);
            assert_eq!((got.bytes.as_slice(), got.header("set-cookie")), (&b"hello"[..], None));
            let disposition = got.header("content-disposition").expect("a disposition");
            let (plain, exact) = disposition
                .strip_prefix("attachment; filename=\"")
                .and_then(|rest| rest.split_once("\"; filename*=UTF-8''"))
                .unwrap_or_else(|| panic!("{disposition}"));
            assert!(!plain.contains(['"', '\\', '/', '%', ';']) && plain.is_ascii(), "{disposition}");
            let may_stand = |c: char| c.is_ascii_alphanumeric() || "-._%".contains(c);
            assert!(exact.chars().all(may_stand), "{disposition}");
            assert_eq!(unescaped(exact), kept, "{disposition}");
        }
    }
    let page = ben.get(&format!("/c/{conversation}")).await.text;
    assert!(page.contains("billgpj.exe"), "the names are there");
    assert!(!page.contains("<img src=x") && !page.contains("\"><img"), "they are text");
    let turns =
        |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    assert!(!page.contains(turns), "nothing turns what stands around them");
}

/// What a part of an address stands for.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let byte = (*first == b'%').then(|| u8::from_str_radix(&text[text.len() - behind.len()..][..2], 16));
        bytes.push(byte.map_or(*first, |byte| byte.expect("two digits")));
        rest = if *first == b'%' { &behind[2..] } else { behind };
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[tokio::test]
async fn what_is_announced_in_odd_ways_is_refused() {
    let app = TestApp::without_rates().await;
    let ada = app.person("ada").await;
    let begin = |length: &str, metadata: &str| {
        let begin = ada.tus(Method::POST, "/api/files").header("upload-length", length);
        begin.header("upload-metadata", metadata).send()
    };
    for length in ["-1", "1e3", "0x10", "", "1 000", "184467440737095516160", "1\t"] {
        let refused = begin(length, "").await;
        assert!(matches!(refused.status, 400 | 201), "{length:?}: {}", refused.status);
        assert_eq!(refused.status == 201, length.trim() == "1", "{length:?}");
    }
    begin("18446744073709551615", "").await.refused(413, "too_large");
    begin("1", "filename not base64").await.refused(400, "malformed");
    let long = format!("filename {}", BASE64_STANDARD.encode("x".repeat(4000)));
    begin("1", &long).await.refused(400, "malformed");
    // Bytes that are no text, keys that nobody knows, the same one twice.
    let odd = format!("filename {}", BASE64_STANDARD.encode(b"a\xff\xfeb"));
    let begun = begin("1", &format!("is_admin, {odd}, filename {}", BASE64_STANDARD.encode("b"))).await;
    assert_eq!(begun.status, 201, "{}", begun.text);
    let file = ada.upload("a.txt", b"hello").await;
    for range in ["bytes=0-18446744073709551615", "bytes=-18446744073709551615", "bytes=4-4", "bytes=-1"] {
        let got = ada.call(Method::GET, &format!("/api/files/{file}")).header("range", range).send().await;
        assert_eq!((got.status, b"hello".ends_with(&got.bytes)), (206, true), "{range}");
    }
    is_alive(&app, &ada).await;
}
