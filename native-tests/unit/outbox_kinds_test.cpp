// SPDX-License-Identifier: MIT
// What is asked of the server besides completions: what is said, and what has to be read to know
// that it is done.
#include <gtest/gtest.h>

#include "unit/outbox_fixture.h"

namespace sfluv::outbox::testing {
namespace {

std::string text_of(const std::vector<Segment>& body) {
  std::string text;
  for (const Segment& part : body) text += part.text;
  return text;
}

struct Said {
  Kind kind;
  std::string method, path, body, read_path;
};

class EveryKind : public ::testing::TestWithParam<Said> {};

TEST_P(EveryKind, SaysWhatTheDocumentsSay) {
  const Said& said = GetParam();
  Driver driver{sealed(said.kind)};
  driver.due();
  ASSERT_NE(driver.effect<Read>(), nullptr);
  EXPECT_EQ(driver.effect<Read>()->path, said.read_path);
  const bool is_list = said.kind > Kind::unclaim;
  const std::string unclaimed = workflow_document({.assigned = ""});
  const std::string mine =
      R"({"id":"w/1","status":"approved","steps":[{"id":"s1","step_order":1,"status":"available",)"
      R"("assigned_improver_id":"did:me"}]})";
  if (said.kind == Kind::absence_create) {
    driver.read("[]");
  } else if (is_list) {
    driver.read(R"([{"id":"a/1","absent_from":1,"absent_until":2}])");
  } else {
    driver.read(said.kind == Kind::claim ? unclaimed : mine);
  }
  const Send* const send = driver.effect<Send>();
  ASSERT_NE(send, nullptr);
  EXPECT_EQ(send->method, said.method);
  EXPECT_EQ(send->path, said.path);
  EXPECT_EQ(text_of(send->body), said.body);
  EXPECT_EQ(send->body_bytes, said.body.size());
  EXPECT_EQ(send->body.empty(), said.body.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Outbox, EveryKind,
    ::testing::Values(
        Said{Kind::start, "POST", "/improvers/workflows/w%2F1/steps/s1/start", "",
             "/workflows/w%2F1"},
        Said{Kind::claim, "POST", "/improvers/workflows/w%2F1/steps/s1/claim", "",
             "/workflows/w%2F1"},
        Said{Kind::unclaim, "POST", "/improvers/workflow-series/unclaim",
             R"({"series_id":"series","step_order":1})", "/workflows/w%2F1"},
        Said{
            Kind::absence_create, "POST", "/improvers/workflows/absence-periods",
            R"({"series_id":"series","step_order":1,"absent_from":"2024-06-01","absent_until":"2024-06-07"})",
            "/improvers/workflows/absence-periods"},
        Said{Kind::absence_update, "PUT", "/improvers/workflows/absence-periods/a%2F1",
             R"({"absent_from":"2024-06-01","absent_until":"2024-06-07"})",
             "/improvers/workflows/absence-periods"},
        Said{Kind::absence_delete, "DELETE", "/improvers/workflows/absence-periods/a%2F1", "",
             "/improvers/workflows/absence-periods"}),
    [](const auto& said) { return std::string{to_string(said.param.kind)}; });

std::string workflow(const std::string& status, const std::string& step) {
  return R"({"id":"w/1","status":")" + status + R"(","steps":[)" + step + "]}";
}

std::string step(const std::string& status, const std::string& assigned) {
  return R"({"id":"s1","step_order":1,"status":")" + status + R"(","assigned_improver_id":)" +
         (assigned.empty() ? "null" : '"' + assigned + '"') + "}";
}

// What one reading makes of a record that was never sent: the state's name, or the reason's.
std::string verdict(Kind kind, const std::string& document) {
  Driver driver{sealed(kind)};
  driver.due().read(document);
  if (driver.state() == State::delivered)
    return std::string{to_string(driver.record().receipt->evidence)};
  if (driver.state() == State::sending) return "sends";
  return std::string{to_string(driver.why())};
}

TEST(OutboxKinds, AStartIsDoneWhenTheStepIsMineAndBegun) {
  const auto seen = [](const std::string& status, const std::string& assigned,
                       const std::string& of = "in_progress") {
    return verdict(Kind::start, workflow(of, step(status, assigned)));
  };
  EXPECT_EQ(seen("available", "did:me"), "sends");
  EXPECT_EQ(seen("in_progress", "did:me"), "state");
  EXPECT_EQ(seen("completed", "did:me"), "state");
  EXPECT_EQ(seen("paid_out", "did:me"), "state");
  EXPECT_EQ(seen("locked", "did:me"), "locked");
  EXPECT_EQ(seen("available", "did:me", "blocked"), "locked");
  EXPECT_EQ(seen("available", "did:other"), "not_mine");
  EXPECT_EQ(seen("available", ""), "not_mine");
  EXPECT_EQ(seen("available", "did:me", "expired"), "closed");
  EXPECT_EQ(seen("available", "did:me", "skipped"), "missed");
  EXPECT_EQ(verdict(Kind::start, workflow("in_progress", "")), "gone");
}

TEST(OutboxKinds, AClaimIsAWish) {
  const auto seen = [](const std::string& status, const std::string& assigned,
                       const std::string& of = "approved") {
    return verdict(Kind::claim, workflow(of, step(status, assigned)));
  };
  EXPECT_EQ(seen("available", ""), "sends");
  EXPECT_EQ(verdict(Kind::claim,
                    R"({"id":"w/1","status":"approved","steps":[{"id":"s1","status":"available",)"
                    R"("assigned_improver_id":""}]})"),
            "sends");
  EXPECT_EQ(seen("available", "did:me"), "state");
  EXPECT_EQ(seen("available", "did:other"), "not_mine");
  EXPECT_EQ(seen("locked", ""), "locked");
  EXPECT_EQ(seen("completed", ""), "closed");
  EXPECT_EQ(seen("available", "", "rejected"), "closed");
}

TEST(OutboxKinds, ARefusedWishNeedsAPerson) {
  Driver driver{sealed(Kind::claim)};
  const std::string free = workflow("approved", step("available", ""));
  driver.due().read(free).answer(409, "in absence").due().read(free).due().read(free);
  EXPECT_EQ(driver.state(), State::needs_user);
  EXPECT_EQ(driver.why(), Why::refused);
  EXPECT_EQ(driver.record().server->text, "in absence");
  // A claim of one's own that was taken by a hidden copy is none.
  Driver taken{sealed(Kind::claim)};
  taken.due().read(free).answer(409, "already claimed");
  EXPECT_EQ(taken.due().read(workflow("approved", step("available", "did:me"))).state(),
            State::delivered);
}

TEST(OutboxKinds, TheAnswerToAClaimOrAStartIsItsProof) {
  Driver claim{sealed(Kind::claim)};
  claim.due().read(workflow("approved", step("available", "")));
  claim.answer(200, workflow("approved", step("available", "did:me")));
  EXPECT_EQ(claim.state(), State::delivered);
  Driver start{sealed(Kind::start)};
  start.due().read(workflow("approved", step("available", "did:me")));
  EXPECT_EQ(start.answer(200, "{}").state(), State::unknown);
}

TEST(OutboxKinds, AReleaseIsSeenInTheOccurrenceThatWasMine) {
  EXPECT_EQ(verdict(Kind::unclaim, workflow("approved", step("available", "did:me"))), "sends");
  EXPECT_EQ(verdict(Kind::unclaim, workflow("approved", step("available", ""))), "state");
  EXPECT_EQ(verdict(Kind::unclaim, workflow("approved", step("available", "did:other"))), "state");
  EXPECT_EQ(verdict(Kind::unclaim, workflow("approved", "")), "gone");
  Driver driver{sealed(Kind::unclaim)};
  driver.due().read(workflow("approved", step("available", "did:me")));
  Driver other = driver;
  driver.answer(200,
                R"({"series_id":"series","step_order":1,"released_count":3,"skipped_count":0})");
  EXPECT_EQ(driver.state(), State::delivered);
  EXPECT_EQ(driver.record().receipt->evidence, Evidence::state);
  Driver third = other;
  other.answer(200, R"({"series_id":"series","step_order":2})");
  EXPECT_EQ(other.state(), State::unknown);
  third.answer(200, R"({"series_id":"another","step_order":1})");
  EXPECT_EQ(third.state(), State::unknown);
}

const std::string as_wanted =
    R"({"id":"a/1","series_id":"series","step_order":1,"absent_from":1717200000,"absent_until":1717804800})";
const std::string otherwise =
    R"({"id":"a/1","series_id":"series","step_order":1,"absent_from":1717200000,"absent_until":5})";

TEST(OutboxKinds, AbsencesAreReadFromTheList) {
  struct Row {
    std::string list, create, update, remove;
  };
  for (
      const Row& row : std::vector<Row>{
          {"[]", "sends", "gone", "state"},
          {"[" + as_wanted + "]", "state", "state", "sends"},
          {"[" + otherwise + "]", "sends", "sends", "sends"},
          {R"({"total":1,"items":[)" + as_wanted + "]}", "state", "state", "sends"},
          {R"([{"id":"a/2","series_id":"series","step_order":2,"absent_from":1717200000,"absent_until":1717804800}])",
           "sends", "gone", "state"},
          {R"([{"id":"a/2","series_id":"other","step_order":1,"absent_from":1717200000,"absent_until":1717804800}])",
           "sends", "gone", "state"},
          {R"([{"id":"a/1","absent_from":"monday"}])", "unreadable", "unreadable", "unreadable"},
          {"{}", "unreadable", "unreadable", "unreadable"},
          {"<html>", "unreadable", "unreadable", "unreadable"}}) {
    EXPECT_EQ(verdict(Kind::absence_create, row.list), row.create) << row.list;
    EXPECT_EQ(verdict(Kind::absence_update, row.list), row.update) << row.list;
    EXPECT_EQ(verdict(Kind::absence_delete, row.list), row.remove) << row.list;
  }
}

TEST(OutboxKinds, AnAnswerAboutAnAbsenceIsItsProofWhenItNamesIt) {
  const auto answered = [](Kind kind, const std::string& body) {
    Driver driver{sealed(kind)};
    driver.due().read(kind == Kind::absence_create ? "[]" : "[" + otherwise + "]");
    return driver.answer(201, body).state();
  };
  EXPECT_EQ(
      answered(Kind::absence_create, R"({"absence":)" + as_wanted + R"(,"released_count":1})"),
      State::delivered);
  EXPECT_EQ(answered(Kind::absence_create, as_wanted), State::delivered);
  EXPECT_EQ(answered(Kind::absence_create, R"({"absence":)" + otherwise + "}"), State::unknown);
  EXPECT_EQ(answered(Kind::absence_create, R"({"absence":7})"), State::unknown);
  EXPECT_EQ(answered(Kind::absence_update, as_wanted), State::delivered);
  EXPECT_EQ(answered(Kind::absence_update, otherwise), State::unknown);
  EXPECT_EQ(answered(Kind::absence_delete, R"({"id":"a/1"})"), State::delivered);
  EXPECT_EQ(answered(Kind::absence_delete, R"({"id":"a/2"})"), State::unknown);
  EXPECT_EQ(answered(Kind::absence_delete, "gone"), State::unknown);
}

TEST(OutboxKinds, RefusedDatesCanBeMended) {
  Driver driver{sealed(Kind::absence_create)};
  driver.due().read("[]").answer(400, "overlap").due().read("[]").due().read("[]");
  ASSERT_EQ(driver.state(), State::needs_fix);
  Content moved = wish(Kind::absence_create);
  moved.absent_until = "2024-06-05";
  const auto revised = revise(driver.record(), {.content = moved}, {.now_ms = driver.now_ms()});
  ASSERT_TRUE(revised);
  EXPECT_EQ(revised->content.edition, 2u);
  EXPECT_EQ(revised->state, State::unknown);
  Driver update{sealed(Kind::absence_update)};
  const std::string as_before = "[" + otherwise + "]";
  update.due().read(as_before).answer(400, "overlap").due().read(as_before).due().read(as_before);
  EXPECT_EQ(update.state(), State::needs_fix);
  // Removing one needs nothing that could be mended.
  Driver gone{sealed(Kind::absence_delete)};
  const std::string there = "[" + otherwise + "]";
  gone.due().read(there).answer(409, "claimed").due().read(there).due().read(there);
  EXPECT_EQ(gone.why(), Why::refused);
}

TEST(OutboxKinds, WhatIsWrongIsSaidBeforeItIsQueued) {
  const auto issues = [](Content content) {
    std::string codes;
    const auto record = seal({.content = std::move(content)}, 1, {.now_ms = t0});
    if (record) return codes;
    for (const Issue& issue : record.error())
      codes += std::string{to_string(issue.code)} + issue.path + ' ';
    return codes;
  };
  const auto with = [](Kind kind, auto change) {
    Content content = wish(kind);
    change(content);
    return content;
  };
  EXPECT_EQ(issues(wish(Kind::absence_update)), "");
  EXPECT_EQ(issues(with(Kind::claim, [](Content& c) { c.account = " "; })),
            "document_not_readable/account ");
  EXPECT_EQ(issues(with(Kind::unclaim,
                        [](Content& c) {
                          c.series_id = "";
                          c.step_order = 0;
                        })),
            "series_blank/series_id step_order_invalid/step_order ");
  EXPECT_EQ(issues(with(Kind::absence_delete, [](Content& c) { c.absence_id = ""; })),
            "document_not_readable/absence_id ");
  EXPECT_EQ(issues(with(Kind::absence_create,
                        [](Content& c) {
                          c.absent_from = "soon";
                          c.absent_until = "2024-02-30";
                        })),
            "date_invalid/absent_from date_invalid/absent_until ");
  EXPECT_EQ(issues(with(Kind::absence_create, [](Content& c) { c.absent_from = "soon"; })),
            "date_invalid/absent_from ");
  EXPECT_EQ(issues(with(Kind::absence_create, [](Content& c) { c.absent_until = "later"; })),
            "date_invalid/absent_until ");
  EXPECT_EQ(issues(with(Kind::absence_create, [](Content& c) { c.absent_until = "2024-05-30"; })),
            "range_empty/absent_until ");
}

TEST(OutboxKinds, KindsHaveNames) {
  for (const Kind kind : {Kind::complete, Kind::start, Kind::claim, Kind::unclaim,
                          Kind::absence_create, Kind::absence_update, Kind::absence_delete})
    EXPECT_EQ(kind_from(to_string(kind)), kind);
  EXPECT_FALSE(kind_from("payout_request"));  // repeating one moves money
  EXPECT_FALSE(action_from("send"));
}

}  // namespace
}  // namespace sfluv::outbox::testing
