//! Messages that change: another version, one state, nothing of the old one.

use super::{
    Backend, given,
    given::{NOW, sent},
};
use model::{
    change::{Change, Emoji, MAX_EMOJIS},
    content::Content,
    error::ErrorCode,
    id::{ConversationId, MessageId, UserId},
    message::{Message, MessageBody, PageRequest},
    time::Timestamp,
};
use std::{collections::BTreeSet, sync::Arc};
use store::{NewMessage, Store};

const LATER: Timestamp = Timestamp(NOW.0 + 60_000);

fn edit(text: &str) -> Change {
    Change::Edit(MessageBody::parse(text).expect("a text"))
}

fn react(emoji: &str, on: bool) -> Change {
    Change::React { emoji: Emoji::parse(emoji).expect("an emoji"), on }
}

/// Reads, decides and writes, as the server does, until nobody else was faster. `None`: there was
/// nothing to change.
async fn change(store: &dyn Store, of: &Message, by: UserId, change: &Change) -> Option<Arc<Message>> {
    loop {
        let stored = store.message(of.conversation_id, of.id).await.expect("an answer").expect("the message");
        let next = stored.after(by, change, LATER).expect("an allowed change")?;
        if let Some(changed) = store.commit_message(next).await.expect("an answer") {
            return Some(changed);
        }
    }
}

async fn versions(store: &dyn Store, conversation: ConversationId) -> Vec<(u64, u64)> {
    let changes = store.changes(conversation, 0, usize::MAX).await.expect("an answer");
    changes.messages.iter().map(|message| (message.version, message.seq)).collect()
}

pub async fn an_edit_takes_the_next_version_and_keeps_its_place(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let first = sent(&*store, id, anna, "frist").await.message;
    let answer = NewMessage { reply_to: Some(first.id), ..given::message(id, ben, "second") };
    let second = store.append_message(answer).await.expect("a stored message").message;
    let edited = change(&*store, &first, anna, &edit("first")).await.expect("a change");
    let content = Content::Text { body: "first".into(), attachments: vec![], edited_at: Some(LATER) };
    let expected = Message { version: 3, content, ..Message::clone(&first) };
    assert_eq!(*edited, expected);
    assert_eq!(store.message(id, first.id).await, Ok(Some(edited.clone())));
    let page = store.page(id, PageRequest::default()).await.expect("an answer");
    assert_eq!(page.messages, [edited.clone(), second.clone()], "by seq");
    let missed = store.changes(id, 1, 10).await.expect("an answer");
    assert_eq!(missed.messages, [second, edited], "by version");
    assert_eq!(store.summary(id, ben).await.expect("an answer").expect("a summary").head, 3);
    let next = sent(&*store, id, anna, "third").await.message;
    assert_eq!((next.seq, next.version), (4, 4));
    assert_eq!(change(&*store, &first, anna, &edit("first")).await, None, "it is so already");
}

pub async fn a_deletion_leaves_a_tombstone(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let first = sent(&*store, id, anna, "one").await.message;
    let secret = NewMessage { reply_to: Some(first.id), ..given::message(id, anna, "secret") };
    let secret = store.append_message(secret).await.expect("a stored message").message;
    change(&*store, &secret, ben, &react("👀", true)).await.expect("a reaction");
    change(&*store, &secret, anna, &edit("more secret")).await.expect("an edit");
    assert_eq!(store.summary(id, ben).await.expect("an answer").expect("a summary").unread, 2);
    let gone = change(&*store, &secret, anna, &Change::Delete).await.expect("a deletion");
    let expected = Message {
        version: 5,
        content: Content::Deleted { at: LATER },
        reply_to: None,
        ..Message::clone(&secret)
    };
    assert_eq!(*gone, expected);
    assert_eq!(store.message(id, secret.id).await, Ok(Some(gone.clone())));
    let summary = store.summary(id, ben).await.expect("an answer").expect("a summary");
    assert_eq!((summary.head, summary.unread, summary.last_message), (5, 1, Some(gone.clone())));
    assert_eq!(change(&*store, &secret, anna, &Change::Delete).await, None, "twice is once");
    let again =
        store.append_message(NewMessage { id: secret.id, ..given::message(id, anna, "secret") }).await;
    assert_eq!(again.expect("the tombstone").message, gone, "sending it again brings nothing back");
}

pub async fn reactions_are_kept_by_emoji_in_order(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let message = sent(&*store, id, anna, "text").await.message;
    for (by, emoji, on) in
        [(ben, "👍", true), (anna, "🦆", true), (anna, "👍", true), (ben, "🦆", true), (anna, "🦆", false)]
    {
        change(&*store, &message, by, &react(emoji, on)).await.expect("a change");
    }
    let stored = store.message(id, message.id).await.expect("an answer").expect("the message");
    let reactions: Vec<_> =
        stored.reactions.iter().map(|reaction| (reaction.emoji.as_str(), reaction.users.clone())).collect();
    assert_eq!(reactions, [("👍", vec![ben, anna]), ("🦆", vec![ben])]);
    assert_eq!(stored.version, 6);
    change(&*store, &message, ben, &react("🦆", false)).await.expect("a change");
    for (by, emoji, on) in [(ben, "👍", true), (ben, "🦆", false), (anna, "🎉", false)] {
        assert_eq!(change(&*store, &message, by, &react(emoji, on)).await, None, "{emoji} {on}");
    }
    let page = store.page(id, PageRequest::default()).await.expect("an answer");
    assert_eq!(page.messages[0].reactions.len(), 1, "what nobody means any more is gone");
}

pub async fn an_emoji_is_a_value_whatever_it_looks_like(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let message = sent(&*store, id, anna, "text").await.message;
    let hostile = ["a.b", "$set", "$", ".", "__proto__", "{\"$ne\":null}", "\"", "'", "\\", "%"];
    for emoji in hostile {
        change(&*store, &message, ben, &react(emoji, true)).await.expect("a change");
    }
    let stored = store.message(id, message.id).await.expect("an answer").expect("the message");
    let emojis: Vec<_> = stored.reactions.iter().map(|reaction| reaction.emoji.as_str()).collect();
    assert_eq!(emojis, hostile);
    assert_eq!(stored.content.words(), Some("text"));
    for emoji in hostile {
        change(&*store, &message, ben, &react(emoji, false)).await.expect("a change");
    }
    let stored = store.message(id, message.id).await.expect("an answer").expect("the message");
    assert!(stored.reactions.is_empty());
    assert_eq!(stored.version, 1 + 2 * hostile.len() as u64);
}

pub async fn a_state_that_somebody_else_has_replaced_is_refused(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, _) = given::conversation(&*store).await;
    let first = sent(&*store, id, anna, "one").await.message;
    let next = first.after(anna, &edit("two"), LATER).expect("allowed").expect("a change");
    let stale = first.after(anna, &edit("three"), LATER).expect("allowed").expect("a change");
    let stored = store.commit_message(next).await.expect("an answer").expect("a change");
    assert_eq!(store.commit_message(stale.clone()).await, Ok(None));
    assert_eq!(store.message(id, first.id).await, Ok(Some(stored)));
    for lost in [
        Message { id: MessageId::new(), ..stale.clone() },
        Message { conversation_id: ConversationId::new(), ..stale },
    ] {
        assert_eq!(store.commit_message(lost).await, Ok(None));
    }
    assert_eq!(versions(&*store, id).await, [(2, 1)], "no number was lost");
    assert_eq!(store.message(id, MessageId::new()).await, Ok(None));
}

pub async fn thirty_two_people_at_once_leave_one_state_and_no_gap(place: impl Backend) {
    const EACH: usize = 6;
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let target = sent(&*store, id, anna, "target").await.message;
    let taken = given::at_once(&store, 32, |store, n| {
        let target = target.clone();
        async move {
            let mut taken = Vec::new();
            for round in 0..EACH {
                let changed = match n % 4 {
                    0 => Some(sent(&*store, id, anna, "between").await.message),
                    1 => change(&*store, &target, anna, &edit(&format!("{n} {round}"))).await,
                    _ => {
                        let emoji = react(&format!("e{}", n % MAX_EMOJIS), round % 2 == 0);
                        change(&*store, &target, [anna, ben][n % 2], &emoji).await
                    }
                };
                taken.extend(changed.map(|message| message.version));
            }
            taken
        }
    })
    .await;
    let mut all: Vec<_> = taken.into_iter().flatten().collect();
    all.sort_unstable();
    let head = 1 + all.len() as u64;
    assert_eq!(all, (2..=head).collect::<Vec<_>>(), "each version once, none missing");
    assert_eq!(store.summary(id, anna).await.expect("an answer").expect("a summary").head, head);
    let left: BTreeSet<_> = versions(&*store, id).await.into_iter().map(|(version, _)| version).collect();
    assert!(left.contains(&head) && left.len() == 1 + 8 * EACH, "a final state for each message");
}

pub async fn what_is_too_much_is_refused_before_it_is_stored(place: impl Backend) {
    let store = place.open().await;
    let (id, anna, ben) = given::conversation(&*store).await;
    let message = sent(&*store, id, anna, "text").await.message;
    for n in 0..MAX_EMOJIS {
        change(&*store, &message, ben, &react(&n.to_string(), true)).await.expect("a change");
    }
    let full = store.message(id, message.id).await.expect("an answer").expect("the message");
    let refused = full.after(anna, &react("one-more", true), LATER).expect_err("a refusal");
    assert_eq!(refused.code, ErrorCode::InvalidReaction);
    change(&*store, &message, anna, &react("7", true)).await.expect("one that is there already");
}
