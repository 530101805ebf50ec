//! What is special to a bucket: what lies where, and when.

use super::{Place, all, made, sent, server};
use futures::{StreamExt, stream};
use model::id::FileId;
use std::path::PathBuf;
use store::bytes::{
    BytesError, CHUNK, Chunk, Piece,
    folder::Folder,
    s3::{Bucket, S3},
};

/// Whether a file is in the folder, and whether it is in the bucket.
fn lies(place: &Place, id: FileId) -> (bool, bool) {
    let name = id.to_string();
    let object = PathBuf::from(&name[34..]).join(&name[32..34]).join(&name);
    let objects = place.objects.as_ref().expect("a bucket");
    (place.path(id, "").exists(), objects.join(object).exists())
}

/// A whole file of more than a part, in which no two pieces are alike.
fn large() -> Vec<u8> {
    (0..20_000_003_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

#[tokio::test]
async fn a_file_comes_into_the_bucket_when_it_was_looked_at() {
    let place = Place::in_a_bucket().await;
    let id = FileId::new();
    place.bytes.begin(id).await.expect("room");
    assert_eq!(place.bytes.append(id, 0..9, sent(&[b"with it"])).await, Ok(7));
    assert_eq!(place.bytes.keep(id).await, Err(BytesError::NotFound), "it is not whole");
    assert_eq!(place.bytes.finish(id, 7).await, Ok(()));
    assert_eq!(lies(&place, id), (true, false));
    assert_eq!(place.bytes.put(id, Piece::Whole, made(&[b"without"])).await, Ok(7));
    assert_eq!(place.bytes.put(id, Piece::Thumbnail, made(&[b"small"])).await, Ok(5));
    for _ in 0..2 {
        assert_eq!(place.bytes.keep(id).await, Ok(()));
        assert_eq!(lies(&place, id), (false, true));
        assert_eq!(place.bytes.finish(id, 7).await, Ok(()), "it is whole, wherever it lies");
    }
    assert_eq!(place.left(id), [id.to_string(), format!("{id}.thumbnail")]);
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"without".to_vec()));
    assert_eq!(place.read(id, Piece::Thumbnail).await, Ok(b"small".to_vec()));
    assert_eq!(place.bytes.append(id, 7..9, sent(&[b"x"])).await, Err(BytesError::NotFound), "it is whole");
}

#[tokio::test]
async fn what_a_crash_left_in_both_places_is_kept_by_the_next_try() {
    let place = Place::in_a_bucket().await;
    let id = place.whole(b"as it was").await;
    // Written to the bucket, and not yet gone from the folder.
    std::fs::write(place.path(id, ""), b"as it was").expect("a file");
    assert_eq!(place.bytes.finish(id, 9).await, Ok(()));
    assert_eq!(place.read(id, Piece::Whole).await, Ok(b"as it was".to_vec()));
    assert_eq!(place.bytes.keep(id).await, Ok(()));
    assert_eq!(lies(&place, id), (false, true));
    std::fs::write(place.path(id, ""), b"as it was").expect("a file");
    assert_eq!(place.bytes.erase(id).await, Ok(()));
    assert_eq!((lies(&place, id), place.bytes.keep(id).await), ((false, false), Err(BytesError::NotFound)));
}

#[tokio::test]
async fn what_is_larger_than_a_part_is_there_as_a_whole_or_not() {
    let place = Place::in_a_bucket().await;
    let bytes = large();
    let id = place.whole(&bytes).await;
    assert_eq!(lies(&place, id), (false, true));
    let read = place.bytes.read(id, Piece::Whole, 8_388_600..16_777_300).await.expect("bytes");
    let chunks: Vec<_> = read.map(|chunk| chunk.expect("bytes")).collect().await;
    assert!(chunks.iter().all(|chunk| !chunk.is_empty() && chunk.len() <= CHUNK));
    assert!(chunks.concat() == bytes[8_388_600..16_777_300]);
    assert_eq!(place.bytes.size(id, Piece::Whole).await, Ok(Some(bytes.len() as u64)));
    // What breaks off in its second part.
    let begun = Chunk::from(bytes[..9_000_000].to_vec());
    let fails = stream::iter([Ok(begun.clone()), Ok(begun), Err(BytesError::Failed("no".into()))]).boxed();
    assert_eq!(place.bytes.put(id, Piece::Whole, fails).await, Err(BytesError::Failed("no".into())));
    assert!(place.read(id, Piece::Whole).await == Ok(bytes), "there is what there was");
}

#[tokio::test]
async fn all_in_both_places_is_found_and_nothing_of_others() {
    let (place, other) = (Place::in_a_bucket().await, Place::in_a_bucket().await);
    let (kept, elsewhere) = (place.whole(b"abc").await, other.whole(b"abc").await);
    let begun = FileId::new();
    place.bytes.begin(begun).await.expect("room");
    let objects = place.objects.clone().expect("a bucket");
    let name = kept.to_string();
    let beside = objects.join(&name[34..]).join(&name[32..34]);
    // What is not ours is left alone.
    for name in ["notes.txt", &FileId::new().to_string()] {
        std::fs::write(beside.join(name), "mine").expect("a file");
    }
    let mut found = Vec::new();
    for last in 0..=u8::MAX {
        found.extend(place.bytes.list(last).await.expect("an answer"));
    }
    found.sort_unstable();
    let mut expected = vec![kept, begun];
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert_eq!(place.read(elsewhere, Piece::Whole).await, Err(BytesError::NotFound));
}

#[tokio::test]
async fn a_bucket_that_cannot_be_used_is_told_before_anything_lies_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = Folder::open(folder.path()).expect("a folder");
    let good = server::bucket().await;
    let check = async |bucket: Bucket| S3::over(&bucket, folder.clone()).expect("a bucket").check().await;
    assert_eq!(check(good.clone()).await, Ok(()));
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let nowhere = Some(format!("http://{}", nobody.local_addr().expect("an address")));
    drop(nobody);
    for wrong in [
        Bucket { secret: "another".into(), ..good.clone() },
        Bucket { key: "nobody".into(), ..good.clone() },
        Bucket { endpoint: nowhere, ..good.clone() },
    ] {
        let shown = format!("{wrong:?}");
        let error = check(wrong).await.expect_err(&shown).to_string();
        assert!(!error.contains(server::SECRET) && !error.contains("another"), "{error}");
    }
    assert!(!format!("{good:?}").contains(server::SECRET));
    assert!(!server::objects().join(&good.prefix).join("check").exists(), "nor does anything stay");
}

#[tokio::test]
async fn nothing_is_read_of_an_empty_file() {
    let place = Place::in_a_bucket().await;
    let id = place.whole(b"").await;
    assert_eq!(place.bytes.size(id, Piece::Whole).await, Ok(Some(0)));
    let read = place.bytes.read(id, Piece::Whole, 0..10).await.expect("an empty file");
    assert_eq!(all(read).await, b"");
}
