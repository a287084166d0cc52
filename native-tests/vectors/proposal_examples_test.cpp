// SPDX-License-Identifier: MIT
// The curl examples of seed 002 (seed-examples/) through the engine: how work is proposed, voted
// on, read and withdrawn.
#include <algorithm>
#include <array>
#include <gtest/gtest.h>

#include "sfluv/discovery.h"
#include "sfluv/engine.h"
#include "sfluv/http_status.h"
#include "sfluv/json.h"
#include "sfluv/visibility.h"
#include "sfluv/workflow.h"

#include "printed_answer.h"
#include "seed_examples.h"

namespace sfluv::engine {
namespace {

constexpr std::int64_t created_at = 1'710'410'400;         // as printed
constexpr std::int64_t quorum_reached_at = 1'710'425'000;  // as printed
const Caller proposer{.id = "did:privy:proposer456", .name = "Paula"};

Facts facts_of(Caller caller) {
  return {
      .caller = std::move(caller),
      .electorate = {.voters = 10, .unallocated_funds = *Amount::parse("150000000000000000000")},
      .proposals = {.proposer_id = proposer.id,
                    .supervisors = {{.user_id = "did:privy:supervisor123",
                                     .title = "DPW Supervisor",
                                     .organization = "Department of Public Works"}},
                    .credential_types = {"dpw_certified"}},
      .new_ids = "x"};
}

Series proposed() {
  const auto request = read_proposal_request(read_seed_example("create-workflow").body);
  EXPECT_TRUE(request);
  const auto applied = apply(Series{}, facts_of(proposer), Propose{*request}, created_at);
  EXPECT_TRUE(applied);
  return applied->series;
}

Series voted(Series series, int voter, std::string decision, std::int64_t at_s) {
  const Facts facts = facts_of({.id = "voter" + std::to_string(voter)});
  auto applied =
      apply(series, facts, CastVote{series.occurrences[0].id, {std::move(decision)}}, at_s);
  EXPECT_TRUE(applied);
  return applied ? std::move(applied->series) : series;
}

// Six of ten approve, one denies; the quorum is there with the fifth vote.
Series approved() {
  Series series = voted(proposed(), 1, "deny", created_at);
  for (int voter = 2; voter <= 4; ++voter) series = voted(series, voter, "approve", created_at);
  for (int voter = 5; voter <= 7; ++voter) {
    series = voted(series, voter, "approve", quorum_reached_at);
  }
  return series;
}

std::string seen(const Series& series, const Workflow& workflow) {
  return write_workflow(as_seen_by({.caller = proposer, .voters = 10}, series, workflow, {}),
                        AmountStyle::number);
}

int status_of(const Series& series, const Caller& caller, std::int64_t at_s) {
  const auto applied =
      apply(series, facts_of(caller), DeleteProposal{series.occurrences[0].id}, at_s);
  return applied ? 200 : http_status(Operation::remove, applied.error()[0], documents_profile());
}

TEST(ProposalExamples, CreateAnswersAsPrinted) {
  const Series series = proposed();
  const auto printed =
      json::parse(read_test_file("vectors/seed-examples/create-workflow.answer.json"),
                  Code::document_not_readable);
  const auto answer = json::parse(seen(series, series.occurrences[0]), Code::document_not_readable);
  ASSERT_TRUE(printed && answer);
  expect_as_printed(*printed, *answer);
}

// Printed with one vote more than could be cast: the sixth yes of ten is a majority and ends it.
TEST(ProposalExamples, ReadingOneShowsTheVotes) {
  const Series series = approved();
  const Workflow& workflow = series.occurrences[0];
  EXPECT_EQ(workflow.status, WorkflowStatus::approved);
  const Workflow read =
      as_seen_by({.caller = {.id = "voter7"}, .voters = 10}, series, workflow, {});
  ASSERT_TRUE(read.votes);
  EXPECT_EQ(read.votes->approve, 6);
  EXPECT_EQ(read.votes->deny, 1);
  EXPECT_EQ(read.votes->votes_cast, 7);
  EXPECT_EQ(read.votes->quorum_threshold, 5);
  EXPECT_TRUE(read.votes->quorum_reached);
  EXPECT_EQ(read.votes->quorum_reached_at, quorum_reached_at);
  EXPECT_EQ(read.votes->finalize_at, 1'710'511'400);  // as printed
  EXPECT_EQ(read.votes->decision, "approve");
  EXPECT_EQ(read.votes->my_decision, "approve");
}

TEST(ProposalExamples, AProposerReadsTheirOwn) {
  const std::array<Series, 1> all{approved()};
  EXPECT_EQ(proposed_workflows(all, proposer, {}),
            (std::vector<std::string>{all[0].occurrences[0].id}));
  EXPECT_EQ(proposed_workflows(all, {.id = "somebody"}, {}), std::vector<std::string>{});
  EXPECT_TRUE(may_read_as_proposer(proposer, all[0].occurrences[0]));
  EXPECT_FALSE(may_read_as_proposer({.id = "somebody"}, all[0].occurrences[0]));
  EXPECT_EQ(active_workflows(all), (std::vector<std::string>{all[0].occurrences[0].id}));
}

TEST(ProposalExamples, DeleteTakesPendingOnesOfOnesOwn) {
  EXPECT_EQ(status_of(proposed(), proposer, created_at), 200);
  EXPECT_EQ(status_of(approved(), proposer, quorum_reached_at), 400);
  EXPECT_EQ(status_of(proposed(), {.id = "somebody"}, created_at), 404);
}

}  // namespace
}  // namespace sfluv::engine
