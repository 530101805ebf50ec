use super::given::{
    ANNA, BEN, CLEO, FILE, Run, TALK, acked, asked, begun, begun_with_file, entry, heard, heard_of, id, kept,
    message, noted, read, resumed, uploaded,
};
use crate::judge::{Belongs, Deed, What};
use model::{content::System, error::ErrorCode, group};

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

#[test]
fn a_group_in_which_all_went_well_has_no_faults() {
    assert_eq!(Run::of_group().verdict(), []);
}

#[test]
fn who_may_see_what_was_said_before_they_joined_sees_it() {
    let mut run = Run::of_group();
    let joined = run.history.iter().position(|entry| matches!(entry.what, What::Done { head: Some(3), .. }));
    let shown = Deed::Set(group::HISTORY.into(), group::SHOWN.into());
    let joined = joined.expect("her joining");
    run.history.insert(joined, heard("cleo-1", 2, 2));
    run.history.insert(joined, asked("anna-1", 30, shown));
    assert_eq!(run.verdict(), []);
}

#[test]
fn who_is_added_again_hears_of_what_was_said_meanwhile() {
    let mut run = Run::of_group();
    run.everywhere(|talk| {
        talk.messages.push(noted(9, ANNA, System::Joined(CLEO)));
        (talk.head, talk.joined) = (9, [(ANNA, 1), (BEN, 1), (CLEO, 9)].into());
        talk.about.members.push(CLEO);
        talk.read.insert(CLEO, 9);
    });
    let mut hers = run.talk.clone();
    hers.messages.retain(|message| message.seq == 9);
    run.ends.insert("cleo-1", hers);
    // That it is so, and not how: it is from before they joined.
    let hidden = message(8, 8, ANNA).hidden();
    run.history.extend([asked("ben-1", 30, Deed::Add(CLEO)), heard_of("cleo-1", &hidden)]);
    run.history.push(asked("anna-1", 31, Deed::Add(CLEO)));
    assert_eq!(run.verdict(), []);
}

#[test]
fn who_has_left_may_be_refused() {
    let mut run = Run::of_group();
    let (code, why) = (ErrorCode::NotFound, "no".to_owned());
    run.history.extend([begun("cleo-1", 9), entry("cleo-1", What::Refused { id: id(9), code, why })]);
    assert_eq!(run.verdict(), []);
}

#[test]
fn a_file_in_its_message_and_one_that_is_in_none_yet_are_no_faults() {
    assert_eq!(Run::with_file().verdict(), []);
    for belongs in [Belongs::Owner, Belongs::Upload] {
        let mut run = Run::good();
        run.history.push(uploaded("anna-1"));
        run.files.insert(FILE, kept(belongs));
        assert_eq!(run.verdict(), []);
    }
}

#[test]
fn a_file_that_was_in_no_message_may_end_and_the_message_be_refused_for_it() {
    let mut run = Run::good();
    let (code, why) = (ErrorCode::NotFound, "no".to_owned());
    run.history.extend([uploaded("anna-1"), begun_with_file("anna-1", 3)]);
    run.history.push(entry("anna-1", What::Refused { id: id(3), code, why }));
    assert_eq!(run.verdict(), []);
}

#[test]
fn what_goes_beside_the_socket_has_no_place_in_the_order_of_what_is_written() {
    let mut run = Run::with_file();
    run.history.extend([begun("anna-1", 4), acked("anna-1", 4, 4)]);
    run.everywhere(|talk| {
        talk.messages.push(message(4, 4, ANNA));
        talk.head = 4;
    });
    assert_eq!(run.verdict(), []);
}
