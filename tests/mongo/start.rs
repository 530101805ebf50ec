//! The start of the program while its database does not answer.

use std::process::{Command, Stdio};

#[test]
fn a_server_that_does_not_answer_is_waited_for_and_then_ends_the_start() {
    let site = tempfile::tempdir().expect("a folder for temporary files");
    std::fs::create_dir(site.path().join("pkg")).expect("a folder");
    let began = std::time::Instant::now();
    let ended = Command::new(env!("CARGO_BIN_EXE_sotto"))
        .current_dir(site.path())
        .env("LEPTOS_SITE_ROOT", site.path())
        .env("SOTTO_ADDR", "127.0.0.1:0")
        .env("MONGODB_URI", "mongodb://anna:secret@127.0.0.1:1/?serverSelectionTimeoutMS=500")
        .stdin(Stdio::null())
        .output()
        .expect("the server's program");
    assert_eq!(ended.status.code(), Some(1));
    assert!((29..40).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(said.contains("trying again"), "{said}");
    assert!(
        said.lines().last().is_some_and(|last| last.starts_with("sotto: MongoDB cannot be reached")),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
}
