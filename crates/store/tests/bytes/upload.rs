//! Uploads: they go on where they were, whatever has interrupted them.

use super::{Place, all, sent};
use futures::{FutureExt, StreamExt, stream};
use model::id::FileId;
use std::{fs, os::unix::fs::PermissionsExt};
use store::bytes::{Bytes, BytesError, CHUNK, Chunk, Piece, folder::Folder};
use tokio::sync::mpsc;

/// Chunks that come when they are sent.
fn slow() -> (mpsc::Sender<&'static [u8]>, store::bytes::Chunks<'static>) {
    let (sender, chunks) = mpsc::channel(1);
    let next = |mut chunks: mpsc::Receiver<_>| async move {
        chunks.recv().await.map(|chunk| (Chunk::from_static(chunk), chunks))
    };
    (sender, stream::unfold(chunks, next).boxed())
}

async fn what_comes_in_parts_is_one_file(place: Place) {
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    assert_eq!(place.bytes.append(id, 0..12, sent(&[b"ab", b"", b"cde"])).await, Ok(5));
    assert_eq!(place.bytes.append(id, 5..12, sent(&[])).await, Ok(5), "nothing came");
    assert_eq!(place.bytes.append(id, 5..12, sent(&[b"fghijkl"])).await, Ok(12));
    assert_eq!(place.bytes.size(id, Piece::Whole).await, Ok(None), "it is not whole yet");
    assert_eq!(place.read(id, Piece::Whole).await, Err(BytesError::NotFound));
    assert_eq!(place.bytes.finish(id, 12).await, Ok(()));
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"abcdefghijkl".to_vec()));
    assert_eq!(place.bytes.size(id, Piece::Whole).await, Ok(Some(12)));
    assert_eq!(place.left(id), [id.to_string()]);
}

async fn a_file_of_many_chunks_is_kept_as_it_came(place: Place) {
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    let bytes: Vec<u8> = (0..5 * CHUNK + 7).map(|n| (n % 251) as u8).collect();
    let chunks: Vec<_> = bytes.chunks(1000).collect();
    let (first, second) = chunks.split_at(200);
    let end = bytes.len() as u64;
    assert_eq!(place.bytes.append(id, 0..end, sent(first)).await, Ok(200_000));
    assert_eq!(place.bytes.append(id, 200_000..end, sent(second)).await, Ok(end));
    assert_eq!(place.bytes.finish(id, end).await, Ok(()));
    let reading = place.bytes.read(id, Piece::Whole, 0..end).await.expect("bytes");
    let chunks: Vec<_> = reading.collect().await;
    assert!(chunks.iter().all(|chunk| chunk.as_ref().is_ok_and(|chunk| chunk.len() <= CHUNK)));
    assert_eq!(chunks.len(), 6, "and not in smaller pieces than need be");
    assert_eq!(place.read(id, Piece::Whole).await, Ok(bytes));
}

async fn what_was_written_and_not_noted_is_written_over(place: Place) {
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    assert_eq!(place.bytes.append(id, 0..9, sent(&[b"abcdefghi"])).await, Ok(9));
    assert_eq!(place.bytes.append(id, 4..9, sent(&[b"X"])).await, Ok(5));
    assert_eq!(fs::read(place.path(id, ".part")).expect("a file"), b"abcdX", "and the rest is cut off");
    assert_eq!(place.bytes.append(id, 5..9, sent(&[b"YZ01"])).await, Ok(9));
    assert_eq!(place.bytes.finish(id, 9).await, Ok(()));
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"abcdXYZ01".to_vec()));
}

async fn no_more_is_taken_than_was_asked_for(place: Place) {
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    assert_eq!(place.bytes.append(id, 0..4, sent(&[b"abc", b"def", b"ghi"])).await, Ok(4));
    assert_eq!(place.bytes.append(id, 4..4, sent(&[b"x"])).await, Ok(4));
    assert_eq!(place.bytes.finish(id, 4).await, Ok(()));
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"abcd".to_vec()));
}

async fn an_upload_is_begun_before_it_is_written_and_once(place: Place) {
    let id = FileId::new();
    assert_eq!(place.bytes.append(id, 0..4, sent(&[b"abcd"])).await, Err(BytesError::NotFound));
    assert_eq!(place.bytes.finish(id, 0).await, Err(BytesError::NotFound));
    place.bytes.begin(id).await.expect("room");
    assert_eq!(place.bytes.append(id, 0..4, sent(&[b"abcd"])).await, Ok(4));
    place.bytes.begin(id).await.expect("room");
    assert_eq!(fs::read(place.path(id, ".part")).expect("a file"), b"abcd");
}

async fn bytes_that_are_missing_are_missed(place: Place) {
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    assert_eq!(place.bytes.append(id, 0..9, sent(&[b"abc"])).await, Ok(3));
    assert_eq!(place.bytes.append(id, 5..9, sent(&[b"x"])).await, Err(BytesError::Short { kept: 3 }));
    assert_eq!(place.bytes.finish(id, 9).await, Err(BytesError::Short { kept: 3 }));
    assert_eq!(place.bytes.append(id, 3..9, sent(&[b"defghi"])).await, Ok(9), "nothing was harmed");
}

#[tokio::test]
async fn an_upload_that_a_crash_left_at_any_step_is_finished_by_the_next_try() {
    let place = Place::new();
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    // Written to its end, and not noted: with what an earlier attempt had sent behind it.
    assert_eq!(place.bytes.append(id, 0..12, sent(&[b"abcdefgh"])).await, Ok(8));
    let again = Folder::open(place.place.path().join("files")).expect("the same folder");
    assert_eq!(again.finish(id, 6).await, Ok(()));
    assert_eq!(place.left(id), [id.to_string()]);
    // Named, and not noted.
    for _ in 0..2 {
        assert_eq!(again.finish(id, 6).await, Ok(()));
    }
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"abcdef".to_vec()));
    assert_eq!(again.append(id, 6..9, sent(&[b"x"])).await, Err(BytesError::NotFound), "it is whole");
}

async fn one_at_a_time_writes_a_file_and_nobody_when_it_is_whole(place: Place) {
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    let (sender, chunks) = slow();
    let bytes = place.bytes.clone();
    let writing = tokio::spawn(async move { bytes.append(id, 0..8, chunks).await });
    sender.send(b"ab").await.expect("somebody who writes");
    // The next has room only when the first was taken, so by then it is being written.
    sender.send(b"cd").await.expect("somebody who writes");
    assert_eq!(place.bytes.append(id, 0..8, sent(&[b"other"])).await, Err(BytesError::Busy));
    assert_eq!(place.bytes.finish(id, 4).await, Err(BytesError::Busy));
    drop(sender);
    assert_eq!(writing.await.expect("no panic"), Ok(4), "what came before it broke off is kept");
    assert_eq!(place.bytes.finish(id, 4).await, Ok(()));
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"abcd".to_vec()));
}

async fn who_leaves_in_the_middle_keeps_nobody_from_going_on(place: Place) {
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    let (_sender, chunks) = slow();
    let mut writing = Box::pin(place.bytes.append(id, 0..8, chunks));
    for _ in 0..100 {
        assert!(writing.as_mut().now_or_never().is_none(), "nothing comes");
        tokio::task::yield_now().await;
    }
    drop(writing);
    // What it had begun on another thread ends by itself.
    let mut outcome = Err(BytesError::Busy);
    while outcome == Err(BytesError::Busy) {
        outcome = place.bytes.append(id, 0..8, sent(&[b"abcdefgh"])).await;
    }
    assert_eq!(outcome, Ok(8));
}

#[tokio::test]
async fn what_is_kept_is_for_its_owner_alone() {
    let place = Place::new();
    let id = place.whole(b"abc").await;
    let whole = place.path(id, "");
    let second = whole.parent().expect("a folder");
    let first = second.parent().expect("a folder");
    let root = first.parent().expect("a folder");
    for (path, mode) in [(root, 0o700), (first, 0o700), (second, 0o700), (&*whole, 0o600)] {
        let metadata = fs::metadata(path).expect("made");
        assert_eq!(metadata.permissions().mode() & 0o777, mode, "{}", path.display());
    }
}

async fn there_is_room(place: Place) {
    assert!(place.bytes.free_space().await.expect("an answer") > 0);
    let reading = place.whole(b"").await;
    let nothing = place.bytes.read(reading, Piece::Whole, 0..10).await.expect("an empty file");
    assert_eq!(all(nothing).await, b"");
}

on_both! {
    what_comes_in_parts_is_one_file
    a_file_of_many_chunks_is_kept_as_it_came
    what_was_written_and_not_noted_is_written_over
    no_more_is_taken_than_was_asked_for
    an_upload_is_begun_before_it_is_written_and_once
    bytes_that_are_missing_are_missed
    one_at_a_time_writes_a_file_and_nobody_when_it_is_whole
    who_leaves_in_the_middle_keeps_nobody_from_going_on
    there_is_room
}
