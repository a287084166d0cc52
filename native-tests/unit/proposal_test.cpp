// SPDX-License-Identifier: MIT
#include "sfluv/proposal.h"

#include <gtest/gtest.h>

#include "sfluv/http_status.h"

#include "proposal_fixture.h"

namespace sfluv {
namespace {

using namespace fixture;
using Names = std::vector<std::string>;

TEST(Proposal, BecomesAPendingWorkflowWithItsTotals) {
  ProposalRequest request = proposal();
  request.title = "  Park\u3000";
  request.supervisor = {.user_id = " sam ", .bounty = Amount{7}};
  const ProposalVerdict verdict = checked(request);
  ASSERT_EQ(named(verdict.issues), Names{});
  const Workflow& workflow = verdict.workflow;
  EXPECT_EQ(workflow.title, "Park");
  EXPECT_EQ(workflow.start_at, start_at);
  EXPECT_EQ(workflow.status, WorkflowStatus::pending);
  EXPECT_EQ(workflow.total_bounty, Amount{157});
  EXPECT_EQ(workflow.weekly_bounty_requirement, Amount{157});
  EXPECT_EQ(workflow.supervisor_user_id, "sam");
  EXPECT_EQ(workflow.supervisor_organization, "Parks");
  EXPECT_EQ(workflow.steps[1].step_order, 2);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::locked);
  EXPECT_EQ(workflow.steps[0].role_id, workflow.roles[0].id);
  EXPECT_EQ(workflow.steps[0].work_items[0].photo_required_count, 1);
  EXPECT_FALSE(needs_no_vote(workflow));
}

TEST(Proposal, WhatHasBegunOpensItsFirstStep) {
  ProposalRequest request = proposal();
  request.start_at = "2024-03-13T10:00:00Z";  // proposed_at, to the second
  EXPECT_EQ(checked(request).workflow.steps[0].status, StepStatus::available);
  EXPECT_EQ(checked(request).workflow.steps[1].status, StepStatus::locked);
  request.start_at = "2024-03-13T10:00:01Z";
  EXPECT_EQ(checked(request).workflow.steps[0].status, StepStatus::locked);
}

TEST(Proposal, EveryDateOfTheRulebook) {  // B.4
  const auto start_of = [](const char* text) {
    ProposalRequest request = proposal();
    request.start_at = text;
    const ProposalVerdict verdict = checked(request);
    return verdict.accepted() ? std::to_string(verdict.workflow.start_at)
                              : named(verdict.issues)[0];
  };
  const std::string ten = std::to_string(start_at);
  for (const char* text : {"2024-03-15T10:00:00Z", "2024-03-15T10:00", "2024-03-15 10:00:00",
                           "2024-03-15T12:00:00+02:00", "2024-03-15T10:00:00.999Z",
                           "2024-03-15T10:00:00,5Z", "\u30002024-03-15T10:00:00Z "}) {
    EXPECT_EQ(start_of(text), ten) << text;
  }
  for (const char* text : {"2024-03-15", "2024-03-15T10:00:00", "2024-03-15T10:00:00+0200",
                           "2024-03-15t10:00:00z", "2024-03-15T24:00:00Z", "2024-03-15T10:00:60Z",
                           "2023-02-29T10:00:00Z", "2024-03-15 10:00", "soon"}) {
    EXPECT_EQ(start_of(text), "date_invalid /start_at") << text;
  }
  EXPECT_EQ(start_of(" "), "start_missing /start_at");
}

TEST(Proposal, ALabelGivesTheValue) {  // B.11
  const std::pair<const char*, const char*> examples[] = {
      {"50% done", "50_done"}, {"A/B", "a_b"},    {"__x__", "x"},
      {"Été fini", "t_fini"},  {"!!!", ""},       {"完成", ""},
      {"  a  b ", "a_b"},      {"\u212Ag", "kg"}, {"D\u0130\u0130", "dii"},
      {"x\u00A0y", "x_y"},     {"", ""}};
  for (const auto& [label, value] : examples) EXPECT_EQ(option_value_of(label), value) << label;
}

TEST(Proposal, AWeekOfIt) {  // B2
  const auto week_of = [](std::uint64_t total, const char* recurrence) {
    return weekly_requirement(Amount{total}, recurrence)->to_string();
  };
  EXPECT_EQ(week_of(5, "daily"), "35");
  EXPECT_EQ(week_of(5, "weekly"), "5");
  EXPECT_EQ(week_of(5, "one_time"), "5");
  EXPECT_EQ(week_of(150, "monthly"), "38");
  EXPECT_EQ(week_of(4, "monthly"), "1");
  EXPECT_EQ(week_of(0, "monthly"), "0");
  const Amount most = *Amount::parse(
      "115792089237316195423570985008687907853269984665640564039457584007913129639935");
  EXPECT_FALSE(weekly_requirement(most, "daily"));
  EXPECT_EQ(weekly_requirement(most, "monthly")->to_string(),
            "28948022309329048855892746252171976963317496166410141009864396001978282409984");
}

TEST(Proposal, SumsThatOverflowAreRefusedByName) {
  ProposalRequest request = proposal("one_time");
  request.steps[0].bounty = *Amount::parse(
      "115792089237316195423570985008687907853269984665640564039457584007913129639935");
  ProposalVerdict verdict = checked(request);
  ASSERT_EQ(named(verdict.issues), Names{"amount_too_large "});
  EXPECT_EQ(verdict.issues[0].params, (std::vector<Param>{{"what", "total_bounty"}}));
  request.steps.pop_back();
  EXPECT_TRUE(checked(request).accepted());
  request.recurrence = "daily";
  verdict = checked(request);
  ASSERT_EQ(named(verdict.issues), Names{"amount_too_large "});
  EXPECT_EQ(verdict.issues[0].params, (std::vector<Param>{{"what", "weekly_bounty_requirement"}}));
}

TEST(Proposal, LiveCountsIn64Bits) {  // B4
  const auto refusal = [](const char* bounty, const Profile& profile) {
    ProposalRequest request = proposal("one_time");
    request.steps = {proposed_step(0)};
    request.steps[0].bounty = *Amount::parse(bounty);
    return named(checked(request, context(), profile).issues);
  };
  EXPECT_EQ(refusal("9223372036854775807", live_profile()), Names{});
  EXPECT_EQ(refusal("9223372036854775808", live_profile()),
            Names{"amount_too_large /steps/0/bounty"});
  EXPECT_EQ(refusal("18446744073709551616", live_profile()),
            Names{"bounty_invalid /steps/0/bounty"});
  EXPECT_EQ(refusal("18446744073709551616", {}), Names{});
}

// In the live server's order: decoding first, then from the top down, people and sums at the end.
TEST(Proposal, AllThatIsWrongAtOnce) {
  ProposalRequest request{.recurrence = "yearly", .start_at = "", .recurrence_end_at = "x"};
  request.supervisor = {.user_id = "ghost", .bounty = std::unexpected(Code::bounty_invalid)};
  request.supervisor_data_fields = {{.key = "a", .value = ""}};
  request.roles = {{.client_id = "a", .title = "", .required_credentials = {"zzz"}},
                   {.client_id = "a", .title = "T", .required_credentials = {}}};
  request.steps = {
      {.title = "", .role_client_id = "b", .work_items = {{.photo_aspect_ratio = "4:3"}}}};
  EXPECT_EQ(
      named(checked(request).issues),
      (Names{"bounty_invalid /supervisor/bounty", "title_blank /title",
             "description_blank /description", "recurrence_invalid /recurrence",
             "start_missing /start_at", "date_invalid /recurrence_end_at",
             "title_blank /roles/0/title", "credential_unknown /roles/0/required_credentials/0",
             "role_id_duplicate /roles/1/client_id",
             "role_credentials_missing /roles/1/required_credentials",
             "supervisor_data_incomplete /supervisor_data_fields/0", "title_blank /steps/0/title",
             "step_role_unknown /steps/0/role_client_id", "title_blank /steps/0/work_items/0/title",
             "item_requires_nothing /steps/0/work_items/0",
             "aspect_ratio_invalid /steps/0/work_items/0/photo_aspect_ratio",
             "supervisor_not_approved /supervisor/user_id"}));
  EXPECT_EQ(named(checked({}).issues),
            (Names{"title_blank /title", "description_blank /description",
                   "recurrence_invalid /recurrence", "start_missing /start_at",
                   "roles_missing /roles", "steps_missing /steps"}));
}

TEST(Proposal, OptionsAndTheirMail) {
  ProposalRequest request = proposal();
  ProposedItem& item = request.steps[0].work_items[0];
  item.requires_dropdown = true;
  item.dropdown_options = {
      {.label = "Yes",
       .requires_written_response = true,
       .notify_emails = {" A@B.CO", "a@b.co", ""},
       .notify_email_subject = " a \t b "},
      {.label = "yes!", .notify_emails = {"a@b", "Name <a@b.co>", "\"q\"@b.co", "a..b@c.de"}},
      {.label = "No", .notify_email_subject = "dropped"}};
  ProposalVerdict verdict = checked(request);
  const std::string options = "/steps/0/work_items/0/dropdown_options/1";
  EXPECT_EQ(named(verdict.issues), (Names{"option_label_duplicate " + options + "/label",
                                          "email_invalid " + options + "/notify_emails/0",
                                          "email_invalid " + options + "/notify_emails/1",
                                          "email_invalid " + options + "/notify_emails/2",
                                          "email_invalid " + options + "/notify_emails/3"}));
  const WorkItem& made = verdict.workflow.steps[0].work_items[0];
  EXPECT_EQ(made.values_requiring_text, std::vector<std::string>{"yes"});
  EXPECT_EQ(made.dropdown_options[0].notify_emails, std::vector<std::string>{"a@b.co"});
  EXPECT_EQ(made.dropdown_options[0].notify_email_subject, "a b");
  EXPECT_EQ(made.dropdown_options[2].notify_email_subject, "");
  item.dropdown_options[0].notify_email_subject = std::string(161, 'x');
  EXPECT_EQ(named(checked(request).issues)[0],
            "subject_too_long /steps/0/work_items/0/dropdown_options/0/notify_email_subject");
  std::string umlauts;
  for (int i = 0; i < 160; ++i) umlauts += "ü";  // characters, not bytes
  item.dropdown_options[0].notify_email_subject = umlauts;
  EXPECT_EQ(named(checked(request).issues)[0], "option_label_duplicate " + options + "/label");
}

TEST(Proposal, OnlyTheOwnSeriesAndAsItRecurs) {
  ProposalRequest request = proposal();
  request.series_id = " mine ";
  ProposalContext by = context();
  EXPECT_EQ(named(checked(request, by).issues), Names{"series_unknown /series_id"});
  by.own_series = {{.id = "mine", .recurrence = "weekly"}};
  EXPECT_EQ(checked(request, by).workflow.series_id, "mine");
  EXPECT_TRUE(checked(request, by).accepted());
  by.own_series[0].recurrence = "daily";
  EXPECT_EQ(named(checked(request, by).issues), Names{"series_recurrence_differs /series_id"});
  EXPECT_EQ(named(checked(request, by, live_profile()).issues),
            Names{"series_not_allowed /series_id"});
}

TEST(Proposal, WhatTheDocumentsAskForAndTheLiveSystemDoesNot) {
  ProposalRequest request = proposal();
  request.description = " ";
  request.supervisor = {.user_id = " ", .bounty = Amount{5}};
  EXPECT_EQ(named(checked(request).issues),
            (Names{"description_blank /description", "supervisor_blank /supervisor/user_id"}));
  const ProposalVerdict live = checked(request, context(), live_profile());
  ASSERT_TRUE(live.accepted());
  EXPECT_FALSE(live.workflow.supervisor_required);
  EXPECT_EQ(live.workflow.total_bounty, Amount{155});  // its bounty counts all the same (B.8)
}

TEST(Proposal, WorkForNothingThatOneSupervisesOneselfNeedsNoVote) {  // B3
  ProposalRequest request = proposal();
  request.steps = {proposed_step(0)};
  request.supervisor = {.user_id = "paula", .bounty = Amount{}};
  EXPECT_TRUE(needs_no_vote(checked(request).workflow));
  request.supervisor->user_id = "sam";
  EXPECT_FALSE(needs_no_vote(checked(request).workflow));
  request.supervisor = {.user_id = "paula", .bounty = Amount{1}};
  EXPECT_FALSE(needs_no_vote(checked(request).workflow));
}

TEST(Proposal, TheBodyIsReadAsTheLiveServerDoes) {
  const auto title_of = [](std::string_view body) {
    const auto request = read_proposal_request(body);
    return request ? request->title
                   : std::string{to_string(request.error().code)} + request.error().path;
  };
  EXPECT_EQ(title_of(R"({"TITLE":"a"})"), "a");
  EXPECT_EQ(title_of(R"({"title":"a","title":"b"})"), "b");
  EXPECT_EQ(title_of(R"({"title":"\ud800"})"), "\uFFFD");
  EXPECT_EQ(title_of("null"), "");
  EXPECT_EQ(title_of(R"({"title":"a"} {})"), "body_not_decodable");  // nothing may follow
  EXPECT_EQ(title_of(""), "body_not_decodable");
  EXPECT_EQ(title_of("[]"), "body_not_decodable");
  EXPECT_EQ(title_of(R"({"start_at":5})"), "body_not_decodable/start_at");
  EXPECT_EQ(title_of(R"({"steps":[{"work_items":[{"photo_required_count":1.5}]}]})"),
            "body_not_decodable/steps/0/work_items/0/photo_required_count");
}

TEST(Proposal, ABountyIsAPlainNumber) {
  const auto bounty_of = [](const char* number) {
    const auto request =
        read_proposal_request(R"({"steps":[{"bounty":)" + std::string{number} + "}]}");
    const Bounty& bounty = request->steps[0].bounty;
    return bounty ? bounty->to_string() : std::string{to_string(bounty.error())};
  };
  EXPECT_EQ(bounty_of("50000000000000000000"), "50000000000000000000");
  EXPECT_EQ(bounty_of("null"), "0");
  for (const char* number : {"1.0", "1e2", "-1", "1.5", "\"5\"", "true", "{}"})
    EXPECT_EQ(bounty_of(number), "bounty_invalid") << number;
  EXPECT_EQ(
      bounty_of("115792089237316195423570985008687907853269984665640564039457584007913129639936"),
      "amount_too_large");
}

TEST(Proposal, StatusesOfTheDocumentsAndTheSlipsOfTheLiveSystem) {
  const auto status = [](Code code, const Profile& profile) {
    return http_status(Operation::propose, code, profile);
  };
  for (const Code code : {Code::role_credentials_missing, Code::step_role_blank,
                          Code::item_requires_nothing, Code::option_label_without_letters,
                          Code::supervisor_not_approved, Code::subject_too_long}) {
    EXPECT_EQ(status(code, documents_profile()), 400) << to_string(code);
    EXPECT_EQ(status(code, live_profile()), 500) << to_string(code);
  }
  for (const Code code : {Code::title_blank, Code::step_role_unknown, Code::credential_unknown,
                          Code::series_not_allowed, Code::series_unknown, Code::email_invalid}) {
    EXPECT_EQ(status(code, documents_profile()), 400) << to_string(code);
    EXPECT_EQ(status(code, live_profile()), 400) << to_string(code);
  }
  EXPECT_EQ(status(Code::proposer_not_approved, live_profile()), 403);
  EXPECT_EQ(status(Code::proposer_unknown, live_profile()), 500);
  EXPECT_EQ(status(Code::proposer_unknown, documents_profile()), 403);
}

}  // namespace
}  // namespace sfluv
