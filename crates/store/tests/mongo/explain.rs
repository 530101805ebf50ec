//! What the store asks again and again: by an index, and without looking at much more than is
//! returned. The commands are those that went over the wire, not copies of them.

use super::proxy::Proxy;
use crate::{
    conformance::given,
    mongod::{Database, ReplicaSet},
};
use model::{
    change::Change, id::UserId, media::MediaKind, mention::Mentions, message::PageRequest,
    prefs::PrefsChange, search::SearchTerm, time::Timestamp, user::Username,
};
use mongodb::bson::{Bson, Document, doc};
use store::{NewMessage, SessionRecord, Store};

/// What belongs to the moment and not to the question.
const ENVELOPE: [&str; 6] = ["lsid", "$db", "$clusterTime", "$readPreference", "readConcern", "maxTimeMS"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_hot_question_is_answered_from_an_index() {
    let place = Database::<ReplicaSet>::default();
    let Some(server) = place.addr() else { return };
    let proxy = Proxy::to(server).await;
    let store = place.open_through(&proxy.uri()).await;
    let raw = place.raw().await;
    let store: &dyn Store = &*store;

    let (conversation, anna, ben) = given::conversation(store).await;
    for n in 0..30 {
        let other = given::user(store, &format!("user{n:02}")).await.id;
        if n < 10 {
            let elsewhere = given::contacts(store, anna, other).await;
            given::sent(store, elsewhere, other, "elsewhere").await;
        }
    }
    for n in 0..60 {
        given::sent(store, conversation, [anna, ben][n % 2], "text").await;
    }
    let mentions = Mentions { users: vec![anna], all: false };
    let mention = NewMessage { mentions, ..given::message(conversation, ben, "for anna") };
    store.append_message(mention).await.expect("a stored message");
    for _ in 0..3 {
        given::sent(store, conversation, ben, "https://example.org/").await;
    }
    let pinned = given::sent(store, conversation, ben, "text").await.message;
    let pin = pinned.after(anna, &Change::Pin { on: true }, given::NOW).expect("allowed").expect("a change");
    store.commit_message(pin).await.expect("an answer").expect("a change");
    store.advance_read_cursor(anna, conversation, 40).await.expect("an answer");
    let session =
        SessionRecord { id: 7, user: Some(anna), data: "{}".into(), expires_at: Timestamp(given::NOW.0 + 1) };
    store.create_session(session).await.expect("an answer");
    let name = Username::parse("USER17").expect("a name");
    let term = |text| SearchTerm::parse(text).expect("a term");

    let mut explained = Vec::new();
    macro_rules! explain {
        ($what:literal, $question:expr) => {
            proxy.take_heard();
            $question.await.expect("an answer");
            let heard: Vec<_> = proxy.take_heard().into_iter().filter(is_read).collect();
            assert!(!heard.is_empty(), "{} asks nothing", $what);
            for command in heard {
                explained.push(explain(&raw, $what, command).await);
            }
        };
    }
    explain!("log-in by name", store.account_by_name(&name));
    explain!("an account", store.account(anna));
    explain!("a session", store.session(7, given::NOW));
    explain!("search, names that begin", store.search_users(&term("user"), UserId::new(), 10));
    explain!("search, names that contain", store.search_users(&term("ser1"), UserId::new(), 10));
    explain!("friendships", store.friendships_of(anna));
    explain!("the newest page", store.page(conversation, PageRequest::default()));
    let older = PageRequest { before: Some(30), ..PageRequest::default() };
    explain!("an older page", store.page(conversation, older));
    explain!("the first message of a moment", store.first_since(conversation, given::NOW));
    explain!("catch-up", store.changes(conversation, 50, 200));
    explain!("what is pinned", store.pins(conversation));
    explain!("what is linked to", store.media(conversation, MediaKind::Links, 0..u64::MAX, 10));
    explain!("the conversation list", store.summaries(anna));
    explain!("one conversation", store.conversation(conversation));
    explain!("sending, the head", store.append_message(given::message(conversation, anna, "text")));
    let file = given::file(store, anna).await;
    let with_it = given::with_files(conversation, anna, &[&file]);
    explain!("sending a file", store.append_message(with_it));
    for n in 0..20 {
        let new = given::new_file(anna, n);
        store.create_file(new, given::ROOM).await.expect("room");
    }
    explain!("a file", store.file(file.id));
    explain!("which files are known", store.known_files(&[file.id]));
    explain!("what is to be erased", store.files_to_erase(given::NOW, 100));
    let mark = PrefsChange { pinned: Some(true), ..PrefsChange::default() };
    explain!("a preference", store.set_prefs(anna, conversation, mark, given::NOW));
    store.close().await;

    let counted = explained.iter().filter(|counted| **counted).count();
    assert!(counted == 0 || counted == explained.len(), "some explanations are without numbers");
    if counted == 0 {
        eprintln!("this server's explain has no executionStats: only the plans were checked");
    }
}

fn is_read(command: &Document) -> bool {
    command.contains_key("find")
}

/// Whether the server said how much it looked at.
async fn explain(raw: &mongodb::Database, what: &str, mut command: Document) -> bool {
    for key in ENVELOPE {
        command.remove(key);
    }
    let explain = doc! { "explain": command.clone(), "verbosity": "executionStats" };
    let answer = raw.run_command(explain).await.unwrap_or_else(|error| panic!("{what}: {error}"));
    let plan = find(&answer, "winningPlan").unwrap_or_else(|| panic!("{what}: no plan in {answer}"));
    let stages = plan.to_string();
    assert!(!stages.contains("COLLSCAN"), "{what} looks at every document: {command} {stages}");
    let by_index = ["IXSCAN", "IDHACK", "EXPRESS", "COUNT_SCAN", "CLUSTERED"];
    assert!(by_index.iter().any(|stage| stages.contains(stage)), "{what} uses no index: {command} {stages}");
    let numbers = ["totalDocsExamined", "nReturned"].map(|name| find(&answer, name).and_then(number));
    let [Some(examined), Some(returned)] = numbers else { return false };
    assert!(examined <= 2 * returned, "{what} looks at {examined} to return {returned}: {command}");
    true
}

/// The first value of this name, at any depth.
fn find<'a>(document: &'a Document, name: &str) -> Option<&'a Bson> {
    document.get(name).or_else(|| document.values().find_map(|value| find_within(value, name)))
}

fn find_within<'a>(value: &'a Bson, name: &str) -> Option<&'a Bson> {
    match value {
        Bson::Document(inner) => find(inner, name),
        Bson::Array(inner) => inner.iter().find_map(|value| find_within(value, name)),
        _ => None,
    }
}

fn number(value: &Bson) -> Option<i64> {
    value.as_i64().or_else(|| value.as_i32().map(i64::from))
}
