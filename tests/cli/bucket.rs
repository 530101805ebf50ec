//! A server whose files lie in a bucket, and the commands that know of it.

use super::program::{Ended, Place, Serving};
use crate::{
    app::{PASSWORD, Person},
    mongod::until,
    s3,
};
use serde_json::json;
use std::{fs, path::PathBuf};
use store::bytes::s3::Bucket;

const MINUTES: &[u8] = b"the minutes of the last meeting";

/// A data folder, and a bucket for its files.
struct Kept {
    place: Place,
    settings: Vec<(&'static str, String)>,
    objects: PathBuf,
}

impl Kept {
    async fn new() -> Self {
        let Bucket { name, prefix, endpoint, region, key, secret } = s3::bucket().await;
        let settings = vec![
            ("SOTTO_FILES", format!("s3://{name}/{prefix}")),
            ("SOTTO_S3_ENDPOINT", endpoint.expect("an address")),
            ("SOTTO_S3_REGION", region),
            ("SOTTO_S3_KEY", key),
            ("SOTTO_S3_SECRET", secret),
        ];
        Self { place: Place::new(), settings, objects: s3::objects().join(prefix) }
    }

    fn serve(&self) -> Serving {
        let settings: Vec<_> = self.settings.iter().map(|(name, value)| (*name, &**value)).collect();
        self.place.serve_with(&[], &settings)
    }

    fn run(&self, arguments: &[&str]) -> Ended {
        let settings = self.settings.iter().map(|(name, value)| (name, value));
        Ended::of(self.place.command(arguments).envs(settings))
    }

    /// Where a file lies in the bucket.
    fn object(&self, file: &str) -> PathBuf {
        super::file_backups::lies(&self.objects, file)
    }
}

/// Two people, one of whom has uploaded a file.
struct Talk {
    anna: Person,
    ben: Person,
    conversation: String,
    file: String,
}

impl Talk {
    async fn on(server: &Serving) -> Self {
        let anna = Person::sign_up(server.visitor(), "anna").await;
        let ben = Person::sign_up(server.visitor(), "ben").await;
        let conversation = anna.befriend(&ben).await;
        let file = anna.upload("minutes.txt", MINUTES).await;
        Self { anna, ben, conversation, file }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_lie_in_the_bucket_and_are_erased_there() {
    let kept = Kept::new().await;
    let server = kept.serve();
    let Talk { anna, ben, conversation, file } = Talk::on(&server).await;
    assert_eq!(fs::read(kept.object(&file)).expect("an object"), MINUTES);
    let below = super::file_backups::lies(&kept.place.path().join("data/files"), &file);
    assert!(!below.exists(), "nothing of it is left in the folder");
    let sent = anna.attach(&conversation, "look", &[&file]).await.ok();
    let got = ben.get(&format!("/api/files/{file}")).await;
    assert_eq!((got.status, &got.bytes[..]), (200, MINUTES));
    let message = sent["id"].as_str().expect("an id");
    anna.post(&format!("/api/conversations/{conversation}/messages/{message}/delete"), json!({})).await.ok();
    until("the end of the object", async || !kept.object(&file).exists()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_leaves_the_bucket_alone_and_doctor_looks_into_it() {
    let kept = Kept::new().await;
    let server = kept.serve();
    let Talk { anna, conversation, file, .. } = Talk::on(&server).await;
    anna.attach(&conversation, "", &[&file]).await.ok();

    let said = kept.run(&["backup", "monday.db"]).ok();
    assert!(
        said.contains("monday.db holds all but the bytes of files. Those are in the bucket chat"),
        "{said}"
    );
    assert!(said.contains("files          1"), "{said}");
    assert!(!kept.place.path().join("monday.db.files").exists());
    let said = kept.run(&["restore", "monday.db", "--verify"]).ok();
    assert!(said.contains("monday.db is whole; restored, it is the same. Those are in the bucket"), "{said}");
    server.stop();
    kept.run(&["restore", "monday.db", "--force"]).ok();

    let said = kept.run(&["doctor"]).ok();
    assert!(said.contains("1, 31 B in all, with their bytes"), "{said}");
    assert!(said.contains("31 B in the bucket chat, all of files that the store knows"), "{said}");
    let stranger = kept.object(&anna.id.replace(&anna.id[..8], "ffffffff"));
    fs::create_dir_all(stranger.parent().expect("a folder")).expect("a folder");
    fs::write(&stranger, b"mine").expect("an object");
    let said = kept.run(&["doctor"]).ok();
    assert!(said.contains("4 B of these belong to nothing that the store knows"), "{said}");

    let server = kept.serve();
    let ben = server.visitor();
    ben.log_in("ben", PASSWORD).await.ok();
    assert_eq!(ben.get(&format!("/api/files/{file}")).await.bytes, MINUTES);
    server.stop();
    fs::remove_file(kept.object(&file)).expect("an object");
    let ended = kept.run(&["doctor"]);
    assert!(ended.code == Some(1) && ended.out.contains("there are no bytes of it"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_before_there_was_a_bucket_stays_where_it_is_served_from() {
    let kept = Kept::new().await;
    let server = kept.place.serve();
    let Talk { anna, conversation, file, .. } = Talk::on(&server).await;
    anna.attach(&conversation, "", &[&file]).await.ok();
    server.stop();
    let said = kept.run(&["backup", "monday.db"]).ok();
    assert!(said.contains("or still in data/files, where they were before there was a bucket"), "{said}");
    kept.run(&["restore", "monday.db", "--force"]).ok();
    let server = kept.serve();
    let ben = server.visitor();
    ben.log_in("ben", PASSWORD).await.ok();
    assert_eq!(ben.get(&format!("/api/files/{file}")).await.bytes, MINUTES);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_its_bucket_does_not_start_and_shows_no_key() {
    let mut kept = Kept::new().await;
    for (name, value) in &mut kept.settings {
        if *name == "SOTTO_S3_SECRET" {
            "not the key".clone_into(value);
        }
    }
    let said = kept.run(&[]).failed();
    assert!(said.starts_with("the bucket chat (SOTTO_FILES): ") && !said.contains("not the key"), "{said}");
    let ended = kept.run(&["doctor"]);
    assert!(ended.code == Some(1) && ended.out.contains("FAIL  bytes"), "{ended:?}");
}
