// SPDX-License-Identifier: MIT
// Requests that no well-behaved client sends.
#include "server_fixture.h"

namespace sfluv::server {
namespace {

TEST_F(ServerTest, UnknownPathsAndMethods) {
  EXPECT_EQ(get("/", jane).status, 404);
  EXPECT_EQ(get("/workflows", jane).status, 404);
  EXPECT_EQ(get("/workflows/a/b", jane).status, 404);
  EXPECT_EQ(get("/workflows/" + std::string(1100, 'a'), jane).status, 414);
  EXPECT_EQ(get("/workflows/a%0Ab%00", jane).status, 404);
  EXPECT_EQ(post("/improvers/workflows/a/steps/b/payout", jane).status, 404);
  const Answer wrong = get(first_step("claim"), jane);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.find("Allow")->second, "POST");
  EXPECT_EQ(post("/workflows/workflow_abc123", jane).status, 405);
  EXPECT_EQ(answer_of(client().Delete("/workflows/workflow_abc123")).status, 405);
  const Answer both = remove("/improvers/workflows/absence-periods", jane);
  EXPECT_EQ(both.status, 405);
  EXPECT_EQ(both.header("Allow"), "GET, POST");
  EXPECT_EQ(get("/improvers/workflows/absence-periods/x", jane).header("Allow"), "PUT, DELETE");
  EXPECT_EQ(answer_of(client().Head("/workflows/active", as(jane))).status, 200);
}

TEST_F(ServerTest, TooLargeIs413) {
  options_.body_bytes_max = 200'000;
  start();
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  const std::string at_limit = std::string(200'000, ' ');
  EXPECT_EQ(post(first_step("complete"), jane, at_limit).status, 400);
  EXPECT_EQ(post(first_step("complete"), jane, at_limit + ' ').status, 413);
  EXPECT_EQ(post(first_step("complete"), jane, std::string(5'000'000, ' ')).status, 413);
  const httplib::Headers headers = {{"Authorization", "Bearer " + token(jane)}};
  const Answer chunked = answer_of(client().Post(
      first_step("complete"), headers,
      [](std::size_t offset, httplib::DataSink& sink) {
        if (offset >= 400'000) {
          sink.done();
          return true;
        }
        return sink.write(std::string(10'000, ' ').data(), 10'000);
      },
      "application/json"));
  EXPECT_EQ(chunked.status, 413);
}

TEST_F(ServerTest, OddRequestsAreRefused) {
  const std::string head = "POST " + first_step("complete") +
                           " HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer " + token(jane) + "\r\n";
  for (const char* odd : {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                          "Content-Length: 2\r\nContent-Length: 7\r\n\r\n{}",
                          "Content-Length: -1\r\n\r\n{}", "Content-Length: 2x\r\n\r\n{}",
                          "Content-Type: multipart/form-data; boundary=a\r\nContent-Length: "
                          "8\r\n\r\n--a--\r\n\r\n"}) {
    RawClient raw{server_->port()};
    raw.say(head + odd);
    EXPECT_TRUE(raw.hear().starts_with("HTTP/1.1 400 ")) << odd;
  }
  RawClient smuggled{server_->port()};  // a body where none belongs is not taken for a request
  smuggled.say(
      "GET /nope HTTP/1.1\r\nHost: a\r\nContent-Length: 30\r\n\r\nGET /workflows HTTP/1.1\r\n\r\n");
  const std::string answer = smuggled.hear();
  EXPECT_EQ(answer.find("HTTP/1.1"), answer.rfind("HTTP/1.1"));
}

TEST_F(ServerTest, SlowPhonesFinishAndDeadOnesDoNotBlock) {
  options_.idle_ms_max = 400;
  start();
  std::vector<std::unique_ptr<RawClient>> half_open;
  for (int i = 0; i < 12; ++i) {
    half_open.push_back(std::make_unique<RawClient>(server_->port()));
    half_open.back()->say("POST / HTTP/1.1\r\nContent-Length: 1000\r\n");
  }
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);

  const std::string body = R"({"items":[]})";
  RawClient slow{server_->port()};
  slow.say("POST " + first_step("start") +
           " HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer " + token(jane) +
           "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  for (const char c : body) {
    std::this_thread::sleep_for(
        std::chrono::milliseconds{100});  // together longer than the time-out
    EXPECT_TRUE(slow.say({&c, 1}));
  }
  EXPECT_TRUE(slow.hear().starts_with("HTTP/1.1 403 "));
}

TEST_F(ServerTest, InputNeverBecomesSql) {
  for (const std::string hostile :
       {"workflow_abc123'%20OR%20'1'='1", "x'%3B%20DROP%20TABLE%20users%3B%20--", "%22", "%25"}) {
    EXPECT_EQ(get("/workflows/" + hostile, jane).status, 404);
    EXPECT_EQ(get("/workflow-photos/" + hostile, jane).status, 404);
    EXPECT_EQ(post(step_path(hostile, "step_ghi789", "claim"), jane).status, 404);
    EXPECT_EQ(post(step_path("workflow_abc123", hostile, "claim"), jane).status, 404);
  }
  EXPECT_EQ(get("/workflows/workflow_abc123", "' OR 1=1 --").status, 403);
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  std::string body = whole_answer();
  const std::string words = "'); DROP TABLE submissions; --";
  body.replace(body.find("Area thoroughly cleaned"), 23, words);
  EXPECT_EQ(post(first_step("complete"), jane, body).status, 200);
  EXPECT_EQ(workflow_for(jane)
                .steps[0]
                .submission.value_or(Submission{})
                .item_responses.at(2)
                .written_response,
            words);
}

}  // namespace
}  // namespace sfluv::server
