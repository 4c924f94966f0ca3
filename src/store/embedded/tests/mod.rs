//! The contract, run on this engine; beside it what only this engine promises.

mod at_random;
mod backup;
mod bounds;
mod checkpoints;
mod damage;
mod dictionaries;
mod flood;
mod freeing;
mod migrating;
mod rebuilding;
mod repairing;
mod retention;
mod turns;

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;

use super::dictionaries::Dictionaries;
use super::index::keys::Key;
use super::index::rows::Meta;
use super::index::tree::Tree;
use super::segments::Segments;
use super::{Embedded, Options};
use crate::store::Store;
use crate::store::contract::{self, contract};

const OPTIONS: Options = Options {
    cache: 1 << 20,
    disk_floor: 0,
    max_journal: 1 << 30,
    max_disk: 0,
    most_listed: 1_000,
    sample_above: 0,
};

fn open(data: &Path) -> Embedded {
    Embedded::open(data, OPTIONS, Arc::new(|| contract::at(0))).unwrap()
}

/// The segments of a data directory that nobody uses.
fn segments_of(data: &Path) -> Segments {
    let dictionaries = Dictionaries::open(data.join("dictionaries"));
    Segments::open(data.join("segments"), dictionaries).unwrap()
}

fn fresh() -> ((Embedded, TempDir), Store) {
    let data = TempDir::new().unwrap();
    let engine = open(data.path());
    let store = engine.store();
    ((engine, data), store)
}

contract! { fresh:
    catalog::a_project_lives_and_goes,
    catalog::a_name_is_taken_once,
    catalog::the_last_owner_stays,
    catalog::the_last_owner_who_can_sign_in_stays,
    catalog::owners_without_a_password_replace_each_other,
    catalog::a_link_is_used_once,
    catalog::a_person_takes_their_sessions_along,
    catalog::sessions_end,
    journal::entries_wait_in_order,
    journal::next_waits_for_an_entry,
    journal::the_backlog_says_what_waits,
    journal::projects_take_turns,
    journal::whatever_is_recorded_out_of_turn_comes_once,
    blobs::bytes_come_back_as_they_were,
    stats::outcomes_add_up,
    stats::events_are_counted_by_the_hour_they_happened,
    stats::dead_letters_are_counted,
    releases::events_make_releases,
    releases::the_list_of_releases_is_filtered,
    shipping::a_release_is_declared_and_deployed,
    shipping::deploys_are_bounded,
    shipping::ten_thousand_commits_and_not_one_more,
    releases::sightings_are_read_both_ways,
    releases::a_deleted_release_is_still_a_place,
    releases::made_up_releases_are_bounded,
    sessions::updates_count_once_in_any_order,
    sessions::crash_free_rates_are_those_by_hand,
    sessions::sessions_make_releases,
    sessions::sessions_have_outcomes,
    issues::hashes_lead_to_issues,
    issues::an_event_counts_once,
    issues::an_issue_sums_its_events_up,
    issues::made_up_tag_keys_are_bounded,
    issues::an_issue_has_two_names,
    issues::the_list_has_pages,
    issues::the_list_is_filtered,
    searching::a_search_finds_what_a_look_at_every_issue_does,
    events::events_are_walked_in_order_of_time,
    events::the_newest_events_have_pages,
    issues::a_resolved_issue_comes_back,
    issues::a_removed_issue_begins_anew,
    issues::a_removed_project_takes_nothing,
    issues::files_stay_with_their_event,
    regrouping::history_is_grouped_anew_and_back,
    regrouping::events_come_while_history_is_grouped_anew,
    regrouping::one_regrouping_runs_at_a_time,
    regrouping::a_new_hash_can_be_claimed,
    regrouping::what_nobody_wants_is_kept_if_it_is_here,
    regrouping::a_merge_is_not_undone_once_rules_made_one_of_both,
    regrouping::a_decision_goes_where_the_events_go,
    merging::merged_issues_are_one,
    merging::a_merge_leaves_no_trace_when_it_is_undone,
    merging::a_hash_is_split_out_and_goes_back,
    merging::the_last_decision_holds_for_merged_issues,
    merging::what_cannot_be_merged_or_split_is_refused,
    decisions::an_issue_has_a_bounded_number_of_parts,
    decisions::a_removed_issue_takes_what_was_merged_into_it,
    decisions::a_split_issue_begins_without_comments,
    decisions::the_story_says_who_did_what,
    lifecycle::a_regression_says_why_and_is_withdrawn_when_it_was_none,
    lifecycle::an_old_client_is_no_regression_and_the_issue_says_why,
    lifecycle::a_deleted_release_still_resolves,
    lifecycle::a_late_release_is_taken_into_account,
    lifecycle::another_dist_is_no_newer_release,
    lifecycle::counted_sessions_make_the_next_release_no_older,
    lifecycle::an_archived_issue_comes_back_when_it_was_to,
    lifecycle::an_archived_issue_escalates,
    lifecycle::a_commit_says_what_it_mends,
    lifecycle::a_made_up_release_that_is_put_aside_is_not_the_latest,
    lifecycle::a_release_with_commits_is_taken_into_account,
    lifecycle::many_commits_mend_an_issue_once,
    any_order::any_order_of_arrival_ends_the_same,
    any_order::late_events_tell_what_is_resolved,
    alerts::an_issue_begins_once,
    alerts::what_comes_back_is_told_each_time,
    alerts::an_order_of_releases_may_bring_an_issue_back,
    alerts::a_release_goes_out_once,
    alerts::what_is_received_is_counted_by_the_minute,
    alerts::what_comes_late_is_counted_in_a_minute_that_is_open,
    alerts::who_waits_is_woken,
    alerts::who_watches_issues_is_woken,
    outbox::a_step_is_kept_once,
    outbox::the_history_is_filtered_and_has_pages,
    outbox::deliveries_wait_for_their_turn,
    lines::destinations_say_how_they_fare,
    lines::alerts_and_recaps_do_not_wait_for_each_other,
    lines::a_long_line_is_not_walked_along,
    outbox::a_removed_project_takes_its_alerts_along,
    alerting::rules_and_destinations_hold_together,
    alerting::preferences_are_a_members_own,
    alerting::links_are_signed_with_one_key,
    people::issues_are_somebodys,
    people::issues_are_talked_about,
    people::what_nobody_wants_is_dropped,
}

/// All rows of an index, apart from sled's own order of things.
fn rows(data: &Path) -> Vec<(Vec<u8>, Vec<u8>)> {
    let tree = Tree::open(&data.join("index"), OPTIONS.cache).unwrap();
    let meta: Meta = tree.read(&Key::meta()).ok().flatten().unwrap_or_default();
    // How those of events are put into runs, and when what is over goes, depends on when they were flushed.
    let rows = (0..u8::MAX).flat_map(|table| tree.range(vec![table]..vec![table + 1]));
    rows.map(|row| row.map(|(key, value)| (key.to_vec(), value.to_vec())).unwrap())
        .filter(|(key, _)| key != b"mruns" && !meta.is_over(key))
        .collect()
}
