//! A program that carries its page.

use super::program::Place;
use std::{fs, process::Stdio};

#[tokio::test(flavor = "multi_thread")]
async fn copied_alone_to_an_empty_folder_it_runs() {
    let place = Place::new();
    let site = place.path().join("site");
    for (name, content) in [
        ("pkg/sotto.a1.js", "export default 1;"),
        ("pkg/sotto.a1.js.br", "as brotli"),
        ("pkg/sotto.a1.js.gz", "as gzip"),
        ("pkg/sotto.d.d4.ts", "types"),
        ("pkg/sotto.b2.wasm", "wasm"),
        ("pkg/sotto.c3.css", "body {}"),
        ("favicon.svg", "<svg/>"),
        ("manifest.webmanifest", "{}"),
    ] {
        fs::write(site.join(name), content).expect("a file");
    }
    fs::write(place.path().join("hash.txt"), "js: a1\nwasm: b2\ncss: c3\n").expect("a file");
    let alone = Place::new();
    fs::remove_dir_all(alone.path().join("site")).expect("an empty folder");
    let copy = alone.path().join("sotto");
    let copy_text = copy.to_string_lossy().into_owned();
    place.run(&["bundle", "site", "--hashes", "hash.txt", "--output", &copy_text]).ok();
    // Once more from the copy itself: what it carries is replaced, not doubled.
    let length = fs::metadata(&copy).expect("the copy").len();
    let hashes = place.path().join("hash.txt");
    let again = std::process::Command::new(&copy)
        .arg("bundle")
        .arg(&site)
        .arg("--hashes")
        .arg(hashes)
        .stdout(Stdio::null())
        .status();
    assert!(again.expect("the copy").success());
    assert_eq!(fs::metadata(&copy).expect("the copy").len(), length);

    let server = alone.serve_program(&copy);
    let visitor = server.visitor();
    let page = visitor.get("/auth").await;
    assert_eq!(page.status, 200);
    for name in ["/pkg/sotto.a1.js", "/pkg/sotto.b2.wasm", "/pkg/sotto.c3.css"] {
        assert!(page.text.contains(name), "{name} is not in {}", page.text);
        let file = visitor.get(name).await;
        assert_eq!(file.status, 200, "{name}");
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
    let js = visitor.get("/pkg/sotto.a1.js").await;
    assert_eq!((js.text.as_str(), js.header("content-encoding")), ("export default 1;", None));
    assert_eq!(js.header("content-type"), Some("text/javascript; charset=utf-8"));
    let call = |path: &str| visitor.call(reqwest::Method::GET, path);
    let js = call("/pkg/sotto.a1.js").header("accept-encoding", "gzip, br").send().await;
    assert_eq!((js.text.as_str(), js.header("content-encoding")), ("as brotli", Some("br")));
    let js = call("/pkg/sotto.a1.js").header("accept-encoding", "gzip, br;q=0").send().await;
    assert_eq!(js.header("content-encoding"), None);

    let icon = visitor.get("/favicon.svg").await;
    assert_eq!((icon.text.as_str(), icon.header("content-type")), ("<svg/>", Some("image/svg+xml")));
    assert_eq!(icon.header("cache-control"), Some("public, max-age=86400"));
    assert_eq!(icon.header("x-content-type-options"), Some("nosniff"));
    let etag = icon.header("etag").expect("an ETag").to_owned();
    for known in [etag.clone(), format!("\"x\", W/{etag}"), "*".into()] {
        let again = call("/favicon.svg").header("if-none-match", &known).send().await;
        assert_eq!((again.status, again.text.as_str()), (304, ""), "{known}");
    }
    assert_eq!(call("/favicon.svg").header("if-none-match", "\"x\"").send().await.status, 200);
    let head = visitor.call(reqwest::Method::HEAD, "/favicon.svg").send().await;
    assert_eq!((head.status, head.text.as_str(), head.header("content-length")), (200, "", Some("6")));
    for missing in [
        "/hash.txt",
        "/pkg/sotto.a1.js.br",
        "/pkg/sotto.d.d4.ts",
        "/pkg/",
        "/pkg",
        "/../hash.txt",
        "/nothing",
    ] {
        let answer = visitor.get(missing).await;
        assert_eq!(answer.status, 404, "{missing}");
        assert!(answer.text.contains("There is nothing here"), "{missing}");
    }
    let post = visitor.post("/favicon.svg", serde_json::json!({})).await;
    assert!(post.status == 405 || post.status == 404, "{}", post.status);
    server.stop();
}

#[test]
fn a_folder_without_a_page_is_refused() {
    let place = Place::new();
    let refusal = place.run(&["bundle", "site", "--hashes", "none.txt", "--output", "copy"]).failed();
    assert!(refusal.starts_with("site cannot be put into copy"), "{refusal}");
    assert!(!place.path().join("copy").exists());
}
