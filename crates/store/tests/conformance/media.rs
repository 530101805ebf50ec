//! What a conversation holds besides words is found by its kind, however much else stands between.

use super::{
    Backend, given,
    given::{NOW, ROOM, new_file, sent, with_files},
};
use model::{
    change::Change,
    file::MediaType,
    friendship::{Move, Pair},
    id::{ConversationId, MessageId, UserId},
    media::MediaKind,
    message::{Message, MessageBody},
};
use std::{ops::Range, sync::Arc};
use store::{FileFacts, Membership, NewMessage, Store, StoredFile};

/// No message of any kind.
const NOTHING: [Vec<u64>; 3] = [Vec::new(), Vec::new(), Vec::new()];

/// A file of this type; a picture has sides.
async fn file(store: &dyn Store, owner: UserId, kind: &str) -> StoredFile {
    let new = new_file(owner, 0);
    store.create_file(new.clone(), ROOM).await.expect("room");
    let side = kind.starts_with("image/").then_some(4);
    let facts = FileFacts { kind: MediaType::of(kind), width: side, height: side, ..given::facts(0) };
    store.finish_upload(new.id, facts).await.expect("an answer").expect("a file")
}

async fn with(store: &dyn Store, id: ConversationId, by: UserId, kinds: &[&str]) -> Arc<Message> {
    let mut files = Vec::new();
    for kind in kinds {
        files.push(file(store, by, kind).await);
    }
    let new = with_files(id, by, &files.iter().collect::<Vec<_>>());
    store.append_message(new).await.expect("a stored message").message
}

async fn list(store: &dyn Store, id: ConversationId, kind: MediaKind, seqs: Range<u64>) -> Vec<u64> {
    let found = store.media(id, kind, seqs, 100).await.expect("an answer");
    found.iter().map(|message| message.seq).collect()
}

async fn all(store: &dyn Store, id: ConversationId) -> [Vec<u64>; 3] {
    let [media, files, links] = MediaKind::ALL.map(|kind| list(store, id, kind, 0..u64::MAX));
    [media.await, files.await, links.await]
}

async fn change(store: &dyn Store, of: &Message, by: UserId, change: &Change) {
    let stored = store.message(of.conversation_id, of.id).await.expect("an answer").expect("the message");
    let next = stored.after(by, change, NOW).expect("allowed").expect("a change");
    store.commit_message(next).await.expect("an answer").expect("nobody else");
}

fn edit(text: &str) -> Change {
    Change::Edit(MessageBody::beside_files(text).expect("a text"))
}

pub async fn what_a_conversation_holds_is_listed_by_kind(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let elsewhere = given::contacts(&*store, anna, cleo).await;
    with(&*store, elsewhere, anna, &["image/png", "text/plain"]).await;
    sent(&*store, elsewhere, anna, "https://example.org").await;
    assert_eq!(all(&*store, id).await, NOTHING);
    sent(&*store, id, anna, "words").await;
    let picture = with(&*store, id, anna, &["image/png"]).await;
    with(&*store, id, ben, &["video/mp4"]).await;
    with(&*store, id, ben, &["audio/ogg"]).await;
    with(&*store, id, ben, &["application/pdf", "image/jpeg"]).await;
    let link = sent(&*store, id, ben, "see HTTPS://Example.org").await.message;
    sent(&*store, id, ben, "ftp://example.org, and https:/example.org").await;
    let both = NewMessage {
        body: MessageBody::parse("[that](http://example.org)").expect("words"),
        ..with_files(id, anna, &[&file(&*store, anna, "image/png").await])
    };
    let both = store.append_message(both).await.expect("a stored message").message;
    assert_eq!(all(&*store, id).await, [vec![8, 5, 3, 2], vec![5, 4], vec![8, 6]]);
    let links = store.media(id, MediaKind::Links, 0..u64::MAX, 100).await;
    assert_eq!(links, Ok(vec![both, link]), "as they are stored");
    let newest = store.media(id, MediaKind::Media, 0..3, 1).await;
    assert_eq!(newest, Ok(vec![picture]));
    store.close().await;
    drop(store);
    let store = place.open().await;
    assert_eq!(
        all(&*store, id).await,
        [vec![8, 5, 3, 2], vec![5, 4], vec![8, 6]],
        "after the next start, too"
    );
    assert_eq!(all(&*store, ConversationId::new()).await, NOTHING);
}

pub async fn a_list_is_cut_by_seqs_and_by_its_limit(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    for n in 0..12 {
        sent(&*store, id, anna, ["words", "https://example.org"][n % 2]).await;
    }
    let links = async |seqs: Range<u64>| list(&*store, id, MediaKind::Links, seqs).await;
    assert_eq!(links(0..u64::MAX).await, [12, 10, 8, 6, 4, 2]);
    assert_eq!(links(4..10).await, [8, 6, 4], "from the first on, and before the end");
    assert_eq!(links(5..9).await, [8, 6]);
    for nothing in [0..0, 0..2, 3..4, 13..u64::MAX, u64::MAX..u64::MAX] {
        assert_eq!(links(nothing.clone()).await, [0; 0], "{nothing:?}");
    }
    let newest = store.media(id, MediaKind::Links, 0..11, 2).await.expect("an answer");
    assert_eq!(newest.iter().map(|message| message.seq).collect::<Vec<_>>(), [10, 8]);
}

pub async fn a_change_brings_a_message_into_a_list_and_out_of_it(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let message = sent(&*store, id, anna, "words").await.message;
    let links = async || list(&*store, id, MediaKind::Links, 0..u64::MAX).await;
    change(&*store, &message, anna, &edit("https://example.org")).await;
    assert_eq!(links().await, [1]);
    change(&*store, &message, ben, &Change::Pin { on: true }).await;
    assert_eq!(links().await, [1], "whatever else changes");
    change(&*store, &message, anna, &edit("words again")).await;
    assert_eq!(links().await, [0; 0]);
    change(&*store, &message, anna, &edit("http://example.org")).await;
    let picture = with(&*store, id, ben, &["image/png", "text/plain"]).await;
    change(&*store, &picture, ben, &edit("with words, and https://example.org")).await;
    let seq = picture.seq;
    assert_eq!(all(&*store, id).await, [vec![seq], vec![seq], vec![seq, 1]]);
    for (of, by) in [(&message, anna), (&picture, ben)] {
        change(&*store, of, by, &Change::Delete).await;
    }
    assert_eq!(all(&*store, id).await, NOTHING);
}

pub async fn what_is_erased_is_in_no_list(place: impl Backend) {
    let store = place.open().await;
    let (direct, anna, ben) = given::conversation(&*store).await;
    let group = ConversationId::new();
    let by =
        |member| Membership { conversation: group, member, by: anna, message: MessageId::new(), at: NOW };
    store.create_group(by(anna), None, vec![]).await.expect("a group");
    store.add_member(by(ben)).await.expect("an answer").expect("a new member");
    for id in [direct, group] {
        for who in [anna, ben] {
            with(&*store, id, who, &["image/png", "text/plain"]).await;
            sent(&*store, id, who, "https://example.org").await;
        }
    }
    let found = all(&*store, group).await.map(|seqs| seqs.len());
    assert_eq!(found, [2, 2, 2]);
    // Whose account goes leaves tombstones alone.
    store.delete_user(ben).await.expect("an answer");
    assert_eq!(all(&*store, group).await.map(|seqs| seqs.len()), [1, 1, 1]);
    assert_eq!(all(&*store, direct).await, NOTHING);
    store.erase_group(by(anna)).await.expect("an answer");
    assert_eq!(all(&*store, group).await, NOTHING);
    let [cleo, dora] = given::users(&*store, ["cleo", "dora"]).await;
    let former = given::contacts(&*store, cleo, dora).await;
    sent(&*store, former, cleo, "https://example.org").await;
    let pair = Pair::of(cleo, dora).expect("two people");
    given::make_move(&*store, pair, cleo, Move::Remove, NOW).await.expect("a removal");
    assert_eq!(all(&*store, former).await, NOTHING);
}
