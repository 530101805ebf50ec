//! Operations share a transaction, but not each other's failures.

use super::{readers::Readers, writer::Writer};
use crate::{Result, StoreError};
use rusqlite::{Connection, OptionalExtension};
use std::sync::mpsc;

fn writer(setup: &str) -> Writer {
    let connection = Connection::open_in_memory().expect("a database in memory");
    connection.execute_batch("CREATE TABLE notes (text TEXT UNIQUE)").expect("a table");
    connection.execute_batch(setup).expect("a setup");
    Writer::start(connection).expect("a thread")
}

fn insert(tx: &Connection, text: &str) -> Result<()> {
    tx.execute("INSERT INTO notes VALUES (?)", [text])?;
    Ok(())
}

async fn notes(writer: &Writer) -> String {
    let all = writer.run(|tx| {
        let sql = "SELECT group_concat(text, ' ' ORDER BY rowid) FROM notes";
        Ok(tx.query_row(sql, [], |row| row.get::<_, Option<String>>(0)).optional()?.flatten())
    });
    all.await.expect("an answer").unwrap_or_default()
}

/// Holds the thread until all of them are queued, so that they share a transaction.
async fn hold(writer: &Writer, queued: mpsc::Receiver<()>) -> Result<()> {
    writer.run(move |_| queued.recv().map_err(|gone| StoreError::Broken(gone.to_string()))).await
}

#[tokio::test]
async fn a_failed_or_panicking_job_undoes_only_itself() {
    let writer = writer("");
    let (all_queued, queued) = mpsc::channel();
    let fails = writer.run(|tx| {
        insert(tx, "failed")?;
        Err::<(), _>(StoreError::NotFound)
    });
    let panics = writer.run(|tx| -> Result<()> {
        insert(tx, "panicked")?;
        panic!("a defect, on purpose")
    });
    let held = hold(&writer, queued);
    let before = writer.run(|tx| insert(tx, "before"));
    let after = writer.run(|tx| insert(tx, "after"));
    let release = async { all_queued.send(()).expect("the thread waits") };
    // `join!` polls in this order.
    let (_, before, fails, panics, after, ()) = tokio::join!(held, before, fails, panics, after, release);
    assert_eq!((before, fails, after), (Ok(()), Err(StoreError::NotFound), Ok(())));
    assert!(matches!(panics, Err(StoreError::Broken(_))), "{panics:?}");
    assert_eq!(notes(&writer).await, "before after");
}

#[tokio::test]
async fn if_the_transaction_is_lost_all_are_told_and_nothing_is_stored() {
    // As SQLite does it on a full disk: the whole transaction goes, not only the statement.
    let writer = writer(
        "CREATE TRIGGER full BEFORE INSERT ON notes WHEN new.text = 'too much'
         BEGIN SELECT RAISE (ROLLBACK, 'full'); END",
    );
    let (all_queued, queued) = mpsc::channel();
    let held = hold(&writer, queued);
    let before = writer.run(|tx| insert(tx, "before"));
    let fails = writer.run(|tx| insert(tx, "too much"));
    let after = writer.run(|tx| insert(tx, "after"));
    let release = async { all_queued.send(()).expect("the thread waits") };
    let (held, before, fails, after, ()) = tokio::join!(held, before, fails, after, release);
    assert!(fails.is_err());
    for outcome in [&held, &before, &fails, &after] {
        assert!(matches!(outcome, Ok(()) | Err(StoreError::Unavailable(_))), "{outcome:?}");
    }
    // Who shares a transaction is a matter of milliseconds; who was told the truth is not.
    let told = [("before", &before), ("after", &after)];
    let stored: Vec<_> = told.iter().filter(|(_, told)| told.is_ok()).map(|(text, _)| *text).collect();
    assert_eq!(notes(&writer).await, stored.join(" "));
    assert_eq!(writer.run(|tx| insert(tx, "later")).await, Ok(()), "and the thread goes on");
}

#[tokio::test]
async fn a_failed_commit_is_told_to_all() {
    // A deferred foreign key is checked by COMMIT.
    let writer = writer(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE answers (note TEXT REFERENCES notes (text) DEFERRABLE INITIALLY DEFERRED)",
    );
    let orphan = writer.run(|tx| {
        tx.execute("INSERT INTO answers VALUES ('missing')", [])?;
        Ok(())
    });
    assert!(matches!(orphan.await, Err(StoreError::Unavailable(_))));
    assert_eq!(writer.run(|tx| insert(tx, "later")).await, Ok(()), "and the thread goes on");
    assert_eq!(notes(&writer).await, "later");
}

#[tokio::test]
async fn a_panicking_read_does_not_cost_a_connection() {
    let connection = Connection::open_in_memory().expect("a database in memory");
    let readers = Readers::new(vec![connection]);
    let panicked = readers.run(|_| -> Result<()> { panic!("a defect, on purpose") }).await;
    assert!(matches!(panicked, Err(StoreError::Broken(_))), "{panicked:?}");
    assert_eq!(readers.run(|_| Ok(1)).await, Ok(1));
}
