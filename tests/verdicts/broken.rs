//! Every fault that the judge is there to find, alone.

use super::given::{
    ANNA, BEN, CLEO, DUCK, FILE, Run, TALK, acked, asked, begun, changed, changing, done, entry, heard,
    heard_of, id, kept, message, noted, reactions, read, resumed,
};
use crate::judge::{Belongs, Deed, How, Promise, What};
use model::{
    content::{Content, System},
    error::ErrorCode,
    group::Role,
    id::FileId,
    message::{Message, Pinned},
    time::Timestamp,
};
use std::sync::Arc;

#[test]
fn an_acknowledged_message_that_is_gone() {
    let mut run = Run::good();
    run.history.extend([begun("anna-1", 3), acked("anna-1", 3, 3)]);
    assert!(run.verdict().iter().any(|fault| fault.promise == Promise::AcknowledgedStays));
}

#[test]
fn a_message_that_somebody_was_shown_and_is_gone() {
    let mut run = Run::good();
    run.history.extend([begun("anna-1", 3), heard("ben-1", 3, 3)]);
    assert!(run.verdict().iter().any(|fault| fault.promise == Promise::AcknowledgedStays));
}

#[test]
fn a_message_in_another_place_than_was_acknowledged() {
    let mut run = Run::good();
    run.history.extend([begun("anna-1", 3), acked("anna-1", 3, 2)]);
    run.everywhere(|talk| {
        talk.messages.push(message(3, 3, ANNA));
        talk.head = 3;
    });
    run.assert_broken(Promise::AcknowledgedStays);
}

#[test]
fn a_message_that_was_acknowledged_in_two_places() {
    let mut run = Run::good();
    run.history.push(acked("ben-1", 2, 1));
    run.assert_broken(Promise::AcknowledgedStays);
}

#[test]
fn an_id_that_is_stored_twice() {
    let mut run = Run::good();
    run.everywhere(|talk| {
        talk.messages.push(message(2, 3, BEN));
        talk.head = 3;
    });
    assert!(
        run.verdict().iter().any(|f| f.promise == Promise::StoredOnce && f.what.contains("stored twice"))
    );
}

#[test]
fn a_text_that_is_stored_twice_under_two_ids() {
    let mut run = Run::good();
    run.everywhere(|talk| {
        let mut copy = (*message(2, 3, BEN)).clone();
        copy.id = id(3);
        talk.messages.push(Arc::new(copy));
        talk.head = 3;
    });
    run.assert_broken(Promise::StoredOnce);
}

#[test]
fn a_message_that_nobody_wrote() {
    let mut run = Run::good();
    run.everywhere(|talk| {
        talk.messages.push(message(3, 3, BEN));
        talk.head = 3;
    });
    run.assert_broken(Promise::StoredOnce);
}

#[test]
fn a_message_with_other_words_or_from_somebody_else() {
    let changes: [fn(&mut Message); 2] =
        [|message| message.content = Content::text("other words"), |message| message.sender = ANNA];
    for change in changes {
        let mut run = Run::good();
        run.everywhere(|talk| change(Arc::make_mut(&mut talk.messages[1])));
        let faults = run.verdict();
        assert!(faults.iter().any(|fault| fault.promise == Promise::StoredOnce), "{faults:?}");
    }
}

#[test]
fn a_device_that_lacks_a_message() {
    let mut run = Run::good();
    drop(run.ends.get_mut("anna-1").expect("her device").messages.pop());
    run.assert_broken(Promise::DevicesAgree);
}

#[test]
fn a_device_that_has_one_too_many_or_another_one() {
    let mut run = Run::good();
    run.ends.get_mut("anna-1").expect("her device").messages.push(message(3, 3, ANNA));
    run.assert_broken(Promise::DevicesAgree);
    let mut run = Run::good();
    run.ends.get_mut("ben-1").expect("his device").messages[0] = message(3, 1, ANNA);
    run.assert_broken(Promise::DevicesAgree);
}

#[test]
fn a_device_that_is_behind_or_has_other_read_cursors() {
    let mut run = Run::good();
    run.ends.get_mut("anna-1").expect("her device").head = 1;
    run.assert_broken(Promise::DevicesAgree);
    let mut run = Run::good();
    run.ends.get_mut("anna-1").expect("her device").read.clear();
    run.assert_broken(Promise::DevicesAgree);
}

#[test]
fn a_device_that_says_nothing_in_the_end() {
    let mut run = Run::good();
    run.ends.remove("ben-1");
    run.assert_broken(Promise::DevicesAgree);
}

#[test]
fn a_version_that_is_missing() {
    let mut run = Run::good();
    run.history.extend([begun("anna-1", 3), acked("anna-1", 3, 4)]);
    run.everywhere(|talk| {
        talk.messages.push(message(3, 4, ANNA));
        talk.head = 4;
    });
    run.assert_broken(Promise::DevicesAgree);
}

#[test]
fn a_message_before_one_that_was_acknowledged_before_it_was_begun() {
    let mut run = Run::good();
    run.history.extend([begun("anna-1", 3), acked("anna-1", 3, 4), begun("ben-1", 4), acked("ben-1", 4, 3)]);
    run.everywhere(|talk| {
        talk.messages.extend([message(4, 3, BEN), message(3, 4, ANNA)]);
        talk.head = 4;
    });
    run.assert_broken(Promise::RealTimeOrder);
}

#[test]
fn a_device_whose_messages_changed_places() {
    let mut run = Run::good();
    run.history.extend([begun("anna-1", 3), begun("anna-1", 4)]);
    run.everywhere(|talk| {
        talk.messages.extend([message(4, 3, ANNA), message(3, 4, ANNA)]);
        talk.head = 4;
    });
    run.assert_broken(Promise::SendersOrder);
}

#[test]
fn a_read_cursor_that_goes_back_on_one_socket() {
    let mut run = Run::good();
    run.history.extend([read("ben-1", BEN, 1), read("ben-1", BEN, 0)]);
    run.assert_broken(Promise::NeverGoesBack);
}

#[test]
fn a_read_cursor_that_is_forgotten() {
    let mut run = Run::good();
    run.everywhere(|talk| talk.read.clear());
    run.assert_broken(Promise::NeverGoesBack);
}

#[test]
fn what_was_seen_and_never_stored() {
    let mut run = Run::good();
    run.history.push(entry("anna-1", What::Seen { conversation: TALK, seq: 2 }));
    run.assert_broken(Promise::NeverGoesBack);
}

#[test]
fn somebody_who_has_read_what_is_not_there() {
    let mut run = Run::good();
    run.everywhere(|talk| talk.read = [(BEN, 3)].into());
    run.assert_broken(Promise::NeverGoesBack);
}

#[test]
fn a_snapshot_that_is_older_than_what_was_known() {
    for (head, cursor) in [(1, 1), (2, 0)] {
        let mut run = Run::good();
        run.history.extend([entry("ben-1", What::Connected), resumed("ben-1", head, &[(BEN, cursor)])]);
        run.assert_broken(Promise::NeverGoesBack);
    }
}

/// Anna's first message, as she has edited it.
fn edited(version: u64) -> Message {
    let content = Content::Text { body: "edited".into(), attachments: vec![], edited_at: Some(Timestamp(0)) };
    Message { content, version, ..Message::clone(&message(1, 1, ANNA)) }
}

/// She has edited it as 3, and knows it.
fn with_an_edit() -> Run {
    let mut run = Run::good();
    run.history.extend([changing("anna-1", 20, 1, How::Edit("edited".into())), changed("anna-1", 20, 3)]);
    run.everywhere(|talk| {
        talk.messages = vec![message(2, 2, BEN), Arc::new(edited(3))];
        talk.head = 3;
    });
    run
}

/// Puts another state in the place of a message, in the store and on every device.
fn replace(run: &mut Run, next: &Message) {
    run.everywhere(|talk| {
        talk.messages.retain(|message| message.id != next.id);
        talk.messages.push(Arc::new(next.clone()));
        talk.messages.sort_unstable_by_key(|message| message.version);
    });
}

#[test]
fn an_edit_that_was_acknowledged_and_is_gone() {
    assert_eq!(with_an_edit().verdict(), []);
    let mut run = with_an_edit();
    replace(&mut run, &Message { version: 3, ..Message::clone(&message(1, 1, ANNA)) });
    run.assert_broken(Promise::AcknowledgedStays);
}

#[test]
fn an_edit_that_an_earlier_one_took_the_place_of() {
    let mut run = with_an_edit();
    run.history.extend([changing("anna-1", 21, 1, How::Edit("later".into())), changed("anna-1", 21, 4)]);
    run.everywhere(|talk| talk.head = 4);
    replace(&mut run, &edited(4));
    run.assert_broken(Promise::AcknowledgedStays);
}

#[test]
fn an_edit_that_was_told_and_never_stored() {
    let mut run = Run::good();
    run.history
        .extend([changing("anna-1", 20, 1, How::Edit("edited".into())), heard_of("ben-1", &edited(3))]);
    let faults = run.verdict();
    assert!(faults.iter().any(|fault| fault.promise == Promise::AcknowledgedStays), "{faults:?}");
}

#[test]
fn a_version_that_two_devices_were_told_otherwise() {
    let mut run = with_an_edit();
    let other = Message { reactions: reactions(BEN), ..edited(3) };
    run.history.extend([heard_of("ben-1", &edited(3)), heard_of("anna-1", &other)]);
    run.assert_broken(Promise::AcknowledgedStays);
}

#[test]
fn words_that_were_refused_and_stand_there() {
    let mut run = with_an_edit();
    run.history.retain(|entry| !matches!(entry.what, What::Changed { .. }));
    let (code, why) = (ErrorCode::NotAllowed, "no".to_owned());
    run.history.push(entry("anna-1", What::Refused { id: id(20), code, why }));
    let faults = run.verdict();
    assert!(faults.iter().any(|fault| fault.promise == Promise::StoredOnce), "{faults:?}");
    assert!(faults.iter().any(|fault| fault.promise == Promise::Healing), "and for no reason: {faults:?}");
}

#[test]
fn a_deletion_that_nobody_wanted_or_that_was_undone() {
    let mut run = Run::good();
    let deleted = Message { content: Content::Deleted { at: Timestamp(0) }, version: 3, ..edited(3) };
    run.everywhere(|talk| talk.head = 3);
    replace(&mut run, &deleted);
    let faults = run.verdict();
    assert!(faults.iter().any(|fault| fault.promise == Promise::StoredOnce), "{faults:?}");

    let mut run = Run::of_group();
    assert_eq!(run.verdict(), []);
    replace(&mut run, &Message { version: 6, ..Message::clone(&message(4, 4, BEN)) });
    let faults = run.verdict();
    assert!(faults.iter().any(|fault| fault.promise == Promise::AcknowledgedStays), "{faults:?}");
}

#[test]
fn a_reaction_that_was_acknowledged_and_is_gone_or_still_there() {
    for (on, is_there) in [(true, false), (false, true)] {
        let mut run = with_an_edit();
        let react = |number, on| changing("ben-1", number, 1, How::React { emoji: DUCK.into(), on });
        run.history.extend([
            react(21, true),
            changed("ben-1", 21, 4),
            react(22, on),
            changed("ben-1", 22, 5),
        ]);
        run.everywhere(|talk| talk.head = 5);
        let reactions = if is_there { reactions(BEN) } else { vec![] };
        replace(&mut run, &Message { reactions, ..edited(5) });
        run.assert_broken(Promise::AcknowledgedStays);
    }
}

#[test]
fn a_pin_that_was_acknowledged_and_is_gone_or_that_a_device_does_not_know_of() {
    let pinned = |run: &mut Run, is_there: bool| {
        run.history.extend([changing("ben-1", 21, 1, How::Pin { on: true }), changed("ben-1", 21, 4)]);
        run.everywhere(|talk| talk.head = 4);
        let pinned = is_there.then_some(Pinned { by: BEN, at: Timestamp(0) });
        replace(run, &Message { pinned, ..edited(4) });
    };
    let mut run = with_an_edit();
    pinned(&mut run, false);
    run.assert_broken(Promise::AcknowledgedStays);
    let mut run = with_an_edit();
    pinned(&mut run, true);
    run.assert_broken(Promise::DevicesAgree);
}

#[test]
fn a_device_that_shows_old_words_or_takes_the_group_for_another() {
    let mut run = with_an_edit();
    run.ends.get_mut("ben-1").expect("his device").messages = vec![message(1, 1, ANNA), message(2, 2, BEN)];
    run.assert_broken(Promise::DevicesAgree);
    let changes: [fn(&mut crate::judge::About); 4] = [
        |about| about.members.push(CLEO),
        |about| about.name = Some("Ducks".into()),
        |about| about.roles.admins.push(BEN),
        |about| drop(about.settings.insert("writes".into(), "admins".into())),
    ];
    for change in changes {
        let mut run = Run::of_group();
        change(&mut run.ends.get_mut("ben-1").expect("his device").about);
        run.assert_broken(Promise::DevicesAgree);
    }
}

#[test]
fn a_device_that_keeps_a_group_which_its_person_has_left() {
    let mut run = Run::of_group();
    run.ends.insert("cleo-1", run.talk.clone());
    run.assert_broken(Promise::DevicesAgree);
}

#[test]
fn a_group_that_is_not_what_its_history_says() {
    let changes: [fn(&mut crate::judge::About); 2] =
        [|about| about.members.push(CLEO), |about| about.roles.give(BEN, Role::Admin)];
    for change in changes {
        let mut run = Run::of_group();
        run.everywhere(|talk| change(&mut talk.about));
        let faults = run.verdict();
        assert!(faults.iter().any(|fault| fault.promise == Promise::AcknowledgedStays), "{faults:?}");
    }
}

#[test]
fn something_about_a_group_that_was_acknowledged_and_is_not_so() {
    let deeds = [
        Deed::Rename("Ducks".into()),
        Deed::Role(BEN, Role::Admin),
        Deed::Add(CLEO),
        Deed::Set("writes".into(), "admins".into()),
    ];
    for deed in deeds {
        let mut run = Run::of_group();
        run.history.extend([asked("anna-1", 30, deed), done("anna-1", 30, Some(8))]);
        run.assert_broken(Promise::AcknowledgedStays);
    }
    let mut run = Run::of_group();
    run.history.extend([asked("ben-1", 30, Deed::Remove(BEN)), done("ben-1", 30, None)]);
    run.assert_broken(Promise::AcknowledgedStays);
}

#[test]
fn a_note_that_nobody_asked_for_or_one_too_many() {
    for note in [System::Renamed("Swans".into()), System::Settings] {
        let mut run = Run::of_group();
        run.everywhere(|talk| {
            if let System::Renamed(name) = &note {
                talk.about.name = Some(name.clone());
            }
            talk.messages.push(noted(9, ANNA, note.clone()));
            talk.head = 9;
        });
        run.assert_broken(Promise::StoredOnce);
    }
}

#[test]
fn what_is_said_after_somebody_has_left() {
    let mut run = Run::of_group();
    run.history.push(heard("cleo-1", 8, 8));
    run.assert_broken(Promise::OnlyForMembers);
    let mut run = Run::of_group();
    run.history.push(resumed("cleo-1", 8, &[]));
    run.assert_broken(Promise::OnlyForMembers);
}

#[test]
fn what_was_said_before_somebody_joined() {
    let mut run = Run::of_group();
    let joined = run
        .history
        .iter()
        .position(|entry| entry.device == "cleo-1" && matches!(entry.what, What::Heard { .. }));
    run.history.insert(joined.expect("her joining") + 1, heard("cleo-1", 2, 2));
    run.assert_broken(Promise::OnlyForMembers);
    // Before anybody has added her, too.
    let mut run = Run::of_group();
    run.history.insert(6, heard("cleo-1", 2, 2));
    run.assert_broken(Promise::OnlyForMembers);
}

#[test]
fn a_refusal_without_a_reason() {
    for code in [ErrorCode::NotFound, ErrorCode::NotAllowed, ErrorCode::InvalidMessage] {
        let mut run = Run::of_group();
        let why = "no".to_owned();
        run.history
            .extend([begun("ben-1", 9), entry("ben-1", What::Refused { id: id(9), code, why: why.clone() })]);
        run.assert_broken(Promise::Healing);
        let mut run = Run::good();
        run.history.push(entry("ben-1", What::Complaint { code, why }));
        run.assert_broken(Promise::Healing);
    }
}

#[test]
fn a_file_that_is_gone_or_has_other_bytes_than_were_sent() {
    let mut run = Run::with_file();
    run.files.clear();
    run.assert_broken(Promise::FilesAreWhole);
    for bytes in [None, Some("other bytes".to_owned())] {
        let mut run = Run::with_file();
        run.files.get_mut(&FILE).expect("the file").sha256 = bytes.clone();
        run.assert_broken(Promise::FilesAreWhole);
        // Before it is sent it is there as well.
        let mut run = Run::good();
        run.history.push(super::given::uploaded("anna-1"));
        run.files.insert(FILE, kept(Belongs::Owner));
        assert_eq!(run.verdict(), []);
        run.files.get_mut(&FILE).expect("the file").sha256 = bytes;
        run.assert_broken(Promise::FilesAreWhole);
    }
}

#[test]
fn a_message_that_was_acknowledged_without_its_file_or_with_one_that_nobody_sent() {
    let mut run = Run::with_file();
    run.files.clear();
    run.everywhere(|talk| {
        talk.messages.pop();
        talk.messages.push(message(3, 3, ANNA));
    });
    run.assert_broken(Promise::FilesAreWhole);
    let mut run = Run::with_file();
    run.history.retain(|entry| !matches!(entry.what, What::Uploaded { .. }));
    run.assert_broken(Promise::FilesAreWhole);
}

#[test]
fn a_file_that_could_still_be_taken_for_another_message_or_end_by_itself() {
    for belongs in [Belongs::Owner, Belongs::Upload] {
        let mut run = Run::with_file();
        run.files.insert(FILE, kept(belongs));
        run.assert_broken(Promise::FilesAreWhole);
    }
}

#[test]
fn a_file_that_outlives_its_message_or_belongs_to_nothing() {
    let mut run = Run::with_file();
    run.history.extend([changing("anna-1", 20, 3, How::Delete), changed("anna-1", 20, 4)]);
    run.everywhere(|talk| {
        talk.messages.pop();
        let content = Content::Deleted { at: Timestamp(0) };
        talk.messages.push(Arc::new(Message { version: 4, content, ..Message::clone(&message(3, 3, ANNA)) }));
        talk.head = 4;
    });
    run.assert_broken(Promise::ErasedIsGone);
    run.files.clear();
    assert_eq!(run.verdict(), []);
    run.files.insert(FileId::new(), kept(Belongs::Nowhere));
    run.assert_broken(Promise::ErasedIsGone);
}
