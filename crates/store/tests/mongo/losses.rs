//! Answers that are lost: what was written is not written twice, and not taken for a failure.

use super::proxy::{Loss, Proxy};
use crate::{
    backend::Backend,
    conformance::{
        Shared,
        given::{self, NOW, message},
    },
    mongod::{Database, ReplicaSet, Standalone, Topology},
};
use model::{
    change::Change,
    friendship::{Friendship, Move, Pair},
    id::{ConversationId, MessageId},
    invitation::Invitation,
    message::MessageBody,
    time::Timestamp,
};
use store::{FileState, Membership, NewMessage, SessionRecord, StoreError};

const ONE: &[Loss] = &[Loss::Reply];
/// More than the driver itself would mend.
const SEVERAL: &[Loss] = &[Loss::Reply, Loss::Request, Loss::Reply];

macro_rules! for_every_topology {
    ($($test:ident)*) => { $(
        mod $test {
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn replica_set() {
                super::for_every_loss::<ReplicaSet, _>(super::$test).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn standalone() {
                super::for_every_loss::<Standalone, _>(super::$test).await;
            }
        }
    )* };
}

for_every_topology! {
    an_account_is_made_once
    a_friendship_is_committed_once
    a_message_is_stored_once
    a_change_is_made_once
    a_member_joins_and_leaves_once
    a_session_is_kept_as_said
    an_invitation_is_used_once
    a_file_is_uploaded_and_sent_once
}

/// A store behind a proxy.
struct Lossy {
    store: Shared,
    proxy: Proxy,
    losses: &'static [Loss],
}

impl Lossy {
    /// From now on, the next answers to this command are lost.
    fn lose(&self, command: &'static str) {
        assert!(self.proxy.has_lost_all(), "something else was to be lost before {command}");
        self.proxy.lose(command, self.losses);
    }

    /// The same where one loss is enough to be in doubt, and then nothing is written again.
    fn lose_one(&self, command: &'static str) {
        assert!(self.proxy.has_lost_all(), "something else was to be lost before {command}");
        self.proxy.lose(command, ONE);
    }
}

async fn for_every_loss<T: Topology, F: Future<Output = ()>>(test: impl Fn(Lossy) -> F) {
    if !Database::<T>::is_available() {
        return;
    }
    for losses in [ONE, SEVERAL] {
        let place = Database::<T>::default();
        let Some(server) = place.addr() else { return };
        let proxy = Proxy::to(server).await;
        let store = place.open_through(&proxy.uri()).await;
        test(Lossy { store: store.clone(), proxy, losses }).await;
        store.close().await;
    }
}

async fn an_account_is_made_once(lossy: Lossy) {
    let store = &*lossy.store;
    let new = given::account("Anna");
    lossy.lose("update");
    let made = store.create_user(new.clone()).await.expect("a free name");
    assert_eq!(made.id, new.id);
    lossy.lose("update");
    assert_eq!(store.create_user(given::account("anna")).await, Err(StoreError::UsernameTaken));
    lossy.lose("update");
    assert_eq!(store.set_last_seen(new.id, NOW).await, Ok(()));
    let stored = store.account_by_name(&new.username).await.expect("an answer").expect("Anna");
    assert_eq!((stored.user, stored.last_seen), (made, Some(NOW)));
}

async fn a_friendship_is_committed_once(lossy: Lossy) {
    let store = &*lossy.store;
    let [anna, ben] = given::users(store, ["anna", "ben"]).await;
    let pair = Pair::of(anna, ben).expect("two people");
    let after = |before: Option<&Friendship>, who, action| {
        Friendship::after(before, pair, who, action, NOW).expect("allowed").expect("a change")
    };
    let asked = after(None, anna, Move::Request);
    let crossed = after(None, ben, Move::Request);
    lossy.lose("insert");
    assert_eq!(store.commit_friendship(&asked).await, Ok(true));
    lossy.lose("insert");
    assert_eq!(store.commit_friendship(&crossed).await, Ok(false), "somebody was faster");

    let accepted = after(Some(&asked), ben, Move::Accept);
    let cancelled = after(Some(&asked), anna, Move::Cancel);
    lossy.lose("update");
    assert_eq!(store.commit_friendship(&accepted).await, Ok(true));
    assert_eq!(store.commit_friendship(&cancelled).await, Ok(false), "somebody was faster");
    assert_eq!(store.friendship(pair).await, Ok(Some(accepted)));
}

async fn a_message_is_stored_once(lossy: Lossy) {
    let store = &*lossy.store;
    let (conversation, anna, ben) = given::conversation(store).await;
    let first = message(conversation, anna, "first");
    lossy.lose("insert");
    let stored = store.append_message(first.clone()).await.expect("a stored message");
    assert!(stored.is_new, "nobody has been told of it");
    assert_eq!(stored.message.seq, 1);
    lossy.lose("insert");
    let second = store.append_message(message(conversation, ben, "second")).await.expect("a stored message");
    assert_eq!((second.is_new, second.message.seq), (true, 2));
    lossy.lose("insert");
    let stolen = NewMessage { id: first.id, ..message(conversation, ben, "stolen") };
    assert_eq!(store.append_message(stolen).await, Err(StoreError::IdTaken));
    let again = store.append_message(first).await.expect("the stored message");
    assert_eq!((again.is_new, &again.message), (false, &stored.message));
    let all = store.changes(conversation, 0, 10).await.expect("an answer").messages;
    assert_eq!(all, [stored.message, second.message]);

    lossy.lose("update");
    assert_eq!(store.advance_read_cursor(ben, conversation, 1).await, Ok(Some(1)));
    lossy.lose("update");
    assert_eq!(store.advance_read_cursor(ben, conversation, 2).await, Ok(Some(2)));
    let read = store.summary(conversation, anna).await.expect("an answer").expect("a summary").read;
    assert_eq!(read.get(&ben), Some(&2));
}

async fn a_change_is_made_once(lossy: Lossy) {
    let store = &*lossy.store;
    let (conversation, anna, _) = given::conversation(store).await;
    let first = given::sent(store, conversation, anna, "one").await.message;
    let edit = |text| Change::Edit(MessageBody::parse(text).expect("a text"));
    let next = first.after(anna, &edit("two"), NOW).expect("allowed").expect("a change");
    let stale = first.after(anna, &edit("three"), NOW).expect("allowed").expect("a change");
    lossy.lose("update");
    let changed = store.commit_message(next).await.expect("an answer").expect("a change");
    assert_eq!((changed.version, changed.content.words()), (2, Some("two")));
    lossy.lose("update");
    assert_eq!(store.commit_message(stale).await, Ok(None), "somebody was faster");
    assert_eq!(store.message(conversation, first.id).await, Ok(Some(changed)));
    assert_eq!(given::sent(store, conversation, anna, "next").await.message.version, 3);
}

async fn a_member_joins_and_leaves_once(lossy: Lossy) {
    let store = &*lossy.store;
    let [anna, ben] = given::users(store, ["anna", "ben"]).await;
    let conversation = ConversationId::new();
    let change = |member| Membership { conversation, member, by: anna, message: MessageId::new(), at: NOW };
    lossy.lose("insert");
    assert_eq!(store.create_group(change(anna), None, vec![]).await.expect("a group").version, 1);
    lossy.lose_one("insert");
    let joined = store.add_member(change(ben)).await.expect("an answer").expect("a new member");
    assert_eq!(joined.version, 2);
    lossy.lose_one("insert");
    let left = store.remove_member(change(ben)).await.expect("an answer").expect("a member");
    assert_eq!(left.version, 3);
    let all = store.changes(conversation, 1, 10).await.expect("an answer").messages;
    assert_eq!(all, [joined, left]);
    let members = store.conversation(conversation).await.expect("an answer").expect("the group").members;
    assert_eq!(members, [anna]);
}

async fn a_session_is_kept_as_said(lossy: Lossy) {
    let store = &*lossy.store;
    let later = Timestamp(NOW.0 + 1);
    let session = SessionRecord { id: 7, user: None, data: "{}".into(), expires_at: later };
    let other = SessionRecord { data: "[]".into(), ..session.clone() };
    lossy.lose("insert");
    assert_eq!(store.create_session(session.clone()).await, Ok(true));
    lossy.lose("insert");
    assert_eq!(store.create_session(other.clone()).await, Ok(false), "the id is in use");
    assert_eq!(store.session(7, NOW).await, Ok(Some(session)));
    lossy.lose("update");
    assert_eq!(store.save_session(other.clone(), NOW).await, Ok(true));
    assert_eq!(store.session(7, NOW).await, Ok(Some(other.clone())));
    lossy.lose("findAndModify");
    assert_eq!(store.delete_session(7).await, Ok(()));
    lossy.lose("update");
    assert_eq!(store.save_session(other, NOW).await, Ok(false), "it is gone");
}

async fn an_invitation_is_used_once(lossy: Lossy) {
    let store = &*lossy.store;
    let [_] = given::users(store, ["anna"]).await;
    let invitation = Invitation::new(None, 2, 1, NOW);
    let used = async || store.invitation(invitation.token, NOW).await.expect("an answer").map(|now| now.used);
    lossy.lose("insert");
    assert_eq!(store.create_invitation(invitation.clone()).await, Ok(()));
    lossy.lose("update");
    let taken = store.create_invited_user(given::account("Anna"), invitation.token).await;
    assert_eq!((taken, used().await), (Err(StoreError::UsernameTaken), Some(0)));
    lossy.lose("update");
    assert!(store.create_invited_user(given::account("ben"), invitation.token).await.is_ok());
    assert_eq!(used().await, Some(1));
    lossy.lose("delete");
    assert_eq!(store.revoke_invitation(invitation.token, None).await, Ok(true));
    lossy.lose("update");
    let late = store.create_invited_user(given::account("carl"), invitation.token).await;
    assert_eq!(late, Err(StoreError::NotInvited));
}

async fn a_file_is_uploaded_and_sent_once(lossy: Lossy) {
    let store = &*lossy.store;
    let (conversation, anna, _) = given::conversation(store).await;
    let new = given::new_file(anna, 7);
    lossy.lose("insert");
    assert_eq!(store.create_file(new.clone(), given::ROOM).await, Ok(()));
    assert_eq!(store.bytes_used(anna).await, Ok(7));
    lossy.lose("update");
    assert_eq!(store.advance_upload(new.id, 0, 7, given::EXPIRY).await, Ok(true));
    lossy.lose("update");
    assert_eq!(store.advance_upload(new.id, 0, 6, given::EXPIRY).await, Ok(false), "somebody was faster");
    lossy.lose("update");
    let file = store.finish_upload(new.id, given::facts(7)).await.expect("an answer").expect("a file");
    let with_it = given::with_files(conversation, anna, &[&file]);
    lossy.lose("update");
    lossy.proxy.lose("insert", lossy.losses);
    let sent = store.append_message(with_it.clone()).await.expect("a stored message");
    assert!(sent.is_new, "nobody has been told of it");
    let state = store.file(file.id).await.expect("an answer").map(|file| file.state);
    assert_eq!(state, Some(FileState::Sent { conversation, message: with_it.id }));
    lossy.lose("update");
    let other = given::with_files(conversation, anna, &[&file]);
    assert_eq!(store.append_message(other).await, Err(StoreError::NotFound), "it is in a message");
    lossy.lose("update");
    let gone = sent.message.after(anna, &Change::Delete, NOW).expect("allowed").expect("a change");
    assert_eq!(store.commit_message(gone).await.expect("an answer").map(|message| message.version), Some(2));
    assert_eq!(store.files_to_erase(NOW, 10).await, Ok(vec![file.id]));
    lossy.lose("delete");
    assert_eq!(store.forget_file(file.id).await, Ok(true));
}
