// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <expected>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sfluv {

/// Everything that can be wrong, by name. The ids (`to_string`) are API: adding one is a minor
/// change, renaming one or changing its parameters is a major change. Sentences for people live in
/// web/messages, one per code and language. The catalogue with parameters is in issue.cpp.
enum class Code : std::uint8_t {
  // A completion request, in the order in which the live server looks (rulebook A2, A4).
  body_not_decodable,
  not_possible_not_allowed,
  not_possible_details_required,
  not_possible_with_items,
  details_without_not_possible,
  item_id_blank,
  item_unknown,
  item_duplicate,
  photo_data_blank,
  photo_bad_base64,
  photo_zero_bytes,
  photo_too_large,
  photo_not_image,
  photo_uploads_and_ids_mixed,
  item_missing,
  photo_none,
  photo_wrong_count,
  written_missing,
  dropdown_missing,
  dropdown_unknown_value,
  option_written_missing,
  option_photo_missing,
  text_not_storable,
  photo_id_unknown,
  request_too_large,

  // Who asks, and whether there is what is asked for (rulebook A8.4).
  forbidden,
  policy_not_accepted,
  not_found,

  // The state a step is in (rulebook A2, C3, C4).
  workflow_not_active,
  step_of_other_workflow,
  not_assigned,
  step_already_completed,
  step_not_available_yet,
  already_in_workflow,
  step_already_claimed,
  step_without_role,
  step_not_claimable,
  in_absence,
  role_already_claimed,
  role_without_credentials,
  missing_credentials,
  no_failed_payout,

  // A series and the absences in it (rulebook C5, C6).
  date_invalid,
  series_blank,
  step_order_invalid,
  range_empty,
  no_recurring_claim,
  absence_overlap,
  absence_not_in_future,
  nothing_releasable,
  replacement_claimed,

  // A proposal, in the order in which the live server looks (rulebook B).
  bounty_invalid,
  title_blank,
  description_blank,
  recurrence_invalid,
  start_missing,
  recurrence_end_not_allowed,
  recurrence_end_before_start,
  series_not_allowed,
  series_unknown,
  series_recurrence_differs,
  roles_missing,
  steps_missing,
  role_id_duplicate,
  credential_unknown,
  role_credentials_missing,
  supervisor_blank,
  supervisor_data_incomplete,
  supervisor_data_duplicate,
  supervisor_data_without_supervisor,
  step_role_blank,
  step_role_unknown,
  item_requires_nothing,
  aspect_ratio_invalid,
  options_missing,
  option_label_blank,
  option_label_without_letters,
  option_label_duplicate,
  email_invalid,
  subject_too_long,
  proposer_unknown,
  proposer_not_approved,
  supervisor_not_approved,
  amount_too_large,

  // What becomes of a proposal (rulebook B, C8).
  not_deletable,
  decision_invalid,
  workflow_not_pending,
  funds_insufficient,
  deletion_needs_series,
  deletion_already_proposed,
  reason_too_long,

  // Somebody's own account (rulebook C11 to C13); an e-mail address can be `email_invalid`, too.
  fields_missing,
  email_not_verified,
  improver_already_approved,
  address_blank,
  address_invalid,
  address_checksum_wrong,
  improver_not_approved,
  credential_type_blank,
  credential_type_unknown,
  credential_not_requestable,
  credential_already_active,
  credential_request_pending,

  // Texts that come from elsewhere: server documents, drafts, plans.
  document_not_readable,

  // Photo files.
  photo_file_empty,
  photo_file_too_large,
  photo_format_unknown,
  photo_format_unsupported,
  photo_truncated,
  photo_damaged,
  photo_too_many_pixels,
  photo_too_complex,
  photo_budget_too_small,
  photo_plan_invalid,

  // Records of the outbox.
  record_damaged,
  record_from_newer_version,
  record_event_refused,
  record_of_other_account,
  record_already_queued,
  queue_paused,
};

/// A named fact about an issue: a count, a limit, an id. `name` points to static storage.
struct Param {
  std::string_view name;
  std::variant<std::int64_t, std::string> value;

  bool operator==(const Param&) const = default;
};

/// What is wrong and where: data for a program or a translator, never a sentence.
/// `path` is a JSON Pointer (RFC 6901) into the input; empty means the whole of it.
struct Issue {
  Code code{};
  std::string path;
  std::vector<Param> params = {};

  /// Adds a parameter; `name` is a literal.
  Issue& with(const char* name, std::int64_t value);
  Issue& with(const char* name, std::string_view value);

  bool operator==(const Issue&) const = default;
};

/// A value, or the one reason why there is none (the input is broken or over a limit).
template <class T>
using Outcome = std::expected<T, Issue>;

/// A few names, known when compiling.
class ParamNames {
 public:
  constexpr ParamNames(std::initializer_list<std::string_view> names) : count_(names.size()) {
    std::ranges::copy(names, names_.begin());
  }
  [[nodiscard]] constexpr const std::string_view* begin() const { return names_.data(); }
  [[nodiscard]] constexpr const std::string_view* end() const { return names_.data() + count_; }

 private:
  std::array<std::string_view, 4> names_;
  std::size_t count_ = 0;
};

/// One row of the catalogue: the stable id and the parameters that an issue of this code carries.
struct CodeInfo {
  Code code{};
  std::string_view id;
  ParamNames params;
};

/// All codes in the order of the enumeration; the source of the TypeScript union `IssueCode`.
[[nodiscard]] std::span<const CodeInfo> code_catalogue();

/// The stable id of a code, e.g. "item_missing".
[[nodiscard]] std::string_view to_string(Code code);

/// The code with this id; empty-handed (`Code` of `fallback`) when there is none.
[[nodiscard]] Code code_from_string(std::string_view id, Code fallback);

/// Appends one reference token to a JSON Pointer, escaping `~` and `/` (RFC 6901 §3).
[[nodiscard]] std::string pointer(std::string_view parent, std::string_view token);
[[nodiscard]] std::string pointer(std::string_view parent, std::size_t index);

}  // namespace sfluv
