//! `sotto serve`.

use super::program::Place;

#[tokio::test(flavor = "multi_thread")]
async fn it_serves_and_ends_when_told_to() {
    let place = Place::new();
    let server = place.serve();
    assert_eq!(server.visitor().get("/health/ready").await.status, 200);
    assert!(place.path().join("data/sotto.db").is_file());
    assert!(server.stop().contains("stopping"));
}

#[test]
fn without_a_command_it_serves_too() {
    let place = Place::new();
    std::fs::remove_dir_all(place.path().join("site")).expect("a folder");
    let refusal = place.run(&[]).failed();
    assert!(refusal.starts_with("the page's files are not in"), "{refusal}");
}

#[test]
fn an_address_in_use_is_said_in_one_sentence() {
    let place = Place::new();
    let server = place.serve();
    let second = Place::new().run(&["--addr", &server.addr().to_string()]).failed();
    assert!(second.contains("is in use"), "{second}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_watched_page_has_the_names_that_cargo_leptos_reloads() {
    let place = Place::new();
    std::fs::write(place.path().join("site/pkg/sotto.css"), "body {}").expect("a file");
    let server = place.serve_with(&[], &[("LEPTOS_WATCH", "true")]);
    let visitor = server.visitor();
    // The script of the reload looks for a link to the very file that a new style was written to.
    let page = visitor.get("/auth").await;
    assert!(page.text.contains("href=\"/pkg/sotto.css\""), "{}", page.text);
    let file = visitor.get("/pkg/sotto.css").await;
    assert_eq!((file.status, file.header("cache-control")), (200, Some("no-cache")));
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_hidden_and_nothing_outside_of_a_folder_of_files_is_served() {
    let place = Place::new();
    let site = place.path().join("site");
    std::fs::create_dir(site.join(".git")).expect("a folder");
    for name in [".env", ".git/config", "pkg/.secret", "shown.txt"] {
        std::fs::write(site.join(name), "secret").expect("a file");
    }
    std::fs::write(place.path().join("outside.txt"), "secret").expect("a file");
    std::os::unix::fs::symlink(place.path().join("outside.txt"), site.join("link.txt")).expect("a link");
    std::os::unix::fs::symlink(place.path(), site.join("up")).expect("a link");
    let server = place.serve();
    let visitor = server.visitor();
    assert_eq!(visitor.get("/shown.txt").await.text, "secret");
    for path in [
        "/.env",
        "/.git/config",
        "/pkg/.secret",
        "/link.txt",
        "/up/outside.txt",
        "/%2eenv",
        "/pkg/%2e%2e/%2eenv",
    ] {
        let answer = visitor.get(path).await;
        assert_eq!((answer.status, answer.text.contains("secret")), (404, false), "{path}");
    }
    server.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_path_fills_no_log() {
    let place = Place::new();
    let server = place.serve_with(&[], &[("SOTTO_LOG", "debug")]);
    let visitor = server.visitor();
    for start in ["/api/", "/c/", "/"] {
        visitor.get(&format!("{start}{}", "x".repeat(15_000))).await;
    }
    let log = server.stop();
    assert!(!log.contains(&"x".repeat(300)), "{} bytes", log.len());
}
