use super::given::{ANNA, BEN, Run, TALK, acked, begun, entry, heard, message, read, resumed};
use crate::judge::What;

#[test]
fn a_good_run_has_no_faults() {
    assert_eq!(Run::good().verdict(), []);
}

#[test]
fn what_was_not_acknowledged_may_be_stored_or_not() {
    let mut run = Run::good();
    run.history.push(begun("anna-1", 3));
    assert_eq!(run.verdict(), []);
    run.everywhere(|talk| {
        talk.messages.push(message(3, 3, ANNA));
        talk.head = 3;
    });
    assert_eq!(run.verdict(), []);
}

#[test]
fn saying_something_twice_is_no_fault() {
    let mut run = Run::good();
    run.history.extend([acked("anna-1", 1, 1), heard("ben-1", 1, 1), read("anna-1", BEN, 1)]);
    assert_eq!(run.verdict(), []);
}

#[test]
fn messages_that_are_on_their_way_at_the_same_time_may_come_in_any_order() {
    let mut run = Run::good();
    run.history.extend([begun("anna-1", 3), begun("ben-1", 4), acked("anna-1", 3, 4), acked("ben-1", 4, 3)]);
    run.everywhere(|talk| {
        talk.messages.extend([message(4, 3, BEN), message(3, 4, ANNA)]);
        talk.head = 4;
    });
    assert_eq!(run.verdict(), []);
}

#[test]
fn a_snapshot_asked_for_before_something_was_known_may_lack_it() {
    let mut run = Run::good();
    // Over the socket that was opened before anything was written.
    run.history.push(resumed("anna-1", 0, &[]));
    assert_eq!(run.verdict(), []);
    run.history.extend([entry("anna-1", What::Connected), resumed("anna-1", 2, &[(BEN, 1)])]);
    assert_eq!(run.verdict(), []);
}

#[test]
fn conversations_of_others_are_nobodys_concern() {
    let mut run = Run::good();
    let stranger = model::id::UserId::new();
    run.history.insert(0, entry("finn-1", What::Came { user: stranger }));
    assert_eq!(run.verdict(), [], "finn holds nothing of {TALK}");
}
