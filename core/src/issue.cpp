// SPDX-License-Identifier: MIT
#include "sfluv/issue.h"

#include <algorithm>
#include <array>
#include <tuple>

#include "photo_catalogue.h"

namespace sfluv {
namespace {

// One row a code, in the order of the enumeration (issue_test.cpp holds them together).
constexpr auto rows_before_photos = [] {
  return std::to_array<CodeInfo>({
      // reason: syntax | size | depth | values {byte}, or type {expected, got}
      {Code::body_not_decodable, "body_not_decodable", {"reason", "byte", "expected", "got"}},
      {Code::not_possible_not_allowed, "not_possible_not_allowed", {}},
      {Code::not_possible_details_required, "not_possible_details_required", {}},
      {Code::not_possible_with_items, "not_possible_with_items", {"count"}},
      {Code::details_without_not_possible, "details_without_not_possible", {}},
      {Code::item_id_blank, "item_id_blank", {}},
      {Code::item_unknown, "item_unknown", {"item_id"}},
      {Code::item_duplicate, "item_duplicate", {"item_id"}},
      {Code::photo_data_blank, "photo_data_blank", {"item_id"}},
      {Code::photo_bad_base64, "photo_bad_base64", {"item_id", "byte"}},
      {Code::photo_zero_bytes, "photo_zero_bytes", {"item_id"}},
      {Code::photo_too_large, "photo_too_large", {"item_id", "bytes", "bytes_max"}},
      {Code::photo_not_image, "photo_not_image", {"item_id", "content_type"}},
      {Code::photo_uploads_and_ids_mixed, "photo_uploads_and_ids_mixed", {"item_id"}},
      {Code::item_missing, "item_missing", {"item_id"}},
      {Code::photo_none, "photo_none", {"item_id"}},
      {Code::photo_wrong_count, "photo_wrong_count", {"item_id", "required", "given"}},
      {Code::written_missing, "written_missing", {"item_id"}},
      {Code::dropdown_missing, "dropdown_missing", {"item_id"}},
      {Code::dropdown_unknown_value, "dropdown_unknown_value", {"item_id", "value"}},
      {Code::option_written_missing, "option_written_missing", {"item_id", "value"}},
      {Code::option_photo_missing, "option_photo_missing", {"item_id", "value"}},
      {Code::text_not_storable, "text_not_storable", {"item_id", "byte"}},
      {Code::photo_id_unknown, "photo_id_unknown", {"item_id", "photo_id"}},
      {Code::request_too_large, "request_too_large", {"bytes", "bytes_max"}},

      {Code::forbidden, "forbidden", {}},
      {Code::policy_not_accepted, "policy_not_accepted", {}},
      {Code::not_found, "not_found", {"what"}},  // what: workflow | step | absence

      {Code::workflow_not_active, "workflow_not_active", {"status"}},
      {Code::step_of_other_workflow, "step_of_other_workflow", {}},
      {Code::not_assigned, "not_assigned", {}},
      {Code::step_already_completed, "step_already_completed", {}},
      {Code::step_not_available_yet, "step_not_available_yet", {"status"}},
      {Code::already_in_workflow, "already_in_workflow", {}},
      {Code::step_already_claimed, "step_already_claimed", {}},
      {Code::step_without_role, "step_without_role", {}},
      {Code::step_not_claimable, "step_not_claimable", {"status"}},
      {Code::in_absence, "in_absence", {}},
      {Code::role_already_claimed, "role_already_claimed", {}},
      {Code::role_without_credentials, "role_without_credentials", {}},
      {Code::missing_credentials, "missing_credentials", {"credential"}},
      {Code::no_failed_payout, "no_failed_payout", {}},

      {Code::date_invalid, "date_invalid", {"value"}},
      {Code::series_blank, "series_blank", {}},
      {Code::step_order_invalid, "step_order_invalid", {"step_order"}},
      {Code::range_empty, "range_empty", {}},
      {Code::no_recurring_claim, "no_recurring_claim", {}},
      {Code::absence_overlap, "absence_overlap", {"absence_id"}},
      {Code::absence_not_in_future, "absence_not_in_future", {}},
      {Code::nothing_releasable, "nothing_releasable", {}},
      {Code::replacement_claimed, "replacement_claimed", {"workflow_id"}},

      {Code::bounty_invalid, "bounty_invalid", {}},
      {Code::title_blank, "title_blank", {}},
      {Code::description_blank, "description_blank", {}},
      {Code::recurrence_invalid, "recurrence_invalid", {"value"}},
      {Code::start_missing, "start_missing", {}},
      {Code::recurrence_end_not_allowed, "recurrence_end_not_allowed", {}},
      {Code::recurrence_end_before_start, "recurrence_end_before_start", {}},
      {Code::series_not_allowed, "series_not_allowed", {}},
      {Code::series_unknown, "series_unknown", {"series_id"}},
      {Code::series_recurrence_differs, "series_recurrence_differs", {"recurrence"}},
      {Code::roles_missing, "roles_missing", {}},
      {Code::steps_missing, "steps_missing", {}},
      {Code::role_id_duplicate, "role_id_duplicate", {"client_id"}},
      {Code::credential_unknown, "credential_unknown", {"credential"}},
      {Code::role_credentials_missing, "role_credentials_missing", {}},
      {Code::supervisor_blank, "supervisor_blank", {}},
      {Code::supervisor_data_incomplete, "supervisor_data_incomplete", {}},
      {Code::supervisor_data_duplicate, "supervisor_data_duplicate", {"key"}},
      {Code::supervisor_data_without_supervisor, "supervisor_data_without_supervisor", {}},
      {Code::step_role_blank, "step_role_blank", {}},
      {Code::step_role_unknown, "step_role_unknown", {"client_id"}},
      {Code::item_requires_nothing, "item_requires_nothing", {}},
      {Code::aspect_ratio_invalid, "aspect_ratio_invalid", {"value"}},
      {Code::options_missing, "options_missing", {}},
      {Code::option_label_blank, "option_label_blank", {}},
      {Code::option_label_without_letters, "option_label_without_letters", {"label"}},
      {Code::option_label_duplicate, "option_label_duplicate", {"value"}},
      {Code::email_invalid, "email_invalid", {"value"}},
      {Code::subject_too_long, "subject_too_long", {"characters", "characters_max"}},
      {Code::proposer_unknown, "proposer_unknown", {}},
      {Code::proposer_not_approved, "proposer_not_approved", {}},
      {Code::supervisor_not_approved, "supervisor_not_approved", {"user_id"}},
      {Code::amount_too_large, "amount_too_large", {"what"}},  // total_bounty, ...

      {Code::not_deletable, "not_deletable", {"status"}},
      {Code::decision_invalid, "decision_invalid", {"value"}},
      {Code::workflow_not_pending, "workflow_not_pending", {"status"}},
      {Code::funds_insufficient, "funds_insufficient", {}},
      {Code::deletion_needs_series, "deletion_needs_series", {}},
      {Code::deletion_already_proposed, "deletion_already_proposed", {}},
      {Code::reason_too_long, "reason_too_long", {"bytes", "bytes_max"}},

      {Code::fields_missing, "fields_missing", {}},
      {Code::email_not_verified, "email_not_verified", {"value"}},
      {Code::improver_already_approved, "improver_already_approved", {}},
      {Code::address_blank, "address_blank", {}},
      {Code::address_invalid, "address_invalid", {"value"}},
      {Code::address_checksum_wrong, "address_checksum_wrong", {"value"}},
      {Code::improver_not_approved, "improver_not_approved", {}},
      {Code::credential_type_blank, "credential_type_blank", {}},
      {Code::credential_type_unknown, "credential_type_unknown", {"credential"}},
      {Code::credential_not_requestable, "credential_not_requestable", {"credential"}},
      {Code::credential_already_active, "credential_already_active", {"credential"}},
      {Code::credential_request_pending, "credential_request_pending", {"credential"}},

      {Code::document_not_readable, "document_not_readable", {"reason", "byte", "expected", "got"}},
  });
}();
constexpr auto rows_behind_photos = [] {
  return std::to_array<CodeInfo>({
      {Code::record_damaged, "record_damaged", {"what"}},
      {Code::record_from_newer_version, "record_from_newer_version", {"version", "version_max"}},
      {Code::record_event_refused, "record_event_refused", {"event", "state"}},
      {Code::record_of_other_account, "record_of_other_account", {}},
      {Code::record_already_queued, "record_already_queued", {"index"}},
      {Code::queue_paused, "queue_paused", {"why"}},  // why: user | metered
  });
}();
constexpr auto rows =
    std::apply([](auto... row) { return std::array{row...}; },
               std::tuple_cat(rows_before_photos, photo::catalogue, rows_behind_photos));

// Apart from the rows: a module that only names codes does not carry their parameters.
constexpr auto ids = [] {
  std::array<std::string_view, rows.size()> names;
  std::ranges::transform(rows, names.begin(), &CodeInfo::id);
  return names;
}();

}  // namespace

Issue& Issue::with(const char* name, std::int64_t value) {
  params.push_back({name, value});
  return *this;
}

Issue& Issue::with(const char* name, std::string_view value) {
  params.push_back({name, std::string{value}});
  return *this;
}

std::span<const CodeInfo> code_catalogue() { return rows; }

std::string_view to_string(Code code) { return ids[static_cast<std::size_t>(code)]; }

Code code_from_string(std::string_view id, Code fallback) {
  const auto at = std::ranges::find(ids, id);
  return at == ids.end() ? fallback : static_cast<Code>(at - ids.begin());
}

std::string pointer(std::string_view parent, std::string_view token) {
  std::string out{parent};
  out += '/';
  for (const char c : token) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string pointer(std::string_view parent, std::size_t index) {
  return pointer(parent, std::to_string(index));
}

}  // namespace sfluv
