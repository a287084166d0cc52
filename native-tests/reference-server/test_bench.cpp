// SPDX-License-Identifier: MIT
#include "test_bench.h"

#include <algorithm>
#include <array>
#include <exception>
#include <optional>
#include <span>
#include <vector>

#include "sfluv/digest.h"
#include "sfluv/json_writer.h"

#include "acting.h"
#include "answer.h"
#include "demo_data.h"
#include "entropy.h"
#include "jwt.h"
#include "keeping_up.h"
#include "replay/setup.h"
#include "store.h"

namespace sfluv::server {
namespace {

constexpr std::string_view prefix = "/test/";
constexpr std::int64_t day_s = 24 * 3600;
constexpr std::int64_t token_ttl_s = 100 * 365 * day_s;  // a test moves the clock as it likes
constexpr std::int64_t workflows_max = 1'000'000;

void answer(Exchange& exchange, JsonWriter& out) {
  answer_json(exchange.response, out.take() + '\n');
}

void answer_nothing(Exchange& exchange) { answer_json(exchange.response, "{}\n"); }

void refuse(Exchange& exchange) { answer_error(exchange.response, 400, "bad_settings"); }

// An object; an empty body is an empty one.
std::optional<json::Value> settings_of(Exchange& exchange) {
  std::string body;
  if (exchange.body.read(body) != BodySource::Result::whole) return std::nullopt;
  auto settings = json::parse(body.empty() ? "{}" : body, Code::document_not_readable);
  if (!settings || settings->kind != json::Kind::object) return std::nullopt;
  return *std::move(settings);
}

std::vector<UserRole> roles_of(const Account& account) {
  std::vector<UserRole> roles;
  const auto add = [&](bool has, UserRole role) {
    if (has) roles.push_back(role);
  };
  add(account.is_improver, UserRole::improver);
  add(account.is_proposer, UserRole::proposer);
  add(account.is_supervisor, UserRole::supervisor);
  add(account.is_voter, UserRole::voter);
  add(account.is_admin, UserRole::admin);
  return roles;
}

User user_of(const replay::Person& person) {
  return {.id = person.name,
          .name = person.name,
          .roles = roles_of(person.account),
          .credentials = person.credentials,
          .is_active = person.account.is_active,
          .policy_accepted = person.account.policy_accepted,
          .has_wallet = person.has_wallet,
          .proposer_status = person.proposer_status,
          .supervisor_status = person.supervisor_status,
          .supervisor_title = {},
          .supervisor_organization = {}};
}

void add_person(Database& database, const replay::Person& person) {
  add_user(database, user_of(person));
  for (const std::string& email : person.self.verified_emails)
    add_verified_email(database, person.name, email);
  store_person(database, {}, person.self);
}

// Work that needs no vote is approved as it is proposed (rulebook B3).
void add_proposal(Database& database, const replay::NewWorkflow& made, const Profile& profile,
                  std::int64_t now_s) {
  add_workflow(database, made.workflow, made.recurrence_end_at);
  if (made.workflow.status != WorkflowStatus::pending || !needs_no_vote(made.workflow)) return;
  const Series before = find_series(database, made.workflow.series_id).value_or(Series{});
  Series after = before;
  Delta delta;
  approve(after, *after.find(made.workflow.id), to_string(Choice::approve), std::nullopt, profile,
          now_s, delta);
  store_changes(database, before, after, delta);
}

// What somebody does for which no endpoint is documented.
std::optional<Deed> deed_of(const json::Value& settings) {
  const auto text = [&](std::string_view name) { return replay::text_at(settings, name); };
  const std::string name = text("deed");
  const std::string workflow = text("workflow");
  if (name == "approve") return Deed{.action = engine::ApproveAsAdmin{workflow}, .id = workflow};
  if (name == "supervisor_payout") {
    return Deed{.action = engine::Action{engine::RequestSupervisorPayout{workflow}},
                .id = workflow};
  }
  if (name == "propose_deletion") {
    return Deed{.action = engine::ProposeDeletion{{.workflow_id = workflow,
                                                   .whole_series =
                                                       replay::flag_at(settings, "whole_series"),
                                                   .reason = text("reason")}},
                .id = workflow};
  }
  if (name != "vote_on_deletion") return std::nullopt;
  return Deed{.action = engine::VoteOnDeletion{text("deletion"), {text("decision")}},
              .find = find_series_of_deletion,
              .id = text("deletion")};
}

// A profile by name with some of its switches set otherwise.
std::optional<Profile> profile_of(const json::Value& settings) {
  auto profile = profile_from(replay::text_at(settings, "name"));
  if (!profile) return std::nullopt;
  for (const Switch& one : profile_switches()) {
    if (settings.find(one.name) != nullptr)
      (*profile).*one.value = replay::flag_at(settings, one.name);
  }
  return profile;
}

void write(JsonWriter& out, const PhotoRecord& record) {
  const SubmissionPhoto& photo = record.photo;
  const std::span data{reinterpret_cast<const std::uint8_t*>(record.bytes.data()),
                       record.bytes.size()};
  out.begin_object().key("id").string(photo.id).key("step_id").string(photo.step_id);
  out.key("item_id").string(photo.item_id).key("submission_id").string(photo.submission_id);
  out.key("file_name").string(photo.file_name).key("content_type").string(photo.content_type);
  // Of the bytes as they lie there, not as they were announced.
  out.key("size_bytes").number(static_cast<std::int64_t>(data.size()));
  out.key("sha256").string(hex(sha256(data))).end_object();
}

void write(JsonWriter& out, const engine::Mail& mail) {
  const bool is_alert = mail.kind == engine::Mail::Kind::option_chosen;
  out.begin_object().key("kind").string(is_alert ? "option_chosen" : "step_available");
  out.key("to").string(is_alert ? mail.address : mail.user_id);
  out.key("workflow_id").string(mail.workflow_id).key("step_id").string(mail.step_id);
  if (is_alert) {
    out.key("item_id").string(mail.item_id);
    out.key("dropdown_value").string(mail.dropdown_value);
  }
  out.end_object();
}

void write(JsonWriter& out, const MemoryFaucet::Entry& entry) {
  out.begin_object().key("workflow_id").string(entry.payout.workflow_id);
  out.key("step_id").string(entry.payout.step_id).key("user_id").string(entry.payout.user_id);
  out.key("amount").string(entry.payout.amount.to_string());
  out.key("outcome").string(to_string(entry.outcome)).end_object();
}

}  // namespace

bool TestBench::serves(std::string_view path) { return path.starts_with(prefix); }

void TestBench::handle(Exchange& exchange) {
  // A page that somebody has open must not be able to reset the server behind his back.
  if (exchange.request.has_header("Origin"))
    return answer_error(exchange.response, 403, "not_for_pages");
  try {
    respond(exchange);
  } catch (const std::exception& error) {
    answer_error(exchange.response, 500, error.what());
  }
}

void TestBench::respond(Exchange& exchange) {
  struct Row {
    std::string_view method;
    std::string_view name;
    void (TestBench::*answer)(Exchange&);
  };
  static constexpr std::array rows = {
      Row{"POST", "setup", &TestBench::setup},      Row{"POST", "clock", &TestBench::clock},
      Row{"POST", "edit", &TestBench::edit},        Row{"GET", "state", &TestBench::state},
      Row{"POST", "profile", &TestBench::profile},  Row{"POST", "mark", &TestBench::mark},
      Row{"POST", "return", &TestBench::go_back},   Row{"GET", "token", &TestBench::token},
      Row{"POST", "seed", &TestBench::seed},        Row{"POST", "fault", &TestBench::fault},
      Row{"POST", "faucet", &TestBench::faucet},    Row{"POST", "reset", &TestBench::reset},
      Row{"POST", "deed", &TestBench::deed},        Row{"GET", "record", &TestBench::record},
      Row{"GET", "requests", &TestBench::requests}, Row{"GET", "transfers", &TestBench::transfers},
      Row{"GET", "mails", &TestBench::mails},
  };
  const std::string_view path = exchange.request.path;
  const auto row = std::ranges::find_if(rows, [&](const Row& one) {
    return one.method == exchange.request.method && path.starts_with(prefix) &&
           path.substr(prefix.size()) == one.name;
  });
  if (row == rows.end()) return answer_error(exchange.response, 404, "path_not_found");
  const std::lock_guard lock{mutex_};
  (this->*row->answer)(exchange);
}

void TestBench::forget_everything() {
  {
    auto database = parts_.services.databases.lease();
    Transaction transaction{*database, Transaction::Kind::write};
    delete_everything(*database);
    transaction.commit();
  }
  parts_.faucet.forget();
  parts_.faucet.behave({});
  parts_.mailbox.forget();
}

void TestBench::keep_up() {
  auto database = parts_.services.databases.lease();
  (void)all_current_series(parts_.services, *database);
}

void TestBench::setup(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  if (!settings) return refuse(exchange);
  const replay::Setup setup = replay::read_setup(*settings);
  const auto mode = faucet_mode_from(setup.payouts);
  if (!mode) return refuse(exchange);
  forget_everything();
  parts_.faucet.behave({.mode = *mode, .balance = setup.unallocated_funds});
  t0_s_ = setup.t0_s;
  {
    auto database = parts_.services.databases.lease();
    Transaction transaction{*database, Transaction::Kind::write};
    for (const replay::Person& person : setup.people) add_person(*database, person);
    for (const account::CredentialType& type : setup.credential_types)
      add_credential_type(*database, type);
    transaction.commit();
  }
  for (const replay::NewWorkflow& made : setup.workflows) {
    parts_.services.settings.freeze_clock(made.workflow.created_at);
    keep_up();
    auto database = parts_.services.databases.lease();
    Transaction transaction{*database, Transaction::Kind::write};
    add_proposal(*database, made, parts_.services.settings.profile(), made.workflow.created_at);
    transaction.commit();
  }
  keep_up();
  auto database = parts_.services.databases.lease();
  Transaction transaction{*database, Transaction::Kind::write};
  constexpr std::array<std::uint8_t, 3> bytes{0xFF, 0xD8, 0xFF};
  for (const replay::StagedPhoto& staged : setup.staged_photos) {
    add_staged_photo(*database,
                     {.photo = staged.photo, .improver_id = staged.owner, .upload_id = ""}, bytes);
  }
  transaction.commit();
  const bool all_known =
      std::ranges::all_of(setup.edits, [&](const json::Value* rows) { return edit_rows(*rows); });
  all_known ? answer_nothing(exchange) : refuse(exchange);
}

void TestBench::clock(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  if (!settings || settings->find("at") == nullptr) return refuse(exchange);
  parts_.services.settings.freeze_clock(t0_s_ + replay::integer_at(*settings, "at"));
  state(exchange);
}

bool TestBench::edit_rows(const json::Value& rows) {
  bool all_known = true;
  auto database = parts_.services.databases.lease();
  Transaction transaction{*database, Transaction::Kind::write};
  for (const json::Member& row : rows.members) {
    const std::string user = replay::text_at(row.value, "user");
    if (row.name == "payouts") {
      const auto mode = faucet_mode_from(row.value.text);
      if (mode) parts_.faucet.behave({.mode = *mode, .balance = parts_.faucet.balance()});
      all_known &= mode.has_value();
    } else if (row.name == "credential") {
      add_credential(*database, user, replay::text_at(row.value, "type"));
    } else if (row.name == "credential_request") {
      resolve_credential_request(*database, user, replay::text_at(row.value, "type"),
                                 replay::text_at(row.value, "status"),
                                 parts_.services.settings.now_s());
    } else if (row.name == "wallet") {
      give_wallet(*database, user);
    } else {
      const std::vector<Series> before = all_series(*database);
      std::vector<Series> after = before;
      const auto ids = replay::generated_ids(before, t0_s_);
      const auto edited = replay::edit_row(after, row.name, row.value, ids);
      all_known &= edited.has_value();
      for (std::size_t i = 0; edited && i < after.size(); ++i) {
        const Workflow* const workflow = after[i].find(*edited);
        if (workflow == nullptr) continue;
        store_changes(*database, before[i], after[i], {.changed = {*edited}, .removed = {}});
        replace_role_credentials(*database, *workflow);
      }
    }
  }
  transaction.commit();
  return all_known;
}

void TestBench::edit(Exchange& exchange) {
  const auto rows = settings_of(exchange);
  if (!rows || !edit_rows(*rows)) return refuse(exchange);
  answer_nothing(exchange);
}

void TestBench::state(Exchange& exchange) {
  auto database = parts_.services.databases.lease();
  const auto all = all_current_series(parts_.services, *database);
  JsonWriter out;
  out.begin_object().key("state").begin_object();
  for (const auto& [name, compact] : replay::state_of(all, t0_s_)) out.key(name).raw(compact);
  out.end_object().key("ids").begin_object();
  for (const auto& [symbol, id] : replay::generated_ids(all, t0_s_)) out.key(symbol).string(id);
  out.end_object().end_object();
  answer(exchange, out);
}

void TestBench::profile(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  const auto profile = settings ? profile_of(*settings) : std::nullopt;
  if (!profile) return refuse(exchange);
  parts_.services.settings.set_profile(*profile);
  answer_nothing(exchange);
}

void TestBench::mark(Exchange& exchange) {
  auto database = parts_.services.databases.lease();
  if (marked_ == nullptr) marked_ = std::make_unique<Database>(":memory:");
  (*database).copy_to(*marked_);
  answer_nothing(exchange);
}

void TestBench::go_back(Exchange& exchange) {
  if (marked_ == nullptr) return refuse(exchange);
  auto database = parts_.services.databases.lease();
  marked_->copy_to(*database);
  answer_nothing(exchange);
}

std::string TestBench::token_for(const std::string& user_id) const {
  return sign_token(user_id, parts_.secret, parts_.services.settings.now_s(), token_ttl_s);
}

void TestBench::token(Exchange& exchange) {
  JsonWriter out;
  out.begin_object().key("token").string(token_for(exchange.request.get_param_value("user")));
  out.end_object();
  answer(exchange, out);
}

void TestBench::deed(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  if (!settings) return refuse(exchange);
  auto database = parts_.services.databases.lease();
  const auto user = find_user(*database, replay::text_at(*settings, "user"));
  const std::string name = replay::text_at(*settings, "deed");
  const std::string person_id = replay::text_at(*settings, "person");
  const std::int64_t now_s = parts_.services.settings.now_s();
  if (!user) return refuse(exchange);
  if (name == "approve_improver") {
    const account::Person before = find_person(*database, person_id);
    const auto after = account::apply(before,
                                      {.profile = parts_.services.settings.profile(),
                                       .caller_is_admin = user->has(UserRole::admin),
                                       .credential_types = {},
                                       .new_ids = random_text()},
                                      account::ApproveImprover{}, now_s);
    if (!after) return answer_issues(exchange.response, 409, after.error());
    store_person(*database, before, *after);
    return answer_nothing(exchange);
  }
  if (name == "resolve_credential_request") {
    resolve_credential_request(*database, person_id, replay::text_at(*settings, "type"),
                               replay::text_at(*settings, "status"), now_s);
    return answer_nothing(exchange);
  }
  const auto deed = deed_of(*settings);
  if (!deed) return refuse(exchange);
  const auto done = act(parts_.services, *user, *deed);
  if (!done) return answer_issues(exchange.response, 409, done.error());
  JsonWriter out;
  out.begin_object().key("id").string(done->created_id).end_object();
  answer(exchange, out);
}

void TestBench::seed(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  if (!settings) return refuse(exchange);
  const bool is_given = settings->find("workflows") != nullptr;
  const std::int64_t workflows = is_given ? replay::integer_at(*settings, "workflows") : 1;
  if (workflows < 1 || workflows > workflows_max) return refuse(exchange);
  auto database = parts_.services.databases.lease();
  JsonWriter out;
  out.begin_object().key("workflows").begin_array();
  for (const std::string& id :
       add_demo_data(*database, workflows, parts_.services.settings.now_s()))
    out.string(id);
  out.end_array().key("tokens").begin_object();
  for (const User& user : demo_users()) out.key(user.id).string(token_for(user.id));
  out.end_object().end_object();
  answer(exchange, out);
}

void TestBench::fault(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  if (!settings) return refuse(exchange);
  const auto mode = fault_mode_from_string(replay::text_at(*settings, "mode"));
  if (!mode) return refuse(exchange);
  parts_.faults.set({.mode = *mode,
                     .ms = replay::integer_at(*settings, "ms"),
                     .times = replay::integer_at(*settings, "times"),
                     .path_contains = replay::text_at(*settings, "path_contains")});
  parts_.listen(*mode != FaultMode::refuse);
  JsonWriter out;
  out.begin_object().key("mode").string(to_string(*mode)).end_object();
  answer(exchange, out);
}

void TestBench::faucet(Exchange& exchange) {
  const auto settings = settings_of(exchange);
  if (!settings) return refuse(exchange);
  const auto mode = faucet_mode_from(replay::text_at(*settings, "mode"));
  if (!mode) return refuse(exchange);
  MemoryFaucet::Behaviour behaviour{.mode = *mode, .delay_ms = replay::integer_at(*settings, "ms")};
  if (*mode == FaucetMode::none) behaviour.balance.reset();
  if (const auto given = Amount::parse(replay::text_at(*settings, "balance")))
    behaviour.balance = *given;
  parts_.faucet.behave(behaviour);
  answer_nothing(exchange);
}

void TestBench::reset(Exchange& exchange) {
  forget_everything();
  parts_.services.settings.reset();
  parts_.faults.set({});
  parts_.listen(true);
  parts_.log.clear();
  answer_nothing(exchange);
}

void TestBench::record(Exchange& exchange) {
  auto database = parts_.services.databases.lease();
  const Transaction transaction{*database, Transaction::Kind::read};
  const auto workflow = find_workflow(*database, exchange.request.get_param_value("workflow"));
  if (!workflow) return answer_error(exchange.response, 404, "not_found");
  JsonWriter out;
  out.begin_object().key("workflow").raw(write_workflow(*workflow, AmountStyle::number));
  out.key("photos").begin_array();
  for (const PhotoRecord& one : photos_of_workflow(*database, workflow->id)) write(out, one);
  out.end_array().end_object();
  answer(exchange, out);
}

void TestBench::requests(Exchange& exchange) {
  auto database = parts_.services.databases.lease();
  JsonWriter out;
  out.begin_object().key("requests").raw(parts_.log.to_json());
  out.key("submissions").number(count_submissions(*database)).end_object();
  answer(exchange, out);
}

void TestBench::transfers(Exchange& exchange) {
  JsonWriter out;
  out.begin_object().key("transfers").begin_array();
  for (const MemoryFaucet::Entry& entry : parts_.faucet.book()) write(out, entry);
  out.end_array().end_object();
  answer(exchange, out);
}

void TestBench::mails(Exchange& exchange) {
  JsonWriter out;
  out.begin_object().key("mails").begin_array();
  for (const engine::Mail& mail : parts_.mailbox.sent()) write(out, mail);
  out.end_array().end_object();
  answer(exchange, out);
}

}  // namespace sfluv::server
