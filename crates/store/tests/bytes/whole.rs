//! Files that are whole: read, replaced, erased and found.

use super::{Place, all, made, sent};
use futures::{StreamExt, stream};
use model::id::FileId;
use std::fs;
use store::bytes::{BytesError, CHUNK, Chunk, Piece};

async fn any_range_is_read_as_far_as_there_is_something(place: Place) {
    let bytes: Vec<u8> = (0..3 * CHUNK).map(|n| (n % 253) as u8).collect();
    let id = place.whole(&bytes).await;
    let end = bytes.len() as u64;
    for range in [0..end, 0..0, 0..1, 5..6, 65_535..65_537, 65_536..131_072, end - 1..end, 7..end - 7] {
        let read = place.bytes.read(id, Piece::Whole, range.clone()).await.expect("bytes");
        let expected = &bytes[range.start as usize..range.end as usize];
        assert!(all(read).await == expected, "{range:?}");
    }
    let rest = place.bytes.read(id, Piece::Whole, end - 2..u64::MAX).await.expect("bytes");
    assert_eq!(all(rest).await, &bytes[bytes.len() - 2..]);
    for range in [end..end + 9, u64::MAX - 1..u64::MAX] {
        let nothing = place.bytes.read(id, Piece::Whole, range).await.expect("no bytes");
        assert_eq!(all(nothing).await, b"");
    }
}

async fn a_piece_is_put_in_the_place_of_what_there_was(place: Place) {
    let id = place.whole(b"with the place").await;
    let before = place.bytes.read(id, Piece::Whole, 0..99).await.expect("bytes");
    assert_eq!(place.bytes.size(id, Piece::Thumbnail).await, Ok(None));
    assert_eq!(place.bytes.put(id, Piece::Thumbnail, made(&[b"small"])).await, Ok(5));
    assert_eq!(place.bytes.put(id, Piece::Whole, made(&[b"with", b"out"])).await, Ok(7));
    assert_eq!(place.bytes.put(id, Piece::Thumbnail, made(&[])).await, Ok(0), "again");
    assert_eq!(place.bytes.put(id, Piece::Thumbnail, made(&[b"tiny"])).await, Ok(4), "and again");
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"without".to_vec()));
    assert_eq!(place.read(id, Piece::Thumbnail).await, Ok(b"tiny".to_vec()));
    assert_eq!(all(before).await, b"with the place", "whoever reads goes on");
    assert_eq!(place.bytes.finish(id, 14).await, Ok(()), "it is whole, whatever was made of it");
    assert_eq!(place.left(id), [id.to_string(), format!("{id}.thumbnail")]);
}

async fn what_cannot_be_made_leaves_what_there_was(place: Place) {
    let id = place.whole(b"as it was").await;
    let fails = stream::iter([Ok(Chunk::from_static(b"half")), Err(BytesError::Failed("no".into()))]).boxed();
    assert_eq!(place.bytes.put(id, Piece::Whole, fails).await, Err(BytesError::Failed("no".into())));
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"as it was".to_vec()));
    assert_eq!(place.left(id), [id.to_string()]);
    // What a crash leaves in the middle.
    fs::write(place.path(id, ".new"), "a longer half of something else").expect("a file");
    assert_eq!(place.bytes.put(id, Piece::Whole, made(&[b"new"])).await, Ok(3));
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"new".to_vec()));
    let begun = FileId::new();
    for id in [begun, FileId::new()] {
        place.bytes.begin(begun).await.expect("room");
        assert_eq!(place.bytes.put(id, Piece::Whole, made(&[b"x"])).await, Err(BytesError::NotFound));
        assert_eq!(place.bytes.put(id, Piece::Thumbnail, made(&[b"x"])).await, Err(BytesError::NotFound));
    }
}

async fn what_is_erased_is_gone_whatever_there_was(place: Place) {
    let (whole, other) = (place.whole(b"abc").await, place.whole(b"other").await);
    place.bytes.put(whole, Piece::Thumbnail, made(&[b"small"])).await.expect("room");
    for ending in [".new", ".thumbnail.new", ".part"] {
        fs::write(place.path(whole, ending), "left by a crash").expect("a file");
    }
    let reading = place.bytes.read(whole, Piece::Whole, 0..9).await.expect("bytes");
    let begun = FileId::new();
    place.bytes.begin(begun).await.expect("room");
    for id in [whole, begun, FileId::new()] {
        for _ in 0..2 {
            assert_eq!(place.bytes.erase(id).await, Ok(()));
        }
        assert_eq!(place.read(id, Piece::Whole).await, Err(BytesError::NotFound));
        assert_eq!(place.read(id, Piece::Thumbnail).await, Err(BytesError::NotFound));
        assert_eq!(place.bytes.append(id, 0..1, sent(&[b"x"])).await, Err(BytesError::NotFound));
        assert_eq!(place.bytes.finish(id, 0).await, Err(BytesError::NotFound));
    }
    assert_eq!((place.left(whole).len(), place.left(begun).len()), (0, 0));
    assert_eq!(all(reading).await, b"abc", "whoever reads goes on");
    assert_eq!(place.read(other, Piece::Whole).await, Ok(b"other".to_vec()));
}

#[tokio::test]
async fn all_that_is_there_is_found() {
    let place = Place::new();
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(place.whole(b"abc").await);
    }
    place.bytes.put(ids[0], Piece::Thumbnail, made(&[b"small"])).await.expect("room");
    let begun = FileId::new();
    place.bytes.begin(begun).await.expect("room");
    let orphan = place.whole(b"abc").await;
    fs::write(place.path(orphan, ".thumbnail.new"), "left by a crash").expect("a file");
    fs::remove_file(place.path(orphan, "")).expect("a file");
    ids.extend([begun, orphan]);
    // What is not ours is left alone.
    let folder = place.path(ids[0], "");
    let folder = folder.parent().expect("a folder");
    for name in ["notes.txt", ".DS_Store", "00000000-0000-0000-0000-000000000000", &FileId::new().to_string()]
    {
        fs::write(folder.join(name), "mine").expect("a file");
    }
    fs::create_dir(place.place.path().join("files/lost+found")).expect("a folder");
    fs::write(folder.parent().expect("a folder").join("notes.txt"), "mine").expect("a file");
    let mut found = Vec::new();
    for last in 0..=u8::MAX {
        let some = place.bytes.list(last).await.expect("an answer");
        assert!(some.iter().all(|id| id.0.as_bytes()[15] == last));
        found.extend(some);
    }
    let sorted = |mut ids: Vec<FileId>| {
        ids.sort_unstable();
        ids
    };
    assert_eq!(sorted(found), sorted(ids));
}

on_both! {
    any_range_is_read_as_far_as_there_is_something
    a_piece_is_put_in_the_place_of_what_there_was
    what_cannot_be_made_leaves_what_there_was
    what_is_erased_is_gone_whatever_there_was
}
