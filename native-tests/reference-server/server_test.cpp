// SPDX-License-Identifier: MIT
#include "server.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <barrier>
#include <chrono>
#include <filesystem>
#include <gtest/gtest.h>
#include <httplib.h>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "sfluv/base64.h"
#include "sfluv/digest.h"

#include "demo_data.h"
#include "jwt.h"
#include "store.h"

namespace sfluv::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* jane = "did:privy:improver789";
constexpr const char* ana = "did:privy:improver790";
constexpr const char* wei = "did:privy:improver791";
constexpr const char* proposer = "did:privy:proposer456";
constexpr const char* supervisor = "did:privy:supervisor123";
constexpr const char* voter = "did:privy:voter001";
constexpr const char* admin = "did:privy:admin001";
constexpr const char* secret = "a secret of these tests";
constexpr const char* origin = "http://localhost:5173";

// What somebody sends can be bound to a statement, but never be a part of it.
static_assert(!std::is_convertible_v<std::string, Sql> &&
              !std::is_constructible_v<Sql, std::string_view>);

std::string step_path(std::string_view workflow, std::string_view step, std::string_view action) {
  return "/improvers/workflows/" + std::string{workflow} + "/steps/" + std::string{step} + '/' +
         std::string{action};
}

std::string first_step(std::string_view action) {
  return step_path("workflow_abc123", "step_ghi789", action);
}

std::vector<std::uint8_t> some_photo(std::size_t bytes, std::uint32_t seed) {
  std::vector<std::uint8_t> photo(bytes);
  for (std::size_t i = 0; i < bytes; ++i) {
    seed = seed * 1664525 + 1013904223;
    photo[i] = static_cast<std::uint8_t>(seed >> 24);
  }
  constexpr std::array<std::uint8_t, 4> jpeg = {0xFF, 0xD8, 0xFF, 0xE0};
  std::ranges::copy(jpeg, photo.begin());
  return photo;
}

std::string photo_answer(std::string_view item, std::string_view name,
                         const std::vector<std::uint8_t>& photo) {
  return R"({"item_id":")" + std::string{item} + R"(","photo_uploads":[{"file_name":")" +
         std::string{name} + R"(","content_type":"image/jpeg","data_base64":")" +
         base64::encode(photo) + R"("}]})";
}

const std::vector<std::uint8_t> before_photo = some_photo(50'000, 1);
const std::vector<std::uint8_t> after_photo = some_photo(70'001, 2);

// A body that step 1 of the demo workflow takes.
std::string whole_answer() {
  return R"({"step_not_possible":false,"items":[)" +
         photo_answer("item_jkl012", "before.jpg", before_photo) + ',' +
         photo_answer("item_jkl013", "after.jpg", after_photo) +
         R"(,{"item_id":"item_jkl014","written_response":"Area thoroughly cleaned"},)"
         R"({"item_id":"item_jkl015","dropdown_value":"completed_successfully"}]})";
}

class Directory {
 public:
  Directory() {
    std::string name = (std::filesystem::temp_directory_path() / "sfluv-server-XXXXXX").string();
    path_ = mkdtemp(name.data());
  }
  ~Directory() { std::filesystem::remove_all(path_); }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

class ServerTest : public testing::Test {
 protected:
  ServerTest() {
    options_.database_path = directory_.file("test.db");
    options_.secret = secret;
    options_.allowed_origins = {origin};
    options_.control_port = 0;
    options_.threads = 16;
    options_.now_s = [this] { return now_s_.load(); };
    start();
    EXPECT_EQ(control("/seed", R"({"workflows":3})").status, 200);
  }

  void start() { server_ = std::make_unique<Server>(options_); }

  [[nodiscard]] std::string token(std::string_view user) const {
    return sign_token(user, secret, now_s_, 3600);
  }

  [[nodiscard]] httplib::Client client() const {
    httplib::Client client{"127.0.0.1", server_->port()};
    client.set_read_timeout(20);
    client.set_tcp_nodelay(true);
    return client;
  }

  struct Answer {
    int status = 0;  // 0: none came
    std::string body;
    httplib::Headers headers;
  };
  static Answer answer_of(const httplib::Result& result) {
    if (!result) return {};
    return {.status = result->status, .body = result->body, .headers = result->headers};
  }

  Answer get(const std::string& path, std::string_view user) {
    return answer_of(client().Get(path, {{"Authorization", "Bearer " + token(user)}}));
  }
  Answer post(const std::string& path, std::string_view user, const std::string& body = "{}") {
    return answer_of(client().Post(path, {{"Authorization", "Bearer " + token(user)}}, body,
                                   "application/json"));
  }
  Answer control(const std::string& path, const std::string& body) {
    httplib::Client client{"127.0.0.1", *server_->control_port()};
    return answer_of(client.Post(path, body, "application/json"));
  }
  Answer control(const std::string& path) {
    httplib::Client client{"127.0.0.1", *server_->control_port()};
    return answer_of(client.Get(path));
  }

  Workflow workflow_for(std::string_view user, const std::string& id = "workflow_abc123") {
    const Answer answer = get("/workflows/" + id, user);
    EXPECT_EQ(answer.status, 200);
    return read_workflow(answer.body).value_or(Workflow{});
  }

  // Changes the stored rows behind the server's back.
  void edit(Sql sql) {
    Database database{options_.database_path};
    database.run_script(sql);
  }

  void complete_first_step() {
    EXPECT_EQ(post(first_step("claim"), jane).status, 200);
    EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200);
  }

  Directory directory_;
  std::atomic<std::int64_t> now_s_ = 1'710'500'000;
  ServerOptions options_;
  std::unique_ptr<Server> server_;
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A socket of our own, for what a well-behaved client would never send.
class RawClient {
 public:
  explicit RawClient(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ = connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    const timeval timeout{.tv_sec = 10, .tv_usec = 0};
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof timeout);
  }
  ~RawClient() { close(fd_); }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  [[nodiscard]] bool is_connected() const { return connected_; }
  bool say(std::string_view text) { return send(fd_, text.data(), text.size(), MSG_NOSIGNAL) > 0; }
  // Everything until the other side closes.
  std::string hear() {
    std::string out;
    std::array<char, 4096> buffer{};
    for (;;) {
      const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
      if (got <= 0) return out;
      out.append(buffer.data(), static_cast<std::size_t>(got));
    }
  }

 private:
  int fd_;
  bool connected_ = false;
};

// ---- Tokens ----------------------------------------------------------------------------------

TEST(Jwt, AcceptsItsOwn) {
  EXPECT_EQ(verify_token(sign_token(jane, secret, 100, 10), secret, 109), jane);
  EXPECT_EQ(user_of_header("bEaReR " + sign_token(jane, secret, 100, 10), secret, 100), jane);
}

TEST(Jwt, AgreesWithAnIndependentSigner) {
  // HS256 of {"alg":"HS256","typ":"JWT"}.{"sub":"1234567890","name":"John Doe","iat":1516239022},
  // the token that jwt.io shows: a right signature, but no expiry.
  const std::string token =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
      "eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5"
      "MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";
  EXPECT_FALSE(verify_token(token, "your-256-bit-secret", 0));
  const std::string own = sign_token("1234567890", "your-256-bit-secret", 1516239022, 1);
  EXPECT_EQ(own.substr(0, 36), token.substr(0, 36));
}

TEST(Jwt, RefusesEverythingElse) {
  const std::string good = sign_token(jane, secret, 100, 10);
  const std::size_t last = good.rfind('.');
  EXPECT_FALSE(verify_token(good, secret, 110)) << "expired";
  EXPECT_FALSE(verify_token(good, "another secret", 100));
  EXPECT_FALSE(verify_token(good.substr(0, last + 1), secret, 100)) << "no signature";
  EXPECT_FALSE(verify_token(good.substr(0, last), secret, 100));
  EXPECT_FALSE(verify_token("", secret, 100));
  EXPECT_FALSE(verify_token("...", secret, 100));
  EXPECT_FALSE(verify_token(good + "=", secret, 100));
  std::string changed = good;
  changed[good.find('.') + 3] ^= 1;
  EXPECT_FALSE(verify_token(changed, secret, 100));
  EXPECT_FALSE(user_of_header(good, secret, 100)) << "no scheme";
  EXPECT_FALSE(user_of_header("Basic " + good, secret, 100));
  // {"alg":"none"} and no signature
  EXPECT_FALSE(
      verify_token("eyJhbGciOiJub25lIn0." + good.substr(good.find('.') + 1, last - good.find('.')),
                   secret, 100));
}

TEST_F(ServerTest, BadTokensAre403WithAnEmptyBody) {
  const std::string good = token(jane);
  const std::string unknown = sign_token("did:privy:nobody", secret, now_s_, 3600);
  const std::vector<httplib::Headers> cases = {
      {},
      {{"Authorization", "Bearer garbage"}},
      {{"Authorization", "Bearer "}},
      {{"Authorization", good}},
      {{"Access-Token", good}},
      {{"Authorization", "Bearer " + sign_token(jane, "wrong", now_s_, 3600)}},
      {{"Authorization", "Bearer " + sign_token(jane, secret, now_s_ - 3601, 3600)}},
      {{"Authorization", "Bearer eyJhbGciOiJub25lIn0" +
                             good.substr(good.find('.'), good.rfind('.') - good.find('.')) + "."}},
      {{"Authorization", "Bearer " + unknown}},
  };
  for (const httplib::Headers& headers : cases) {
    for (const std::string& path :
         {first_step("claim"), first_step("start"), first_step("complete")}) {
      const Answer answer =
          answer_of(client().Post(path, headers, whole_answer(), "application/json"));
      EXPECT_EQ(answer.status, 403);
      EXPECT_EQ(answer.body, "");
    }
    const Answer answer = answer_of(client().Get("/workflows/workflow_abc123", headers));
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.body, "");
  }
}

TEST_F(ServerTest, ImproverEndpointsNeedTheRole) {
  for (const char* user : {voter, proposer, supervisor}) {
    const Answer answer = post(first_step("claim"), user);
    EXPECT_EQ(answer.status, 403);
    EXPECT_EQ(answer.body, "");
    EXPECT_EQ(get("/workflows/workflow_abc123", user).status, 200);
  }
  const Answer by_admin = post(first_step("claim"), admin);
  EXPECT_EQ(by_admin.status, 403);
  EXPECT_TRUE(contains(by_admin.body, "missing_credentials")) << "admins pass the role, no more";
  edit("UPDATE users SET is_active = 0 WHERE id = 'did:privy:improver789'");
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 403);
}

// ---- Documented statuses -----------------------------------------------------------------------

TEST_F(ServerTest, GetWorkflow) {
  const Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.title, "Weekly Park Cleanup");
  EXPECT_EQ(workflow.total_bounty.to_string(), "150000000000000000000");
  ASSERT_EQ(workflow.steps.size(), 2U);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::available);
  EXPECT_EQ(workflow.steps[1].status, StepStatus::locked);
  const Answer unknown = get("/workflows/workflow_nope", jane);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_TRUE(contains(unknown.body,
                       R"({"error":"not_found","issues":[{"code":"not_found","path":"",)"
                       R"("params":{"what":"workflow"}})"));
}

TEST_F(ServerTest, WhatIsStoredIsWhatIsRead) {
  const Workflow seeded = demo_workflow(1, now_s_);
  EXPECT_EQ(write_workflow(workflow_for(admin), AmountStyle::number),
            write_workflow(seeded, AmountStyle::number));
}

TEST_F(ServerTest, ClaimReachesItsStatuses) {
  EXPECT_EQ(post(step_path("workflow_nope", "step_ghi789", "claim"), jane).status, 404);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_nope", "claim"), jane).status, 404);
  const Answer missing = post(first_step("claim"), wei);
  EXPECT_EQ(missing.status, 403);
  EXPECT_TRUE(contains(
      missing.body, R"("missing_credentials","path":"","params":{"credential":"dpw_certified"})"));
  const Answer locked = post(step_path("workflow_abc123", "step_xyz999", "claim"), jane);
  EXPECT_EQ(locked.status, 400);
  const Answer claimed = post(first_step("claim"), jane);
  EXPECT_EQ(claimed.status, 200);
  EXPECT_TRUE(contains(
      claimed.body,
      R"("assigned_improver_id":"did:privy:improver789","assigned_improver_name":"Jane Smith")"));
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available);
  EXPECT_EQ(post(first_step("claim"), jane).status, 409);
  EXPECT_EQ(post(first_step("claim"), ana).status, 409);
  edit("UPDATE workflows SET status = 'pending' WHERE id = 'workflow_demo_2'");
  EXPECT_EQ(post(step_path("workflow_demo_2", "step_collect_2", "claim"), jane).status, 400);
  edit("DELETE FROM role_credentials WHERE workflow_id = 'workflow_demo_3'");
  EXPECT_EQ(post(step_path("workflow_demo_3", "step_collect_3", "claim"), jane).status, 400);
}

TEST_F(ServerTest, StartReachesItsStatuses) {
  EXPECT_EQ(post(step_path("workflow_nope", "step_ghi789", "start"), jane).status, 404);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_nope", "start"), jane).status, 404);
  const Answer foreign = post(first_step("start"), jane);
  EXPECT_EQ(foreign.status, 403);
  EXPECT_TRUE(contains(foreign.body, R"("error":"not_assigned")"))
      << "with a body: the token was good";
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_xyz999", "start"), jane).status, 409)
      << "locked";
  EXPECT_EQ(post(first_step("start"), jane).status, 200);
  const Workflow started = workflow_for(jane);
  EXPECT_EQ(started.status, WorkflowStatus::in_progress);
  EXPECT_EQ(started.steps[0].status, StepStatus::in_progress);
  EXPECT_EQ(started.steps[0].started_at, now_s_);
  EXPECT_EQ(post(first_step("start"), jane).status, 200) << "again";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200);
  EXPECT_EQ(post(first_step("start"), jane).status, 409) << "completed";
  edit("UPDATE workflows SET status = 'paid_out'");
  EXPECT_EQ(post(first_step("start"), jane).status, 409) << "not active";
}

TEST_F(ServerTest, CompleteReachesItsStatuses) {
  EXPECT_EQ(post(step_path("workflow_nope", "step_ghi789", "complete"), jane).status, 404);
  EXPECT_EQ(post(step_path("workflow_abc123", "step_nope", "complete"), jane).status, 404);
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 403);
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  const Answer broken = post(first_step("complete"), jane, R"({"items":[)");
  EXPECT_EQ(broken.status, 400);
  EXPECT_TRUE(contains(broken.body, "body_not_decodable"));
  const Answer empty = post(first_step("complete"), jane, "{}");
  EXPECT_EQ(empty.status, 400);
  std::size_t issues = 0;
  for (std::size_t at = 0;
       (at = empty.body.find("\"item_missing\",\"path\"", at)) != std::string::npos; ++at)
    ++issues;
  EXPECT_EQ(issues, 4U) << "all at once";
  const Answer staged =
      post(first_step("complete"), jane,
           R"({"items":[{"item_id":"item_jkl012","photo_ids":["photo_x"]},)" +
               photo_answer("item_jkl013", "after.jpg", after_photo) +
               R"(,{"item_id":"item_jkl014","written_response":"x"},)"
               R"({"item_id":"item_jkl015","dropdown_value":"completed_successfully"}]})");
  EXPECT_EQ(staged.status, 400);
  EXPECT_TRUE(contains(
      staged.body,
      R"("photo_id_unknown","path":"/items/0/photo_ids",)"
      R"("params":{"item_id":"item_jkl012","photo_id":"photo_x"})"));

  const Answer done = post(first_step("complete"), jane, whole_answer());
  EXPECT_EQ(done.status, 200);
  const Workflow workflow = read_workflow(done.body).value_or(Workflow{});
  ASSERT_EQ(workflow.steps.size(), 2U);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::completed);
  EXPECT_EQ(workflow.steps[1].status, StepStatus::available);
  EXPECT_EQ(write_workflow(workflow, AmountStyle::number),
            write_workflow(workflow_for(jane), AmountStyle::number))
      << "the answer is what was stored";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 400) << "again";

  edit("DROP TABLE item_responses");
  EXPECT_EQ(post(step_path("workflow_abc123", "step_xyz999", "complete"), jane,
                 R"({"items":[{"item_id":"item_jkl017","written_response":"x"}]})")
                .status,
            500);
}

TEST_F(ServerTest, NotPossible) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  EXPECT_EQ(post(first_step("complete"), jane,
                 R"({"step_not_possible":true,"step_not_possible_details":"x"})")
                .status,
            400);
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 200);
  const std::string second = step_path("workflow_abc123", "step_xyz999", "complete");
  EXPECT_EQ(
      post(second, jane, R"({"step_not_possible":true,"step_not_possible_details":" "})").status,
      400);
  EXPECT_EQ(
      post(second, jane, R"({"step_not_possible":true,"step_not_possible_details":"Flooded"})")
          .status,
      200);
  const Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.status, WorkflowStatus::completed);
  ASSERT_TRUE(workflow.steps[1].submission);
  EXPECT_EQ(workflow.steps[1].submission->step_not_possible_details, "Flooded");
}

// The workflow that the documents' examples speak of: one step with one photo item.
TEST_F(ServerTest, TheDocumentsCurlExamples) {
  edit(
      "DELETE FROM work_items WHERE id IN ('item_jkl013', 'item_jkl014', 'item_jkl015', "
      "'item_jkl016')");
  RawClient claim{server_->port()};  // curl -X POST without -d: no body and no Content-Length
  claim.say("POST " + first_step("claim") +
            " HTTP/1.1\r\nHost: api.sfluv.com\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
            "Connection: close\r\nAuthorization: Bearer " +
            token(jane) + "\r\n\r\n");
  EXPECT_TRUE(claim.hear().starts_with("HTTP/1.1 200 "));
  RawClient start{server_->port()};
  start.say("POST " + first_step("start") +
            " HTTP/1.1\r\nHost: api.sfluv.com\r\nConnection: close\r\nAuthorization: Bearer " +
            token(jane) + "\r\n\r\n");
  EXPECT_TRUE(start.hear().starts_with("HTTP/1.1 200 "));

  const std::string head = R"({
    "step_not_possible": false,
    "items": [ {
        "item_id": "item_jkl012",
        "photo_uploads": [ {
            "file_name": "before.jpg",
            "content_type": "image/jpeg",
            "data_base64": "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk)";
  const std::string tail = R"("
        } ],
        "written_response": "Area thoroughly cleaned",
        "dropdown_value": "completed_successfully"
    } ] })";
  const Answer dots = post(first_step("complete"), jane, head + "..." + tail);
  EXPECT_EQ(dots.status, 400);
  EXPECT_TRUE(contains(dots.body, "photo_bad_base64"));
  EXPECT_EQ(post(first_step("complete"), jane, head + tail).status, 200);
  const Workflow workflow = workflow_for(jane);
  ASSERT_TRUE(workflow.steps[0].submission);
  const ItemResponse& response = workflow.steps[0].submission->item_responses.at(0);
  EXPECT_EQ(response.dropdown_value, "completed_successfully");
  EXPECT_EQ(response.photos.at(0).content_type, "image/jpeg");
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
}

TEST_F(ServerTest, UnknownPathsAndMethods) {
  EXPECT_EQ(get("/", jane).status, 404);
  EXPECT_EQ(get("/workflows", jane).status, 404);
  EXPECT_EQ(get("/workflows/a/b", jane).status, 404);
  EXPECT_EQ(get("/workflows/" + std::string(1100, 'a'), jane).status, 414);
  EXPECT_EQ(get("/workflows/a%0Ab%00", jane).status, 404);
  EXPECT_EQ(post("/improvers/workflows/a/steps/b/payout", jane).status, 404);
  EXPECT_EQ(get("/seed", jane).status, 404) << "control is elsewhere";
  const Answer wrong = get(first_step("claim"), jane);
  EXPECT_EQ(wrong.status, 405);
  EXPECT_EQ(wrong.headers.find("Allow")->second, "POST");
  EXPECT_EQ(post("/workflows/workflow_abc123", jane).status, 405);
  EXPECT_EQ(answer_of(client().Delete("/workflows/workflow_abc123")).status, 405);
}

// ---- Photos and visibility ---------------------------------------------------------------------

TEST_F(ServerTest, PhotosComeBackAsTheyWere) {
  complete_first_step();
  const Workflow workflow = workflow_for(jane);
  ASSERT_TRUE(workflow.steps[0].submission);
  const auto& responses = workflow.steps[0].submission->item_responses;
  ASSERT_EQ(responses.size(), 4U);
  const SubmissionPhoto& photo = responses[0].photos.at(0);
  EXPECT_EQ(photo.file_name, "before.jpg");
  EXPECT_EQ(photo.size_bytes, 50'000);
  const Answer answer = get("/workflow-photos/" + photo.id, jane);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, std::string(before_photo.begin(), before_photo.end()));
  EXPECT_EQ(answer.headers.find("Content-Type")->second, "image/jpeg");
  EXPECT_EQ(answer.headers.find("X-Content-Type-Options")->second, "nosniff");
  const Answer second = get("/workflow-photos/" + responses[1].photo_ids.at(0), supervisor);
  EXPECT_EQ(second.body, std::string(after_photo.begin(), after_photo.end()));
  for (const char* user : {ana, proposer, voter}) {
    EXPECT_EQ(get("/workflow-photos/" + photo.id, user).status, 403);
  }
  EXPECT_EQ(get("/workflow-photos/photo_nope", jane).status, 404);

  const std::string record = control("/record?workflow=workflow_abc123").body;
  EXPECT_TRUE(contains(
      record,
      R"("file_name":"before.jpg","content_type":"image/jpeg","size_bytes":50000,"sha256":")" +
          hex(sha256(before_photo)) + '"'));
}

TEST_F(ServerTest, AHostileContentTypeCannotWriteHeaders) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  std::string body = whole_answer();
  body.replace(body.find("image/jpeg"), 10, "image/x\\r\\nSet-Cookie: a=b");
  EXPECT_EQ(post(first_step("complete"), jane, body).status, 200);
  const std::string id = workflow_for(jane)
                             .steps[0]
                             .submission.value_or(Submission{})
                             .item_responses.at(0)
                             .photo_ids.at(0);
  const Answer answer = get("/workflow-photos/" + id, jane);
  EXPECT_EQ(answer.status, 200);
  EXPECT_FALSE(answer.headers.contains("Set-Cookie"));
  EXPECT_EQ(answer.headers.find("Content-Type")->second, "application/octet-stream");
}

TEST_F(ServerTest, SubmissionsAndAddressesAreForTheRightEyes) {
  complete_first_step();
  for (const char* user : {jane, supervisor, admin})
    EXPECT_TRUE(workflow_for(user).steps[0].submission) << user;
  for (const char* user : {ana, proposer, voter})
    EXPECT_FALSE(workflow_for(user).steps[0].submission) << user;
  for (const char* user : {proposer, supervisor, admin}) {
    EXPECT_TRUE(contains(get("/workflows/workflow_abc123", user).body, "supervisor@example.org"))
        << user;
  }
  for (const char* user : {jane, ana, voter}) {
    const std::string body = get("/workflows/workflow_abc123", user).body;
    EXPECT_FALSE(contains(body, "supervisor@example.org")) << user;
    EXPECT_TRUE(contains(body, R"("notify_email_count":1)")) << user;
  }
}

// ---- Sizes and odd requests --------------------------------------------------------------------

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

// ---- Pages of another origin -------------------------------------------------------------------

TEST_F(ServerTest, Cors) {
  const httplib::Headers ask = {{"Origin", origin},
                                {"Access-Control-Request-Method", "POST"},
                                {"Access-Control-Request-Headers", "authorization,content-type"}};
  const Answer preflight = answer_of(client().Options(first_step("complete"), ask));
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(preflight.headers.find("Access-Control-Allow-Origin")->second, origin);
  EXPECT_EQ(preflight.headers.find("Access-Control-Allow-Headers")->second,
            "Authorization, Content-Type");
  EXPECT_EQ(preflight.headers.find("Access-Control-Max-Age")->second, "600");
  EXPECT_EQ(preflight.headers.find("Vary")->second, "Origin");
  const Answer refused =
      answer_of(client().Get("/workflows/workflow_abc123", {{"Origin", origin}}));
  EXPECT_EQ(refused.status, 403);
  EXPECT_TRUE(refused.headers.contains("Access-Control-Allow-Origin"))
      << "or the page could not see the 403";
  const Answer foreign =
      answer_of(client().Options(first_step("complete"), {{"Origin", "http://evil.example"}}));
  EXPECT_FALSE(foreign.headers.contains("Access-Control-Allow-Origin"));
  EXPECT_EQ(foreign.headers.find("Vary")->second, "Origin");
}

// ---- Faults ------------------------------------------------------------------------------------

TEST_F(ServerTest, CommitThenDropLeavesExactlyOneSubmission) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  EXPECT_EQ(
      control("/fault", R"({"mode":"commit_then_drop","times":1,"path_contains":"/complete"})")
          .status,
      200);
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available)
      << "another path is not meant";
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 0) << "no answer";
  const Workflow workflow = workflow_for(jane);
  EXPECT_EQ(workflow.steps[0].status, StepStatus::completed);
  ASSERT_TRUE(workflow.steps[0].submission);
  EXPECT_EQ(workflow.steps[0].submission->improver_id, jane);
  EXPECT_EQ(post(first_step("complete"), jane, whole_answer()).status, 400) << "a blind second try";
  const std::string requests = control("/requests").body;
  EXPECT_TRUE(contains(requests, R"("submissions":1)"));
  EXPECT_TRUE(contains(
      requests, R"({"method":"POST","path":")" + first_step("complete") + R"(","count":2})"));
}

TEST_F(ServerTest, DropGivesNotOneByte) {
  EXPECT_EQ(control("/fault", R"({"mode":"commit_then_drop"})").status, 200);
  RawClient raw{server_->port()};
  raw.say("GET /workflows/workflow_abc123 HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(raw.hear(), "");
}

TEST_F(ServerTest, OtherFaults) {
  EXPECT_EQ(control("/fault", R"({"mode":"nonsense"})").status, 400);
  EXPECT_EQ(control("/fault", "[").status, 400);
  EXPECT_EQ(control("/fault", R"({"mode":"commit_then_500","times":1})").status, 200);
  const Answer lie = post(first_step("claim"), jane);
  EXPECT_EQ(lie.status, 500);
  EXPECT_EQ(lie.body, "");
  EXPECT_EQ(workflow_for(jane).steps[0].assigned_improver_id, jane);
  for (const char* mode : {"empty_200", "html_200"}) {
    EXPECT_EQ(control("/fault", R"({"times":1,"mode":")" + std::string{mode} + "\"}").status, 200);
    const Answer portal = post(first_step("complete"), jane, whole_answer());
    EXPECT_EQ(portal.status, 200);
    EXPECT_EQ(portal.body.empty(), std::string_view{mode} == "empty_200");
  }
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available) << "nothing was done";
  EXPECT_EQ(control("/fault", R"({"mode":"delay","ms":300,"times":1})").status, 200);
  const auto begin = Clock::now();
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
  EXPECT_GE(Clock::now() - begin, std::chrono::milliseconds{300});
}

TEST_F(ServerTest, RefuseReallyRefusesAndComesBackOnTheSamePort) {
  httplib::Client kept = client();
  kept.set_keep_alive(true);
  EXPECT_TRUE(kept.Get("/nope"));
  for (int round = 0; round < 5; ++round) {
    EXPECT_EQ(control("/fault", R"({"mode":"refuse"})").status, 200);
    EXPECT_FALSE(RawClient{server_->port()}.is_connected());
    EXPECT_FALSE(kept.Get("/nope")) << "an open connection ends too";
    EXPECT_EQ(control("/fault", R"({"mode":"none"})").status, 200);
    EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
  }
}

TEST_F(ServerTest, ControlIsNotForPagesAndOnlyThereWhenAskedFor) {
  httplib::Client page{"127.0.0.1", *server_->control_port()};
  EXPECT_EQ(answer_of(page.Post("/reset", {{"Origin", origin}}, "{}", "text/plain")).status, 403);
  EXPECT_EQ(control("/reset", "{}").status, 200);
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 403) << "no users any more";
  EXPECT_EQ(control("/seed", "").status, 200);
  EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200);
  EXPECT_EQ(get("/workflows/workflow_demo_2", jane).status, 404);
  options_.control_port.reset();
  start();
  EXPECT_FALSE(server_->control_port());
}

// ---- Time, restarts, races ---------------------------------------------------------------------

TEST_F(ServerTest, StepOneOpensWhenItsTimeHasCome) {
  edit("UPDATE steps SET status = 'locked'; UPDATE workflows SET start_at = 1710500100");
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::locked);
  EXPECT_EQ(post(first_step("claim"), jane).status, 400);
  now_s_ = 1'710'500'100;
  EXPECT_EQ(workflow_for(jane).steps[0].status, StepStatus::available);
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
}

TEST_F(ServerTest, WhatBecameDueIsStoredByWhoeverLooks) {
  edit("UPDATE steps SET status = 'locked'");
  const std::string stored = control("/record?workflow=workflow_abc123").body;
  EXPECT_TRUE(contains(stored, R"("status":"locked")"));
  const std::string seen = get("/workflows/workflow_abc123", admin).body;
  EXPECT_TRUE(contains(control("/record?workflow=workflow_abc123").body, seen));
}

// The documents' "Weekly Park Cleanup" goes on: the next one waits for the payout, is made of the
// definition, and belongs to the one who claimed the first.
TEST_F(ServerTest, ACompletedOccurrenceIsFollowedByTheNext) {
  complete_first_step();
  const Answer done = post(step_path("workflow_abc123", "step_xyz999", "complete"), jane,
                           R"({"items":[{"item_id":"item_jkl017","written_response":"x"}]})");
  ASSERT_EQ(done.status, 200);
  Database database{options_.database_path};
  const auto series = find_series_of(database, "workflow_abc123");
  ASSERT_TRUE(series);
  EXPECT_EQ(series->claims.size(), 2U);
  ASSERT_EQ(series->occurrences.size(), 2U);
  const Workflow next = workflow_for(admin, series->occurrences[1].id);
  EXPECT_EQ(next.start_at, demo_workflow(1, now_s_).start_at + 7 * 86'400);
  EXPECT_EQ(next.status, WorkflowStatus::blocked);
  EXPECT_EQ(next.blocked_by_workflow_id, "workflow_abc123");
  ASSERT_EQ(next.steps.size(), 2U);
  EXPECT_EQ(next.steps[0].assigned_improver_id, jane);
  EXPECT_EQ(next.steps[0].assigned_improver_name, "Jane Smith");
  ASSERT_EQ(next.steps[0].work_items.size(), 5U);
  EXPECT_EQ(next.steps[0].work_items[3].dropdown_options.at(1).notify_emails.size(), 1U);
  EXPECT_EQ(post(step_path(next.id, next.steps[0].id, "start"), jane).status, 409) << "blocked";
  EXPECT_EQ(post(step_path(next.id, "step_ghi789", "start"), jane).status, 409)
      << "a step of the one before";
  EXPECT_EQ(workflow_for(jane, "workflow_demo_2").steps[0].assigned_improver_id, std::nullopt)
      << "another series";

  edit("UPDATE workflows SET status = 'paid_out' WHERE id = 'workflow_abc123'");
  now_s_ = next.start_at;
  const Workflow open = workflow_for(jane, next.id);
  EXPECT_EQ(open.status, WorkflowStatus::approved);
  EXPECT_EQ(open.steps[0].status, StepStatus::available);
  EXPECT_EQ(post(step_path(next.id, next.steps[0].id, "start"), jane).status, 200);
}

TEST_F(ServerTest, TheLiveProfileSkipsWhatNobodyDid) {
  options_.profile = live_profile();
  start();
  now_s_ += 15 * 86'400;
  edit("UPDATE workflows SET supervisor_user_id = NULL");
  EXPECT_EQ(workflow_for(jane).status, WorkflowStatus::skipped);
  Database database{options_.database_path};
  const auto series = find_series_of(database, "workflow_abc123");
  ASSERT_TRUE(series);
  ASSERT_EQ(series->occurrences.size(), 3U);
  const Workflow& current = series->occurrences.back();
  EXPECT_EQ(current.status, WorkflowStatus::approved);
  const std::string third = step_path(current.id, current.steps.at(0).id, "claim");
  EXPECT_EQ(post(third, jane).status, 200);
}

TEST_F(ServerTest, ARestartKeepsEverything) {
  complete_first_step();
  const std::string before = get("/workflows/workflow_abc123", admin).body;
  const std::string record = control("/record?workflow=workflow_abc123").body;
  const int port = server_->port();
  server_->stop();
  EXPECT_EQ(get("/workflows/workflow_abc123", admin).status, 0);
  options_.port = port;
  server_.reset();
  start();
  EXPECT_EQ(server_->port(), port);
  EXPECT_EQ(get("/workflows/workflow_abc123", admin).body, before);
  EXPECT_EQ(control("/record?workflow=workflow_abc123").body, record);
  EXPECT_EQ(control("/seed", "{}").status, 200);
  EXPECT_EQ(get("/workflows/workflow_abc123", admin).body, before)
      << "seeding adds, it does not overwrite";
}

TEST_F(ServerTest, StoppingDoesNotWaitForIdleOrDelayedClients) {
  httplib::Client idle = client();
  idle.set_keep_alive(true);
  EXPECT_TRUE(idle.Get("/nope"));
  EXPECT_EQ(control("/fault", R"({"mode":"delay","ms":60000})").status, 200);
  std::thread delayed{[this] { EXPECT_EQ(get("/workflows/workflow_abc123", jane).status, 200); }};
  std::this_thread::sleep_for(std::chrono::milliseconds{200});
  const auto begin = Clock::now();
  server_->stop();
  EXPECT_LT(Clock::now() - begin, std::chrono::seconds{3});
  delayed.join();
}

TEST_F(ServerTest, TwoImproversRaceForOneStep) {
  constexpr std::int64_t rounds = 100;
  EXPECT_EQ(control("/seed", R"({"workflows":101})").status, 200);
  std::array<std::array<int, rounds>, 2> statuses{};
  std::barrier gate{2};
  const auto run = [&](std::size_t who) {
    httplib::Client own = client();
    own.set_keep_alive(true);
    const httplib::Headers headers = {{"Authorization", "Bearer " + token(who == 0 ? jane : ana)}};
    for (std::int64_t i = 0; i < rounds; ++i) {
      const std::string number = std::to_string(i + 2);
      gate.arrive_and_wait();
      const auto result =
          own.Post(step_path("workflow_demo_" + number, "step_collect_" + number, "claim"), headers,
                   "", "application/json");
      statuses[who][static_cast<std::size_t>(i)] = result ? result->status : 0;
    }
  };
  std::thread other{run, 1};
  run(0);
  other.join();
  for (std::size_t i = 0; i < rounds; ++i) {
    const auto [winner, loser] = std::minmax(statuses[0][i], statuses[1][i]);
    EXPECT_EQ(winner, 200) << i;
    EXPECT_EQ(loser, 409) << i;
  }
}

TEST_F(ServerTest, TheSameSubmissionTwiceAtOnceIsStoredOnce) {
  EXPECT_EQ(post(first_step("claim"), jane).status, 200);
  std::array<int, 4> statuses{};
  std::vector<std::thread> threads;
  for (int& status : statuses) {
    threads.emplace_back(
        [this, &status] { status = post(first_step("complete"), jane, whole_answer()).status; });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::ranges::count(statuses, 200), 1);
  EXPECT_EQ(std::ranges::count(statuses, 400), 3);
  EXPECT_TRUE(contains(control("/requests").body, R"("submissions":1)"));
}

}  // namespace
}  // namespace sfluv::server
