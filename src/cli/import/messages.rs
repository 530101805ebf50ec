//! Messages in their order, and how far people have read them.

use crate::{
    cli::import::{
        CommandResult, Target,
        friends::Conversations,
        ids,
        people::People,
        pictures,
        report::{
            Kind::{Messages, Reading},
            Report,
        },
        rows::{Reason, Row},
        source::Source,
    },
    files::server::Given,
};
use futures::{TryStreamExt, future::join_all};
use model::{
    friendship::Pair,
    id::{ConversationId, MessageId, UserId},
    mention::Mentions,
    message::{MessageBody, Summary},
    text::beginning,
};
use std::collections::{HashMap, hash_map::Entry};
use store::{NewMessage, Store, StoreError};

/// Messages on their way at the same time.
const BATCH: usize = 256;

/// A message, and who has read it.
struct Coming {
    new: NewMessage,
    recipient: UserId,
    read: bool,
    /// Whether its row is counted with it: of a row in parts the first one.
    counts: bool,
    /// The picture that goes with it, until it is taken in.
    picture: Option<Given>,
}

/// How far members have read, by the newest message that says so.
type Read = HashMap<(ConversationId, UserId), u64>;

/// Carries `messages` over, and with them the read cursors.
pub async fn carry(
    source: &Source,
    target: &Target,
    report: &mut Report,
    people: &People,
    conversations: &Conversations,
) -> CommandResult {
    let mut read = Read::new();
    let mut foreseen = Foreseen::default();
    let mut batch = Vec::new();
    let mut rows = source.in_order_of_time("messages", "timestamp").await?;
    loop {
        let row = rows.try_next().await?;
        let last = row.is_none();
        if let Some(row) = row {
            let coming = match understand(&row, people, conversations) {
                Ok(coming) => take_in(target, coming).await?,
                Err(reason) => Err(reason),
            };
            match coming {
                Ok(coming) => batch.extend(coming),
                Err(reason) => report.left(reason, row.id().unwrap_or_else(|_| "?".into())),
            }
        }
        if batch.len() >= BATCH || last {
            let batch = std::mem::take(&mut batch);
            match target.written() {
                Some(store) => append(store, report, &mut read, batch).await?,
                None => foreseen.append(target, report, &mut read, batch).await?,
            }
        }
        if last {
            break;
        }
    }
    report.done(Messages);
    for ((conversation, user), seq) in read {
        let moved = match target.written() {
            Some(store) => match store.advance_read_cursor(user, conversation, seq).await {
                Err(StoreError::NotFound) => None,
                moved => moved?,
            },
            None => foreseen.moves(conversation, user, seq).then_some(seq),
        };
        match moved {
            Some(_) => report.carried(Reading, 1),
            None => report.there(Reading, 1),
        }
    }
    report.done(Reading);
    Ok(())
}

fn understand(row: &Row, people: &People, conversations: &Conversations) -> Result<Vec<Coming>, Reason> {
    let key = row.id()?;
    let is_picture = match row.text("type") {
        None if row.has("type") => return Err("a field is missing or of a wrong type"),
        None | Some("" | "text") => false,
        Some("image") => true,
        Some(_) => return Err("of an unknown type"),
    };
    let (sender, recipient) = (people.find(row, "sender")?, people.find(row, "recipient")?);
    let text = row.text("content").ok_or("a field is missing or of a wrong type")?;
    let created_at = row.date("timestamp").ok_or("without a date")?;
    let pair = Pair::of(sender, recipient).ok_or("of somebody with themselves")?;
    let conversation = *conversations.get(&pair).ok_or("between people who are not contacts")?;
    let read = row.flag("read");
    let coming = |part, body, picture| {
        let id = ids::message(&key, part, created_at);
        let (attachments, mentions) = (Vec::new(), Mentions::default());
        let new =
            NewMessage { id, conversation, sender, body, attachments, reply_to: None, mentions, created_at };
        Coming { new, recipient, read, counts: part == 0, picture }
    };
    if is_picture {
        let (id, bytes) = (ids::file(&key, created_at), pictures::decoded(text)?);
        let body = MessageBody::beside_files("").map_err(|_| "empty")?;
        return Ok(vec![coming(0, body, Some(Given { id, owner: sender, created_at, bytes }))]);
    }
    let parts = parts(text).filter_map(|part| MessageBody::parse(part).ok()).enumerate();
    let parts: Vec<_> = parts.map(|(part, body)| coming(part, body, None)).collect();
    if parts.is_empty() { Err("empty") } else { Ok(parts) }
}

/// Takes in the pictures of what comes, but for those that an earlier run has taken in; a dry run only looks at them.
/// Errors within: one of them cannot be looked at.
async fn take_in(target: &Target, mut all: Vec<Coming>) -> CommandResult<Result<Vec<Coming>, Reason>> {
    for coming in &mut all {
        let Some(picture) = coming.picture.take() else { continue };
        let taken = match (target.written(), &target.pictures) {
            (Some(store), Some(pictures)) => {
                if store.message(coming.new.conversation, coming.new.id).await?.is_some() {
                    continue;
                }
                pictures
                    .take_in(store, picture)
                    .await?
                    .map(|attachment| coming.new.attachments.push(attachment))
            }
            _ => pictures::look(&picture.bytes).await?,
        };
        if let Err(reason) = taken {
            return Ok(Err(reason));
        }
    }
    Ok(Ok(all))
}

/// A text in parts that are messages, cut between lines or words where there are any.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.trim();
    std::iter::from_fn(move || {
        let whole = beginning(rest, MessageBody::MAX);
        if whole.len() == rest.len() {
            return (!rest.is_empty()).then(|| std::mem::take(&mut rest));
        }
        // One that cannot be cut between two characters of people is cut between two of Unicode's.
        let hard = || rest.char_indices().nth(MessageBody::MAX).map_or(rest.len(), |(end, _)| end);
        let end = whole.rfind('\n').or_else(|| whole.rfind(' ')).filter(|end| *end > whole.len() / 2);
        let end = end.unwrap_or(if whole.is_empty() { hard() } else { whole.len() });
        let (part, left) = rest.split_at(end);
        rest = left.trim_start();
        Some(part)
    })
}

/// Stores messages at the same time: within a conversation they take their places in the order of
/// the calls, and if one fails, those after it do.
async fn append(
    store: &dyn Store,
    report: &mut Report,
    read: &mut Read,
    batch: Vec<Coming>,
) -> CommandResult {
    let appended = join_all(batch.iter().map(|coming| store.append_message(coming.new.clone()))).await;
    for (coming, appended) in batch.iter().zip(appended) {
        match appended {
            Ok(appended) => {
                let rows = u64::from(coming.counts);
                if appended.is_new {
                    report.carried(Messages, rows);
                } else {
                    report.there(Messages, rows);
                }
                note(read, coming, appended.message.seq);
            }
            Err(StoreError::NotFound) => report.refused(Messages, "between people who are not contacts", 1),
            Err(StoreError::IdTaken) => {
                report.refused(Messages, "of another sender than in an earlier run", 1)
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn note(read: &mut Read, coming: &Coming, seq: u64) {
    if coming.read {
        let newest = read.entry((coming.new.conversation, coming.recipient)).or_default();
        *newest = seq.max(*newest);
    }
}

/// What a dry run knows of the conversations that it met. It remembers the stored messages' ids,
/// because there is no asking for one without storing it.
#[derive(Default)]
struct Foreseen(HashMap<ConversationId, Thread>);

#[derive(Default)]
struct Thread {
    head: u64,
    summary: Option<Summary>,
    seqs: HashMap<MessageId, u64>,
}

impl Foreseen {
    async fn append(
        &mut self,
        target: &Target,
        report: &mut Report,
        read: &mut Read,
        batch: Vec<Coming>,
    ) -> CommandResult {
        for coming in batch {
            let id = coming.new.conversation;
            let thread = match self.0.entry(id) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(Thread::load(target, id, coming.recipient).await?),
            };
            let seq = match thread.seqs.get(&coming.new.id) {
                Some(seq) => {
                    report.there(Messages, coming.counts.into());
                    *seq
                }
                None => {
                    report.carried(Messages, coming.counts.into());
                    thread.head += 1;
                    thread.head
                }
            };
            note(read, &coming, seq);
        }
        Ok(())
    }

    fn moves(&self, conversation: ConversationId, user: UserId, seq: u64) -> bool {
        let summary = self.0.get(&conversation).and_then(|thread| thread.summary.as_ref());
        summary.and_then(|summary| summary.read.get(&user)).is_none_or(|stored| seq > *stored)
    }
}

impl Thread {
    async fn load(target: &Target, id: ConversationId, member: UserId) -> CommandResult<Self> {
        let mut thread = Self::default();
        let Some(store) = &target.store else { return Ok(thread) };
        thread.summary = store.summary(id, member).await?;
        loop {
            let changes = store.changes(id, thread.head, BATCH).await?;
            for message in &changes.messages {
                thread.head = thread.head.max(message.version);
                thread.seqs.insert(message.id, message.seq);
            }
            if changes.complete || changes.messages.is_empty() {
                return Ok(thread);
            }
        }
    }
}
