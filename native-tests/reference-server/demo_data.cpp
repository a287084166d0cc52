// SPDX-License-Identifier: MIT
#include "demo_data.h"

namespace sfluv::server {
namespace {

constexpr std::int64_t day_s = 86'400;

// The documents' id for number 1, a telling one for all others.
std::string id_of(std::int64_t number, const char* documented, const char* name) {
  return number == 1 ? documented : std::string{name} + '_' + std::to_string(number);
}

WorkItem item_of(const Step& step, const std::string& id, const char* title,
                 const char* description) {
  WorkItem item;
  item.id = id;
  item.step_id = step.id;
  item.item_order = static_cast<std::int64_t>(step.work_items.size()) + 1;
  item.title = title;
  item.description = description;
  return item;
}

void add_photo_item(Step& step, const std::string& id, const char* title, const char* description,
                    AspectRatio ratio) {
  WorkItem item = item_of(step, id, title, description);
  item.requires_photo = true;
  item.camera_capture_only = true;
  item.photo_aspect_ratio = ratio;
  step.work_items.push_back(std::move(item));
}

void add_outcome_item(Step& step, const std::string& id) {
  WorkItem item = item_of(step, id, "Outcome", "How did it go?");
  item.requires_dropdown = true;
  DropdownOption done;
  done.value = "completed_successfully";
  done.label = "Completed successfully";
  DropdownOption partly;
  partly.value = "partially_completed";
  partly.label = "Partially completed";
  partly.requires_written_response = true;
  partly.notify_emails = {"supervisor@example.org"};
  partly.notify_email_count = 1;
  item.dropdown_options = {done, partly};
  item.values_requiring_text = {partly.value};
  step.work_items.push_back(std::move(item));
}

Step litter_collection(const Workflow& workflow, std::int64_t number) {
  Step step;
  step.id = id_of(number, "step_ghi789", "step_collect");
  step.workflow_id = workflow.id;
  step.step_order = 1;
  step.title = "Litter Collection";
  step.description = "Collect all visible litter";
  step.bounty = Amount::parse("100000000000000000000").value_or(Amount{});
  step.role_id = workflow.roles.front().id;
  step.status = StepStatus::available;
  add_photo_item(step, id_of(number, "item_jkl012", "item_before"), "Before Photo",
                 "Take photo of area before cleanup", AspectRatio::square);
  add_photo_item(step, id_of(number, "item_jkl013", "item_after"), "After Photo",
                 "Take photo of area after cleanup", AspectRatio::horizontal);
  WorkItem notes = item_of(step, id_of(number, "item_jkl014", "item_notes"), "Notes",
                           "What did you find and do?");
  notes.requires_written_response = true;
  step.work_items.push_back(std::move(notes));
  add_outcome_item(step, id_of(number, "item_jkl015", "item_outcome"));
  WorkItem extra = item_of(step, id_of(number, "item_jkl016", "item_extra"), "More Photos",
                           "Anything else worth showing");
  extra.optional = true;
  extra.requires_photo = true;
  extra.photo_allow_any_count = true;
  extra.photo_aspect_ratio = AspectRatio::vertical;
  step.work_items.push_back(std::move(extra));
  return step;
}

Step inspection(const Workflow& workflow, std::int64_t number) {
  Step step;
  step.id = id_of(number, "step_xyz999", "step_inspect");
  step.workflow_id = workflow.id;
  step.step_order = 2;
  step.title = "Inspection";
  step.description = "Walk the area once more";
  step.allow_step_not_possible = true;
  step.role_id = workflow.roles.front().id;
  step.status = StepStatus::locked;
  WorkItem report =
      item_of(step, id_of(number, "item_jkl017", "item_report"), "Report", "What is left to do?");
  report.requires_written_response = true;
  step.work_items.push_back(std::move(report));
  return step;
}

// An improver has a record as one; whoever is none yet may ask to become one.
void add_person(Database& database, const User& user, std::int64_t now_s) {
  add_user(database, user);
  const std::string email = user.id.substr(user.id.rfind(':') + 1) + "@example.org";
  add_verified_email(database, user.id, email);
  if (!user.has(UserRole::improver)) return;
  const std::size_t space = user.name.find(' ');
  account::Person person{.id = user.id};
  person.improver = account::Improver{.first_name = user.name.substr(0, space),
                                      .last_name = user.name.substr(space + 1),
                                      .email = email,
                                      .primary_rewards_account = "",
                                      .status = "approved",
                                      .created_at = now_s,
                                      .updated_at = now_s};
  store_person(database, {}, person);
}

}  // namespace

std::vector<User> demo_users() {
  return {
      {"did:privy:improver789", "Jane Smith", {UserRole::improver}, {"dpw_certified"}},
      {"did:privy:improver790", "Ana Lopez", {UserRole::improver}, {"dpw_certified"}},
      {"did:privy:improver791", "Wei Chen", {UserRole::improver}, {}},
      {"did:privy:proposer456", "Pat Proposer", {UserRole::proposer}, {}},
      {.id = "did:privy:supervisor123",
       .name = "Sam Supervisor",
       .roles = {UserRole::supervisor},
       .supervisor_title = "DPW Supervisor",
       .supervisor_organization = "Department of Public Works"},
      {"did:privy:voter001", "Val Voter", {UserRole::voter}, {}},
      {"did:privy:admin001", "Alex Admin", {UserRole::admin}, {}},
  };
}

Workflow demo_workflow(std::int64_t number, std::int64_t now_s) {
  Workflow workflow;
  workflow.id = id_of(number, "workflow_abc123", "workflow_demo");
  workflow.series_id = id_of(number, "series_xyz789", "series_demo");
  workflow.proposer_id = "did:privy:proposer456";
  workflow.title = "Weekly Park Cleanup";
  workflow.description = "Remove litter and maintain park grounds";
  workflow.recurrence = "weekly";
  workflow.start_at = now_s - day_s;
  workflow.status = WorkflowStatus::approved;
  workflow.total_bounty = Amount::parse("150000000000000000000").value_or(Amount{});
  workflow.weekly_bounty_requirement = workflow.total_bounty;
  workflow.supervisor_required = true;
  workflow.supervisor_user_id = "did:privy:supervisor123";
  workflow.supervisor_bounty = Amount::parse("50000000000000000000").value_or(Amount{});
  workflow.created_at = now_s - 2 * day_s;
  workflow.updated_at = workflow.created_at;
  workflow.roles.push_back({.id = id_of(number, "role_def456", "role_demo"),
                            .workflow_id = workflow.id,
                            .title = "Park Cleaner",
                            .required_credentials = {"dpw_certified"}});
  workflow.steps = {litter_collection(workflow, number), inspection(workflow, number)};
  return workflow;
}

std::vector<std::string> add_demo_data(Database& database, std::int64_t workflows,
                                       std::int64_t now_s) {
  std::vector<std::string> ids;
  Transaction transaction{database, Transaction::Kind::write};
  for (const User& user : demo_users()) {
    if (!find_user(database, user.id)) add_person(database, user, now_s);
  }
  for (const char* value : {"dpw_certified", "sfluv_verifier"})
    add_credential_type(database, {.value = value, .visibility = account::Visibility::open});
  for (std::int64_t number = 1; number <= workflows; ++number) {
    const Workflow workflow = demo_workflow(number, now_s);
    if (!find_workflow(database, workflow.id)) add_workflow(database, workflow);
    ids.push_back(workflow.id);
  }
  transaction.commit();
  return ids;
}

}  // namespace sfluv::server
