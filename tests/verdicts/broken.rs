//! Every fault that the judge is there to find, alone.

use super::given::{ANNA, BEN, Run, TALK, acked, begun, entry, heard, id, message, read, resumed};
use crate::judge::{Promise, What};
use model::{content::Content, message::Message};
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
        run.assert_broken(Promise::StoredOnce);
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
