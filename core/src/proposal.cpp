// SPDX-License-Identifier: MIT
#include "sfluv/proposal.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sfluv/calendar.h"
#include "sfluv/limits.h"

#include "text.h"

namespace sfluv {
namespace {

constexpr std::array<std::string_view, 4> recurrences{"one_time", "daily", "weekly", "monthly"};
constexpr std::array<std::string_view, 4> aspect_ratios{"", "square", "vertical", "horizontal"};

// What the live system decodes into, and what it stores in (rulebook B4).
constexpr Amount decoded_max{~std::uint64_t{0}};
constexpr Amount stored_max{~std::uint64_t{0} >> 1};

constexpr const char* supervisor_path = "/supervisor";

std::string trimmed(std::string_view text) { return std::string{text::trim(text)}; }

bool contains(const auto& values, const auto& value) {
  return std::ranges::find(values, value) != values.end();
}

// Two characters outside ASCII have a lower-case letter inside it.
char ascii_letter_at(std::string_view text, std::size_t& at) {
  for (const auto& [character, letter] : {std::pair<std::string_view, char>{"\xE2\x84\xAA", 'k'},
                                          std::pair<std::string_view, char>{"\xC4\xB0", 'i'}}) {
    if (!text.substr(at).starts_with(character)) continue;
    at += character.size();
    return letter;
  }
  const char c = text[at++];
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

// Walks through the request in the live server's order, notes what is wrong and builds the workflow
// out of the rest.
class Check {
 public:
  Check(const ProposalRequest& request, const ProposalContext& context, const Profile& profile,
        std::int64_t now_s, IdSource ids)
      : request_(request),
        context_(context),
        profile_(profile),
        now_s_(now_s),
        ids_(std::move(ids)) {}

  ProposalVerdict run() {
    check_bounties();
    check_head();
    check_dates();
    check_series();
    if (request_.roles.empty()) add(Code::roles_missing, "roles");
    if (request_.steps.empty()) add(Code::steps_missing, "steps");
    for_each("roles", request_.roles, [&](const auto& role) { check_role(role); });
    check_supervisor_data();
    for_each("steps", request_.steps, [&](const auto& step) { check_step(step); });
    check_people();
    check_amounts();
    return std::move(verdict_);
  }

 private:
  // Calls `check` for each element, with `path_` at it.
  void for_each(std::string_view name, const auto& elements, auto&& check) {
    const std::size_t outside = path_.size();
    for (std::size_t i = 0; i < elements.size(); ++i) {
      path_ = pointer(pointer(path_, name), i);
      check(elements[i]);
      path_.resize(outside);
    }
  }

  // Something is wrong with a member of what is being looked at, or with the whole of it.
  Issue& add(Code code, std::string_view member = "") {
    return verdict_.issues.emplace_back(code, member.empty() ? path_ : pointer(path_, member));
  }

  std::string required_title(const std::string& title) {
    std::string kept = trimmed(title);
    if (kept.empty()) add(Code::title_blank, "title");
    return kept;
  }

  [[nodiscard]] Amount amount_of(const Bounty& bounty) const;
  void check_bounty(const Bounty& bounty);
  void check_bounties();
  void check_head();
  void check_dates();
  void check_series();
  void check_role(const ProposedRole& proposed);
  void check_supervisor_data();
  void check_step(const ProposedStep& proposed);
  void check_item(const ProposedItem& proposed, Step& step);
  void check_option(const DropdownOption& proposed, WorkItem& item);
  void check_emails(const DropdownOption& proposed, DropdownOption& option);
  void check_people();
  void check_amounts();
  bool require_fits(const std::optional<Amount>& amount, std::string_view what);

  const ProposalRequest& request_;
  const ProposalContext& context_;
  const Profile& profile_;
  std::int64_t now_s_;
  IdSource ids_;
  std::string path_;
  ProposalVerdict verdict_;
  Workflow& workflow_ = verdict_.workflow;
  bool bounties_are_amounts_ = true;
  std::vector<std::string> client_ids_;  // parallel to the workflow's roles
};

// The bounty, or 0 for one that is none.
Amount Check::amount_of(const Bounty& bounty) const {
  const bool is_decoded = bounty && (!profile_.bounties_fit_64_bits || *bounty <= decoded_max);
  return is_decoded ? *bounty : Amount{};
}

void Check::check_bounty(const Bounty& bounty) {
  if (!bounty && bounty.error() == Code::amount_too_large) {
    add(Code::amount_too_large, "bounty").with("what", "bounty");
  } else if (!bounty || amount_of(bounty) != *bounty) {
    add(Code::bounty_invalid, "bounty");
  } else {
    return;
  }
  bounties_are_amounts_ = false;
}

// The live decoder stumbles over them before anything else is looked at (rulebook B.1).
void Check::check_bounties() {
  if (request_.supervisor) {
    path_ = supervisor_path;
    check_bounty(request_.supervisor->bounty);
    path_.clear();
  }
  for_each("steps", request_.steps, [&](const auto& step) { check_bounty(step.bounty); });
}

// Rulebook B.2, B.3.
void Check::check_head() {
  workflow_.id = ids_.next("workflow");
  workflow_.proposer_id = context_.proposer_id;
  workflow_.title = required_title(request_.title);
  workflow_.description = trimmed(request_.description);
  workflow_.recurrence = trimmed(request_.recurrence);
  workflow_.status = WorkflowStatus::pending;
  workflow_.created_at = workflow_.updated_at = now_s_;
  if (workflow_.description.empty() && !profile_.creates_without_description) {
    add(Code::description_blank, "description");
  }
  if (!contains(recurrences, workflow_.recurrence)) {
    add(Code::recurrence_invalid, "recurrence").with("value", workflow_.recurrence);
  }
}

// Rulebook B.4, B.5.
void Check::check_dates() {
  const auto start_s = calendar::parse_instant(request_.start_at);
  if (text::is_blank(request_.start_at)) {
    add(Code::start_missing, "start_at");
  } else if (!start_s) {
    add(Code::date_invalid, "start_at").with("value", request_.start_at);
  }
  workflow_.start_at = start_s.value_or(0);
  if (text::is_blank(request_.recurrence_end_at)) return;
  constexpr const char* member = "recurrence_end_at";
  const auto end_s = calendar::parse_instant(request_.recurrence_end_at);
  if (!end_s) add(Code::date_invalid, member).with("value", request_.recurrence_end_at);
  if (workflow_.recurrence == "one_time") add(Code::recurrence_end_not_allowed, member);
  if (end_s && start_s && *end_s < *start_s) add(Code::recurrence_end_before_start, member);
  workflow_.recurrence_end_at = end_s;
}

// Rulebook B.6. A series is gone on with as it recurs: its occurrences to come are made of this
// one.
void Check::check_series() {
  workflow_.series_id = series_named_in(request_);
  if (workflow_.series_id.empty()) {
    workflow_.series_id = ids_.next("series");
    return;
  }
  constexpr const char* member = "series_id";
  if (profile_.refuses_series_id) {
    add(Code::series_not_allowed, member);
    return;
  }
  const auto own = std::ranges::find(context_.own_series, workflow_.series_id, &OwnSeries::id);
  if (own == context_.own_series.end()) {
    add(Code::series_unknown, member).with("series_id", workflow_.series_id);
  } else if (own->recurrence != workflow_.recurrence) {
    add(Code::series_recurrence_differs, member).with("recurrence", own->recurrence);
  }
}

// Rulebook B.7.
void Check::check_role(const ProposedRole& proposed) {
  Role& role = workflow_.roles.emplace_back();
  role.id = ids_.next("role");
  role.workflow_id = workflow_.id;
  role.title = required_title(proposed.title);
  std::string client_id = trimmed(proposed.client_id);
  if (client_id.empty()) client_id = "role-" + std::to_string(workflow_.roles.size());
  if (contains(client_ids_, client_id)) {
    add(Code::role_id_duplicate, "client_id").with("client_id", client_id);
  }
  client_ids_.push_back(std::move(client_id));
  constexpr const char* member = "required_credentials";
  for_each(member, proposed.required_credentials, [&](const std::string& given) {
    const std::string credential = trimmed(given);
    if (!contains(context_.credential_types, credential)) {
      add(Code::credential_unknown).with("credential", credential);
    } else if (!contains(role.required_credentials, credential)) {
      role.required_credentials.push_back(credential);
    }
  });
  if (proposed.required_credentials.empty()) add(Code::role_credentials_missing, member);
}

// Rulebook B.8, what the documents do not know.
void Check::check_supervisor_data() {
  std::vector<std::string> keys;
  constexpr const char* member = "supervisor_data_fields";
  for_each(member, request_.supervisor_data_fields, [&](const SupervisorDataField& given) {
    SupervisorDataField field{.key = trimmed(given.key), .value = trimmed(given.value)};
    if (field.key.empty() && field.value.empty()) return;
    std::string key = text::to_ascii_lower(field.key);
    if (field.key.empty() || field.value.empty()) {
      add(Code::supervisor_data_incomplete);
    } else if (contains(keys, key)) {
      add(Code::supervisor_data_duplicate, "key").with("key", field.key);
    }
    keys.push_back(std::move(key));
    workflow_.supervisor_data_fields.push_back(std::move(field));
  });
  const bool has_supervisor = request_.supervisor && !text::is_blank(request_.supervisor->user_id);
  if (!keys.empty() && !has_supervisor) add(Code::supervisor_data_without_supervisor, member);
}

// Rulebook B.9.
void Check::check_step(const ProposedStep& proposed) {
  Step& step = workflow_.steps.emplace_back();
  step.id = ids_.next("step");
  step.workflow_id = workflow_.id;
  step.step_order = std::ssize(workflow_.steps);
  step.title = required_title(proposed.title);
  step.description = trimmed(proposed.description);
  step.bounty = amount_of(proposed.bounty);
  step.allow_step_not_possible = proposed.allow_step_not_possible;
  const bool is_open = step.step_order == 1 && workflow_.start_at <= now_s_;
  step.status = is_open ? StepStatus::available : StepStatus::locked;
  const std::string client_id = trimmed(proposed.role_client_id);
  const auto role = std::ranges::find(client_ids_, client_id);
  if (client_id.empty()) {
    add(Code::step_role_blank, "role_client_id");
  } else if (role == client_ids_.end()) {
    add(Code::step_role_unknown, "role_client_id").with("client_id", client_id);
  } else {
    step.role_id = workflow_.roles[static_cast<std::size_t>(role - client_ids_.begin())].id;
  }
  for_each("work_items", proposed.work_items, [&](const auto& item) { check_item(item, step); });
}

// Rulebook B.10.
void Check::check_item(const ProposedItem& proposed, Step& step) {
  WorkItem& item = step.work_items.emplace_back();
  item.id = ids_.next("item");
  item.step_id = step.id;
  item.item_order = std::ssize(step.work_items);
  item.title = required_title(proposed.title);
  item.description = trimmed(proposed.description);
  item.optional = proposed.optional;
  item.requires_photo = proposed.requires_photo;
  item.camera_capture_only = proposed.requires_photo && proposed.camera_capture_only;
  item.photo_required_count = std::max<std::int64_t>(1, proposed.photo_required_count);
  item.photo_allow_any_count = proposed.requires_photo && proposed.photo_allow_any_count;
  item.requires_written_response = proposed.requires_written_response;
  item.requires_dropdown = proposed.requires_dropdown;
  if (!item.requires_photo && !item.requires_written_response && !item.requires_dropdown) {
    add(Code::item_requires_nothing);
  }
  const std::string ratio = text::to_ascii_lower(text::trim(proposed.photo_aspect_ratio));
  if (!contains(aspect_ratios, ratio)) {
    add(Code::aspect_ratio_invalid, "photo_aspect_ratio").with("value", ratio);
  }
  item.photo_aspect_ratio = aspect_ratio_from(ratio);
  if (!item.requires_dropdown) return;
  constexpr const char* member = "dropdown_options";
  if (proposed.dropdown_options.empty()) add(Code::options_missing, member);
  for_each(member, proposed.dropdown_options,
           [&](const DropdownOption& option) { check_option(option, item); });
}

// Rulebook B.11.
void Check::check_option(const DropdownOption& proposed, WorkItem& item) {
  DropdownOption option;
  option.value = option_value_of(proposed.label);
  option.label = trimmed(proposed.label);
  option.requires_written_response = proposed.requires_written_response;
  option.send_pictures_with_email = proposed.send_pictures_with_email;
  if (proposed.requires_photo_attachment) {
    option.requires_photo_attachment = true;
    option.camera_capture_only = proposed.camera_capture_only;
    option.photo_instructions = trimmed(proposed.photo_instructions);
  }
  const auto same = std::ranges::find(item.dropdown_options, option.value, &DropdownOption::value);
  if (option.label.empty()) {
    add(Code::option_label_blank, "label");
  } else if (option.value.empty()) {
    add(Code::option_label_without_letters, "label").with("label", option.label);
  } else if (same != item.dropdown_options.end()) {
    add(Code::option_label_duplicate, "label").with("value", option.value);
  }
  check_emails(proposed, option);
  if (option.requires_written_response) item.values_requiring_text.push_back(option.value);
  item.dropdown_options.push_back(std::move(option));
}

// Rulebook B.12.
void Check::check_emails(const DropdownOption& proposed, DropdownOption& option) {
  for_each("notify_emails", proposed.notify_emails, [&](const std::string& given) {
    std::string email = text::to_ascii_lower(text::trim(given));
    if (email.empty() || contains(option.notify_emails, email)) return;
    if (!text::is_email_address(email) || email.find('.', email.find('@')) == std::string::npos) {
      add(Code::email_invalid).with("value", email);
    }
    option.notify_emails.push_back(std::move(email));
  });
  option.notify_email_count = std::ssize(option.notify_emails);
  if (option.notify_emails.empty()) return;
  option.notify_email_subject = text::collapse_white_space(proposed.notify_email_subject);
  const std::size_t characters = text::count_characters(option.notify_email_subject);
  if (characters <= limits::email_subject_characters_max) return;
  add(Code::subject_too_long, "notify_email_subject")
      .with("characters", static_cast<std::int64_t>(characters))
      .with("characters_max", limits::email_subject_characters_max);
}

// Rulebook B.13, B.8.
void Check::check_people() {
  if (!context_.proposer_is_known) {
    add(Code::proposer_unknown);
  } else if (!context_.proposer_is_approved) {
    add(Code::proposer_not_approved);
  }
  if (!request_.supervisor) return;
  workflow_.supervisor_bounty = amount_of(request_.supervisor->bounty);
  const std::string user_id = trimmed(request_.supervisor->user_id);
  path_ = supervisor_path;
  const auto known = std::ranges::find(context_.supervisors, user_id, &Supervisor::user_id);
  if (user_id.empty()) {
    if (!profile_.takes_blank_supervisor) add(Code::supervisor_blank, "user_id");
  } else if (known == context_.supervisors.end()) {
    add(Code::supervisor_not_approved, "user_id").with("user_id", user_id);
  } else {
    workflow_.supervisor_required = true;
    workflow_.supervisor_user_id = user_id;
    workflow_.supervisor_title = known->title;
    workflow_.supervisor_organization = known->organization;
  }
  path_.clear();
}

bool Check::require_fits(const std::optional<Amount>& amount, std::string_view what) {
  const bool fits = amount && (!profile_.bounties_fit_64_bits || *amount <= stored_max);
  if (!fits) add(Code::amount_too_large, what == "bounty" ? what : "").with("what", what);
  return fits;
}

// Rulebook B2, B4. A sum is judged when all that it is made of fits.
void Check::check_amounts() {
  std::optional<Amount> total = workflow_.supervisor_bounty;
  path_ = supervisor_path;
  bool fits = require_fits(total, "bounty");
  path_.clear();
  for_each("steps", workflow_.steps, [&](const Step& step) {
    fits &= require_fits(step.bounty, "bounty");
    if (total) total = total->plus(step.bounty);
  });
  if (!fits || !require_fits(total, "total_bounty")) return;
  const auto weekly = weekly_requirement(*total, workflow_.recurrence);
  if (!require_fits(weekly, "weekly_bounty_requirement")) return;
  workflow_.total_bounty = *total;
  workflow_.weekly_bounty_requirement = *weekly;
  if (bounties_are_amounts_) verdict_.totals = {*total, *weekly};
}

}  // namespace

std::string_view series_named_in(const ProposalRequest& request) {
  return text::trim(request.series_id);
}

ProposalVerdict check_proposal(const ProposalRequest& request, const ProposalContext& context,
                               const Profile& profile, std::int64_t now_s, IdSource ids) {
  return Check{request, context, profile, now_s, std::move(ids)}.run();
}

bool needs_no_vote(const Workflow& workflow) {
  return workflow.total_bounty == Amount{} && workflow.supervisor_user_id == workflow.proposer_id;
}

std::optional<Amount> weekly_requirement(const Amount& total, std::string_view recurrence) {
  switch (calendar::recurrence_from(recurrence)) {
    case calendar::Recurrence::daily: return total.times(7);
    case calendar::Recurrence::monthly: return total.divided_by(4);
    default: return total;
  }
}

std::string option_value_of(std::string_view label) {
  std::string value;
  label = text::trim(label);
  for (std::size_t at = 0; at < label.size();) {
    const char c = ascii_letter_at(label, at);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      value += c;
    } else if (!value.empty() && value.back() != '_') {
      value += '_';
    }
  }
  if (value.ends_with('_')) value.pop_back();
  return value;
}

}  // namespace sfluv
