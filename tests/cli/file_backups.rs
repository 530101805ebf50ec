//! `sotto backup` and `sotto restore` where people have sent files.

use super::program::{Place, Serving};
use crate::app::{PASSWORD, Person, Visitor};
use reqwest::Method;
use serde_json::json;
use std::{
    collections::VecDeque,
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};

const MINUTES: &[u8] = b"the minutes of the last meeting";
const PICTURE: &[u8] = include_bytes!("../corpus/files/placed.jpg");

/// Where the bytes of a file lie below a folder.
pub fn lies(folder: &Path, file: &str) -> PathBuf {
    folder.join(&file[34..]).join(&file[32..34]).join(file)
}

/// The files below a folder, by their names, in order.
fn below(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        match entry.file_type().expect("a kind").is_dir() {
            true => names.extend(below(&entry.path())),
            false => names.push(entry.file_name().into_string().expect("a name")),
        }
    }
    names.sort();
    names
}

/// Two people who have sent each other a text and a picture.
struct Talk {
    anna: Person,
    ben: Person,
    conversation: String,
    minutes: String,
    /// Of the message with them.
    message: String,
    picture: String,
}

impl Talk {
    async fn on(server: &Serving) -> Self {
        let anna = Person::sign_up(server.visitor(), "anna").await;
        let ben = Person::sign_up(server.visitor(), "ben").await;
        let conversation = anna.befriend(&ben).await;
        let minutes = anna.upload("minutes.txt", MINUTES).await;
        let sent = anna.attach(&conversation, "look", &[&minutes]).await.ok();
        let picture = ben.upload("holiday.jpg", PICTURE).await;
        ben.attach(&conversation, "", &[&picture]).await.ok();
        let message = sent["id"].as_str().expect("an id").to_owned();
        Self { anna, ben, conversation, minutes, message, picture }
    }

    /// Deletes the message with the minutes.
    async fn delete(&self) {
        let path = format!("/api/conversations/{}/messages/{}/delete", self.conversation, self.message);
        self.anna.post(&path, json!({})).await.ok();
    }
}

async fn ben_on(server: &Serving) -> Visitor {
    let ben = server.visitor();
    ben.log_in("ben", PASSWORD).await.ok();
    ben
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_have_sent_is_in_a_backup_and_comes_back_with_it() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    let small = talk.ben.get(&format!("/api/files/{}/thumbnail", talk.picture)).await.bytes;
    // On its way, and not whole.
    let address = talk.anna.begin_upload("film.mp4", 100).await;
    assert_eq!(talk.anna.send_bytes(&address, 0, b"the beginning").await.status, 204);

    let said = place.run(&["backup", "monday.db"]).ok();
    assert!(said.ends_with("\nmonday.db and monday.db.files hold all of it.\n"), "{said}");
    assert!(said.contains("files          2") && said.contains("size of files"), "{said}");
    let bytes = place.path().join("monday.db.files");
    let mut expected =
        vec![talk.minutes.clone(), talk.picture.clone(), format!("{}.thumbnail", talk.picture)];
    expected.sort();
    assert_eq!(below(&bytes), expected, "and nothing unfinished");
    let file = lies(&bytes, &talk.minutes);
    for (path, mode) in
        [(&bytes, 0o700), (&file.parent().expect("a folder").to_owned(), 0o700), (&file, 0o600)]
    {
        assert_eq!(fs::metadata(path).expect("it").permissions().mode() & 0o777, mode, "{path:?}");
    }
    let verified = place.run(&["restore", "monday.db", "--verify"]).ok();
    assert!(
        verified.ends_with("monday.db and monday.db.files are whole; restored, they are the same.\n"),
        "{verified}"
    );
    server.stop();

    let said = place.run(&["restore", "monday.db", "--data", "elsewhere"]).ok();
    assert!(said.ends_with("monday.db and monday.db.files are restored to elsewhere.\n"), "{said}");
    let server = place.serve_with(&["--data", "elsewhere"], &[]);
    let ben = ben_on(&server).await;
    assert_eq!(ben.get(&format!("/api/files/{}", talk.minutes)).await.bytes, MINUTES);
    assert_eq!(ben.get(&format!("/api/files/{}", talk.picture)).await.status, 200);
    assert_eq!(ben.get(&format!("/api/files/{}/thumbnail", talk.picture)).await.bytes, small);
    let anna = Person::signed_in(server.visitor(), &talk.anna);
    anna.log_in("anna", PASSWORD).await.ok();
    let gone = anna.tus(Method::HEAD, &address).send().await;
    assert_eq!(gone.status, 404, "a device begins what was on its way once more");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_backup_shares_what_an_earlier_one_has_and_stands_alone() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    place.run(&["backup", "monday.db"]).ok();
    let more = talk.anna.upload("more.txt", b"more").await;
    talk.anna.attach(&talk.conversation, "", &[&more]).await.ok();
    // As a disk that fails changes it: the size is the same.
    let [monday, tuesday] = ["monday.db.files", "tuesday.db.files"].map(|name| place.path().join(name));
    fs::write(lies(&monday, &talk.minutes), MINUTES.to_ascii_uppercase()).expect("a file");
    place.run(&["backup", "tuesday.db"]).ok();
    let node = |folder: &Path, name: &str| fs::metadata(lies(folder, name)).expect("a file").ino();
    assert_eq!(node(&monday, &talk.picture), node(&tuesday, &talk.picture), "it takes up no room");
    let served = place.path().join("data/files");
    assert_ne!(node(&served, &talk.picture), node(&tuesday, &talk.picture), "it is a copy");
    assert_ne!(node(&monday, &talk.minutes), node(&tuesday, &talk.minutes), "what is damaged is copied anew");
    assert!(lies(&tuesday, &more).is_file());

    fs::remove_dir_all(&monday).expect("a folder");
    let verified = place.run(&["restore", "tuesday.db", "--verify"]).ok();
    assert!(verified.contains("files          3"), "{verified}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_before_a_backup_is_not_in_it() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    place.run(&["backup", "monday.db"]).ok();
    talk.delete().await;
    place.run(&["backup", "tuesday.db"]).ok();
    let [monday, tuesday] = ["monday.db.files", "tuesday.db.files"].map(|name| place.path().join(name));
    assert!(lies(&monday, &talk.minutes).is_file() && !lies(&tuesday, &talk.minutes).exists());
}

/// Whichever is copied first, something of it is erased, or new, before the other is. What comes last is copied last, and
/// erased first.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_while_files_come_and_go_is_whole() {
    let place = Place::new();
    let server = place.serve_with(&[], &[("SOTTO_RATE_LIMITS", "off")]);
    let talk = Talk::on(&server).await;
    for n in 0..40 {
        let file = talk.anna.upload("stays.bin", &[n; 100_000]).await;
        talk.anna.attach(&talk.conversation, "", &[&file]).await.ok();
    }
    let (stop, mut stopped) = tokio::sync::oneshot::channel::<()>();
    let coming = tokio::spawn(async move {
        let mut sent = VecDeque::new();
        while stopped.try_recv().is_err() {
            let file = talk.anna.upload("goes.txt", MINUTES).await;
            let message = talk.anna.attach(&talk.conversation, "", &[&file]).await.ok();
            sent.push_back(message["id"].as_str().expect("an id").to_owned());
            if sent.len() > 5 {
                let first = sent.pop_front().expect("one of six");
                let path = format!("/api/conversations/{}/messages/{first}/delete", talk.conversation);
                talk.anna.post(&path, json!({})).await.ok();
            }
        }
    });
    for n in 0..4 {
        let name = format!("{n}/a.db");
        fs::create_dir(place.path().join(n.to_string())).expect("a folder");
        place.run(&["backup", &name]).ok();
        place.run(&["restore", &name, "--verify"]).ok();
    }
    stop.send(()).expect("somebody who writes");
    coming.await.expect("all sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_missing_or_damaged_is_named_and_the_rest_comes_back() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    place.run(&["backup", "monday.db"]).ok();
    server.stop();
    let bytes = place.path().join("monday.db.files");
    let file = lies(&bytes, &talk.minutes);
    let verify = || {
        let ended = place.run(&["restore", "monday.db", "--verify"]);
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_eq!(ended.err, "sotto: missing or damaged files of monday.db: 1\n");
        ended.out
    };
    for (change, why) in [
        (Some(MINUTES.to_ascii_uppercase()), "its bytes are not those that were kept (SHA-256)"),
        (Some(MINUTES[1..].to_vec()), "it has 30 bytes instead of 31"),
        (None, "there are no bytes of it"),
    ] {
        match change {
            Some(change) => fs::write(&file, change).expect("a file"),
            None => fs::remove_file(&file).expect("a file"),
        }
        let said = verify();
        assert!(said.contains(&format!("{}  {why}", talk.minutes)), "{said}");
        assert!(!said.contains(&talk.picture), "{said}");
    }
    let said = place.run(&["restore", "monday.db", "--data", "elsewhere"]).ok();
    assert!(said.contains(&talk.minutes) && said.contains("nobody can open them"), "{said}");
    let came = place.path().join("elsewhere/files");
    assert!(lies(&came, &talk.picture).is_file() && !lies(&came, &talk.minutes).exists());

    // Its small picture is no part of what is compared, but it must be there.
    fs::write(&file, MINUTES).expect("a file");
    fs::remove_file(lies(&bytes, &talk.picture).with_extension("thumbnail")).expect("a file");
    assert!(verify().contains("its small picture is missing"));

    fs::rename(&bytes, place.path().join("moved")).expect("moved away");
    let refusal = place.run(&["restore", "monday.db", "--data", "third"]).failed();
    assert!(refusal.starts_with("monday.db has 2 files, but their bytes are not beside it"), "{refusal}");
    assert!(!place.path().join("third/sotto.db").exists(), "nothing was changed");
    fs::create_dir(&bytes).expect("a folder");
    place.run(&["restore", "monday.db", "--data", "third"]).ok();
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_but_the_files_of_a_backup_is_put_back() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    place.run(&["backup", "monday.db"]).ok();
    server.stop();
    let bytes = place.path().join("monday.db.files");
    // Links, to what is just what it should be.
    let (file, picture) = (lies(&bytes, &talk.minutes), lies(&bytes, &talk.picture));
    fs::rename(&file, place.path().join("elsewhere.txt")).expect("moved away");
    symlink(place.path().join("elsewhere.txt"), &file).expect("a link");
    let folder = picture.parent().expect("a folder");
    fs::rename(folder, place.path().join("pictures")).expect("moved away");
    symlink(place.path().join("pictures"), folder).expect("a link");
    // What is no file of anybody's.
    let other = model::id::FileId::new().to_string();
    fs::create_dir_all(lies(&bytes, &other).parent().expect("a folder")).expect("a folder");
    fs::write(lies(&bytes, &other), "a stranger").expect("a file");
    fs::write(bytes.join("run.sh"), "true").expect("a file");

    let ended = place.run(&["restore", "monday.db", "--verify"]);
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert_eq!(ended.out.matches("there are no bytes of it").count(), 2, "{ended:?}");
    place.run(&["restore", "monday.db", "--data", "elsewhere"]).ok();
    assert_eq!(below(&place.path().join("elsewhere/files")), [""; 0]);
    // The whole folder as a link.
    fs::rename(&bytes, place.path().join("moved")).expect("moved away");
    symlink(place.path().join("moved"), &bytes).expect("a link");
    let refusal = place.run(&["restore", "monday.db", "--data", "third"]).failed();
    assert!(refusal.contains("their bytes are not beside it"), "{refusal}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_there_before_is_kept_with_its_bytes() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    place.run(&["backup", "monday.db"]).ok();
    let later = talk.anna.upload("later.txt", b"later").await;
    talk.anna.attach(&talk.conversation, "", &[&later]).await.ok();
    server.stop();
    let data = place.path().join("data");
    // Of what is there nothing is copied again; what is damaged comes from the backup.
    let node = |path: PathBuf| fs::metadata(path).expect("a file").ino();
    let served = node(lies(&data.join("files"), &talk.picture));
    fs::write(lies(&data.join("files"), &talk.minutes), MINUTES.to_ascii_uppercase()).expect("a file");

    let said = place.run(&["restore", "monday.db", "--force"]).ok();
    let (_, kept) = said.split_once("What was there before is in ").expect("a place");
    let kept = place.path().join(kept.trim().trim_end_matches('.'));
    assert_eq!(fs::read(lies(&kept.join("files"), &later)).expect("the bytes"), b"later");
    assert!(!lies(&data.join("files"), &later).exists());
    assert_eq!(node(lies(&data.join("files"), &talk.picture)), served);
    assert_eq!(fs::read(lies(&data.join("files"), &talk.minutes)).expect("the bytes"), MINUTES);
    assert!(!data.join("files.restoring").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_without_their_data_are_not_written_over() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    place.run(&["backup", "monday.db"]).ok();
    server.stop();
    for entry in fs::read_dir(place.path().join("data")).expect("a folder").filter_map(Result::ok) {
        if entry.file_name() != "files" {
            fs::remove_file(entry.path()).expect("a file");
        }
    }
    let refusal = place.run(&["restore", "monday.db"]).failed();
    assert!(refusal.starts_with("there is data in data already"), "{refusal}");
    place.run(&["restore", "monday.db", "--force"]).ok();
    assert!(lies(&place.path().join("data/files"), &talk.minutes).is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_missing_where_a_backup_is_made_are_told_of() {
    let place = Place::new();
    let server = place.serve();
    let talk = Talk::on(&server).await;
    fs::remove_file(lies(&place.path().join("data/files"), &talk.minutes)).expect("a file");
    let ended = place.run(&["backup", "monday.db"]);
    assert_eq!(ended.code, Some(1), "whoever makes backups by a clock hears of it: {ended:?}");
    assert_eq!(ended.err, "sotto: files in data/files that could not be copied: 1; sotto doctor says more\n");
    assert!(ended.out.contains(&format!("{}  there are no bytes of it", talk.minutes)), "{ended:?}");
    assert!(ended.out.ends_with("monday.db and monday.db.files hold all the rest.\n"), "{ended:?}");
    assert!(lies(&place.path().join("monday.db.files"), &talk.picture).is_file());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_there_already_is_not_written_into() {
    let place = Place::new();
    let server = place.serve();
    Talk::on(&server).await;
    let mine = place.path().join("monday.db.files");
    fs::create_dir(&mine).expect("a folder");
    fs::write(mine.join("notes.txt"), "mine").expect("a file");
    let refusal = place.run(&["backup", "monday.db"]).failed();
    assert_eq!(refusal, "monday.db.files exists already; choose another name");
    assert_eq!(below(&mine), ["notes.txt"]);
    assert!(!place.path().join("monday.db").exists());
}
