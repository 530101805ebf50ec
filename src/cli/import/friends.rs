//! Contacts and friend requests: one friendship for each pair.

use crate::cli::import::{
    CommandResult, Target, ids,
    people::People,
    report::{
        Kind::{Contacts, Requests},
        Report,
    },
    rows::{Reason, Row},
    source::Source,
};
use futures::TryStreamExt;
use model::{
    friendship::{Blocks, Friendship, Pair, State},
    id::{ConversationId, RequestId, UserId},
    time::Timestamp,
};
use mongodb::bson::doc;
use std::collections::{BTreeMap, HashMap};

/// The conversations of those who are contacts.
pub type Conversations = HashMap<Pair, ConversationId>;

/// What the rows say of a pair.
#[derive(Default)]
struct Told {
    contacts: Option<Since>,
    accepted: Option<SentRequest>,
    /// The request that counts of those without a yes.
    open: Option<SentRequest>,
}

/// Contacts: since when, by whose row, and how many rows say so.
struct Since {
    at: Timestamp,
    by: UserId,
    rows: u64,
}

#[derive(Clone, Copy)]
struct SentRequest {
    id: RequestId,
    by: UserId,
    at: Timestamp,
    pending: bool,
}

/// How a pair came over.
enum Fate {
    Carried,
    There,
    /// Other than the rows say, because people have gone on here.
    Otherwise,
}

/// Carries `contacts` and `friend_requests` over.
pub async fn carry(
    source: &Source,
    target: &Target,
    report: &mut Report,
    people: &People,
) -> CommandResult<Conversations> {
    let mut told: BTreeMap<Pair, Told> = BTreeMap::new();
    let mut rows = source.rows("contacts", doc! { "_id": 1 }).await?;
    while let Some(row) = rows.try_next().await? {
        match pair(people, &row, "user_id", "contact_id") {
            Ok((pair, by)) => {
                let at = row.date_or_origin("added_at");
                let since = told.entry(pair).or_default().contacts.get_or_insert(Since { at, by, rows: 0 });
                if at < since.at {
                    (since.at, since.by) = (at, by);
                }
                since.rows += 1;
            }
            Err(reason) => report.refused(Contacts, reason, 1),
        }
    }
    let mut rows = source.rows("friend_requests", doc! { "_id": 1 }).await?;
    while let Some(row) = rows.try_next().await? {
        if let Err(reason) = hear(&mut told, people, &row) {
            report.refused(Requests, reason, 1);
        }
    }
    let mut conversations = Conversations::new();
    for (pair, told) in told {
        settle(target, report, pair, told, &mut conversations).await?;
    }
    report.done(Contacts);
    report.done(Requests);
    Ok(conversations)
}

fn pair(people: &People, row: &Row, a: &str, b: &str) -> Result<(Pair, UserId), Reason> {
    row.id()?;
    let (a, b) = (people.find(row, a)?, people.find(row, b)?);
    Ok((Pair::of(a, b).ok_or("of somebody with themselves")?, a))
}

/// Notes a request. Errors: why that row, or the one that it takes the place of, is not carried
/// over.
fn hear(told: &mut BTreeMap<Pair, Told>, people: &People, row: &Row) -> Result<(), Reason> {
    let (pair, by) = pair(people, row, "sender_id", "recipient_id")?;
    let at = row.date_or_origin("sent_at");
    let status = row.text("status").ok_or("a field is missing or of a wrong type")?;
    let asked = SentRequest { id: ids::request(&row.id()?, at), by, at, pending: status == "pending" };
    let told = told.entry(pair).or_default();
    let place = match status {
        "pending" | "rejected" => &mut told.open,
        "accepted" => &mut told.accepted,
        _ => return Err("of an unknown status"),
    };
    match place {
        None => *place = Some(asked),
        Some(before) => {
            if (asked.pending, asked.at) > (before.pending, before.at) {
                *before = asked;
            }
            return Err("one of several between the same two: the newest counts");
        }
    }
    Ok(())
}

async fn settle(
    target: &Target,
    report: &mut Report,
    pair: Pair,
    told: Told,
    conversations: &mut Conversations,
) -> CommandResult {
    let Told { contacts, accepted, open } = told;
    let otherwise = "people have gone on here since";
    if let Some(since) = contacts {
        let (requested_by, request_id) = match accepted {
            Some(asked) => (asked.by, asked.id),
            None => (since.by, ids::request_of(pair, since.at)),
        };
        let conversation = ids::conversation(pair, since.at);
        let wanted = Friendship {
            pair,
            state: State::Contacts,
            requested_by,
            request_id,
            conversation: Some(conversation),
            changed_at: since.at,
            blocks: Blocks::default(),
            rev: 1,
        };
        let (fate, stored) = befriend(target, wanted).await?;
        if let Some(conversation) = stored {
            conversations.insert(pair, conversation);
        }
        let requests = u64::from(accepted.is_some());
        match fate {
            Fate::Carried => {
                report.carried(Contacts, since.rows);
                report.carried(Requests, requests);
            }
            Fate::There => {
                report.there(Contacts, since.rows);
                report.there(Requests, requests);
            }
            Fate::Otherwise => {
                report.refused(Contacts, otherwise, since.rows);
                report.refused(Requests, otherwise, requests);
            }
        }
        report.refused(Requests, "between contacts", u64::from(open.is_some()));
        return Ok(());
    }
    report.refused(Requests, "accepted, but the two are no longer contacts", u64::from(accepted.is_some()));
    if let Some(asked) = open {
        let wanted = Friendship {
            pair,
            state: if asked.pending { State::Requested } else { State::Rejected },
            requested_by: asked.by,
            request_id: asked.id,
            conversation: None,
            changed_at: asked.at,
            blocks: Blocks::default(),
            rev: 1,
        };
        match befriend(target, wanted).await?.0 {
            Fate::Carried => report.carried(Requests, 1),
            Fate::There => report.there(Requests, 1),
            Fate::Otherwise => report.refused(Requests, otherwise, 1),
        }
    }
    Ok(())
}

/// Stores a friendship unless there is one that has gone further; returns the pair's conversation,
/// too.
async fn befriend(target: &Target, wanted: Friendship) -> CommandResult<(Fate, Option<ConversationId>)> {
    loop {
        let stored = match &target.store {
            Some(store) => store.friendship(wanted.pair).await?,
            None => None,
        };
        let next = match stored {
            None => wanted.clone(),
            Some(stored) if goes_on(&stored, &wanted) => Friendship { rev: stored.rev + 1, ..wanted.clone() },
            Some(stored) if stored.state == wanted.state => return Ok((Fate::There, stored.conversation)),
            Some(stored) => return Ok((Fate::Otherwise, stored.conversation)),
        };
        match target.written() {
            Some(store) if !store.commit_friendship(&next).await? => {}
            _ => return Ok((Fate::Carried, next.conversation)),
        }
    }
}

/// Whether the rows have gone on since an earlier run, and nobody has here.
fn goes_on(stored: &Friendship, wanted: &Friendship) -> bool {
    let untouched = stored.rev == 1;
    match (stored.state, wanted.state) {
        (State::Requested, State::Contacts) => true,
        (State::Rejected, State::Contacts) => untouched,
        (State::Requested, State::Rejected) => untouched && stored.request_id == wanted.request_id,
        _ => false,
    }
}
