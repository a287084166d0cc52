// SPDX-License-Identifier: MIT
// Random lives of a series: whatever people try, in whichever order, these things hold.
#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>

#include "sfluv/api_engine.h"
#include "sfluv/calendar.h"
#include "sfluv/discovery.h"
#include "sfluv/json_writer.h"

#include "dice.h"
#include "series_fixture.h"

namespace sfluv::engine {
namespace {

using namespace fixture;

Amount total_of(const Workflow& workflow) {
  Amount total = workflow.supervisor_bounty;
  for (const Step& step : workflow.steps) total = *total.plus(step.bounty);
  return total;
}

void expect_sound(const Workflow& workflow, const Profile& profile) {
  EXPECT_EQ(total_of(workflow), workflow.total_bounty);
  std::map<std::string, std::string> role_of_person;
  bool all_done = true;
  for (std::size_t i = 0; i < workflow.steps.size(); ++i) {
    const Step& step = workflow.steps[i];
    EXPECT_EQ(step.step_order, static_cast<std::int64_t>(i) + 1);
    all_done &= is_done(step);
    // Nobody works on a step before the one in front of it is done.
    if (i > 0 && step.status != StepStatus::locked) {
      EXPECT_TRUE(is_done(workflow.steps[i - 1]));
    }
    if (is_done(step)) {
      EXPECT_TRUE(step.completed_at && step.started_at);
    }
    if (is_done(step) && !profile.not_possible_closes_workflow) {
      EXPECT_TRUE(step.submission);
    }
    if (step.submission) {
      EXPECT_EQ(step.submission->improver_id, step.assigned_improver_id);
    }
    if (step.status == StepStatus::in_progress) {
      EXPECT_TRUE(step.assigned_improver_id);
    }
    if (step.status == StepStatus::paid_out) {
      EXPECT_FALSE(step.payout_error);
    }
    if (!step.assigned_improver_id) continue;
    EXPECT_NE(*step.assigned_improver_id, workflow.supervisor_user_id);
    const auto [known, is_new] = role_of_person.emplace(*step.assigned_improver_id, *step.role_id);
    EXPECT_TRUE(is_new || known->second == *step.role_id) << "two roles for " << known->first;
  }
  if (workflow.status == WorkflowStatus::completed) {
    EXPECT_TRUE(all_done);
  }
  if (workflow.status == WorkflowStatus::paid_out) {
    for (const Step& step : workflow.steps) EXPECT_EQ(step.status, StepStatus::paid_out);
    EXPECT_TRUE(workflow.supervisor_paid_out_at || workflow.supervisor_bounty == Amount{});
  }
  EXPECT_EQ(workflow.is_start_blocked, workflow.status == WorkflowStatus::blocked);
}

// What was done stays done, and by whom.
void expect_no_way_back(const Series& before, const Series& after) {
  for (const Workflow& old : before.occurrences) {
    const Workflow* const now = after.find(old.id);
    if (now == nullptr) {
      for (const Step& step : old.steps) EXPECT_TRUE(is_open(step) && !step.assigned_improver_id);
      continue;
    }
    for (const Step& step : old.steps) {
      const Step& later = *now->find_step(step.id);
      EXPECT_GE(later.status.known, step.status.known);
      if (!is_open(step)) {
        EXPECT_EQ(later.assigned_improver_id, step.assigned_improver_id);
      }
      // One assignee: nobody is put in the place of somebody else.
      if (step.assigned_improver_id && later.assigned_improver_id) {
        EXPECT_EQ(later.assigned_improver_id, step.assigned_improver_id);
      }
    }
  }
}

void expect_sound(const Series& series, const Profile& profile) {
  for (const Workflow& workflow : series.occurrences) expect_sound(workflow, profile);
  for (std::size_t i = 0; i < series.occurrences.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      EXPECT_NE(series.occurrences[i].id, series.occurrences[k].id);
      EXPECT_NE(series.occurrences[i].start_at, series.occurrences[k].start_at);
    }
  }
  for (std::size_t i = 0; i < series.absences.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      const Absence& a = series.absences[i];
      const Absence& b = series.absences[k];
      if (a.improver_id != b.improver_id || a.step_order != b.step_order) continue;
      EXPECT_TRUE(a.absent_until <= b.absent_from || b.absent_until <= a.absent_from);
    }
  }
}

// The action as the facade takes it.
struct ActionText {
  JsonWriter& out;

  void operator()(const Claim& action) const { step("claim", action.step); }
  void operator()(const Start& action) const { step("start", action.step); }
  void operator()(const RequestPayout& action) const { step("payout_request", action.step); }
  void operator()(const Complete& action) const {
    step("complete", action.step);
    out.key("request").begin_object();
    out.key("step_not_possible").boolean(action.request.step_not_possible);
    out.key("step_not_possible_details").string(action.request.step_not_possible_details);
    out.key("items").begin_array();
    for (const ItemAnswer& item : action.request.items) {
      out.begin_object().key("item_id").string(item.item_id);
      out.key("written_response").string(item.written_response).end_object();
    }
    out.end_array().end_object();
  }
  void operator()(const Unclaim& action) const {
    out.key("type").string("unclaim").key("series_id").string(action.request.series_id);
    out.key("step_order").number(action.request.step_order);
  }
  void operator()(const CreateAbsence& action) const {
    absence("absence_create", "", action.request);
  }
  void operator()(const UpdateAbsence& action) const {
    absence("absence_update", action.absence_id, action.request);
  }
  void operator()(const DeleteAbsence& action) const {
    absence("absence_delete", action.absence_id, {});
  }
  // Not asked of the facade: no documented path, and the end of a transfer is no person's action.
  void operator()(const RequestSupervisorPayout&) const {}
  void operator()(const PayoutResult&) const {}

  void step(const char* type, const StepRef& ref) const {
    out.key("type").string(type).key("workflow_id").string(ref.workflow_id);
    out.key("step_id").string(ref.step_id);
  }
  void absence(const char* type, const std::string& id, const AbsenceRequest& request) const {
    out.key("type").string(type).key("absence_id").string(id);
    out.key("series_id").string(request.series_id).key("step_order").number(request.step_order);
    out.key("absent_from").string(request.absent_from);
    out.key("absent_until").string(request.absent_until);
  }
};

// What a device foretells that has read a part of the series just now, from the documents' text.
std::string foretold(const Series& series, const Facts& facts, const Action& action,
                     std::int64_t now_s, Dice& dice) {
  JsonWriter out;
  out.begin_object().key("profile").string(facts.profile.name).key("now_s").number(now_s);
  out.key("caller").begin_object().key("id").string(facts.caller.id);
  if (dice.below(4) != 0) {
    out.key("credentials").begin_array();
    for (const std::string& credential : *facts.caller.credentials) out.string(credential);
    out.end_array();
  }
  out.end_object().key("known").begin_array();
  for (const Workflow& workflow : series.occurrences) {
    const std::int64_t how = dice.below(6);
    if (how == 0) continue;
    Workflow read = workflow;
    if (how == 1) read.steps.clear();  // a card
    out.raw(write_workflow(read, AmountStyle::number));
  }
  out.end_array();
  if (dice.below(3) != 0) {
    out.key("absences").begin_array();
    for (const Absence& one : series.absences) {
      if (one.improver_id != facts.caller.id) continue;
      out.begin_object().key("id").string(one.id).key("improver_id").string(one.improver_id);
      out.key("series_id").string("series").key("step_order").number(one.step_order);
      out.key("absent_from").number(one.absent_from).key("absent_until").number(one.absent_until);
      out.end_object();
    }
    out.end_array();
  }
  out.key("action").begin_object();
  std::visit(ActionText{out}, action);
  out.end_object().end_object();
  const std::string answer = api::predict(out.take());
  return answer.substr(0, answer.find(','));
}

class Life {
 public:
  Life(std::uint64_t seed, const Profile& profile) : dice_(seed), profile_(profile) {
    constexpr const char* recurrences[] = {"one_time", "daily", "weekly", "monthly"};
    series_ = park(recurrences[dice_.below(4)]);
    seed_ = std::to_string(seed);
  }

  void live() {
    for (int i = 0; i < 60; ++i) {
      if (dice_.below(4) == 0) now_s_ += dice_.below(day);
      const std::string entropy = seed_ + "." + std::to_string(i);
      series_ = catch_up(series_, profile_, now_s_, {.entropy = "up" + entropy}).series;
      act(entropy);
      expect_sound(series_, profile_);
      if (testing::Test::HasFailure()) return;
    }
  }

  std::size_t accepted = 0;
  std::size_t paid = 0;
  std::map<std::string, std::size_t> foretold_by_a_part;

 private:
  Caller somebody() {
    const Caller people[] = {
        jane(), omar(), lena(), {.id = "sam", .name = "Sam", .credentials = {{"dpw_certified"}}}};
    // Mostly whoever has the step in hand, so that lives get somewhere.
    const Caller& likely = assignee_ == "omar" ? people[1] : people[0];
    return dice_.below(4) == 0 ? people[dice_.below(4)] : likely;
  }

  // Mostly the next step to do of the last occurrence.
  StepRef some_step() {
    const auto count = static_cast<std::int64_t>(series_.occurrences.size());
    const std::int64_t index = dice_.below(3) == 0 ? dice_.below(count) : count - 1;
    const Workflow& workflow = series_.occurrences[static_cast<std::size_t>(index)];
    const Step* step = &workflow.steps[static_cast<std::size_t>(dice_.below(3))];
    if (dice_.below(4) != 0) {
      const auto next =
          std::ranges::find_if(workflow.steps, [](const Step& one) { return !is_done(one); });
      if (next != workflow.steps.end()) step = &*next;
    }
    assignee_ = step->assigned_improver_id.value_or(step->step_order == 3 ? "omar" : "jane");
    return {workflow.id, step->id};
  }

  Complete completion() {
    const StepRef ref = some_step();
    if (dice_.below(8) == 0)
      return {ref, {.step_not_possible = true, .step_not_possible_details = "rain"}};
    const Step& step = *series_.find(ref.workflow_id)->find_step(ref.step_id);
    return {ref, {.items = {{.item_id = step.work_items[0].id, .written_response = "done"}}}};
  }

  AbsenceRequest absence() {
    const std::int64_t from = now_s_ + dice_.below(20) * day - 3 * day;
    return {.series_id = "series",
            .step_order = dice_.below(4),
            .absent_from = calendar::format_instant(from),
            .absent_until = calendar::format_instant(from + dice_.below(10) * day)};
  }

  std::string some_absence() {
    if (series_.absences.empty()) return "none";
    const auto count = static_cast<std::int64_t>(series_.absences.size());
    return series_.absences[static_cast<std::size_t>(dice_.below(count))].id;
  }

  Action some_action() {
    switch (dice_.below(10)) {
      case 0:
      case 1: return Claim{some_step()};
      case 2: return Start{some_step()};
      case 3:
      case 4:
      case 5: return completion();
      case 6: return Unclaim{{"series", dice_.below(4)}};
      case 7: return CreateAbsence{absence()};
      case 8:
        return dice_.below(2) == 0 ? Action{UpdateAbsence{some_absence(), absence()}}
                                   : Action{DeleteAbsence{some_absence()}};
      default: return RequestPayout{some_step()};
    }
  }

  void act(const std::string& entropy) {
    const Action action = some_action();
    const Facts facts{
        .caller = somebody(), .profile = profile_, .has_payout_service = true, .new_ids = entropy};
    const Prediction prediction = predict(series_, facts, action, now_s_);
    auto applied = apply(series_, facts, action, now_s_);
    // A client that knows everything foretells exactly what the server does.
    EXPECT_EQ(prediction.expectation == Expectation::allowed, applied.has_value());
    if (dice_.below(3) == 0) foretell(action, facts, applied.has_value());
    if (!applied) {
      EXPECT_FALSE(applied.error().empty());
      return;
    }
    ++accepted;
    take(*applied);
    for (int i = 0; applied->effects.payout; ++i) {
      ASSERT_LT(i, 50);
      const auto outcome =
          dice_.below(2) == 0 ? PayoutOutcome::paid : PayoutOutcome::insufficient_funds;
      if (outcome == PayoutOutcome::paid) ++paid;
      applied = apply(series_, facts, PayoutResult{*applied->effects.payout, outcome}, now_s_);
      ASSERT_TRUE(applied);
      take(*applied);
    }
  }

  // A device that knows a part may not know, but is never wrong.
  void foretell(const Action& action, const Facts& facts, bool is_done) {
    if (!profile_from(profile_.name)) return;
    const std::string answer = foretold(series_, facts, action, now_s_, dice_);
    ++foretold_by_a_part[answer];
    EXPECT_NE(answer, is_done ? R"({"expectation":"refused")" : R"({"expectation":"allowed")");
  }

  void take(const Applied& applied) {
    expect_no_way_back(series_, applied.series);
    series_ = applied.series;
  }

  Dice dice_;
  Profile profile_;
  Series series_;
  std::string seed_;
  std::string assignee_;
  std::int64_t now_s_ = start_at - hour;
};

void live_many(const Profile& profile) {
  std::size_t accepted = 0;
  std::size_t paid = 0;
  std::map<std::string, std::size_t> foretold_by_a_part;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    Life life{seed, profile};
    life.live();
    accepted += life.accepted;
    paid += life.paid;
    for (const auto& [what, count] : life.foretold_by_a_part) foretold_by_a_part[what] += count;
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
  EXPECT_GT(accepted, 3000u);  // the lives are not all refusals
  EXPECT_GT(paid, 300u);
  for (const char* what : {"allowed", "refused", "unknown"}) {
    EXPECT_GT(foretold_by_a_part["{\"expectation\":\"" + std::string{what} + '"'], 500u) << what;
  }
}

TEST(EngineProperties, HoldAsDocumented) { live_many(documents_profile()); }

TEST(EngineProperties, HoldLive) { live_many(live_profile()); }

// Every switch may be thrown for itself.
TEST(EngineProperties, HoldWithAnyMixOfSwitches) {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Dice dice{seed + 1000};
    Profile profile{.name = "mixed"};
    for (const Switch& one : profile_switches()) profile.*one.value = dice.below(2) == 0;
    Life{seed, profile}.live();
    ASSERT_FALSE(testing::Test::HasFailure()) << "seed " << seed;
  }
}

}  // namespace
}  // namespace sfluv::engine
