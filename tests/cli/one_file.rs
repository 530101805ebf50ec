//! A program that carries its page.

use super::program::Place;
use crate::app::{PASSWORD, Visitor};
use std::{fs, process::Stdio};

#[tokio::test(flavor = "multi_thread")]
async fn copied_alone_to_an_empty_folder_it_runs() {
    let place = Place::new();
    let site = place.path().join("site");
    for (name, content) in [
        ("pkg/sotto.js", "export default 1;"),
        ("pkg/sotto.js.br", "as brotli"),
        ("pkg/sotto.js.gz", "as gzip"),
        ("pkg/sotto.d.ts", "types"),
        ("pkg/sotto.wasm", "wasm"),
        ("pkg/sotto.css", "body {}"),
        ("pkg/search.wasm", "a part"),
        ("pkg/line.wasm", "a part that every page wants"),
        ("pkg/parts.js", "what loads parts"),
        ("pkg/parts_manifest.json", r#"{"finding": ["search"], "line": ["line"]}"#),
        ("favicon.svg", "<svg/>"),
        ("manifest.webmanifest", "{}"),
    ] {
        fs::write(site.join(name), content).expect("a file");
    }
    let alone = Place::new();
    fs::remove_dir_all(alone.path().join("site")).expect("an empty folder");
    let copy = alone.path().join("sotto");
    let copy_text = copy.to_string_lossy().into_owned();
    place.run(&["bundle", "site", "--output", &copy_text]).ok();
    // Once more from the copy itself: what it carries is replaced, not doubled.
    let length = fs::metadata(&copy).expect("the copy").len();
    let again = std::process::Command::new(&copy).arg("bundle").arg(&site).stdout(Stdio::null()).status();
    assert!(again.expect("the copy").success());
    assert_eq!(fs::metadata(&copy).expect("the copy").len(), length);

    let server = alone.serve_program(&copy);
    let visitor = server.visitor();
    let pkg = release(&visitor).await;
    let page = visitor.get("/auth").await;
    for name in ["sotto.js", "sotto.wasm", "sotto.css"].map(|name| format!("{pkg}/{name}")) {
        assert!(page.text.contains(&name), "{name} is not in {}", page.text);
        let file = visitor.get(&name).await;
        assert_eq!(file.status, 200, "{name}");
        assert_eq!(file.header("cache-control"), Some("public, max-age=31536000, immutable"));
    }
    // The chat names what it may load later, and nothing else.
    visitor.sign_up("anna", PASSWORD).await.ok();
    let chat = visitor.get("/").await;
    let parts = format!("name=\"parts\" content=\"{pkg}/line.wasm {pkg}/parts.js {pkg}/search.wasm\"");
    assert!(chat.text.contains(&parts), "{}", chat.text);
    // It loads ahead what every page wants.
    let ahead = format!("of [\"{pkg}/line.wasm\", \"{pkg}/parts.js\"])");
    assert!(chat.text.contains(&ahead), "{}", chat.text);
    let js_path = format!("{pkg}/sotto.js");
    let js = visitor.get(&js_path).await;
    assert_eq!((js.text.as_str(), js.header("content-encoding")), ("export default 1;", None));
    assert_eq!(js.header("content-type"), Some("text/javascript; charset=utf-8"));
    let call = |path: &str| visitor.call(reqwest::Method::GET, path);
    let js = call(&js_path).header("accept-encoding", "gzip, br").send().await;
    assert_eq!((js.text.as_str(), js.header("content-encoding")), ("as brotli", Some("br")));
    let js = call(&js_path).header("accept-encoding", "gzip, br;q=0").send().await;
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
    let built = ["sotto.js.br", "sotto.js.gz", "sotto.d.ts", "parts_manifest.json", ""];
    let built = built.map(|name| format!("{pkg}/{name}"));
    let others =
        ["/pkg/sotto.js", "/pkg/0000000000000000/sotto.js", "/pkg/", "/pkg", "/../sotto", "/nothing"];
    for missing in built.iter().map(String::as_str).chain(others) {
        let answer = visitor.get(missing).await;
        assert_eq!(answer.status, 404, "{missing}");
        assert!(answer.text.contains("There is nothing here"), "{missing}");
    }
    let post = visitor.post("/favicon.svg", serde_json::json!({})).await;
    assert!(post.status == 405 || post.status == 404, "{}", post.status);
    server.stop();
}

/// Where the files of a server's release stand.
async fn release(visitor: &Visitor) -> String {
    let page = visitor.get("/auth").await;
    assert_eq!(page.status, 200);
    let (before, _) = page.text.split_once("/sotto.css").expect("styles");
    before.rsplit_once('"').expect("an address").1.to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_change_of_a_file_gives_all_of_them_another_address() {
    let mut releases = Vec::new();
    for part in ["a part", "another", "a part"] {
        let place = Place::new();
        fs::write(place.path().join("site/pkg/sotto.css"), "body {}").expect("a file");
        fs::write(place.path().join("site/pkg/search.wasm"), part).expect("a file");
        place.run(&["bundle", "site", "--output", "copy"]).ok();
        let server = place.serve_program(&place.path().join("copy"));
        releases.push(release(&server.visitor()).await);
        server.stop();
    }
    assert_ne!(releases[0], releases[1]);
    assert_eq!(releases[0], releases[2]);
}

#[test]
fn a_folder_without_a_page_is_refused() {
    let place = Place::new();
    let refusal = place.run(&["bundle", "site", "--output", "copy"]).failed();
    assert!(refusal.starts_with("site cannot be put into copy"), "{refusal}");
    assert!(!place.path().join("copy").exists());
}
