// SPDX-License-Identifier: MIT
#include "sfluv/visibility.h"

#include <gtest/gtest.h>

#include "proposal_fixture.h"

namespace sfluv {
namespace {

using namespace fixture;

// Paula proposed it, Sam supervises; Jane has done step 1, step 3 is Omar's.
Series busy_park() {
  Series series = park("one_time");
  Workflow& workflow = series.occurrences[0];
  workflow.proposer_id = "paula";
  workflow.supervisor_data_fields = {{.key = "gate", .value = "1234"}};
  workflow.steps[0].assigned_improver_id = "jane";
  workflow.steps[0].submission = Submission{.id = "sub", .improver_id = "jane"};
  workflow.steps[2].assigned_improver_id = "omar";
  workflow.steps[0].work_items[0].dropdown_options = {
      {.value = "yes", .notify_emails = {"a@b.co", "c@d.co"}, .notify_email_subject = "hello"}};
  return series;
}

Workflow seen_by(const Caller& caller, const Profile& profile = {}, bool as_voter = false) {
  const Series series = busy_park();
  return as_seen_by({.caller = caller, .as_voter = as_voter, .voters = 4}, series,
                    series.occurrences[0], profile);
}

const DropdownOption& option_of(const Workflow& workflow) {
  return workflow.steps[0].work_items[0].dropdown_options[0];
}

TEST(Visibility, SubmissionsAreForTheirImproverTheSupervisorAndAdmins) {
  for (const Caller& caller : {jane(), Caller{.id = "sam"}, admin()})
    EXPECT_TRUE(seen_by(caller).steps[0].submission) << caller.id;
  for (const Caller& caller : {paula(), omar(), lena()})
    EXPECT_FALSE(seen_by(caller).steps[0].submission) << caller.id;
  EXPECT_TRUE(seen_by(omar(), live_profile()).steps[0].submission);
  EXPECT_FALSE(seen_by(lena(), live_profile()).steps[0].submission);
}

TEST(Visibility, AddressesAreForThoseWhoLeadOthersGetTheirNumber) {
  for (const Caller& caller : {paula(), Caller{.id = "sam"}}) {
    const Workflow seen = seen_by(caller);
    EXPECT_EQ(option_of(seen).notify_emails.size(), 2u) << caller.id;
    EXPECT_EQ(option_of(seen).notify_email_subject, "hello");
  }
  for (const Caller& caller : {jane(), omar(), lena(), admin()}) {
    const Workflow seen = seen_by(caller);
    EXPECT_EQ(option_of(seen).notify_emails.size(), 0u) << caller.id;
    EXPECT_EQ(option_of(seen).notify_email_count, 2) << caller.id;
    EXPECT_EQ(option_of(seen).notify_email_subject, "");
  }
  EXPECT_EQ(option_of(seen_by(paula(), {}, true)).notify_emails.size(), 0u);  // as a voter
}

TEST(Visibility, TheSupervisorsDataIsTheSupervisorsOnly) {
  EXPECT_EQ(seen_by({.id = "sam"}).supervisor_data_fields.size(), 1u);
  for (const Caller& caller : {paula(), jane(), admin()})
    EXPECT_EQ(seen_by(caller).supervisor_data_fields.size(), 0u) << caller.id;
}

TEST(Visibility, EverybodySeesTheVotesAndTheirOwn) {
  Series series = busy_park();
  cast(series, {.subject_id = "w", .voter_id = "lena", .choice = Choice::deny});
  const Workflow& workflow = series.occurrences[0];
  const Workflow seen = as_seen_by({.caller = lena(), .voters = 4}, series, workflow, {});
  EXPECT_EQ(seen.votes->deny, 1);
  EXPECT_EQ(seen.votes->total_voters, 4);
  EXPECT_EQ(seen.votes->my_decision, "deny");
  EXPECT_FALSE(
      as_seen_by({.caller = jane(), .voters = 4}, series, workflow, {}).votes->my_decision);
}

TEST(Visibility, AProposersEndpointsAreForThemAndForAdmins) {
  const Workflow workflow = busy_park().occurrences[0];
  EXPECT_TRUE(may_read_as_proposer(paula(), workflow));
  EXPECT_TRUE(may_read_as_proposer(admin(), workflow));
  EXPECT_FALSE(may_read_as_proposer(jane(), workflow));
}

// The document says all of it, and says it again after it was read.
TEST(Visibility, TheDocumentCarriesVotesAndBudgets) {
  Workflow workflow = seen_by(lena());
  workflow.budget_weekly_deducted = *Amount::parse("150000000000000000000");
  workflow.vote = {.quorum_reached_at = 1,
                   .finalize_at = 2,
                   .finalized_at = 3,
                   .finalized_by_user_id = "adm",
                   .decision = "admin_approve"};
  const std::string document = write_workflow(workflow, AmountStyle::number);
  for (const char* member :
       {R"("budget_weekly_deducted":150000000000000000000)", R"("budget_one_time_deducted":0)",
        R"("vote_quorum_reached_at":1)", R"("vote_finalize_at":2)", R"("vote_finalized_at":3)",
        R"("vote_finalized_by_user_id":"adm")", R"("vote_decision":"admin_approve")",
        R"("votes":{"approve":0,"deny":0,"votes_cast":0,"total_voters":4,)"}) {
    EXPECT_NE(document.find(member), std::string::npos) << member;
  }
  EXPECT_EQ(write_workflow(*read_workflow(document), AmountStyle::number), document);
}

}  // namespace
}  // namespace sfluv
