//! What is known of a file until it is sent.

use super::{
    Backend, given,
    given::{EXPIRY, NOW, ROOM, facts, new_file},
};
use model::{
    file::{FileName, MediaType, Placeholder},
    id::{FileId, UserId},
    time::Timestamp,
};
use store::{FileFacts, FileLimits, FileState, NewFile, Store, StoreError, StoredFile, bytes::Noted};

/// As it is stored at first.
fn begun(new: &NewFile) -> StoredFile {
    StoredFile {
        id: new.id,
        owner: new.owner,
        name: new.name.clone(),
        size: new.size,
        kind: new.kind.clone(),
        created_at: new.created_at,
        expires_at: Some(new.expires_at),
        received: 0,
        sha256: None,
        width: None,
        height: None,
        duration: None,
        placeholder: None,
        state: FileState::Uploading,
    }
}

async fn upload(store: &dyn Store, owner: UserId, size: u64) -> FileId {
    let new = new_file(owner, size);
    store.create_file(new.clone(), ROOM).await.expect("room");
    new.id
}

async fn received(store: &dyn Store, id: FileId) -> u64 {
    store.file(id).await.expect("an answer").expect("the file").received
}

pub async fn a_file_is_known_from_the_beginning_of_its_upload(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let name = FileName::of("\"$set\": '写真' %00.tar.gz");
    let new = NewFile { name, kind: MediaType::of("application/gzip"), ..new_file(anna, 5_000_000_000) };
    assert_eq!(store.create_file(new.clone(), FileLimits { quota: 1 << 40, uploads: 1 }).await, Ok(()));
    assert_eq!(store.file(new.id).await, Ok(Some(begun(&new))));
    let other = upload(&*store, ben, 0).await;
    let mut found = store.files(&[other, FileId::new(), new.id, other]).await.expect("an answer");
    found.sort_by_key(|file| file.id);
    assert_eq!(found.iter().map(|file| file.id).collect::<Vec<_>>(), [new.id, other], "each once");
    assert_eq!((store.file(FileId::new()).await, store.files(&[]).await), (Ok(None), Ok(vec![])));
    assert_eq!(store.bytes_used(anna).await, Ok(5_000_000_000));
    assert_eq!(store.bytes_used(ben).await, Ok(0));
    store.close().await;
    assert_eq!(place.open().await.file(new.id).await, Ok(Some(begun(&new))), "after the next start, too");
}

pub async fn bytes_are_noted_one_after_the_other(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let id = upload(&*store, anna, 100).await;
    let later = Timestamp(EXPIRY.0 + 5);
    assert_eq!(store.advance_upload(id, 0, 40, later).await, Ok(true));
    let file = store.file(id).await.expect("an answer").expect("the file");
    assert_eq!((file.received, file.expires_at, file.state), (40, Some(later), FileState::Uploading));
    for (from, to) in [(0, 40), (0, 41), (39, 50), (41, 50), (40, 39), (40, 101), (40, u64::MAX)] {
        assert_eq!(store.advance_upload(id, from, to, NOW).await, Ok(false), "{from}..{to}");
    }
    assert_eq!(store.file(id).await, Ok(Some(file)), "nothing was changed");
    assert_eq!(store.advance_upload(id, 40, 40, EXPIRY).await, Ok(true), "nothing more, but later");
    assert_eq!(store.advance_upload(id, 40, 100, EXPIRY).await, Ok(true));
    assert_eq!(received(&*store, id).await, 100);
    assert_eq!(store.advance_upload(FileId::new(), 0, 1, EXPIRY).await, Ok(false));
}

pub async fn an_upload_has_no_more_bytes_than_came(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let id = upload(&*store, anna, 100).await;
    assert_eq!(store.end_upload(id, 40).await, Ok(false), "they did not come");
    assert_eq!(store.advance_upload(id, 0, 40, EXPIRY).await, Ok(true));
    for other in [0, 39, 41, 100] {
        assert_eq!(store.end_upload(id, other).await, Ok(false), "{other}");
    }
    assert_eq!((store.bytes_used(anna).await, store.finish_upload(id, facts(40)).await), (Ok(100), Ok(None)));
    for _ in 0..2 {
        assert_eq!(store.end_upload(id, 40).await, Ok(true));
        assert_eq!(store.bytes_used(anna).await, Ok(40), "the rest is free again");
    }
    assert_eq!(store.advance_upload(id, 40, 41, EXPIRY).await, Ok(false), "that was all");
    let ready = store.finish_upload(id, facts(40)).await.expect("an answer").expect("a file");
    assert_eq!((ready.size, ready.state), (40, FileState::Ready));
    assert_eq!(store.end_upload(id, 40).await, Ok(false), "it is no upload any more");
    assert_eq!(store.end_upload(FileId::new(), 0).await, Ok(false));
    let empty = upload(&*store, anna, 100).await;
    assert_eq!(store.end_upload(empty, 0).await, Ok(true), "nothing is a file, too");
}

pub async fn of_many_who_note_the_same_bytes_one_does(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let id = upload(&*store, anna, 100).await;
    let noted = given::at_once(&store, 16, |store, n| async move {
        let to = 10 + n as u64;
        store.advance_upload(id, 0, to, EXPIRY).await.expect("an answer").then_some(to)
    });
    let noted: Vec<_> = noted.await.into_iter().flatten().collect();
    assert_eq!(noted, [received(&*store, id).await]);
}

pub async fn what_is_whole_is_ready_and_finished_once(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let new = new_file(anna, 100);
    store.create_file(new.clone(), ROOM).await.expect("room");
    assert_eq!(store.advance_upload(new.id, 0, 99, EXPIRY).await, Ok(true));
    assert_eq!(store.finish_upload(new.id, facts(100)).await, Ok(None), "a byte is missing");
    assert_eq!(store.advance_upload(new.id, 99, 100, EXPIRY).await, Ok(true));
    let later = Timestamp(EXPIRY.0 + 9);
    let facts = FileFacts {
        size: 90,
        kind: MediaType::of("video/mp4"),
        sha256: [0xfe; 32],
        width: Some(640),
        height: Some(u32::MAX),
        duration: Some(7_200_000),
        placeholder: Placeholder::parse("3OcRJYB4d3h/iIeHeEh3eIhw+j3A"),
        expires_at: later,
    };
    let ready = StoredFile {
        size: 90,
        received: 90,
        kind: facts.kind.clone(),
        sha256: Some([0xfe; 32]),
        width: Some(640),
        height: Some(u32::MAX),
        duration: Some(7_200_000),
        placeholder: facts.placeholder.clone(),
        expires_at: Some(later),
        state: FileState::Ready,
        ..begun(&new)
    };
    assert_eq!(store.finish_upload(new.id, facts).await, Ok(Some(ready.clone())));
    assert_eq!(
        store.finish_upload(new.id, given::facts(1)).await,
        Ok(Some(ready.clone())),
        "it is so already"
    );
    assert_eq!(store.advance_upload(new.id, 90, 90, EXPIRY).await, Ok(false), "it is no upload any more");
    assert_eq!(store.file(new.id).await, Ok(Some(ready)));
    assert_eq!(store.bytes_used(anna).await, Ok(90), "what was taken out counts no more");
    assert_eq!(store.finish_upload(FileId::new(), given::facts(1)).await, Ok(None));
    let empty = upload(&*store, anna, 0).await;
    let empty = store.finish_upload(empty, given::facts(0)).await.expect("an answer").expect("a file");
    assert_eq!((empty.size, empty.state), (0, FileState::Ready));
}

pub async fn nobody_keeps_more_bytes_than_they_may(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let limits = FileLimits { quota: 100, uploads: 10 };
    let create = async |owner, size| store.create_file(new_file(owner, size), limits).await;
    let sent = given::file(&*store, anna).await;
    store.append_message(given::with_files(conversation, anna, &[&sent])).await.expect("a stored message");
    assert_eq!(create(anna, 60).await, Ok(()));
    assert_eq!(create(anna, 34).await, Err(StoreError::QuotaExceeded));
    assert_eq!(create(anna, u64::MAX).await, Err(StoreError::QuotaExceeded));
    assert_eq!(create(ben, 100).await, Ok(()), "each for themselves");
    assert_eq!(create(anna, 33).await, Ok(()), "what is sent and what is to come, and not a byte more");
    assert_eq!(create(anna, 1).await, Err(StoreError::QuotaExceeded));
    assert_eq!(create(anna, 0).await, Ok(()));
    assert_eq!(store.bytes_used(anna).await, Ok(100));
    let last = new_file(ben, 0);
    assert_eq!(store.create_file(last.clone(), limits).await, Ok(()));
    assert_eq!(store.create_file(new_file(ben, 1), limits).await, Err(StoreError::QuotaExceeded));
    let erased = store.files_to_erase(EXPIRY, 100).await.expect("an answer");
    assert_eq!(store.bytes_used(ben).await, Ok(100), "as long as the bytes are there");
    for id in erased {
        assert_eq!(store.forget_file(id).await, Ok(true));
    }
    assert_eq!((store.bytes_used(anna).await, store.bytes_used(ben).await), (Ok(7), Ok(0)));
    assert_eq!(create(anna, 93).await, Ok(()));
}

pub async fn of_many_who_begin_at_once_as_many_as_there_is_room_for(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let begun = given::at_once(&store, 12, |store, _| async move {
        store.create_file(new_file(anna, 30), FileLimits { quota: 100, uploads: 10 }).await
    });
    let begun = begun.await;
    assert_eq!(given::successes(&begun), 3);
    let refused = begun.iter().filter(|outcome| **outcome == Err(StoreError::QuotaExceeded));
    assert_eq!(refused.count(), 9);
    assert_eq!(store.bytes_used(anna).await, Ok(90));
}

pub async fn so_many_uploads_are_not_finished_and_no_more(place: impl Backend) {
    let store = place.open().await;
    let [anna, ben] = given::users(&*store, ["anna", "ben"]).await;
    let limits = FileLimits { uploads: 2, ..ROOM };
    let (first, second) = (new_file(anna, 0), new_file(anna, 0));
    for new in [&first, &second] {
        assert_eq!(store.create_file(new.clone(), limits).await, Ok(()));
    }
    let more = async |owner| store.create_file(new_file(owner, 0), limits).await;
    assert_eq!(more(anna).await, Err(StoreError::TooManyUploads));
    assert_eq!(more(ben).await, Ok(()));
    store.finish_upload(first.id, facts(0)).await.expect("an answer").expect("a file");
    assert_eq!(more(anna).await, Ok(()), "one is finished");
    assert_eq!(more(anna).await, Err(StoreError::TooManyUploads));
    assert_eq!(store.discard_file(second.id, anna).await, Ok(true));
    assert_eq!(more(anna).await, Ok(()), "one is given up");
}

pub async fn whoever_has_no_account_uploads_nothing(place: impl Backend) {
    let store = place.open().await;
    let [anna] = given::users(&*store, ["anna"]).await;
    let begun = upload(&*store, anna, 10).await;
    assert_eq!(store.delete_user(anna).await, Ok(true));
    for owner in [anna, UserId::new()] {
        assert_eq!(store.create_file(new_file(owner, 1), ROOM).await, Err(StoreError::NotFound));
    }
    assert_eq!(store.advance_upload(begun, 0, 5, EXPIRY).await, Ok(false));
    assert_eq!(store.files_to_erase(NOW, 10).await, Ok(vec![begun]));
}

pub async fn what_was_not_sent_is_given_up_by_its_owner(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let (ready, sent) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    let uploading = upload(&*store, anna, 10).await;
    store.append_message(given::with_files(conversation, anna, &[&sent])).await.expect("a stored message");
    for id in [uploading, ready.id] {
        assert_eq!(store.discard_file(id, ben).await, Ok(false), "it is not his");
        assert_eq!(store.discard_file(id, anna).await, Ok(true));
        assert_eq!(store.discard_file(id, anna).await, Ok(false), "it is gone");
        assert_eq!(store.file(id).await, Ok(None));
        assert_eq!(store.finish_upload(id, facts(7)).await, Ok(None));
    }
    assert_eq!(store.discard_file(sent.id, anna).await, Ok(false), "it goes with its message");
    assert_eq!(store.discard_file(FileId::new(), anna).await, Ok(false));
    assert_eq!(store.advance_upload(uploading, 0, 1, EXPIRY).await, Ok(false));
    let mut expected = vec![uploading, ready.id];
    expected.sort_unstable();
    assert_eq!(store.files_to_erase(NOW, 10).await, Ok(expected));
    assert!(store.file(sent.id).await.expect("an answer").is_some());
}

pub async fn what_expires_without_being_sent_is_erased(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    let at = |ms| Timestamp(EXPIRY.0 + ms);
    let sent = given::file(&*store, anna).await;
    store.append_message(given::with_files(conversation, anna, &[&sent])).await.expect("a stored message");
    let (uploading, ready) = (upload(&*store, anna, 10).await, given::file(&*store, anna).await);
    let slow = upload(&*store, anna, 10).await;
    assert_eq!(store.advance_upload(slow, 0, 1, at(10)).await, Ok(true));
    assert_eq!(store.files_to_erase(at(-1), 10).await, Ok(vec![]));
    assert_eq!(store.files_to_erase(at(0), 1).await.expect("an answer").len(), 1, "no more than asked for");
    let expected = vec![uploading, ready.id];
    for _ in 0..2 {
        assert_eq!(store.files_to_erase(at(9), 10).await, Ok(expected.clone()), "until they are forgotten");
    }
    for id in expected {
        assert_eq!(store.file(id).await, Ok(None));
        assert_eq!(store.advance_upload(id, 0, 1, at(99)).await, Ok(false));
        assert_eq!(store.forget_file(id).await, Ok(true));
    }
    let late = store.append_message(given::with_files(conversation, anna, &[&ready])).await;
    assert_eq!(late, Err(StoreError::NotFound));
    assert_eq!(store.files_to_erase(at(10), 10).await, Ok(vec![slow]));
    assert!(store.file(sent.id).await.expect("an answer").is_some(), "what is sent does not expire");
}

pub async fn what_is_erased_is_forgotten_when_its_bytes_are_gone(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    let (ready, sent) = (given::file(&*store, anna).await.id, given::file(&*store, anna).await);
    store.append_message(given::with_files(conversation, anna, &[&sent])).await.expect("a stored message");
    let erased = upload(&*store, anna, 10).await;
    assert_eq!(store.discard_file(erased, anna).await, Ok(true));
    let unknown = FileId::new();
    for id in [ready, sent.id, unknown] {
        assert_eq!(store.forget_file(id).await, Ok(false), "it is not erased");
    }
    let known = async || {
        let mut known =
            store.known_files(&[unknown, erased, sent.id, ready, ready]).await.expect("an answer");
        known.sort_unstable();
        known
    };
    assert_eq!(known().await, [ready, sent.id, erased]);
    assert_eq!(store.forget_file(erased).await, Ok(true));
    assert_eq!(store.forget_file(erased).await, Ok(false));
    assert_eq!(known().await, [ready, sent.id]);
    assert_eq!(store.known_files(&[]).await, Ok(vec![]));
    assert_eq!(store.files_to_erase(NOW, 10).await, Ok(vec![]));
}

pub async fn what_has_bytes_is_listed_with_what_they_were(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, _) = given::conversation(&*store).await;
    let (ready, sent) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    store.append_message(given::with_files(conversation, anna, &[&sent])).await.expect("a stored message");
    upload(&*store, anna, 10).await;
    let erased = given::file(&*store, anna).await.id;
    assert_eq!(store.discard_file(erased, anna).await, Ok(true));
    let picture = upload(&*store, anna, 9).await;
    assert_eq!(store.advance_upload(picture, 0, 9, EXPIRY).await, Ok(true));
    let facts = FileFacts { placeholder: Placeholder::parse("3OcRJYB4d3h/iIeHeEh3eIhw+j2w"), ..facts(5) };
    store.finish_upload(picture, facts).await.expect("an answer").expect("a file");
    let noted = |id, size, has_thumbnail| Noted { id, size, sha256: [7; 32], has_thumbnail };
    let all = [noted(ready.id, 7, false), noted(sent.id, 7, false), noted(picture, 5, true)];
    assert_eq!(store.noted_files(None, 10).await.as_deref(), Ok(&all[..]));
    assert_eq!(store.noted_files(None, 2).await.as_deref(), Ok(&all[..2]), "no more than asked for");
    assert_eq!(store.noted_files(Some(sent.id), 2).await.as_deref(), Ok(&all[2..]));
    assert_eq!(store.noted_files(Some(picture), 2).await, Ok(vec![]));
}

pub async fn what_was_not_sent_is_listed_for_its_owner(place: impl Backend) {
    let store = place.open().await;
    let (conversation, anna, ben) = given::conversation(&*store).await;
    let (ready, sent) = (given::file(&*store, anna).await, given::file(&*store, anna).await);
    store.append_message(given::with_files(conversation, anna, &[&sent])).await.expect("a stored message");
    let uploading = upload(&*store, anna, 10).await;
    let erased = given::file(&*store, anna).await.id;
    assert_eq!(store.discard_file(erased, anna).await, Ok(true));
    given::file(&*store, ben).await;
    let uploading = store.file(uploading).await.expect("an answer").expect("the file");
    let listed = async |after, limit| store.unsent_files(anna, after, limit).await.expect("an answer");
    let (first, second) = (ready.id, uploading.id);
    let both = [ready, uploading];
    assert_eq!(listed(None, 10).await, both);
    assert_eq!(listed(None, 1).await, both[..1]);
    assert_eq!(listed(Some(first), 10).await, both[1..]);
    assert_eq!(listed(Some(second), 10).await, []);
}
