//! Pages of a history.

use crate::app::{Person, TestApp};

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
async fn a_seq_that_is_no_number_is_malformed() {
    let app = TestApp::start().await;
    let (ada, _ben, conversation) = app.contacts("ada", "ben").await;
    for query in ["before=x", "before=-1", "after=1.5", "limit=many", "before[$gt]=0&before=%7B%7D"] {
        ada.history(&conversation, query).await.refused(400, "malformed");
    }
    // As large as a seq can be, and beyond what a database counts to.
    assert_eq!(seqs(&ada, &conversation, "before=18446744073709551615").await, (vec![], false));
    assert_eq!(seqs(&ada, &conversation, "after=18446744073709551615").await, (vec![], false));
}
