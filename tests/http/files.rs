//! Files: uploads that go on after a broken line, and bytes for those who may see the message.

use crate::app::{PASSWORD, Person, TestApp, in_time, message_id};
use base64::{Engine, prelude::BASE64_STANDARD};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::{path::Path, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const TEXT: &[u8] = b"the minutes of the last meeting";

/// How far an upload is.
async fn offset(who: &Person, address: &str) -> usize {
    let head = who.tus(Method::HEAD, address).send().await;
    assert_eq!((head.status, head.header("tus-resumable")), (200, Some("1.0.0")));
    head.header("upload-offset").and_then(|offset| offset.parse().ok()).expect("an offset")
}

/// The head of a request that brings so many bytes of an upload.
fn patch(app: &TestApp, who: &Person, address: &str, bytes: usize) -> String {
    format!(
        "PATCH {address} HTTP/1.1\r\nhost: {}\r\norigin: {}\r\ncookie: {}\r\ntus-resumable: 1.0.0\r\nupload-offset: 0\r\n\
         content-type: application/offset+octet-stream\r\ncontent-length: {bytes}\r\n\r\n",
        app.addr,
        app.origin,
        who.cookies().expect("a session"),
    )
}

/// How many bytes lie below a folder.
fn written(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let size = |path: &Path| path.metadata().map_or(0, |metadata| metadata.len());
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| if path.is_dir() { written(&path) } else { size(&path) })
        .sum()
}

/// How many files of bytes lie below a folder.
pub fn kept(folder: &Path) -> usize {
    let entries = std::fs::read_dir(folder).expect("a folder");
    entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| if path.is_dir() { kept(&path) } else { 1 })
        .sum()
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_off() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let address = ada.begin_upload("minutes.txt", TEXT.len()).await;
    assert_eq!(offset(&ada, &address).await, 0);
    let sent = ada.send_bytes(&address, 0, &TEXT[..10]).await;
    assert_eq!((sent.status, sent.header("upload-offset")), (204, Some("10")));
    assert!(sent.header("upload-expires").is_some_and(|end| end.ends_with(" GMT")), "{sent:?}");
    ada.get(&address).await.refused(404, "not_found");
    // From elsewhere than where it is.
    for wrong in [0, 11] {
        ada.send_bytes(&address, wrong, &TEXT[10..]).await.refused(409, "changed");
    }
    assert_eq!(offset(&ada, &address).await, 10);
    let sent = ada.send_bytes(&address, 10, &TEXT[10..]).await;
    assert_eq!((sent.status, offset(&ada, &address).await), (204, TEXT.len()));
    let got = ada.get(&address).await;
    assert_eq!((got.status, &got.bytes[..]), (200, TEXT));
}

#[tokio::test]
async fn what_came_before_the_line_broke_is_kept() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let address = ada.begin_upload("large", 1_000_000).await;
    let mut line = TcpStream::connect(app.addr).await.expect("a connection");
    line.write_all(patch(&app, &ada, &address, 1_000_000).as_bytes()).await.expect("an open line");
    line.write_all(&[7; 300_000]).await.expect("an open line");
    line.shutdown().await.expect("an open line");
    let mut rest = Vec::new();
    let _ = in_time("the end of the line", line.read_to_end(&mut rest)).await;
    assert_eq!(offset(&ada, &address).await, 300_000);
    let sent = ada.send_bytes(&address, 300_000, &vec![8; 700_000]).await;
    assert_eq!(sent.status, 204, "{}", sent.text);
    let got = ada.get(&address).await;
    assert_eq!((got.bytes.len(), got.bytes[299_999], got.bytes[300_000]), (1_000_000, 7, 8));
}

#[tokio::test]
async fn who_comes_back_first_takes_over_from_a_line_that_is_dead() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let address = ada.begin_upload("large", 1_000_000).await;
    let mut line = TcpStream::connect(app.addr).await.expect("a connection");
    line.write_all(patch(&app, &ada, &address, 1_000_000).as_bytes()).await.expect("an open line");
    line.write_all(&[7; 300_000]).await.expect("an open line");
    // Nothing more comes on it, and nobody has hung up. Whoever asks before anything came would have been first.
    let came = async {
        while written(app.files.path()) < 100_000 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    in_time("the first bytes", came).await;
    let at = in_time("what came", offset(&ada, &address)).await;
    assert!((100_000..=300_000).contains(&at), "{at}");
    assert_eq!(ada.send_bytes(&address, at, &vec![8; 1_000_000 - at]).await.status, 204);
    let got = ada.get(&address).await.bytes;
    assert_eq!((got.len(), got[at - 1], got[at]), (1_000_000, 7, 8));
}

#[tokio::test]
async fn bytes_that_do_not_add_up_are_not_kept() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let address = ada.begin_upload("minutes.txt", TEXT.len()).await;
    let patch = |checksum: String| {
        let patch = ada.tus(Method::PATCH, &address).header("upload-offset", "0");
        patch.header("upload-checksum", &checksum).body("application/offset+octet-stream", TEXT).send()
    };
    let sha256 = |bytes: &[u8]| BASE64_STANDARD.encode(Sha256::digest(bytes));
    assert_eq!(patch(format!("sha256 {}", sha256(b"others"))).await.status, 460);
    assert_eq!(offset(&ada, &address).await, 0);
    patch("crc32 AAAA".into()).await.refused(400, "malformed");
    assert_eq!(patch(format!("sha256 {}", sha256(TEXT))).await.status, 204);
    assert_eq!(ada.get(&address).await.bytes, TEXT);
}

#[tokio::test]
async fn tus_is_spoken_as_it_is_written() {
    let app = TestApp::start().await;
    let (ada, ben) = (app.person("ada").await, app.person("ben").await);
    let options = ada.call(Method::OPTIONS, "/api/files").send().await;
    assert_eq!(options.status, 204);
    for (name, value) in [
        ("tus-version", "1.0.0"),
        ("tus-extension", "creation,termination,checksum,expiration"),
        ("tus-checksum-algorithm", "sha1,sha256"),
        ("tus-max-size", "100000000"),
    ] {
        assert_eq!(options.header(name), Some(value));
    }
    let other = ada.call(Method::POST, "/api/files").header("tus-resumable", "0.2.2").send().await;
    assert_eq!((other.status, other.header("tus-version")), (412, Some("1.0.0")));
    ada.tus(Method::POST, "/api/files").send().await.refused(400, "malformed");
    let address = ada.begin_upload("", 5).await;
    let patch = ada.tus(Method::PATCH, &address).header("upload-offset", "0");
    assert_eq!(patch.body("text/plain", "hello").send().await.status, 415);
    // Whose it is not.
    assert_eq!(ben.tus(Method::HEAD, &address).send().await.status, 404);
    ben.send_bytes(&address, 0, b"hello").await.refused(404, "not_found");
    ben.tus(Method::DELETE, &address).send().await.refused(404, "not_found");
    // More than was announced is not taken.
    assert_eq!(ada.send_bytes(&address, 0, b"hello there").await.status, 204);
    assert_eq!(ada.get(&address).await.text, "hello");
    assert_eq!(ada.tus(Method::DELETE, &address).send().await.status, 204);
    assert_eq!(ada.tus(Method::HEAD, &address).send().await.status, 404);
    ada.get(&address).await.refused(404, "not_found");
}

#[tokio::test]
async fn what_is_too_much_is_refused_before_it_is_sent() {
    let app = TestApp::with(|config| {
        config.files.size = 1000;
        config.files.quota = 2500;
    })
    .await;
    let ada = app.person("ada").await;
    let large = ada.try_upload("film.mp4", 1001).await;
    large.refused(413, "too_large");
    assert!(large.text.contains("film.mp4") && large.text.contains("1 kB"), "{}", large.text);
    for _ in 0..2 {
        ada.begin_upload("file", 1000).await;
    }
    ada.try_upload("file", 1000).await.refused(413, "quota_exceeded");
    ada.begin_upload("file", 500).await;
    let full = TestApp::with(|config| config.files.free = u64::MAX).await;
    let ben = full.person("ben").await;
    assert!(ben.try_upload("file", 1).await.refused(503, "unavailable").is_none());
}

#[tokio::test]
async fn a_file_goes_with_a_message_and_with_no_other() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let eve = app.person("eve").await;
    let file = ada.upload("minutes.txt", TEXT).await;
    let address = format!("/api/files/{file}");
    for other in [&ben, &eve] {
        other.get(&address).await.refused(404, "not_found");
        other.attach(&conversation, "mine", &[&file]).await.refused(404, "not_found");
    }
    let mut socket = ben.socket().await;
    let sent = ada.attach(&conversation, "", &[&file]).await.ok();
    let expected = json!([{ "file": file, "name": "minutes.txt", "size": TEXT.len(), "type": "application/octet-stream" }]);
    assert_eq!((&sent["attachments"], &sent["body"]), (&expected, &json!("")));
    assert_eq!(socket.hear("new_message").await["message"]["attachments"], expected);
    let again = ada.attach(&conversation, "once more", &[&file]).await;
    assert_eq!(again.refused(404, "not_found").as_deref(), Some("attachments"));
    ada.attach(&conversation, "twice", &[&file, &file]).await.refused(404, "not_found");
    ada.attach(&conversation, "nothing", &[]).await.ok();
    assert_eq!(ben.get(&address).await.bytes, TEXT);
    eve.get(&address).await.refused(404, "not_found");
    let page = ben.get(&format!("/c/{conversation}")).await.text;
    assert!(page.contains(&format!("aria-label=\"minutes.txt, {} B\"", TEXT.len())), "{page}");
    ada.post("/api/contacts/remove", json!({ "contact_id": ben.id })).await.ok();
    for who in [&ada, &ben] {
        who.get(&address).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn the_same_message_again_is_the_same_with_its_files() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let file = ada.upload("minutes.txt", TEXT).await;
    let message =
        json!({ "id": message_id(), "body": "", "attachments": [{ "file": file, "alt": "what we said" }] });
    let path = format!("/api/conversations/{conversation}/messages");
    let first = ada.post(&path, message.clone()).await.ok();
    assert_eq!(first["attachments"][0]["alt"], "what we said");
    assert_eq!(ada.post(&path, message).await.ok(), first);
}

#[tokio::test]
async fn newcomers_do_not_see_files_from_before_they_came() {
    let app = TestApp::start().await;
    let [ada, ben, cleo] = [app.person("ada").await, app.person("ben").await, app.person("cleo").await];
    ada.befriend(&ben).await;
    ada.befriend(&cleo).await;
    let group = ada.make_group("Ducks", &[&ben]).await;
    let file = ada.upload("minutes.txt", TEXT).await;
    ada.attach(&group, "", &[&file]).await.ok();
    ada.add(&group, &cleo).await.ok();
    let address = format!("/api/files/{file}");
    assert_eq!(ben.get(&address).await.status, 200);
    cleo.get(&address).await.refused(404, "not_found");
    ada.in_group(&group, "remove", json!({ "member": ben.id })).await.ok();
    ben.get(&address).await.refused(404, "not_found");
}

#[tokio::test]
async fn bytes_are_erased_with_their_message() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let file = ada.upload("minutes.txt", TEXT).await;
    let sent = ada.attach(&conversation, "look", &[&file]).await.ok();
    assert_eq!(kept(app.files.path()), 1);
    let id = sent["id"].as_str().expect("an id");
    ada.post(&format!("/api/conversations/{conversation}/messages/{id}/delete"), json!({})).await.ok();
    for who in [&ada, &ben] {
        who.get(&format!("/api/files/{file}")).await.refused(404, "not_found");
    }
    none_left(&app).await;
}

/// Waits until no bytes are left.
async fn none_left(app: &TestApp) {
    in_time("the end of the bytes", async {
        while kept(app.files.path()) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn bytes_are_erased_with_the_account_that_sent_them() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let cleo = app.person("cleo").await;
    ada.befriend(&cleo).await;
    let group = ada.make_group("Ducks", &[&cleo]).await;
    // To a contact and from them, into a group, into none, and on its way.
    for (who, conversation) in [(&ada, &conversation), (&ben, &conversation), (&ada, &group)] {
        let file = who.upload("holiday.jpg", PICTURE).await;
        who.attach(conversation, "look", &[&file]).await.ok();
    }
    ada.upload("minutes.txt", TEXT).await;
    let address = ada.begin_upload("large", 1000).await;
    ada.send_bytes(&address, 0, b"the beginning").await;
    assert_eq!(kept(app.files.path()), 3 * 2 + 2, "each picture with its small one");
    ada.post("/api/me/delete", json!({ "password": PASSWORD })).await.done();
    none_left(&app).await;
}

#[tokio::test]
async fn what_others_have_sent_stays_when_an_account_goes() {
    let app = TestApp::start().await;
    let [ada, ben] = [app.person("ada").await, app.person("ben").await];
    ada.befriend(&ben).await;
    let group = ada.make_group("Ducks", &[&ben]).await;
    let (own, other) = (ada.upload("own.txt", TEXT).await, ben.upload("other.txt", TEXT).await);
    ada.attach(&group, "", &[&own]).await.ok();
    ben.attach(&group, "", &[&other]).await.ok();
    ada.post("/api/me/delete", json!({ "password": PASSWORD })).await.done();
    in_time("the end of the bytes", async {
        while kept(app.files.path()) > 1 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
    assert_eq!(ben.get(&format!("/api/files/{other}")).await.bytes, TEXT);
    ben.get(&format!("/api/files/{own}")).await.refused(404, "not_found");
}

#[tokio::test]
async fn bytes_are_erased_with_their_conversation() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for who in [&ada, &ben] {
        let file = who.upload("holiday.jpg", PICTURE).await;
        who.attach(&conversation, "", &[&file]).await.ok();
    }
    ada.post("/api/contacts/remove", json!({ "contact_id": ben.id })).await.ok();
    none_left(&app).await;
}

#[tokio::test]
async fn bytes_are_erased_with_their_group_and_when_the_last_member_leaves() {
    let app = TestApp::start().await;
    let [ada, ben] = [app.person("ada").await, app.person("ben").await];
    ada.befriend(&ben).await;
    for leave in [false, true] {
        let group = ada.make_group("Ducks", &[&ben]).await;
        for who in [&ada, &ben] {
            let file = who.upload("holiday.jpg", PICTURE).await;
            who.attach(&group, "", &[&file]).await.ok();
        }
        if leave {
            for who in [&ben, &ada] {
                who.in_group(&group, "leave", json!({})).await.done();
            }
        } else {
            ada.in_group(&group, "delete", json!({})).await.done();
        }
        none_left(&app).await;
    }
}

#[tokio::test]
async fn parts_are_had_and_what_is_known_is_not_sent_again() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let address = format!("/api/files/{}", ada.upload("minutes.txt", TEXT).await);
    let whole = ada.get(&address).await;
    let end = TEXT.len() - 1;
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert_eq!(whole.header("cache-control"), Some("private, no-cache"));
    let ask = |name: &'static str, value: String| ada.call(Method::GET, &address).header(name, &value).send();
    for (range, from, to) in
        [("bytes=4-10", 4, 10), ("bytes=4-", 4, end), ("bytes=-4", end - 3, end), ("bytes=4-999", 4, end)]
    {
        let part = ask("range", range.into()).await;
        assert_eq!((part.status, &part.bytes[..]), (206, &TEXT[from..=to]), "{range}");
        let place = format!("bytes {from}-{to}/{}", TEXT.len());
        assert_eq!(part.header("content-range"), Some(&*place), "{range}");
    }
    let beyond = ask("range", format!("bytes={}-", TEXT.len())).await;
    assert_eq!(
        (beyond.status, beyond.header("content-range")),
        (416, Some(&*format!("bytes */{}", TEXT.len())))
    );
    for odd in ["bytes=0-1,3-4", "bytes=9-3", "lines=1-2", "bytes=a-b"] {
        assert_eq!(ask("range", odd.into()).await.bytes, TEXT, "{odd}");
    }
    let etag = whole.header("etag").expect("a name").to_owned();
    let modified = whole.header("last-modified").expect("a time").to_owned();
    let known = ask("if-none-match", etag.clone()).await;
    assert_eq!((known.status, known.bytes.len()), (304, 0));
    assert_eq!(ask("if-modified-since", modified).await.status, 304);
    let other = ada.call(Method::GET, &address).header("range", "bytes=0-3").header("if-range", "\"other\"");
    assert_eq!(other.send().await.status, 200);
    let same = ada.call(Method::GET, &address).header("range", "bytes=0-3").header("if-range", &etag);
    assert_eq!(same.send().await.status, 206);
    let head = ada.call(Method::HEAD, &address).send().await;
    assert_eq!((head.status, head.header("content-length")), (200, Some(&*TEXT.len().to_string())));
}

#[tokio::test]
async fn nothing_in_a_file_runs_whatever_it_is_called() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xff\xff\xff!\xf9\x04\x01\0\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    for (name, bytes, shown) in [
        ("page.html", &b"<!DOCTYPE html><script>alert(1)</script>"[..], None),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", None),
        ("paper.pdf", b"%PDF-1.7 and so on", None),
        ("drawing.html", gif, Some("image/gif")),
        ("picture.jpg", b"<script>alert(1)</script>", None),
        // Begins like a picture and is none.
        ("picture.png", b"\x89PNG\r\n\x1a\n<script>alert(1)</script>", None),
    ] {
        let answer = ada.get(&format!("/api/files/{}", ada.upload(name, bytes).await)).await;
        assert_eq!(answer.bytes, bytes, "{name}");
        let kind = shown.unwrap_or("application/octet-stream");
        assert_eq!(answer.header("content-type"), Some(kind), "{name}");
        let disposition = answer.header("content-disposition").expect("a disposition");
        assert_eq!(disposition.starts_with("inline"), shown.is_some(), "{name}: {disposition}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox"), "{policy}");
    }
}

#[tokio::test]
async fn names_survive_and_lead_nowhere() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    for (name, plain, exact) in [
        ("Öl & Wein.txt", "_l_&_Wein.txt", "%C3%96l%20%26%20Wein.txt"),
        ("say \"cheese\".txt", "say__cheese_.txt", "say%20%22cheese%22.txt"),
        ("../../etc/passwd", ".._.._etc_passwd", ".._.._etc_passwd"),
        ("a\r\nset-cookie: b", "a__set-cookie:_b", "a__set-cookie%3A%20b"),
        ("\u{202e}gpj.exe", "gpj.exe", "gpj.exe"),
        ("", "file", "file"),
    ] {
        let answer = ada.get(&format!("/api/files/{}", ada.upload(name, TEXT).await)).await;
        let expected = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{exact}");
        assert_eq!(answer.header("content-disposition"), Some(&*expected), "{name:?}");
    }
}

#[tokio::test]
async fn an_empty_file_is_there_at_once() {
    let app = TestApp::start().await;
    let ada = app.person("ada").await;
    let address = ada.begin_upload("nothing", 0).await;
    assert_eq!(offset(&ada, &address).await, 0);
    let got = ada.get(&address).await;
    assert_eq!((got.status, got.bytes.len()), (200, 0));
}

/// A JPEG of the corpus, with a place in its EXIF and turned by a quarter.
const PICTURE: &[u8] = include_bytes!("../corpus/files/placed.jpg");

#[tokio::test]
async fn a_picture_tells_nothing_but_itself() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    assert!(find(PICTURE, b"GPS canary").is_some(), "the sample has what is to go");
    let file = ada.upload("holiday.jpg", PICTURE).await;
    let sent = ada.attach(&conversation, "", &[&file]).await.ok();
    let said = &sent["attachments"][0];
    assert_eq!(
        (&said["width"], &said["height"], &said["type"]),
        (&json!(40), &json!(60), &json!("image/jpeg"))
    );
    assert!(said["placeholder"].as_str().is_some_and(|hash| hash.len() > 20), "{said}");
    let got = ben.get(&format!("/api/files/{file}")).await;
    assert_eq!(said["size"], json!(got.bytes.len()));
    assert!(find(&got.bytes, b"GPS canary").is_none());
    assert!(find(&got.bytes, b"Exif").is_some(), "which way is up stays");
    let small = ben.get(&format!("/api/files/{file}/thumbnail")).await;
    assert_eq!((small.status, small.header("content-type")), (200, Some("image/jpeg")));
    let page = ben.get(&format!("/c/{conversation}")).await.text;
    let img =
        format!("<img src=\"/api/files/{file}/thumbnail\" width=\"40\" height=\"60\" alt=\"holiday.jpg\"");
    assert!(page.contains(&img), "{page}");
}

#[tokio::test]
async fn which_way_is_up_is_all_that_stays_in_any_kind_of_picture() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for (name, bytes) in [
        ("holiday.png", &include_bytes!("../corpus/files/placed.png")[..]),
        ("holiday.webp", include_bytes!("../corpus/files/placed.webp")),
    ] {
        assert!(find(bytes, b"GPS canary").is_some(), "the sample has what is to go");
        let file = ada.upload(name, bytes).await;
        let sent = ada.attach(&conversation, "", &[&file]).await.ok();
        let said = &sent["attachments"][0];
        assert_eq!((&said["width"], &said["height"]), (&json!(40), &json!(60)), "{name} is turned");
        let got = ben.get(&format!("/api/files/{file}")).await;
        assert!(find(&got.bytes, b"GPS canary").is_none(), "{name}");
    }
}

pub fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

#[tokio::test]
async fn a_message_has_ten_files_at_most() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    let mut files = Vec::new();
    for n in 0..11 {
        files.push(ada.upload(&format!("{n}.txt"), TEXT).await);
    }
    let all: Vec<_> = files.iter().map(String::as_str).collect();
    let refused = ada.attach(&conversation, "all of them", &all).await.refused(422, "invalid_message");
    assert_eq!(refused.as_deref(), Some("attachments"));
    let sent: Value = ada.attach(&conversation, "some of them", &all[..10]).await.ok();
    let names: Vec<_> =
        sent["attachments"].as_array().expect("files").iter().map(|file| file["name"].clone()).collect();
    assert_eq!(names, (0..10).map(|n| json!(format!("{n}.txt"))).collect::<Vec<_>>());
}
