//! What every store must do, written against the traits alone. Another implementation joins with
//! a [`Backend`] and one more line at the end of this file.

mod changing;
mod conversations;
mod files;
mod friendships;
pub mod given;
mod group_invitations;
mod groups;
mod invitations;
mod media;
mod mentions;
mod messages;
mod numbering;
mod pins;
mod preferences;
mod read_cursors;
mod search;
mod sent_files;
mod sessions;
mod store;
mod users;

pub use crate::backend::{Backend, Shared};

macro_rules! conformance {
    ($backend:ident, $place:ty) => {
        conformance! { @list $backend, $place,
            users {
                an_account_is_found_by_id_and_by_name_regardless_of_case
                names_are_unique_regardless_of_case
                of_fifty_who_want_one_name_at_once_one_gets_it
                several_users_are_read_at_once_and_unknown_ones_left_out
                last_seen_only_moves_forward
                users_are_listed_by_name_in_pages
                a_display_name_is_kept_until_it_is_taken_back
                a_password_is_replaced_and_every_session_but_one_with_it
                an_account_is_disabled_and_enabled
                disabling_an_account_ends_its_sessions
                a_deleted_user_is_gone_with_all_that_was_theirs
                deleting_again_is_no_error
                a_deletion_says_whom_it_concerns
            }
            search {
                a_term_is_found_anywhere_in_a_name_regardless_of_case
                names_that_begin_with_the_term_come_first_then_by_name
                one_does_not_find_oneself
                a_search_returns_no_more_than_its_limit
                a_name_that_contains_the_term_twice_is_found_once
                terms_are_literal
            }
            invitations {
                an_invitation_is_good_until_its_end
                an_invitation_makes_as_many_accounts_as_it_says
                a_name_that_is_taken_uses_nothing_up
                an_invitation_that_was_taken_back_is_gone
                good_invitations_are_listed_newest_first
                the_invitations_of_a_deleted_user_are_gone
                a_link_lets_as_many_into_its_group_as_it_says
                a_link_is_no_use_where_somebody_is_in_already_or_finds_no_room
                links_end_with_the_group_and_with_whoever_made_them
            }
            group_invitations {
                whoever_is_asked_is_asked_once_until_it_ends
                what_was_declined_waits_for_the_group_and_can_be_sent_again_later
                one_that_was_sent_in_vain_stands_in_nobody_elses_way
                joining_ends_an_invitation_and_leaving_those_that_one_has_sent
                nobody_is_asked_too_often_at_one_time
                the_invitations_of_a_group_or_a_user_that_is_gone_are_gone
            }
            sessions {
                a_session_is_found_until_it_expires
                an_id_in_use_is_not_given_again
                a_session_is_replaced_when_saved
                a_deleted_session_cannot_be_saved_back
                an_expired_session_cannot_be_saved_back
                all_sessions_of_a_user_end_but_the_one_to_keep
                expired_sessions_are_swept_away
                the_sessions_of_a_user_are_listed_until_they_expire
                of_many_sessions_the_live_ones_are_told
                endings_are_counted
            }
            friendships {
                strangers_have_no_record
                a_request_is_found_by_both_and_by_its_id
                a_stale_revision_is_refused
                a_first_write_is_refused_if_there_was_one
                every_move_is_stored_as_decided
                records_come_newest_change_first
                two_crossed_requests_make_one_friendship_and_one_conversation
                a_hundred_tries_at_once_make_one_friendship_and_one_conversation
                a_block_is_kept_through_every_move_and_closes_the_conversation
            }
            conversations {
                becoming_contacts_makes_a_direct_conversation_of_both
                an_unknown_conversation_is_none
                a_stranger_sees_no_summary
                a_new_conversation_is_empty
                a_summary_shows_head_cursors_and_the_newest_message
                a_list_holds_all_conversations_of_the_viewer_and_no_others
                a_direct_conversation_ends_when_they_are_no_longer_contacts
                unread_counts_only_what_others_wrote_after_my_cursor
                unread_counts_stop_at_a_hundred
            }
            messages {
                a_message_is_stored_as_sent
                sending_again_returns_what_was_stored
                an_id_cannot_be_used_by_another_sender
                the_same_id_in_another_conversation_is_another_message
                fifty_sends_of_one_id_at_once_make_one_message
                an_unknown_conversation_takes_no_message
                the_newest_page_comes_first
                older_and_newer_pages_lie_next_to_a_seq
                the_first_message_of_a_moment_is_found
                a_page_is_never_larger_than_allowed
                pages_of_nothing_are_empty
                catching_up_returns_what_came_after_a_version
                catching_up_says_whether_the_limit_cut_it
            }
            changing {
                an_edit_takes_the_next_version_and_keeps_its_place
                a_deletion_leaves_a_tombstone
                reactions_are_kept_by_emoji_in_order
                an_emoji_is_a_value_whatever_it_looks_like
                a_state_that_somebody_else_has_replaced_is_refused
                thirty_two_people_at_once_leave_one_state_and_no_gap
                what_is_too_much_is_refused_before_it_is_stored
            }
            groups {
                each_change_of_members_is_a_message_with_a_version
                a_group_is_in_the_lists_of_its_members_and_no_others
                what_was_there_before_somebody_joined_counts_as_read
                a_group_has_a_name_roles_and_settings
                a_group_has_one_owner_whoever_leaves
                only_members_change_a_group_and_only_of_members
                a_change_of_members_that_is_so_already_changes_nothing
                only_members_change_who_belongs_to_a_group
                a_group_that_everybody_has_left_is_gone
                many_who_join_and_leave_at_once_are_each_counted
                a_group_has_so_many_members_and_no_more
                a_group_is_made_with_its_name_and_members_in_one_change
                an_erased_group_is_gone_for_everybody
                a_deleted_user_leaves_tombstones_in_groups_and_no_reactions
                whoever_has_no_account_comes_into_no_group
            }
            mentions {
                whom_a_message_means_is_stored_with_it
                other_words_mean_others_and_none_nobody
                who_is_gone_is_not_meant
                a_hundred_mentions_are_named
            }
            files {
                a_file_is_known_from_the_beginning_of_its_upload
                bytes_are_noted_one_after_the_other
                an_upload_has_no_more_bytes_than_came
                of_many_who_note_the_same_bytes_one_does
                what_is_whole_is_ready_and_finished_once
                nobody_keeps_more_bytes_than_they_may
                of_many_who_begin_at_once_as_many_as_there_is_room_for
                so_many_uploads_are_not_finished_and_no_more
                whoever_has_no_account_uploads_nothing
                what_was_not_sent_is_given_up_by_its_owner
                what_expires_without_being_sent_is_erased
                what_is_erased_is_forgotten_when_its_bytes_are_gone
                what_has_bytes_is_listed_with_what_they_were
                what_was_not_sent_is_listed_for_its_owner
            }
            sent_files {
                files_are_sent_with_a_message
                only_ready_files_of_the_sender_are_sent
                a_file_is_in_one_message_alone
                sending_again_sends_no_other_files
                of_many_messages_that_want_one_file_one_has_it
                many_sends_of_one_message_send_its_files_once
                a_deleted_message_takes_its_files_along_and_no_others
                a_message_loses_the_files_that_a_change_takes_away
                the_files_of_a_conversation_end_with_it
                the_files_of_a_group_end_with_it
                a_deleted_user_leaves_no_files
                what_was_sent_in_a_group_that_one_has_left_stays
            }
            numbering {
                conversations_are_numbered_on_their_own
                thirty_two_writers_leave_no_gap
                a_reader_never_sees_a_gap
            }
            media {
                what_a_conversation_holds_is_listed_by_kind
                a_list_is_cut_by_seqs_and_by_its_limit
                a_change_brings_a_message_into_a_list_and_out_of_it
                what_is_erased_is_in_no_list
            }
            pins {
                pins_stand_in_the_order_in_which_they_were_made
                what_is_deleted_is_not_pinned
                summaries_name_those_pins_alone_that_their_viewer_sees
                nothing_stays_pinned_of_somebody_or_by_somebody_who_is_gone
                the_newest_hundred_are_given
            }
            read_cursors {
                a_cursor_only_grows
                a_cursor_stops_at_the_head
                strangers_have_no_cursor
                of_many_moves_at_once_the_furthest_stays
            }
            preferences {
                what_a_member_keeps_is_told_in_their_summaries_alone
                strangers_keep_nothing
                so_many_are_pinned_and_no_more
                of_many_changes_at_once_each_is_counted
                a_new_message_brings_back_what_was_archived
                whoever_comes_back_begins_anew
            }
            store {
                what_was_stored_is_there_after_reopening
                a_write_goes_on_when_its_caller_has_left
                an_open_store_is_ready
                a_closed_store_is_unavailable
                closing_finishes_what_is_queued
                a_store_has_one_secret_for_ever
            }
        }
    };
    (@list $backend:ident, $place:ty, $($noun:ident { $($test:ident)* })*) => {
        mod $backend {
            $(mod $noun {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $test() {
                    if <$place as crate::backend::Backend>::is_available() {
                        crate::conformance::$noun::$test(<$place>::default()).await;
                    }
                })*
            })*
        }
    };
}

conformance!(embedded, crate::backend::Embedded);
conformance!(mongo_replica_set, crate::mongod::Database<crate::mongod::ReplicaSet>);
conformance!(mongo_standalone, crate::mongod::Database<crate::mongod::Standalone>);
