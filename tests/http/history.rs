//! Pages of a history.

use crate::app::{Person, TestApp, message_id};

async fn seqs(person: &Person, conversation: &str, query: &str) -> (Vec<u64>, bool) {
    let page = person.history(conversation, query).await.ok();
    let messages = page["messages"].as_array().expect("a list").iter();
    let seqs = messages.map(|message| message["seq"].as_u64().expect("a seq")).collect();
    (seqs, page["has_more"].as_bool().expect("a word"))
}

fn range(from: u64, to: u64) -> Vec<u64> {
    (from..=to).collect()
}

#[tokio::test]
async fn a_page_is_the_newest_50_unless_asked_otherwise_and_at_most_100() {
    let app = TestApp::without_rates().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    assert_eq!(seqs(&ada, &conversation, "").await, (vec![], false));
    for n in 1..=110 {
        ben.write(&conversation, &n.to_string()).await;
    }
    assert_eq!(seqs(&ada, &conversation, "").await, (range(61, 110), true));
    assert_eq!(seqs(&ada, &conversation, "limit=1000").await, (range(11, 110), true));
    assert_eq!(seqs(&ada, &conversation, "limit=2").await, (range(109, 110), true));
    assert_eq!(seqs(&ada, &conversation, "limit=0").await, (range(110, 110), true));
}

#[tokio::test]
async fn older_and_newer_pages_lie_next_to_a_seq() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    for n in 1..=10 {
        ben.write(&conversation, &n.to_string()).await;
    }
    assert_eq!(seqs(&ada, &conversation, "before=5&limit=3").await, (range(2, 4), true));
    assert_eq!(seqs(&ada, &conversation, "before=5&limit=4").await, (range(1, 4), false));
    assert_eq!(seqs(&ada, &conversation, "before=1").await, (vec![], false));
    assert_eq!(seqs(&ada, &conversation, "after=5&limit=3").await, (range(6, 8), true));
    assert_eq!(seqs(&ada, &conversation, "after=5").await, (range(6, 10), false));
    assert_eq!(seqs(&ada, &conversation, "after=10").await, (vec![], false));
    assert_eq!(seqs(&ada, &conversation, "later=1").await, (range(1, 10), false), "unknown: ignored");
}

#[tokio::test]
async fn a_page_around_a_seq_holds_it_with_what_was_said_before_and_after() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    assert_eq!(seqs(&ada, &conversation, "around=1").await, (vec![], false));
    for n in 1..=20 {
        ben.write(&conversation, &n.to_string()).await;
    }
    assert_eq!(seqs(&ada, &conversation, "around=10&limit=6").await, (range(7, 12), true));
    assert_eq!(seqs(&ada, &conversation, "around=2&limit=6").await, (range(1, 6), false));
    assert_eq!(seqs(&ada, &conversation, "around=0&limit=2").await, (range(1, 2), false));
    assert_eq!(seqs(&ada, &conversation, "around=20&limit=4").await, (range(18, 20), true));
    assert_eq!(seqs(&ada, &conversation, "around=99&limit=4").await, (range(19, 20), true));
    assert_eq!(seqs(&ada, &conversation, "around=18446744073709551615&limit=1").await, (vec![20], true));
    assert_eq!(seqs(&ada, &conversation, "around=5&before=3&limit=2").await, (range(1, 2), false));
}

#[tokio::test]
async fn a_page_around_a_moment_holds_the_first_message_of_it() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let mut times = Vec::new();
    for n in 1..=20 {
        let said = ben.write(&conversation, &n.to_string()).await;
        times.push(said["created_at"].as_str().expect("a time").to_owned());
    }
    // Several may have been stored in one millisecond.
    let first = times.iter().position(|time| *time == times[9]).expect("a message") as u64 + 1;
    let at = |moment: &str, limit: usize| format!("at_time={moment}&limit={limit}");
    assert_eq!(seqs(&ada, &conversation, &at(&times[9], 6)).await.0, range(first.max(4) - 3, first + 2));
    assert_eq!(seqs(&ada, &conversation, &at("1999-12-31T23:59:59Z", 2)).await, (range(1, 2), false));
    assert_eq!(seqs(&ada, &conversation, &at("2999-12-31T23:59:59Z", 2)).await, (range(20, 20), true));
    assert_eq!(seqs(&ada, &conversation, &(at(&times[9], 2) + "&before=3")).await, (range(1, 2), false));
    for moment in ["yesterday", "2026-02-30T00:00:00Z", "2026-01-01", "1"] {
        ada.history(&conversation, &at(moment, 2)).await.refused(400, "malformed");
    }
}

#[tokio::test]
async fn one_message_is_had_by_its_id() {
    let app = TestApp::start().await;
    let (ada, ben, conversation) = app.contacts("ada", "ben").await;
    let said = ben.write(&conversation, "here").await;
    let at = |id: &str| format!("/api/conversations/{conversation}/messages/{id}");
    assert_eq!(ada.get(&at(said["id"].as_str().expect("an id"))).await.ok(), said);
    for id in [message_id().as_str(), "nothing"] {
        ada.get(&at(id)).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_seq_that_is_no_number_is_malformed() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    for query in
        ["before=x", "before=-1", "after=1.5", "limit=many", "around=x", "before[$gt]=0&before=%7B%7D"]
    {
        ada.history(&conversation, query).await.refused(400, "malformed");
    }
    // As large as a seq can be, and beyond what a database counts to.
    assert_eq!(seqs(&ada, &conversation, "before=18446744073709551615").await, (vec![], false));
    assert_eq!(seqs(&ada, &conversation, "after=18446744073709551615").await, (vec![], false));
}
