//! The start and the end of the program while its database does not answer.

use crate::{
    cli::program::{Ended, Place},
    mongod::{Process, named},
};

#[test]
fn a_server_that_does_not_answer_is_waited_for_and_then_ends_the_start() {
    let place = Place::new();
    let began = std::time::Instant::now();
    let unreachable = "mongodb://anna:secret@127.0.0.1:1/?serverSelectionTimeoutMS=500";
    let mut command = place.command(&["serve", "--addr", "127.0.0.1:0"]);
    let ended = Ended::of(command.env("MONGODB_URI", unreachable));
    assert_eq!(ended.code, Some(1));
    assert!((29..40).contains(&began.elapsed().as_secs()), "{:?}", began.elapsed());
    let said = ended.err;
    assert!(said.contains("trying again"), "{said}");
    assert!(
        said.lines().last().is_some_and(|last| last.starts_with("sotto: MongoDB cannot be reached")),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_freezes_does_not_keep_the_program_from_ending() {
    if named().is_some() {
        return;
    }
    tokio::task::spawn_blocking(|| {
        let database = Process::start(false);
        let place = Place::new();
        let server = place.serve_with(&[], &[("MONGODB_URI", &database.uri())]);
        database.freeze();
        let said = server.stop();
        assert!(said.contains("stopping"), "{said}");
    })
    .await
    .expect("a clean end");
}
