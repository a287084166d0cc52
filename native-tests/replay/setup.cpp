// SPDX-License-Identifier: MIT
#include "setup.h"

#include <algorithm>
#include <cctype>

#include "sfluv/json_writer.h"
#include "sfluv/payout.h"
#include "sfluv/proposal.h"

namespace sfluv::replay {
namespace {

DropdownOption option_of(std::string value, bool requires_text) {
  return {.value = value, .label = value, .requires_written_response = requires_text};
}

// The four kinds of items that recordings use.
WorkItem item_of_kind(std::string_view kind) {
  WorkItem item{.title = std::string{kind}, .optional = kind.starts_with("opt ")};
  if (kind.ends_with("text")) item.requires_written_response = true;
  if (kind.ends_with("photo")) item.requires_photo = true;
  if (kind == "drop") {
    item.requires_dropdown = true;
    item.dropdown_options = {option_of("yes", false), option_of("no", true)};
    item.values_requiring_text = {"no"};
  }
  return item;
}

std::vector<WorkItem> items_of(const json::Value& step, const std::string& step_id) {
  std::vector<WorkItem> items;
  for (const std::string& kind : texts_at(step, "items")) {
    items.push_back(item_of_kind(kind));
    items.back().id = step_id + ".item" + std::to_string(items.size());
  }
  // A completion vector brings whole documents, with ids of their own.
  if (const json::Value* const documents = step.find("work_items")) {
    const std::string workflow = R"({"steps":[{"work_items":)" + canonical(*documents) + "}]}";
    if (auto read = read_workflow(workflow)) items = std::move(read->steps.at(0).work_items);
  }
  std::int64_t order = 0;
  for (WorkItem& item : items) {
    item.step_id = step_id;
    item.item_order = ++order;
  }
  return items;
}

Amount amount_at(const json::Value& object, std::string_view name) {
  return Amount{static_cast<std::uint64_t>(integer_at(object, name))};
}

Step step_of(const json::Value& value, const Workflow& workflow, std::int64_t order) {
  Step step{.id = workflow.id + ".step" + std::to_string(order),
            .workflow_id = workflow.id,
            .step_order = order,
            .bounty = amount_at(value, "bounty"),
            .allow_step_not_possible = flag_at(value, "allow_step_not_possible"),
            .role_id = workflow.id + ".roles." + text_at(value, "role"),
            .status = StepStatus::locked};
  step.work_items = items_of(value, step.id);
  return step;
}

void add_roles_and_steps(Workflow& workflow, const json::Value& value) {
  if (const json::Value* const roles = value.find("roles")) {
    for (const json::Member& role : roles->members) {
      workflow.roles.push_back({.id = workflow.id + ".roles." + role.name,
                                .workflow_id = workflow.id,
                                .title = role.name,
                                .required_credentials = texts_at(*roles, role.name)});
    }
  }
  if (const json::Value* const steps = value.find("steps")) {
    for (const json::Value& step : steps->elements) {
      workflow.steps.push_back(
          step_of(step, workflow, static_cast<std::int64_t>(workflow.steps.size()) + 1));
    }
  }
}

NewWorkflow workflow_of(const json::Value& value, std::int64_t t0_s) {
  Workflow workflow{
      .id = text_at(value, "id"),
      .series_id = text_at(value, "series"),
      .proposer_id = text_at(value, "proposer"),
      .title = text_at(value, "id"),
      .recurrence = text_at(value, "recurrence"),
      .start_at = t0_s + integer_at(value, "start"),
      .status = flag_at(value, "approved") ? WorkflowStatus::approved : WorkflowStatus::pending,
      .supervisor_bounty = amount_at(value, "supervisor_bounty"),
      .created_at = t0_s + integer_at(value, "created")};
  workflow.updated_at = workflow.created_at;
  const std::string supervisor = text_at(value, "supervisor");
  workflow.supervisor_required = !supervisor.empty();
  if (!supervisor.empty()) workflow.supervisor_user_id = supervisor;
  add_roles_and_steps(workflow, value);
  workflow.total_bounty = workflow.supervisor_bounty;
  for (const Step& step : workflow.steps)
    workflow.total_bounty = *workflow.total_bounty.plus(step.bounty);
  workflow.weekly_bounty_requirement =
      *weekly_requirement(workflow.total_bounty, workflow.recurrence);
  NewWorkflow made{.workflow = std::move(workflow), .recurrence_end_at = {}};
  const json::Value* const end = value.find("recurrence_end");
  if (end != nullptr && end->kind == json::Kind::number)
    made.recurrence_end_at = t0_s + integer_at(value, "recurrence_end");
  return made;
}

std::string text_or(const json::Value& object, std::string_view name, std::string otherwise) {
  std::string text = text_at(object, name);
  return text.empty() ? std::move(otherwise) : text;
}

// Somebody with the role of an improver has a record; `improver_record` is one without the role.
account::Person self_of(const std::string& name, const json::Value& value, bool is_improver) {
  account::Person self{.id = name, .verified_emails = texts_at(value, "verified_emails")};
  const std::string record = text_at(value, "improver_record");
  if (is_improver || !record.empty()) {
    self.improver = account::Improver{
        .status = is_improver ? text_or(value, "improver_status", "approved") : record};
  }
  return self;
}

// The types of the scenarios, where a setup names no others.
std::vector<account::CredentialType> credential_types_of(const json::Value* types) {
  using enum account::Visibility;
  if (types == nullptr)
    return {{"c1", open}, {"c2", open}, {"c3", open}, {"priv", closed}, {"hid", unlisted}};
  std::vector<account::CredentialType> all;
  for (const json::Member& type : types->members)
    all.push_back({type.name, account::visibility_from(type.value.text).value_or(open)});
  return all;
}

Person person_of(const std::string& name, const json::Value& value) {
  const auto roles = texts_at(value, "roles");
  const auto has = [&](std::string_view role) {
    return std::ranges::find(roles, role) != roles.end();
  };
  return {.name = name,
          .account = {.is_active = !flag_at(value, "inactive"),
                      .policy_accepted = !flag_at(value, "policy_not_accepted"),
                      .is_improver = has("improver"),
                      .is_proposer = has("proposer"),
                      .is_voter = has("voter"),
                      .is_supervisor = has("supervisor"),
                      .is_admin = has("admin")},
          .credentials = texts_at(value, "credentials"),
          .has_wallet = !flag_at(value, "no_wallet"),
          .self = self_of(name, value, has("improver")),
          .proposer_status = text_or(value, "proposer_status", "approved"),
          .supervisor_status = text_or(value, "supervisor_status", "approved")};
}

StagedPhoto staged_photo_of(const json::Value& value) {
  return {.owner = text_at(value, "owner"),
          .photo = {.id = text_at(value, "id"),
                    .workflow_id = text_at(value, "workflow"),
                    .step_id = text_at(value, "step"),
                    .item_id = text_at(value, "item_id"),
                    .submission_id = "",
                    .file_name = "u.jpg",
                    .content_type = "image/jpeg",
                    .size_bytes = 3}};
}

bool is_symbol(std::string_view text) {
  constexpr std::string_view extra = "@._-";
  return !text.empty() && std::ranges::all_of(text, [&](unsigned char c) {
    return std::isalnum(c) != 0 || extra.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

template <class Known>
Known status_named(std::string_view name, Known last) {
  for (int i = 0; i <= static_cast<int>(last); ++i) {
    if (to_string(static_cast<Known>(i)) == name) return static_cast<Known>(i);
  }
  return Known{};
}

std::optional<std::string> text_or_nothing(const json::Value& value) {
  return value.kind == json::Kind::null ? std::nullopt : std::optional{value.text};
}

// Each gives false for a member that it does not know: what is not set would be judged as if it were.
bool edit(Workflow& workflow, const json::Member& member) {
  if (member.name != "status") return false;
  workflow.status = status_named(member.value.text, WorkflowStatus::failed);
  return true;
}

bool edit(Step& step, const json::Member& member) {
  if (member.name == "status") {
    step.status = status_named(member.value.text, StepStatus::paid_out);
  } else if (member.name == "assigned") {
    step.assigned_improver_id = text_or_nothing(member.value);
  } else if (member.name == "role" && member.value.kind == json::Kind::null) {
    step.role_id.reset();
  } else {
    return false;
  }
  return true;
}

bool edit(Role& role, const json::Member& member) {
  if (member.name != "required_credentials") return false;
  role.required_credentials.clear();
  for (const json::Value& credential : member.value.elements)
    role.required_credentials.push_back(credential.text);
  return true;
}

template <class Row>
bool edit_all(Row& row, const json::Value& set) {
  return std::ranges::all_of(set.members,
                             [&](const json::Member& member) { return edit(row, member); });
}

bool edit_in(Workflow& workflow, const std::string& id, const json::Value& set) {
  if (workflow.id == id) return edit_all(workflow, set);
  if (Step* const step = workflow.find_step(id)) return edit_all(*step, set);
  const auto role = std::ranges::find(workflow.roles, id, &Role::id);
  return role != workflow.roles.end() && edit_all(*role, set);
}

// [workflow status, step, step, ...]
std::string compact(const Workflow& workflow, std::int64_t t0_s) {
  JsonWriter out;
  const auto moment = [&](const std::optional<std::int64_t>& at_s) {
    at_s ? out.number(*at_s - t0_s) : out.null();
  };
  out.begin_array().string(workflow.status.text);
  for (const Step& step : workflow.steps) {
    out.begin_array().string(step.status.text);
    step.assigned_improver_id ? out.string(*step.assigned_improver_id) : out.null();
    moment(step.started_at);
    moment(step.completed_at);
    out.number(step.submission ? 1 : 0);
    if (step.payout_error) out.string(to_string(payout_outcome_from(*step.payout_error)));
    out.end_array();
  }
  out.end_array();
  return out.take();
}

// A work item as recordings keep it: of its options no count of 0.
void write_created(JsonWriter& out, const json::Value& item) {
  out.begin_object();
  for (const std::string_view name :
       {"photo_required_count", "photo_allow_any_count", "photo_aspect_ratio",
        "camera_capture_only", "dropdown_requires_written_response"}) {
    out.key(name).raw(canonical(*item.find(name)));
  }
  out.key("dropdown_options").begin_array();
  for (json::Value option : item.find("dropdown_options")->elements) {
    std::erase_if(option.members, [](const json::Member& member) {
      return member.name == "notify_email_count" && member.value.text == "0";
    });
    out.raw(canonical(option));
  }
  out.end_array().end_object();
}

// The engine names what it makes after its kind; a setup's names do not look like that.
bool is_generated(std::string_view workflow_id) { return workflow_id.starts_with("workflow_"); }
bool is_fresh_photo(std::string_view photo_id) { return photo_id.starts_with("photo_"); }

}  // namespace

Setup read_setup(const json::Value& value) {
  Setup setup{.t0_s = integer_at(value, "t0"), .payouts = text_at(value, "payouts")};
  const json::Value nothing;
  const auto at = [&](std::string_view name) -> const json::Value& {
    const json::Value* const found = value.find(name);
    return found == nullptr ? nothing : *found;
  };
  setup.credential_types = credential_types_of(value.find("credential_types"));
  if (value.find("unallocated_funds") != nullptr)
    setup.unallocated_funds = amount_at(value, "unallocated_funds");
  for (const json::Member& member : at("users").members)
    setup.people.push_back(person_of(member.name, member.value));
  for (const json::Value& one : at("workflows").elements)
    setup.workflows.push_back(workflow_of(one, setup.t0_s));
  std::ranges::stable_sort(setup.workflows, {},
                           [](const NewWorkflow& made) { return made.workflow.created_at; });
  for (const json::Value& one : at("staged_photos").elements)
    setup.staged_photos.push_back(staged_photo_of(one));
  for (const json::Value& one : at("edits").elements) {
    if (const json::Value* const rows = one.find("set")) setup.edits.push_back(rows);
  }
  return setup;
}

std::string name_of(std::string_view workflow_id, std::string_view series_id, std::int64_t start_at,
                    std::int64_t t0_s) {
  if (!is_generated(workflow_id)) return std::string{workflow_id};
  return std::string{series_id} + "@" + std::to_string(start_at - t0_s);
}

std::map<std::string, std::string> generated_ids(std::span<const Series> series,
                                                 std::int64_t t0_s) {
  std::map<std::string, std::string> ids;
  for (const Series& one : series) {
    for (const Workflow& workflow : one.occurrences) {
      if (!is_generated(workflow.id)) continue;
      const std::string name = name_of(workflow.id, one.id, workflow.start_at, t0_s);
      ids[name] = workflow.id;
      for (const Step& step : workflow.steps) {
        const std::string step_name = name + ".step" + std::to_string(step.step_order);
        ids[step_name] = step.id;
        for (const WorkItem& item : step.work_items)
          ids[step_name + ".item" + std::to_string(item.item_order)] = item.id;
      }
    }
  }
  return ids;
}

std::string resolve(std::string_view symbol, const std::map<std::string, std::string>& ids) {
  const std::string whole{symbol};
  if (const auto known = ids.find(whole); known != ids.end()) return known->second;
  return whole.find('@') == std::string::npos ? whole : "unknown-" + whole;
}

std::string with_ids(std::string_view text, const std::map<std::string, std::string>& ids) {
  std::string out;
  while (!text.empty()) {
    const std::size_t open = std::min(text.find('{'), text.size());
    out += text.substr(0, open);
    text.remove_prefix(open);
    if (text.empty()) break;
    const std::size_t close = text.find('}');
    if (close != std::string_view::npos && is_symbol(text.substr(1, close - 1))) {
      out += resolve(text.substr(1, close - 1), ids);
      text.remove_prefix(close + 1);
    } else {
      out += text.front();
      text.remove_prefix(1);
    }
  }
  return out;
}

State state_of(std::span<const Series> series, std::int64_t t0_s) {
  State state;
  for (const Series& one : series) {
    for (const Workflow& workflow : one.occurrences)
      state[name_of(workflow.id, one.id, workflow.start_at, t0_s)] = compact(workflow, t0_s);
  }
  return state;
}

std::string stored_json(const Submission& submission) {
  JsonWriter out;
  out.begin_object().key("item_responses").begin_array();
  for (const ItemResponse& response : submission.item_responses) {
    out.begin_object();
    if (!response.dropdown_value.empty()) out.key("dropdown_value").string(response.dropdown_value);
    out.key("item_id").string(response.item_id);
    if (!response.photo_ids.empty()) {
      out.key("photo_ids").begin_array();
      for (const std::string& id : response.photo_ids)
        out.string(is_fresh_photo(id) ? "<new>" : id);
      out.end_array();
    }
    if (!response.written_response.empty())
      out.key("written_response").string(response.written_response);
    out.end_object();
  }
  out.end_array().key("photos").begin_array();
  for (const ItemResponse& response : submission.item_responses) {
    for (const SubmissionPhoto& photo : response.photos) {
      out.begin_object().key("content_type").string(photo.content_type);
      out.key("file_name").string(photo.file_name).key("item_id").string(photo.item_id);
      out.key("size_bytes").number(photo.size_bytes).end_object();
    }
  }
  out.end_array().end_object();
  return out.take();
}

std::string created_json(const Workflow& workflow) {
  const auto document =
      json::parse(write_workflow(workflow, AmountStyle::number), Code::document_not_readable);
  if (!document) return "";
  JsonWriter out;
  out.begin_object();
  for (const std::string_view name :
       {"title", "recurrence", "start_at", "recurrence_end_at", "status", "total_bounty",
        "weekly_bounty_requirement", "supervisor_required", "supervisor_bounty"}) {
    const json::Value* const value = document->find(name);
    out.key(name).raw(value == nullptr ? "null" : canonical(*value));
  }
  out.key("step_statuses").begin_array();
  for (const Step& step : workflow.steps) out.string(step.status.text);
  out.end_array().key("role_credentials").begin_array();
  for (const Role& role : workflow.roles) {
    out.begin_array();
    for (const std::string& credential : role.required_credentials) out.string(credential);
    out.end_array();
  }
  out.end_array().key("work_items").begin_array();
  for (const json::Value& step : document->find("steps")->elements) {
    out.begin_array();
    for (const json::Value& item : step.find("work_items")->elements) write_created(out, item);
    out.end_array();
  }
  out.end_array().end_object();
  return out.take();
}

std::string votes_json(const WorkflowVotes& votes, std::int64_t t0_s) {
  JsonWriter out;
  const auto moment = [&](const char* name, const std::optional<std::int64_t>& at_s) {
    out.key(name);
    at_s ? out.number(*at_s - t0_s) : out.null();
  };
  const auto text = [&](const char* name, const std::optional<std::string>& value) {
    out.key(name);
    value ? out.string(*value) : out.null();
  };
  out.begin_object().key("approve").number(votes.approve).key("deny").number(votes.deny);
  out.key("votes_cast").number(votes.votes_cast).key("total_voters").number(votes.total_voters);
  out.key("quorum_reached").boolean(votes.quorum_reached);
  out.key("quorum_threshold").number(votes.quorum_threshold);
  moment("quorum_reached_at", votes.quorum_reached_at);
  moment("finalize_at", votes.finalize_at);
  moment("finalized_at", votes.finalized_at);
  text("decision", votes.decision);
  text("my_decision", votes.my_decision);
  out.end_object();
  return out.take();
}

std::string absence_json(const Absence& absence, std::int64_t t0_s) {
  JsonWriter out;
  out.begin_object().key("series").string(absence.series_id);
  out.key("step_order").number(absence.step_order);
  out.key("from").number(absence.absent_from - t0_s);
  out.key("until").number(absence.absent_until - t0_s).end_object();
  return out.take();
}

std::optional<std::string> edit_row(std::span<Series> series, const std::string& name,
                                    const json::Value& set,
                                    const std::map<std::string, std::string>& ids) {
  const std::string id = resolve(name, ids);
  for (Series& one : series) {
    for (Workflow& workflow : one.occurrences) {
      if (edit_in(workflow, id, set)) return workflow.id;
    }
  }
  return std::nullopt;
}

}  // namespace sfluv::replay
