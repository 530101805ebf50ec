//! Killed in the middle of writes: whatever was acknowledged is there, once, in its place.

use crate::conformance::given;
use model::{
    id::{ConversationId, MessageId, UserId},
    message::MessageBody,
};
use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};
use store::{Conversations, Messages, Store, embedded::EmbeddedStore};

/// Set in the child, to the folder that it writes to.
const FOLDER: &str = "SOTTO_TEST_CRASH_FOLDER";
const CHILD: &str = "embedded::crash::writes_until_it_is_killed";

#[tokio::test]
async fn nothing_acknowledged_is_lost_when_the_process_is_killed() {
    let place = tempfile::tempdir().expect("a folder for temporary files");
    let store = EmbeddedStore::open(place.path()).expect("a store");
    let (conversation, anna, _) = given::conversation(&store).await;
    store.close().await;

    let mut acknowledged = BTreeMap::new();
    for lines in [150, 400, 277] {
        acknowledged.extend(run_and_kill(place.path(), conversation, anna, lines));
        check(place.path(), conversation, anna, &acknowledged).await;
    }
}

/// Starts this test binary again as the writer and kills it (SIGKILL on Unix) while it writes,
/// after it has acknowledged that many messages. Returns all that it acknowledged.
fn run_and_kill(
    folder: &Path,
    conversation: ConversationId,
    sender: UserId,
    lines: usize,
) -> Vec<(u64, MessageId)> {
    let this = std::env::current_exe().expect("this test binary");
    let mut child = Command::new(this)
        .args([CHILD, "--exact", "--nocapture", "--test-threads=1"])
        .env(FOLDER, folder)
        .env("SOTTO_TEST_CRASH_CONVERSATION", conversation.to_string())
        .env("SOTTO_TEST_CRASH_SENDER", sender.to_string())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("a child");
    let output = BufReader::new(child.stdout.take().expect("its output"));
    let mut acknowledged = Vec::new();
    let mut killed = false;
    // After the kill, what is left in the pipe was acknowledged as well.
    for line in output.lines() {
        acknowledged.extend(line.ok().as_deref().and_then(parse));
        if acknowledged.len() >= lines && !killed {
            child.kill().expect("a child that still runs");
            killed = true;
        }
    }
    let status = child.wait().expect("its end");
    assert!(killed && !status.success(), "the child ended by itself: {status}");
    acknowledged
}

/// `acknowledged <seq> <id> .`; the full stop shows that the line is whole.
fn parse(line: &str) -> Option<(u64, MessageId)> {
    let [seq, id] =
        line.strip_prefix("acknowledged ")?.strip_suffix(" .")?.split(' ').collect::<Vec<_>>()[..]
    else {
        return None;
    };
    Some((seq.parse().ok()?, id.parse().ok()?))
}

async fn check(
    folder: &Path,
    conversation: ConversationId,
    viewer: UserId,
    acknowledged: &BTreeMap<u64, MessageId>,
) {
    let store = EmbeddedStore::open(folder).expect("a store that opens after a crash");
    let stored = store.changes(conversation, 0, usize::MAX).await.expect("an answer").messages;
    let head = store.summary(conversation, viewer).await.expect("an answer").expect("a summary").head;
    assert_eq!(stored.len() as u64, head);
    assert!(stored.iter().map(|message| message.version).eq(1..=head), "no gap");
    for (seq, id) in acknowledged {
        let place = (seq - 1) as usize;
        assert_eq!(stored.get(place).map(|message| message.id), Some(*id), "acknowledged as {seq}");
    }
    let mut ids: Vec<_> = stored.iter().map(|message| message.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len() as u64, head, "each once");
    store.close().await;
    let file = rusqlite::Connection::open(folder.join("sotto.db")).expect("the file");
    let sound: String = file.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("an answer");
    assert_eq!(sound, "ok");
}

/// Not a test by itself: the child that the one above starts and kills.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writes_until_it_is_killed() {
    let (Ok(folder), Ok(conversation), Ok(sender)) = (
        std::env::var(FOLDER),
        std::env::var("SOTTO_TEST_CRASH_CONVERSATION"),
        std::env::var("SOTTO_TEST_CRASH_SENDER"),
    ) else {
        return;
    };
    let conversation = conversation.parse().expect("an id");
    let sender = sender.parse().expect("an id");
    let store: crate::conformance::Shared =
        std::sync::Arc::new(EmbeddedStore::open(Path::new(&folder)).expect("a store"));
    // Much text at a time makes the commits long, and so more likely to be hit.
    let text = "\u{1F980}".repeat(MessageBody::MAX);
    given::at_once(&store, 32, |store, _| {
        let text = text.clone();
        async move {
            loop {
                let stored = given::sent(&*store, conversation, sender, &text).await.message;
                // One write per line, and an error once the parent is gone: then the child ends too.
                let line = format!("\nacknowledged {} {} .\n", stored.seq, stored.id);
                if std::io::stdout().lock().write_all(line.as_bytes()).is_err() {
                    std::process::exit(1);
                }
            }
        }
    })
    .await;
}
