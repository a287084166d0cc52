// SPDX-License-Identifier: MIT
// The documents' own curl examples (vectors/seed-examples), sent byte for byte as curl would, each
// in the state that it needs, against the status that it promises.
#include "vectors/seed_examples.h"

#include "server_fixture.h"
#include "vectors/printed_answer.h"

namespace sfluv::server {
namespace {

class SeedExamplesTest : public ServerTest {
 protected:
  // The workflow that the examples speak of: its first step asks for one photo.
  SeedExamplesTest() {
    edit(
        "DELETE FROM work_items WHERE id IN ('item_jkl013', 'item_jkl014', 'item_jkl015', "
        "'item_jkl016')");
  }

  Answer send(const SeedExample& example, std::string_view user = jane) {
    // curl sends neither a body nor a length where no -d was given.
    std::string text = example.method + ' ' + example.path +
                       " HTTP/1.1\r\nHost: api.sfluv.com\r\nUser-Agent: curl/7.88.1\r\nAccept: "
                       "*/*\r\nConnection: close\r\n";
    for (std::string header : example.headers) {
      const std::size_t at = header.find("YOUR_TOKEN");
      if (at != std::string::npos) header.replace(at, 10, token(user));
      text += header + "\r\n";
    }
    if (!example.body.empty())
      text += "Content-Length: " + std::to_string(example.body.size()) + "\r\n";
    RawClient raw{server_->port()};
    raw.say(text + "\r\n" + example.body);
    const std::string answer = raw.hear();
    if (!answer.starts_with("HTTP/1.1 ")) return {};
    return {.status = std::stoi(answer.substr(9)),
            .body = answer.substr(answer.find("\r\n\r\n") + 4),
            .headers = {}};
  }
  Answer send(const std::string& name, std::string_view user = jane) {
    return send(read_seed_example(name), user);
  }
};

TEST_F(SeedExamplesTest, Claim) {
  const Answer claimed = send("claim");
  EXPECT_EQ(claimed.status, 200);
  EXPECT_TRUE(contains(claimed.body, R"("assigned_improver_name":"Jane Smith")"));
}

TEST_F(SeedExamplesTest, Start) {
  EXPECT_EQ(send("start").status, 403) << "not claimed yet";
  EXPECT_EQ(send("claim").status, 200);
  const Answer started = send("start");
  EXPECT_EQ(started.status, 200);
  EXPECT_TRUE(contains(started.body, R"("started_at":1710500000)"));
}

TEST_F(SeedExamplesTest, CompleteAsPrintedEndsInDotsAndWithoutThemIsTaken) {
  EXPECT_EQ(send("claim").status, 200);
  EXPECT_EQ(send("start").status, 200);
  SeedExample example = read_seed_example("complete");
  const Answer printed = send(example);
  EXPECT_EQ(printed.status, 400);
  EXPECT_TRUE(contains(printed.body, R"("error":"photo_bad_base64")"));
  example.body = without_dots(example.body);
  const Answer completed = send(example);
  EXPECT_EQ(completed.status, 200);
  const Workflow workflow = read_workflow(completed.body).value_or(Workflow{});
  ASSERT_EQ(workflow.steps.size(), 2U);
  EXPECT_EQ(workflow.status, WorkflowStatus::in_progress);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::completed);
  EXPECT_EQ(workflow.steps[1].status, StepStatus::available);
  ASSERT_TRUE(workflow.steps[0].submission);
  const ItemResponse& response = workflow.steps[0].submission->item_responses.at(0);
  EXPECT_EQ(response.written_response, "Area thoroughly cleaned");
  EXPECT_EQ(response.dropdown_value, "completed_successfully") << "though no choice was asked for";
  EXPECT_EQ(response.photos.at(0).content_type, "image/jpeg");
}

TEST_F(SeedExamplesTest, PayoutRequest) {
  EXPECT_EQ(send("claim").status, 200);
  EXPECT_EQ(send("payout-request").status, 409);
  EXPECT_EQ(test("faucet", R"({"mode":"insufficient"})").status, 200);
  SeedExample example = read_seed_example("complete");
  example.body = without_dots(example.body);
  EXPECT_EQ(send(example).status, 200);
  EXPECT_EQ(post(second_step("complete"), jane, report).status, 200);
  const Answer requested = send("payout-request");
  EXPECT_EQ(requested.status, 200);
  EXPECT_TRUE(contains(requested.body, R"("payout_error":"insufficient balance in faucet")"));
}

TEST_F(SeedExamplesTest, Unclaim) {
  EXPECT_EQ(send("unclaim").status, 409) << "nothing claimed yet";
  EXPECT_EQ(send("claim").status, 200);
  const Answer released = send("unclaim");
  EXPECT_EQ(released.status, 200);
  EXPECT_TRUE(contains(released.body, R"("series_id":"series_xyz789","step_order":1,)"));
}

TEST_F(SeedExamplesTest, ReadingWorkflows) {
  EXPECT_EQ(send("get-workflow").status, 200);
  const Answer active = send("active-workflows");
  EXPECT_EQ(active.status, 200);
  EXPECT_EQ(parsed(active.body).kind, json::Kind::array);
}

// Ten may vote, as printed; the proposal is made at the printed second.
TEST_F(SeedExamplesTest, CreateWorkflow) {
  edit(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8) INSERT INTO "
      "users "
      "SELECT 'voter' || i, 'Voter', 1, 1, 1, 'none', 'none', NULL, NULL FROM n; INSERT INTO "
      "user_roles SELECT id, 'voter' FROM users WHERE name = 'Voter'");
  now_s_ = 1'710'410'400;
  EXPECT_EQ(send("create-workflow").status, 403) << "an improver is no proposer";
  const Answer created = send("create-workflow", proposer);
  EXPECT_EQ(created.status, 201);
  expect_as_printed(parsed(read_test_file("vectors/seed-examples/create-workflow.answer.json")),
                    parsed(created.body));
}

TEST_F(SeedExamplesTest, ReadingOnesOwnProposals) {
  EXPECT_EQ(send("proposer-workflows").status, 403);
  EXPECT_EQ(send("proposer-workflow").status, 403);
  const json::Value list = parsed(send("proposer-workflows", proposer).body);
  ASSERT_EQ(list.elements.size(), 3U);
  const Answer one = send("proposer-workflow", proposer);
  EXPECT_EQ(one.status, 200);
  EXPECT_EQ(parsed(one.body).find("id")->text, "workflow_abc123");
}

TEST_F(SeedExamplesTest, DeleteWorkflow) {
  EXPECT_EQ(send("delete-workflow", proposer).status, 400) << "it is approved";
  edit("UPDATE workflows SET status = 'pending' WHERE id = 'workflow_abc123'");
  const Answer deleted = send("delete-workflow", proposer);
  EXPECT_EQ(deleted.status, 200);
  EXPECT_EQ(deleted.body, "{}");
}

}  // namespace
}  // namespace sfluv::server
