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
      : request_(request), context_(context), profile_(profile), now_s_(now_s), ids_(std::move(ids)) {}

  ProposalVerdict run() {
    check_bounties();
    check_head();
    check_dates();
    check_series();
    if (request_.roles.empty()) add(Code::roles_missing, "/roles");
    if (request_.steps.empty()) add(Code::steps_missing, "/steps");
    check_roles();
    check_supervisor_data();
    check_steps();
    check_people();
    check_amounts();
    return std::move(verdict_);
  }

 private:
  void add(Code code, std::string path, std::vector<Param> params = {}) {
    verdict_.issues.push_back({.code = code, .path = std::move(path), .params = std::move(params)});
  }
  void require_title(const std::string& title, const std::string& path) {
    if (title.empty()) add(Code::title_blank, pointer(path, "title"));
  }

  void check_bounty(const Bounty& bounty, const std::string& path);
  void check_bounties();
  void check_head();
  void check_dates();
  void check_series();
  void check_roles();
  void check_credentials(const ProposedRole& proposed, Role& role, const std::string& path);
  void check_supervisor_data();
  void check_steps();
  void check_item(const ProposedItem& proposed, Step& step, const std::string& path);
  void check_options(const ProposedItem& proposed, WorkItem& item, const std::string& path);
  void check_emails(const DropdownOption& proposed, DropdownOption& option,
                    const std::string& path);
  void check_people();
  void check_amounts();
  void require_fits(const std::optional<Amount>& amount, const std::string& path,
                    std::string_view what);

  const ProposalRequest& request_;
  const ProposalContext& context_;
  const Profile& profile_;
  std::int64_t now_s_;
  IdSource ids_;
  ProposalVerdict verdict_;
  Workflow& workflow_ = verdict_.workflow;
  std::vector<std::string> client_ids_;  // parallel to the workflow's roles
};

void Check::check_bounty(const Bounty& bounty, const std::string& path) {
  if (!bounty) {
    add(bounty.error(), path);
  } else if (profile_.bounties_fit_64_bits && *bounty > decoded_max) {
    add(Code::bounty_invalid, path);
  }
}

// The live decoder stumbles over them before anything else is looked at (rulebook B.1).
void Check::check_bounties() {
  if (request_.supervisor) check_bounty(request_.supervisor->bounty, "/supervisor/bounty");
  for (std::size_t i = 0; i < request_.steps.size(); ++i) {
    check_bounty(request_.steps[i].bounty, pointer(pointer("/steps", i), "bounty"));
  }
}

// Rulebook B.2, B.3.
void Check::check_head() {
  workflow_ = {.id = ids_.next("workflow"),
               .series_id = trimmed(request_.series_id),
               .proposer_id = context_.proposer_id,
               .title = trimmed(request_.title),
               .description = trimmed(request_.description),
               .recurrence = trimmed(request_.recurrence),
               .status = WorkflowStatus::pending,
               .created_at = now_s_,
               .updated_at = now_s_};
  require_title(workflow_.title, "");
  if (workflow_.description.empty() && !profile_.creates_without_description) {
    add(Code::description_blank, "/description");
  }
  if (!contains(recurrences, workflow_.recurrence)) {
    add(Code::recurrence_invalid, "/recurrence", {{"value", workflow_.recurrence}});
  }
}

// Rulebook B.4, B.5.
void Check::check_dates() {
  const auto start_s = calendar::parse_instant(request_.start_at);
  if (text::is_blank(request_.start_at)) {
    add(Code::start_missing, "/start_at");
  } else if (!start_s) {
    add(Code::date_invalid, "/start_at", {{"value", request_.start_at}});
  }
  workflow_.start_at = start_s.value_or(0);
  if (text::is_blank(request_.recurrence_end_at)) return;
  constexpr const char* path = "/recurrence_end_at";
  const auto end_s = calendar::parse_instant(request_.recurrence_end_at);
  if (!end_s) add(Code::date_invalid, path, {{"value", request_.recurrence_end_at}});
  if (workflow_.recurrence == "one_time") add(Code::recurrence_end_not_allowed, path);
  if (end_s && start_s && *end_s < *start_s) add(Code::recurrence_end_before_start, path);
  workflow_.recurrence_end_at = end_s;
}

// Rulebook B.6. A series is gone on with as it recurs: its occurrences to come are made of this one.
void Check::check_series() {
  if (workflow_.series_id.empty()) {
    workflow_.series_id = ids_.next("series");
    return;
  }
  constexpr const char* path = "/series_id";
  if (profile_.refuses_series_id) return add(Code::series_not_allowed, path);
  const auto own = std::ranges::find(context_.own_series, workflow_.series_id, &OwnSeries::id);
  if (own == context_.own_series.end()) {
    add(Code::series_unknown, path, {{"series_id", workflow_.series_id}});
  } else if (own->recurrence != workflow_.recurrence) {
    add(Code::series_recurrence_differs, path, {{"recurrence", own->recurrence}});
  }
}

// Rulebook B.7.
void Check::check_roles() {
  for (std::size_t i = 0; i < request_.roles.size(); ++i) {
    const ProposedRole& proposed = request_.roles[i];
    const std::string path = pointer("/roles", i);
    Role role{.id = ids_.next("role"),
              .workflow_id = workflow_.id,
              .title = trimmed(proposed.title),
              .required_credentials = {}};
    require_title(role.title, path);
    std::string client_id = trimmed(proposed.client_id);
    if (client_id.empty()) client_id = "role-" + std::to_string(i + 1);
    if (contains(client_ids_, client_id)) {
      add(Code::role_id_duplicate, pointer(path, "client_id"), {{"client_id", client_id}});
    }
    check_credentials(proposed, role, pointer(path, "required_credentials"));
    client_ids_.push_back(std::move(client_id));
    workflow_.roles.push_back(std::move(role));
  }
}

void Check::check_credentials(const ProposedRole& proposed, Role& role, const std::string& path) {
  for (std::size_t i = 0; i < proposed.required_credentials.size(); ++i) {
    const std::string credential = trimmed(proposed.required_credentials[i]);
    if (!contains(context_.credential_types, credential)) {
      add(Code::credential_unknown, pointer(path, i), {{"credential", credential}});
    } else if (!contains(role.required_credentials, credential)) {
      role.required_credentials.push_back(credential);
    }
  }
  if (proposed.required_credentials.empty()) add(Code::role_credentials_missing, path);
}

// Rulebook B.8, what the documents do not know.
void Check::check_supervisor_data() {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < request_.supervisor_data_fields.size(); ++i) {
    SupervisorDataField field{.key = trimmed(request_.supervisor_data_fields[i].key),
                              .value = trimmed(request_.supervisor_data_fields[i].value)};
    if (field.key.empty() && field.value.empty()) continue;
    const std::string path = pointer("/supervisor_data_fields", i);
    std::string key = text::to_ascii_lower(field.key);
    if (field.key.empty() || field.value.empty()) {
      add(Code::supervisor_data_incomplete, path);
    } else if (contains(keys, key)) {
      add(Code::supervisor_data_duplicate, pointer(path, "key"), {{"key", field.key}});
    }
    keys.push_back(std::move(key));
    workflow_.supervisor_data_fields.push_back(std::move(field));
  }
  const bool has_supervisor = request_.supervisor && !text::is_blank(request_.supervisor->user_id);
  if (!workflow_.supervisor_data_fields.empty() && !has_supervisor) {
    add(Code::supervisor_data_without_supervisor, "/supervisor_data_fields");
  }
}

// Rulebook B.9.
void Check::check_steps() {
  for (std::size_t i = 0; i < request_.steps.size(); ++i) {
    const ProposedStep& proposed = request_.steps[i];
    const std::string path = pointer("/steps", i);
    Step step{.id = ids_.next("step"),
              .workflow_id = workflow_.id,
              .step_order = static_cast<std::int64_t>(i) + 1,
              .title = trimmed(proposed.title),
              .description = trimmed(proposed.description),
              .bounty = proposed.bounty.value_or(Amount{}),
              .allow_step_not_possible = proposed.allow_step_not_possible,
              .status = StepStatus::locked};
    if (i == 0 && workflow_.start_at <= now_s_) step.status = StepStatus::available;
    require_title(step.title, path);
    const std::string client_id = trimmed(proposed.role_client_id);
    const auto role = std::ranges::find(client_ids_, client_id);
    if (client_id.empty()) {
      add(Code::step_role_blank, pointer(path, "role_client_id"));
    } else if (role == client_ids_.end()) {
      add(Code::step_role_unknown, pointer(path, "role_client_id"), {{"client_id", client_id}});
    } else {
      step.role_id = workflow_.roles[static_cast<std::size_t>(role - client_ids_.begin())].id;
    }
    for (std::size_t k = 0; k < proposed.work_items.size(); ++k) {
      check_item(proposed.work_items[k], step, pointer(pointer(path, "work_items"), k));
    }
    workflow_.steps.push_back(std::move(step));
  }
}

// Rulebook B.10.
void Check::check_item(const ProposedItem& proposed, Step& step, const std::string& path) {
  const bool photo = proposed.requires_photo;
  const std::string ratio = text::to_ascii_lower(text::trim(proposed.photo_aspect_ratio));
  WorkItem item{.id = ids_.next("item"),
                .step_id = step.id,
                .item_order = std::ssize(step.work_items) + 1,
                .title = trimmed(proposed.title),
                .description = trimmed(proposed.description),
                .optional = proposed.optional,
                .requires_photo = photo,
                .camera_capture_only = photo && proposed.camera_capture_only,
                .photo_required_count = std::max<std::int64_t>(1, proposed.photo_required_count),
                .photo_allow_any_count = photo && proposed.photo_allow_any_count,
                .photo_aspect_ratio = aspect_ratio_from(ratio),
                .requires_written_response = proposed.requires_written_response,
                .requires_dropdown = proposed.requires_dropdown};
  require_title(item.title, path);
  if (!photo && !item.requires_written_response && !item.requires_dropdown) {
    add(Code::item_requires_nothing, path);
  }
  if (!contains(aspect_ratios, ratio)) {
    add(Code::aspect_ratio_invalid, pointer(path, "photo_aspect_ratio"), {{"value", ratio}});
  }
  if (item.requires_dropdown) check_options(proposed, item, pointer(path, "dropdown_options"));
  step.work_items.push_back(std::move(item));
}

// Rulebook B.11.
void Check::check_options(const ProposedItem& proposed, WorkItem& item, const std::string& path) {
  if (proposed.dropdown_options.empty()) add(Code::options_missing, path);
  for (std::size_t i = 0; i < proposed.dropdown_options.size(); ++i) {
    const DropdownOption& given = proposed.dropdown_options[i];
    const std::string here = pointer(path, i);
    const bool photo = given.requires_photo_attachment;
    DropdownOption option{.value = option_value_of(given.label),
                          .label = trimmed(given.label),
                          .requires_written_response = given.requires_written_response,
                          .requires_photo_attachment = photo,
                          .camera_capture_only = photo && given.camera_capture_only,
                          .photo_instructions = photo ? trimmed(given.photo_instructions) : "",
                          .send_pictures_with_email = given.send_pictures_with_email};
    if (option.label.empty()) {
      add(Code::option_label_blank, pointer(here, "label"));
    } else if (option.value.empty()) {
      add(Code::option_label_without_letters, pointer(here, "label"), {{"label", option.label}});
    } else if (std::ranges::find(item.dropdown_options, option.value, &DropdownOption::value) !=
               item.dropdown_options.end()) {
      add(Code::option_label_duplicate, pointer(here, "label"), {{"value", option.value}});
    }
    check_emails(given, option, here);
    if (option.requires_written_response) item.values_requiring_text.push_back(option.value);
    item.dropdown_options.push_back(std::move(option));
  }
}

// Rulebook B.12.
void Check::check_emails(const DropdownOption& proposed, DropdownOption& option,
                         const std::string& path) {
  for (std::size_t i = 0; i < proposed.notify_emails.size(); ++i) {
    std::string email = text::to_ascii_lower(text::trim(proposed.notify_emails[i]));
    if (email.empty() || contains(option.notify_emails, email)) continue;
    if (!text::is_email_address(email) || email.find('.', email.find('@')) == std::string::npos) {
      add(Code::email_invalid, pointer(pointer(path, "notify_emails"), i), {{"value", email}});
    }
    option.notify_emails.push_back(std::move(email));
  }
  option.notify_email_count = std::ssize(option.notify_emails);
  if (option.notify_emails.empty()) return;
  option.notify_email_subject = text::collapse_white_space(proposed.notify_email_subject);
  const std::size_t characters = text::count_characters(option.notify_email_subject);
  if (characters > limits::email_subject_characters_max) {
    add(Code::subject_too_long, pointer(path, "notify_email_subject"),
        {{"characters", static_cast<std::int64_t>(characters)},
         {"characters_max", std::int64_t{limits::email_subject_characters_max}}});
  }
}

// Rulebook B.13, B.8.
void Check::check_people() {
  if (!context_.proposer_is_known) {
    add(Code::proposer_unknown, "");
  } else if (!context_.proposer_is_approved) {
    add(Code::proposer_not_approved, "");
  }
  if (!request_.supervisor) return;
  workflow_.supervisor_bounty = request_.supervisor->bounty.value_or(Amount{});
  const std::string user_id = trimmed(request_.supervisor->user_id);
  constexpr const char* path = "/supervisor/user_id";
  if (user_id.empty()) {
    if (!profile_.takes_blank_supervisor) add(Code::supervisor_blank, path);
    return;
  }
  workflow_.supervisor_required = true;
  workflow_.supervisor_user_id = user_id;
  const auto known = std::ranges::find(context_.supervisors, user_id, &Supervisor::user_id);
  if (known == context_.supervisors.end())
    return add(Code::supervisor_not_approved, path, {{"user_id", user_id}});
  workflow_.supervisor_title = known->title;
  workflow_.supervisor_organization = known->organization;
}

void Check::require_fits(const std::optional<Amount>& amount, const std::string& path,
                         std::string_view what) {
  if (amount && (!profile_.bounties_fit_64_bits || *amount <= stored_max)) return;
  add(Code::amount_too_large, path, {{"what", std::string{what}}});
}

// Rulebook B2, B4.
void Check::check_amounts() {
  std::optional<Amount> total = workflow_.supervisor_bounty;
  require_fits(total, "/supervisor/bounty", "supervisor_bounty");
  for (std::size_t i = 0; i < workflow_.steps.size(); ++i) {
    const Amount& bounty = workflow_.steps[i].bounty;
    require_fits(bounty, pointer(pointer("/steps", i), "bounty"), "bounty");
    if (total) total = total->plus(bounty);
  }
  require_fits(total, "", "total_bounty");
  if (!total) return;
  const auto weekly = weekly_requirement(*total, workflow_.recurrence);
  require_fits(weekly, "", "weekly_bounty_requirement");
  workflow_.total_bounty = *total;
  workflow_.weekly_bounty_requirement = weekly.value_or(Amount{});
}

}  // namespace

ProposalVerdict check_proposal(const ProposalRequest& request, const ProposalContext& context,
                               const Profile& profile, std::int64_t now_s, IdSource ids) {
  return Check{request, context, profile, now_s, std::move(ids)}.run();
}

bool needs_no_vote(const Workflow& workflow) {
  return workflow.total_bounty == Amount{} && workflow.supervisor_user_id == workflow.proposer_id;
}

std::optional<Amount> weekly_requirement(const Amount& total, std::string_view recurrence) {
  switch (calendar::recurrence_from(recurrence)) {
    case calendar::Recurrence::daily:
      return total.times(7);
    case calendar::Recurrence::monthly:
      return total.divided_by(4);
    default:
      return total;
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
