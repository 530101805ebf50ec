//! Who belongs to a group is part of its history.

use super::{
    Backend, given,
    given::{NOW, sent},
};
use model::{
    change::{Change, Emoji},
    id::{ConversationId, MessageId, UserId},
    message::{ConversationKind, MAX_MEMBERS, Message, MessageKind, PageRequest},
};
use std::{collections::BTreeMap, sync::Arc};
use store::{Membership, Store, StoreError};

fn membership(conversation: ConversationId, by: UserId, member: UserId) -> Membership {
    Membership { conversation, member, by, message: MessageId::new(), at: NOW }
}

async fn add(store: &dyn Store, id: ConversationId, by: UserId, member: UserId) -> Arc<Message> {
    store.add_member(membership(id, by, member)).await.expect("an answer").expect("a new member")
}

async fn remove(store: &dyn Store, id: ConversationId, by: UserId, member: UserId) -> Arc<Message> {
    store.remove_member(membership(id, by, member)).await.expect("an answer").expect("a member")
}

/// Anna's group, with Ben.
async fn group(store: &dyn Store) -> (ConversationId, UserId, UserId) {
    let [anna, ben] = given::users(store, ["anna", "ben"]).await;
    let id = ConversationId::new();
    store.create_group(membership(id, anna, anna)).await.expect("a group");
    add(store, id, anna, ben).await;
    (id, anna, ben)
}

async fn members(store: &dyn Store, id: ConversationId) -> Vec<UserId> {
    let mut members = store.conversation(id).await.expect("an answer").expect("the group").members;
    members.sort_unstable();
    members
}

pub async fn each_change_of_members_is_a_message_with_a_version(place: impl Backend) {
    use MessageKind::{Created, Joined, Left, Text};
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    sent(&*store, id, ben, "hello").await;
    let joined = add(&*store, id, ben, cleo).await;
    assert_eq!((joined.kind, joined.sender, joined.subject), (Joined, ben, Some(cleo)));
    assert_eq!((joined.seq, joined.version, joined.body.as_str()), (4, 4, ""));
    let left = remove(&*store, id, ben, ben).await;
    assert_eq!((left.kind, left.subject, left.version), (Left, Some(ben), 5));
    let found = store.conversation(id).await.expect("an answer").expect("the group");
    assert_eq!(found.kind, ConversationKind::Group);
    assert_eq!(members(&*store, id).await, [anna, cleo]);
    let history = store.page(id, PageRequest::default()).await.expect("an answer").messages;
    let kinds: Vec<_> = history.iter().map(|message| message.kind).collect();
    assert_eq!(kinds, [Created, Joined, Text, Joined, Left]);
    assert_eq!((&history[3], &history[4]), (&joined, &left));
    assert_eq!(history[0].subject, None);
    let next = sent(&*store, id, cleo, "next").await.message;
    assert_eq!(next.version, 6);
}

pub async fn a_group_is_in_the_lists_of_its_members_and_no_others(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let direct = given::contacts(&*store, anna, cleo).await;
    let lists = async |user| {
        let list = store.summaries(user).await.expect("an answer");
        let mut ids: Vec<_> = list.iter().map(|summary| summary.conversation.id).collect();
        ids.sort_unstable();
        ids
    };
    let mut both = vec![id, direct];
    both.sort_unstable();
    assert_eq!(
        (lists(anna).await, lists(ben).await, lists(cleo).await),
        (both.clone(), vec![id], vec![direct])
    );
    remove(&*store, id, ben, ben).await;
    add(&*store, id, anna, cleo).await;
    assert_eq!((lists(anna).await, lists(ben).await, lists(cleo).await), (both.clone(), vec![], both));
    assert_eq!(store.summary(id, ben).await, Ok(None));
    let late = given::message(id, ben, "late");
    assert_eq!(store.append_message(late).await, Err(StoreError::NotFound));
    assert_eq!(store.advance_read_cursor(ben, id, 1).await, Err(StoreError::NotFound));
}

pub async fn what_was_there_before_somebody_joined_counts_as_read(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    given::many_sent(&*store, id, anna, 4).await; // 3 to 6
    add(&*store, id, anna, cleo).await; // 7
    given::many_sent(&*store, id, anna, 2).await; // 8, 9
    let summary = store.summary(id, cleo).await.expect("an answer").expect("a summary");
    assert_eq!(summary.read, BTreeMap::from([(anna, 1), (ben, 2), (cleo, 7)]));
    assert_eq!(summary.unread, 2);
    assert_eq!(store.advance_read_cursor(cleo, id, 7).await, Ok(None));
    assert_eq!(store.advance_read_cursor(cleo, id, 8).await, Ok(Some(8)));
    // Coming back is joining anew.
    remove(&*store, id, cleo, cleo).await; // 10
    let read = store.summary(id, anna).await.expect("an answer").expect("a summary").read;
    assert_eq!(read, BTreeMap::from([(anna, 1), (ben, 2)]), "who has left has read nothing");
    add(&*store, id, ben, cleo).await; // 11
    let summary = store.summary(id, cleo).await.expect("an answer").expect("a summary");
    assert_eq!((summary.read[&cleo], summary.unread), (11, 0));
    assert_eq!(store.advance_read_cursor(cleo, id, 10).await, Ok(None));
}

pub async fn a_change_of_members_that_is_so_already_changes_nothing(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    assert_eq!(store.add_member(membership(id, anna, ben)).await, Ok(None));
    assert_eq!(store.remove_member(membership(id, anna, cleo)).await, Ok(None));
    assert_eq!(store.summary(id, anna).await.expect("an answer").expect("a summary").head, 2);
}

pub async fn only_members_change_who_belongs_to_a_group(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let direct = given::contacts(&*store, anna, ben).await;
    for (id, by) in [(id, cleo), (ConversationId::new(), anna), (direct, anna)] {
        assert_eq!(store.add_member(membership(id, by, cleo)).await, Err(StoreError::NotFound));
        assert_eq!(store.remove_member(membership(id, by, ben)).await, Err(StoreError::NotFound));
    }
    assert_eq!(members(&*store, id).await, [anna, ben]);
    assert_eq!(members(&*store, direct).await, [anna, ben]);
}

pub async fn a_group_that_everybody_has_left_is_gone(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    sent(&*store, id, anna, "words").await;
    store.advance_read_cursor(ben, id, 3).await.expect("an answer");
    remove(&*store, id, anna, anna).await;
    remove(&*store, id, ben, ben).await;
    assert_eq!(store.conversation(id).await, Ok(None));
    assert_eq!(store.page(id, PageRequest::default()).await.expect("an answer").messages, []);
    for user in [anna, ben] {
        assert_eq!(store.summaries(user).await, Ok(vec![]));
        assert_eq!(store.add_member(membership(id, user, user)).await, Err(StoreError::NotFound));
        let late = given::message(id, user, "late");
        assert_eq!(store.append_message(late).await, Err(StoreError::NotFound));
    }
}

pub async fn many_who_join_and_leave_at_once_are_each_counted(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let mut people = Vec::new();
    for n in 0..16 {
        people.push(given::user(&*store, &format!("person-{n}")).await.id);
    }
    let taken = given::at_once(&store, 16, |store, n| {
        let person = people[n];
        async move {
            let mut taken = vec![add(&*store, id, anna, person).await.version];
            taken.push(sent(&*store, id, person, "hello").await.message.version);
            if n % 2 == 0 {
                taken.push(remove(&*store, id, person, person).await.version);
            }
            taken
        }
    })
    .await;
    let mut taken: Vec<_> = taken.into_iter().flatten().collect();
    taken.sort_unstable();
    assert_eq!(taken, (3..=42).collect::<Vec<_>>(), "each change has a version of its own");
    let mut expected: Vec<_> = people.iter().skip(1).step_by(2).copied().chain([anna, ben]).collect();
    expected.sort_unstable();
    assert_eq!(members(&*store, id).await, expected, "and none undid another");
}

pub async fn a_group_has_so_many_members_and_no_more(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = group(&*store).await;
    for n in 2..MAX_MEMBERS {
        let person = given::user(&*store, &format!("person-{n}")).await.id;
        add(&*store, id, anna, person).await;
    }
    let [late] = given::users(&*store, ["late"]).await;
    assert_eq!(store.add_member(membership(id, anna, late)).await, Err(StoreError::Full));
    assert_eq!(members(&*store, id).await.len(), MAX_MEMBERS);
}

pub async fn a_deleted_user_leaves_tombstones_in_groups_and_no_reactions(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let alone = ConversationId::new();
    store.create_group(membership(alone, ben, ben)).await.expect("a group");
    given::many_sent(&*store, id, ben, 120).await;
    let kept = sent(&*store, id, anna, "kept").await.message;
    let emoji = Emoji::parse("🦆").expect("an emoji");
    let react = Change::React { emoji, on: true };
    let next = kept.after(ben, &react, NOW).expect("allowed").expect("a change");
    store.commit_message(next).await.expect("an answer").expect("a change");

    assert_eq!(store.delete_user(ben).await, Ok(true));
    assert_eq!(members(&*store, id).await, [anna]);
    assert_eq!(store.conversation(alone).await, Ok(None));
    let mut history = store.changes(id, 0, usize::MAX).await.expect("an answer").messages;
    history.sort_by_key(|message| message.seq);
    assert_eq!(history.len(), 2 + 120 + 1 + 1);
    for message in &history {
        let words = message.kind == MessageKind::Text && message.sender == ben;
        assert_eq!((message.deleted_at.is_some(), message.reactions.len()), (words, 0), "{message:?}");
        assert!(!words || message.body.is_empty());
    }
    assert_eq!(history[122].body, "kept");
    let last = history.last().expect("a message");
    assert_eq!((last.kind, last.subject), (MessageKind::Left, Some(ben)));
    add(&*store, id, anna, cleo).await;
}
