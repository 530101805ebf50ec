use super::{
    Backend, given,
    given::{NOW, message, sent},
};
use model::{
    content::Content,
    id::{ConversationId, MessageId},
    message::{MAX_PAGE, Message, PAGE, Page, PageRequest, Reaction},
    time::Timestamp,
};
use std::sync::Arc;
use store::{Changes, NewMessage, StoreError};

fn seqs(messages: &[Arc<Message>]) -> Vec<u64> {
    messages.iter().map(|message| message.seq).collect()
}

pub async fn a_message_is_stored_as_sent(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let first = sent(&*store, conversation, anna, "Hello").await.message;
    let text = "line one\n\tline two 🦀 <b>'; DROP TABLE messages; -- \u{202E} e\u{301}";
    let answer = NewMessage { reply_to: Some(first.id), ..message(conversation, ben, text) };
    let stored = store.append_message(answer.clone()).await.expect("a stored message");
    let expected = Message {
        reply_to: Some(first.id),
        ..Message::new(answer.id, conversation, 2, ben, Content::text(text), NOW)
    };
    assert!(stored.is_new);
    assert_eq!(*stored.message, expected);
    let page = store.page(conversation, PageRequest::default()).await.expect("an answer");
    assert_eq!(page.messages, [first.clone(), Arc::new(expected)]);
    let changes = store.changes(conversation, 0, 10).await.expect("an answer");
    assert_eq!(changes.messages, page.messages);
}

pub async fn sending_again_returns_what_was_stored(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let new = message(conversation, anna, "once");
    let first = store.append_message(new.clone()).await.expect("a stored message");
    sent(&*store, conversation, ben, "meanwhile").await;
    let other = NewMessage { created_at: Timestamp(NOW.0 + 9), ..message(conversation, anna, "other words") };
    for again in [new.clone(), NewMessage { id: new.id, reply_to: Some(MessageId::new()), ..other }] {
        let again = store.append_message(again).await.expect("the stored message");
        assert!(!again.is_new);
        assert_eq!(again.message, first.message);
    }
    let changes = store.changes(conversation, 0, 10).await.expect("an answer");
    assert_eq!(seqs(&changes.messages), [1, 2]);
}

pub async fn an_id_cannot_be_used_by_another_sender(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let first = sent(&*store, conversation, anna, "mine").await.message;
    let stolen = NewMessage { id: first.id, ..message(conversation, ben, "mine") };
    assert_eq!(store.append_message(stolen).await, Err(StoreError::IdTaken));
    assert_eq!(sent(&*store, conversation, ben, "next").await.message.seq, 2, "no number was lost");
}

pub async fn the_same_id_in_another_conversation_is_another_message(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let elsewhere = given::contacts(&*store, anna, cleo).await;
    let here = sent(&*store, conversation, anna, "here").await.message;
    let there = NewMessage { id: here.id, ..message(elsewhere, cleo, "there") };
    let there = store.append_message(there).await.expect("a stored message");
    assert!(there.is_new);
    assert_eq!((there.message.conversation_id, there.message.seq), (elsewhere, 1));
    for (conversation, only) in [(conversation, here), (elsewhere, there.message)] {
        let page = store.page(conversation, PageRequest::default()).await.expect("an answer");
        assert_eq!(page.messages, [only]);
    }
}

pub async fn fifty_sends_of_one_id_at_once_make_one_message(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    let new = message(conversation, anna, "once");
    let outcomes = given::at_once(&store, 50, |store, _| {
        let new = new.clone();
        async move { store.append_message(new).await.expect("the stored message") }
    })
    .await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_new).count(), 1);
    assert!(outcomes.iter().all(|outcome| outcome.message == outcomes[0].message));
    let page = store.page(conversation, PageRequest::default()).await.expect("an answer");
    assert_eq!(seqs(&page.messages), [1]);
}

pub async fn an_unknown_conversation_takes_no_message(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let lost = message(ConversationId::new(), anna, "into the void");
    assert_eq!(store.append_message(lost.clone()).await, Err(StoreError::NotFound));
    assert_eq!(store.page(lost.conversation, PageRequest::default()).await, Ok(Page::default()));
}

pub async fn the_newest_page_comes_first(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    given::many_sent(&*store, conversation, anna, PAGE as u64).await;
    let page = store.page(conversation, PageRequest::default()).await.expect("an answer");
    assert_eq!((seqs(&page.messages), page.has_more), ((1..=50).collect(), false), "exactly one page");
    sent(&*store, conversation, anna, "one more").await;
    let page = store.page(conversation, PageRequest::default()).await.expect("an answer");
    assert_eq!((seqs(&page.messages), page.has_more), ((2..=51).collect(), true));
}

pub async fn older_and_newer_pages_lie_next_to_a_seq(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    given::many_sent(&*store, conversation, anna, 10).await;
    let older = |seq| PageRequest { before: Some(seq), limit: Some(3), ..PageRequest::default() };
    let newer = |seq| PageRequest { after: Some(seq), limit: Some(3), ..PageRequest::default() };
    let both = PageRequest { before: Some(8), after: Some(1), limit: Some(3), ..PageRequest::default() };
    let expected = [
        (older(8), vec![5, 6, 7], true),
        (older(5), vec![2, 3, 4], true),
        (older(4), vec![1, 2, 3], false),
        (older(2), vec![1], false),
        (older(1), vec![], false),
        (older(0), vec![], false),
        (older(u64::MAX), vec![8, 9, 10], true),
        (newer(0), vec![1, 2, 3], true),
        (newer(4), vec![5, 6, 7], true),
        (newer(7), vec![8, 9, 10], false),
        (newer(9), vec![10], false),
        (newer(10), vec![], false),
        (newer(u64::MAX), vec![], false),
        (both, vec![5, 6, 7], true),
    ];
    for (request, messages, has_more) in expected {
        let page = store.page(conversation, request).await.expect("an answer");
        assert_eq!((seqs(&page.messages), page.has_more), (messages, has_more), "{request:?}");
    }
}

pub async fn the_first_message_of_a_moment_is_found(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    let since = async |minute: i64| {
        let moment = Timestamp(NOW.0 + minute * 60_000);
        store.first_since(conversation, moment).await.expect("an answer")
    };
    assert_eq!(since(0).await, None, "nothing was said");
    // Two in each minute; changes of the first one take the numbers between them.
    let mut seqs = Vec::new();
    for n in 0..40 {
        let created_at = Timestamp(NOW.0 + n / 2 * 60_000);
        let new = NewMessage { created_at, ..message(conversation, anna, "text") };
        let first = store.append_message(new).await.expect("stored").message;
        seqs.push(first.seq);
        if n % 3 == 0 {
            let reactions = vec![Reaction { emoji: "👍".to_owned(), users: vec![anna] }];
            let next = Message { reactions, ..Message::clone(&first) };
            store.commit_message(next).await.expect("stored").expect("nobody was faster");
        }
    }
    for minute in 0..20 {
        assert_eq!(since(minute).await, Some(seqs[2 * minute as usize]), "minute {minute}");
    }
    assert_eq!(since(-1000).await, Some(seqs[0]));
    assert_eq!(since(20).await, None, "later than all");
    assert_eq!(store.first_since(ConversationId::new(), NOW).await, Ok(None));
}

pub async fn a_page_is_never_larger_than_allowed(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    given::many_sent(&*store, conversation, anna, 101).await;
    for (limit, expected) in [(0, 1), (1, 1), (100, MAX_PAGE), (101, MAX_PAGE), (usize::MAX, MAX_PAGE)] {
        let request = PageRequest { limit: Some(limit), ..PageRequest::default() };
        let page = store.page(conversation, request).await.expect("an answer");
        assert_eq!((page.messages.len(), page.has_more), (expected, true), "{limit}");
    }
}

pub async fn pages_of_nothing_are_empty(place: impl Backend) {
    let store = place.open().await;
    let (conversation, _, _) = given::conversation(&*store).await;
    for id in [conversation, ConversationId::new()] {
        assert_eq!(store.page(id, PageRequest::default()).await, Ok(Page::default()));
        let nothing = Changes { messages: vec![], complete: true };
        assert_eq!(store.changes(id, 0, 10).await, Ok(nothing));
    }
}

pub async fn catching_up_returns_what_came_after_a_version(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    given::many_sent(&*store, conversation, anna, 4).await;
    let [cleo] = given::users(&*store, ["cleo"]).await;
    let elsewhere = given::contacts(&*store, cleo, ben).await;
    given::many_sent(&*store, elsewhere, cleo, 9).await;
    for (after, expected) in
        [(0, vec![1, 2, 3, 4]), (2, vec![3, 4]), (4, vec![]), (5, vec![]), (u64::MAX, vec![])]
    {
        let changes = store.changes(conversation, after, 100).await.expect("an answer");
        assert_eq!((seqs(&changes.messages), changes.complete), (expected, true), "after {after}");
        assert!(changes.messages.iter().all(|message| message.conversation_id == conversation));
    }
}

pub async fn catching_up_says_whether_the_limit_cut_it(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    given::many_sent(&*store, conversation, anna, 5).await;
    let expected = [
        (0, 4, vec![1, 2, 3, 4], false),
        (0, 5, vec![1, 2, 3, 4, 5], true),
        (1, 3, vec![2, 3, 4], false),
        (3, 2, vec![4, 5], true),
        (0, usize::MAX, vec![1, 2, 3, 4, 5], true),
        (4, 0, vec![], false),
        (5, 0, vec![], true),
    ];
    for (after, limit, messages, complete) in expected {
        let changes = store.changes(conversation, after, limit).await.expect("an answer");
        assert_eq!((seqs(&changes.messages), changes.complete), (messages, complete), "{after}, {limit}");
    }
}
