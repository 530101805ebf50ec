//! Who belongs to a group is part of its history.

use super::{
    Backend, given,
    given::{NOW, sent},
};
use model::{
    change::{Change, Emoji},
    content::{Content, System},
    group::{GroupName, Role, Roles, Settings},
    id::{ConversationId, MessageId, UserId},
    message::{Conversation, ConversationKind, MAX_MEMBERS, Message, MessageKind, PageRequest},
};
use std::{collections::BTreeMap, sync::Arc};
use store::{GroupChange, Membership, Store, StoreError};

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
    store.create_group(membership(id, anna, anna), None, vec![]).await.expect("a group");
    add(store, id, anna, ben).await;
    (id, anna, ben)
}

async fn members(store: &dyn Store, id: ConversationId) -> Vec<UserId> {
    let mut members = store.conversation(id).await.expect("an answer").expect("the group").members;
    members.sort_unstable();
    members
}

pub async fn each_change_of_members_is_a_message_with_a_version(place: impl Backend) {
    use MessageKind as K;
    use System::{Created, Joined, Left};
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    sent(&*store, id, ben, "hello").await;
    let joined = add(&*store, id, ben, cleo).await;
    assert_eq!((&joined.content, joined.sender), (&Content::System(Joined(cleo)), ben));
    assert_eq!((joined.seq, joined.version, joined.content.words()), (4, 4, None));
    let left = remove(&*store, id, ben, ben).await;
    assert_eq!((&left.content, left.version), (&Content::System(Left(ben)), 5));
    let found = store.conversation(id).await.expect("an answer").expect("the group");
    assert_eq!(found.kind, ConversationKind::Group);
    assert_eq!(members(&*store, id).await, [anna, cleo]);
    let history = store.page(id, PageRequest::default()).await.expect("an answer").messages;
    let kinds: Vec<_> = history.iter().map(|message| message.content.flat().kind).collect();
    assert_eq!(kinds, [K::Created, K::Joined, K::Text, K::Joined, K::Left]);
    assert_eq!((&history[3], &history[4]), (&joined, &left));
    assert_eq!(history[0].content, Content::System(Created));
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

fn roles(owner: UserId, admins: &[UserId]) -> Roles {
    Roles { owner: Some(owner), admins: admins.to_vec() }
}

/// The group as it is stored.
async fn found(store: &dyn Store, id: ConversationId) -> Conversation {
    store.conversation(id).await.expect("an answer").expect("the group")
}

async fn changed(
    store: &dyn Store,
    id: ConversationId,
    by: UserId,
    member: UserId,
    what: GroupChange,
) -> Option<Arc<Message>> {
    store.change_group(membership(id, by, member), what).await.expect("an answer")
}

pub async fn a_group_has_a_name_roles_and_settings(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let before = found(&*store, id).await;
    assert_eq!((before.name, before.members), (None, vec![anna, ben]), "in the order in which they joined");
    assert_eq!(before.roles, roles(anna, &[]), "whoever made it owns it");

    let ducks = GroupChange::Name(GroupName::parse("Ducks").expect("a name"));
    let renamed = changed(&*store, id, ben, ben, ducks.clone()).await.expect("a change");
    assert_eq!((&renamed.content, renamed.version), (&Content::System(System::Renamed("Ducks".into())), 3));
    assert_eq!(changed(&*store, id, anna, anna, ducks).await, None, "it is called so already");
    let admin = changed(&*store, id, anna, ben, GroupChange::Role(Role::Admin)).await.expect("a change");
    assert_eq!(admin.content, Content::System(System::Role(ben, Role::Admin)));
    let set = Settings::from(
        [("who_invites", "admins"), ("of later", "versions")].map(|(a, b)| (a.into(), b.into())),
    );
    changed(&*store, id, ben, ben, GroupChange::Settings(set.clone())).await.expect("a change");

    // Who joins or leaves changes nothing of it, and all of it is there after reopening.
    let [cleo] = given::users(&*store, ["cleo"]).await;
    add(&*store, id, ben, cleo).await;
    store.close().await;
    drop(store);
    let store = place.open().await;
    let group = found(&*store, id).await;
    assert_eq!((group.name.as_deref(), &group.settings), (Some("Ducks"), &set));
    assert_eq!(group.members, [anna, ben, cleo]);
    assert_eq!(group.roles, roles(anna, &[ben]));
    let summary = store.summary(id, cleo).await.expect("an answer").expect("a summary");
    assert_eq!((summary.conversation, summary.head), (group, 6));
    let history = store.changes(id, 0, 10).await.expect("an answer").messages;
    assert_eq!((&history[2], &history[3]), (&renamed, &admin));
}

pub async fn a_group_has_one_owner_whoever_leaves(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    add(&*store, id, anna, cleo).await;
    changed(&*store, id, anna, cleo, GroupChange::Role(Role::Owner)).await.expect("a change");
    let handed_over = roles(cleo, &[anna]);
    assert_eq!(found(&*store, id).await.roles, handed_over, "whoever was the owner stays an admin");
    remove(&*store, id, cleo, cleo).await;
    let left = found(&*store, id).await.roles;
    assert_eq!(left, roles(anna, &[]), "whoever is there longest");
    remove(&*store, id, anna, anna).await;
    assert_eq!(found(&*store, id).await.roles, roles(ben, &[]));
    add(&*store, id, ben, anna).await;
    assert_eq!(found(&*store, id).await.roles, roles(ben, &[]), "who returns is a member");
}

pub async fn only_members_change_a_group_and_only_of_members(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let name = GroupChange::Name(GroupName::parse("Ducks").expect("a name"));
    for (group, by, member, what) in [
        (id, cleo, cleo, name.clone()),
        (id, anna, cleo, GroupChange::Role(Role::Admin)),
        (id, cleo, anna, GroupChange::Role(Role::Admin)),
        (ConversationId::new(), anna, anna, name.clone()),
        (given::contacts(&*store, anna, ben).await, anna, anna, name),
    ] {
        let refused = store.change_group(membership(group, by, member), what.clone()).await;
        assert_eq!(refused, Err(StoreError::NotFound), "{what:?}");
    }
    assert_eq!(
        store.summary(id, anna).await.expect("an answer").expect("a group").head,
        2,
        "nothing was changed"
    );
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
    let [cleo, dora] = given::users(&*store, ["cleo", "dora"]).await;
    let direct = given::contacts(&*store, anna, ben).await;
    for (id, by) in [(id, dora), (ConversationId::new(), anna), (direct, anna)] {
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
    let [anna] = given::users(&*store, ["anna"]).await;
    let mut others = Vec::new();
    for n in 1..MAX_MEMBERS {
        others.push(given::user(&*store, &format!("person-{n}")).await.id);
    }
    let [late] = given::users(&*store, ["late"]).await;
    let id = ConversationId::new();
    let too_many = others.iter().copied().chain([late]).collect();
    let refused = store.create_group(membership(id, anna, anna), None, too_many).await;
    assert_eq!(refused, Err(StoreError::Full));
    assert_eq!(store.conversation(id).await, Ok(None));
    store.create_group(membership(id, anna, anna), None, others).await.expect("a group");
    assert_eq!(store.add_member(membership(id, anna, late)).await, Err(StoreError::Full));
    assert_eq!(members(&*store, id).await.len(), MAX_MEMBERS);
}

pub async fn a_group_is_made_with_its_name_and_members_in_one_change(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    let (id, name) = (ConversationId::new(), GroupName::parse("Ducks").expect("a name"));
    let said = store.create_group(membership(id, cleo, cleo), Some(name), vec![anna, ben]).await;
    let said = said.expect("a group");
    assert_eq!((&said.content, said.sender, said.version), (&Content::System(System::Created), cleo, 1));
    let made = store.conversation(id).await.expect("an answer").expect("the group");
    assert_eq!((made.name.as_deref(), &made.roles.owner), (Some("Ducks"), &Some(cleo)));
    for (user, groups) in [(anna, 1), (cleo, 1), (UserId::new(), 0)] {
        assert_eq!(store.count_groups(user).await, Ok(groups));
    }
    assert_eq!(made.members, [anna, ben, cleo], "who has joined at once stands in the order of ids");
    for member in [anna, ben, cleo] {
        let shown = store.summary(id, member).await.expect("an answer").expect("theirs");
        assert_eq!((shown.head, shown.unread), (1, 0));
        assert_eq!(shown.read.get(&member), Some(&1), "and has nothing to catch up on");
    }
    let [dora] = given::users(&*store, ["dora"]).await;
    let since = add(&*store, id, ben, dora).await.seq;
    let joined = store.joined(id).await.expect("an answer");
    assert_eq!(joined, [(anna, 1), (ben, 1), (cleo, 1), (dora, since)].into());
    assert_eq!(store.joined(ConversationId::new()).await, Ok(BTreeMap::new()));
    // Whoever was in it for longest, and at the same time, is the heir.
    remove(&*store, id, cleo, cleo).await;
    let left = store.conversation(id).await.expect("an answer").expect("the group");
    assert_eq!(left.roles.owner, Some(anna));
}

pub async fn an_erased_group_is_gone_for_everybody(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    sent(&*store, id, ben, "soon gone").await;
    let by = membership(id, anna, anna);
    assert_eq!(store.erase_group(by).await, Ok(()));
    assert_eq!(store.conversation(id).await, Ok(None));
    for member in [anna, ben] {
        assert_eq!(store.summaries(member).await, Ok(vec![]));
    }
    let left = store.page(id, PageRequest::default()).await.expect("an answer");
    assert_eq!(left.messages, [], "nor is anything left of what was said");
    assert_eq!(store.add_member(membership(id, anna, ben)).await, Err(StoreError::NotFound));
    assert_eq!(store.erase_group(by).await, Ok(()), "once is enough");
    assert_eq!(store.erase_group(membership(ConversationId::new(), anna, anna)).await, Ok(()));
}

pub async fn a_deleted_user_leaves_tombstones_in_groups_and_no_reactions(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = group(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let alone = ConversationId::new();
    store.create_group(membership(alone, ben, ben), None, vec![]).await.expect("a group");
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
        let words = message.content.flat().kind == MessageKind::Text && message.sender == ben;
        assert_eq!((message.content.is_deleted(), message.reactions.len()), (words, 0), "{message:?}");
    }
    assert_eq!(history[122].content.words(), Some("kept"));
    let last = history.last().expect("a message");
    assert_eq!(last.content, Content::System(System::Left(ben)));
    add(&*store, id, anna, cleo).await;
}

pub async fn whoever_has_no_account_comes_into_no_group(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben, cleo] = given::users(&*store, ["anna", "ben", "cleo"]).await;
    assert_eq!(store.delete_user(cleo).await, Ok(true));
    let first = membership(ConversationId::new(), anna, anna);
    assert_eq!(store.create_group(first, None, vec![ben, cleo]).await.err(), Some(StoreError::NotFound));
    assert_eq!(store.conversation(first.conversation).await, Ok(None));
    store.create_group(first, None, vec![ben]).await.expect("a group");
    assert_eq!(
        store.add_member(membership(first.conversation, anna, cleo)).await.err(),
        Some(StoreError::NotFound)
    );
    let members = store.conversation(first.conversation).await.expect("an answer").map(|group| group.members);
    assert_eq!(members.map(|members| members.len()), Some(2));
}
